"""`lms serve` on a machine whose clock is off by `DAYS_OFF` days."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import uvicorn

from lms.app import create_app
from lms.settings import Settings


def main() -> None:
    off = timedelta(days=int(os.environ["DAYS_OFF"]))
    settings = Settings.load()
    app = create_app(settings, clock=lambda: datetime.now(UTC) + off)
    uvicorn.run(app, host=settings.host, port=settings.port, log_config=None, access_log=False)


if __name__ == "__main__":
    main()
