-- Where this server said in a profile's own log whose it is: the id of that event, '-' if the profile says it itself, empty as long as nobody looked.
ALTER TABLE links ADD COLUMN said TEXT NOT NULL DEFAULT '';
CREATE INDEX links_unsaid ON links (profile) WHERE status = 'vouched' AND said = '';

-- Which documents profiles name, as they may be kept: so that an account made later finds what came before it.
CREATE TABLE named (
    document TEXT NOT NULL,
    profile  TEXT NOT NULL,
    PRIMARY KEY (document, profile)
);

-- Up to which profile and event lines were looked at that came before there was such a table, and whether all were: one row, or none yet.
CREATE TABLE named_made (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    profile TEXT NOT NULL,
    number  BIGINT NOT NULL,
    done    INTEGER NOT NULL
);
