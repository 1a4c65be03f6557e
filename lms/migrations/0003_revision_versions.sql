-- The newest version of its course that has a revision: an answer is graded with its own and with those of
-- its version and later ones. Empty for what was published before versions were kept here.
ALTER TABLE revisions ADD COLUMN version TEXT NOT NULL DEFAULT '';
