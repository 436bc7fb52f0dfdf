/**
 * Hearsay's own import line: the input line of `hearsay annotate` plus thread, author, kind and score (docs/cli.md).
 * Native id = id. Without a readable created_at the time is unknown. Unknown keys are ignored; null means absent;
 * `record` is read leniently (src/model/record.ts).
 * Proved by test/unit/sources/formats-ndjson.test.ts.
 */
import type { z } from 'zod';
import type { Platform } from '../../model/labels.ts';
import { type IncomingPost, importLineSchema } from '../../model/post.ts';
import { withReadableRecord } from '../../model/record.ts';
import { parseEpochSeconds, parseTime } from '../parse-time.ts';
import { readAbsence, readAuthor } from '../reddit/presence.ts';
import type { ImportFormat, Refusal } from '../source.ts';
import { withoutProfile } from './without-profile.ts';

type ImportLine = z.infer<typeof importLineSchema>;
type Kind = IncomingPost['kind'];

const KINDS: ReadonlySet<string> = new Set<Kind>(['submission', 'comment', 'post', 'page', 'record', 'message']);

export const ndjson: ImportFormat = {
  name: 'ndjson',
  framing: 'ndjson',
  map(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { refusal: { code: 'not_an_object', detail: 'a line holds one JSON object' } };
    const { created_at: createdAt, ...rest } = withReadableRecord(value);
    const line = importLineSchema.safeParse(rest);
    if (!line.success) return { refusal: refuseLine(line.error, rest) };
    return { post: mapLine(line.data, parseTime(createdAt) ?? parseEpochSeconds(createdAt)) };
  },
};

function mapLine(line: ImportLine, createdAt: string | undefined): IncomingPost {
  const absence = line.platform === 'reddit' ? readAbsence({ author: line.author, text: line.text }) : undefined;
  const author = line.platform === 'reddit' ? readAuthor(line.author) : line.author;
  const post: IncomingPost = {
    platform: line.platform,
    nativeId: line.id,
    kind: kindOf(line),
    text: absence === undefined ? line.text : '',
    ...(line.title === undefined ? {} : { title: line.title }),
    ...(line.parent === undefined ? {} : { parentText: line.parent }),
    ...(line.url === undefined ? {} : { url: line.url }),
    ...(line.thread === undefined ? {} : { threadId: line.thread }),
    ...(author === undefined ? {} : { author }),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(line.record === undefined ? {} : { record: line.record }),
    ...(line.compounds === undefined ? {} : { compounds: line.compounds }),
    ...(absence === undefined ? {} : { absence }),
  };
  return withoutProfile(post);
}

const KIND_BY_PLATFORM: Readonly<Partial<Record<Platform, Kind>>> = {
  web: 'page',
  pubmed: 'record',
  europepmc: 'record',
  clinicaltrials: 'record',
  youtube: 'comment',
  sms: 'message',
  whatsapp: 'message',
  paste: 'message',
};

function kindOf(line: ImportLine): Kind {
  if (line.kind !== undefined && KINDS.has(line.kind)) return line.kind as Kind;
  if (line.platform === 'reddit') return line.id.startsWith('t1_') ? 'comment' : 'submission';
  return KIND_BY_PLATFORM[line.platform] ?? 'post';
}

/** The first thing wrong, with the most telling code. */
function refuseLine(error: z.ZodError, line: Readonly<Record<string, unknown>>): Refusal {
  const item = typeof line['id'] === 'string' && line['id'] !== '' ? { item: line['id'].slice(0, 120) } : {};
  const wrong = new Set(error.issues.map((issue) => String(issue.path[0] ?? '')));
  for (const [key, code] of [
    ['id', 'missing_id'],
    ['text', 'missing_text'],
  ] as const) {
    if (wrong.has(key) && (line[key] === undefined || line[key] === '')) return { code, detail: `no "${key}"`, ...item };
  }
  if (wrong.has('platform')) {
    const given = line['platform'] === undefined ? 'no "platform"' : `unknown platform ${JSON.stringify(line['platform'])?.slice(0, 60)}`;
    return { code: 'bad_platform', detail: given, ...item };
  }
  const issue = error.issues[0];
  return { code: 'bad_field', detail: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`.slice(0, 120), ...item };
}
