-- What tokens brought counts otherwise since: of a course as a whole only, and of what an item can be called. So it is
-- made again from the log when the server starts, with what else is in those items; the course stands for its own reports.
INSERT INTO stale_outcomes (course, item)
SELECT course, item FROM outcomes WHERE type LIKE 'reported.%'
UNION SELECT course, course FROM outcomes WHERE type LIKE 'reported.%'
ON CONFLICT DO NOTHING;
