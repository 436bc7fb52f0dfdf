/**
 * /t/SLUG/verify: the ledger checked by the reader's own browser, by the core that `hearsay ledger verify` runs (src/browser/). Without scripts it
 * is a page that tells the command.
 */
import type { FC } from 'hono/jsx';
import type { Topic } from '../../model/topic.ts';
import type { Checkpoint } from '../ledger-reader.ts';
import { Layout } from './layout.tsx';

export const VERIFIER_PATH = '/assets/verify.js';

/** The one page with a script, and the script itself, whose thread reads the export. Nothing inline, nothing from elsewhere. */
export const VERIFIER_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const VerifyPage: FC<{ readonly topic: Topic; readonly checkpoint: Checkpoint | undefined }> = ({ topic, checkpoint }) => (
  <Layout title={`Verify - ${topic.title} - Hearsay`}>
    <p class="back">
      <a href={`/t/${topic.slug}`}>← {topic.title}</a>
    </p>
    <h1>Verify the ledger</h1>
    <p class="lead">
      Your browser downloads the public ledger of {topic.title}, computes every hash, the tree, the signature and all counts anew, and compares. This page's
      server could still hand out a false verifier: for certainty run the command below, on your own machine.
    </p>
    <div id="verifier" class="verifier" data-export={`/api/topics/${topic.slug}/export`} hidden>
      <p>
        <button id="verify-download" type="button">
          Verify in this browser
        </button>
      </p>
      <p>
        <label for="verify-file">Or a ledger you have saved: </label>
        <input id="verify-file" type="file" accept=".ndjson,application/x-ndjson" />
      </p>
      <details>
        <summary>Hold it against what you kept</summary>
        <p>
          <label for="verify-key">Verifier key you trust, from elsewhere</label>
          <textarea id="verify-key" rows={2} spellcheck={false} autocomplete="off" placeholder="NAME+HASH+KEY"></textarea>
        </p>
        <p>
          <label for="verify-checkpoint">A checkpoint you kept: the ledger must still contain it</label>
          <textarea id="verify-checkpoint" rows={5} spellcheck={false} autocomplete="off"></textarea>
        </p>
      </details>
      <p>
        <progress id="verify-progress" max={1} aria-label="How much of the file has been checked" hidden></progress>{' '}
        <span id="verify-status" role="status"></span>
      </p>
      <div id="verify-verdict" aria-live="polite"></div>
    </div>
    <section aria-labelledby="by-command">
      <h2 id="by-command">By command</h2>
      <p>
        Save <a href={`/api/topics/${topic.slug}/export`}>the ledger as a file</a>, then:
      </p>
      <pre>
        <code>{`npx hearsay ledger verify ${topic.slug}.ndjson${checkpoint === undefined ? '' : ` --key '${checkpoint.vkey}'`}`}</code>
      </pre>
      {checkpoint === undefined ? <p>No checkpoint has been signed yet, so there is nothing to export.</p> : null}
    </section>
    <script type="module" src={VERIFIER_PATH}></script>
  </Layout>
);
