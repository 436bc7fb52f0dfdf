-- Studies that posts point to: resolved and linked, outside the chain. Proved by test/integration/citations.test.ts.

-- Up Migration

-- `record`: pmid:N, nct:NCT..., doi:10... (src/normalize/cited-records.ts). Goes with its post.
CREATE TABLE citation (
  post_id bigint NOT NULL REFERENCES post ON DELETE CASCADE,
  record  text NOT NULL,
  PRIMARY KEY (post_id, record)
);
CREATE INDEX citation_record ON citation (record);

-- Cited records that their platform did not have when it was asked last.
CREATE TABLE citation_miss (
  record    text PRIMARY KEY,
  looked_at timestamptz NOT NULL
);

-- No samples of what an erasure has to reach (0005_guards.sql).
ALTER TABLE citation ALTER COLUMN record SET STATISTICS 0;
ALTER TABLE citation_miss ALTER COLUMN record SET STATISTICS 0;

-- The study that a name belongs to.
CREATE INDEX post_study ON post (native_id) WHERE platform IN ('pubmed', 'europepmc', 'clinicaltrials');
