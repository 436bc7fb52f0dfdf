/** `hearsay ledger export` and `hearsay ledger verify`. */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { InvalidInputError, TransientError } from '../../errors.ts';
import { parseCheckpoint, parseVerifierKey } from '../../ledger/checkpoint.ts';
import { exportTopic } from '../../ledger/export.ts';
import { type Failed, type Verified, verifyExport } from '../../ledger/verify.ts';
import { publicPolicyOf } from '../../sources/policy.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { withHearsay } from '../open-hearsay.ts';
import { openOutput, type Output } from '../open-output.ts';
import { readExportLines } from '../read-export-lines.ts';

export async function exportLedger(edge: Edge, slug: string, flags: { readonly out: string; readonly withContent?: boolean }): Promise<ExitCode> {
  return withHearsay(edge, {}, async ({ hearsay }) => {
    const lines = exportTopic(hearsay.pool, slug, {
      signer: hearsay.signer,
      withContent: flags.withContent ?? false,
      policyOf: (platform) => publicPolicyOf(platform, edge.config),
    });
    let output: Output | undefined;
    let entries = -2;
    try {
      for await (const line of lines) {
        // Not before the first line: a topic that is not there leaves no file behind.
        output ??= await openOutput(edge, flags.out, flags.withContent ? 0o600 : 0o644);
        await output.write(line);
        entries++;
      }
    } finally {
      await output?.close();
    }
    edge.talk(`exported ${entries} entries of ${slug}${flags.withContent ? ', with content: for the operator only' : ''}`);
    return EXIT.ok;
  });
}

export async function verifyLedger(
  edge: Edge,
  target: string,
  flags: { readonly key?: string; readonly checkpoint?: string; readonly json?: boolean },
): Promise<ExitCode> {
  const key = flags.key === undefined ? undefined : parseVerifierKey(flags.key.trim());
  const oldCheckpoint = flags.checkpoint === undefined ? undefined : parseCheckpoint(await readText(flags.checkpoint));
  const options = {
    ...(key ? { key } : {}),
    ...(oldCheckpoint ? { oldCheckpoint } : {}),
    onProgress: (entries: number) => edge.progress(`verified ${entries} entries`),
  };
  const result = await verifyTarget(edge, target, options);
  edge.progress('');
  await edge.out(flags.json ? `${JSON.stringify(result)}\n` : result.ok ? describeVerified(result) : `FAILED at ${result.where}: ${result.why}\n`);
  return result.ok ? EXIT.ok : EXIT.verification;
}

async function verifyTarget(edge: Edge, target: string, options: Parameters<typeof verifyExport>[1]): Promise<Verified | Failed> {
  if (target === '-') return verifyExport(readExportLines(edge.stdin), options);
  if ((await stat(target).catch(() => undefined))?.isFile()) return verifyExport(readExportLines(createReadStream(target)), options);
  if (/^https?:\/\//.test(target)) return verifyExport(readExportLines(await download(target)), options);
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(target))
    throw new InvalidInputError('file_not_found', `${target} is neither a file, an address nor the slug of a topic`);
  return withHearsay(edge, {}, async ({ hearsay }) => {
    const lines = exportTopic(hearsay.pool, target, { signer: hearsay.signer, withContent: true, policyOf: () => 'text' });
    return verifyExport(withoutNewlines(lines), options);
  });
}

/** The address was typed by the person who runs this: it may lead anywhere they can reach. */
async function download(url: string): Promise<AsyncIterable<Uint8Array>> {
  const response = await fetch(url, { headers: { accept: 'application/x-ndjson' } }).catch((cause: unknown) => {
    throw new TransientError('network', `cannot reach ${url}`, { cause });
  });
  if (!response.ok || !response.body) throw new InvalidInputError('not_found', `${url} answers ${response.status}`);
  return response.body as unknown as AsyncIterable<Uint8Array>;
}

async function* withoutNewlines(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield line.slice(0, -1);
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new InvalidInputError('file_not_found', `no such file: ${file}`);
  });
}

function describeVerified(result: Verified): string {
  const lines = [
    `OK ${result.origin}: ${result.size} entries`,
    `root         ${result.root}`,
    `head         ${result.head}`,
    `content      ${result.open} checked, ${result.withheld} withheld, ${result.erased} erased`,
    `quotes       ${result.quotes.checked} found in their texts, ${result.quotes.unchecked} not open to check`,
    'counts       recomputed from the headers, equal to those published',
    result.signer === 'authenticated'
      ? 'signer       authenticated by the key given'
      : `signer       consistent, signer not authenticated: compare this key's hash with one from elsewhere\n             ${result.fingerprint}`,
    'The chain proves that nothing was changed, not that a claim is true.',
  ];
  return `${lines.join('\n')}\n`;
}
