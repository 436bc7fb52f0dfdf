/**
 * The lines of a made-up dump of one community, and what an import has to make of them. Shares, of 1,000 lines: 80 submissions, the rest
 * comments in the last 300 threads; 30 name the compound (a forum where many compounds are talked about, and most talk is about
 * something else); 40 deleted and 25 removed, 5 of each found so at the second look, with the text of the first; 20 of lost accounts with
 * the text left; 10 of the same automatic reply; 2 lines twice; 1 that is no item.
 */
import { type Draw, seedDraw } from './draw.ts';
import { makeComment, makeSubmission } from './items.ts';
import { drawNaming, drawText, drawTitle } from './texts.ts';

const SHARES = { submissions: 80, naming: 30, deleted: 40, removed: 25, textLeft: 5, lostAccounts: 20, automatic: 10, twice: 2, malformed: 1 } as const;

const SUBREDDIT = 'Nootropics';
const NAME = 'Semax';
const AUTHORS = 40_000;
const OPEN_THREADS = 300;
const START = Date.UTC(2024, 0, 1) / 1_000;
const AUTOMATIC =
  'I am a bot, and this action was performed automatically. Please contact the moderators of this subreddit if you have any questions or concerns.';

/** What the import has to come to. */
export interface Expected {
  lines: number;
  /** Posts that are new to the database. */
  posts: number;
  /** Of these. */
  naming: number;
  unchanged: number;
  /** Code -> lines. */
  readonly refused: Record<string, number>;
}

export function emptyExpected(): Expected {
  return { lines: 0, posts: 0, naming: 0, unchanged: 0, refused: {} };
}

/** Without end; each line with its line feed. `expected` counts what was handed out. */
export function* makeLines(expected: Expected): Generator<Buffer> {
  const draw = seedDraw(1);
  const threads: string[] = [];
  const refuse = (code: string): void => {
    expected.refused[code] = (expected.refused[code] ?? 0) + 1;
  };
  for (let index = 0; ; index += 1) {
    expected.lines += 1;
    if (draw.chance(SHARES.malformed)) {
      const [code, line] = draw.pick(MALFORMED);
      refuse(code);
      yield line;
      continue;
    }
    const fate = drawFate(draw);
    const line = Buffer.from(`${JSON.stringify(makeItem(draw, { index, threads, fate }))}\n`);
    if (fate.kind === 'deleted' || fate.kind === 'removed') refuse(`already_${fate.kind}`);
    else {
      expected.posts += 1;
      if (fate.kind === 'naming') expected.naming += 1;
    }
    yield line;
    if (draw.chance(SHARES.twice)) {
      expected.lines += 1;
      if (fate.kind === 'deleted' || fate.kind === 'removed') refuse(`already_${fate.kind}`);
      else expected.unchanged += 1;
      yield line;
    }
  }
}

/** What is no item, by the code it is refused with. */
const MALFORMED: readonly (readonly [code: string, line: Buffer])[] = [
  ['bad_json', Buffer.from('{"id":"abc","author":"somebody","body":"cut off in the mid\n')],
  ['not_an_object', Buffer.from('[1,2,3]\n')],
  ['missing_id', Buffer.from('{"author":"somebody","body":"no id"}\n')],
  ['missing_text', Buffer.from('{"id":"abc","author":"somebody"}\n')],
  ['bad_encoding', Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0x0a])],
];

interface Fate {
  readonly kind: 'deleted' | 'removed' | 'naming' | 'lost_account' | 'automatic' | 'plain';
  readonly textLeft: boolean;
}

function drawFate(draw: Draw): Fate {
  const kinds = { deleted: SHARES.deleted, removed: SHARES.removed, naming: SHARES.naming, lost_account: SHARES.lostAccounts, automatic: SHARES.automatic };
  let left = draw.below(1_000);
  for (const [kind, share] of Object.entries(kinds)) {
    if (left < share) return { kind: kind as Fate['kind'], textLeft: left < SHARES.textLeft };
    left -= share;
  }
  return { kind: 'plain', textLeft: false };
}

interface Place {
  readonly index: number;
  /** Ids of the threads that are talked in; a submission adds its own. */
  readonly threads: string[];
  readonly fate: Fate;
}

function makeItem(draw: Draw, { index, threads, fate }: Place): object {
  const id = (3_600_000_000 + index).toString(36);
  const gone = fate.kind === 'deleted' || fate.kind === 'removed';
  const lost = fate.kind === 'lost_account' || (gone && !fate.textLeft);
  const author = lost ? '[deleted]' : fate.kind === 'automatic' ? 'AutoModerator' : `user${draw.below(AUTHORS).toString(36).padStart(6, '0')}`;
  const facts = { id, author, subreddit: SUBREDDIT, createdUtc: START + index * 40, score: draw.below(draw.chance(100) ? 300 : 12) };
  const isSubmission = threads.length === 0 || draw.chance(SHARES.submissions);
  const median = isSubmission ? 450 : 130;
  const written = fate.kind === 'automatic' ? AUTOMATIC : fate.kind === 'naming' ? drawNaming(draw, NAME, median) : drawText(draw, median);
  const text = gone && !fate.textLeft ? `[${fate.kind}]` : written;
  // Found gone at the second look: the text is the one of the first.
  const later = { was_deleted_later: true, removal_type: fate.kind === 'deleted' ? 'author' : 'moderator' };
  const mark = (item: { _meta?: object }): object => (fate.textLeft && gone ? { ...item, _meta: { ...item._meta, ...later } } : item);
  if (isSubmission) {
    if (threads.length === OPEN_THREADS) threads.shift();
    threads.push(id);
    const title = drawTitle(draw);
    const slug = title.toLowerCase().replaceAll(' ', '_').slice(0, 50);
    return mark(makeSubmission({ ...facts, permalink: `/r/${SUBREDDIT}/comments/${id}/${slug}/`, title, selftext: text, comments: draw.below(40) }));
  }
  const thread = draw.pick(threads);
  return mark(makeComment({ ...facts, permalink: `/r/${SUBREDDIT}/comments/${thread}/comment/${id}/`, body: text, thread, parent: `t3_${thread}` }));
}
