-- `0019_unsigned.sql` for PostgreSQL: ids are compared byte by byte, as in `events`, or no index would be used.
ALTER TABLE events ADD COLUMN signed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX events_signed ON events (profile, device) WHERE signed = 1;

-- Lines that came in the name of a device without what it gives its own: its signature, or its session. They count until
-- somebody says that they are not its person's (`by`: whose word, empty for nobody's yet). The log keeps them all the same.
CREATE TABLE unsigned (
    id      TEXT COLLATE "C" PRIMARY KEY,
    number  BIGINT NOT NULL,
    profile TEXT COLLATE "C" NOT NULL,
    device  TEXT COLLATE "C" NOT NULL,
    by      TEXT NOT NULL DEFAULT '',
    at      TEXT NOT NULL DEFAULT ''
);
CREATE INDEX unsigned_of_device ON unsigned (profile, device);
CREATE INDEX unsigned_by ON unsigned (by, at);
