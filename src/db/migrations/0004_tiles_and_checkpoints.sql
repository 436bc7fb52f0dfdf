-- The Merkle tree as C2SP tlog-tiles, and what becomes of a checkpoint after it is signed.

-- Up Migration

-- Full tiles only, 256 hashes of 32 bytes: level 0 is written by the append that fills it, upper levels later. The last,
-- partial tile of a level is computed: of level 0 from ledger_entry, of others from the full tiles below.
CREATE TABLE ledger_tile (
  topic      text NOT NULL REFERENCES ledger_head,
  level      smallint NOT NULL CHECK (level BETWEEN 0 AND 7),
  tile_index bigint NOT NULL CHECK (tile_index >= 0),
  hashes     bytea NOT NULL CHECK (octet_length(hashes) = 8192),
  PRIMARY KEY (topic, level, tile_index)
);
-- Hashes do not compress; trying would only cost time.
ALTER TABLE ledger_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- Ledgers of earlier releases: leaf = SHA-256(0x00 || entry), RFC 6962 section 2.1.
INSERT INTO ledger_tile (topic, level, tile_index, hashes)
SELECT topic, 0, seq / 256, string_agg(sha256('\x00'::bytea || entry), ''::bytea ORDER BY seq)
  FROM ledger_entry GROUP BY topic, seq / 256 HAVING count(*) = 256;

-- Verifier keys that have signed checkpoints of a topic.
CREATE TABLE log_key (
  topic         text NOT NULL REFERENCES ledger_head,
  vkey          text NOT NULL,
  first_used_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, vkey)
);

-- What witnesses added to a checkpoint: one signature line of the note each, without its newline.
CREATE TABLE cosignature (
  topic       text NOT NULL,
  size        bigint NOT NULL,
  name        text NOT NULL,               -- of the witness's key
  line        text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, size, name),
  FOREIGN KEY (topic, size) REFERENCES checkpoint
);

-- How far each outside place has received a topic's checkpoints. A cache: what is lost is sent again.
CREATE TABLE checkpoint_delivery (
  place     text NOT NULL,                 -- as configured, without secrets
  topic     text NOT NULL REFERENCES ledger_head,
  size      bigint NOT NULL DEFAULT -1,    -- last size received, -1 for none
  attempts  integer NOT NULL DEFAULT 0,    -- failed ones since
  error     text,
  tried_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (place, topic)
);

-- Appends look bands up right after writing some: the pending list of a fast-updated GIN index would be searched entry by entry
-- (https://www.postgresql.org/docs/current/gin.html#GIN-FAST-UPDATE): 370 ms for 167 reports, 14 ms without.
ALTER INDEX ledger_source_bands SET (fastupdate = off);

-- Running numbers given out so far: counting them anew would make every append as slow as the ledger is long.
ALTER TABLE ledger_head ADD COLUMN sources bigint NOT NULL DEFAULT 0, ADD COLUMN questions bigint NOT NULL DEFAULT 0;
UPDATE ledger_head h SET
  sources = (SELECT coalesce(max(number), 0) FROM ledger_source s WHERE s.topic = h.topic),
  questions = (SELECT count(*) FROM ledger_entry e WHERE e.topic = h.topic AND e.type = 'question');
