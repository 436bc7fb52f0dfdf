/**
 * Numbers to watch an installation by, counted in Postgres when asked: whichever process answers, they are those of all processes, and
 * a restart sets none back. Names: https://prometheus.io/docs/practices/naming/. Proved by test/integration/coverage.test.ts.
 */
import type { Pool } from 'pg';
import { GAP_KINDS } from '../model/gap.ts';
import { measureBacklog } from './backlog.ts';
import { readRechecks } from './read-rechecks.ts';

export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly samples: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

interface Sample {
  readonly labels: Record<string, string>;
  readonly value: number;
}

export async function readMetrics(pool: Pool): Promise<readonly Metric[]> {
  const backlog = await measureBacklog(pool);
  const rechecks = await readRechecks(pool, await readClock(pool));
  const ask = async (sql: string, ...values: unknown[]): Promise<readonly Sample[]> => (await pool.query<Sample>(sql, values)).rows;
  const of = "jsonb_build_object('topic', m.topic, 'source', m.source, 'community', m.id::text)";
  return [
    {
      name: 'hearsay_crawl_runs_total',
      help: 'Runs of communities, by how they ended.',
      type: 'counter',
      samples: await ask(
        `SELECT jsonb_build_object('source', source, 'status', status) AS labels, count(*)::float8 AS value
           FROM crawl WHERE community_id IS NOT NULL AND status <> 'running' GROUP BY source, status ORDER BY source, status`,
      ),
    },
    {
      name: 'hearsay_crawl_failures_total',
      help: 'Runs that failed, by error code (docs/errors.md).',
      type: 'counter',
      samples: await ask(
        `SELECT jsonb_build_object('source', source, 'code', error_code) AS labels, count(*)::float8 AS value
           FROM crawl WHERE status = 'failed' GROUP BY source, error_code ORDER BY source, error_code`,
      ),
    },
    {
      name: 'hearsay_crawl_items_total',
      help: 'Items that crawls met, by what became of them. Every item met is in one of them.',
      type: 'counter',
      samples: await ask(
        `SELECT jsonb_build_object('source', source, 'result', result) AS labels, sum(items)::float8 AS value
           FROM crawl CROSS JOIN LATERAL (VALUES ('new', new_posts), ('changed', new_revisions), ('unchanged', unchanged), ('gone', gone), ('refused', refused))
             AS r (result, items)
          WHERE community_id IS NOT NULL GROUP BY source, result ORDER BY source, result`,
      ),
    },
    {
      name: 'hearsay_not_kept',
      help: 'Items that were not kept, once per item and reason, by stage, source and code (docs/errors.md). An erasure may lower it.',
      type: 'gauge',
      samples: await ask(
        `SELECT jsonb_build_object('stage', stage, 'source', source, 'code', code) AS labels, count(*)::float8 AS value
           FROM refusal GROUP BY stage, source, code ORDER BY stage, source, code`,
      ),
    },
    {
      name: 'hearsay_crawl_last_success_age_seconds',
      help: 'Time since a run of the community last brought an answer and did not fail; +Inf where none has.',
      type: 'gauge',
      samples: await ask(
        `SELECT ${of} AS labels, coalesce(extract(epoch FROM now() - (
             SELECT max(finished_at) FROM crawl WHERE community_id = m.id AND (status = 'done' OR (status = 'stopped' AND pages > 0))))::float8, 'Infinity') AS value
           FROM community m WHERE m.active ORDER BY m.topic, m.id`,
      ),
    },
    {
      name: 'hearsay_gaps_open',
      help: 'Times of which items may be missing, by kind (docs/operation.md).',
      type: 'gauge',
      samples: await ask(
        `SELECT ${of} || jsonb_build_object('kind', k.kind) AS labels, count(g.id)::float8 AS value
           FROM community m CROSS JOIN unnest($1::text[]) AS k (kind)
           LEFT JOIN coverage_gap g ON g.community_id = m.id AND g.kind = k.kind AND g.closed_at IS NULL
          WHERE m.active GROUP BY m.topic, m.id, m.source, k.kind ORDER BY m.topic, m.id, k.kind`,
        GAP_KINDS,
      ),
    },
    {
      name: 'hearsay_gaps_opened_total',
      help: 'Gaps ever found, closed ones included.',
      type: 'counter',
      samples: await ask(
        `SELECT jsonb_build_object('source', m.source, 'kind', g.kind) AS labels, count(*)::float8 AS value
           FROM coverage_gap g JOIN community m ON m.id = g.community_id GROUP BY m.source, g.kind ORDER BY m.source, g.kind`,
      ),
    },
    {
      name: 'hearsay_rechecks_due',
      help: 'Kept posts that are to be asked about now, by source.',
      type: 'gauge',
      samples: rechecks.map(({ source, due }) => ({ labels: { source }, value: due })),
    },
    {
      name: 'hearsay_rechecks_late',
      help: 'Of these, posts that rounds which work would have asked about: the duty to the platform is not met.',
      type: 'gauge',
      samples: rechecks.map(({ source, late }) => ({ labels: { source }, value: late })),
    },
    {
      name: 'hearsay_llm_day_tokens',
      help: 'Tokens that the answers of the LLM annotator took this UTC day, by model and kind; those under way with the most they may take.',
      type: 'gauge',
      samples: await ask(
        `SELECT jsonb_build_object('model', model, 'kind', kind) AS labels, tokens::float8 AS value
           FROM llm_usage CROSS JOIN LATERAL (VALUES ('input', input_tokens), ('output', output_tokens)) AS t (kind, tokens)
          WHERE day = (now() AT TIME ZONE 'UTC')::date ORDER BY model, kind`,
      ),
    },
    {
      name: 'hearsay_llm_month_usd',
      help: 'What the answers of this UTC month cost, by model, at the prices configured.',
      type: 'gauge',
      samples: await ask(
        `SELECT jsonb_build_object('model', model) AS labels, sum(micro_usd)::float8 / 1000000 AS value
           FROM llm_usage WHERE day >= date_trunc('month', now() AT TIME ZONE 'UTC')::date GROUP BY model ORDER BY model`,
      ),
    },
    {
      name: 'hearsay_backlog',
      help: 'What waits for a stage: revisions, annotations, topics, posts.',
      type: 'gauge',
      samples: Object.entries(backlog).map(([stage, value]) => ({ labels: { stage }, value })),
    },
  ];
}

async function readClock(pool: Pool): Promise<Date> {
  const found = await pool.query<{ now: Date }>('SELECT now()');
  return (found.rows[0] as { now: Date }).now;
}
