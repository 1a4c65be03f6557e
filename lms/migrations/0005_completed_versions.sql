-- The newest version of its course in which a lesson was completed, as one number (lms.course.versions.rank); -1 for
-- a version that cannot be read, and for whatever is no completed lesson.
ALTER TABLE outcomes ADD COLUMN version BIGINT NOT NULL DEFAULT -1;

-- Events hold it already: what is marked here is made again from the log when the server starts.
INSERT INTO stale_outcomes (course, item)
SELECT DISTINCT course, item FROM outcomes WHERE type = 'lesson.completed'
ON CONFLICT DO NOTHING;
