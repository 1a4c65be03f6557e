"""The database: one small interface, SQL written as SQL with named parameters, typed rows out."""

from lms.db.migrate import migrate
from lms.db.open import Database, Row, Statements, open_database

__all__ = ["Database", "Row", "Statements", "migrate", "open_database"]
