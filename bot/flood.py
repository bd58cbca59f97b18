"""Too much at once from one person: what is still taken, so that nobody else waits. Pure.

In memory: each process receives its own share of updates, and after a restart whoever floods it
gets no more than one burst more. Nothing of this says who they are once it is forgotten.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.pace import Bucket
from handlers import rights

# No wish of anybody's rights is longer.
LONGEST_WISH = 64
ALWAYS = frozenset({"stop", "forget"})


class Verdict(Enum):
    """What becomes of an update."""

    TAKE = "take"
    TELL = "tell"
    DROP = "drop"


@dataclass(slots=True)
class Haste:
    """What one person may still send, whether they were told, and the last right they used."""

    bucket: Bucket
    told: bool = False
    right: str = ""


class Floods:
    """Judges each person's updates by their own bucket."""

    REMEMBERED = 10_000

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._people: OrderedDict[int, Haste] = OrderedDict()
        self._dropped = 0

    def judge(self, person_id: int, projected: Mapping[str, Any], now: float) -> Verdict:
        """Take an update, or drop it; of a flood's first that is dropped the person is told.

        A right is always taken; said again with nothing taken between, it would change nothing.
        """
        haste = self._of(person_id, now)
        if haste.bucket.allow(now):
            haste.right = ""
            return Verdict.TAKE
        right = right_of(projected)
        if right and right != haste.right:
            haste.right = right
            return Verdict.TAKE
        self._dropped += 1
        told, haste.told = haste.told, True
        return Verdict.DROP if told else Verdict.TELL

    def unsay(self, person_id: int, verdict: Verdict) -> None:
        """Forget a verdict that nothing came of."""
        if haste := self._people.get(person_id):
            haste.bucket.level += verdict is Verdict.TAKE
            haste.told = haste.told and verdict is not Verdict.TELL

    def dropped(self) -> int:
        """Return how many updates were dropped since this was asked last."""
        number, self._dropped = self._dropped, 0
        return number

    def _of(self, person_id: int, now: float) -> Haste:
        haste = self._people.pop(person_id, None)
        if haste is None:
            haste = Haste(Bucket(self._rate, self._burst, self._burst, now))
            if len(self._people) >= self.REMEMBERED:
                self._people.popitem(last=False)
        haste.bucket.fill(now)
        if haste.bucket.level >= self._burst:
            haste.told = False
        self._people[person_id] = haste
        return haste


def right_of(projected: Mapping[str, Any]) -> str:
    """Name the right that an update uses, and that no flood may take away; blank for none."""
    if "my_chat_member" in projected:
        return f"member: {projected['my_chat_member']['new_chat_member']['status']}"
    if "callback_query" in projected:
        data = projected["callback_query"]["data"]
        return data if "forget" in data.split("|") else ""
    text = projected.get("message", {}).get("text", "")
    wish = rights.wish(text) if len(text) <= LONGEST_WISH else None
    return wish if wish in ALWAYS else ""
