import { serve } from './serve.ts';
import { describe, expect, it } from 'vitest';
import { linkOf, publicClaim, publicListed, publicSource, type PolicyOf } from '../../../src/api/public.ts';
import { safeLink } from '../../../src/api/safe-link.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { must } from '../counts/must.ts';

const summary: PolicyOf = () => 'summary';
const text: PolicyOf = () => 'text';
const id: PolicyOf = () => 'id';
const tally: PolicyOf = () => 'tally';

async function read(ledger: MemoryLedger, claim: number) {
  const { rows } = await ledger.claims('semax', { limit: 100 });
  const row = must(rows.find(({ header }) => header.seq === claim));
  return { row, source: row.source };
}

describe('what is shown, by policy', () => {
  it('text: everything, doses hidden', async () => {
    const ledger = new MemoryLedger();
    const { claim } = ledger.post('I took 300 mcg twice daily and my focus was better.', {
      content: { title: '600mcg log', summary: 'Took 5 mg, felt better.' },
    });
    const { row, source } = await read(ledger, claim);
    const shown = { ...publicSource(source, text), claim: publicClaim(row, text) };
    expect(shown).toMatchObject({ url: expect.stringContaining('forum.example'), created_at: '2026-01-01T10:00:00Z' });
    expect(shown.text).toContain('my focus was better');
    expect(JSON.stringify(shown)).not.toMatch(/300|600|mcg|5 mg|twice/);
  });

  it('summary: summary, link and quote; the title for literature and web pages only', async () => {
    const ledger = new MemoryLedger();
    const post = ledger.post('My focus was better.');
    const study = ledger.post('Abstract.', { source: { platform: 'pubmed', document_type: 'primary_study', record: 'pmid:1' } });
    const page = ledger.post('Page.', { source: { platform: 'web' } });
    const { row, source } = await read(ledger, post.claim);
    expect(publicSource(source, summary)).toMatchObject({ summary: 'Summary of 1.', url: 'https://forum.example/1' });
    expect(publicSource(source, summary)).not.toHaveProperty('text');
    expect(publicSource(source, summary)).not.toHaveProperty('title');
    expect(publicClaim(row, summary)).toMatchObject({ quote: 'My focus was better.', statement: 'Statement of 2.' });
    expect(publicSource((await read(ledger, study.claim)).source, summary)).toMatchObject({ title: 'Title of 3', record: 'pmid:1' });
    expect(publicSource((await read(ledger, page.claim)).source, summary)).toHaveProperty('title');
    const cites = [{ seq: 4, number: 's2' }];
    expect(publicSource({ ...(await read(ledger, page.claim)).source, cites }, summary)).toMatchObject({ cites });
  });

  it('id: a link without labels, or labels without a link, and never a word', async () => {
    const ledger = new MemoryLedger();
    const { claim } = ledger.post('My anxiety is gone.', { source: { platform: 'x' } });
    const { row, source } = await read(ledger, claim);
    expect(publicListed(source, id)).toEqual({ platform: 'x' });
    expect(linkOf(source)).toEqual([{ platform: 'x', url: 'https://forum.example/1' }]);
    const labelled = JSON.stringify([publicSource({ ...source, cites: [{ seq: 9, number: 's3' }] }, id), publicClaim(row, id)]);
    expect(labelled).toContain('first_person_report');
    // Not even which studies it points to.
    expect(labelled).not.toContain('s3');
    expect(labelled).not.toMatch(/forum\.example|anxiety|Title|Summary|Statement|2026-01-01/);
  });

  it('tally: numbers only, in no list and without a link', async () => {
    const ledger = new MemoryLedger();
    const { claim } = ledger.post('My anxiety is gone.', { source: { platform: 'x' } });
    const { row, source } = await read(ledger, claim);
    expect(publicListed(source, tally)).toEqual({ platform: 'x' });
    expect(JSON.stringify([publicSource(source, tally), publicClaim(row, tally)])).not.toMatch(/forum\.example|anxiety|Title|Summary|Statement/);
    const app = serve(ledger, { policyOf: (platform) => (platform === 'x' ? 'tally' : 'summary') });
    expect(await app.json('/api/topics/semax/links')).toEqual({ links: [] });
    expect(await app.html('/t/semax')).not.toMatch(/forum\.example|anxiety is gone/);
    expect(await app.json('/api/topics/semax/counts')).toMatchObject({ sources: { x: 1 } });
  });
});

describe('what is shown, by state', () => {
  it('shows a waiting claim without words, unless only its confidence is low', async () => {
    const ledger = new MemoryLedger();
    const unsure = ledger.post('Quote one.', { claim: { flags: ['low_confidence'] } });
    const ungrounded = ledger.post('Quote two.', { claim: { flags: ['ungrounded'] } });
    const injected = ledger.post('Quote three.', { source: { flags: ['injection'] } });
    const words = async ({ claim }: { claim: number }) => publicClaim((await read(ledger, claim)).row, text);
    expect(await words(unsure)).toMatchObject({ state: 'pending', quote: 'Quote one.' });
    expect(await words(ungrounded)).not.toHaveProperty('quote');
    expect(await words(ungrounded)).not.toHaveProperty('statement');
    const waiting = await words(injected);
    expect(JSON.stringify(waiting)).not.toMatch(/Quote three|Title|Summary/);
    expect(waiting.source.url).toBeDefined();
  });

  it.each(['withhold', 'tombstone'] as const)('shows no content after %s, even where a reader still hands it over', async (what) => {
    const ledger = new MemoryLedger();
    const { source, claim } = ledger.post('Canary.');
    ledger.chain[what]([source, claim]);
    const { row } = await read(ledger, claim);
    expect(row.content).toBeDefined();
    expect(JSON.stringify([publicClaim(row, text), publicSource(row.source, text), publicListed(row.source, id), linkOf(row.source)])).not.toMatch(
      /Canary|Title|forum\.example/,
    );
  });

  it('shows no words of rejected or superseded posts, and which paper was retracted', async () => {
    const ledger = new MemoryLedger();
    const rejected = ledger.post('Rejected words.');
    ledger.chain.review(rejected.source, { decision: 'reject' });
    const edited = ledger.post('Old words.');
    ledger.chain.source({ supersedes: edited.source });
    const retracted = ledger.post('Abstract words.', { source: { platform: 'pubmed', document_type: 'primary_study' } });
    ledger.chain.notice(retracted.source);
    const shown = await Promise.all([rejected, edited, retracted].map(async ({ claim }) => publicClaim((await read(ledger, claim)).row, text)));
    expect(JSON.stringify(shown)).not.toMatch(/words/);
    expect(shown[2]?.source).toMatchObject({
      state: 'noticed',
      title: `Title of ${retracted.source}`,
      notices: [{ kind: 'retraction', record: 'pmid:1' }],
    });
  });
});

describe('hostile words', () => {
  it('cuts long quotes at a space, and not through a character', async () => {
    const ledger = new MemoryLedger();
    const spaced = ledger.post('word '.repeat(200));
    const emoji = ledger.post(`x${'🙂'.repeat(300)}`);
    const quoted = must(publicClaim((await read(ledger, spaced.claim)).row, summary).quote);
    expect(quoted.length).toBeLessThan(290);
    expect(quoted).toMatch(/word …$/);
    expect(must(publicClaim((await read(ledger, emoji.claim)).row, summary).quote).isWellFormed()).toBe(true);
  });

  it('drops control characters, direction marks and lone surrogates', async () => {
    const ledger = new MemoryLedger();
    const { claim } = ledger.post('a\u202eb\u0000c\ud800d\u2066e');
    expect(publicClaim((await read(ledger, claim)).row, summary).quote).toBe('abc\ufffdde');
  });

  it.each([
    ['https://reddit.com/r/x', 'https://reddit.com/r/x'],
    ['http://a.example/b c', 'http://a.example/b%20c'],
    ['javascript:alert(1)', undefined],
    [' jAvA\nscript:alert(1)', undefined],
    ['data:text/html,<script>', undefined],
    ['vbscript:x', undefined],
    ['https://reddit.com@evil.example/', undefined],
    ['https://u:p@evil.example/', undefined],
    ['//evil.example', undefined],
    ['not a url', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('links %s as %s', (address, expected) => {
    expect(safeLink(address)).toBe(expected);
  });
});
