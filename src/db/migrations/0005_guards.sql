-- What no login may do to the ledger, whatever its rights: triggers that always fire, and the one function that destroys
-- content (docs/architecture.md, "Guards"). They stop mistakes and a stolen password of the application, not the owner of
-- the tables, who can drop them: for that, checkpoints are kept outside. Who may do what is in src/db/privileges.ts.
-- Proved by test/integration/guards.test.ts.

-- Up Migration

-- 23001 restrict_violation: the row may not change, in a transaction that nothing is wrong with otherwise.
-- Every function pins its search_path and names schemas: nobody's tables or operators can stand in for ours.
CREATE FUNCTION hearsay.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'hearsay.% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

-- Per statement, so that one without rows is refused too. ENABLE ALWAYS: also in sessions that replicate, where ordinary
-- triggers are silent (session_replication_role).
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hearsay.ledger_entry EXECUTE FUNCTION hearsay.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hearsay.ledger_tile EXECUTE FUNCTION hearsay.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hearsay.ledger_erased EXECUTE FUNCTION hearsay.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hearsay.checkpoint EXECUTE FUNCTION hearsay.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hearsay.log_key EXECUTE FUNCTION hearsay.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hearsay.cosignature EXECUTE FUNCTION hearsay.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hearsay.blocked_post EXECUTE FUNCTION hearsay.refuse_change();
CREATE TRIGGER keep_content BEFORE UPDATE OR TRUNCATE ON hearsay.ledger_content EXECUTE FUNCTION hearsay.refuse_change();
CREATE TRIGGER keep_head BEFORE DELETE OR TRUNCATE ON hearsay.ledger_head EXECUTE FUNCTION hearsay.refuse_change();
CREATE TRIGGER keep_source BEFORE DELETE OR TRUNCATE ON hearsay.ledger_source EXECUTE FUNCTION hearsay.refuse_change();

-- Content goes only after a tombstone in its own chain has named it: then there is a row in ledger_erased, which itself
-- cannot be written without such a tombstone.
CREATE FUNCTION hearsay.require_tombstone() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM hearsay.ledger_erased x WHERE x.topic = OLD.topic AND x.seq = OLD.seq) THEN
    RAISE EXCEPTION 'no tombstone names entry % of %: its content stays', OLD.seq, OLD.topic USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER erased_only BEFORE DELETE ON hearsay.ledger_content FOR EACH ROW EXECUTE FUNCTION hearsay.require_tombstone();

-- The seqs that a tombstone names, from its own header bytes: columns beside them are not what the chain binds. It must be in the
-- chain: below the head, and hashed onto the entry before it (docs/ledger-format.md), not a row that somebody put there.
CREATE FUNCTION hearsay.tombstone_refs(of_topic text, tombstone bigint) RETURNS bigint[] LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  header jsonb;
BEGIN
  SELECT convert_from(e.header, 'UTF8')::jsonb INTO header FROM hearsay.ledger_entry e WHERE e.topic = of_topic AND e.seq = tombstone;
  IF header ->> 'type' IS DISTINCT FROM 'tombstone' OR header ->> 'topic' IS DISTINCT FROM of_topic OR (header ->> 'seq')::bigint IS DISTINCT FROM tombstone THEN
    RAISE EXCEPTION 'entry % of % is not a tombstone', tombstone, of_topic USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (
    SELECT FROM hearsay.ledger_entry e
      JOIN hearsay.ledger_entry before ON before.topic = e.topic AND before.seq = e.seq - 1
      JOIN hearsay.ledger_head h ON h.topic = e.topic AND h.size > e.seq
     WHERE e.topic = of_topic AND e.seq = tombstone AND e.entry = sha256(convert_to('hearsay/entry/v1' || chr(10), 'UTF8') || before.entry || e.header)
  ) THEN
    RAISE EXCEPTION 'tombstone % of % is not in the chain', tombstone, of_topic USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN ARRAY(SELECT jsonb_array_elements_text(header -> 'refs')::bigint);
END $$;

CREATE FUNCTION hearsay.require_named() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.seq >= NEW.tombstone OR NOT NEW.seq = ANY (hearsay.tombstone_refs(NEW.topic, NEW.tombstone)) THEN
    RAISE EXCEPTION 'tombstone % of % does not name entry %', NEW.tombstone, NEW.topic, NEW.seq USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER named_only BEFORE INSERT ON hearsay.ledger_erased FOR EACH ROW EXECUTE FUNCTION hearsay.require_named();

-- A chain only grows, and its hashes move with its size.
CREATE FUNCTION hearsay.guard_head() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.topic <> OLD.topic OR NEW.size < OLD.size OR (NEW.size = OLD.size AND (NEW.entry <> OLD.entry OR NEW.frontier <> OLD.frontier))
     OR (NEW.size > OLD.size AND NEW.entry = OLD.entry)
     -- Running numbers go into headers, where nothing can mend them: each entry gives out one at most.
     OR NEW.sources < OLD.sources OR NEW.questions < OLD.questions
     OR NEW.sources + NEW.questions - OLD.sources - OLD.questions > NEW.size - OLD.size THEN
    RAISE EXCEPTION 'the head of % may only grow', OLD.topic USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER grow_only BEFORE UPDATE ON hearsay.ledger_head FOR EACH ROW EXECUTE FUNCTION hearsay.guard_head();

-- Derived rows: what binds a source to its post stays; what comes from its text or author may only be forgotten; erased is final.
CREATE FUNCTION hearsay.guard_source() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (NEW.topic, NEW.seq, NEW.number, NEW.post_key, NEW.thread, NEW.experience) IS DISTINCT FROM
     (OLD.topic, OLD.seq, OLD.number, OLD.post_key, OLD.thread, OLD.experience)
     OR NEW.revision_id <> coalesce(OLD.revision_id, -1)
     OR NEW.thread_key <> coalesce(OLD.thread_key, '')
     OR NEW.author_key <> coalesce(OLD.author_key, '')
     OR NEW.text_digest <> coalesce(OLD.text_digest, '')
     OR NEW.signature <> coalesce(OLD.signature, '')
     OR (NEW.bands <> OLD.bands AND NEW.bands <> '{}')
     OR (NEW.state <> OLD.state AND (OLD.state = 'erased' OR (OLD.state = 'superseded' AND NEW.state <> 'erased'))) THEN
    RAISE EXCEPTION 'source % of % may change its state or forget its keys, nothing else', OLD.seq, OLD.topic USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER forget_only BEFORE UPDATE ON hearsay.ledger_source FOR EACH ROW EXECUTE FUNCTION hearsay.guard_source();

DO $$
DECLARE
  guard record;
BEGIN
  FOR guard IN SELECT tgrelid::regclass AS at, tgname FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
                WHERE c.relnamespace = 'hearsay'::regnamespace AND NOT t.tgisinternal LOOP
    EXECUTE pg_catalog.format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', guard.at, guard.tgname);
  END LOOP;
END $$;

-- Destroys what one tombstone names, and nothing else; returns how many contents that were. Only this function may delete
-- content, for it runs as the owner: the application has no DELETE. Running it again changes nothing.
CREATE FUNCTION hearsay.erase_content(of_topic text, tombstone bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  refs bigint[] := hearsay.tombstone_refs(of_topic, tombstone);
  destroyed bigint;
BEGIN
  INSERT INTO hearsay.ledger_erased (topic, seq, tombstone)
  SELECT of_topic, named.seq, erase_content.tombstone FROM unnest(refs) AS named (seq)
      ON CONFLICT DO NOTHING;
  DELETE FROM hearsay.ledger_content c WHERE c.topic = of_topic AND c.seq = ANY (refs);
  GET DIAGNOSTICS destroyed = ROW_COUNT;
  RETURN destroyed;
END $$;
REVOKE ALL ON FUNCTION hearsay.refuse_change(), hearsay.require_tombstone(), hearsay.tombstone_refs(text, bigint), hearsay.require_named(), hearsay.guard_head(),
  hearsay.guard_source(), hearsay.erase_content(text, bigint) FROM PUBLIC;

-- Why a post may not come back: an erasure that has to be done again says the same.
ALTER TABLE hearsay.blocked_post ADD COLUMN reason text CHECK (reason IN ('source_deleted', 'platform_terms', 'request', 'operator'));

-- The planner keeps samples of columns in pg_statistic, where erasing does not reach: none of what people wrote, of ids,
-- or of salts. Setting the type anew, to the same, drops samples taken so far and rewrites nothing.
DO $$
DECLARE
  kept record;
BEGIN
  FOR kept IN
    SELECT a.attrelid::regclass AS at, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type
      FROM (VALUES ('capture', '{url,headers,body}'::text[]), ('post', '{native_id}'), ('post_revision', '{digest,title,text,parent_text,url,signature,record,compounds}'),
                   ('annotation', '{document}'), ('refusal', '{key,item,detail}'), ('community', '{cursor}'), ('crawl', '{error}'),
                   ('ledger_content', '{salt,content}'), ('ledger_source', '{signature}'), ('reviewer', '{name}')) AS held (name, columns)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = pg_catalog.format('hearsay.%I', held.name)::regclass AND a.attname = ANY (held.columns) LOOP
    EXECUTE pg_catalog.format('ALTER TABLE %s ALTER COLUMN %I TYPE %s, ALTER COLUMN %I SET STATISTICS 0', kept.at, kept.attname, kept.type, kept.attname);
  END LOOP;
END $$;

-- Erasing looks for what others quote of a post, and for everything of an author.
CREATE INDEX post_revision_parent ON hearsay.post_revision (pg_catalog.hashtextextended(parent_text, 0)) WHERE parent_text IS NOT NULL;
CREATE INDEX post_revision_author ON hearsay.post_revision (author_key) WHERE author_key IS NOT NULL;
CREATE INDEX post_revision_thread ON hearsay.post_revision (thread_key) WHERE thread_key IS NOT NULL;
