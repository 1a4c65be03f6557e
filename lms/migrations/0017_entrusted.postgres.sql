-- `0017_entrusted.sql` for PostgreSQL: another name of a type.
CREATE TABLE entrusted (
    digest   TEXT PRIMARY KEY,
    node     TEXT NOT NULL,
    at       TEXT NOT NULL,
    size     BIGINT NOT NULL,
    parcel   BYTEA NOT NULL,
    state    TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'taken', 'refused')),
    answered TEXT NOT NULL DEFAULT '',
    said     TEXT NOT NULL DEFAULT '',
    receipt  TEXT NOT NULL DEFAULT '',
    nobodys  TEXT NOT NULL DEFAULT ''
);
