"""Opening the single file of the largest course on a slow machine, against a page with that lesson alone."""

from __future__ import annotations

import shutil
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from bench.packs import COURSE
from lms.course import pages
from lms.course.loader import load_course
from lms.packs.formats import FORMATS

SLOWER = 6  # times, as a telephone of the year 2018 is beside this machine
RUNS = 5

# The frame in which the lesson's title and first paragraph can be read.
READABLE = """
const look = () => {
  const text = document.querySelector("article p:not(.eyebrow)");
  if (text && text.getClientRects().length) requestAnimationFrame(() => { window.readable = performance.now(); });
  else requestAnimationFrame(look);
};
look();
"""


def run() -> list[tuple[str, float, str, float, float]]:
    """Return milliseconds until the first lesson can be read, with the processor slowed down."""
    course = load_course(COURSE).course
    assert course is not None
    first = course.lessons[0]
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        whole, alone = Path(folder) / "curso.html", Path(folder) / "leccion.html"
        whole.write_bytes(FORMATS["single"].write(course))
        alone.write_text(
            f"<!DOCTYPE html><title>x</title><main>{pages.article(course, first)}</main>", "utf-8"
        )
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        slow = _readable(browser, f"{whole.as_uri()}#l/{first.id}")
        plain = _readable(browser, alone.as_uri())
        browser.close()
    return [
        (f"first lesson of the single file, {SLOWER} × slower ÷ it alone", slow, "ms", plain, slow / plain)
    ]


def _readable(browser: Browser, address: str) -> float:
    times = []
    for _ in range(RUNS):
        page = browser.new_page(viewport={"width": 360, "height": 740})
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.add_init_script(READABLE)
        page.goto(address)
        times.append(float(page.wait_for_function("window.readable").json_value()))
        page.close()
    return median(times)
