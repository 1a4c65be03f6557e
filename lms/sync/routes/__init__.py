"""The addresses of exchange: the doors for events, and progress as a token."""

from lms.sync.routes import codes, doors
from lms.sync.routes.doors import OPEN_DOORS, receive_upload

__all__ = ["OPEN_DOORS", "ROUTES", "receive_upload"]

ROUTES = (*doors.ROUTES, *codes.ROUTES)
