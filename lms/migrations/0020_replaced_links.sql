-- What a link was before a coach's answer of one moment replaced it, so that the answer can be taken back whole. `person` is empty if there was none; `given` is whose the answer made it, and `undone_by` and `undone_at` say who had undone that link before (NULL: nobody).
CREATE TABLE replaced_links (
    profile    TEXT NOT NULL,
    by         TEXT NOT NULL,
    at         TEXT NOT NULL,
    person     TEXT NOT NULL,
    status     TEXT NOT NULL,
    vouched_by TEXT NOT NULL,
    since      TEXT NOT NULL,
    given      TEXT NOT NULL,
    undone_by  TEXT,
    undone_at  TEXT,
    PRIMARY KEY (profile, by, at)
);
