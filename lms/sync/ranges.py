"""Bits in fewer bits than they are, where some are likelier: adaptive arithmetic coding; twin of ranges.js.

How often a bit was 1 at the same place before says what the next one costs. Writer and reader learn alike, so no
table of frequencies travels. No number reaches 2^53, as JavaScript has none that are exact beyond.
"""

from collections.abc import Hashable

_TOP = 2**32
_HALF, _QUARTER = _TOP // 2, _TOP // 4
_UNARY = 15
_MOST_STEPS = 65_536  # bits that are certain cost nothing to send, but time to read


class _Interval:
    """What was coded so far leaves an interval; a place has seen so many zeros and ones."""

    def __init__(self) -> None:
        self._low, self._high = 0, _TOP - 1
        self._seen: dict[Hashable, list[int]] = {}

    def _middle(self, seen: list[int]) -> int:
        """Where the part of a 1 begins; half a zero and half a one are taken as seen (Krichevsky, Trofimov)."""
        zeros, ones = 2 * seen[0] + 1, 2 * seen[1] + 1
        return self._low + (self._high - self._low + 1) * zeros // (zeros + ones)

    def _learn(self, seen: list[int], middle: int, bit: int) -> None:
        seen[bit] += 1
        self._low, self._high = (middle, self._high) if bit else (self._low, middle - 1)
        self._widen()

    def _narrow(self, number: int, count: int) -> None:
        width = self._high - self._low + 1
        self._high = self._low + width * (number + 1) // count - 1
        self._low += width * number // count
        self._widen()

    def _widen(self) -> None:
        while True:
            if self._high < _HALF:
                self._shift(0)
            elif self._low >= _HALF:
                self._shift(_HALF)
            elif self._low >= _QUARTER and self._high < _HALF + _QUARTER:
                self._shift(_QUARTER)
            else:
                return

    def _shift(self, by: int) -> None:
        self._low, self._high = 2 * (self._low - by), 2 * (self._high - by) + 1


class RangeWriter(_Interval):
    """Writes bits and numbers."""

    def __init__(self) -> None:
        super().__init__()
        self._bits: list[str] = []
        self._waiting = 0

    def bit(self, place: Hashable, bit: bool) -> None:
        """Write a bit, of which those before at the same place tell something."""
        seen = self._seen.setdefault(place, [0, 0])
        self._learn(seen, self._middle(seen), int(bit))

    def even(self, number: int, count: int) -> None:
        """Write one of so many numbers from 0, each as likely as any other."""
        self._narrow(number, count)

    def number(self, place: Hashable, number: int) -> None:
        """Write a number from 0 to 4110; those met before, and small ones, in few bits."""
        for step in range(min(number, _UNARY)):
            self.bit((place, step), True)
        if number < _UNARY:
            self.bit((place, number), False)
        else:
            self.even(number - _UNARY, 4096)

    def tree(self, place: Hashable, number: int, width: int) -> None:
        """Write a number of so many bits; those met before in few."""
        node = 1
        for shift in range(width - 1, -1, -1):
            bit = number >> shift & 1
            self.bit((place, node), bool(bit))
            node = 2 * node + bit

    def bits(self) -> str:
        """All of it; what is read past its end is zeros."""
        self._waiting += 1
        self._put("0" if self._low < _QUARTER else "1")
        return "".join(self._bits)

    def _shift(self, by: int) -> None:
        if by == _QUARTER:
            self._waiting += 1
        else:
            self._put("1" if by else "0")
        super()._shift(by)

    def _put(self, bit: str) -> None:
        self._bits.append(bit + ("1" if bit == "0" else "0") * self._waiting)
        self._waiting = 0


class RangeReader(_Interval):
    """Reads what a `RangeWriter` wrote, in the same order; ValueError for more than anybody writes."""

    def __init__(self, bits: str) -> None:
        super().__init__()
        self._rest = iter(bits)
        self._steps = 0
        self._value = 0
        for _ in range(32):
            self._value = 2 * self._value + self._next()

    def bit(self, place: Hashable) -> bool:
        """Read a bit."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise ValueError("too long")
        seen = self._seen.setdefault(place, [0, 0])
        middle = self._middle(seen)
        bit = self._value >= middle
        self._learn(seen, middle, int(bit))
        return bit

    def even(self, count: int) -> int:
        """Read one of so many numbers."""
        width = self._high - self._low + 1
        number = ((self._value - self._low + 1) * count - 1) // width
        self._narrow(number, count)
        return number

    def number(self, place: Hashable) -> int:
        """Read a number."""
        for step in range(_UNARY):
            if not self.bit((place, step)):
                return step
        return _UNARY + self.even(4096)

    def tree(self, place: Hashable, width: int) -> int:
        """Read a number of so many bits."""
        node = 1
        for _ in range(width):
            node = 2 * node + self.bit((place, node))
        return node - (1 << width)

    def _shift(self, by: int) -> None:
        self._value = 2 * (self._value - by) + self._next()
        super()._shift(by)

    def _next(self) -> int:
        return int(next(self._rest, "0"))
