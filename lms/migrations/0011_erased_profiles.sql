-- What was erased travels to other servers, so each id is said with its profile: the profile's own for all of its names and notes, an event's for one line.
ALTER TABLE erased RENAME TO erased_before;

CREATE TABLE erased (
    profile TEXT NOT NULL,
    id      TEXT NOT NULL,
    at      TEXT NOT NULL,
    PRIMARY KEY (profile, id)
);

INSERT INTO erased (profile, id, at)
SELECT coalesce(events.profile, erased_before.id), erased_before.id, erased_before.at
FROM erased_before LEFT JOIN events ON events.id = erased_before.id;

DROP TABLE erased_before;

-- Where a whole profile was erased its lines need not be named.
DELETE FROM erased WHERE id <> profile
AND EXISTS (SELECT 1 FROM erased AS whole WHERE whole.profile = erased.profile AND whole.id = erased.profile);

-- Profiles of accounts here that another server said were erased there: nothing of them is, until their person or whoever administers this server erases them here.
CREATE TABLE erased_elsewhere (
    profile TEXT PRIMARY KEY,
    node    TEXT NOT NULL,
    at      TEXT NOT NULL
);
