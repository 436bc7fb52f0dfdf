-- Hearsay's tables. Stages in the order of the flow; a stage never writes behind itself.
-- Rows that a later stage waits for can be found by one query each: that is what reconcile runs.

-- Up Migration

CREATE TABLE topic (
  slug       text PRIMARY KEY,
  title      text NOT NULL,
  document   jsonb NOT NULL,               -- the validated topic file
  loaded_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE community (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic      text NOT NULL REFERENCES topic,
  key        text NOT NULL,                -- digest of source + query: survives reordering of the file
  source     text NOT NULL,
  query      jsonb NOT NULL,
  schedule   jsonb NOT NULL,
  budget     jsonb NOT NULL,
  active     boolean NOT NULL DEFAULT true, -- false once it is gone from the topic file
  cursor     jsonb NOT NULL DEFAULT '{}',
  UNIQUE (topic, key)
);

-- One run of one community, or one import.
CREATE TABLE crawl (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic        text NOT NULL REFERENCES topic,
  community_id bigint REFERENCES community,
  source       text NOT NULL,
  started_at   timestamptz NOT NULL DEFAULT now(),
  finished_at  timestamptz,
  status       text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done', 'stopped', 'failed')),
  pages        integer NOT NULL DEFAULT 0,
  seen         integer NOT NULL DEFAULT 0,
  new_posts    integer NOT NULL DEFAULT 0,
  new_revisions integer NOT NULL DEFAULT 0,
  unchanged    integer NOT NULL DEFAULT 0,
  refused      integer NOT NULL DEFAULT 0,
  error        text
);
CREATE INDEX crawl_community ON crawl (community_id, id DESC);

-- The raw response as received. Erasable.
CREATE TABLE capture (
  digest     bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
  url        text NOT NULL,
  status     integer NOT NULL,
  headers    jsonb NOT NULL,
  body       bytea NOT NULL,
  fetched_at timestamptz NOT NULL
);

-- One item somebody wrote. `post_key` = HMAC(platform, native id): survives the erasure of native_id.
CREATE TABLE post (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  post_key      bytea NOT NULL UNIQUE,
  platform      text NOT NULL,
  native_id     text,                      -- null once erased
  source        text,                      -- source that can re-check it; null for files
  state         text NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'removed', 'erased')),
  -- what the platform last showed; the sweep carries a difference to the ledgers, then sets state
  observed      text NOT NULL DEFAULT 'live' CHECK (observed IN ('live', 'removed', 'deleted')),
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  checked_at    timestamptz
);
CREATE INDEX post_to_sweep ON post (id) WHERE state <> 'erased' AND observed <> state;
CREATE INDEX post_recheck ON post (source, checked_at NULLS FIRST) WHERE state <> 'erased';

CREATE TABLE post_revision (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  post_id      bigint NOT NULL REFERENCES post,
  revision     integer NOT NULL,           -- from 1
  digest       bytea NOT NULL,             -- of title and text
  kind         text NOT NULL,
  title        text,
  text         text NOT NULL,
  parent_text  text,
  url          text,
  thread_key   bytea,                      -- HMAC(platform, thread id)
  author_key   bytea,                      -- keyed hash; never on X
  text_digest  bytea NOT NULL,             -- of the normalized text: equal text is one experience
  signature    bytea,                      -- MinHash of the text, 64 x uint32; null when too short
  bands        bigint[] NOT NULL DEFAULT '{}', -- its LSH bands
  created_at   timestamptz,                -- null = unknown
  captured_at  timestamptz,
  capture_digest bytea,                    -- the capture it was first read from
  record       jsonb,
  compounds    text[],                     -- names the file says the thread is about
  UNIQUE (post_id, revision)
);

-- Every capture a post was seen in: erasing the post destroys them all.
CREATE TABLE post_sighting (
  post_id        bigint NOT NULL REFERENCES post,
  capture_digest bytea NOT NULL,
  PRIMARY KEY (post_id, capture_digest)
);
CREATE INDEX post_sighting_capture ON post_sighting (capture_digest);

CREATE TABLE topic_post (
  topic   text NOT NULL REFERENCES topic,
  post_id bigint NOT NULL REFERENCES post,
  PRIMARY KEY (topic, post_id)
);
CREATE INDEX topic_post_post ON topic_post (post_id);

-- Revisions that a topic has still to annotate. Its smallest id holds the append back, so that entries are
-- chained in the order of revisions whatever the workers' timing: a crash changes no count.
CREATE TABLE unannotated (
  topic       text NOT NULL REFERENCES topic,
  revision_id bigint NOT NULL REFERENCES post_revision ON DELETE CASCADE,
  PRIMARY KEY (topic, revision_id)
);

-- Everything that was not kept, once per item and reason; running an import twice adds nothing.
CREATE TABLE refusal (
  topic    text NOT NULL REFERENCES topic,
  key      bytea NOT NULL,                 -- digest of stage, code and item
  stage    text NOT NULL,                  -- crawl, import, normalize, gate, annotate
  code     text NOT NULL,
  source   text NOT NULL,
  item     text,
  detail   text,
  at       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, key)
);
CREATE INDEX refusal_code ON refusal (topic, stage, code);

CREATE TABLE annotation (
  topic        text NOT NULL REFERENCES topic,
  revision_id  bigint NOT NULL REFERENCES post_revision ON DELETE CASCADE,
  annotator    text NOT NULL,
  -- null once decided off_topic: the drop stays counted in refusal, the labels are not kept
  document     jsonb,
  outcome      text NOT NULL CHECK (outcome IN ('keep', 'off_topic')),
  appended_seq bigint,                     -- seq of its source entry; null = append is still to do
  blocked      text,                       -- why append refused it for good
  PRIMARY KEY (topic, revision_id, annotator)
);
CREATE INDEX annotation_to_append ON annotation (topic) WHERE outcome = 'keep' AND appended_seq IS NULL AND blocked IS NULL;

-- The head of each chain. `frontier`: RFC 6962 roots of the full subtrees, largest first, 32 bytes each.
CREATE TABLE ledger_head (
  topic    text PRIMARY KEY REFERENCES topic,
  size     bigint NOT NULL DEFAULT 0,
  entry    bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
  frontier bytea NOT NULL DEFAULT ''
);

CREATE TABLE ledger_entry (
  topic  text NOT NULL REFERENCES ledger_head,
  seq    bigint NOT NULL,
  type   text NOT NULL,
  key    bytea NOT NULL,                   -- idempotence key, unique per topic and type
  ref    bigint,                           -- claim: its source; review, undo, notice: what they are about
  header bytea NOT NULL,                   -- exact JCS bytes
  entry  bytea NOT NULL CHECK (octet_length(entry) = 32),
  PRIMARY KEY (topic, seq),
  UNIQUE (topic, type, key)
);

CREATE INDEX ledger_entry_ref ON ledger_entry (topic, ref) WHERE ref IS NOT NULL;

-- Erasable part of an entry: destroyed together with its salt.
CREATE TABLE ledger_content (
  topic   text NOT NULL,
  seq     bigint NOT NULL,
  salt    bytea NOT NULL CHECK (octet_length(salt) = 32),
  content bytea NOT NULL,                  -- exact JCS bytes
  PRIMARY KEY (topic, seq),
  FOREIGN KEY (topic, seq) REFERENCES ledger_entry
);

-- Seqs that tombstones name: explains missing content without parsing every tombstone.
CREATE TABLE ledger_erased (
  topic     text NOT NULL,
  seq       bigint NOT NULL,
  tombstone bigint NOT NULL,
  PRIMARY KEY (topic, seq),
  FOREIGN KEY (topic, seq) REFERENCES ledger_entry
);

-- What the appender must know of sources without parsing headers. Derived, and checked against the chain by verify.
CREATE TABLE ledger_source (
  topic       text NOT NULL,
  seq         bigint NOT NULL,
  number      bigint NOT NULL,
  post_key    bytea NOT NULL,
  revision_id bigint,                      -- null once erased
  thread_key  bytea,
  author_key  bytea,
  text_digest bytea,
  signature   bytea,
  bands       bigint[] NOT NULL DEFAULT '{}',
  thread      bigint NOT NULL,
  experience  bigint NOT NULL,
  state       text NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'superseded', 'withheld', 'erased')),
  PRIMARY KEY (topic, seq),
  UNIQUE (topic, number),
  FOREIGN KEY (topic, seq) REFERENCES ledger_entry
);
-- At most one source per (topic, post) that is not superseded or erased.
CREATE UNIQUE INDEX ledger_source_current ON ledger_source (topic, post_key) WHERE state IN ('live', 'withheld');
CREATE INDEX ledger_source_post ON ledger_source (post_key);
CREATE INDEX ledger_source_thread ON ledger_source (topic, thread_key);
CREATE INDEX ledger_source_author ON ledger_source (topic, author_key);
CREATE INDEX ledger_source_text ON ledger_source (topic, text_digest);
CREATE INDEX ledger_source_bands ON ledger_source USING gin (bands);

-- HMAC(platform, native id) of erased posts: append refuses them for ever.
CREATE TABLE blocked_post (
  post_key   bytea PRIMARY KEY,
  blocked_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE checkpoint (
  topic     text NOT NULL REFERENCES ledger_head,
  size      bigint NOT NULL,
  root      bytea NOT NULL,
  note      text NOT NULL,                 -- the signed note, as served
  signed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, size)
);

-- A cache of the fold; the ledger is the truth.
CREATE TABLE counts (
  topic     text PRIMARY KEY REFERENCES ledger_head,
  size      bigint NOT NULL,
  root      bytea NOT NULL,
  document  json NOT NULL,                 -- json, not jsonb: its text is compared with a refold
  folded_at timestamptz NOT NULL DEFAULT now()
);

-- Random pseudonym of a reviewer in one topic; the name stays outside the chain.
CREATE TABLE reviewer (
  topic     text NOT NULL REFERENCES topic,
  name      text NOT NULL,
  pseudonym text NOT NULL,
  PRIMARY KEY (topic, name),
  UNIQUE (topic, pseudonym)
);
