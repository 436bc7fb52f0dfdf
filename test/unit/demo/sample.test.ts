/**
 * The demo sample: wire formats hold, every hard case is there, every label's quote is in the text it labels, and the
 * visits show what the platforms would show (docs/demo.md).
 */
import { readFile } from 'node:fs/promises';
import { load } from 'cheerio';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { demoCommunities, type DemoWorld, loadChanges, loadExpected, loadWorld } from '../../../src/demo/sample.ts';
import { LONG_COMMENT_BYTES } from '../../../src/demo/sample/long-comment.ts';
import { MAX_READ_CHARS, MAX_TEXT_BYTES } from '../../../src/model/post.ts';
import { startClinicalTrialsStandIn } from '../../../src/demo/standins/clinicaltrials.ts';
import { startPubmedStandIn } from '../../../src/demo/standins/pubmed.ts';
import { startRedditStandIn } from '../../../src/demo/standins/reddit.ts';
import { startWebStandIn } from '../../../src/demo/standins/web.ts';
import { startXStandIn } from '../../../src/demo/standins/x.ts';
import { createHttpClient } from '../../../src/fetch/client.ts';
import type { IncomingPost } from '../../../src/model/post.ts';
import { CREDENTIAL_NAMES, sourceNamed } from '../../../src/sources/list.ts';
import type { CrawlCursor } from '../../../src/sources/source.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const worlds = { 1: await loadWorld(1, NOW), 2: await loadWorld(2, NOW), 3: await loadWorld(3, NOW) };
const expected = await loadExpected();
const changes = await loadChanges();

interface Item {
  readonly text: string;
  readonly title?: string;
  readonly author?: string;
}

interface WirePost {
  readonly id: string;
  readonly text: string;
  readonly created_at: string;
  readonly edit_history_tweet_ids: readonly string[];
  readonly entities?: { readonly mentions?: readonly ({ username: string } & Span)[]; readonly hashtags?: readonly ({ tag: string } & Span)[] };
}
interface Span {
  readonly start: number;
  readonly end: number;
}

/** Every item that can become a post, by native id, read straight from the wire format. */
function readItems(world: DemoWorld): Map<string, Item> {
  const items = new Map<string, Item>();
  const add = (id: string, item: Item) => {
    expect(items.has(id), `${id} is used twice`).toBe(false);
    items.set(id, item);
  };
  for (const { kind, data } of world.reddit.things) {
    if (typeof data['name'] !== 'string' || /^\[(deleted|removed)\]$/.test(String(data['body'] ?? data['selftext']))) continue;
    const parent = (data['crosspost_parent_list'] as { selftext: string }[] | undefined)?.[0];
    const text = kind === 't1' ? String(data['body']) : String(data['selftext']) || parent?.selftext || '';
    add(data['name'], { text, author: String(data['author']), ...(kind === 't3' ? { title: String(data['title']) } : {}) });
  }
  for (const post of world.x.posts) {
    const references = (post['referenced_tweets'] ?? []) as { type: string }[];
    if (references.some(({ type }) => type === 'retweeted') || post['deleted'] === true) continue;
    add(String(post['id']), { text: (post['note_tweet'] as { text: string } | undefined)?.text ?? String(post['text']) });
  }
  for (const [url, body] of htmlPages(world)) {
    const $ = load(body);
    const thread = $('script[type="application/ld+json"]')
      .toArray()
      .map((node) => JSON.parse($(node).text()))
      .find((data) => '@graph' in data)?.['@graph'][0];
    if (thread === undefined) {
      const title = $('title').first().text();
      $('script, style, template, noscript, title').remove();
      add(url, { text: $('body').text().replace(/\s+/g, ' '), title });
      continue;
    }
    for (const post of [thread, ...thread.comment]) add(post['url'], { text: post['text'], author: post['author']['name'] });
  }
  for (const { pmid, title, text } of world.pubmed.articles.map(readArticle)) add(`pmid:${pmid}`, { text, title });
  for (const study of world.clinicaltrials.studies) {
    const { identificationModule, descriptionModule } = study['protocolSection'] as {
      identificationModule: { nctId: string; briefTitle: string };
      descriptionModule: { briefSummary: string };
    };
    add(`nct:${identificationModule.nctId}`, { text: descriptionModule.briefSummary, title: identificationModule.briefTitle });
  }
  return items;
}

function htmlPages(world: DemoWorld): [url: string, body: string][] {
  return (
    world.web.sites
      // What robots.txt keeps out never becomes a post.
      .filter(({ host }) => host !== 'members.example')
      .flatMap(({ host, pages }) => pages.map((page): [string, typeof page] => [`https://${host}${page.path}`, page]))
      .filter(([, page]) => page.headers?.['content-type']?.startsWith('text/html'))
      .map(([url, { body }]) => [url, typeof body === 'string' ? body : new TextDecoder('windows-1251').decode(body)])
  );
}

function readArticle(xml: string) {
  const parsed = new XMLParser({
    ignoreAttributes: false,
    isArray: (name) => ['AbstractText', 'PublicationType', 'CommentsCorrections'].includes(name),
    stopNodes: ['*.AbstractText'],
  }).parse(xml);
  const citation = parsed.PubmedArticle.MedlineCitation;
  const abstract: unknown[] = citation.Article.Abstract?.AbstractText ?? [];
  const text = abstract.map((part) => (typeof part === 'string' ? part : String((part as { '#text': string })['#text'])).replace(/<[^>]+>/g, '')).join('\n');
  const types: string[] = citation.Article.PublicationTypeList.PublicationType.map((type: { '#text': string }) => type['#text']);
  const notices: string[] = (citation.CommentsCorrectionsList?.CommentsCorrections ?? []).map((notice: { '@_RefType': string }) => notice['@_RefType']);
  const nct: string | undefined = citation.Article.DataBankList?.DataBank.AccessionNumberList.AccessionNumber;
  return {
    pmid: String(citation.PMID['#text']),
    title: String(citation.Article.ArticleTitle),
    text,
    types,
    notices,
    nct,
    status: citation['@_Status'],
    mesh: 'MeshHeadingList' in citation,
  };
}

const first = readItems(worlds[1]);
const second = readItems(worlds[2]);
const thingOf = (world: DemoWorld, name: string) => world.reddit.things.find(({ data }) => data['name'] === name)?.data ?? {};
const labelsOf = (id: string) => {
  const labels = expected.labels[id];
  if (labels === undefined) throw new Error(`${id} has no labels`);
  return labels;
};
const textOf = (id: string) => (first.get(id) ?? second.get(id))?.text ?? '';

describe('wire formats', () => {
  test('Reddit things are as the API gives them, but for the one that lost its id', () => {
    const { things, subreddits } = worlds[1].reddit;
    const whole = things.filter(({ data }) => 'id' in data);
    expect(things.length - whole.length).toBe(1);
    const names = new Set(whole.map(({ data }) => data['name']));
    for (const { kind, data } of whole) {
      const { id, name } = data as { id: string; name: string };
      // Far beyond the ids given out: an address in the demo can never be a stranger's post.
      expect(id).toMatch(kind === 't3' ? /^zzd[0-9a-z]{4}$/ : /^zzdc[0-9a-z]{4}$/);
      expect(name).toBe(`${kind}_${id}`);
      expect(subreddits).toHaveProperty(String(data['subreddit']));
      expect(data['permalink']).toMatch(new RegExp(`^/r/${data['subreddit']}/comments/.*${id}/`));
      expect(typeof data['created_utc']).toBe('number');
      expect(data['edited']).toBe(false);
      expect(data['author_fullname'] === undefined).toBe(data['author'] === '[deleted]');
      if (kind === 't3') {
        const replies = things.filter((other) => other.data['link_id'] === name).length;
        expect(data['num_comments'], name).toBe(replies);
        expect(data['removed_by_category']).toBeNull();
      } else {
        expect(data['replies']).toBe('');
        expect(names).toContain(data['link_id']);
        expect(names).toContain(data['parent_id']);
        const parent = thingOf(worlds[1], String(data['parent_id']));
        expect(data['depth']).toBe(data['parent_id'] === data['link_id'] ? 0 : Number(parent['depth']) + 1);
      }
    }
  });

  test('X posts have 19-digit ids beyond those given out, whole edit histories and right entity offsets', () => {
    for (const post of worlds[2].x.posts as unknown as WirePost[]) {
      expect(post.id).toMatch(/^91\d{17}$/);
      expect(post.edit_history_tweet_ids.at(-1)).toBe(post.id);
      expect(new Date(post.created_at).toISOString()).toBe(post.created_at);
      for (const { start, end, username } of post.entities?.mentions ?? []) expect(post.text.slice(start, end)).toBe(`@${username}`);
      for (const { start, end, tag } of post.entities?.hashtags ?? []) expect(post.text.slice(start, end)).toBe(`#${tag}`);
    }
  });

  test('the first visit fits into the seven days that recent search reaches', () => {
    const times = worlds[1].x.posts.map((post) => Date.parse(String(post['created_at'])));
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(6.9 * 86_400_000);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
  });

  test('PubMed records are well-formed, clearly invented, and cover the cases', () => {
    const articles = worlds[1].pubmed.articles;
    for (const xml of articles) expect(XMLValidator.validate(xml)).toBe(true);
    const records = articles.map(readArticle);
    for (const { pmid, title } of records) {
      expect(Number(pmid)).toBeGreaterThan(990_000_000);
      expect(title).toContain('(sample record)');
    }
    for (const type of ['Randomized Controlled Trial', 'Observational Study', 'Review', 'Case Reports', 'Retracted Publication']) {
      expect(
        records.filter(({ types }) => types.includes(type)),
        type,
      ).toHaveLength(1);
    }
    expect(records.filter(({ notices }) => notices.includes('RetractionIn')).map(({ pmid }) => pmid)).toEqual(['990000007']);
    expect(records.filter(({ notices }) => notices.includes('ErratumIn'))).toHaveLength(1);
    expect(records.filter(({ mesh }) => !mesh).map(({ status }) => status)).toEqual(['PubMed-not-MEDLINE', 'Publisher']);
    expect(records.filter(({ nct }) => nct !== undefined).map(({ nct }) => nct)).toEqual(['NCT99900001']);
    expect(records.filter(({ text }) => text === '')).toHaveLength(1);
  });

  test('trial records carry fictional numbers, with and without results', () => {
    const { studies } = worlds[1].clinicaltrials;
    for (const study of studies) {
      expect(study['protocolSection']).toHaveProperty('identificationModule.nctId', expect.stringMatching(/^NCT999\d{5}$/));
      expect('resultsSection' in study).toBe(study['hasResults']);
    }
    expect(studies.map((study) => study['hasResults'])).toContain(true);
    expect(studies.map((study) => study['hasResults'])).toContain(false);
  });

  test('no address leads to anybody real', () => {
    const hosts = new Set([...JSON.stringify(worlds[2]).matchAll(/https?:\/\/([a-z0-9.-]+)/gi)].map(([, host]) => host?.toLowerCase() ?? ''));
    const outside = [...hosts].filter((host) => !host.endsWith('.example'));
    // Reddit's own address of a self post, X's shortener with an impossible id, and the JSON-LD context.
    expect(outside.sort()).toEqual(['schema.org', 't.co', 'www.reddit.com']);
  });

  test('communities are those the sources accept, and reach every site', () => {
    for (const { source, query } of demoCommunities) expect(sourceNamed(source)?.querySchema.safeParse(query).success, source).toBe(true);
    const asked = new Set(
      demoCommunities.flatMap(({ query }) => [query['url'], query['thread'], ...((query['urls'] as string[]) ?? [])]).filter((url) => url !== undefined),
    );
    for (const url of asked) {
      const { host, pathname } = new URL(String(url));
      expect(worlds[1].web.sites.find((site) => site.host === host)?.pages.map(({ path }) => path)).toContain(pathname);
    }
    expect(new Set([...asked].map((url) => new URL(String(url)).host))).toEqual(new Set(worlds[1].web.sites.map(({ host }) => host)));
  });
});

describe('expected labels', () => {
  test('there are labels for every item that can become a post, and for nothing else', () => {
    expect(Object.keys(expected.labels).sort()).toEqual([...new Set([...first.keys(), ...second.keys()])].sort());
    expect(Object.keys(expected.after_edit).sort()).toEqual(
      changes
        .filter(({ platform, action }) => platform === 'reddit' && action === 'edit')
        .map(({ id }) => id)
        .sort(),
    );
  });

  test('every quote is letter by letter in its text', () => {
    for (const [id, { effects }] of Object.entries(expected.labels)) {
      for (const { quote } of effects) expect(textOf(id), id).toContain(quote);
    }
    for (const [id, { effects }] of Object.entries(expected.after_edit)) {
      for (const { quote } of effects) expect(second.get(id)?.text, id).toContain(quote);
    }
  });

  test('labels agree with each other as the guide demands', () => {
    for (const [id, labels] of Object.entries(expected.labels)) {
      if (labels.effects.length > 0) expect(labels.evidence_tier, id).not.toBe('none');
      if (labels.document_type === 'first_person_report') expect(labels.first_person_use, id).toBe(true);
      if (labels.document_type === 'promotion') expect(labels.commercial_interest, id).toBe(true);
      if (['question', 'other', 'news', 'off_topic'].includes(labels.document_type)) expect(labels.evidence_tier, id).toBe('none');
    }
  });

  test('more than 75 posts by people, about half of them no report at all', () => {
    const social = Object.entries(expected.labels).filter(([id]) => !/^(pmid|nct):/.test(id));
    expect(social.length).toBeGreaterThanOrEqual(75);
    const reports = social.filter(([, labels]) => labels.evidence_tier === 'anecdotal');
    expect(reports.length / social.length).toBeGreaterThan(0.3);
    expect(reports.length / social.length).toBeLessThan(0.5);
  });
});

/** Hard case -> the items that show it, with what must be true of each. */
const HARD_CASES: Record<string, { ids: readonly string[]; holds: (id: string) => boolean }> = {
  question: { ids: ['t1_zzdc0102', 't3_zzd0s04', '9100000000002000006'], holds: (id) => labelsOf(id).document_type === 'question' },
  'sourcing talk': {
    ids: ['t1_zzdc0301', 't1_zzdc0308', 't1_zzdc0309'],
    holds: (id) => labelsOf(id).evidence_tier === 'none' && !labelsOf(id).first_person_use,
  },
  thanks: { ids: ['t1_zzdc0101', 't1_zzdc1002', '9100000000019000057'], holds: (id) => labelsOf(id).document_type === 'other' },
  'bot comment': { ids: ['t1_zzdc0104', 't3_zzd0s03', 't1_zzdcn602'], holds: (id) => /bot/.test(textOf(id)) && labelsOf(id).document_type === 'other' },
  'positive report': { ids: ['t1_zzdc0105', '9100000000001000003'], holds: (id) => labelsOf(id).sentiment === 'positive' && labelsOf(id).first_person_use },
  'negative report': {
    ids: ['t3_zzd0s05', 't1_zzdc0502', '9100000000011000033'],
    holds: (id) => labelsOf(id).sentiment === 'negative' && labelsOf(id).first_person_use,
  },
  'mixed report': { ids: ['t3_zzd0s01', '9100000000006000018', 'https://notes.example/2026/10/semax-log'], holds: (id) => labelsOf(id).sentiment === 'mixed' },
  'did nothing': {
    ids: ['t3_zzd0s02', 't1_zzdc0205', '9100000000005000015', 't1_zzdcn402'],
    holds: (id) =>
      labelsOf(id).sentiment === 'neutral' && labelsOf(id).effects.some(({ effect, direction }) => effect === 'overall' && direction === 'no_effect'),
  },
  'did nothing, with contempt': { ids: ['t1_zzdc0201'], holds: (id) => labelsOf(id).sentiment === 'negative' },
  'no side effects': {
    ids: ['t1_zzdc0105', 't3_zzd0s07'],
    holds: (id) => labelsOf(id).effects.some(({ effect, direction }) => effect === 'side effects' && direction === 'no_effect'),
  },
  'pain or anxiety gone': {
    ids: ['t1_zzdc0505', 't1_zzdcn101'],
    holds: (id) => labelsOf(id).effects.some(({ quote, direction }) => quote.endsWith('is gone') && direction === 'improves'),
  },
  hearsay: {
    ids: ['t1_zzdc0109', 't1_zzdc0504', 't1_zzdcn103', '9100000000008000024'],
    holds: (id) => labelsOf(id).document_type === 'second_hand_report' && !labelsOf(id).first_person_use,
  },
  'advert with coupon': {
    ids: ['t1_zzdc0303', '9100000000003000009', 'https://shop.example/products/semax-nasal-spray'],
    holds: (id) => /DEMO/.test(textOf(id)) && labelsOf(id).commercial_interest,
  },
  affiliate: { ids: ['t1_zzdc0305', '9100000000012000036'], holds: (id) => /affiliate|link in bio/.test(textOf(id)) && labelsOf(id).commercial_interest },
  'relay of a rat study': {
    ids: ['t1_zzdc0402', 'https://blog.example/posts/rat-study-explained'],
    holds: (id) => labelsOf(id).document_type === 'study_relay' && labelsOf(id).evidence_tier === 'preclinical',
  },
  'relay of a small Russian trial': {
    ids: ['t1_zzdc0403', '9100000000015000045'],
    holds: (id) => labelsOf(id).document_type === 'study_relay' && labelsOf(id).evidence_tier === 'human',
  },
  opinion: { ids: ['t1_zzdc0407', 't3_zzd0n04', 'https://blog.example/posts/why-i-stay-away'], holds: (id) => labelsOf(id).document_type === 'opinion' },
  'argument from mechanism': {
    ids: ['t1_zzdc0401', '9100000000007000021'],
    holds: (id) => /BDNF/.test(textOf(id)) && labelsOf(id).evidence_tier === 'mechanistic',
  },
  'plan to try': { ids: ['t1_zzdc0306', '9100000000014000042'], holds: (id) => labelsOf(id).document_type === 'other' && !labelsOf(id).first_person_use },
  'near-duplicate': { ids: ['t3_zzd0n03'], holds: (id) => textOf(id) !== textOf('t3_zzd0s08') && overlap(textOf(id), textOf('t3_zzd0s08')) > 0.7 },
  crosspost: { ids: ['t3_zzd0n05'], holds: (id) => thingOf(worlds[1], id)['selftext'] === '' && textOf(id) === textOf('t3_zzd0s05') },
  'exact copy on the web': { ids: ['https://digest.example/semax-six-weeks'], holds: (id) => textOf(id).includes(textOf('t3_zzd0s01').replace(/\s+/g, ' ')) },
  Russian: {
    ids: ['t3_zzd0s09', '9100000000009000027', 'https://otzyvy.example/semaks'],
    holds: (id) => /[а-я]{4}/.test(textOf(id)) && labelsOf(id).language === 'ru',
  },
  Spanish: { ids: ['t1_zzdcn104'], holds: (id) => labelsOf(id).language === 'es' },
  German: { ids: ['t1_zzdcn105'], holds: (id) => labelsOf(id).language === 'de' },
  'emoji only': { ids: ['t1_zzdc0106'], holds: (id) => !/\p{L}/u.test(textOf(id)) },
  injection: {
    ids: ['t1_zzdc0408', 'https://wellness.example/semax-review'],
    holds: (id) => /ignore (all )?previous instructions/i.test(textOf(id)) && labelsOf(id).evidence_tier !== 'human',
  },
  'longer than is read': {
    ids: ['t1_zzdc1005'],
    holds: (id) => textOf(id).length > MAX_READ_CHARS && Buffer.byteLength(textOf(id)) >= LONG_COMMENT_BYTES && Buffer.byteLength(textOf(id)) < MAX_TEXT_BYTES,
  },
  'lone surrogate': { ids: ['t1_zzdc0206'], holds: (id) => !textOf(id).isWellFormed() },
  'date in the future': { ids: ['t1_zzdcn203'], holds: (id) => Number(thingOf(worlds[1], id)['created_utc']) > Date.UTC(2090, 0) / 1000 },
  'lookalike compounds': { ids: ['t3_zzd0s06', 't1_zzdc0601', 't1_zzdc0602', 't1_zzdc0604'], holds: (id) => /amidate|adamax/i.test(textOf(id)) },
  'about a lookalike only': {
    ids: ['t1_zzdc0601', 't1_zzdc0602'],
    holds: (id) => labelsOf(id).compound !== 'Semax' && labelsOf(id).effects.every(({ compound }) => compound === labelsOf(id).compound),
  },
  'BPC-157 only': { ids: ['t3_zzd0s07', 't1_zzdc0701'], holds: (id) => !/semax/i.test(textOf(id)) && labelsOf(id).compound === 'BPC-157' },
  'same name, other thing': { ids: ['9100000000017000051'], holds: (id) => /semax/i.test(textOf(id)) && labelsOf(id).document_type === 'off_topic' },
  'dosing guide': {
    ids: ['t1_zzdc1001', 'https://guide.example/semax-dosing-guide'],
    holds: (id) => /\d mcg/.test(textOf(id)) && labelsOf(id).document_type === 'guide',
  },
  'dose in a title': { ids: ['https://guide.example/semax-dosing-guide'], holds: (id) => /\d mcg/.test(first.get(id)?.title ?? '') },
  'own dose in a report': { ids: ['t3_zzd0s02'], holds: (id) => /\d mcg/.test(textOf(id)) && labelsOf(id).document_type === 'first_person_report' },
  'link post without text': { ids: ['t3_zzd0n02'], holds: (id) => textOf(id) === '' },
  'post edited on X': {
    ids: ['9100000000016000048'],
    holds: (id) => worlds[1].x.posts.some((post) => post['id'] === id && (post['edit_history_tweet_ids'] as string[]).length === 2),
  },
  'handle in a text': { ids: ['9100000000002000006', '9100000000006000018', '9100000000019000057'], holds: (id) => /@demo_person_\d\d/.test(textOf(id)) },
};

/** Share of the shorter text's five-word runs that the other one has too. */
function overlap(left: string, right: string): number {
  const runs = (text: string) => {
    const words = text.toLowerCase().split(/\s+/);
    return new Set(words.slice(4).map((_, index) => words.slice(index, index + 5).join(' ')));
  };
  const [one, other] = [runs(left), runs(right)];
  return [...one].filter((run) => other.has(run)).length / Math.min(one.size, other.size);
}

describe('hard cases', () => {
  test.each(Object.entries(HARD_CASES))('%s', (_name, { ids, holds }) => {
    for (const id of ids) expect(holds(id), id).toBe(true);
  });

  test('one author in two threads, told apart from copies', () => {
    const threads = (author: string) =>
      new Set(worlds[1].reddit.things.filter(({ data }) => data['author'] === author).map(({ data }) => data['link_id'] ?? data['name']));
    expect(threads('example_user_01')).toEqual(new Set(['t3_zzd0s01', 't3_zzd0n01']));
  });

  test('a retweet and a quote', () => {
    const types = worlds[1].x.posts.flatMap((post) => ((post['referenced_tweets'] ?? []) as { type: string }[]).map(({ type }) => type));
    expect(types).toEqual(expect.arrayContaining(['retweeted', 'quoted', 'replied_to']));
  });

  test('one page is not in UTF-8, one carries script that must never run', () => {
    const bodies = worlds[1].web.sites.flatMap(({ pages }) => pages.map(({ body }) => body));
    expect(bodies.filter((body) => typeof body !== 'string')).toHaveLength(1);
    expect(bodies.filter((body) => typeof body === 'string' && body.includes('onerror='))).toHaveLength(1);
  });

  test('an item deleted before the first visit', () => {
    expect(thingOf(worlds[1], 't1_zzdc010b')).toMatchObject({ author: '[deleted]', body: '[deleted]' });
  });
});

test('docs/demo.md names items that exist', async () => {
  const text = await readFile(new URL('../../../docs/demo.md', import.meta.url), 'utf8');
  const named = [...text.matchAll(/`((?:t[13]_|pmid:|https:\/\/|9(?=\d{18}))[^`\s]+)`/g)].map(([, id]) => id ?? '');
  expect(named.length).toBeGreaterThan(20);
  for (const id of named) expect(first.has(id) || id.startsWith('https://members.example/'), id).toBe(true);
  expect(text).toContain(`${worlds[1].reddit.things.length} Reddit things`);
  expect(text).toContain(`${worlds[1].x.posts.length} X posts`);
});

describe('visits', () => {
  test('a world is fresh at each call', async () => {
    const again = await loadWorld(1);
    expect(again).toEqual(worlds[1]);
    expect(again.reddit.things[0]).not.toBe(worlds[1].reddit.things[0]);
  });

  test('second: what Reddit shows of edits, deletions, removals and lost accounts', () => {
    expect(thingOf(worlds[2], 't1_zzdc0108')).toMatchObject({ edited: expect.any(Number), body: expect.stringContaining('EDIT after five weeks') });
    expect(thingOf(worlds[2], 't3_zzd0s02')).toMatchObject({
      edited: expect.any(Number),
      selftext: expect.stringContaining('EDIT: sent it to a lab'),
      selftext_html: expect.stringContaining('<p>EDIT'),
    });
    expect(thingOf(worlds[2], 't1_zzdc0506')).toMatchObject({ author: '[deleted]', body: '[deleted]' });
    expect(thingOf(worlds[2], 't3_zzd0s11')).toMatchObject({
      author: '[deleted]',
      selftext: '[deleted]',
      title: 'Anyone combine Semax with an SSRI?',
      removed_by_category: 'deleted',
    });
    expect(thingOf(worlds[2], 't1_zzdc0501')).toMatchObject({ body: '[removed]' });
    expect(thingOf(worlds[2], 't1_zzdc0501')).not.toHaveProperty('removed_by_category');
    expect(thingOf(worlds[2], 't3_zzd0n03')).toMatchObject({ selftext: '[removed]', removed_by_category: 'moderator' });
    expect(thingOf(worlds[2], 't1_zzdc1004')).toMatchObject({ author: '[deleted]', body: thingOf(worlds[1], 't1_zzdc1004')['body'] });
    for (const name of ['t1_zzdc0506', 't3_zzd0s11', 't1_zzdc0501', 't3_zzd0n03', 't1_zzdc1004'])
      expect(thingOf(worlds[2], name)).not.toHaveProperty('author_fullname');
    // New comments show in the number that makes a crawler read the thread again.
    for (const name of ['t3_zzd0s01', 't3_zzd0s10'])
      expect(thingOf(worlds[2], name)['num_comments']).toBe(Number(thingOf(worlds[1], name)['num_comments']) + 1);
    // Nothing of a deleted or removed text stays behind, not even in the HTML.
    expect(JSON.stringify(worlds[2].reddit)).not.toContain('Felt wired');
    expect(JSON.stringify(worlds[2].reddit)).not.toContain('on empty-stomach days');
  });

  test('second: a post on X, a page and a record change; five posts are new', () => {
    expect(worlds[2].x.posts.filter((post) => post['deleted'] === true).map((post) => post['id'])).toEqual(['9100000000011000033']);
    const gone = worlds[2].web.sites.flatMap(({ host, pages }) => pages.filter(({ status }) => status === 410).map(({ path }) => `${host}${path}`));
    expect(gone).toEqual(['notes.example/2026/10/semax-log']);
    expect(textOf('https://explainer.example/peptides/semax')).not.toContain('Update, 16 November');
    expect(second.get('https://explainer.example/peptides/semax')?.text).toContain('Update, 16 November');
    const retracted = worlds[2].pubmed.articles.map(readArticle).filter(({ notices }) => notices.includes('RetractionIn'));
    expect(retracted.map(({ pmid }) => pmid)).toEqual(['990000004', '990000007']);
    // A crawler asks for what was revised since its last visit.
    expect(worlds[2].pubmed.articles.filter((xml) => xml.includes('<DateRevised><Year>2026</Year><Month>11</Month><Day>20</Day></DateRevised>'))).toHaveLength(
      1,
    );
    expect([...second.keys()].filter((id) => !first.has(id)).sort()).toEqual([
      '9100000000020000060',
      't1_zzdc010d',
      't1_zzdc1006',
      't1_zzdc1201',
      't3_zzd0s12',
    ]);
  });

  test('third: removed posts are back as they were, deleted ones are not', () => {
    for (const name of ['t1_zzdc0501', 't3_zzd0n03']) expect(thingOf(worlds[3], name)).toEqual(thingOf(worlds[1], name));
    for (const name of ['t1_zzdc0506', 't3_zzd0s11']) expect(thingOf(worlds[3], name)).toEqual(thingOf(worlds[2], name));
    expect({ ...worlds[3], reddit: undefined }).toEqual({ ...worlds[2], reddit: undefined });
  });
});

/** The real sources over the stand-ins, as the demo runs them. */
async function playVisits() {
  const standIns = {
    reddit: await startRedditStandIn(worlds[1].reddit),
    x: await startXStandIn(worlds[1].x),
    web: await startWebStandIn(worlds[1].web),
    pubmed: await startPubmedStandIn(worlds[1].pubmed),
    clinicaltrials: await startClinicalTrialsStandIn(worlds[1].clinicaltrials),
  };
  const routes = Object.fromEntries(Object.values(standIns).flatMap(({ hosts, url }) => hosts.map((host) => [host, url])));
  const http = createHttpClient({ userAgent: 'Hearsay-demo/0.1 (test)', routes, hostIntervalMs: 0 });
  const credentials = Object.fromEntries(CREDENTIAL_NAMES.map((name) => [name, 'demo']));
  const context = { http, credentials, now: () => NOW };
  const cursors: CrawlCursor[] = demoCommunities.map(() => ({}));
  const visits: { posts: Map<string, IncomingPost>; refusals: string[]; rechecked: Map<string, string> }[] = [];
  const known = new Set<string>();
  for (const world of Object.values(worlds)) {
    standIns.reddit.setWorld(world.reddit);
    standIns.x.setWorld(world.x);
    standIns.web.setWorld(world.web);
    standIns.pubmed.setWorld(world.pubmed);
    standIns.clinicaltrials.setWorld(world.clinicaltrials);
    const posts = new Map<string, IncomingPost>();
    const refusals: string[] = [];
    for (const [index, { source: name, query }] of demoCommunities.entries()) {
      const source = sourceNamed(name);
      for await (const page of source?.crawl({ query: source.querySchema.parse(query), cursor: cursors[index] ?? {} }, context) ?? []) {
        cursors[index] = page.cursor;
        for (const post of page.posts) posts.set(post.nativeId ?? '', post);
        refusals.push(...page.refusals.map(({ code }) => code));
      }
    }
    for (const id of posts.keys()) known.add(id);
    const rechecked = new Map<string, string>();
    for (const [name, pattern] of [
      ['reddit', /^t[13]_/],
      ['x', /^\d+$/],
      ['web', /^https:/],
      ['pubmed', /^pmid:/],
      ['clinicaltrials', /^nct:/],
    ] as const) {
      const ids = [...known].filter((id) => pattern.test(id));
      for (let at = 0; at < ids.length; at += 100) {
        for (const [id, outcome] of (await sourceNamed(name)?.recheck(ids.slice(at, at + 100), context)) ?? [])
          if (outcome !== 'live') rechecked.set(id, outcome);
      }
    }
    visits.push({ posts, refusals: refusals.sort(), rechecked });
  }
  await Promise.all([...Object.values(standIns).map((standIn) => standIn.close()), http.close()]);
  return visits;
}

test('the real sources read every labelled item, every quote, and every change', async () => {
  const [one, two, three] = await playVisits();
  if (one === undefined || two === undefined || three === undefined) throw new Error('three visits expected');

  const live = [...one.posts].filter(([, { absence }]) => absence === undefined);
  expect(live.map(([id]) => id).sort()).toEqual([...first.keys()].sort());
  for (const [id, { text }] of live) for (const { quote } of labelsOf(id).effects) expect(text, id).toContain(quote);
  expect(one.posts.get('https://digest.example/semax-six-weeks')?.text).toBe(one.posts.get('t3_zzd0s01')?.text);
  expect(one.refusals).toEqual(['malformed_item', 'robots_disallow']);
  expect(Object.fromEntries(one.rechecked)).toEqual({ t1_zzdc010b: 'deleted' });

  expect([...two.posts.keys()].filter((id) => !one.posts.has(id)).sort()).toEqual([
    '9100000000020000060',
    't1_zzdc010d',
    't1_zzdc1006',
    't1_zzdc1201',
    't3_zzd0s12',
  ]);
  for (const [id, { effects }] of Object.entries(expected.after_edit)) for (const { quote } of effects) expect(two.posts.get(id)?.text, id).toContain(quote);
  expect(two.posts.get('t1_zzdc0108')?.text).toContain('EDIT after five weeks');
  expect(two.posts.get('t3_zzd0s02')?.text).toContain('EDIT: sent it to a lab');
  expect(two.posts.get('t1_zzdc1004')).toMatchObject({ text: one.posts.get('t1_zzdc1004')?.text });
  expect(two.posts.get('t1_zzdc1004')).not.toHaveProperty('author');
  expect(two.posts.get('pmid:990000004')?.record?.notices).toEqual([expect.objectContaining({ kind: 'retraction' })]);
  const gone = {
    t1_zzdc010b: 'deleted',
    t1_zzdc0506: 'deleted',
    t3_zzd0s11: 'deleted',
    '9100000000011000033': 'deleted',
    'https://notes.example/2026/10/semax-log': 'gone',
    t1_zzdc1004: 'orphaned',
  };
  expect(Object.fromEntries(two.rechecked)).toEqual({ ...gone, t1_zzdc0501: 'removed', t3_zzd0n03: 'removed' });
  expect(Object.fromEntries(three.rechecked)).toEqual(gone);
});
