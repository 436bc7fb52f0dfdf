/** The app over a ledger in memory, with a topic made up for tests. */
import { createApp } from '../../../src/api/app.ts';
import type { AppDeps } from '../../../src/api/deps.ts';
import { topicSchema, type Topic } from '../../../src/model/topic.ts';
import type { LedgerReader } from '../../../src/api/ledger-reader.ts';
import { MemoryLog } from './memory-log.ts';

const TOPIC: Topic = topicSchema.parse({
  slug: 'semax',
  title: 'Semax',
  compounds: [{ id: 'semax', name: 'Semax', class: 'nootropic' }],
  lookalikes: [{ name: 'Adamax', of: 'semax', note: 'another compound' }],
  profile: {
    what: 'A peptide.',
    research_suggests: 'Little.',
    best_known_for: 'Being discussed.',
    key_thing: 'Much is told, little measured.',
    regulatory: ['Not approved.'],
  },
  frame: { keeps_failing: 'Focus.', studied_to_do: 'Stroke care.', why_discussed: 'Reports.' },
  relevant_labs: [{ name: 'A laboratory', why: 'Made it.' }],
  unknowns: ['Long-term effects.'],
  safety: ['Hardly studied.'],
  questions: ['a?', 'b?', 'c?', 'd?', 'e?', 'f?', 'g?', 'h?'],
  communities: [{ source: 'reddit', query: { subreddit: 'SecretCommunity' }, schedule: { every: '1h' } }],
});

export function serve(ledger: LedgerReader, extra: Partial<AppDeps> = {}) {
  const topics = new Map([
    ['semax', TOPIC],
    ['selank', { ...TOPIC, slug: 'selank', title: 'Selank' }],
  ]);
  const now = () => new Date('2026-01-03T00:00:00Z');
  const app = createApp({
    ledger,
    logOf: () => new MemoryLog(0),
    topics,
    now,
    policyOf: (platform) => (platform === 'x' ? 'id' : 'summary'),
    coverage: async () => [],
    ping: async () => {},
    ...extra,
  });
  return {
    app,
    json: async <T = Record<string, unknown>>(path: string): Promise<T> => (await app.request(path)).json() as Promise<T>,
    html: async (path: string): Promise<string> => (await app.request(path)).text(),
  };
}
