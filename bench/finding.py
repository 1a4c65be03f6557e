"""Search where there is no server, on a slow machine: in the bundle of all courses, in the largest one's single file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from bench.packs import COURSE
from bench.reading import SLOWER
from lms.course.loader import load_courses
from lms.packs.bundle import bundle
from lms.packs.formats import FORMATS

ROOT = Path(__file__).parent.parent
QUERIES = [one["query"] for one in json.loads((ROOT / "tests/search/queries.json").read_text("utf-8"))]
MOST = 50.0  # ms from key to results
# Pages of which each query has its fastest, times `SLOWER`: a slowed browser would count what others use the machine for.
PAGES = 5

# From the query to results that are drawn and have their places.
ASK = """async queries => {
  const place = lms.hooks("results")[0], times = [];
  location.hash = "#b/";
  for (const query of queries) {
    await new Promise(resolve => setTimeout(resolve, 30));
    const begun = performance.now();
    lms.fill(place, ...lms.results(query));
    place.getBoundingClientRect();
    times.push(performance.now() - begun);
  }
  return times;
}"""


# Once the texts came. The page's own policy lets nothing be evaluated in it again and again.
HERE = "async () => { while (!lms.texts().length) await new Promise(resolve => setTimeout(resolve, 50)); }"

READY = """async () => {
  while (!lms.scan.prepare(lms.texts()).spellings) await new Promise(resolve => setTimeout(resolve, 50));
  await new Promise(resolve => setTimeout(resolve, 1000));
}"""


def run() -> list[tuple[str, float, str, float, float]]:
    """Return milliseconds from query to results as a processor so much slower takes, against what is allowed."""
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
            for kind, times in _measured(browser, address).items():
                figures = {"p50": median(times), "p95": quantiles(times, n=20)[-1], "max": max(times)}
                for name, value in figures.items():
                    label = f"search in {what}, {kind}, {SLOWER} × slower, {name}"
                    rows.append((label, value, "ms", MOST, value / MOST))
        browser.close()
    return rows


def _measured(browser: Browser, address: str) -> dict[str, list[float]]:
    """The first time that a page is asked each query, and the second: the fastest of some pages."""
    runs = []
    for _ in range(PAGES):
        page = _opened(browser, address)
        runs.append([page.evaluate(ASK, QUERIES), page.evaluate(ASK, QUERIES)])
        page.close()
    first, again = (
        [SLOWER * min(times) for times in zip(*kind, strict=True)] for kind in zip(*runs, strict=True)
    )
    return {"first time": first, "again": again}


def _opened(browser: Browser, address: str) -> Page:
    """A page whose search box was entered a moment ago."""
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(address)
    page.get_by_role("searchbox").first.focus()
    page.evaluate(HERE)
    page.evaluate(READY)
    return page
