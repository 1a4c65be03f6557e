-- Ids are compared byte by byte, as in `events`, whatever language the database sorts by: ranges of them are told to other nodes, and digests are made of them in order.
ALTER TABLE heads
    ALTER COLUMN profile TYPE TEXT COLLATE "C",
    ALTER COLUMN device TYPE TEXT COLLATE "C",
    ALTER COLUMN digest TYPE TEXT COLLATE "C";

ALTER TABLE erased
    ALTER COLUMN profile TYPE TEXT COLLATE "C",
    ALTER COLUMN id TYPE TEXT COLLATE "C";

-- Those that are compared with them, or no index would be used.
ALTER TABLE receipts
    ALTER COLUMN profile TYPE TEXT COLLATE "C",
    ALTER COLUMN device TYPE TEXT COLLATE "C";

ALTER TABLE carried ALTER COLUMN profile TYPE TEXT COLLATE "C";
