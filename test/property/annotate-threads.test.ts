/** One thread, two threads and a rerun give the same bytes, line by line in the order read. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makePost } from '../../bench/made-posts.ts';
import { type AnnotatedLine, annotateInThreads, type LineTask } from '../../src/annotators/annotate-threads.ts';
import { annotateLine, loadAnnotator } from '../../src/annotators/list.ts';

const POSTS = 5_000;

/** Every hundredth line is one that is refused, in turn by the reader and by the annotator. */
async function* makeTasks(): AsyncGenerator<LineTask> {
  for (let index = 0; index < POSTS; index += 1) {
    if (index % 200 === 100) yield { refused: { id: null, error: { code: 'bad_json', message: `line ${index}` } } };
    else if (index % 200 === 0) yield { value: [index] };
    else yield { value: makePost(index) };
  }
}

async function* annotateHere(): AsyncGenerator<AnnotatedLine> {
  const annotator = await loadAnnotator();
  for await (const task of makeTasks()) {
    const result = 'refused' in task ? task.refused : await annotateLine(task.value, annotator);
    yield { text: JSON.stringify(result), bad: 'error' in result };
  }
}

async function digestOf(lines: AsyncIterable<AnnotatedLine>): Promise<{ readonly sha256: string; readonly lines: number; readonly bad: number }> {
  const hash = createHash('sha256');
  const tally = { lines: 0, bad: 0 };
  for await (const { text, bad } of lines) {
    hash.update(`${text}\n`);
    tally.lines += 1;
    if (bad) tally.bad += 1;
  }
  return { sha256: hash.digest('hex'), ...tally };
}

describe('annotating in threads', () => {
  it('gives the bytes of one thread, and again', async () => {
    const here = await digestOf(annotateHere());
    expect(here).toMatchObject({ lines: POSTS, bad: POSTS / 100 });
    expect(await digestOf(annotateInThreads(makeTasks(), 2))).toEqual(here);
    expect(await digestOf(annotateInThreads(makeTasks(), 2))).toEqual(here);
  }, 600_000);
  it('reads no further ahead than its threads are busy with', async () => {
    let read = 0;
    const counted = (async function* () {
      for await (const task of makeTasks()) {
        read += 1;
        yield task;
      }
    })();
    const lines = annotateInThreads(counted, 2);
    await lines.next();
    expect(read).toBeLessThan(1_000);
    await lines.return(undefined);
  }, 60_000);
});
