-- Deletions with patience: what was seen of a post that its platform does not show, and when `post.observed` was last seen to be so.

-- Up Migration

-- Time of the newest observation behind `observed`; null = of unknown age. An older one, such as a line of an old file, changes nothing.
ALTER TABLE post ADD COLUMN observed_at timestamptz;

-- Looks at a post since it was last shown (src/pipeline/absence-policy.ts). Nothing of the post itself.
CREATE TABLE absence (
  post_id       bigint PRIMARY KEY REFERENCES post ON DELETE CASCADE,
  outcome       text NOT NULL CHECK (outcome IN ('deleted', 'removed', 'gone', 'missing', 'down')),
  looked_at     timestamptz NOT NULL,
  missing_looks integer NOT NULL DEFAULT 0,
  missing_since timestamptz,
  gone_looks    integer NOT NULL DEFAULT 0,
  gone_since    timestamptz,
  CHECK ((missing_looks > 0) = (missing_since IS NOT NULL) AND (gone_looks > 0) = (gone_since IS NOT NULL) AND gone_looks <= missing_looks)
);

-- A question about all kept posts that a source has been given and has not answered yet.
CREATE TABLE recheck_job (
  source     text PRIMARY KEY,
  job        text NOT NULL,
  through    bigint NOT NULL,              -- posts up to this id were asked about
  started_at timestamptz NOT NULL
);
