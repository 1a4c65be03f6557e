"""What the lines of a progress file are about, noted while they are stored."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import msgspec
from msgspec import Struct

from lms.events import ownership
from lms.events.batch import Receipt
from lms.events.devices import Place


class _Line(Struct):
    type: str
    profile: str
    device: str
    course: str


_line: Callable[[bytes], _Line] = msgspec.json.Decoder(_Line).decode


class About:
    """What lines are about: the documents named by profile, in order of first appearance, whether any line of it was
    new, the courses, and which lines that are here now are of the devices for which the file is signed.
    """

    def __init__(self, signed: Iterable[Place]) -> None:
        self.documents: dict[str, list[str]] = {}
        self.news: dict[str, bool] = {}
        self.courses: Counter[str] = Counter()
        self.ids: dict[Place, list[str]] = {place: [] for place in signed}

    def note(self, lines: Sequence[bytes], receipts: Sequence[Receipt]) -> None:
        """Look at some more, but for those that were refused."""
        for text, receipt in zip(lines, receipts, strict=True):
            if receipt.status == "refused":
                continue
            line = _line(text)
            named = self.documents.setdefault(line.profile, [])
            self.news[line.profile] = self.news.get(line.profile, False) or receipt.status != "known"
            if line.type == "profile.identified":
                named.append(ownership.said_by(text).document)
            if line.course:
                self.courses[line.course] += 1
            if receipt.status != "held" and (place := (line.profile, line.device)) in self.ids:
                self.ids[place].append(receipt.id)
