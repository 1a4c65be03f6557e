-- What came in closed files, by the device in whose name: a receipt asks whether all of a device did.
CREATE INDEX events_closed ON events (profile, device) WHERE source = 'signed';
