-- Devices of which something came whose place is before what their head has: it is made again from all their events, as
-- far as `number`, the last of theirs that was looked at. Kept, so that a stop half-way forgets none.
CREATE TABLE heads_waiting (
    profile TEXT NOT NULL,
    device  TEXT NOT NULL,
    number  BIGINT NOT NULL,
    PRIMARY KEY (profile, device)
);

-- Results to be made again, as which lines of a profile count changed: survives a stop half-way. One without a course is
-- when the profile was last studied with.
CREATE TABLE stale_profiles (
    profile TEXT NOT NULL,
    course  TEXT NOT NULL,
    item    TEXT NOT NULL,
    PRIMARY KEY (profile, course, item)
);

-- How often that changed, for who reads a long log to see that it did meanwhile: one row, or none as long as it never did.
CREATE TABLE counts_changed (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    times BIGINT NOT NULL
);
