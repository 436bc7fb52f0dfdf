/** Random chains: every entry type, sensible and senseless refs, several annotators, amendments, undos, links. */
import fc from 'fast-check';
import type { Header } from '../../src/ledger/header.ts';
import { DOCUMENT_TYPES, EVIDENCE_TIERS, FLAG_NAMES, FLAGS, LITERATURE_PLATFORMS, PLATFORMS, type Flag } from '../../src/model/labels.ts';
import { Chain } from '../unit/counts/chain.ts';
import { must } from '../unit/counts/must.ts';

const SOURCE_FLAGS = FLAG_NAMES.filter((flag) => (FLAGS[flag].on as readonly string[]).includes('source'));
const CLAIM_FLAGS = FLAG_NAMES.filter((flag) => (FLAGS[flag].on as readonly string[]).includes('claim'));
const ANNOTATORS = ['embedded-a', 'embedded-b', 'llm-c'];

/** Often none: otherwise nearly everything random is pending. */
const flagsOf = (names: readonly Flag[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant<Flag[]>([]) }, { weight: 2, arbitrary: fc.subarray([...names]).map((flags) => flags.sort()) });
const pick = fc.nat();
const tier = fc.constantFrom(...EVIDENCE_TIERS);

const sourceLabels = fc.record({
  // Twice the literature, so that grades come up.
  platform: fc.constantFrom(...PLATFORMS, ...LITERATURE_PLATFORMS, ...LITERATURE_PLATFORMS),
  document_type: fc.constantFrom(...DOCUMENT_TYPES.filter((type) => type !== 'off_topic'), 'primary_study', 'primary_study'),
  tier,
  study_design: fc.constantFrom('rct', 'systematic_review', 'observational', 'animal', 'none'),
  commercial: fc.constantFrom(0, 0, 0, 1),
  flags: flagsOf(SOURCE_FLAGS),
  record: fc.constantFrom('pmid:1', 'pmid:2'),
});
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('source'),
      labels: sourceLabels,
      annotator: fc.constantFrom('embedded-a', ...ANNOTATORS),
      same: pick,
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('main'), on: pick, tier, flags: flagsOf(CLAIM_FLAGS) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('effect'),
      on: pick,
      effect: fc.constantFrom('focus', 'sleep'),
      direction: fc.constantFrom('improves', 'worsens', 'no_effect'),
      flags: flagsOf(CLAIM_FLAGS),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('review'),
      on: pick,
      decision: fc.constantFrom('accept', 'reject', 'amend'),
      role: fc.constantFrom('primary', 'primary', 'primary', 'adjudication', 'second', 'audit'),
      labels: fc.record({ tier, commercial: fc.constantFrom(0, 1), direction: fc.constantFrom('improves', 'worsens') }, { requiredKeys: ['tier'] }),
      stale: fc.constantFrom(false, false, false, true),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('undo'), on: pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('annotator'), on: pick }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('withhold', 'restore', 'tombstone', 'link', 'link', 'notice', 'question'),
      on: pick,
      other: pick,
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Chains of so many entries besides the first, which adopts an annotator. */
export function chainsOf(length: { readonly minLength?: number; readonly maxLength: number }): fc.Arbitrary<Header[]> {
  return fc.array(step, { ...length, size: 'max' }).map((steps) => {
    const chain = new Chain();
    for (const one of steps) addStep(chain, one);
    return chain.headers;
  });
}

export const chainArbitrary: fc.Arbitrary<Header[]> = chainsOf({ maxLength: 60 });

/** Seq of some earlier entry of these types, or of any entry. */
function choose(chain: Chain, at: number, types: readonly Header['type'][] = []): number {
  const fitting = chain.headers.filter((header) => types.includes(header.type));
  const from = fitting.length > 0 ? fitting : chain.headers;
  return must(from[at % from.length]).seq;
}

/** The last decision on an entry, as a reviewer reads it off; computed here without the fold. */
export function lastDecisionOn(headers: readonly Header[], ref: number): number {
  const own = headers.filter((header) => header.type === 'review' && header.ref === ref && (header.role === 'primary' || header.role === 'adjudication'));
  const seqs = new Set(own.map((header) => header.seq));
  return Math.max(-1, ...seqs, ...headers.filter((header) => header.type === 'undo' && seqs.has(header.ref)).map((header) => header.seq));
}

function addStep(chain: Chain, one: Step): void {
  switch (one.do) {
    case 'source': {
      const earlier = chain.headers.filter((header) => header.type === 'source');
      const other = earlier[one.same % Math.max(1, earlier.length)];
      const relation = one.same % 5;
      const supersedes = other !== undefined && relation === 0 ? { supersedes: other.seq, thread: other.thread, experience: other.experience } : {};
      const thread = other !== undefined && relation === 1 ? { thread: other.thread } : {};
      const experience = other !== undefined && relation === 2 ? { experience: other.experience } : {};
      chain.source({ ...one.labels, annotator: one.annotator, ...supersedes, ...thread, ...experience } as Parameters<Chain['source']>[0]);
      return;
    }
    case 'main':
      chain.claim(choose(chain, one.on, ['source']), { tier: one.tier, flags: one.flags });
      return;
    case 'effect':
      chain.effect(choose(chain, one.on, ['source']), { effect: one.effect, direction: one.direction as 'improves', flags: one.flags });
      return;
    case 'review': {
      const ref = choose(chain, one.on, ['source', 'claim', 'claim']);
      const expects = one.stale ? -1 : lastDecisionOn(chain.headers, ref);
      const labels = one.decision === 'amend' ? one.labels : {};
      chain.review(ref, { decision: one.decision, role: one.role, expects, ...labels } as Parameters<Chain['review']>[1]);
      return;
    }
    case 'undo':
      chain.undo(choose(chain, one.on, ['review']));
      return;
    case 'annotator':
      chain.annotator(must(ANNOTATORS[one.on % ANNOTATORS.length]));
      return;
    case 'link':
      chain.link(choose(chain, one.on, ['source']), choose(chain, one.other, ['source']));
      return;
    case 'notice':
      chain.notice(choose(chain, one.on, ['source']), must((['retraction', 'erratum', 'concern'] as const)[one.other % 3]));
      return;
    case 'question':
      chain.question();
      return;
    default: {
      const types = ['source', 'claim', 'question'] as const;
      const refs = [...new Set([choose(chain, one.on, types), choose(chain, one.other, types)])].sort((a, b) => a - b);
      if (one.do === 'withhold') chain.withhold(refs);
      else if (one.do === 'restore') chain.restore(refs);
      else chain.tombstone(refs);
    }
  }
}
