/**
 * Shapes of the sample's files. Wire objects stay open (`data` is what the platform would send, faults included); what
 * the loader itself reads is checked, so that a slip in a hand-written file fails at once and by name.
 */
import { z } from 'zod';
import { DIRECTIONS, DOCUMENT_TYPES, EVIDENCE_TIERS, SENTIMENTS } from '../../model/labels.ts';

const wireObject = z.record(z.string(), z.unknown());
const thing = z.strictObject({ kind: z.enum(['t3', 't1']), data: wireObject });
const pageCore = { path: z.string().startsWith('/'), status: z.number().int().optional(), headers: z.record(z.string(), z.string()).optional() };

export const worldSchemas = {
  reddit: z.strictObject({
    things: z.array(thing),
    subreddits: z.record(z.string(), z.strictObject({ state: z.enum(['public', 'private', 'banned', 'quarantined']) })),
  }),
  x: z.strictObject({ posts: z.array(wireObject) }),
  /** A page not in UTF-8 is stored as base64 of its bytes. */
  web: z.strictObject({
    sites: z.array(
      z.strictObject({
        host: z.string().endsWith('.example'),
        pages: z.array(z.union([z.strictObject({ ...pageCore, body: z.string() }), z.strictObject({ ...pageCore, bodyBase64: z.base64() })])),
      }),
    ),
  }),
  pubmed: z.strictObject({ articles: z.array(z.string().startsWith('<PubmedArticle>')) }),
  clinicaltrials: z.strictObject({ studies: z.array(wireObject) }),
};
export type StoredWeb = z.infer<typeof worldSchemas.web>;
export type RedditWorld = z.infer<typeof worldSchemas.reddit>;
export type RedditThing = z.infer<typeof thing>;

export interface DemoPage {
  readonly path: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A Buffer where the page is not in UTF-8. */
  readonly body: string | Buffer;
}
export interface WebWorld {
  readonly sites: readonly { readonly host: string; readonly pages: readonly DemoPage[] }[];
}

/** The outside world of the demo, one part per stand-in. */
export interface DemoWorld {
  readonly reddit: RedditWorld;
  readonly x: z.infer<typeof worldSchemas.x>;
  readonly web: WebWorld;
  readonly pubmed: z.infer<typeof worldSchemas.pubmed>;
  readonly clinicaltrials: z.infer<typeof worldSchemas.clinicaltrials>;
}

const at = { visit: z.union([z.literal(2), z.literal(3)]) };
const reddit = { ...at, platform: z.literal('reddit'), id: z.string().regex(/^t[13]_[a-z0-9]+$/) };
const x = { ...at, platform: z.literal('x'), id: z.string().regex(/^\d{19}$/) };
const web = { ...at, platform: z.literal('web'), id: z.url() };

/** One thing that happens before a visit. `id` is the native id of the post it happens to. */
export const changeSchema = z.union([
  z.strictObject({ ...reddit, action: z.literal('edit'), text: z.string(), edited_utc: z.number() }),
  z.strictObject({ ...reddit, action: z.enum(['delete', 'account_deleted', 'restore']) }),
  z.strictObject({ ...reddit, action: z.literal('remove'), removed_by: z.enum(['moderator', 'automod_filtered', 'reddit']).optional() }),
  z.strictObject({ ...reddit, action: z.literal('add'), item: thing }),
  z.strictObject({ ...x, action: z.literal('delete') }),
  z.strictObject({ ...x, action: z.literal('add'), item: wireObject }),
  z.strictObject({ ...web, action: z.literal('edit'), from: z.string().min(1), to: z.string() }),
  z.strictObject({ ...web, action: z.literal('page_gone') }),
  z.strictObject({
    ...at,
    platform: z.literal('pubmed'),
    id: z.string().regex(/^pmid:\d{1,9}$/),
    action: z.literal('edit'),
    article: z.string().startsWith('<PubmedArticle>'),
  }),
]);
export type Change = z.infer<typeof changeSchema>;

const effect = z.strictObject({
  effect: z.string().min(1),
  direction: z.enum(DIRECTIONS).exclude(['none']),
  quote: z.string().min(1),
  /** Named where the effect is another compound's than the item's. */
  compound: z.string().optional(),
});
const labels = z.strictObject({
  /** What the item is mainly about; items not about Semax are for the topic's gate to drop. */
  compound: z.string(),
  language: z.string().length(2),
  document_type: z.enum(DOCUMENT_TYPES),
  evidence_tier: z.enum(EVIDENCE_TIERS),
  sentiment: z.enum(SENTIMENTS),
  first_person_use: z.boolean(),
  commercial_interest: z.boolean(),
  effects: z.array(effect),
});

/** Native id -> labels; `after_edit` holds those of the text as edited at the second visit. */
export const expectedSchema = z.strictObject({ labels: z.record(z.string(), labels), after_edit: z.record(z.string(), labels) });
export type Expected = z.infer<typeof expectedSchema>;
