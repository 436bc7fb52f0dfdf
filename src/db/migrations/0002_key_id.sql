-- Ids (not keys) of the secrets whose hashes this database holds. Under another secret erased posts would be taken in
-- again and authors counted anew, so a start with an id that is not here halts.

-- Up Migration

CREATE TABLE key_id (
  id            text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{8}$'),
  first_used_at timestamptz NOT NULL DEFAULT now()
);
