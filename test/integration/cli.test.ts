/** The commands on a ledger of imported posts: what they print, what they change, and their exit codes (docs/cli.md). */
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { runCli } from '../../src/cli/run.ts';
import type { PublishedCounts } from '../../src/model/counts.ts';
import { CREDENTIAL_NAMES, sources } from '../../src/sources/list.ts';
import { createEdge, type TestEdge } from './edge.ts';
import { tamper } from './tamper.ts';

let edge: TestEdge;
let folder: string;

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly talk: string;
}

async function runOn(target: TestEdge, ...argv: string[]): Promise<Ran> {
  const { out, talk } = { ...target.written };
  const code = await runCli(argv, target);
  return { code, out: target.written.out.slice(out.length), talk: target.written.talk.slice(talk.length) };
}
const run = (...argv: string[]): Promise<Ran> => runOn(edge, ...argv);
const linesOf = <T>(ran: Ran): T[] =>
  ran.out
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as T);

async function counts(): Promise<PublishedCounts> {
  return JSON.parse((await run('counts', 'semax', '--json')).out) as PublishedCounts;
}

/** What a decision may move: everything but the head. */
async function numbers(): Promise<Omit<PublishedCounts, 'head'>> {
  const { head: _head, ...rest } = await counts();
  return rest;
}

async function write(name: string, content: string | Buffer): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}

const OUTCOMES = [
  'my focus improved a lot',
  'my anxiety got worse',
  'it did nothing at all for me',
  'my memory is much better',
  'I sleep worse',
  'the brain fog is gone',
];
const POSTS = Array.from({ length: 36 }, (_, at) => ({
  id: `t3_cli${at}x`,
  platform: 'reddit',
  title: `Semax log ${at}`,
  // Those in another language are for a person to decide, whatever the models think of them.
  text:
    at % 3 === 0
      ? `Ich nehme Semax jetzt seit ${at + 2} Wochen und kann mich morgens ${at % 2 ? 'viel besser' : 'etwas schlechter'} konzentrieren als früher, Bericht ${at}.`
      : `I took Semax nasal spray for ${at + 2} weeks and ${OUTCOMES[at % 6]}. That was report number ${at}, made up for a test.`,
  created_at: `2026-0${1 + (at % 9)}-11T08:00:00Z`,
  author: `made_up_${at}`,
  thread: `t3_cli${at - (at % 4)}x`,
}));

beforeAll(async () => {
  edge = await createEdge();
  folder = await mkdtemp(path.join(tmpdir(), 'hearsay-cli-'));
  const file = await write('posts.ndjson', POSTS.map((post) => JSON.stringify(post)).join('\n'));
  const imported = await run('import', file, '--format', 'ndjson', '--topic', 'semax');
  expect([imported.code, imported.out], imported.talk).toEqual([0, expect.stringContaining('items read      36\nnew posts       36\n')]);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await edge.close();
});

describe('help and usage', () => {
  it.each(['--help', 'review --help', 'review decide --help', 'help import', '--version'])('%s exits with 0', async (line) => {
    const { code, out, talk } = await run(...line.split(' ').filter((word) => word !== ''));
    expect([code, talk]).toEqual([0, '']);
    expect(out).not.toBe('');
  });

  it.each([
    '',
    'nonsuch',
    '--nonsuch',
    'review',
    'ledger',
    'import',
    'import file',
    'import file --format excel --topic semax',
    'annotate',
    'extract --html page.html',
    'extract --html page.html --url nonsense',
    'erase reddit',
    'erase reddit t3_x',
    'erase reddit t3_x --reason spite',
    'erase redit t3_x --reason request',
    'review list semax --limit many',
    'review show semax first',
    'review decide semax 1 maybe --reviewer kim',
    'review decide semax 1 accept',
    'review decide semax -1 accept --reviewer kim',
    'review decide semax 1 accept --reviewer kim --role boss',
    'review decide semax 1 accept --reviewer kim --expects none',
    'review decide semax 1 amend --reviewer kim --set direction',
    'counts semax --list claims.nonsuch',
    'ledger export semax',
    'ledger verify semax --key nonsense',
  ])('a mistake exits with 2 and says which: %s', async (line) => {
    const { code, out, talk } = await run(...line.split(' ').filter((word) => word !== ''));
    expect([code, out], talk).toEqual([2, '']);
    expect(talk).not.toBe('');
    expect(talk).not.toMatch(/\n\s+at /);
  });

  it.each([
    'counts nonsuch',
    'counts ../semax',
    'recount nonsuch',
    'review list nonsuch',
    'review show nonsuch 1',
    'review undo nonsuch 1 --reviewer kim',
    'crawl nonsuch',
    'ledger export nonsuch --out -',
    'ledger verify nonsuch',
    'topic adopt nonsuch',
  ])('a topic that is not there exits with 1: %s', async (line) => {
    const { code, out, talk } = await run(...line.split(' ').filter((word) => word !== ''));
    expect([code, out]).toEqual([1, '']);
    expect(talk).toMatch(/^hearsay: there is no topic (nonsuch|\.\.\/semax)(?:; known: [\w, -]*semax[\w, -]*)? \(unknown_topic\)\n$/);
  });
});

describe('docs/cli.md', () => {
  /** Path of every command that does something -> its flags, as `--help` tells. */
  async function listCommands(at: readonly string[] = []): Promise<Map<string, string[]>> {
    const { out } = await run(...at, '--help');
    const inner = [...(out.split('\nCommands:\n')[1] ?? '').matchAll(/^ {2}([a-z-]+)/gm)].map((match) => match[1] as string).filter((name) => name !== 'help');
    const found = new Map<string, string[]>();
    for (const name of inner) for (const [command, flags] of await listCommands([...at, name])) found.set(command, flags);
    if (inner.length > 0) return found;
    const flags = [...out.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map((match) => match[1] as string);
    return found.set(at.join(' '), flags.filter((flag) => flag !== '--help').sort());
  }

  it('names every command with every flag, and none that is not there', async () => {
    const page = await readFile(path.resolve(import.meta.dirname, '../../docs/cli.md'), 'utf8');
    const documented = [...page.matchAll(/^### `hearsay ([a-z]+(?: [a-z][a-z-]*)?)(.*)`$/gm)].map(([, command, rest]) => [
      command,
      [...(rest as string).matchAll(/--[a-z-]+/g)].map(([flag]) => flag).sort(),
    ]);
    const commands = await listCommands();
    expect(commands.size).toBeGreaterThan(20);
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(commands));
  });
});

describe('counts', () => {
  it('prints every number as text and as JSON, and lists what a number counts', async () => {
    const all = await counts();
    expect(all.sources.total).toBeGreaterThan(5);
    const { sources: kinds } = all;
    expect(kinds.scientific + kinds.commercial + kinds.reddit + kinds.x + kinds.other_anecdote + kinds.web).toBe(kinds.total);
    const text = await run('counts', 'semax');
    expect([text.code, text.talk]).toEqual([0, '']);
    expect(text.out).toContain(String(all.claims.total));
    const listed = await run('counts', 'semax', '--list', 'claims.anecdotal');
    expect(listed.out.split('\n').filter((line) => line !== '')).toHaveLength(all.claims.anecdotal);
    expect((await run('recount', 'semax')).out).toContain('counts agree');
  });
});

describe('review', () => {
  interface Item {
    readonly seq: number;
    readonly state: { readonly kind: string; readonly state: string; readonly lastDecision: number; readonly labels: Readonly<Record<string, unknown>> };
  }
  const pending = async (): Promise<Item[]> => linesOf<Item>(await run('review', 'list', 'semax', '--json', '--limit', '1000'));
  const decide = (seq: number, ...rest: string[]): Promise<Ran> =>
    run('review', 'decide', 'semax', String(seq), ...rest, '--reviewer', 'Kim Example', '--json');

  it('lists what waits, as many as asked for, and shows one with its source', async () => {
    const items = await pending();
    expect(items.length).toBeGreaterThan(2);
    for (const item of items) expect(item.state.state).toBe('pending');
    expect(linesOf(await run('review', 'list', 'semax', '--json', '--limit', '2'))).toHaveLength(2);
    const text = await run('review', 'list', 'semax');
    expect(text.out).toContain(String(items[0]?.seq));
    const shown = await run('review', 'show', 'semax', String(items[0]?.seq));
    expect([shown.code, shown.out]).toEqual([0, expect.stringContaining('state     pending because of ')]);
    expect((await run('review', 'show', 'semax', '999999')).talk).toContain('(unknown_ref)');
  });

  it('moves counts, and undo puts them back exactly', async () => {
    const before = await numbers();
    const item = (await pending()).find(({ state }) => state.kind === 'source') as Item;
    const decided = await decide(item.seq, 'accept', '--note', 'read twice');
    expect(decided.code, decided.talk).toBe(0);
    const [{ seq }] = linesOf<{ seq: number }>(decided) as [{ seq: number }];
    const after = await numbers();
    expect(after).not.toEqual(before);
    expect(after.sources.pending).toBe(before.sources.pending - 1);
    expect((await pending()).map((other) => other.seq)).not.toContain(item.seq);

    // Somebody who has not seen it decides from what they saw: refused, and nothing moves.
    const stale = await decide(item.seq, 'reject', '--expects', '-1');
    expect([stale.code, stale.out, stale.talk]).toEqual([1, '', expect.stringContaining('(stale_decision)')]);
    expect(await numbers()).toEqual(after);

    const undone = await run('review', 'undo', 'semax', String(seq), '--reviewer', 'Kim Example', '--json');
    expect(undone.code, undone.talk).toBe(0);
    expect(await numbers()).toEqual(before);
    expect((await run('review', 'undo', 'semax', String(seq), '--reviewer', 'Kim Example')).code).toBe(1);
    expect((await run('recount', 'semax')).code).toBe(0);
  });

  it('amends labels that exist on such an entry, refuses others, and counts a second opinion nowhere', async () => {
    const item = (await pending()).find(({ state }) => state.kind === 'source') as Item;
    const before = await numbers();
    const entries = (await counts()).head.size;
    for (const set of ['colour=red', 'tier=best', 'direction=worsens']) {
      const refused = await decide(item.seq, 'amend', '--set', set);
      expect([refused.code, refused.talk], set).toEqual([expect.any(Number), expect.stringMatching(/\(bad_amendment\)/)]);
      expect([1, 2]).toContain(refused.code);
    }
    expect((await decide(item.seq, 'amend')).talk).toContain('(bad_amendment)');
    expect((await counts()).head.size).toBe(entries);
    expect((await decide(item.seq, 'reject', '--role', 'second')).code).toBe(0);
    expect(await numbers()).toEqual(before);

    const amended = await decide(item.seq, 'amend', '--set', 'tier=speculative', 'sentiment=neutral');
    expect(amended.code, amended.talk).toBe(0);
    const shown = JSON.parse((await run('review', 'show', 'semax', String(item.seq), '--json')).out) as Item;
    expect(shown.state).toMatchObject({ state: 'amended', labels: { tier: 'speculative', sentiment: 'neutral' } });
  });

  it('writes the reviewer’s name nowhere into the ledger', async () => {
    const exported = await run('ledger', 'export', 'semax', '--out', '-', '--with-content');
    expect(exported.out).toContain('"type\\":\\"review');
    expect(exported.out).not.toContain('Kim Example');
  });
});

describe('ledger', () => {
  let whole: string;
  let vkey: string;

  beforeAll(async () => {
    const file = path.join(folder, 'semax.ndjson');
    const exported = await run('ledger', 'export', 'semax', '--out', file);
    expect(exported.code, exported.talk).toBe(0);
    whole = await readFile(file, 'utf8');
    vkey = (JSON.parse(whole.slice(0, whole.indexOf('\n'))) as { vkey: string }).vkey;
  });

  const verify = async (text: string | Buffer, ...rest: string[]): Promise<Ran> => run('ledger', 'verify', await write('altered.ndjson', text), ...rest);

  it('exports headers, no content that may not leave, and the same bytes to a file and to stdout', async () => {
    expect((await run('ledger', 'export', 'semax', '--out', '-')).out).toBe(whole);
    for (const { text } of POSTS) expect(whole).not.toContain(text);
    const operator = path.join(folder, 'operator.ndjson');
    expect((await run('ledger', 'export', 'semax', '--out', operator, '--with-content')).talk).toContain('for the operator only');
    expect(await readFile(operator, 'utf8')).toContain(POSTS[1]?.text);
    expect((await stat(operator)).mode & 0o077).toBe(0);
  });

  it('says why it cannot write, and leaves no file of a topic that is not there', async () => {
    await mkdir(path.join(folder, 'taken'), { recursive: true });
    for (const out of [path.join(folder, 'taken'), path.join(folder, 'no', 'place')]) {
      const { code, talk } = await run('ledger', 'export', 'semax', '--out', out);
      expect([code, talk]).toEqual([1, expect.stringMatching(/^hearsay: .+ \((?:EISDIR|ENOENT)\)\n$/)]);
    }
    expect((await run('ledger', 'export', 'nonsuch', '--out', path.join(folder, 'nonsuch'))).code).toBe(1);
    await expect(stat(path.join(folder, 'nonsuch'))).rejects.toThrow();
  });

  it('verifies an export, a topic and stdin; with a key it also knows the signer', async () => {
    const open = await verify(whole);
    expect([open.code, open.out]).toEqual([0, expect.stringContaining('signer not authenticated')]);
    expect((await verify(whole, '--key', vkey)).out).toContain('authenticated by the key given');
    expect((await run('ledger', 'verify', 'semax')).code).toBe(0);
    const piped: TestEdge = {
      ...edge,
      stdin: (async function* () {
        yield Buffer.from(whole);
      })(),
    };
    expect((await runOn(piped, 'ledger', 'verify', '-', '--json')).out).toContain('"ok":true');
  });

  it('names the place of a changed byte, a cut line, a doubled, swapped, missing or added line, with exit 4', async () => {
    const lines = whole.split('\n').slice(0, -1);
    const middle = Math.floor(lines.length / 2);
    const line = (at: number): string => lines[at] as string;
    const at = whole.indexOf('confidence_ppm', whole.length / 2) + 'confidence_ppm\\":'.length;
    const digit = whole[at] === '9' ? '8' : '9';
    const altered: Readonly<Record<string, string | Buffer>> = {
      'a changed digit': `${whole.slice(0, at)}${digit}${whole.slice(at + 1)}`,
      'a cut line': lines.with(middle, line(middle).slice(0, -20)).join('\n').concat('\n'),
      'a line twice': [...lines.slice(0, middle), line(middle), ...lines.slice(middle)].join('\n').concat('\n'),
      'two lines in each other’s place': lines
        .with(middle, line(middle + 1))
        .with(middle + 1, line(middle))
        .join('\n')
        .concat('\n'),
      'a missing line': lines.toSpliced(middle, 1).join('\n').concat('\n'),
      'a missing end': lines.slice(0, middle).join('\n').concat('\n'),
      'a line after the end': `${whole}${line(1)}\n`,
      'an empty line after the end': `${whole}\n`,
      'no last line feed': whole.slice(0, -1),
      'a byte that is not UTF-8': Buffer.from(whole).fill(0xff, 200, 201),
      'another count': whole.replace(/(\\?"total\\?":)(\d+)/, (_all, key: string, total: string) => `${key}${Number(total) + 1}`),
      nothing: '',
      'an image': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]),
    };
    for (const [what, text] of Object.entries(altered)) {
      const result = await verify(text, '--json');
      expect(result.code, what).toBe(4);
      const failed = JSON.parse(result.out) as { ok: boolean; where: string; why: string };
      expect(failed.ok, what).toBe(false);
      expect(failed.where, what).toMatch(/^(?:\d+|seq \d+|line \d+|checkpoint|key|counts|entry \d+)/);
      expect(failed.why, what).not.toBe('');
      expect((await verify(text)).out, what).toContain(`FAILED at ${failed.where}`);
    }
  });

  it('takes another signer for what it is', async () => {
    const other = await createEdge();
    try {
      const exported = await runOn(other, 'ledger', 'export', 'semax', '--out', '-');
      const foreign = (JSON.parse(exported.out.slice(0, exported.out.indexOf('\n'))) as { vkey: string }).vkey;
      const result = await verify(whole, '--key', foreign, '--json');
      expect([result.code, JSON.parse(result.out)]).toEqual([4, expect.objectContaining({ ok: false, where: expect.stringMatching(/key|checkpoint/) })]);
    } finally {
      await other.close();
    }
  });

  it('holds an older checkpoint against a later export, and catches a history that was rewritten', async () => {
    const { checkpoint } = JSON.parse(whole.trimEnd().split('\n').at(-1) as string) as { checkpoint: string };
    const kept = await write('checkpoint', checkpoint);
    const more = await write('more.ndjson', JSON.stringify({ ...POSTS[1], id: 't3_later', text: 'I took Semax again and my focus improved, later.' }));
    expect((await run('import', more, '--format', 'ndjson', '--topic', 'semax')).code).toBe(0);
    const later = await run('ledger', 'export', 'semax', '--out', '-');
    expect((await verify(later.out, '--checkpoint', kept)).code).toBe(0);

    const forged = await write(
      'forged',
      checkpoint.replace(/^(.+\n\d+\n)(.)/, (_all, start: string, first: string) => `${start}${first === 'A' ? 'B' : 'A'}`),
    );
    const rewritten = await verify(later.out, '--checkpoint', forged, '--json');
    expect([rewritten.code, JSON.parse(rewritten.out)]).toEqual([4, expect.objectContaining({ where: 'checkpoint' })]);
    expect((await verify(whole, '--checkpoint', await write('no-checkpoint', 'nonsense'))).talk).toContain('(bad_checkpoint)');
    expect((await verify(whole, '--checkpoint', path.join(folder, 'nowhere'))).talk).toContain('(file_not_found)');
  });
});

describe('erase', () => {
  it('says what it would do, then destroys the post for good, and a later import does not bring it back', async () => {
    const [, post] = POSTS as [unknown, (typeof POSTS)[number]];
    const before = await counts();
    const dry = await run('erase', 'reddit', post.id, '--reason', 'request', '--dry-run');
    expect([dry.code, dry.out]).toEqual([0, expect.stringMatching(/^would erase source entry \d+ of semax with its claims\n$/)]);
    expect(await counts()).toEqual(before);
    const erased = await run('erase', 'reddit', post.id, '--reason', 'request');
    expect([erased.code, erased.talk]).toEqual([0, expect.stringContaining('erased from semax')]);
    expect((await counts()).set_aside.erased).toBe(before.set_aside.erased + 1);
    const again = await run('import', await write('again.ndjson', JSON.stringify(post)), '--format', 'ndjson', '--topic', 'semax', '--json');
    expect([again.code, JSON.parse(again.out)]).toEqual([3, expect.objectContaining({ refused: { erased_before: 1 } })]);
    const gone = await write('gone.ndjson', JSON.stringify({ ...post, text: '[deleted]', author: '[deleted]' }));
    expect((await run('import', gone, '--format', 'ndjson', '--topic', 'semax')).code).toBe(3);
    const exported = await run('ledger', 'export', 'semax', '--out', '-', '--with-content');
    expect(exported.out).not.toContain(post.text);
    expect((await run('ledger', 'verify', await write('erased.ndjson', exported.out))).code).toBe(0);

    // The id is nowhere in the database any more, the list of what was not kept included.
    const client = new pg.Client({ connectionString: edge.databaseUrl });
    await client.connect();
    try {
      const tables = await client.query<{ name: string }>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'hearsay'`);
      for (const { name } of tables.rows) {
        const found = await client.query(
          `SELECT 1 FROM hearsay."${name}" t WHERE t::text LIKE '%' || $1 || '%' OR t::text LIKE '%' || encode($1::text::bytea, 'hex') || '%'`,
          [post.id],
        );
        expect(found.rowCount, name).toBe(0);
      }
    } finally {
      await client.end();
    }
  });
});

describe('topics, sources, schedule, crawls', () => {
  it('checks topic files, and names file, line, column and key of every mistake', async () => {
    const good = path.join(edge.topicsDir, 'semax.yaml');
    expect(await run('topic', 'check', good)).toMatchObject({ code: 0, out: expect.stringContaining('ok, ') });
    const text = await readFile(good, 'utf8');
    await mkdir(path.join(folder, 'topics'), { recursive: true });
    const broken = await write('topics/semax.yaml', text.replace(/^( *)class: .*$/m, '$1class: potion').replace(/^title: .*$/m, 'titel: Semax'));
    const result = await run('topic', 'check', broken);
    expect([result.code, result.out]).toEqual([1, '']);
    expect(result.talk).toMatch(/semax\.yaml:\d+:\d+ compounds\[0\]\.class: expected one of /);
    expect(result.talk).toMatch(/semax\.yaml:\d+:\d+ titel: /);
    expect(result.talk).toMatch(/\(bad_topic\)/);
    expect((await run('topic', 'check', await write('topics/not.yaml', 'a: [b'))).talk).toMatch(/not\.yaml:\d+:\d+/);
    expect((await run('topic', 'check', path.join(folder, 'nowhere.yaml'))).talk).toContain('(file_not_found)');
    const other = await createEdge({ topicsDir: path.join(folder, 'topics') });
    try {
      const refused = await runOn(other, 'counts', 'semax');
      expect([refused.code, refused.talk]).toEqual([1, expect.stringContaining('(bad_topic)')]);
    } finally {
      await other.close();
    }
  });

  it('lists topics, sources and schedules, as text and as JSON', async () => {
    const topics = linesOf<{ slug: string }>(await run('topic', 'list', '--json'));
    expect(topics.map(({ slug }) => slug)).toContain('semax');
    expect((await run('topic', 'list')).out.split('\n').slice(0, -1)).toHaveLength(topics.length);
    const listed = linesOf<{ name: string; credentials: { env: string }[] }>(await run('sources', '--json'));
    expect(listed.map(({ name }) => name)).toEqual(sources.map(({ name }) => name));
    const text = await run('sources');
    for (const name of CREDENTIAL_NAMES) expect(text.out).toContain(`${name}`);
    expect(text.out).toContain('not set');
    const communities = linesOf<{ topic: string; schedule: object }>(await run('schedule', '--json'));
    expect(communities.length).toBeGreaterThan(3);
    expect((await run('schedule')).out.split('\n').slice(0, -1)).toHaveLength(communities.length);
  });

  it('shows the last run of each community and everything that was not kept', async () => {
    const { communities, drops } = JSON.parse((await run('crawl', 'status', '--json')).out) as {
      communities: { status: string | null }[];
      drops: { code: string; count: number }[];
    };
    expect(communities.every(({ status }) => status === null)).toBe(true);
    expect(drops).toContainEqual(expect.objectContaining({ code: 'erased_before', count: 2 }));
    expect((await run('crawl', 'status')).out).toContain('never crawled');
  });

  it('says what a crawl would ask, and without credentials what is missing, with exit 1', async () => {
    const dry = await run('crawl', 'semax', '--dry-run');
    expect([dry.code, dry.out]).toEqual([0, expect.stringContaining('would crawl reddit ')]);
    const result = await run('crawl', 'semax', '--source', 'reddit');
    expect(result.code).toBe(1);
    expect(result.talk).toMatch(/failed \(missing_credentials\): Reddit needs REDDIT_CLIENT_ID, REDDIT_CLIENT_SECRET, REDDIT_USER_AGENT/);
    expect((await run('crawl', 'status')).out).toContain('missing_credentials');
    expect((await run('crawl', 'semax', '--source', 'nonsuch')).talk).toContain('(unknown_community)');
  });

  it('re-checks what every source kept, files too, and names each source that cannot be asked', async () => {
    const file = await write('x.ndjson', JSON.stringify({ id: '9100000000000000001', platform: 'x', text: 'semax, week two: my focus improved' }));
    expect((await run('import', file, '--format', 'ndjson', '--topic', 'semax')).code).toBe(0);
    await mkdir(path.join(folder, 'one'), { recursive: true });
    const topic = parse(await readFile(path.join(edge.topicsDir, 'semax.yaml'), 'utf8')) as object;
    await write('one/semax.yaml', stringify({ ...topic, communities: [{ source: 'reddit', query: { subreddit: 'Semax' }, schedule: { every: '6h' } }] }));
    const result = await runOn({ ...edge, topicsDir: path.join(folder, 'one') }, 'crawl', 'semax', '--recheck');
    expect([result.code, result.talk]).toEqual([1, expect.stringContaining('re-check of reddit failed (missing_credentials): Reddit needs ')]);
    expect(result.talk).toContain('re-check of x failed (missing_credentials): X needs X_BEARER_TOKEN');
  });
});

describe('extract', () => {
  it('prints what is read from a page', async () => {
    const html = await write(
      'page.html',
      '<!doctype html><html lang="en"><head><title>Notes</title></head><body><article><h1>Notes</h1><p>Semax helped my focus, I think, over these six weeks of notes.</p></article></body></html>',
    );
    const result = await run('extract', '--html', html, '--url', 'https://example.org/notes');
    expect([result.code, result.talk]).toEqual([0, '']);
    expect(JSON.parse(result.out)).toMatchObject({
      title: 'Notes',
      byline: null,
      published_at: null,
      language: 'en',
      text: expect.stringContaining('Semax helped'),
      posts: [],
    });
  });
  it.each([
    ['an empty file', ''],
    ['bytes', Buffer.from([0, 1, 2, 255, 254])],
    ['20,000 open tags', '<div>'.repeat(20_000)],
    ['a wrong charset', '<meta charset="nonsense"><p>Semax</p>'],
  ])('survives %s', async (_what, content) => {
    const { code, out, talk } = await run('extract', '--html', await write('odd.html', content), '--url', 'https://example.org/');
    expect([0, 1]).toContain(code);
    expect(code === 0 ? JSON.parse(out) : talk).toBeTruthy();
  });
  it('says when there is no such file', async () => {
    expect(await run('extract', '--html', path.join(folder, 'nowhere.html'), '--url', 'https://example.org/')).toMatchObject({
      code: 1,
      talk: expect.stringContaining('(file_not_found)'),
    });
  });
});

describe('doctor', () => {
  it('checks each piece, and says what to do about what is missing', async () => {
    const checks = linesOf<{ name: string; ok: boolean | 'warn'; found: string }>(await run('doctor', '--json'));
    expect(checks.length).toBeGreaterThan(5);
    expect(checks.filter(({ ok }) => ok === false)).toEqual([]);
    const text = await run('doctor');
    expect([text.code, text.talk]).toEqual([0, expect.stringContaining('hearsay can run')]);
  });
  it('exits with 1 when something has to be mended', async () => {
    const broken = await createEdge({ env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nowhere' } });
    try {
      const result = await runOn(broken, 'doctor');
      expect([result.code, result.talk]).toEqual([1, expect.stringContaining('to mend')]);
      expect(result.out).toContain('FAIL');
      expect(await runOn(broken, 'counts', 'semax')).toMatchObject({ code: 1, out: '' });
    } finally {
      await broken.close();
    }
  });
});

describe('a ledger that contradicts itself', () => {
  it('ends a command that would wait for it, with exit 1', async () => {
    await tamper(edge.databaseUrl, 'ledger_head', `UPDATE ledger_head SET frontier = '\\x00' WHERE topic = 'semax'`);
    const more = await write('halt.ndjson', JSON.stringify({ ...POSTS[2], id: 't3_halt', text: 'I took Semax once more and my memory is much better.' }));
    const result = await run('import', more, '--format', 'ndjson', '--topic', 'semax');
    expect([result.code, result.talk]).toEqual([1, expect.stringContaining('(bad_frontier)')]);
  });
});
