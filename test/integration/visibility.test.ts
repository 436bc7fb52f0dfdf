/** Withholding and restoring by hand, beside what the sweep does: neither undoes the other. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import type { PublishedCounts } from '../../src/model/counts.ts';
import { createEdge, type TestEdge } from './edge.ts';

const POST = { id: 't3_hidden', platform: 'reddit', text: 'I took Semax for three weeks and my focus got much better. No headaches at all, hideme.' };

let edge: TestEdge;
let dir: string;
beforeEach(async () => {
  edge = await createEdge();
  dir = await mkdtemp(path.join(tmpdir(), 'hearsay-visibility-'));
  await importPost(POST);
});
afterEach(async () => {
  await edge.close();
  await rm(dir, { recursive: true, force: true });
});

async function run(...argv: string[]): Promise<{ code: number; out: string; talk: string }> {
  const { out, talk } = edge.written;
  const code = await runCli(argv, edge);
  return { code, out: edge.written.out.slice(out.length), talk: edge.written.talk.slice(talk.length) };
}

async function importPost(post: object): Promise<void> {
  const file = path.join(dir, 'post.ndjson');
  await writeFile(file, `${JSON.stringify(post)}\n`);
  expect(await run('import', file, '--format', 'ndjson', '--topic', 'semax')).toMatchObject({ code: 0 });
}

async function counts(): Promise<PublishedCounts> {
  return JSON.parse((await run('counts', 'semax', '--json')).out) as PublishedCounts;
}

async function observe(observed: string): Promise<void> {
  const client = new pg.Client(edge.databaseUrl);
  await client.connect();
  await client.query('UPDATE hearsay.post SET observed = $1', [observed]);
  await client.end();
}

describe('withhold and restore', () => {
  it('hide a post and show it again, without a hole in the chain', async () => {
    expect((await counts()).posts).toBe(1);
    const dry = await run('withhold', 'reddit', POST.id, '--reason', 'legal_request', '--dry-run');
    expect([dry.code, dry.out]).toEqual([0, expect.stringContaining('would withhold source entry 1 of semax')]);
    expect((await counts()).posts).toBe(1);

    expect(await run('withhold', 'reddit', POST.id, '--reason', 'legal_request')).toMatchObject({
      code: 0,
      talk: expect.stringContaining('withheld in semax'),
    });
    expect(await counts()).toMatchObject({ posts: 0, set_aside: { withheld: 1 } });
    expect(await run('withhold', 'reddit', POST.id, '--reason', 'legal_request')).toMatchObject({ code: 0, talk: expect.stringContaining('already') });
    expect((await run('ledger', 'export', 'semax', '--out', '-')).out).not.toContain('hideme');

    expect(await run('restore', 'reddit', POST.id, '--reason', 'appeal')).toMatchObject({ code: 0, talk: expect.stringContaining('restored in semax') });
    expect((await counts()).posts).toBe(1);
    expect((await run('ledger', 'verify', 'semax')).out).toContain('OK');
  });

  it('keep an edit of a withheld post hidden until it is restored', async () => {
    await run('withhold', 'reddit', POST.id, '--reason', 'legal_request');
    await importPost({ ...POST, text: `${POST.text} Edited since, and my memory is better too.` });
    expect(await counts()).toMatchObject({ posts: 0, set_aside: { withheld: 1 } });
    await run('restore', 'reddit', POST.id, '--reason', 'appeal');
    expect(await counts()).toMatchObject({ posts: 1, set_aside: { superseded: 1 } });
    expect((await run('ledger', 'export', 'semax', '--out', '-', '--with-content')).out).toContain('Edited since');
  });

  it('do not let a platform show what a person withheld, nor a person what a platform removed', async () => {
    await run('withhold', 'reddit', POST.id, '--reason', 'legal_request');
    const other = { id: 't3_other', platform: 'reddit', text: 'Semax did nothing for me, I took it for two months and felt no difference.' };
    // Gone from its platform and back again while withheld by hand.
    for (const observed of ['removed', 'live']) {
      await observe(observed);
      await importPost({ ...other, id: `t3_other_${observed}` });
    }
    expect(await counts()).toMatchObject({ set_aside: { withheld: 1 } });
    expect(await run('restore', 'reddit', POST.id, '--reason', 'appeal')).toMatchObject({ code: 0 });

    await observe('removed');
    await importPost({ ...other, id: 't3_other_again' });
    const refused = await run('restore', 'reddit', POST.id, '--reason', 'appeal');
    expect([refused.code, refused.talk]).toEqual([1, expect.stringContaining('(still_removed)')]);
  });

  it.each([
    [['withhold', 'reddit', 't3_nonsuch', '--reason', 'legal_request'], 1, 'unknown_post'],
    [['withhold', 'redit', POST.id, '--reason', 'legal_request'], 2, 'bad_platform'],
    [['withhold', 'reddit', POST.id, '--reason', 'Because!'], 2, 'bad_reason'],
    [['restore', 'reddit', POST.id, '--reason', 'back_on_platform'], 2, 'bad_reason'],
  ])('say what is wrong with %j', async (argv, code, name) => {
    const result = await run(...argv);
    expect([result.code, result.talk]).toEqual([code, expect.stringContaining(`(${name})`)]);
  });
});
