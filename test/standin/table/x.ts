/** Every answer of tweepy's recordings through the X source, as the page of a search; an answer of one object as a list of one. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { xQuerySchema } from '../../../src/sources/x/query.ts';
import { xSource } from '../../../src/sources/x.ts';
import { readXExchanges } from '../recordings-x.ts';
import { json, openDesk } from './ask-source.ts';
import { countXItems } from './count-items.ts';
import { type CountedAnswer, type Row, rowOf, tallyPages } from './row.ts';

const FOLDER = 'tweepy_cassettes';
const QUERY = xQuerySchema.parse({ search: 'recorded' });
/** The two recordings of the interface before this one. */
const oldSchema = z.object({
  interactions: z.array(z.object({ response: z.object({ status: z.object({ code: z.number() }), body: z.object({ string: z.string() }) }) })),
});

interface Recorded {
  readonly file: string;
  readonly status: number;
  readonly body: Buffer;
}

async function readOld(dir: string): Promise<readonly Recorded[]> {
  const files = (await readdir(path.join(dir, FOLDER))).filter((name) => name.endsWith('.json')).sort();
  const read = files.map(async (file) => {
    const { interactions } = oldSchema.parse(JSON.parse(await readFile(path.join(dir, FOLDER, file), 'utf8')));
    return interactions.map(({ response }) => ({ file, status: response.status.code, body: Buffer.from(response.body.string) }));
  });
  return (await Promise.all(read)).flat();
}

export async function xRows(dir: string): Promise<readonly Row[]> {
  const recorded = [...(await readXExchanges(dir)).map(({ file, answer }) => ({ file, status: answer.status, body: answer.body })), ...(await readOld(dir))];
  const desk = await openDesk('api.x.com');
  try {
    const answers = new Map<string, CountedAnswer[]>();
    for (const { file, status, body } of recorded) {
      const counted = answers.get(file) ?? [];
      answers.set(file, counted);
      desk.answerWith((request) =>
        request.path.includes('next_token=') ? json({ meta: { result_count: 0 } }) : { ...json(undefined, status), body: asList(body) },
      );
      counted.push({ tally: await tallyPages(xSource.crawl({ query: QUERY, cursor: {} }, desk.context)), expected: countXItems(body) });
    }
    return [...answers].map(([file, counted]) => rowOf(`${FOLDER}/${file}`, 'x', counted));
  } finally {
    await desk.close();
  }
}

function asList(body: Buffer): Buffer {
  const answer = JSON.parse(body.toString('utf8')) as { readonly data?: unknown };
  return typeof answer.data === 'object' && answer.data !== null && !Array.isArray(answer.data)
    ? Buffer.from(JSON.stringify({ ...answer, data: [answer.data] }))
    : body;
}
