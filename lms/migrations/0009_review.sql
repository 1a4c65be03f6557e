-- What a coach needs to know of whatever waits for a decision, and what they said that they have seen.

-- Who brought a held line (a person's id, empty for somebody who proved nothing), and when an answer turned it away, so that this answer can be taken back.
ALTER TABLE held ADD COLUMN brought_by TEXT NOT NULL DEFAULT '';
ALTER TABLE held ADD COLUMN turned_at TEXT NOT NULL DEFAULT '';
CREATE INDEX held_turned ON held (turned_at) WHERE status = 'turned away';

-- A private note that was turned away is kept no more than a name is.
DELETE FROM held WHERE status = 'turned away' AND instr(line, 'note.written') > 0;

-- Who brought a file with a profile in it last: a person's id, or empty, and as what (lms.sync.receiving.By).
CREATE TABLE brought (
    profile TEXT PRIMARY KEY,
    person  TEXT NOT NULL,
    by      TEXT NOT NULL,
    at      TEXT NOT NULL
);

-- What is odd about a device's events and refuses none of them. `said_at` is what the last of them calls its hour.
CREATE TABLE oddities (
    profile  TEXT NOT NULL,
    device   TEXT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('clock', 'fork')),
    lines    BIGINT NOT NULL,
    first_at TEXT NOT NULL,
    last_at  TEXT NOT NULL,
    said_at  TEXT NOT NULL,
    PRIMARY KEY (profile, device, kind)
);
INSERT INTO oddities (profile, device, kind, lines, first_at, last_at, said_at)
SELECT profile, device, 'fork', count(*) - count(DISTINCT seq), min(received_at), max(received_at), ''
FROM events GROUP BY profile, device HAVING count(*) > count(DISTINCT seq);

-- How many lines were refused, by who brought them, by what way and why; of the last only what it was, no words of anybody.
-- `id` is a hash of the first three.
CREATE TABLE refusals (
    id         TEXT PRIMARY KEY,
    brought_by TEXT NOT NULL,
    source     TEXT NOT NULL,
    reason     TEXT NOT NULL,
    lines      BIGINT NOT NULL,
    first_at   TEXT NOT NULL,
    last_at    TEXT NOT NULL,
    profile    TEXT NOT NULL,
    type       TEXT NOT NULL,
    course     TEXT NOT NULL
);

-- What a coach has seen: a thing of a kind, up to a number that grows when there is more of it.
CREATE TABLE reviewed (
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    upto    BIGINT NOT NULL,
    by      TEXT NOT NULL,
    at      TEXT NOT NULL,
    PRIMARY KEY (kind, subject)
);
CREATE INDEX reviewed_by ON reviewed (by, at);
CREATE INDEX links_by_voucher ON links (vouched_by, at);
