"""PINs and recovery codes."""

from __future__ import annotations

import time

import pytest

from lms.errors import Invalid
from lms.people.pin import (
    code_matches,
    hash_code,
    hash_pin,
    new_recovery_code,
    parse_pin,
    pin_matches,
)


@pytest.mark.parametrize(
    "pin",
    ["000000", "777777", "121212", "123123", "123456", "654321", "890123", "210987", "198512", "200001"],
)
def test_pins_that_anybody_would_try_are_refused(pin: str) -> None:
    with pytest.raises(Invalid, match="fácil de adivinar"):
        parse_pin(pin)


@pytest.mark.parametrize("pin", ["400000", "000002", "000000"])
def test_a_part_of_the_document_is_no_pin(pin: str) -> None:
    with pytest.raises(Invalid):
        parse_pin(pin, "40000002")


@pytest.mark.parametrize("pin", ["", "12345", "4829130", "48291a", "٤٨٢٩١٣"])
def test_a_pin_has_six_plain_digits(pin: str) -> None:
    with pytest.raises(Invalid, match="6 números"):
        parse_pin(pin)


def test_a_pin_typed_with_spaces_is_read() -> None:
    assert parse_pin(" 482 913", "40000002") == "482913"


async def test_a_hash_knows_its_pin_and_no_other() -> None:
    kept = await hash_pin("482913")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await pin_matches(kept, "482913")
    assert not await pin_matches(kept, "482914")


async def test_nobodys_pin_takes_as_long_as_a_wrong_one() -> None:
    kept = await hash_pin("482913")

    async def seconds(hashed: str | None) -> float:
        """Of processor: what else runs on this machine does not count."""
        times = []
        for _ in range(7):
            start = time.process_time()
            assert not await pin_matches(hashed, "739164")
            times.append(time.process_time() - start)
        return sorted(times)[3]

    wrong, nobody = await seconds(kept), await seconds(None)
    assert 0.4 < nobody / wrong < 2.5


def test_a_recovery_code_is_known_however_it_is_copied() -> None:
    code = new_recovery_code()
    assert code_matches(hash_code(code), code.lower().replace("-", " "))
    assert code_matches(hash_code("0011-AAAA-AAAA"), "OOIL-AAAA-AAAA")
    assert not code_matches(hash_code(code), new_recovery_code())
    assert not code_matches(None, code)
