"""Numbers as few bits as they need, one after the other; twin of `Writer` and `Reader` in token.js."""


class Writer:
    """Bits put together, filled up with zeros to whole bytes."""

    def __init__(self) -> None:
        self._bits: list[str] = []

    def text(self, bits: str) -> None:
        """Write zeros and ones as they stand."""
        self._bits.append(bits)

    def fixed(self, number: int, width: int) -> None:
        """Write a number from 0 in so many bits."""
        self._bits.append(f"{number:0{width}b}")

    def gamma(self, number: int) -> None:
        """Write a number from 1, small ones in few bits (Elias gamma)."""
        binary = f"{number:b}"
        self._bits.append("0" * (len(binary) - 1) + binary)

    def content(self) -> bytes:
        """All that was written."""
        bits = "".join(self._bits)
        count = -(-len(bits) // 8)
        return int(bits.ljust(count * 8, "0"), 2).to_bytes(count, "big")


class Reader:
    """Reads what a `Writer` wrote; ValueError past the end, or for a number that no writer makes."""

    def __init__(self, content: bytes) -> None:
        self._bits = "".join(f"{byte:08b}" for byte in content)
        self._at = 0

    def fixed(self, width: int) -> int:
        """Read a number of so many bits."""
        bits = self._bits[self._at : self._at + width]
        if len(bits) < width:
            raise ValueError("past the end")
        self._at += width
        return int(bits, 2)

    def gamma(self) -> int:
        """Read a number from 1."""
        width = 1
        while not self.fixed(1):
            width += 1
            if width > 16:
                raise ValueError("too long")
        return 1 << (width - 1) | (self.fixed(width - 1) if width > 1 else 0)

    def rice(self) -> int:
        """Read a number from 0: two bits up to 1, three up to 3, and so on (Rice, k = 1)."""
        half = 0
        while self.fixed(1):
            half += 1
            if half > 100:
                raise ValueError("too long")
        return half << 1 | self.fixed(1)

    def rest(self) -> str:
        """Read all that is left."""
        at, self._at = self._at, len(self._bits)
        return self._bits[at:]

    def is_spent(self) -> bool:
        """Whether nothing is left but the zeros of the last byte."""
        rest = self._bits[self._at :]
        return len(rest) < 8 and "1" not in rest
