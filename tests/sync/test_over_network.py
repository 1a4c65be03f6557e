"""Two servers on a network: one joins the other, and from then on both have what either got."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cast import Server, start_server, stop_server
from click.testing import CliRunner, Result
from events_cast import Tablet, small_course

from lms.cli import main
from lms.errors import Invalid
from lms.sync.regularly import hours_in, pause

COURSE = small_course()
