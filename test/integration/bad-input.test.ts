/**
 * Files that are wrong in every way we could think of, through `hearsay import` and `hearsay annotate`: every line is accounted for, nothing
 * crashes, exit codes are those of docs/cli.md, and a second run changes nothing.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import type { StoreTally } from '../../src/pipeline/store-posts.ts';
import { createEdge, type TestEdge } from './edge.ts';

let edge: TestEdge;
let folder: string;

beforeAll(async () => {
  edge = await createEdge();
  folder = await mkdtemp(path.join(tmpdir(), 'hearsay-bad-input-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await edge.close();
});

async function write(name: string, content: string | Buffer): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}

async function run(...argv: string[]): Promise<{ code: number; out: string; talk: string }> {
  const { out, talk } = { ...edge.written };
  const code = await runCli(argv, edge);
  return { code, out: edge.written.out.slice(out.length), talk: edge.written.talk.slice(talk.length) };
}

async function importFile(file: string, format = 'ndjson'): Promise<{ code: number; tally: StoreTally; talk: string }> {
  const { code, out, talk } = await run('import', file, '--format', format, '--topic', 'semax', '--json');
  const tally = JSON.parse(out) as StoreTally;
  const { seen, newPosts, newRevisions, unchanged, gone, refused } = tally;
  const accounted = newPosts + newRevisions + unchanged + gone + Object.values(refused).reduce((sum, count) => sum + count, 0);
  expect(accounted, `every line is accounted for: ${out}`).toBe(seen);
  expect(code, talk).toBe(Object.keys(refused).length > 0 ? 3 : 0);
  return { code, tally, talk };
}

async function query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: edge.databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Rows of every table: of `refusal` too, so that a second run counts no drop twice. */
async function countRows(): Promise<Record<string, number>> {
  const tables = await query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'hearsay' AND table_type = 'BASE TABLE'`,
  );
  const counted = tables.map(({ name }) => `SELECT '${name}' AS name, count(*)::int AS count FROM hearsay."${name}"`).join(' UNION ALL ');
  return Object.fromEntries((await query<{ name: string; count: number }>(`${counted} ORDER BY name`)).map(({ name, count }) => [name, count]));
}

/** What a line says, where it says anything. */
function readLine(line: string | Buffer): { readonly id?: string; readonly text?: string } | undefined {
  try {
    return JSON.parse(line.toString('utf8')) as { id?: string; text?: string };
  } catch {
    return undefined;
  }
}

const REPORT = 'I took Semax for three weeks and my focus improved a lot. No headaches.';
let made = 0;
/** A line with an id of its own, and what makes it odd. */
const post = (changes: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ id: `t3_bad${++made}`, platform: 'reddit', text: `${REPORT} (${made})`, ...changes });
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

/** What becomes of a line: a code of `refused`, or `kept`, with the notes it gets. */
interface Line {
  readonly what: string;
  readonly line: string | Buffer;
  readonly refused?: string;
  readonly notes?: readonly string[];
  /** Its date is not believed. */
  readonly undated?: boolean;
}

const LINES: readonly Line[] = [
  { what: 'a good line', line: post() },
  { what: 'a cut line', line: '{"id": "t3_cut", "platform": "reddit", "text": "I took Sem', refused: 'bad_json' },
  { what: 'plain text', line: 'Semax is good', refused: 'bad_json' },
  { what: 'two objects on a line', line: `${post()} ${post()}`, refused: 'bad_json' },
  { what: 'single quotes', line: "{'id': 't3_q'}", refused: 'bad_json' },
  { what: 'NaN', line: '{"id": "t3_nan", "score": NaN}', refused: 'bad_json' },
  ...['[]', '7', 'null', '"text"', 'true', nested(10_000)].map((line) => ({ what: `not an object: ${line.slice(0, 10)}`, line, refused: 'not_an_object' })),
  { what: 'no id', line: post({ id: undefined }), refused: 'missing_id' },
  { what: 'an empty id', line: post({ id: '' }), refused: 'missing_id' },
  { what: 'a number for an id', line: post({ id: 7 }), refused: 'bad_field' },
  { what: 'an id of 501 characters', line: post({ id: 'x'.repeat(501) }), refused: 'bad_field' },
  { what: 'no text', line: post({ text: undefined }), refused: 'missing_text' },
  { what: 'null for a text', line: post({ text: null }), refused: 'missing_text' },
  { what: 'an empty text', line: post({ text: '' }), refused: 'missing_text' },
  { what: 'white space for a text', line: post({ text: ' \n\t\u00a0 ' }), refused: 'missing_text' },
  { what: 'a number for a text', line: post({ text: 7 }), refused: 'bad_field' },
  { what: 'no platform', line: post({ platform: undefined }), refused: 'bad_platform' },
  { what: 'an unknown platform', line: post({ platform: 'myspace' }), refused: 'bad_platform' },
  { what: 'a number for an address', line: post({ url: 7 }), refused: 'bad_field' },
  { what: 'an endless score', line: post().replace(/}$/, ', "score": 1e999}'), refused: 'bad_field' },
  { what: 'nested arrays for a record', line: post().replace(/}$/, `, "record": ${nested(10_000)}}`) },
  { what: 'a line of 5 MB', line: post({ text: 'Semax '.repeat(900_000) }), refused: 'line_too_large' },
  { what: 'a text of 2 MB', line: post({ text: 'Semax '.repeat(350_000) }), refused: 'text_too_large' },
  { what: 'bytes of Latin-1', line: Buffer.from(post({ text: 'Semax: d\u00e9j\u00e0 vu' }), 'latin1'), refused: 'bad_encoding' },
  {
    what: 'a cut UTF-8 character',
    line: Buffer.concat([Buffer.from('{"id": "t3_utf", "text": "'), Buffer.from([0xf0, 0x9f, 0x92]), Buffer.from('"}')]),
    refused: 'bad_encoding',
  },
  { what: 'gone before it was seen', line: post({ text: '[deleted]', author: '[deleted]' }), refused: 'already_deleted' },
  { what: 'removed before it was seen', line: post({ text: '[removed]', author: '[deleted]' }), refused: 'already_removed' },

  { what: 'a post of 300 KB', line: post({ text: `${REPORT} `.repeat(4_200) }) },
  { what: 'a title only', line: post({ text: '', title: 'Semax improved my memory' }) },
  { what: 'a date in the future', line: post({ created_at: '2999-01-01T00:00:00Z' }), undated: true },
  { what: 'a date before there were posts', line: post({ created_at: '1066-10-14T09:00:00Z' }), undated: true },
  { what: 'an unreadable date', line: post({ created_at: 'the day before yesterday' }), undated: true },
  { what: 'an object for a date', line: post({ created_at: { year: 2026 } }), undated: true },
  { what: 'control characters', line: post({ text: `${REPORT} \u0007\u001b[2J` }), notes: ['control_character'] },
  { what: 'NUL in a text', line: post({ text: `${REPORT} \u0000` }), notes: ['control_character'] },
  {
    what: 'NUL everywhere else',
    line: post({ id: 't3_nul\u0000', title: 'Se\u0000max', parent: '\u0000', author: '\u0000', thread: '\u0000', kind: '\u0000', compounds: ['Se\u0000max'] }),
    notes: ['control_character'],
  },
  { what: 'a lone surrogate in a text', line: post().replace(REPORT, `${REPORT} \\ud83d`), notes: ['lone_surrogate'] },
  {
    what: 'lone surrogates everywhere else',
    line: post({ id: 't3_lone\udc00', title: 'Semax \ud83d', parent: '\udc00', author: '\ud800', thread: '\ud800', compounds: ['Semax\ud800'] }),
    notes: ['lone_surrogate'],
  },
  {
    what: 'NUL and lone surrogates in a record',
    line: post({
      platform: 'pubmed',
      record: { journal: 'J\u0000\ud800', mesh: ['\u0000', '\udc00'], notices: [{ kind: 'erratum', record: 'pmid:\u0000\ud800' }] },
    }),
    notes: ['control_character', 'lone_surrogate'],
  },
  { what: 'an emoji across the end of a long title', line: post({ title: `${'x'.repeat(999)}\u{1F9E0}` }) },
  { what: 'an emoji across the end of a long parent', line: post({ parent: `${'x'.repeat(19_999)}\u{1F9E0}` }) },
  { what: 'a script for an address', line: post({ url: 'javascript:alert(1)' }), notes: ['url_dropped'] },
  { what: 'data for an address', line: post({ url: 'data:text/html,<script>alert(1)</script>' }), notes: ['url_dropped'] },
  { what: 'a user name in an address', line: post({ url: 'https://user:secret@example.org/' }), notes: ['url_dropped'] },
  { what: '__proto__ and constructor as keys', line: post().replace(/^{/, '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, ') },
  { what: 'nested arrays in a field of a record', line: post().replace(/}$/, `, "record": {"journal": ${nested(10_000)}}}`) },
  { what: 'nested arrays under an unknown key', line: post().replace(/}$/, `, "extra": ${nested(10_000)}}`) },
  { what: 'a key twice', line: post().replace(/}$/, ', "platform": "web"}') },
  { what: 'line separators of Unicode', line: post({ text: `${REPORT}\u2028\u2029\u0085` }), notes: ['control_character'] },
  { what: 'right-to-left overrides and zero widths', line: post({ text: `\u202e${REPORT}\u202c \u200b\u200d\ufeff` }) },
  { what: 'markup and scripts in a text', line: post({ text: `<script>alert(1)</script> ${REPORT} ' OR 1=1; DROP TABLE post; --` }) },
  {
    what: 'X with handles',
    line: post({ id: '9100000000000000001', platform: 'x', text: '@someone semax helped my focus', url: 'https://x.com/someone/status/9100000000000000001' }),
  },
];

describe('hearsay import', () => {
  it('accounts for every line of a file of everything, and a second run changes nothing', async () => {
    const file = await write('everything.ndjson', Buffer.concat(LINES.flatMap(({ line }) => [Buffer.from(line), Buffer.from('\n')])));
    const { tally } = await importFile(file);
    const refused: Record<string, number> = {};
    const notes: Record<string, number> = {};
    for (const line of LINES) {
      if (line.refused !== undefined) refused[line.refused] = (refused[line.refused] ?? 0) + 1;
      for (const note of line.notes ?? []) notes[note] = (notes[note] ?? 0) + 1;
    }
    expect(tally.refused).toEqual(refused);
    expect(tally.seen).toBe(LINES.length);
    expect(tally.newPosts).toBe(LINES.filter((line) => line.refused === undefined).length);
    expect(tally.notes).toMatchObject(notes);
    const dated = await query<{ native_id: string }>(
      'SELECT native_id FROM hearsay.post p JOIN hearsay.post_revision r ON r.post_id = p.id WHERE r.created_at IS NOT NULL',
    );
    const undated = LINES.filter((line) => line.undated).map(({ line }) => readLine(line)?.id);
    expect(undated).toHaveLength(4);
    for (const { native_id: id } of dated) expect(undated).not.toContain(id);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();

    const counts = await run('counts', 'semax', '--json');
    const rows = await countRows();
    expect(rows['post']).toBe(tally.newPosts);
    const again = await importFile(file);
    expect(again.tally).toMatchObject({ seen: tally.seen, newPosts: 0, newRevisions: 0, unchanged: tally.newPosts, refused: tally.refused });
    expect((await run('counts', 'semax', '--json')).out).toBe(counts.out);
    expect(await countRows()).toEqual(rows);
    expect((await run('recount', 'semax')).code).toBe(0);
    expect((await run('ledger', 'verify', 'semax')).code).toBe(0);
  });

  it('counts what comes twice in one file: the same text, another text, gone, gone again', async () => {
    const twice = { id: 't3_twice', platform: 'reddit' };
    const gone = { ...twice, text: '[deleted]', author: '[deleted]' };
    const other = { ...twice, id: 't3_other' };
    const lines = [
      { ...twice, text: `${REPORT} One.` },
      { ...twice, text: `${REPORT} One.` },
      { ...twice, text: `${REPORT} Two.` },
      gone,
      gone,
      { ...other, text: '[removed]', author: '[deleted]' },
      { ...other, text: REPORT },
    ];
    const file = await write('twice.ndjson', lines.map((line) => JSON.stringify(line)).join('\n'));
    const { tally } = await importFile(file);
    expect(tally.seen).toBe(7);
    const counts = await run('counts', 'semax', '--json');
    const rows = await countRows();
    const again = await importFile(file);
    expect(again.tally).toMatchObject({ seen: 7, newPosts: 0, newRevisions: 0 });
    expect((await run('counts', 'semax', '--json')).out).toBe(counts.out);
    const { refusal: _again, ...after } = await countRows();
    expect(rows).toMatchObject(after);
  });

  it.each([
    ['UTF-16 with its mark, little end first', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 with its mark, big end first', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['UTF-8 with a mark', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['carriage returns', (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'))],
    ['blank lines and no line feed at the end', (text: string) => Buffer.from(`\n\n${text.replaceAll('\n', '\n\n \n').trimEnd()}`)],
  ])('reads %s', async (_what, encode) => {
    const file = await write('encoded.ndjson', encode(`${post()}\n${post({ text: 'Semax \u{1F9E0} helped my memory' })}\n`));
    expect((await importFile(file)).tally).toMatchObject({ seen: 2, newPosts: 2, refused: {} });
  });

  it.each([
    ['UTF-16 without a mark', Buffer.from(`${JSON.stringify({ id: 't3_u', platform: 'reddit', text: REPORT })}\n`, 'utf16le')],
    ['NUL bytes', Buffer.alloc(10_000)],
    ['an image', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0xff, 0xd8])],
  ])('refuses %s line by line', async (_what, bytes) => {
    const { tally, code } = await importFile(await write('binary.ndjson', bytes));
    expect(code).toBe(3);
    expect(tally.newPosts).toBe(0);
    expect(tally.seen).toBeGreaterThan(0);
  });

  it('takes an empty file for what it is', async () => {
    expect(await importFile(await write('empty.ndjson', ''))).toMatchObject({ code: 0, tally: { seen: 0, refused: {} } });
  });

  it.each([
    [
      'arctic-shift',
      [
        JSON.stringify({ id: 'arc1', title: 'Semax helped', selftext: REPORT, subreddit: 'Semax', created_utc: 1_780_000_000 }),
        '{"id": 7}',
        '{}',
        'x',
        JSON.stringify({ id: 'arc2', body: REPORT, link_id: { a: 1 } }),
      ].join('\n'),
    ],
    ['4cat', `id,thread_id,subreddit,body\nf1,f1,Semax,"${REPORT}"\nf2,f1\n"f3,f1,Semax,never closed\nf4,f1,Semax,x\n`],
    ['4cat', 'one,header,and\n'],
  ])('accounts for every record of a broken %s file', async (format, text) => {
    const file = await write(`broken-${format}`, text);
    const { tally } = await importFile(file, format);
    expect(await importFile(file, format)).toMatchObject({ tally: { seen: tally.seen, newPosts: 0, newRevisions: 0 } });
  });

  it('says why a file cannot be read at all, and exits with 1', async () => {
    const whole = gzipSync(`${Array.from({ length: 2_000 }, () => post()).join('\n')}\n`);
    const files: readonly (readonly [string, string])[] = [
      [path.join(folder, 'nowhere.ndjson'), 'file_not_found'],
      [folder, 'not_a_file'],
      [await write('cut.ndjson.gz', whole.subarray(0, whole.length / 2)), 'bad_gzip'],
      [await write('no.ndjson.gz', 'not packed'), 'bad_gzip'],
      [await write('no.ndjson.zst', 'not packed'), 'bad_zstd|zstd_missing'],
    ];
    for (const [file, code] of files) {
      const result = await run('import', file, '--format', 'ndjson', '--topic', 'semax');
      expect([result.code, result.out], file).toEqual([1, '']);
      expect(result.talk).toMatch(new RegExp(`\\((?:${code})\\)`));
    }
  });

  it('refuses a wrong topic with 1 and a wrong format with 2, before anything is stored', async () => {
    const file = await write('good.ndjson', post());
    const rows = await countRows();
    const topic = await run('import', file, '--format', 'ndjson', '--topic', 'nonsuch');
    expect([topic.code, topic.talk]).toEqual([1, expect.stringContaining('there is no topic nonsuch; known: ')]);
    const format = await run('import', file, '--format', 'excel', '--topic', 'semax');
    expect([format.code, format.talk]).toEqual([2, expect.stringContaining('(unknown_format)')]);
    expect((await run('import', file, '--format', 'ndjson')).code).toBe(2);
    expect(await countRows()).toEqual(rows);
  });

  it('only reads with --dry-run, and ends as the import would', async () => {
    const rows = await countRows();
    const bad = await run('import', await write('dry.ndjson', `${post()}\n{}\nx\n`), '--format', 'ndjson', '--topic', 'semax', '--dry-run');
    expect([bad.code, bad.out]).toEqual([3, expect.stringContaining('would store up to 1 posts')]);
    expect((await run('import', await write('dry-good.ndjson', post()), '--format', 'ndjson', '--topic', 'semax', '--dry-run')).code).toBe(0);
    expect((await run('import', await write('dry-good.ndjson', post()), '--format', 'ndjson', '--topic', 'nonsuch', '--dry-run')).code).toBe(1);
    expect(await countRows()).toEqual(rows);
  });
});

describe('hearsay annotate', () => {
  interface Answer {
    readonly id: string | null;
    readonly error?: { readonly code: string; readonly message: string };
    readonly claims?: readonly { readonly quote: string; readonly start: number; readonly end: number; readonly flags: readonly string[] }[];
  }

  async function annotate(name: string, content: string | Buffer): Promise<{ code: number; out: string; answers: Answer[] }> {
    const { code, out } = await run('annotate', '--in', await write(name, content));
    return {
      code,
      out,
      answers: out
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Answer),
    };
  }

  it('answers every line once, in order, with quotes that stand in the text, the same on a second run', async () => {
    const file = Buffer.concat(LINES.flatMap(({ line }) => [Buffer.from(line), Buffer.from('\n')]));
    const first = await annotate('annotate.ndjson', file);
    expect(first.code).toBe(3);
    expect(first.answers).toHaveLength(LINES.length);
    for (const [at, { what, line }] of LINES.entries()) {
      const answer = first.answers[at] as Answer;
      const given = readLine(line);
      // Where an id can be read it comes back; an answer is an annotation or an error, never both.
      expect([given?.id ?? null, null], what).toContain(answer.id);
      if (answer.error !== undefined) {
        expect(answer.error.code, what).toMatch(/^[a-z_]+$/);
        continue;
      }
      expect(answer.id, what).toBe(given?.id);
      for (const claim of answer.claims ?? [])
        if (!claim.flags.includes('ungrounded')) expect(given?.text?.slice(claim.start, claim.end), what).toBe(claim.quote);
    }
    expect(first.answers.filter(({ error }) => error === undefined).length).toBeGreaterThan(LINES.length / 3);
    expect((await annotate('annotate.ndjson', file)).out).toBe(first.out);
  });

  it('exits with 0 when every line is good, and with 0 for no line at all', async () => {
    expect(await annotate('good.ndjson', `${post()}\n${post()}`)).toMatchObject({ code: 0, answers: [{}, {}] });
    expect(await annotate('none.ndjson', '')).toMatchObject({ code: 0, out: '' });
  });

  it('writes the same bytes to a file', async () => {
    const input = await write('to-file.ndjson', `${post()}\n{}\n${post({ text: '' })}\n`);
    const target = path.join(folder, 'answers.ndjson');
    const shown = await run('annotate', '--in', input);
    expect(await run('annotate', '--in', input, '--out', target)).toMatchObject({ code: 3, out: '' });
    expect(await readFile(target, 'utf8')).toBe(shown.out);
  });

  it('says why it cannot read or write, and exits with 1', async () => {
    const input = await write('input.ndjson', post());
    await mkdir(path.join(folder, 'taken'), { recursive: true });
    for (const argv of [
      ['--in', path.join(folder, 'nowhere.ndjson')],
      ['--in', folder],
      ['--in', input, '--out', path.join(folder, 'no', 'such', 'place')],
      ['--in', input, '--out', path.join(folder, 'taken')],
    ]) {
      const { code, out, talk } = await run('annotate', ...argv);
      expect([code, out], argv.join(' ')).toEqual([1, '']);
      expect(talk, argv.join(' ')).toMatch(/^hearsay: .+ \([A-Za-z_]+\)\n$/);
    }
    expect((await run('annotate')).code).toBe(2);
  });
});
