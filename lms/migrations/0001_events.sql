-- What happened: an append-only log, the revisions answers are graded with, and the read model that follows.

-- `number` is the order of arrival at this node; `line` holds the bytes as received, and they are never changed.
CREATE TABLE events (
    number      INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    profile     TEXT NOT NULL,
    device      TEXT NOT NULL,
    seq         INTEGER NOT NULL,
    type        TEXT NOT NULL,
    course      TEXT NOT NULL,
    item        TEXT NOT NULL,
    source      TEXT NOT NULL,
    received_at TEXT NOT NULL,
    line        BLOB NOT NULL
);
-- Not unique: two ids on one seq are a fork (a cloned disk, an old backup) and both are kept.
CREATE INDEX events_by_profile ON events (profile, device, seq);

-- Lines that were refused, for a person to look at: bounded in number and size, never graded, never relayed.
CREATE TABLE quarantine (
    number      INTEGER PRIMARY KEY,
    digest      TEXT NOT NULL UNIQUE,
    source      TEXT NOT NULL,
    received_at TEXT NOT NULL,
    reason      TEXT NOT NULL,
    line        BLOB NOT NULL
);

-- Every exercise and assessment ever published here, by the hash of its canonical source.
CREATE TABLE revisions (
    number INTEGER PRIMARY KEY,
    course TEXT NOT NULL,
    item   TEXT NOT NULL,
    rev    TEXT NOT NULL,
    type   TEXT NOT NULL,
    source TEXT NOT NULL,
    key    TEXT NOT NULL,
    UNIQUE (course, item, rev)
);

-- Best result of a profile in an item. `mark` is null until graded here; `pending` counts what still waits for
-- a revision; `first` and `last` are orders of arrival.
CREATE TABLE outcomes (
    profile  TEXT NOT NULL,
    course   TEXT NOT NULL,
    item     TEXT NOT NULL,
    type     TEXT NOT NULL,
    mark     REAL,
    attempts INTEGER NOT NULL,
    pending  INTEGER NOT NULL,
    first    INTEGER NOT NULL,
    last     INTEGER NOT NULL,
    PRIMARY KEY (profile, course, item, type)
) WITHOUT ROWID;

-- Items with a new revision whose outcomes are still being graded again: survives a stop half-way.
CREATE TABLE stale_outcomes (
    course TEXT NOT NULL,
    item   TEXT NOT NULL,
    PRIMARY KEY (course, item)
);

-- This node as a device: what is done in a page without JavaScript is written down here, under this id.
CREATE TABLE own_device (
    device TEXT PRIMARY KEY
);
