/**
 * `hearsay ledger prove`: the proofs of the API, without a server. What it prints is one JSON document for another program to check, so
 * there is no other form of it. It was verified, and compared with the signed roots, before it is printed (ledger/log.ts).
 */
import { InvalidInputError } from '../../errors.ts';
import { createDatabaseLog } from '../../ledger/database-log.ts';
import { proveEntry, proveGrowth } from '../../ledger/log.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { withHearsay } from '../open-hearsay.ts';

export interface ProveFlags {
  readonly entry?: string;
  readonly size?: string;
  readonly from?: string;
  readonly to?: string;
}

export async function proveLedger(edge: Edge, slug: string, flags: ProveFlags): Promise<ExitCode> {
  const { entry, size, from, to } = { entry: parse('entry', flags), size: parse('size', flags), from: parse('from', flags), to: parse('to', flags) };
  const asked = [entry !== undefined && from === undefined && to === undefined, from !== undefined && entry === undefined && size === undefined];
  if (!asked.includes(true)) throw new InvalidInputError('bad_seq', 'give --entry SEQ, with --size N if you like, or --from N, with --to N if you like');
  return withHearsay(edge, {}, async ({ hearsay }) => {
    if (!hearsay.topics.has(slug)) throw new InvalidInputError('unknown_topic', `there is no topic ${slug}; known: ${[...hearsay.topics.keys()].join(', ')}`);
    const log = createDatabaseLog(hearsay.pool, slug);
    const document = entry === undefined ? await proveGrowth(log, { from: from as number, to }) : await proveEntry(log, { seq: entry, size });
    await edge.out(`${JSON.stringify(document)}\n`);
    return EXIT.ok;
  });
}

function parse(name: keyof ProveFlags, flags: ProveFlags): number | undefined {
  const text = flags[name];
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new InvalidInputError('bad_seq', `--${name} is a whole number, not ${JSON.stringify(text.slice(0, 40))}`);
  return Number(text);
}
