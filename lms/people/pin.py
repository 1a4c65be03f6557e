"""PINs and recovery codes: what is accepted, and the only things kept of them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

from lms.errors import Invalid

if TYPE_CHECKING:
    from argon2 import PasswordHasher

# Two at a time: each takes 19 MiB and ≈ 25 ms of a core, and a burst of sign-ins must leave room for lessons.
_WORKERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="pin")

_ASCENDING = "0123456789" * 2
_DESCENDING = _ASCENDING[::-1]
_CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O or U
# A hash of nothing anybody can type, with today's costs: an unknown document takes as long as a wrong PIN.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$mZ3cYlYVh0d6Y1p8c6mEXQ$2m2P2W0a8M1sD5m9m0rTqfE1xk0T8nUe2l4p7VtX9cE"


def parse_pin(typed: str, document: str = "") -> str:
    """The six digits of a new PIN; `Invalid` says why one that is easy to guess is not taken."""
    pin = re.sub(r"\s", "", typed)
    if not re.fullmatch(r"[0-9]{6}", pin):
        raise Invalid("El PIN tiene 6 números.")
    reason = _weakness(pin, re.sub(r"\D", "", document))
    if reason:
        raise Invalid(f"Ese PIN es fácil de adivinar: {reason}. Elige otro.")
    return pin


def _weakness(pin: str, document: str) -> str:
    if any(pin == pin[:size] * (6 // size) for size in (1, 2, 3)):
        return "repite los mismos números"
    if pin in _ASCENDING or pin in _DESCENDING:
        return "son números seguidos"
    if pin[:2] in ("19", "20"):
        return "empieza con un año"
    if pin in document:
        return "es parte de tu documento"
    return ""


async def hash_pin(pin: str) -> str:
    """The Argon2id hash to keep (OWASP: 19 MiB, two passes), made off the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_WORKERS, lambda: _hasher().hash(pin))


async def pin_matches(pin_hash: str | None, pin: str) -> bool:
    """Whether a PIN is the one kept; nobody's hash (None) takes just as long and never matches."""
    return await asyncio.get_running_loop().run_in_executor(_WORKERS, _verify, pin_hash or _NOBODY, pin)


def _verify(pin_hash: str, pin: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(pin_hash, pin)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # loads native code; a server that nobody signs in to does without

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def new_recovery_code() -> str:
    """A one-use code to print: 60 random bits as `7KQF-92MX-4TRA`."""
    letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(12))
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


def hash_code(code: str) -> str:
    """What is kept of a recovery code. It has 60 random bits, so a plain hash cannot be guessed back."""
    letters = re.sub(r"[^0-9A-Z]", "", code.upper()).translate(str.maketrans("OIL", "011"))
    return hashlib.sha256(letters.encode()).hexdigest()


def code_matches(kept: str | None, code: str) -> bool:
    """Whether a code is the one kept (as `hash_code` of it); compared in constant time."""
    return hmac.compare_digest(kept or "", hash_code(code))
