-- Files closed to a server above this one, that somebody left here to be carried on. What is in them only that server can
-- read. Once it said what became of one, the parcel goes and its receipt, which names nobody, stays.
CREATE TABLE entrusted (
    digest   TEXT PRIMARY KEY,
    node     TEXT NOT NULL,
    at       TEXT NOT NULL,
    size     BIGINT NOT NULL,
    parcel   BLOB NOT NULL,
    state    TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'taken', 'refused')),
    answered TEXT NOT NULL DEFAULT '',
    said     TEXT NOT NULL DEFAULT '',
    receipt  TEXT NOT NULL DEFAULT '',
    nobodys  TEXT NOT NULL DEFAULT ''
);
