"""«Mis docentes»: every teacher with an account here, and how far each has come."""
