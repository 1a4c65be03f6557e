-- Document numbers are text: a DNI may begin with zeros.
CREATE TABLE persons (
    id TEXT PRIMARY KEY,
    document_type TEXT NOT NULL,
    document TEXT NOT NULL UNIQUE,
    given_names TEXT NOT NULL,
    paternal TEXT NOT NULL,
    maternal TEXT NOT NULL DEFAULT '',
    role TEXT NOT NULL DEFAULT 'docente',
    privacy_version TEXT NOT NULL DEFAULT '',
    privacy_at TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    pin_hash TEXT NOT NULL,
    pin_set_by TEXT NOT NULL,
    pin_set_at TEXT NOT NULL,
    recovery_hash TEXT NOT NULL,
    -- Grows when a PIN changes; a signed cookie of an older epoch opens nothing.
    epoch INTEGER NOT NULL DEFAULT 0
);

-- Whose progress a profile holds. Unverified: said by whoever held the device. Vouched: proved by DNI and PIN, or by a coach.
CREATE TABLE links (
    profile TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('vouched', 'unverified')),
    vouched_by TEXT NOT NULL DEFAULT '',
    at TEXT NOT NULL
);
CREATE INDEX links_of_person ON links (person, status);

-- Wrong PINs, by what they were tried on; they delay and never lock out.
CREATE TABLE failures (
    subject TEXT PRIMARY KEY,
    count INTEGER NOT NULL,
    last TEXT NOT NULL,
    until TEXT NOT NULL
);
CREATE INDEX failures_by_age ON failures (last);
