-- What was ever said in a profile of who uses it decides who may vouch for it.
CREATE INDEX events_identified ON events (profile) WHERE type = 'profile.identified';

CREATE INDEX links_unverified ON links (profile) WHERE status = 'unverified';

-- Links that somebody undid, so that the next file does not make them again. `by` is a person's id, empty for whoever administers the server.
CREATE TABLE undone_links (
    profile TEXT NOT NULL,
    person  TEXT NOT NULL,
    by      TEXT NOT NULL,
    at      TEXT NOT NULL,
    PRIMARY KEY (profile, person)
);

-- What an erased account leaves: ids of the events that named its owner and of the profiles that were theirs. No name in them comes back.
CREATE TABLE erased (
    id TEXT PRIMARY KEY,
    at TEXT NOT NULL
);

-- Lines for a vouched profile from a sender who did not prove to be its owner: kept whole, in no count, until the owner or a coach answers.
-- Two that differ are both kept though they have one id: until then nobody knows which of them is honest.
-- An answer covers the lines up to a number, so no number is given twice. Those that are not theirs stay, turned away.
CREATE TABLE held (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT NOT NULL,
    digest      TEXT NOT NULL,
    profile     TEXT NOT NULL,
    device      TEXT NOT NULL,
    source      TEXT NOT NULL,
    received_at TEXT NOT NULL,
    status      TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'turned away')),
    line        BLOB NOT NULL,
    UNIQUE (id, digest)
);
CREATE INDEX held_by_profile ON held (profile);
CREATE INDEX held_waiting ON held (profile, device, source) WHERE status = 'waiting';

-- A refused line with a name and a document is not kept any more.
DELETE FROM quarantine WHERE instr(line, CAST('profile.identified' AS BLOB)) > 0;
