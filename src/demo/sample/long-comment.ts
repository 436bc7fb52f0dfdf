/**
 * One comment of about 300 KB, made here rather than stored: longer than what is read whole, shorter than what is kept
 * (`MAX_READ_CHARS`, `MAX_TEXT_BYTES` in src/model/post.ts).
 */
import { InvalidInputError } from '../../errors.ts';
import { addThing, renderHtml } from './apply-change.ts';
import type { RedditThing, RedditWorld } from './shapes.ts';

export const LONG_COMMENT_BYTES = 300 * 1024;
const THREAD = 't3_zzd0s10';
const WEATHER = ['rain', 'sun', 'fog', 'wind', 'more rain', 'first frost'];
const CHORES = ['answered mail', 'fixed the bicycle', 'read two chapters', 'sat in meetings', 'painted the fence', 'called my sister', 'did very little'];

export function addLongComment(world: RedditWorld): RedditWorld {
  const thread = world.things.find((thing) => thing.data['name'] === THREAD);
  if (thread === undefined) throw new InvalidInputError('bad_sample', `${THREAD}: no such thread`);
  return { ...world, things: addThing(world.things, longComment(thread.data)) };
}

function longComment(thread: Readonly<Record<string, unknown>>): RedditThing {
  const body = writeDiary();
  return {
    kind: 't1',
    data: {
      id: 'zzdc1005',
      name: 't1_zzdc1005',
      body,
      body_html: renderHtml(body),
      author: 'example_user_60',
      author_fullname: 't2_zzeuser60',
      subreddit: thread['subreddit'],
      subreddit_id: thread['subreddit_id'],
      subreddit_name_prefixed: thread['subreddit_name_prefixed'],
      link_id: THREAD,
      parent_id: THREAD,
      depth: 0,
      created_utc: Date.UTC(2026, 9, 24, 21, 3, 0) / 1000,
      edited: false,
      score: 1,
      score_hidden: false,
      controversiality: 0,
      collapsed_reason_code: null,
      is_submitter: false,
      stickied: false,
      permalink: `${String(thread['permalink'])}zzdc1005/`,
      replies: '',
      distinguished: null,
    },
  };
}

/** ASCII only, so that characters are bytes. */
function writeDiary(): string {
  const lines = [
    'Since everybody says keep a diary, here is mine, all of it. One spray of Semax on workdays, focus the same as without it. Scroll at your own risk.',
  ];
  let length = lines[0]?.length ?? 0;
  for (let day = 1; length < LONG_COMMENT_BYTES; day += 1) {
    const line = `Day ${day}: ${WEATHER[day % WEATHER.length]}, ${CHORES[(day * 5) % CHORES.length]}, in bed at ${9 + (day % 3)}. Nothing to add.`;
    lines.push(line);
    length += line.length + 2;
  }
  return lines.join('\n\n');
}
