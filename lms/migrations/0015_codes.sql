-- Codes that came and whose nobody knows are looked for by their type.
CREATE INDEX events_reported ON events (profile) WHERE type = 'progress.reported';
