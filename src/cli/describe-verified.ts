/** What `hearsay ledger verify` prints of a verification that passed: what was checked, and what was not. */
import type { Verified } from '../ledger/verify-result.ts';
import type { LogVerified } from '../verify/verify-log.ts';
import type { TopicVerified } from '../verify/verify-topic.ts';

/** Of an export or excerpt, of a log's files, of a topic in the database. */
export type Outcome = Verified | TopicVerified | LogVerified;

export function describeVerified(result: Outcome): string {
  const lines = [
    describeSize(result),
    `root         ${result.root}${result.entries === result.size ? '' : ` (of ${result.size})`}`,
    ...(result.head === undefined ? [] : [`head         ${result.head}`]),
    ...describeContent(result),
    ...('history' in result && result.history > 0 ? [`history      extends ${result.history} earlier checkpoints, proved and recomputed`] : []),
    ...('tiles' in result ? [`tiles        ${result.tiles} equal to those computed`] : []),
    ...('checkpoints' in result ? [describeCheckpoints(result)] : []),
    ...result.witnesses.map(({ name, time }) => `witness      ${name} at ${new Date(time * 1000).toISOString()}`),
    ...describeSigner(result),
    'The chain proves that nothing was changed, not that a claim is true.',
  ];
  return `${lines.join('\n')}\n`;
}

function describeSize({ origin, topic, entries, size, ...result }: Outcome): string {
  const name = origin ?? topic;
  if ('excerpt' in result && result.excerpt) return `OK ${name}: ${entries} entries of ${size}`;
  return `OK ${name}: ${entries} entries${entries === size ? '' : `, ${size} of them signed`}`;
}

function describeContent(result: Outcome): string[] {
  // Of the three only a log's files have tiles and no checkpoints.
  if ('tiles' in result && !('checkpoints' in result)) return ['not checked  content, quotes and counts: they are not in these files'];
  const lines = [
    `content      ${result.open} checked, ${result.withheld} withheld, ${result.erased} erased`,
    `quotes       ${result.quotes.checked} found in their texts, ${result.quotes.unchecked} not open to check`,
  ];
  if (result.counts === 'equal') return [...lines, 'counts       recomputed from the headers, equal to those published'];
  if ('excerpt' in result) return [...lines, 'not checked  chain between entries, references, counts: an excerpt does not hold what they need'];
  return [...lines, 'counts       none published yet'];
}

function describeCheckpoints({ checkpoints, byUnknownKeys, unsigned }: TopicVerified): string {
  const unknown = byUnknownKeys === 0 ? '' : `, ${byUnknownKeys} of them by keys that are not kept`;
  return `checkpoints  ${checkpoints} stored, each of the root the log had and signed${unknown}; ${unsigned} entries not signed yet`;
}

function describeSigner(result: Outcome): string[] {
  if (result.signer === 'authenticated') return ['signer       authenticated by the key given'];
  if (result.fingerprint === undefined) return ['signer       no signature was checked: no key at hand, give one with --key'];
  return ["signer       consistent, signer not authenticated: compare this key's hash with one from elsewhere", `             ${result.fingerprint}`];
}
