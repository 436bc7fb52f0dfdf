/** Worker thread of annotate-threads.ts: a batch of lines in, the lines to write out. The annotator is loaded once. */
import { parentPort } from 'node:worker_threads';
import type { AnnotatedLine, LineTask } from './annotate-threads.ts';
import { annotateLine, loadAnnotator } from './list.ts';

const loaded = loadAnnotator();

/** One batch after the other: answers are told apart by their order alone. */
let answered = loaded.then(() => undefined);

parentPort?.on('message', (tasks: readonly string[]) => {
  answered = answered.then(() => annotateBatch(tasks));
});

async function annotateBatch(tasks: readonly string[]): Promise<undefined> {
  const annotator = await loaded;
  const lines: AnnotatedLine[] = [];
  for (const text of tasks) {
    const task = JSON.parse(text) as LineTask;
    const result = 'refused' in task ? task.refused : await annotateLine(task.value, annotator);
    lines.push({ text: JSON.stringify(result), bad: 'error' in result });
  }
  parentPort?.postMessage(lines);
}
