/**
 * A submission and a comment with all the fields that a dump has, most of which say nothing: a line is long because of them. The names are
 * those of Reddit's API and of https://github.com/ArthurHeitmann/arctic_shift (schemas); keys are sorted, as there.
 */

interface ItemFacts {
  /** Without prefix. */
  readonly id: string;
  readonly author: string;
  readonly subreddit: string;
  readonly permalink: string;
  /** Unix seconds. */
  readonly createdUtc: number;
  readonly score: number;
}

/** Nobody but the archive says this: the second look, a day and a half later. */
function secondLook({ createdUtc }: ItemFacts): object {
  return { is_edited: false, removal_type: null, retrieved_2nd_on: createdUtc + 129_600, was_deleted_later: false, was_initially_deleted: false };
}

function sharedFields(facts: ItemFacts): object {
  const { author, createdUtc, permalink, score, subreddit } = facts;
  return {
    _meta: secondLook(facts),
    all_awardings: [],
    approved_at_utc: null,
    approved_by: null,
    archived: false,
    author,
    author_flair_background_color: score % 5 === 0 ? '#dadada' : '',
    author_flair_css_class: null,
    author_flair_richtext: score % 5 === 0 ? [{ e: 'text', t: 'regular' }] : [],
    author_flair_template_id: score % 5 === 0 ? 'c0ffee00-1111-11ee-9999-0a58a9feac02' : null,
    author_flair_text: score % 5 === 0 ? 'regular' : null,
    author_flair_text_color: 'dark',
    author_flair_type: score % 5 === 0 ? 'richtext' : 'text',
    author_fullname: `t2_${author.slice(-6)}`,
    author_is_blocked: false,
    author_patreon_flair: false,
    author_premium: false,
    banned_at_utc: null,
    banned_by: null,
    can_gild: false,
    can_mod_post: false,
    created: createdUtc,
    created_utc: createdUtc,
    distinguished: null,
    downs: 0,
    edited: false,
    gilded: 0,
    gildings: {},
    likes: null,
    locked: false,
    mod_note: null,
    mod_reason_by: null,
    mod_reason_title: null,
    mod_reports: [],
    no_follow: score < 3,
    num_reports: null,
    permalink,
    removal_reason: null,
    report_reasons: null,
    retrieved_on: createdUtc + 17,
    saved: false,
    score,
    send_replies: true,
    stickied: false,
    subreddit,
    subreddit_id: 't5_2r81c',
    subreddit_name_prefixed: `r/${subreddit}`,
    subreddit_type: 'public',
    top_awarded_type: null,
    total_awards_received: 0,
    treatment_tags: [],
    ups: score,
    user_reports: [],
  };
}

export function makeSubmission(facts: ItemFacts & { readonly title: string; readonly selftext: string; readonly comments: number }): object {
  const { id, permalink, score, selftext, subreddit, title, comments } = facts;
  const address = `https://www.reddit.com${permalink}`;
  return sortKeys({
    ...sharedFields(facts),
    allow_live_comments: false,
    category: null,
    clicked: false,
    content_categories: null,
    contest_mode: false,
    discussion_type: null,
    domain: `self.${subreddit}`,
    hidden: false,
    hide_score: false,
    id,
    is_created_from_ads_ui: false,
    is_crosspostable: true,
    is_meta: false,
    is_original_content: false,
    is_reddit_media_domain: false,
    is_robot_indexable: true,
    is_self: true,
    is_video: false,
    link_flair_background_color: '#0079d3',
    link_flair_css_class: 'discussion',
    link_flair_richtext: [{ e: 'text', t: 'Discussion' }],
    link_flair_template_id: 'beefcafe-2222-11ee-8888-0a58a9feac02',
    link_flair_text: 'Discussion',
    link_flair_text_color: 'light',
    link_flair_type: 'richtext',
    media: null,
    media_embed: {},
    media_only: false,
    name: `t3_${id}`,
    num_comments: comments,
    num_crossposts: 0,
    over_18: false,
    parent_whitelist_status: 'some_ads',
    pinned: false,
    post_hint: 'self',
    preview: {
      enabled: false,
      images: [
        {
          id: `preview-of-${id}`,
          resolutions: [108, 216, 320, 640].map((width) => ({
            height: Math.round(width / 2),
            url: `https://external-preview.redd.it/preview-of-${id}.jpg?width=${width}&crop=smart&auto=webp&s=${id.padStart(40, '0')}`,
            width,
          })),
          source: { height: 400, url: `https://external-preview.redd.it/preview-of-${id}.jpg?auto=webp&s=${id.padStart(40, '0')}`, width: 800 },
          variants: {},
        },
      ],
    },
    pwls: 7,
    quarantine: false,
    removed_by: null,
    removed_by_category: null,
    secure_media: null,
    secure_media_embed: {},
    selftext,
    spoiler: false,
    subreddit_subscribers: 412_345,
    suggested_sort: null,
    thumbnail: 'self',
    thumbnail_height: null,
    thumbnail_width: null,
    title,
    upvote_ratio: score > 1 ? 0.91 : 0.5,
    url: address,
    view_count: null,
    visited: false,
    whitelist_status: 'some_ads',
    wls: 7,
  });
}

export function makeComment(facts: ItemFacts & { readonly body: string; readonly thread: string; readonly parent: string }): object {
  const { body, id, parent, thread } = facts;
  return sortKeys({
    ...sharedFields(facts),
    associated_award: null,
    awarders: [],
    body,
    collapsed: false,
    collapsed_because_crowd_control: null,
    collapsed_reason: null,
    collapsed_reason_code: null,
    comment_type: null,
    controversiality: 0,
    id,
    is_submitter: false,
    link_id: `t3_${thread}`,
    name: `t1_${id}`,
    parent_id: parent,
    replies: '',
    score_hidden: false,
    unrepliable_reason: null,
  });
}

function sortKeys(item: object): object {
  return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
}
