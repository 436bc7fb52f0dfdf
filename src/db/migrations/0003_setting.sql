-- Facts about this installation that are not in its environment: whether it holds the demo's made-up posts.

-- Up Migration

CREATE TABLE setting (
  name  text PRIMARY KEY,
  value text NOT NULL
);
