-- The LLM annotator: its answers, and what they cost. Proved by test/integration/llm.test.ts.

-- Up Migration

-- `key`: sha-256 of all that was asked (src/annotators/llm/load.ts). `answer`: labels, and places in the post's text (check.ts). Goes with its
-- post; two posts that give the same request share one.
CREATE TABLE llm_answer (
  key     bytea PRIMARY KEY CHECK (octet_length(key) = 32),
  post_id bigint NOT NULL REFERENCES post ON DELETE CASCADE,
  answer  text NOT NULL
);
CREATE INDEX llm_answer_post ON llm_answer (post_id);

-- By UTC day and model; money in millionths of a US dollar. An answer's worst is added before it is asked for, and what it did not take is
-- taken off after it.
CREATE TABLE llm_usage (
  day           date NOT NULL,
  model         text NOT NULL,
  requests      bigint NOT NULL,
  input_tokens  bigint NOT NULL CHECK (input_tokens >= 0),
  output_tokens bigint NOT NULL CHECK (output_tokens >= 0),
  micro_usd     bigint NOT NULL CHECK (micro_usd >= 0),
  PRIMARY KEY (day, model)
);

-- No samples of what an erasure has to reach (0005_guards.sql).
ALTER TABLE llm_answer ALTER COLUMN key SET STATISTICS 0;
ALTER TABLE llm_answer ALTER COLUMN answer SET STATISTICS 0;
