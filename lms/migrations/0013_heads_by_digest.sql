-- A profile's digest is made of its heads' digests in their order, which are read a page at a time, however many there are.
CREATE INDEX heads_by_digest ON heads (profile, digest);
