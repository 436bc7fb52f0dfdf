/**
 * Topic files: `topics/<slug>.yaml` in, checked topics out. Format: docs/topics.md, shape: src/model/topic.ts.
 * A file that is not right is refused whole, with every error it has, each as
 * `topics/semax.yaml:14:5 compounds[1].class: expected one of ...`. Proved by test/unit/topics.test.ts.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { z } from 'zod';
import { InvalidInputError } from './errors.ts';
import { type Topic, topicSchema } from './model/topic.ts';
import { findContradictions, sketchTopic, type TopicSketch } from './topics/contradictions.ts';
import { describeIssues } from './topics/describe-issues.ts';
import { type Complaint, readYaml, type YamlSource } from './topics/read-yaml.ts';

/** Largest topic file that is read, in bytes. */
export const MAX_TOPIC_BYTES = 1_048_576;
/** Errors printed of one file; one missing bracket can make thousands. */
const MAX_COMPLAINTS = 50;

export interface TopicOptions {
  /** Source name -> what checks a community's query; left out, queries are taken as they are. */
  readonly sources?: ReadonlyMap<string, { readonly querySchema: z.ZodType }>;
}

/**
 * `file` is only printed, except that its name, where it ends in .yaml or .yml, must be the slug.
 * Raises `InvalidInputError` (`bad_topic`) whose message has one line per error, in file order.
 */
export function parseTopic(text: string, file: string, options: TopicOptions = {}): Topic {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_TOPIC_BYTES) throw refuse(file, [{ path: [], message: `is ${bytes} bytes, expected at most ${MAX_TOPIC_BYTES}` }]);
  const source = readYaml(text);
  if (source.complaints.length > 0) throw refuse(file, source.complaints, source);

  const parsed = topicSchema.safeParse(source.value, { reportInput: true });
  const sketch = sketchTopic(source.value);
  const complaints = [
    ...(parsed.success ? [] : describeIssues(parsed.error.issues, { schema: topicSchema })),
    ...findContradictions(sketch),
    ...checkFileName(sketch, file),
    ...(options.sources === undefined ? [] : checkQueries(sketch, options.sources)),
  ];
  if (!parsed.success || complaints.length > 0) throw refuse(file, complaints, source);
  return parsed.data;
}

/**
 * Every `*.yaml` and `*.yml` file of a folder, by file name. One bad file refuses the folder, after all
 * files were read, so that one run shows all there is to mend (`bad_topic`; `no_topics` where the folder cannot be read).
 */
export async function readTopics(dir: string, options: TopicOptions = {}): Promise<Topic[]> {
  const topics: Topic[] = [];
  const errors: string[] = [];
  for (const name of await listTopicFiles(dir)) {
    const file = join(dir, name);
    try {
      topics.push(parseTopic(await readText(file), file, options));
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      errors.push(error.message);
    }
  }
  for (const [index, topic] of topics.entries()) {
    // Only semax.yaml beside semax.yml can get here: the file name must be the slug.
    if (topics.findIndex((other) => other.slug === topic.slug) !== index) errors.push(`${dir}: two files have the slug "${topic.slug}"`);
  }
  if (errors.length > 0) throw new InvalidInputError('bad_topic', errors.join('\n'));
  return topics;
}

async function listTopicFiles(dir: string): Promise<string[]> {
  try {
    const names = await readdir(dir);
    return names.filter((name) => /\.ya?ml$/i.test(name)).sort();
  } catch (cause) {
    throw new InvalidInputError('no_topics', `${dir}: cannot be read as a folder of topic files`, { cause });
  }
}

async function readText(file: string): Promise<string> {
  const { size } = await stat(file);
  if (size > MAX_TOPIC_BYTES) throw refuse(file, [{ path: [], message: `is ${size} bytes, expected at most ${MAX_TOPIC_BYTES}` }]);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw refuse(file, [{ path: [], message: 'is not UTF-8' }]);
  }
}

function checkFileName(topic: TopicSketch, file: string): Complaint[] {
  const extension = extname(file);
  if (topic.slug === '' || !/^\.ya?ml$/i.test(extension) || basename(file, extension) === topic.slug) return [];
  return [{ path: ['slug'], message: `is "${topic.slug}", expected the name of the file, "${basename(file, extension)}"` }];
}

function checkQueries(topic: TopicSketch, sources: NonNullable<TopicOptions['sources']>): Complaint[] {
  return topic.communities.flatMap((community, index) => {
    if (community.source === '') return [];
    const source = sources.get(community.source);
    if (source === undefined) {
      return [{ path: ['communities', index, 'source'], message: `expected one of ${[...sources.keys()].join(', ')}; got "${community.source}"` }];
    }
    const parsed = source.querySchema.safeParse(community.query, { reportInput: true });
    if (parsed.success) return [];
    return describeIssues(parsed.error.issues, { schema: source.querySchema, under: ['communities', index, 'query'] });
  });
}

/** `file:line:column key.path: message`, sorted by place. */
function refuse(file: string, complaints: readonly Complaint[], source?: YamlSource): InvalidInputError {
  const placed = complaints.map((complaint) => {
    const at = complaint.offset ?? source?.locate(complaint.path, complaint.key) ?? 0;
    const { line, column } = source?.lineOf(at) ?? { line: 1, column: 1 };
    const path = formatPath(complaint.key === undefined ? complaint.path : [...complaint.path, complaint.key]);
    return { at, text: `${file}:${line}:${column}${path === '' ? '' : ` ${path}`}: ${complaint.message}` };
  });
  placed.sort((a, b) => a.at - b.at);
  const lines = placed.slice(0, MAX_COMPLAINTS).map(({ text }) => text);
  if (placed.length > lines.length) lines.push(`${file}: and ${placed.length - lines.length} more`);
  return new InvalidInputError('bad_topic', lines.join('\n'));
}

/** compounds[1].class; keys that are not plain words are quoted. */
function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const key = /^[\w-]{1,60}$/.test(String(step)) ? String(step) : JSON.stringify(String(step).slice(0, 60));
    return text === '' ? key : `${text}.${key}`;
  }, '');
}
