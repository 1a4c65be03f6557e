"""Lines that came in a device's name without its signature, though it signs, or beside those of its own session.

Whoever has an open file of somebody can write lines into it. Where a device signs its files, or speaks for itself in
its session, such lines can be told: not that they are false, as a device also makes open files, but that nothing
says they are its own. They count until a coach says that they are not; then they stay in the log, which has to be
the same on every server, and stand in no result (`unsigned.by`). What its device signs after all counts again.
"""

from collections.abc import Collection, Sequence

from lms.db import Database
from lms.db.interface import Params
from lms.events import regrading
from lms.events.batch import Receipt
from lms.events.devices import Place, place_of

_AT_ONCE = 500

_A_PAGE = 5_000  # ids

_SIGN = "UPDATE events SET signed = 1 WHERE signed = 0 AND id IN (:ids)"

_SIGNING = """
WITH place (profile, device) AS (VALUES (:places))
SELECT profile, device FROM place WHERE EXISTS (SELECT 1 FROM events
    WHERE events.profile = place.profile AND events.device = place.device AND signed = 1)
AND NOT EXISTS (SELECT 1 FROM links
    WHERE links.profile = place.profile AND status = 'vouched' AND person = :sender)
"""

# By whose hand lines came of another server is not known here, nor whether they were signed there. `source` is 'signed'
# also with a key that only announced itself, so it proves nothing.
_NOTE = """
INSERT INTO unsigned (id, number, profile, device)
SELECT id, number, profile, device FROM events WHERE source IN ('file', 'open', 'signed') AND signed = 0 AND {which}
ON CONFLICT (id) DO NOTHING
"""
_OF_DEVICE = _NOTE.format(which="profile = :profile AND device = :device")
_OF_FILE = _NOTE.format(which="id IN (:ids)")
_BESIDE_SESSION = _NOTE.format(
    which="""id IN (SELECT other.id FROM
    (SELECT DISTINCT profile, device, seq FROM events WHERE id IN (:ids)) AS place
    JOIN events AS other ON other.profile = place.profile AND other.device = place.device AND other.seq = place.seq
    WHERE EXISTS (SELECT 1 FROM events AS own WHERE own.profile = place.profile AND own.device = place.device
        AND own.seq = place.seq AND own.source = 'session')
    AND EXISTS (SELECT 1 FROM links WHERE links.profile = place.profile AND links.status = 'vouched'))"""
)

_NEW = """
SELECT id FROM events WHERE id IN (:ids) AND signed = 0 UNION SELECT id FROM unsigned WHERE id IN (:ids)
"""
_SIGNED_AFTER_ALL = "SELECT id FROM unsigned WHERE id IN (:ids) AND by <> ''"
_ASKED = "profile = :profile AND device = :device AND number <= :upto AND by = ''"
_REFUSED = "profile = :profile AND device = :device AND number <= :upto AND by <> ''"
_OF_MOMENT = "by = :by AND at = :at"
_WHERE = "SELECT DISTINCT profile, course, item FROM events WHERE course <> '' AND id IN ({ids})"


async def note_signed(db: Database, ids: Sequence[str]) -> None:
    """Lines came signed by their devices with their person's key: they are their own, refused before or not.

    A key that somebody only announced would prove nothing (`lms.events.devices`).
    """
    for start in range(0, len(ids), _AT_ONCE):
        some = {"ids": [row["id"] for row in await db.rows(_NEW, {"ids": ids[start : start + _AT_ONCE]})]}
        if not some["ids"]:
            continue
        async with db.transaction(bulk=True) as work:
            await work.execute(_SIGN, some)
            where = await work.rows(_WHERE.format(ids=_SIGNED_AFTER_ALL), some)
            await work.execute("DELETE FROM unsigned WHERE id IN (:ids)", some)
            await regrading.note_changed(work, where)
        if where:
            await regrading.count_changed(db)


async def note_others(db: Database, places: Collection[Place]) -> None:
    """A whole file came that is signed for some devices, as above: note what else is here in their name."""
    for profile, device in sorted(places):
        async with db.transaction(bulk=True) as work:
            await work.execute(_OF_DEVICE, {"profile": profile, "device": device})


async def note_unsigned(
    db: Database,
    lines: Sequence[bytes],
    receipts: Sequence[Receipt],
    sender: str,
    own: Collection[Place] = (),
) -> None:
    """Lines came by somebody's hand: note those that are new and in the name of a device that signs.

    Not those of the devices that signed this very file (`own`), nor what the person with id `sender`, who proved who
    they are, brings of a profile vouched for as theirs: an open file of one's own device is no other's.
    """
    new = [
        (place, one.id)
        for line, one in zip(lines, receipts, strict=True)
        if one.status == "stored" and (place := place_of(line)) not in own
    ]
    places = sorted({place for place, _ in new})
    for start in range(0, len(places), _AT_ONCE):
        some = {"places": places[start : start + _AT_ONCE], "sender": sender}
        signing = {(row["profile"], row["device"]) for row in await db.rows(_SIGNING, some)}
        if ids := [id_ for place, id_ in new if place in signing]:
            await db.execute(_OF_FILE, {"ids": ids})


async def note_forks(db: Database, receipts: Sequence[Receipt]) -> None:
    """Note of lines that share their place with another, which came by its device's session, those that were brought."""
    if ids := [one.id for one in receipts if one.fork]:
        await db.execute(_BESIDE_SESSION, {"ids": ids})


async def refuse(db: Database, place: Place, *, upto: int, by: str, at: str) -> int:
    """The person `by` says that what came unsigned of a device, as far as they were shown, is not its person's.

    Returns how many lines.
    """
    which = {"profile": place[0], "device": place[1], "upto": upto}
    return await _judge(db, _ASKED, which, (by, at))


async def take_up(db: Database, place: Place, *, upto: int) -> int:
    """Let what was refused of a device count again, as the answer may have been wrong; how many lines."""
    return await _judge(db, _REFUSED, {"profile": place[0], "device": place[1], "upto": upto})


async def take_back(db: Database, *, by: str, at: str) -> int:
    """Undo what the person `by` refused at one moment; of how many devices it was."""
    moment = {"by": by, "at": at}
    devices = await db.rows(f"SELECT DISTINCT profile, device FROM unsigned WHERE {_OF_MOMENT}", moment)  # noqa: S608 - a text of ours
    await _judge(db, _OF_MOMENT, moment)
    return len(devices)


async def _judge(db: Database, which: str, params: Params, word: tuple[str, str] = ("", "")) -> int:
    """Give some lines another `by` and `at`, a few at a time so that others get their turn; how many there were."""
    listed = f"SELECT id FROM unsigned WHERE {which} AND id > :after ORDER BY id LIMIT :most"  # noqa: S608 - a text of ours
    # By their ids: what is asked of them besides is no help to find them, as it is true of all those judged already.
    sure = f"CASE WHEN {which} THEN 1 ELSE 0 END = 1"
    judged = f"UPDATE unsigned SET by = :whose, at = :when WHERE id IN (:ids) AND {sure}"  # noqa: S608 - texts of ours
    count, after = 0, ""
    while rows := await db.rows(listed, {**params, "after": after, "most": _A_PAGE}):
        for start in range(0, len(rows), _AT_ONCE):
            some = {"ids": [row["id"] for row in rows[start : start + _AT_ONCE]]}
            async with db.transaction(bulk=True) as work:
                await regrading.note_changed(work, await work.rows(_WHERE.format(ids=":ids"), some))
                count += await work.execute(judged, {**params, **some, "whose": word[0], "when": word[1]})
        after = rows[-1]["id"]
    await regrading.count_changed(db)
    return count
