/** What the ledger of a topic holds: counts, sources, claims, the entries behind a number, single entries, the checkpoint. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { stream } from 'hono/streaming';
import { toCountsJson } from '../../counts/counts-json.ts';
import { InvalidInputError, TransientError } from '../../errors.ts';
import { requireTopic, type AppDeps } from '../deps.ts';
import { loadLinks } from '../links.ts';
import { publicClaim, publicEntry, publicListed } from '../public.ts';
import {
  checkpointBody,
  claimQuery,
  claimsBody,
  countedBody,
  countedQuery,
  countsBody,
  dropsBody,
  entryBody,
  linksBody,
  problems,
  relatedBody,
  seqParam,
  slugParam,
  sourceQuery,
  sourcesBody,
} from '../schemas.ts';

const DEFAULT_PAGE = 50;
/** Each holds a connection of the database for as long as its reader takes; the other requests need the rest. */
const MAX_EXPORTS = 3;
/** A reader that takes nothing for so long is given up: the server ends an idle snapshot then as well. */
const STALLED_MS = 60_000;
const json = <T>(schema: T, description: string) => ({ 200: { description, content: { 'application/json': { schema } } }, ...problems });

const getCounts = createRoute({
  method: 'get',
  path: '/api/topics/{slug}/counts',
  summary: 'Every number of the article, with the head it was folded to',
  request: { params: slugParam },
  responses: json(countsBody, 'The counts'),
});
const listSources = createRoute({
  method: 'get',
  path: '/api/topics/{slug}/sources',
  summary: 'Sources, oldest first',
  request: { params: slugParam, query: sourceQuery },
  responses: json(sourcesBody, 'A page of sources'),
});
const listClaims = createRoute({
  method: 'get',
  path: '/api/topics/{slug}/claims',
  summary: 'Claims with their quotes, oldest first',
  request: { params: slugParam, query: claimQuery },
  responses: json(claimsBody, 'A page of claims'),
});
const listCounted = createRoute({
  method: 'get',
  path: '/api/topics/{slug}/counted',
  summary: 'The entries a printed number counts',
  request: { params: slugParam, query: countedQuery },
  responses: json(countedBody, 'A page of entries'),
});
const getEntry = createRoute({
  method: 'get',
  path: '/api/topics/{slug}/entries/{seq}',
  summary: 'One ledger entry: header, hash, and what of its content is public',
  request: { params: seqParam },
  responses: json(entryBody, 'The entry'),
});
const getCheckpoint = createRoute({
  method: 'get',
  path: '/api/topics/{slug}/checkpoint',
  summary: 'The latest signed head',
  request: { params: slugParam },
  responses: json(checkpointBody, 'The checkpoint'),
});
const listLinks = createRoute({
  method: 'get',
  path: '/api/topics/{slug}/links',
  summary: 'Links to posts of which their platform allows no more to be shown, in no particular order',
  request: { params: slugParam },
  responses: json(linksBody, 'The links'),
});
const listDrops = createRoute({
  method: 'get',
  path: '/api/topics/{slug}/drops',
  summary: 'What did not become an entry, counted by stage and reason',
  request: { params: slugParam },
  responses: json(dropsBody, 'The drops'),
});
const listRelated = createRoute({
  method: 'get',
  path: '/api/topics/{slug}/related',
  summary: 'Other compounds the sources name',
  request: { params: slugParam },
  responses: json(relatedBody, 'The compounds, most often named first'),
});

export function addLedgerRoutes(app: OpenAPIHono, deps: AppDeps): void {
  const { ledger, policyOf } = deps;

  app.openapi(getCounts, async (c) => {
    const { slug } = c.req.valid('param');
    requireTopic(deps, slug);
    const counts = await ledger.counts(slug);
    if (counts === undefined) throw new InvalidInputError('no_counts', 'nothing has been counted for this topic yet');
    return c.json(toCountsJson(counts), 200);
  });
  app.openapi(listSources, async (c) => {
    const { slug } = c.req.valid('param');
    requireTopic(deps, slug);
    const page = await ledger.sources(slug, { limit: DEFAULT_PAGE, ...compact(c.req.valid('query')) });
    return c.json({ sources: page.rows.map((row) => publicListed(row, policyOf)), ...nextOf(page) }, 200);
  });
  app.openapi(listClaims, async (c) => {
    const { slug } = c.req.valid('param');
    requireTopic(deps, slug);
    const { source_kind: sourceKind, ...query } = c.req.valid('query');
    const page = await ledger.claims(slug, { limit: DEFAULT_PAGE, ...compact({ ...query, sourceKind }) });
    return c.json({ claims: page.rows.map((row) => publicClaim(row, policyOf)), ...nextOf(page) }, 200);
  });
  app.openapi(listCounted, async (c) => {
    const { slug } = c.req.valid('param');
    requireTopic(deps, slug);
    const { number, ...paging } = c.req.valid('query');
    const page = await ledger.counted(slug, number, { limit: DEFAULT_PAGE, ...compact(paging) });
    return c.json({ number, total: page.total, entries: page.rows.map((row) => publicEntry(row, policyOf)), ...nextOf(page) }, 200);
  });
  app.openapi(getEntry, async (c) => {
    const { slug, seq } = c.req.valid('param');
    requireTopic(deps, slug);
    const row = await ledger.entry(slug, seq);
    if (row === undefined) throw new InvalidInputError('unknown_entry', 'there is no such entry');
    return c.json(publicEntry(row, policyOf), 200);
  });
  app.openapi(getCheckpoint, async (c) => {
    const { slug } = c.req.valid('param');
    requireTopic(deps, slug);
    const checkpoint = await ledger.checkpoint(slug);
    if (checkpoint === undefined) throw new InvalidInputError('no_checkpoint', 'nothing has been signed for this topic yet');
    return c.json(checkpoint, 200);
  });
  app.openapi(listLinks, async (c) => {
    const { slug } = c.req.valid('param');
    requireTopic(deps, slug);
    return c.json({ links: await loadLinks(deps, slug) }, 200);
  });
  app.openapi(listDrops, async (c) => {
    const { slug } = c.req.valid('param');
    requireTopic(deps, slug);
    return c.json({ drops: await ledger.drops(slug) }, 200);
  });
  app.openapi(listRelated, async (c) => {
    const { slug } = c.req.valid('param');
    requireTopic(deps, slug);
    return c.json({ related: await ledger.coMentions(slug) }, 200);
  });
  const exporting: Exporting = { open: 0 };
  app.get('/api/topics/:slug/export', (c) => exportTopic(c, deps, exporting));
}

/** How many exports this server is handing out. */
interface Exporting {
  open: number;
}

/** NDJSON as written by `hearsay ledger export`; streamed, since a ledger may be large. Raises TransientError `too_many_exports`. */
async function exportTopic(c: Context, deps: AppDeps, exporting: Exporting): Promise<Response> {
  const slug = c.req.param('slug') ?? '';
  requireTopic(deps, slug);
  if (deps.exportLines === undefined) throw new InvalidInputError('no_export', 'this server does not serve exports');
  if (exporting.open >= MAX_EXPORTS) throw new TransientError('too_many_exports', `${MAX_EXPORTS} exports are being read`);
  const lines = takeLines(deps.exportLines(slug), exporting);
  // Before the status is sent: where nothing is signed yet there is no export.
  const first = await lines.next();
  c.header('Content-Type', 'application/x-ndjson; charset=utf-8');
  c.header('Content-Disposition', `attachment; filename="${slug}.ndjson"`);
  if (c.req.method === 'HEAD') {
    // Nobody would read the body, and the export would stand open.
    await lines.return(undefined);
    return c.body(null);
  }
  return stream(
    c,
    async (out) => {
      try {
        for (let next = first; !next.done && !out.aborted; next = await lines.next()) await requireTaken(out.write(next.value));
      } finally {
        // A reader that went away must not keep a connection of the database.
        await lines.return(undefined);
      }
    },
    // The status is sent already: an export that stops early lacks its closing line, and verification says so.
    async (error) => deps.report?.(error),
  );
}

/** Counted from the first line asked for until the last, an error, or return(). */
async function* takeLines(lines: AsyncIterable<string>, exporting: Exporting): AsyncGenerator<string, undefined> {
  exporting.open++;
  try {
    yield* lines;
  } finally {
    exporting.open--;
  }
}

async function requireTaken(writing: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const stalled = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TransientError('export_stalled', `nobody took a line of an export for ${STALLED_MS / 1000} s`)), STALLED_MS);
  });
  try {
    await Promise.race([writing, stalled]);
  } finally {
    clearTimeout(timer);
  }
}

function nextOf({ next }: { readonly next?: number }): { next?: number } {
  return next === undefined ? {} : { next };
}

/** Without the keys that are undefined: a default before it must not be overwritten by nothing. */
function compact<T extends object>(query: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
