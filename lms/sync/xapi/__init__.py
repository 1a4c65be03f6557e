"""xAPI at the edge: our events as statements, and a door for programs that speak it; `docs/xapi.md` has the table."""
