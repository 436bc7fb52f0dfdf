-- What is owed and who answered for it: accounts of what no community asks, stops and starts for good, gaps that a file or a person
-- closed, and rounds of re-checks (docs/operation.md, "Budgets and stops", "Is it still collecting?").

-- Up Migration

-- Re-checks of kept posts and look-ups of cited studies belong to no one community, and have an account each.
ALTER TABLE spending ADD COLUMN purpose text NOT NULL DEFAULT 'crawl' CHECK (purpose IN ('crawl', 'lookup', 'recheck'));
UPDATE spending SET purpose = 'recheck' WHERE community_id IS NULL;
ALTER TABLE spending ALTER COLUMN purpose DROP DEFAULT, ADD CHECK ((purpose = 'crawl') = (community_id IS NOT NULL));
DROP INDEX spending_of;
CREATE UNIQUE INDEX spending_of ON spending (source, month, purpose, coalesce(community_id, 0));

-- Every stop and start of a source, added to and never changed; source_stop holds what is in force.
CREATE TABLE source_switch (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source  text NOT NULL,
  act     text NOT NULL CHECK (act IN ('stop', 'start', 'cap')),
  command text NOT NULL,               -- what did it: `source stop`, a crawl, a re-check
  reason  text,
  until   timestamptz,                 -- of a cap
  at      timestamptz NOT NULL
);
CREATE INDEX source_switch_of ON source_switch (source, id);

-- `crawl`: a later run read what was missing. `import`: a file brought it. `person`: somebody accepts that it is missing.
ALTER TABLE coverage_gap
  ADD COLUMN closed_by  text CHECK (closed_by IN ('crawl', 'import', 'person')),
  ADD COLUMN closed_who text,          -- the person, or the name of the file
  ADD COLUMN closed_why text;
UPDATE coverage_gap SET closed_by = 'crawl' WHERE closed_at IS NOT NULL;
ALTER TABLE coverage_gap
  ADD CHECK ((closed_by IS NULL) = (closed_at IS NULL)),
  ADD CHECK ((closed_by IN ('import', 'person')) = (closed_who IS NOT NULL)),
  ADD CHECK (closed_by IS DISTINCT FROM 'person' OR closed_why IS NOT NULL);

-- The last round of re-checks of each source: a duty that is not met has to be seen.
CREATE TABLE recheck_round (
  source  text PRIMARY KEY,
  at      timestamptz NOT NULL,
  checked integer NOT NULL,            -- posts that were asked about
  error   text                         -- code and message of what ended it early
);
