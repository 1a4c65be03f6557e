"""What the server says about itself: JSON lines on standard error, or plain lines in a terminal.

No personal data: write what happened and counts, never names, documents or answers. As a net under that rule,
runs of digits as long as a document or phone number are blotted out of everything written, traces included.
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import TextIO

from lms.clock import stamp

_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z.-])\d{8,12}(?![0-9A-Za-z-])")
_KNOWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send every log record of `level` and above to `stream` (standard error unless given)."""
    out = stream or sys.stderr
    handler = logging.StreamHandler(out)
    handler.setFormatter(_Readable() if out.isatty() else _JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": stamp(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _blot(record.getMessage()),
        }
        entry |= _extras(record)
        if record.exc_info:
            entry["trace"] = _blot(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)


class _Readable(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        extras = "".join(f" {name}={value}" for name, value in _extras(record).items())
        line = f"{record.levelname.lower():7} {record.name}: {_blot(record.getMessage())}{extras}"
        return f"{line}\n{_blot(self.formatException(record.exc_info))}" if record.exc_info else line


def _extras(record: logging.LogRecord) -> dict[str, object]:
    return {
        name: value if isinstance(value, int | float | bool | None) else _blot(str(value))
        for name, value in vars(record).items()
        if name not in _KNOWN
    }


def _blot(text: str) -> str:
    return _LONG_NUMBER.sub("········", text)
