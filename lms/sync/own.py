"""This server as a node: who it is to others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.clock import Clock, system_clock
from lms.db import Database
from lms.events.recording import written_at
from lms.nodekey import FOLDER
from lms.settings import Settings
from lms.sync.giving import Here
from lms.sync.message import Card

if TYPE_CHECKING:
    from lms.sync.sealing import Identity


def identity_in(settings: Settings) -> Identity:
    """The key of this server, made the first time that one is needed."""
    from lms.sync.sealing import Identity  # few servers ever meet another, and its library is large

    return Identity.kept_in(settings.data / FOLDER)


def card_of(settings: Settings) -> Card:
    """How this server introduces itself."""
    return Card(settings.node_name, identity_in(settings).public.text, settings.address)


def here_at(settings: Settings, db: Database, clock: Clock = system_clock) -> Here:
    """This server, to speak with others."""
    written_at(db, settings.data)
    return Here(db, card_of(settings), clock)
