"""What somebody does in the player, and what it keeps, said once for its tests."""

from __future__ import annotations

from playwright.sync_api import Page, expect

LISTEN = """
// What a screen reader is told: whatever comes to stand in a place that speaks.
window.heard = [];
document.addEventListener("DOMContentLoaded", () => new MutationObserver(changes => changes.forEach(({target}) => {
  const element = target.closest ? target : target.parentElement;
  const place = element && element.closest("[aria-live], output, [role=status]");
  if (place && (place.getAttribute("aria-live") || "polite") !== "off" && place.textContent) heard.push(place.textContent);
})).observe(document, {childList: true, characterData: true, subtree: true}));
"""


def introduce(page: Page, name: str = "Nélida") -> None:
    """Say who you are, as on the first visit."""
    page.get_by_role("textbox", name="Tu nombre").fill(name)
    page.get_by_role("button", name="Empezar").click()
    expect(page.locator("[data-lms=person]")).to_have_text(name)


def questions(page: Page) -> list[str]:
    """The ids of the single-choice questions of the unit's lessons."""
    found: list[str] = page.evaluate(
        "Array.from(document.querySelectorAll('.lesson form[data-type=single]'), form => form.id)"
    )
    return found


def answer(page: Page, question: str, option: int = 0) -> None:
    """Answer a single-choice question and wait for what is said about it."""
    lesson = question.split("--")[0]
    page.goto(page.url.split("#")[0] + f"#l/{lesson}")
    form = page.locator(f"[id='{question}']")
    form.locator("input").nth(option).check()
    form.get_by_role("button", name="Revisar").click()
    expect(form.locator(".feedback strong")).to_be_visible()


def kept(page: Page, kind: str) -> list[str]:
    """The items of the events of one type that this person has on this device."""
    page.wait_for_function("lms.journal.profile()")
    page.wait_for_timeout(700)  # an answer is shown at once and stored a moment later
    items: list[str] = page.evaluate(
        "kind => lms.journal.events().filter(one => one.type === kind).map(one => one.item)", kind
    )
    return items
