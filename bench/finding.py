"""Search where there is no server, on a slow machine: in the bundle of all courses, in the largest one's single file.

Timed is what somebody waits for: from Enter in the search box, on the page where the course or the bundle begins, until
the view has changed and the first screen of results stands there with its marks, laid out. The results below it are
drawn when the browser is idle; how long that keeps it busy has rows of its own. So has all that search adds, in bytes.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from bench.packs import COURSE
from bench.reading import SLOWER
from lms.course.loader import load_courses
from lms.course.model import Course
from lms.course.texts import passages
from lms.packs.bundle import bundle
from lms.packs.formats import FORMATS
from lms.packs.mochila import TEXTS
from lms.web import assets

ROOT = Path(__file__).parent.parent
QUERIES = [one["query"] for one in json.loads((ROOT / "tests/search/queries.json").read_text("utf-8"))]
MOST = 50.0  # ms from key to results
PATIENCE = 5000.0  # ms in which one has hardly written a question on a telephone
SHARE = 0.35  # of the text
FIRST, LAST = "fold", "search-view"  # the scripts that do nothing but search
KIB = 1024
# Pages of which each query has its fastest, times `SLOWER`: a slowed browser would count what others use the machine for.
PAGES = 5

Row = tuple[str, float, str, float, float]

# What is done while idle is timed with its layout: once all is ready that is the rest of the results.
IDLE = """
const idle = window.requestIdleCallback;
window.later = [];
window.requestIdleCallback = (work, options) => idle(time => {
  const begun = performance.now();
  work(time);
  document.body.getBoundingClientRect();
  window.later.push(performance.now() - begun);
}, options);
"""

# From Enter to results that are drawn and have their places, and what came after.
ASK = """async queries => {
  const place = lms.hooks("results")[0], field = document.querySelector("input[type=search]");
  const pause = () => new Promise(resolve => setTimeout(resolve, 60));
  const found = [];
  for (const query of queries) {
    location.hash = "#inicio";
    await pause();
    window.later = [];
    field.value = query;
    const begun = performance.now();
    field.form.dispatchEvent(new Event("submit", { cancelable: true }));
    place.getBoundingClientRect();
    const first = performance.now() - begun;
    await pause();
    found.push([first, window.later.reduce((sum, one) => sum + one, 0)]);
  }
  return found;
}"""

# Once the texts came that a bundle has beside it.
HERE = "async () => { if (lms.bringTexts) await lms.bringTexts(); }"

# Milliseconds until what search needs has been made.
READY = """async () => {
  const begun = performance.now();
  while (!lms.vocabulary.ready) await new Promise(resolve => setTimeout(resolve, 20));
  return performance.now() - begun;
}"""


def run() -> list[Row]:
    """Return milliseconds from Enter to results as a processor so much slower takes, against what is allowed."""
    courses = load_courses(ROOT / "courses")[0]
    rows = []
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        whole = Path(folder) / "curso.html"
        whole.write_bytes(FORMATS["single"].write(courses[COURSE.name]))
        start = bundle(list(courses.values()), Path(folder), lambda course: None) / "ABRIR-AQUI.html"
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for what, address in (("bundle", start.as_uri()), ("largest course", whole.as_uri())):
            rows += _rows(what, browser, address)
        browser.close()
        texts = (start.parent / TEXTS).read_text("utf-8")
        (asked,) = re.findall(r"^lms\.keywords\(.*\);$", whole.read_text("utf-8"), re.MULTILINE)
    return [
        *rows,
        *_sizes("bundle", list(courses.values()), texts, assets.BUNDLE_SCRIPT),
        *_sizes("largest course", [courses[COURSE.name]], asked, assets.EXPORT_SCRIPT),
    ]


def _rows(what: str, browser: Browser, address: str) -> Iterator[Row]:
    """The first time that a page is asked each query, and the second: the fastest of some pages."""
    runs = []
    for _ in range(PAGES):
        page = _opened(browser, address)
        page.evaluate(READY)
        runs.append([page.evaluate(ASK, QUERIES), page.evaluate(ASK, QUERIES)])
        page.close()
    for kind, asked in zip(("first time", "again"), zip(*runs, strict=True), strict=True):
        label = f"search in {what}, {kind}, {SLOWER} × slower"
        queries = list(zip(*asked, strict=True))
        yield from _spread(f"{label}, first screen", [min(first for first, _ in one) for one in queries])
        yield from _spread(f"{label}, the rest", [min(rest for _, rest in one) for one in queries])
    page = _opened(browser, address, SLOWER)
    ready = float(page.evaluate(READY))
    page.close()
    yield (
        f"search in {what}, {SLOWER} × slower, ready after the box is entered",
        ready,
        "ms",
        PATIENCE,
        ready / PATIENCE,
    )


def _spread(label: str, times: Sequence[float]) -> Iterator[Row]:
    slow = [SLOWER * one for one in times]
    for name, value in (("p50", median(slow)), ("p95", quantiles(slow, n=20)[-1]), ("max", max(slow))):
        yield f"{label}, {name}", value, "ms", MOST, value / MOST


def _opened(browser: Browser, address: str, slower: int = 1) -> Page:
    """A page whose search box was entered now, and its texts."""
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.add_init_script(IDLE)
    page.goto(address)
    if page.locator('[data-lms="people"]').count():  # a course asks who is there
        page.get_by_role("button", name="Solo mirar").click()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.get_by_role("searchbox").first.focus()
    page.evaluate(HERE)
    return page


def _sizes(what: str, courses: Sequence[Course], data: str, scripts: Sequence[str]) -> Iterator[Row]:
    """All that search adds to a pack: what is there to be searched, and its code."""
    text = _compressed(
        "\n".join(f"{one.heading}\n{one.text}" for course in courses for one in passages(course))
    )
    code = assets.script(scripts[scripts.index(FIRST) : scripts.index(LAST) + 1])
    for label, added in (("what it reads beside the lessons", data), ("that and its code", data + code)):
        size = _compressed(added)
        yield f"search in {what}: {label} ÷ the text, gzip, ≤ {SHARE}", size, "KiB", text, size / text


def _compressed(text: str) -> float:
    return len(gzip.compress(text.encode(), 9)) / KIB
