"""Whether what somebody sends is an xAPI statement: its properties, their types, and what excludes what.

`check` says in one sentence what is wrong. Nothing unknown passes but in extensions, and nothing is null there where
the specification (1.0.3, 2.0) forbids it.
"""

import re
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from lms.errors import Invalid
from lms.sync.xapi.vocabulary import VOIDED

Iri = Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f\x7f]+\Z", max_length=2000)]
Uuid = Annotated[
    str,
    Meta(pattern=r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}\Z"),
]
Tag = Annotated[str, Meta(pattern=r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*\Z")]
Words = dict[Tag, str]
Extensions = dict[Iri, Any]
Duration = Annotated[
    str,
    Meta(
        pattern=r"^P(\d+W|(?=.)(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?D)?(T(?=\d)(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?)\Z"
    ),
]
Hash = Annotated[str, Meta(pattern=r"^[0-9a-fA-F]+\Z", max_length=128)]


class _Strict(Struct, forbid_unknown_fields=True):
    pass


class _Account(_Strict):
    homePage: Iri
    name: str


class _Agent(_Strict):
    objectType: Literal["Agent"] = "Agent"
    name: str | UnsetType = UNSET
    mbox: Annotated[str, Meta(pattern=r"^mailto:[^@\s]+@[^@\s]+\Z")] | UnsetType = UNSET
    mbox_sha1sum: Hash | UnsetType = UNSET
    openid: Iri | UnsetType = UNSET
    account: _Account | UnsetType = UNSET


class _Group(_Agent, forbid_unknown_fields=True):
    objectType: Literal["Group"] = "Group"  # type: ignore[assignment]  # a group is told from an agent by this alone
    member: list[_Agent] | UnsetType = UNSET


class _Verb(_Strict):
    id: Iri
    display: Words | UnsetType = UNSET


class _Component(_Strict):
    id: Annotated[str, Meta(min_length=1)]
    description: Words | UnsetType = UNSET


_Interaction = Literal[
    "true-false", "choice", "fill-in", "long-fill-in", "matching", "performance", "sequencing", "likert",
    "numeric", "other",
]  # fmt: skip


class _Definition(_Strict):
    name: Words | UnsetType = UNSET
    description: Words | UnsetType = UNSET
    type: Iri | UnsetType = UNSET
    moreInfo: Iri | UnsetType = UNSET
    interactionType: _Interaction | UnsetType = UNSET
    correctResponsesPattern: list[str] | UnsetType = UNSET
    choices: list[_Component] | UnsetType = UNSET
    scale: list[_Component] | UnsetType = UNSET
    source: list[_Component] | UnsetType = UNSET
    target: list[_Component] | UnsetType = UNSET
    steps: list[_Component] | UnsetType = UNSET
    extensions: Extensions | UnsetType = UNSET


class _Activity(_Strict):
    id: Iri
    objectType: Literal["Activity"] = "Activity"
    definition: _Definition | UnsetType = UNSET


class _Reference(_Strict):
    objectType: Literal["StatementRef"]
    id: Uuid


class _Score(_Strict):
    scaled: Annotated[float, Meta(ge=-1, le=1)] | UnsetType = UNSET
    raw: float | UnsetType = UNSET
    min: float | UnsetType = UNSET
    max: float | UnsetType = UNSET


class _Result(_Strict):
    score: _Score | UnsetType = UNSET
    success: bool | UnsetType = UNSET
    completion: bool | UnsetType = UNSET
    response: str | UnsetType = UNSET
    duration: Duration | UnsetType = UNSET
    extensions: Extensions | UnsetType = UNSET


_Activities = _Activity | list[_Activity]


class _Around(_Strict):
    parent: _Activities | UnsetType = UNSET
    grouping: _Activities | UnsetType = UNSET
    category: _Activities | UnsetType = UNSET
    other: _Activities | UnsetType = UNSET


class _Context(_Strict):
    registration: Uuid | UnsetType = UNSET
    instructor: Any = UNSET
    team: Any = UNSET
    contextActivities: _Around | UnsetType = UNSET
    contextAgents: list[Any] | UnsetType = UNSET
    contextGroups: list[Any] | UnsetType = UNSET
    revision: str | UnsetType = UNSET
    platform: str | UnsetType = UNSET
    language: Tag | UnsetType = UNSET
    statement: _Reference | UnsetType = UNSET
    extensions: Extensions | UnsetType = UNSET


class _Attachment(_Strict):
    usageType: Iri
    display: Words
    contentType: str
    length: Annotated[int, Meta(ge=0)]
    sha2: Hash
    fileUrl: Iri  # the bytes themselves are not taken
    description: Words | UnsetType = UNSET


class _SubStatement(_Strict):
    actor: Any
    verb: _Verb
    object: Any
    objectType: Literal["SubStatement"] = "SubStatement"
    result: _Result | UnsetType = UNSET
    context: _Context | UnsetType = UNSET
    timestamp: str | UnsetType = UNSET
    attachments: list[_Attachment] | UnsetType = UNSET


class _Statement(_SubStatement, forbid_unknown_fields=True):
    objectType: UnsetType = UNSET  # type: ignore[assignment]  # only a statement within another says what it is
    id: Uuid | UnsetType = UNSET
    stored: str | UnsetType = UNSET
    authority: Any = UNSET
    version: Annotated[str, Meta(pattern=r"^(1\.0(\.\d+)?|2\.0\.\d+)\Z")] | UnsetType = UNSET


MOST_LEVELS = 50
"""How deep a statement may nest: one that is deeper is written down today and not read again tomorrow."""


def check(statement: Any) -> None:
    """Raise `Invalid`, in English as its readers are programmers, unless this JSON value is a statement."""
    if _is_deeper(statement, MOST_LEVELS):
        raise Invalid(f"Not a statement of xAPI: it nests deeper than {MOST_LEVELS} levels.")
    try:
        _check_parts(msgspec.convert(statement, _Statement))
    except (msgspec.ValidationError, RecursionError) as error:
        raise Invalid(f"Not a statement of xAPI: {error}.") from error


def _is_deeper(value: Any, levels: int) -> bool:
    within = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels < 0 or any(_is_deeper(one, levels - 1) for one in within)


def _check_parts(whole: _SubStatement) -> None:
    check_actor(whole.actor)
    target = _object(whole.object, isinstance(whole, _Statement))
    context = whole.context
    if isinstance(context, _Context):
        for actor in (context.instructor, context.team):
            if actor is not UNSET:
                check_actor(actor)
        about_people = not isinstance(target, _Activity)
        if about_people and (context.revision is not UNSET or context.platform is not UNSET):
            raise msgspec.ValidationError("only an Activity has a revision and a platform - at `$.context`")
    if isinstance(whole, _Statement) and whole.authority is not UNSET:
        check_actor(whole.authority)
    if whole.verb.id == VOIDED and not isinstance(target, _Reference):
        raise msgspec.ValidationError("what voids names a StatementRef - at `$.object`")
    if isinstance(whole.timestamp, str):
        check_moment(whole.timestamp)


def check_moment(text: str) -> datetime:
    """An RFC 3339 moment; `ValidationError` for anything else."""
    try:
        if not re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", text):
            raise ValueError(text)
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise msgspec.ValidationError("a moment is written as in RFC 3339 - at `$.timestamp`") from error


def check_actor(value: Any) -> None:
    """An agent or a group that is named in exactly one way; `ValidationError` for anything else."""
    group = isinstance(value, dict) and value.get("objectType") == "Group"
    actor = msgspec.convert(value, _Group if group else _Agent)
    names = (actor.mbox, actor.mbox_sha1sum, actor.openid, actor.account)
    known_by = sum(name is not UNSET for name in names)
    anonymous = isinstance(actor, _Group) and actor.member is not UNSET and not known_by
    if known_by != 1 and not anonymous:
        raise msgspec.ValidationError("one of mbox, mbox_sha1sum, openid and account names an agent")
    for member in actor.member or [] if isinstance(actor, _Group) else []:
        check_actor(msgspec.to_builtins(member))


_OBJECTS = {"Activity": _Activity, "StatementRef": _Reference, "SubStatement": _SubStatement}


def _object(value: Any, outermost: bool) -> Any:
    kind = value.get("objectType", "Activity") if isinstance(value, dict) else "Activity"
    if kind in ("Agent", "Group"):
        check_actor(value)
        return None
    if not isinstance(kind, str) or kind not in _OBJECTS or (kind == "SubStatement" and not outermost):
        raise msgspec.ValidationError("an unknown objectType - at `$.object`")
    target = msgspec.convert(value, _OBJECTS[kind])
    if isinstance(target, _SubStatement):
        _check_parts(target)
    return target
