/** The page /t/SLUG/verify: its button, its file picker, and what the thread answers, shown as text and never as markup. */
import type { Failed, Verified } from '../ledger/verify-result.ts';
import type { VerifyAnswer, VerifyRequest } from './messages.ts';

/** Rows of a verdict, term and words. */
type Rows = readonly (readonly [term: string, words: string])[];

export function startPage(script: string): void {
  const tool = find<HTMLElement>('#verifier');
  const [download, picker, progress, status, verdict] = [
    find<HTMLButtonElement>('#verify-download'),
    find<HTMLInputElement>('#verify-file'),
    find<HTMLProgressElement>('#verify-progress'),
    find<HTMLElement>('#verify-status'),
    find<HTMLElement>('#verify-verdict'),
  ];
  const [key, checkpoint] = [find<HTMLTextAreaElement>('#verify-key'), find<HTMLTextAreaElement>('#verify-checkpoint')];
  tool.hidden = false;

  function run(from: string | File): void {
    const thread = new Worker(script, { type: 'module' });
    download.disabled = picker.disabled = true;
    verdict.replaceChildren();
    verdict.className = '';
    status.textContent = 'Reading…';
    progress.hidden = false;
    progress.removeAttribute('value');
    const finish = (words: string): void => {
      thread.terminate();
      download.disabled = picker.disabled = false;
      picker.value = '';
      progress.hidden = true;
      status.textContent = words;
    };
    thread.addEventListener('error', (event) =>
      finish(`This browser could not run the verifier${event.message ? `: ${event.message}` : ''}. Nothing was verified.`),
    );
    thread.addEventListener('message', ({ data }: MessageEvent<VerifyAnswer>) => {
      if (data.kind === 'progress') {
        status.textContent = `${data.entries.toLocaleString('en')} entries checked…`;
        if (data.of !== undefined) progress.value = data.bytes / data.of;
      } else if (data.kind === 'unread') {
        finish(`Nothing was verified: ${data.why}`);
      } else {
        finish('');
        show(verdict, data.result);
      }
    });
    thread.postMessage({ from, key: key.value, checkpoint: checkpoint.value } satisfies VerifyRequest);
  }

  download.addEventListener('click', () => run(new URL(tool.dataset['export'] as string, location.href).href));
  picker.addEventListener('change', () => {
    const file = picker.files?.[0];
    if (file) run(file);
  });
}

function find<T extends HTMLElement>(selector: string): T {
  return document.querySelector(selector) as T;
}

function show(verdict: HTMLElement, result: Verified | Failed): void {
  verdict.className = result.ok ? 'outcome passed' : 'outcome failed';
  const heading = document.createElement('h2');
  heading.textContent = result.ok ? 'Verified' : `Failed at ${result.where}`;
  const list = document.createElement('dl');
  for (const [term, words] of result.ok ? describe(result) : ([['Why', result.why]] as Rows)) {
    const [name, value] = [document.createElement('dt'), document.createElement('dd')];
    name.textContent = term;
    value.textContent = words;
    list.append(name, value);
  }
  const note = document.createElement('p');
  note.textContent = !result.ok
    ? 'Save the file: together with the key it shows that something was changed.'
    : result.signer === 'authenticated'
      ? 'Nothing was changed, removed or slipped in since it was signed. Whether a claim is true is another question.'
      : 'The ledger agrees with itself and with its signature. Whether a claim is true is another question.';
  verdict.replaceChildren(heading, list, note);
}

function describe(result: Verified): Rows {
  const content = `${result.open} checked, ${result.withheld} withheld, ${result.erased} erased`;
  return [
    ['Log', result.origin],
    ['Entries', result.excerpt ? `${result.entries} of ${result.size}` : String(result.size)],
    ['Root', result.root],
    ['Content', content],
    ['Quotes', `${result.quotes.checked} found in their texts, ${result.quotes.unchecked} not open to check`],
    ['Counts', result.counts === 'equal' ? 'recomputed here, equal to those published' : 'not checked: this is an excerpt'],
    ...(result.history > 0 ? ([['Earlier checkpoints', `extends all ${result.history}`]] as const) : []),
    result.signer === 'authenticated'
      ? ['Signer', 'authenticated by the key you gave']
      : ['Signer', `not authenticated: compare the hash of its key with one from elsewhere. ${result.fingerprint}`],
  ];
}
