-- Why a held line was turned away, for a coach to see: what the log said, or else the id of the person who answered that it is not theirs.
ALTER TABLE held ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE held ADD COLUMN turned_by TEXT NOT NULL DEFAULT '';
