/**
 * The claims that docs/first-fifty.md judges, from an export with content, one tab-separated line each (`--read` adds the text):
 *
 *   npx tsx test/standin/pick-claims.ts [--number 25] [--read] < bpc-157.ndjson
 *
 * Accepted claims that are in the article's numbers (no source tallied apart): effect claims first, then main claims of literature
 * records, then the other main claims, each in the order of the chain. Proved by test/integration/try-it.test.ts.
 */
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { emptyFold, foldHeader, listClaims } from '../../src/counts/fold.ts';
import { parseEntryLine, parseOpeningLine } from '../../src/ledger/export-format.ts';
import { headerSchema, type Header } from '../../src/ledger/header.ts';

interface Entry {
  readonly header: Header;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface PickedClaim {
  readonly topic: string;
  readonly nativeId: string;
  readonly kind: string;
  readonly effect: string;
  readonly direction: string;
  readonly tier: string;
  readonly claim: Entry;
  readonly source: Entry;
}

/** `lines`: a whole export, without newlines. */
export function pickClaims(lines: readonly string[], number: number): readonly PickedClaim[] {
  const { topic } = parseOpeningLine(lines[0] ?? '');
  const entries = lines.slice(1, -1).map(readEntry);
  const fold = emptyFold();
  for (const { header } of entries) foldHeader(fold, header);
  const counted = { state: ['accepted', 'amended'], apart: false } as const;
  const effects = listClaims(fold, { ...counted, kind: 'effect' });
  const literature = listClaims(fold, { ...counted, kind: 'main', sourceKind: 'scientific' });
  const others = listClaims(fold, { ...counted, kind: 'main' }).filter((seq) => !literature.includes(seq));
  return [...effects, ...literature, ...others].slice(0, number).map((seq) => describeClaim(topic, entries, seq));
}

function readEntry(line: string): Entry {
  const parsed = parseEntryLine(line);
  const content = 'content' in parsed ? (JSON.parse(parsed.content) as Entry['content']) : {};
  return { header: headerSchema.parse(JSON.parse(parsed.header)), content };
}

function describeClaim(topic: string, entries: readonly Entry[], seq: number): PickedClaim {
  const claim = entries[seq];
  const source = claim?.header.type === 'claim' ? entries[claim.header.source] : undefined;
  if (claim?.header.type !== 'claim' || source === undefined) throw new Error(`entry ${seq} is no claim of a source`);
  const { kind, effect, direction, tier } = claim.header;
  return { topic, nativeId: String(source.content['native_id']), kind, effect, direction, tier, claim, source };
}

function describeForReading({ claim, source }: PickedClaim): string {
  return [
    ...['statement', 'quote'].map((name) => `  ${name}: ${claim.content[name]}`),
    ...['title', 'text'].map((name) => `  ${name}: ${source.content[name]}`),
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { number: { type: 'string', default: '25' }, read: { type: 'boolean', default: false } } });
  const lines: string[] = [];
  for await (const line of createInterface({ input: process.stdin })) lines.push(line);
  for (const picked of pickClaims(lines, Number(values.number))) {
    const { topic, nativeId, kind, effect, direction, tier } = picked;
    process.stdout.write(`${[topic, nativeId, kind, effect, direction, tier].join('\t')}\n${values.read ? `${describeForReading(picked)}\n` : ''}`);
  }
}
