"""What is data is documented: each setting, event and command has its place in the docs."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from cast import ROOT
from msgspec import structs

from lms.cli import COMMANDS
from lms.events.model import EVENTS, Event
from lms.settings import SETTINGS, Settings
from lms.sync.xapi.interactions import INTERACTIONS
from lms.sync.xapi.vocabulary import KINDS, VERBS


def _sections(name: str) -> dict[str, str]:
    """A document's sections by the code that is their heading."""
    text = (ROOT / "docs" / name).read_text("utf-8")
    parts = re.split(r"^#+ `([^`]+)`\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _headings(name: str) -> set[str]:
    text = (ROOT / "docs" / name).read_text("utf-8")
    return {line.lstrip("#").strip().strip("`") for line in text.splitlines() if line.startswith("#")}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda one: one.name)
def test_a_setting_has_a_heading_in_operations(setting) -> None:  # type: ignore[no-untyped-def]
    assert setting.env in _headings("operations.md"), f"describe {setting.env} in docs/operations.md"
    assert setting.help, f"{setting.env}: say what it is for"
    assert setting.help in _sections("operations.md")[setting.env]
    assert f"Default: `{setting.default}`." in _sections("operations.md")[setting.env] or not setting.default


def test_each_setting_is_an_attribute_of_settings() -> None:
    assert [field.name for field in fields(Settings)] == [setting.name for setting in SETTINGS]


@pytest.mark.parametrize("kind", EVENTS)
def test_an_event_has_a_heading_in_events(kind: str) -> None:
    assert kind in _headings("events.md"), f"describe {kind} in docs/events.md"
    for field in structs.fields(EVENTS[kind]):
        assert f"`{field.name}`" in _sections("events.md")[kind], f"describe {field.name} of {kind}"


def test_each_field_of_the_envelope_is_described() -> None:
    text = (ROOT / "docs" / "events.md").read_text("utf-8")
    assert all(f"| `{field.name}` |" in text for field in structs.fields(Event))


def test_each_verb_interaction_and_extension_of_xapi_is_described() -> None:
    text = (ROOT / "docs" / "xapi.md").read_text("utf-8")
    assert all(f"| `{kind}` | `{verb}` | `{KINDS[kind]}` |" in text for kind, (verb, _) in VERBS.items())
    assert all(f"\n| {kind} |" in text for kind in INTERACTIONS)
    used = re.findall(r'extension\("([a-z-]+)"\)', (ROOT / "lms/sync/xapi/mapping.py").read_text("utf-8"))
    assert used
    assert all(f"`{name}`" in text for name in used)


def test_every_link_between_documents_leads_somewhere() -> None:
    for document in (*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"):
        prose = re.sub(r"```.*?```|`[^`\n]*`", "", document.read_text("utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", prose):
            assert (document.parent / target).exists(), f"{document.relative_to(ROOT)}: {target}"


def test_every_command_of_the_readme_exists() -> None:
    readme = Path(ROOT / "README.md").read_text("utf-8")
    for name in COMMANDS:
        assert name in readme, f"name `lms {name}` in README.md"
