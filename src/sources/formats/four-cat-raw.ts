/**
 * Raw items in 4CAT's NDJSON to its mapped columns: Zeeschuimer's wrapper (`data`, `__import_meta`), X as the web client sees it
 * (`rest_id`, `legacy`), X as API v2 gives it (`text`, `conversation_id`). Everything else is taken as mapped already.
 * Proved by test/unit/sources/formats-four-cat.test.ts.
 */

type Item = Readonly<Record<string, unknown>>;

export function flattenItem(item: Item): Item {
  const meta = objectOf(item['__import_meta']);
  const platform = item['source_platform'] ?? meta['source_platform'];
  const wrapped = 'item_id' in item && typeof item['data'] === 'object' && item['data'] !== null;
  const inner: Item = wrapped ? { id: item['item_id'], ...objectOf(item['data']) } : item;
  const named = platform === undefined ? inner : { ...inner, source_platform: platform };
  if (typeof inner['rest_id'] === 'string' && typeof inner['legacy'] === 'object') return flattenWebPost(named);
  if (typeof inner['text'] === 'string' && 'conversation_id' in inner && !('body' in inner)) return flattenApiPost(named);
  return named;
}

function flattenWebPost(item: Item): Item {
  const legacy = objectOf(item['legacy']);
  // Posts beyond 280 characters carry the whole text apart.
  const note = objectOf(objectOf(objectOf(item['note_tweet'])['note_tweet_results'])['result']);
  return {
    source_platform: 'x.com',
    id: item['rest_id'],
    thread_id: legacy['conversation_id_str'],
    body: typeof note['text'] === 'string' ? note['text'] : legacy['full_text'],
    created_at: legacy['created_at'],
    link: `https://x.com/i/status/${String(item['rest_id'])}`,
  };
}

function flattenApiPost(item: Item): Item {
  const note = objectOf(item['note_tweet'] ?? item['note_post']);
  return {
    source_platform: 'x.com',
    id: item['id'],
    thread_id: item['conversation_id'],
    body: typeof note['text'] === 'string' ? note['text'] : item['text'],
    created_at: item['created_at'],
    link: `https://x.com/i/status/${String(item['id'])}`,
  };
}

function objectOf(value: unknown): Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Item) : {};
}
