import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { InvalidInputError } from '../../src/errors.ts';
import { relevantCompounds } from '../../src/pipeline/scope.ts';
import { MAX_TOPIC_BYTES, parseTopic, readTopics, type TopicOptions } from '../../src/topics.ts';

const BUNDLED = new URL('../../topics', import.meta.url).pathname;
const MINIMAL = `slug: glimmer
title: Glimmer
compounds:
  - id: glimmer
    name: Glimmer
    aliases: [glimer]
    class: other
lookalikes:
  - { name: Shimmer, of: glimmer, note: another thing }
profile:
  what: a made-up compound
  research_suggests: nothing
  best_known_for: tests
  key_thing: it does not exist
frame: { keeps_failing: a, studied_to_do: b, why_discussed: c }
unknowns: [everything]
safety: [unknown]
questions: [q1, q2, q3, q4, q5, q6, q7, q8]
communities:
  - source: web
    query: { urls: ['https://example.org/'] }
    schedule: { every: 6h }
`;

/** The message's lines, without their common file name. */
function complaints(text: string, options?: TopicOptions): string[] {
  try {
    parseTopic(text, 'topics/glimmer.yaml', options);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInputError);
    expect((error as InvalidInputError).code).toBe('bad_topic');
    return (error as InvalidInputError).message.split('\n').map((line) => line.replace(/^topics\/glimmer\.yaml:/, ''));
  }
  return [];
}

function changed(from: string, to: string): string {
  expect(MINIMAL).toContain(from);
  return MINIMAL.replace(from, to);
}

describe('parseTopic', () => {
  test('reads a file and fills the defaults', () => {
    const topic = parseTopic(MINIMAL, 'topics/glimmer.yaml');
    expect(topic.compounds[0]).toEqual({ id: 'glimmer', name: 'Glimmer', aliases: ['glimer'], class: 'other' });
    expect(topic.stack).toEqual([]);
    expect(topic.communities[0]?.budget).toEqual({});
  });

  test.each([
    [
      'a word that is not in a list',
      changed('class: other', 'class: magic'),
      ['7:12 compounds[0].class: expected one of research_peptide, nootropic, metabolic_peptide, other; got "magic"'],
    ],
    ['an unknown key, at the key', changed('aliases:', 'alias:'), ['6:5 compounds[0].alias: unknown key, expected one of id, name, aliases, class']],
    ['a missing key, at what should hold it', changed('title: Glimmer\n', ''), ['1:1 title: missing, expected a string']],
    ['a wrong type', changed('title: Glimmer', 'title: 5'), ['2:8 title: expected a string, received number']],
    ['no text', changed('title: Glimmer', 'title: ""'), ['2:8 title: expected some text, got none']],
    [
      'prose that YAML reads as a map',
      changed('unknowns: [everything]', 'unknowns:\n  - Open: everything'),
      [expect.stringContaining('unknowns[0]: expected a string, received object (text with ": " in it needs quotes')],
    ],
    ['too few questions', changed(', q8', ''), ['18:12 questions: expected exactly 8 items']],
    [
      'the nearest form of a schedule',
      changed('every: 6h', 'every: 6 hours'),
      ['22:24 communities[0].schedule.every: expected a number and one of s m h d; got "6 hours"'],
    ],
    ['a schedule that never ends', changed('every: 6h', 'every: 0h'), ['22:24 communities[0].schedule.every: expected more than 0']],
    [
      'a cron line with four fields',
      changed('every: 6h', 'cron: "5 * * *"'),
      [expect.stringMatching(/^22:23 communities\[0\]\.schedule\.cron: expected five fields/)],
    ],
    [
      'a compound id twice',
      changed('lookalikes:', '  - { id: glimmer, name: Glow, class: other }\nlookalikes:'),
      ['8:11 compounds[1].id: "glimmer" is the id of compounds[0] already'],
    ],
    [
      'an alias that is another compound',
      changed('[glimer]', '[glimer, SHIMMER ]'),
      ['9:13 lookalikes[0].name: "Shimmer" is an alias of compounds[0] already (case and blanks do not count)'],
    ],
    [
      'an alias that repeats the name',
      changed('[glimer]', '[glimmer]'),
      ['6:15 compounds[0].aliases[0]: "glimmer" is the name of compounds[0] already (case and blanks do not count)'],
    ],
    ['a lookalike of nothing', changed('of: glimmer', 'of: glow'), ['9:26 lookalikes[0].of: expected the id of a compound of this file (glimmer); got "glow"']],
    ['a question twice', changed('q8', 'Q1'), ['18:41 questions[7]: says the same as questions[0]']],
    ['itself in its stack', `${MINIMAL}stack: [glimmer]\n`, ['23:9 stack[0]: a topic is not used beside itself']],
    ['a slug that is not the file name', changed('slug: glimmer', 'slug: other'), ['1:7 slug: is "other", expected the name of the file, "glimmer"']],
    ['a key that would confuse a terminal', `${MINIMAL}"\\e[31m": 1\n`, [expect.stringMatching(/^23:1 "\\u001b\[31m": unknown key/)]],
  ])('says %s', (_what, text, expected) => {
    expect(complaints(text)).toEqual(expected);
  });

  test('says the same community twice, whatever the order of its keys', () => {
    const community = '  - source: reddit\n    schedule: { every: 6h }\n    query: { subreddit: a, listing: new }\n';
    const again = '  - source: reddit\n    schedule: { every: 1d }\n    query: { listing: new, subreddit: a }\n';
    expect(complaints(MINIMAL + community + again)).toEqual(['26:5 communities[2]: asks the same as communities[1]']);
  });

  test('names every error of a file at once, in the order of the file', () => {
    const text = changed('title: Glimmer', 'titel: Glimmer').replace('class: other', 'class: magic').replace('of: glimmer', 'of: glow');
    expect(complaints(text).map((line) => line.split(':').slice(0, 1)[0])).toEqual(['1', '2', '7', '9']);
  });

  test('checks a query with its source, when told the sources', () => {
    const sources = new Map([['web', { querySchema: z.strictObject({ urls: z.array(z.url()), thread: z.url().optional() }) }]]);
    expect(complaints(MINIMAL, { sources })).toEqual([]);
    expect(complaints(changed("['https://example.org/']", '[nowhere]'), { sources })).toEqual([
      expect.stringMatching(/^21:21 communities\[0\]\.query\.urls\[0\]: expected/),
    ]);
    expect(complaints(changed('urls:', 'url:'), { sources })).toEqual([
      '21:12 communities[0].query.urls: missing, expected a list',
      '21:14 communities[0].query.url: unknown key, expected one of urls, thread',
    ]);
    expect(complaints(changed('source: web', 'source: wep'), { sources })).toEqual(['20:13 communities[0].source: expected one of web; got "wep"']);
  });

  test.each([
    ['a duplicate key', 'slug: a\nslug: b\n', '2:1: not valid YAML: Map keys must be unique'],
    ['a tab', 'slug:\n\t- a\n', '2:1: not valid YAML: Tabs are not allowed as indentation'],
    ['a tag', 'slug: !!js/function "x"\n', '1:7: not valid YAML: Unresolved tag: tag:yaml.org,2002:js/function'],
    ['two documents', 'a: 1\n---\nb: 2\n', '2:1: not valid YAML: more than one document in the file'],
    ['an empty file', '', '1:1: expected a map, received null'],
    ['an open bracket', 'slug: [a\n', expect.stringMatching(/^\d:\d: not valid YAML/)],
    ['an alias of nothing', 'slug: *a\n', expect.stringMatching(/not valid YAML/)],
  ])('refuses %s', (_what, text, expected) => {
    expect(complaints(text)[0]).toEqual(expected);
  });

  test('expands no alias bomb, no ring, no abyss, and no file past its cap', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefghi'.split('').map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(',')}]`),
    ].join('\n');
    expect(complaints(bomb)[0]).toMatch(/not valid YAML: Excessive alias count/);
    expect(complaints('a: &a { b: *a }\n')[0]).toMatch(/an alias \(\*name\) stands inside what it points at/);
    expect(complaints('['.repeat(20_000))[0]).toMatch(/nested too deeply/);
    expect(complaints('['.repeat(20_000)).length).toBeLessThanOrEqual(51);
    expect(complaints(`# ${'x'.repeat(MAX_TOPIC_BYTES)}`)).toEqual([expect.stringMatching(/^1:1: is \d+ bytes, expected at most 1048576$/)]);
  });

  test('finds its way through an alias', () => {
    const text = changed('unknowns: [everything]\nsafety: [unknown]', 'unknowns: &same [everything, 5]\nsafety: *same');
    expect(complaints(text)).toEqual(['16:30 unknowns[1]: expected a string, received number', '16:30 safety[1]: expected a string, received number']);
  });
});

describe('readTopics', () => {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'hearsay-topics-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  test('reads the YAML files of a folder by name and nothing else', async () => {
    await writeFile(join(dir, 'glimmer.yaml'), MINIMAL);
    await writeFile(join(dir, 'aura.yml'), MINIMAL.replace('slug: glimmer', 'slug: aura'));
    await writeFile(join(dir, 'notes.txt'), 'no topic');
    expect((await readTopics(dir)).map(({ slug }) => slug)).toEqual(['aura', 'glimmer']);
  });

  test('names the errors of all files, and a slug used twice', async () => {
    await writeFile(join(dir, 'glimmer.yaml'), MINIMAL);
    await writeFile(join(dir, 'glimmer.yml'), MINIMAL);
    await writeFile(join(dir, 'one.yaml'), 'slug: [');
    await writeFile(join(dir, 'two.yaml'), Buffer.from([0x73, 0xff, 0xfe]));
    const error = await readTopics(dir).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'bad_topic' });
    const { message } = error as Error;
    expect(message).toContain(`${join(dir, 'one.yaml')}:1:`);
    expect(message).toContain(`${join(dir, 'two.yaml')}:1:1: is not UTF-8`);
    expect(message).toContain('two files have the slug "glimmer"');
  });

  test('says so when the folder is not there', async () => {
    await expect(readTopics(join(dir, 'none'))).rejects.toMatchObject({ code: 'no_topics' });
  });
});

test.each(['Glycyl-L-histidyl-L-lysine-Cu2', 'Glycyl-L-histidyl-L-lysine-Cu(2+)', 'glycyl-histidyl-lysine copper', 'Copper tripeptide-1'])(
  'the bundled topic of GHK-Cu finds it as records call it: %s',
  async (name) => {
    const topic = (await readTopics(BUNDLED)).find(({ slug }) => slug === 'ghk-cu');
    if (topic === undefined) expect.fail('no topic ghk-cu');
    expect(relevantCompounds(topic, { input: { id: 'x', platform: 'pubmed', text: `${name} in wounds` }, named: [] })).toEqual(['GHK-Cu']);
  },
);

test('the bundled topics are valid, name no dose, and stack only on each other', async () => {
  const topics = await readTopics(BUNDLED);
  const slugs = topics.map(({ slug }) => slug);
  expect(slugs).toEqual(expect.arrayContaining(['bpc-157', 'ghk-cu', 'semax']));
  for (const topic of topics) {
    const { communities, ...prose } = topic;
    expect(JSON.stringify(prose)).not.toMatch(/\d\s*(?:mg|mcg|µg|ug|iu|ml)\b|per day|daily|twice a/i);
    for (const slug of topic.stack) expect(slugs).toContain(slug);
    expect(new Set(communities.map(({ source }) => source))).toEqual(new Set(['reddit', 'x', 'web', 'feed', 'pubmed', 'clinicaltrials']));
  }
});
