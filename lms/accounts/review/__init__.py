"""Whatever waits for a coach: what it is, why, and what became of it."""
