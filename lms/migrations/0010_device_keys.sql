-- The key of a device of a profile, once the person whose profile it is brought a file that it signed: such files are
-- then as good as the person's own word, whoever carries them. Which key a device announced first, the log says.
CREATE TABLE device_keys (
    profile TEXT NOT NULL,
    device  TEXT NOT NULL,
    key     TEXT NOT NULL,
    person  TEXT NOT NULL,
    since   TEXT NOT NULL,
    PRIMARY KEY (profile, device)
);
CREATE INDEX device_keys_of_person ON device_keys (person);
