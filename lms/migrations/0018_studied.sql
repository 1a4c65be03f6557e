-- When somebody last studied with a profile, as `lms.events.studied` says: filled with the log, and made again from it at will.
-- Of what came before there was such a table, the moment when the last of it arrived.
CREATE TABLE studied (
    profile TEXT PRIMARY KEY,
    at      TEXT NOT NULL
);
INSERT INTO studied (profile, at)
SELECT newest.profile, events.received_at
FROM (SELECT profile, max(last) AS last FROM outcomes
      WHERE type NOT IN ('lesson.bookmarked', 'note.written') GROUP BY profile) AS newest
JOIN events ON events.number = newest.last;

-- A name as lists of people sort and search it (`lms.people.names.plain_name`); of those that are here, nearly so.
ALTER TABLE persons ADD COLUMN plain_name TEXT NOT NULL DEFAULT '';
UPDATE persons SET plain_name = replace(replace(lower(
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
    paternal || ' ' || maternal || ' ' || given_names,
    'á', 'a'), 'é', 'e'), 'í', 'i'), 'ó', 'o'), 'ú', 'u'), 'ü', 'u'), 'ñ', 'n'),
    'Á', 'a'), 'É', 'e'), 'Í', 'i'), 'Ó', 'o'), 'Ú', 'u'), 'Ü', 'u'), 'Ñ', 'n')), '''', ''), '  ', ' ');
CREATE INDEX persons_by_name ON persons (role, plain_name);
