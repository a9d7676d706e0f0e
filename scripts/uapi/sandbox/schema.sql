-- The sandbox's database. A phone call is one JSON document, and the other tables are what it is found by.

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE organizations (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organizations (id)
) WITHOUT ROWID;

CREATE TABLE extensions (
  number TEXT PRIMARY KEY,
  short TEXT NOT NULL,
  organization TEXT NOT NULL REFERENCES organizations (id),
  user TEXT NOT NULL REFERENCES users (id),
  document TEXT NOT NULL,
  UNIQUE (organization, short)
) WITHOUT ROWID;

CREATE INDEX extensions_of_user ON extensions (user, number);

-- The public numbers that the world says something of.
CREATE TABLE public_numbers (
  number TEXT PRIMARY KEY,
  document TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE principals (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('user', 'organization', 'administrator')),
  user TEXT NOT NULL REFERENCES users (id)
) WITHOUT ROWID;

-- Secrets and tokens are kept as SHA-256 only.
CREATE TABLE apps (
  client_id TEXT PRIMARY KEY,
  secret_hash TEXT NOT NULL,
  principal TEXT NOT NULL REFERENCES principals (id)
) WITHOUT ROWID;

CREATE TABLE tokens (
  hash TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('access', 'refresh')),
  principal TEXT NOT NULL REFERENCES principals (id),
  client_id TEXT REFERENCES apps (client_id),
  expires_at REAL
) WITHOUT ROWID;

CREATE INDEX tokens_by_expiry ON tokens (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE calls (
  id TEXT PRIMARY KEY,
  document TEXT NOT NULL,
  extension TEXT NOT NULL, -- which is charged
  next_event_at INTEGER, -- in microseconds since 1970
  parked_pos INTEGER
);

CREATE INDEX calls_by_event ON calls (next_event_at) WHERE next_event_at IS NOT NULL;
CREATE INDEX calls_parked ON calls (parked_pos) WHERE parked_pos IS NOT NULL;

-- Each call once under each of its extensions, 'extension:0003*210', and once under each of their users, 'user:12'.
-- The primary key is the order in which a list is sent. Calls are not referenced, since to look each one up would double
-- the time that a large world takes to fill in.
CREATE TABLE listings (
  list TEXT NOT NULL,
  published_at INTEGER NOT NULL, -- in microseconds since 1970
  published TEXT NOT NULL, -- as it is sent
  call_id TEXT NOT NULL,
  PRIMARY KEY (list, published_at, call_id)
) WITHOUT ROWID;

CREATE INDEX listings_of_call ON listings (call_id, list);

-- How many calls a list has: to count a hundred thousand for each page takes longer than the page.
CREATE TABLE lists (
  name TEXT PRIMARY KEY,
  size INTEGER NOT NULL
) WITHOUT ROWID;
