-- What a candidate annotator says beside the adopted one: kept with the other annotations, erased with them, never appended while it is a shadow
-- (design section 6, "Adopting an annotator"). Proved by test/integration/shadow.test.ts.

-- Up Migration

ALTER TABLE annotation ADD COLUMN shadow boolean NOT NULL DEFAULT false;
DROP INDEX annotation_to_append;
CREATE INDEX annotation_to_append ON annotation (topic) WHERE outcome = 'keep' AND appended_seq IS NULL AND blocked IS NULL AND NOT shadow;
