"""What somebody asks of the statements, read from the query of an address, and the address of what follows."""

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from lms.clock import stamp
from lms.errors import Invalid
from lms.sync.xapi.agents import named
from lms.sync.xapi.checking import check_actor, check_moment
from lms.sync.xapi.mapping import Statement
from lms.sync.xapi.queries import Place, Wanted
from lms.sync.xapi.vocabulary import VERBS, place_of, types_of

USUAL, MOST = 100, 500
"""How many statements a page has unless asked otherwise, and at most."""

_ONE = ("statementId", "voidedStatementId")
_SHAPING = ("attachments", "format")
_FILTERS = ("agent", "verb", "activity", "registration", "since", "until", "ascending", "limit")
_RELATED = ("related_activities", "related_agents")
_GO_ON = "from"


class Question(Struct, frozen=True):
    """One statement by its id, or a page of those wanted, from a place on; as whole or with ids only."""

    one: str
    voided: bool
    wanted: Wanted
    after: Place
    limit: int
    brief: bool


def question(query: Mapping[str, str], home: str) -> Question:
    """What a query asks; `Invalid` says in English which part cannot be, or is not offered here."""
    if unknown := sorted({*query} - {*_ONE, *_SHAPING, *_FILTERS, *_RELATED, _GO_ON}):
        raise Invalid(f"Unknown parameters: {', '.join(unknown)}.")
    if any("\0" in text for text in query.values()):
        raise Invalid("No parameter holds the character zero.")
    if any(query.get(name) in ("true", "1") for name in ("attachments", "related_agents")):
        raise Invalid("Neither attachments nor related_agents are offered here.")
    ones = [name for name in _ONE if name in query]
    if len(ones) > 1 or (ones and {*query} - {*ones, *_SHAPING}):
        raise Invalid("One statement is asked for by its id and by nothing else.")
    wanted = _wanted(query, home)
    return Question(
        query[ones[0]].lower() if ones else "",
        ones == ["voidedStatementId"],
        wanted,
        _place(query[_GO_ON]) if _GO_ON in query else wanted.start(),
        _limit(query.get("limit", str(USUAL))),
        _brief(query.get("format", "exact")),
    )


def more(path: str, query: Mapping[str, str], next: Place | None) -> str:
    """The address of the next page; empty at the end."""
    if next is None:
        return ""
    packed = base64.urlsafe_b64encode(msgspec.json.encode((next.stored, next.kind, next.tie)))
    return f"{path}?{urlencode({**query, _GO_ON: packed.decode()})}"


def brief(statement: Statement) -> Statement:
    """With no more than what names its actor, verb and object."""
    told = {**statement, "verb": {"id": statement["verb"]["id"]}}
    for part in ("actor", "object"):
        hidden = ("name", "definition")
        told[part] = {name: value for name, value in statement[part].items() if name not in hidden}
    return told


def _wanted(query: Mapping[str, str], home: str) -> Wanted:
    wanted = Wanted(
        types=list(VERBS),
        since=_moment(query["since"]) if "since" in query else "",
        until=_moment(query["until"]) if "until" in query else Wanted(()).until,
        ascending=_flag(query, "ascending"),
    )
    if "verb" in query:
        types = types_of(query["verb"])
        wanted = replace(wanted, verb=query["verb"], types=types, events=wanted.events and bool(types))
    if "registration" in query:
        wanted = replace(wanted, registration=query["registration"].lower(), events=False)
    if "activity" in query:
        wanted = _about(wanted, query["activity"], _flag(query, "related_activities"))
    return _by(wanted, query["agent"], home) if "agent" in query else wanted


def _about(wanted: Wanted, activity: str, related: bool) -> Wanted:
    """A course is what its progress is reported of; related to it is whatever was done in it."""
    wanted = replace(wanted, activity=activity, related=related)
    place = place_of(activity)
    if place is None:
        return replace(wanted, events=False)
    course, item = place
    types = [kind for kind in wanted.types if item or related or kind == "progress.reported"]
    return replace(
        wanted, course=course, item=item or None, types=types, events=wanted.events and bool(types)
    )


def _by(wanted: Wanted, text: str, home: str) -> Wanted:
    try:
        agent: Any = msgspec.json.decode(text)
        check_actor(agent)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Invalid(f"The agent cannot be read: {error}.") from error
    if not named(agent):
        raise Invalid(
            "A group that is asked for needs an identifier: one without it is nobody in particular."
        )
    account = agent.get("account", {})
    ours = [account["name"]] if account.get("homePage") == home else []
    return replace(wanted, agent=named(agent), profiles=ours, events=wanted.events and bool(ours))


def _moment(text: str) -> str:
    try:
        moment = check_moment(text.replace(" ", "+"))  # a plus sign that nobody escaped
        return stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (msgspec.ValidationError, OverflowError) as error:
        raise Invalid("since and until are moments as in RFC 3339: 2026-11-26T10:00:00Z.") from error


def _flag(query: Mapping[str, str], name: str) -> bool:
    return query.get(name, "false").lower() in ("true", "1")


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid("limit is a whole number from 0, which means as many as there may be.")
    return min(int(text) or MOST, MOST)


def _brief(text: str) -> bool:
    if text not in ("ids", "exact", "canonical"):
        raise Invalid("format is ids, exact or canonical.")
    return text == "ids"


def _place(text: str) -> Place:
    try:
        stored, kind, tie = msgspec.json.decode(
            base64.b64decode(text, altchars=b"-_", validate=True), type=tuple[str, str, str]
        )
        if "\0" in stored + tie:
            raise ValueError(tie)
        if kind == "event":
            return Place(stored, "event", str(max(0, min(int(tie), 2**63 - 1))))
        return Place(stored, "kept", tie)
    except (msgspec.MsgspecError, binascii.Error, ValueError) as error:
        raise Invalid("This address of more statements is not one of ours.") from error
