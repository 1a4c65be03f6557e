-- What another server's receipt, which somebody brought here, says that it has of a device of a profile. Its key signed
-- it, and node is the key's hash, as in nodes; whose the key is, nobody proved, so the name is the receipt's own.
CREATE TABLE kept_receipts (
    node    TEXT NOT NULL,
    name    TEXT NOT NULL,
    profile TEXT NOT NULL,
    device  TEXT NOT NULL,
    upto    BIGINT NOT NULL,
    day     TEXT NOT NULL,
    PRIMARY KEY (node, profile, device)
);
CREATE INDEX kept_receipts_of_profile ON kept_receipts (profile);
