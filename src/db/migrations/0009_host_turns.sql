-- When each host may next be asked, shared by all processes.

-- Up Migration

-- A crash may lose it: the worst is one request too early.
CREATE UNLOGGED TABLE host_turn (
  host    text PRIMARY KEY,
  next_at timestamptz NOT NULL
);
