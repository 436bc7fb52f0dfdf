/** Shapes of the JSON API, for validation of queries and for OpenAPI. The values come from public.ts and model/counts.ts. */
import { z } from '@hono/zod-openapi';
import { SOURCE_KINDS, STATES } from '../counts/fold.ts';
import { CLAIM_KINDS, DIRECTIONS, DOCUMENT_TYPES, EVIDENCE_TIERS, FLAG_NAMES, PLATFORMS, SENTIMENTS, STUDY_DESIGNS, type Flag } from '../model/labels.ts';

const MAX_PAGE = 200;
export const count = z.int().nonnegative();
export const hex = z.string().regex(/^[0-9a-f]{64}$/);
const tier = z.enum(EVIDENCE_TIERS);
const state = z.enum(STATES);
const flag = z.enum(FLAG_NAMES as [Flag, ...Flag[]]);
const list = <T extends z.ZodType>(item: T) => z.array(item).readonly();
export const text = z.string();

/** Text of a query that must be a whole number: digits only, so that `1e3`, ` 5` and `0x10` are refused. */
export const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number);

export const slugParam = z.object({
  slug: z
    .string()
    .max(100)
    .openapi({ param: { name: 'slug', in: 'path' }, example: 'semax' }),
});
export const seqParam = slugParam.extend({ seq: wholeNumber.openapi({ param: { name: 'seq', in: 'path' }, type: 'integer', example: 0 }) });
const paging = {
  cursor: wholeNumber.optional().openapi({ type: 'integer', description: '`next` of the page before' }),
  limit: wholeNumber
    .pipe(z.int().min(1).max(MAX_PAGE))
    .optional()
    .openapi({ type: 'integer', description: `rows per page, at most ${MAX_PAGE}; default 50` }),
};
const name = z.string().min(1).max(200);
export const sourceQuery = z.object({
  ...paging,
  kind: z.enum(SOURCE_KINDS).optional(),
  platform: z.enum(PLATFORMS).optional(),
  state: state.optional(),
});
export const claimQuery = z.object({
  ...paging,
  kind: z.enum(CLAIM_KINDS).optional(),
  source_kind: z.enum(SOURCE_KINDS).optional(),
  compound: name.optional(),
  effect: name.optional(),
  direction: z.enum(DIRECTIONS).optional(),
  tier: tier.optional(),
  state: state.optional(),
});
export const countedQuery = z.object({
  ...paging,
  number: z.string().min(1).max(700).openapi({ description: 'name of a printed number, e.g. `claims.human` (docs/counts.md)', example: 'claims.human' }),
});

const errorBody = z.object({ error: z.object({ code: text, message: text }) }).openapi('Error');

export const countsBody = z
  .object({
    topic: text,
    head: z.object({ size: count, root: hex }),
    sources: z.object({
      total: count,
      scientific: count,
      commercial: count,
      reddit: count,
      x: count,
      other_anecdote: count,
      web: count,
      pending: count,
    }),
    claims: z.object({
      total: count,
      human: count,
      preclinical: count,
      anecdotal: count,
      mechanistic: count,
      speculative: count,
      apart: z.object({ duplicate: count, commercial: count, dosing: count }),
    }),
    effects: list(z.object({ compound: text, effect: text, direction: z.enum(DIRECTIONS).exclude(['none']), tier, count })),
    low_confidence: count,
    low_confidence_reasons: z.partialRecord(flag, count),
    posts: count,
    threads: count,
    experiences: count,
    set_aside: z.object({
      withheld: count,
      erased: count,
      rejected_sources: count,
      rejected_claims: count,
      superseded: count,
      noticed: count,
      not_adopted: count,
      reasons: z.record(text, count),
    }),
    confidence: z.object({
      value: z.number(),
      uncapped: z.number(),
      cap: z.number(),
      saturated: z.boolean(),
      label: text,
      terms: list(z.object({ name: z.enum(['human', 'preclinical', 'anecdotal', 'studies']), count, weight: z.number(), value: z.number() })),
    }),
    grade: z.enum(['none', 'preclinical only', 'limited human', 'human']),
    grade_rule: text,
    questions: count,
  })
  .openapi('Counts');

const by = z.enum(['machine', 'person', 'ledger']);
const judged = { seq: count, state, reasons: list(text), by, flags: list(flag), confidence: z.number(), annotator: text };
const sourceBody = z
  .object({
    ...judged,
    number: text,
    platform: z.enum(PLATFORMS),
    kind: z.enum(SOURCE_KINDS),
    labels: z.object({
      document_type: z.enum(DOCUMENT_TYPES),
      tier,
      sentiment: z.enum(SENTIMENTS),
      study_design: z.enum(STUDY_DESIGNS),
      language: text,
      first_person: z.union([z.literal(0), z.literal(1)]),
      commercial: z.union([z.literal(0), z.literal(1)]),
    }),
    record: text.optional(),
    notices: list(z.object({ kind: text, record: text })),
    cites: list(z.object({ seq: count, number: text }))
      .optional()
      .openapi({ description: 'studies of this ledger that it points to; outside the chain' }),
    url: text.optional(),
    title: text.optional(),
    created_at: text.optional(),
    summary: text.optional(),
    text: text.optional(),
  })
  .openapi('Source');
const platformBody = z
  .object({ platform: z.enum(PLATFORMS) })
  .openapi('Platform', { description: 'All that a list shows of a source whose platform allows an id only' });
const claimBody = z
  .object({
    ...judged,
    kind: z.enum(CLAIM_KINDS),
    labels: z.object({ compound: text, effect: text, direction: z.enum(DIRECTIONS), tier }),
    statement: text.optional(),
    quote: text.optional(),
    source: sourceBody,
  })
  .openapi('Claim');
export const entryBody = z
  .object({
    seq: count,
    hash: hex,
    /** As hashed: docs/ledger-format.md. */
    header: z.record(text, z.union([text, z.number(), z.array(z.union([text, z.number()]))])),
    source: sourceBody.optional(),
    claim: claimBody.optional(),
  })
  .openapi('Entry');

const next = count.optional().openapi({ description: 'cursor of the following page; absent on the last' });
export const sourcesBody = z.object({ sources: list(z.union([sourceBody, platformBody])), next }).openapi('Sources');
export const claimsBody = z.object({ claims: list(claimBody), next }).openapi('Claims');
export const countedBody = z.object({ number: text, total: count, entries: list(entryBody), next }).openapi('Counted');
export const checkpointBody = z.object({ size: count, root: hex, note: text, signed_at: text, vkey: text }).openapi('Checkpoint');
export const linksBody = z.object({ links: list(z.object({ platform: z.enum(PLATFORMS), url: text })) }).openapi('Links');
export const dropsBody = z.object({ drops: list(z.object({ stage: text, code: text, count })) }).openapi('Drops');
export const relatedBody = z.object({ related: list(z.object({ name: text, topic: text.optional(), sources: count })) }).openapi('Related');

const topicLine = z.object({ slug: text, title: text, compounds: list(text), href: text }).openapi('TopicLine');
export const topicsBody = z.object({ topics: list(topicLine) }).openapi('Topics');
export const topicBody = z
  .object({
    slug: text,
    title: text,
    compounds: list(z.object({ id: text, name: text, aliases: list(text), class: text })),
    lookalikes: list(z.object({ name: text, of: text, note: text })),
    profile: z.object({ what: text, research_suggests: text, best_known_for: text, key_thing: text, regulatory: list(text) }),
    frame: z.object({ keeps_failing: text, studied_to_do: text, why_discussed: text }),
    relevant_labs: list(z.object({ name: text, why: text })),
    unknowns: list(text),
    safety: list(text),
    questions: list(text),
    stack: list(text),
    conditions: list(z.object({ slug: text, title: text, layers: list(z.object({ topic: text, layer: text })) })),
    disclaimers: list(text),
  })
  .openapi('Topic');

/** Answers every route has besides its own. */
export const problems = {
  400: { description: 'The query is not right (`bad_query`)', content: { 'application/json': { schema: errorBody } } },
  404: { description: 'No such topic, entry or number', content: { 'application/json': { schema: errorBody } } },
} as const;
