/** How to check that nobody changed the ledger: its head, the signed checkpoint, the command. */
import type { FC } from 'hono/jsx';
import type { PublishedCounts } from '../../model/counts.ts';
import type { Checkpoint } from '../ledger-reader.ts';

export const Verify: FC<{ readonly slug: string; readonly counts: PublishedCounts; readonly checkpoint: Checkpoint | undefined }> = ({
  slug,
  counts,
  checkpoint,
}) => (
  <section aria-labelledby="verify">
    <h2 id="verify">How to verify this page</h2>
    <p>
      Every number above is computed from the first <strong>{counts.head.size}</strong> entries of a hash-chained ledger with the root{' '}
      <code>{counts.head.root}</code>. Anyone can fetch the ledger, compute the numbers again and compare.
    </p>
    {checkpoint === undefined ? (
      <p>No checkpoint has been signed yet.</p>
    ) : (
      <>
        <p>
          Checkpoint of {checkpoint.size} entries, signed <time datetime={checkpoint.signed_at}>{checkpoint.signed_at}</time>
          {checkpoint.size === counts.head.size ? '' : ' (another size than the head counted here: one of the two is about to follow)'}:
        </p>
        <pre>
          <code>{checkpoint.note}</code>
        </pre>
        <p>Keep a copy of it: a later ledger that does not contain this one was rewritten, and the command says so.</p>
        <pre>
          <code>{`hearsay ledger verify ${slug}.ndjson --key '${checkpoint.vkey}' --checkpoint kept-checkpoint.txt`}</code>
        </pre>
      </>
    )}
    <ul>
      <li>
        <a href={`/t/${slug}/verify`}>Verify it in this browser</a>
      </li>
      <li>
        <a href={`/api/topics/${slug}/export`}>The ledger, as a file</a> (<code>{`${slug}.ndjson`}</code>)
      </li>
      <li>
        <a href={`/api/topics/${slug}/counts`}>The numbers of this page, as JSON</a>
      </li>
      <li>
        <a href={`/api/topics/${slug}/checkpoint`}>The checkpoint, as JSON</a>
      </li>
    </ul>
    <p>The chain proves integrity: that entries were neither changed, removed nor slipped in later. It does not prove that what they say is clinically true.</p>
  </section>
);
