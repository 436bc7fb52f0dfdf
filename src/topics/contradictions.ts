/** What a shape cannot say: names that clash, ids that point nowhere, schedules that cannot run. */
import { z } from 'zod';
import type { Complaint } from './read-yaml.ts';

const text = z.string().catch('');
const list = <T extends z.ZodType>(item: T) => z.array(item).catch([]);
const map = <T extends z.ZodRawShape>(shape: T) => z.preprocess((value) => (typeof value === 'object' && value !== null ? value : {}), z.object(shape));

/** The parts that are checked against each other, as far as they can be read: '' and [] stand for what cannot. */
const sketchSchema = map({
  slug: text,
  compounds: list(map({ id: text, name: text, aliases: list(text) })),
  lookalikes: list(map({ name: text, of: text })),
  questions: list(text),
  stack: list(text),
  conditions: list(map({ slug: text })),
  communities: list(map({ source: text, query: z.record(z.string(), z.unknown()).catch({}), schedule: map({ every: text, cron: text }) })),
});
export type TopicSketch = z.infer<typeof sketchSchema>;

/** Lets a file with a wrong shape be checked for contradictions too, so that all its errors show at once. */
export function sketchTopic(value: unknown): TopicSketch {
  return sketchSchema.parse(value);
}

export function findContradictions(topic: TopicSketch): Complaint[] {
  return [...checkCompoundIds(topic), ...checkNames(topic), ...checkReferences(topic), ...checkSchedules(topic), ...checkCommunities(topic)];
}

/** How annotators compare names: case and runs of blanks do not count. */
function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

function checkCompoundIds(topic: TopicSketch): Complaint[] {
  return repeats(topic.compounds.map(({ id }) => id)).map(({ index, first }) => ({
    path: ['compounds', index, 'id'],
    message: `"${topic.compounds[index]?.id}" is the id of compounds[${first}] already`,
  }));
}

/** One spelling must mean one thing, else a mention could not be given to a compound. */
function checkNames(topic: TopicSketch): Complaint[] {
  const names = [
    ...topic.compounds.flatMap(({ name, aliases }, index) => [
      { text: name, path: ['compounds', index, 'name'], where: `the name of compounds[${index}]` },
      ...aliases.map((alias, nth) => ({ text: alias, path: ['compounds', index, 'aliases', nth], where: `an alias of compounds[${index}]` })),
    ]),
    ...topic.lookalikes.map(({ name }, index) => ({ text: name, path: ['lookalikes', index, 'name'], where: `the name of lookalikes[${index}]` })),
  ];
  return repeats(names.map(({ text }) => foldName(text))).map(({ index, first }) => {
    const name = names[index];
    return { path: name?.path ?? [], message: `"${name?.text}" is ${names[first]?.where} already (case and blanks do not count)` };
  });
}

function checkReferences(topic: TopicSketch): Complaint[] {
  const ids = topic.compounds.map(({ id }) => id);
  const strays: Complaint[] = topic.lookalikes.flatMap(({ of }, index) =>
    of === '' || ids.includes(of)
      ? []
      : [{ path: ['lookalikes', index, 'of'], message: `expected the id of a compound of this file (${ids.join(', ')}); got "${of}"` }],
  );
  const stack: Complaint[] = topic.stack.flatMap((slug, index) =>
    slug !== '' && slug === topic.slug ? [{ path: ['stack', index], message: 'a topic is not used beside itself' }] : [],
  );
  const lists: { path: PropertyKey[]; values: string[] }[] = [
    { path: ['stack'], values: topic.stack },
    { path: ['conditions'], values: topic.conditions.map(({ slug }) => slug) },
    { path: ['questions'], values: topic.questions.map(foldName) },
  ];
  return [
    ...strays,
    ...stack,
    ...lists.flatMap(({ path, values }) =>
      repeats(values).map(({ index, first }) => ({ path: [...path, index], message: `says the same as ${String(path[0])}[${first}]` })),
    ),
  ];
}

const CRON_FIELD = /^(?:\*|[\w?]+(?:-\w+)?)(?:\/\d+)?(?:,(?:\*|\w+(?:-\w+)?)(?:\/\d+)?)*$/;

function checkSchedules(topic: TopicSketch): Complaint[] {
  return topic.communities.flatMap(({ schedule }, index) => {
    const at = ['communities', index, 'schedule'];
    if (/^0+[smhd]$/.test(schedule.every)) return [{ path: [...at, 'every'], message: 'expected more than 0' }];
    if (schedule.cron.trim() === '') return [];
    const fields = schedule.cron.trim().split(/\s+/);
    const valid = fields.length === 5 && fields.every((field) => CRON_FIELD.test(field));
    return valid ? [] : [{ path: [...at, 'cron'], message: 'expected five fields: minute hour day month weekday (UTC), as in "0 5 * * *"' }];
  });
}

/** The same place asked twice would be crawled twice: source and query are a community's identity. */
function checkCommunities(topic: TopicSketch): Complaint[] {
  return repeats(topic.communities.map(({ source, query }) => (source === '' ? '' : JSON.stringify([source, sortKeys(query)])))).map(({ index, first }) => ({
    path: ['communities', index],
    message: `asks the same as communities[${first}]`,
  }));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, sortKeys(inner)]);
}

/** Places of values that stood earlier in the list, with where they first stood. '' was not readable and repeats nothing. */
function repeats(values: readonly string[]): { readonly index: number; readonly first: number }[] {
  const firsts = new Map<string, number>();
  return values.flatMap((value, index) => {
    if (value === '') return [];
    const first = firsts.get(value);
    if (first === undefined) firsts.set(value, index);
    return first === undefined ? [] : [{ index, first }];
  });
}
