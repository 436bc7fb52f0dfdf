-- What a crawl has covered of its community: where visits left holes, and what each found that was new to be found.

-- Up Migration

ALTER TABLE crawl
  ADD COLUMN error_code  text GENERATED ALWAYS AS (split_part(error, ':', 1)) STORED,
  ADD COLUMN gone        integer NOT NULL DEFAULT 0,  -- seen = new_posts + new_revisions + unchanged + gone + refused
  ADD COLUMN fresh       integer NOT NULL DEFAULT 0,  -- items that no earlier visit could find
  ADD COLUMN listed_at   timestamptz,                 -- when the listing that it reads was begun, maybe by an earlier run
  ADD COLUMN fresh_since timestamptz,                 -- begin of the listing before; null on the first, which fetches the past
  ADD COLUMN ended       text CHECK (ended IN ('end', 'cap', 'budget'));
-- So that failures are found among years of good runs.
CREATE INDEX crawl_failed ON crawl (community_id, started_at) WHERE status = 'failed';

-- A listing is read from its newest item down, by one run or, after a stop or a crash, by several.
CREATE TABLE coverage (
  community_id  bigint PRIMARY KEY REFERENCES community,
  begun_at      timestamptz,              -- of the listing that is being read; null between listings
  covered_until timestamptz               -- begin of the last one read to its end: all before it was listed then, but for the gaps
);

CREATE TABLE coverage_gap (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  community_id bigint NOT NULL REFERENCES community,
  kind         text NOT NULL CHECK (kind IN ('cap', 'budget', 'stopped', 'quiet')),
  since        timestamptz,               -- items of the time from here ...
  until        timestamptz,               -- ... to here may be missing; null: to now
  opened_at    timestamptz NOT NULL,
  closed_at    timestamptz
);
CREATE INDEX coverage_gap_community ON coverage_gap (community_id, id);
-- A run that stopped, a community that is quiet: one such gap at a time.
CREATE UNIQUE INDEX coverage_gap_passing ON coverage_gap (community_id, kind) WHERE closed_at IS NULL AND kind IN ('stopped', 'quiet');
