-- Whose accounts were erased here, by ids that name nobody, and the Peruvian day: a backup from before still has them, and a restore asks who they are.
CREATE TABLE erased_persons (
    person TEXT PRIMARY KEY,
    day    TEXT NOT NULL
);
