-- What the log holds of each device of a profile, in one line to compare with another node: how far it comes without
-- gaps, its last seq, how many events, and a digest of their ids in order. Made from the log, and made again at will.
CREATE TABLE heads (
    profile TEXT NOT NULL,
    device  TEXT NOT NULL,
    upto    BIGINT NOT NULL,
    last    BIGINT NOT NULL,
    events  BIGINT NOT NULL,
    digest  TEXT NOT NULL,
    PRIMARY KEY (profile, device)
);

-- The number of the last event that is in `heads`: one row, or none as long as there are no heads.
CREATE TABLE heads_made (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    number BIGINT NOT NULL
);

-- Other nodes, by the hash of their key. One that waits was not accepted yet: nothing is given to it.
CREATE TABLE nodes (
    id       TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    public   TEXT NOT NULL UNIQUE,
    address  TEXT NOT NULL,
    upstream INTEGER NOT NULL DEFAULT 0,
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'joined', 'refused')),
    since    TEXT NOT NULL,
    seen     TEXT NOT NULL DEFAULT '',
    -- The secret of the invitation with which this node joined that one: said with every message, as the first may be lost.
    invitation TEXT NOT NULL DEFAULT ''
);

-- One-use invitations that this node gave, by the hash of their secret.
CREATE TABLE invitations (
    digest TEXT PRIMARY KEY,
    name   TEXT NOT NULL,
    at     TEXT NOT NULL
);

-- Which profiles a node brought: it may ask for them when it lost its data.
CREATE TABLE carried (
    node    TEXT NOT NULL,
    profile TEXT NOT NULL,
    PRIMARY KEY (node, profile)
);

-- What a node said last that it has of each device of a profile, signed with its key: its receipts.
CREATE TABLE receipts (
    node    TEXT NOT NULL,
    profile TEXT NOT NULL,
    device  TEXT NOT NULL,
    upto    BIGINT NOT NULL,
    last    BIGINT NOT NULL,
    events  BIGINT NOT NULL,
    digest  TEXT NOT NULL,
    at      TEXT NOT NULL,
    PRIMARY KEY (node, profile, device)
);
CREATE INDEX receipts_of_profile ON receipts (profile);

-- A server is another device each time it starts: what it was before stands in its events.
DROP TABLE own_device;
