/** What was asked of each community of a topic, what came of it, and what may be missing. Codes only; queries and messages stay inside. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { GAP_CLOSERS, GAP_KINDS } from '../../model/gap.ts';
import { type CommunityCoverage, OUTCOMES } from '../../pipeline/read-coverage.ts';
import { requireTopic, type AppDeps } from '../deps.ts';
import { count, problems, slugParam, text } from '../schemas.ts';

const time = z.iso.datetime().nullable();
const coverageBody = z
  .object({
    communities: z
      .array(
        z.object({
          community: z.int().positive(),
          source: text,
          outcome: z.enum(OUTCOMES),
          code: text.nullable().openapi({ description: 'why the last run failed or stopped (docs/errors.md)' }),
          started_at: time,
          finished_at: time,
          pages: count,
          seen: count,
          fresh: count.openapi({ description: 'items that no earlier run could find' }),
          new_posts: count,
          new_revisions: count,
          unchanged: count,
          gone: count,
          refused: count,
          last_success_at: time,
          last_found_at: time,
          covered_until: time.openapi({ description: 'what was listed then has been read, but for the gaps' }),
          failures: z.array(z.object({ day: z.iso.date(), code: text, runs: count })).readonly(),
          gaps: z
            .array(
              z.object({
                id: z.int().positive(),
                kind: z.enum(GAP_KINDS),
                since: time,
                until: time,
                opened_at: time,
                closed_at: time,
                closed_by: z.enum(GAP_CLOSERS).nullable(),
              }),
            )
            .readonly()
            .openapi({ description: 'open ones, and those closed in the last 30 days; `until` null: to now; `closed_by` person: somebody accepts it' }),
        }),
      )
      .readonly(),
  })
  .openapi('Coverage');

const getCoverage = createRoute({
  method: 'get',
  path: '/api/topics/{slug}/coverage',
  summary: 'Per community: the last run, failures by day and code, and what may be missing',
  request: { params: slugParam },
  responses: { 200: { description: 'The coverage', content: { 'application/json': { schema: coverageBody } } }, ...problems },
});

export function addCoverageRoute(app: OpenAPIHono, deps: AppDeps): void {
  app.openapi(getCoverage, async (c) => {
    const { slug } = c.req.valid('param');
    requireTopic(deps, slug);
    return c.json({ communities: (await deps.coverage(slug)).map(publicCoverage) }, 200);
  });
}

function publicCoverage(row: CommunityCoverage): z.infer<typeof coverageBody>['communities'][number] {
  const { community, source, outcome, code, failures } = row;
  return {
    community,
    source,
    outcome,
    code,
    started_at: iso(row.started_at),
    finished_at: iso(row.finished_at),
    pages: row.pages ?? 0,
    seen: row.seen ?? 0,
    fresh: row.fresh ?? 0,
    new_posts: row.new_posts ?? 0,
    new_revisions: row.new_revisions ?? 0,
    unchanged: row.unchanged ?? 0,
    gone: row.gone ?? 0,
    refused: row.refused ?? 0,
    last_success_at: iso(row.last_success_at),
    last_found_at: iso(row.last_found_at),
    covered_until: iso(row.covered_until),
    failures: [...failures],
    gaps: row.gaps.map((gap) => ({
      id: gap.id,
      kind: gap.kind,
      since: iso(gap.since),
      until: iso(gap.until),
      opened_at: iso(gap.opened_at),
      closed_at: iso(gap.closed_at),
      closed_by: gap.closed_by,
    })),
  };
}

function iso(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}
