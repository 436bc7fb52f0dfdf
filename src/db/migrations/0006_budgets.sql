-- What crawls may use up, and what stops them (docs/operation.md, "Budgets and stops"). Proved by test/integration/budget.test.ts.

-- Up Migration

-- A source of which no community is crawled for now. `operator`: until a person starts it again; `cap`: until the platform's own limit is
-- set back. Both may hold at once. Deletions are still looked for.
CREATE TABLE source_stop (
  source     text NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('operator', 'cap')),
  reason     text,
  stopped_at timestamptz NOT NULL,
  until      timestamptz CHECK (kind = 'operator' OR until IS NOT NULL),
  PRIMARY KEY (source, kind)
);

-- Money, in millionths of a US dollar, by community and month (UTC). A request's worst case is added before it is asked, and what it did
-- not cost is taken off after it: a crash leaves too much here, never too little.
CREATE TABLE spending (
  source       text NOT NULL,
  community_id bigint REFERENCES community,   -- null: re-checks of kept posts, which belong to no one community
  month        date NOT NULL CHECK (extract(day FROM month) = 1),
  requests     bigint NOT NULL DEFAULT 0,
  micro_usd    bigint NOT NULL DEFAULT 0 CHECK (micro_usd >= 0)
);
CREATE UNIQUE INDEX spending_of ON spending (source, month, coalesce(community_id, 0));

-- Requests of crawls by UTC day, of the sources that the configuration limits.
CREATE TABLE request_day (
  source   text NOT NULL,
  day      date NOT NULL,
  requests bigint NOT NULL,
  PRIMARY KEY (source, day)
);
