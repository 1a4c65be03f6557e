"""How a server introduces itself: whatever it writes there, no database and no terminal gets what it cannot take."""

from __future__ import annotations

import pytest

from lms.errors import Invalid
from lms.sync import message, nodes
from lms.sync.invitations import Invitation, read_invitation
from lms.sync.message import Card, Message
from lms.sync.sealing import Identity
from tests.sync.meeting import AT, Node

STRANGER = Identity.new()
ODD = ["https://escuela.example/\0", "https://\x1b[2J", "https://a.example\n", "https://\u202eb.example"]


@pytest.mark.parametrize("address", ODD, ids=ascii)
async def test_an_address_that_cannot_be_kept_is_none_and_the_rest_is_heard(
    school: Node, address: str
) -> None:
    said = message.write(Message(Card("Otra", STRANGER.public.text, address), wants=["p"]), [b"x"])
    heard, lines = message.read(said)
    assert (heard.sender, heard.wants, lines) == (Card("Otra", STRANGER.public.text), ["p"], (b"x",))
    peer = await nodes.meet(school.db, heard.sender, STRANGER.public, "", at=AT)
    assert (peer.name, peer.address, peer.state) == ("Otra", "", "waiting")


def test_an_address_of_a_school_is_heard_as_it_was_said() -> None:
    card = Card("Otra", STRANGER.public.text, "http://192.168.1.20:8000/ñ")
    assert message.read(message.write(Message(card)))[0].sender == card


@pytest.mark.parametrize("address", ODD[:2], ids=ascii)
def test_an_invitation_with_such_an_address_is_none(address: str) -> None:
    with pytest.raises(Invalid, match="No encuentro una invitación entera"):
        read_invitation(Invitation(Card("ugel", STRANGER.public.text, address), "secreto").line)
