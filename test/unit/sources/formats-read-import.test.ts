/** The recorded threads of ../shared are read where they are present; the rest runs from a bare clone. */
import { createReadStream, existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ndjson } from '../../../src/sources/formats/ndjson.ts';
import { readImport } from '../../../src/sources/formats/read-import.ts';
import { collect } from '../../collect.ts';

it('every line comes out once, as a post or a refusal that names it', async () => {
  async function* bytes() {
    yield Buffer.from('{"id":"a","platform":"paste","text":"x"}\nnonsense\n{"platform":"paste","text":"x"}\n{"id":"b","platform":"paste"}\n');
  }
  const items = await collect(readImport(bytes(), ndjson));
  expect(items.map((item) => ('post' in item ? item.post.nativeId : [item.refusal.code, item.refusal.item]))).toEqual([
    'a',
    ['bad_json', 'line 2'],
    ['missing_id', 'line 3'],
    ['missing_text', 'b'],
  ]);
});

const recorded = path.resolve('..', 'shared', 'data', 'reddit', 'threads.ndjson');
it.skipIf(!existsSync(recorded))('reads 13,210 recorded Reddit items (needs ../shared)', async () => {
  let posts = 0;
  let gone = 0;
  for await (const item of readImport(createReadStream(recorded), ndjson)) {
    if ('refusal' in item) throw new Error(`${item.line}: ${item.refusal.code}`);
    posts += 1;
    if (item.post.absence !== undefined) gone += 1;
    expect(item.post.createdAt).toBeUndefined();
  }
  expect(posts).toBe(13_210);
  expect(gone).toBeGreaterThan(50);
});
