"""The database: one small interface, SQL written as SQL with named parameters, typed rows out."""

from lms.db.interface import Database, NotUnique, Statements, Transaction
from lms.db.migrate import migrate
from lms.db.open import open_database, ready_database

__all__ = ["Database", "NotUnique", "Statements", "Transaction", "migrate", "open_database", "ready_database"]
