-- The parcels whose word about what their sender has was taken: one that is brought again says nothing new.
CREATE TABLE taken_parcels (
    digest TEXT PRIMARY KEY,
    at     TEXT NOT NULL
);
CREATE INDEX taken_parcels_by_age ON taken_parcels (at);
