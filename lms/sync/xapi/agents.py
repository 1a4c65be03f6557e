"""Who a statement is of, as text to be compared: by which of the four ways xAPI has to name somebody, and how."""

import json
from collections.abc import Mapping
from typing import Any

_WAYS = ("mbox", "mbox_sha1sum", "openid")


def named(agent: Mapping[str, Any]) -> str:
    """One text for one agent, without line ends; empty for a group that only its members name."""
    for way in _WAYS:
        if way in agent:
            return json.dumps([way, agent[way]])
    account = agent.get("account")
    return json.dumps(["account", account["homePage"], account["name"]]) if account else ""


def agents_in(statement: Mapping[str, Any]) -> list[str]:
    """Those it can be asked by: who acted, or is acted upon, and the members of a group."""
    target = statement["object"]
    people = [statement["actor"]]
    people += [target] if target.get("objectType") in ("Agent", "Group") else []
    members = [member for one in people for member in one.get("member", ())]
    return [text for text in map(named, (*people, *members)) if text]
