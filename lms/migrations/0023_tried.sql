-- When a closed file was last sent in vain, so that one at which the server above fails keeps none behind it.
ALTER TABLE entrusted ADD COLUMN tried TEXT NOT NULL DEFAULT '';
