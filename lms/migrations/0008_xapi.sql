-- Programs that speak xAPI: what they sign in with, of which a hash is kept, and their statements that no event of ours says.

CREATE TABLE xapi_keys (
    name       TEXT PRIMARY KEY,
    hash       TEXT NOT NULL,
    may        TEXT NOT NULL CHECK (may IN ('read', 'write', 'all')),
    made_at    TEXT NOT NULL,
    revoked_at TEXT NOT NULL DEFAULT ''
);

-- As received, with what a record store adds. `agents` and `activities` are those it can be asked by, each between line ends; `key` is who sent it. SQLite takes any name of a type, and keeps bytes as bytes.
CREATE TABLE statements (
    id           TEXT PRIMARY KEY,
    stored       TEXT NOT NULL,
    key          TEXT NOT NULL,
    verb         TEXT NOT NULL,
    activity     TEXT NOT NULL,
    activities   TEXT NOT NULL,
    agents       TEXT NOT NULL,
    registration TEXT NOT NULL,
    voids        TEXT NOT NULL,
    statement    BYTEA NOT NULL
);
CREATE INDEX statements_by_arrival ON statements (stored, id);
CREATE INDEX statements_by_key ON statements (key);
CREATE INDEX statements_voided ON statements (voids, key) WHERE voids <> '';

-- Statements are asked for by when they were stored.
CREATE INDEX events_by_arrival ON events (received_at, number);
