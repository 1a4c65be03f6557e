"""Whether two statements say the same, as xAPI means it: words, descriptions and what a record store adds aside."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lms.sync.xapi.vocabulary import extension

_ADDED = ("stored", "authority", "version", "timestamp", "attachments")
_WORDS = ("display", "definition")
_HERE = extension("mark-here")


def same(kept: Mapping[str, Any], sent: Mapping[str, Any]) -> bool:
    """Whether what was sent is what is there; a moment counts only if whoever sent it gave one."""
    if "timestamp" in sent and "timestamp" in kept and _moment(sent) != _moment(kept):
        return False
    one, other = _essence(kept), _essence(sent)
    # Of an answer to a revision that is not here yet nobody can say the response.
    for result in (one.get("result"), other.get("result")):
        if result and not all("response" in (said.get("result") or {}) for said in (one, other)):
            result.pop("response", None)
    return one == other


def _moment(statement: Mapping[str, Any]) -> datetime:
    moment = datetime.fromisoformat(statement["timestamp"])
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _essence(statement: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: _plain(value) for name, value in statement.items() if name not in _ADDED}
    told["object"].setdefault("objectType", "Activity")
    around = told.get("context", {}).get("contextActivities", {})
    for name, group in around.items():
        around[name] = [{"objectType": "Activity", **one} for one in _listed(group)]
    told["actor"].setdefault("objectType", "Agent")
    return told


def _listed(group: Any) -> list[Any]:
    return group if isinstance(group, list) else [group]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if name not in (*_WORDS, _HERE)}
    return [_plain(one) for one in value] if isinstance(value, list) else value
