"""How fast people are written to unasked: a bucket kept as a row, and what it lets through.

A restart begins no burst, and several replicas would share the row. It fills at a share of the set
rate: when Telegram refuses, the share becomes smaller, and grows again with time. Times are those
of the transaction; a clock that jumps back brings nothing, one that jumps ahead a full bucket.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same

from storage import outbox
from storage.outbox import BROADCASTS, REMINDERS, Promise
from storage.store import Transaction
from storage.tables import pace

UNASKED = "unasked"
# What may go at once after a rest; the sender's window holds back what follows it too soon.
BURST_SECONDS = 0.2
# Messages leave within a few seconds after they were claimed.
BUSY = dt.timedelta(seconds=5)
# So much of a second is worth a claim of its own.
CLAIM_SECONDS = 0.05
SMALLER, SMALLEST = 0.7, 0.1
# One message a second more each minute, where 25 are set.
GROWTH = 1 / 25 / 60

_row: dict[str, Any] = {name: bindparam(name) for name in ("share", "level", "pause", "filled_at")}
READ = select(pace).where(pace.c.name == bindparam("of")).with_for_update()
WRITE = (
    insert(pace)
    .values(name=bindparam("of"), **_row)
    .on_conflict_do_update(index_elements=["name"], set_=_row)
)


@dataclass(frozen=True, slots=True)
class Pace:
    """What may be sent: messages in the bucket, the share of the set rate, seconds of silence."""

    filled_at: dt.datetime
    level: float
    share: float = 1.0
    pause: float = 0.0

    def at(self, now: dt.datetime, set_rate: float) -> "Pace":
        """Return the pace as it is after some time; nothing flows before the silence is over."""
        passed = max(0.0, (now - self.filled_at).total_seconds())
        flowed = max(0.0, passed - self.pause)
        return Pace(
            now,
            min(burst(set_rate), self.level + flowed * self.share * set_rate),
            min(1.0, self.share + flowed * GROWTH),
            max(0.0, self.pause - passed),
        )

    def less(self, messages: int) -> "Pace":
        """Return the pace with so many messages taken."""
        return replace(self, level=self.level - messages)

    def refused(self, seconds: float) -> "Pace":
        """Return the pace after Telegram refused the bot as a whole: silence, then more slowly."""
        share, pause = max(SMALLEST, self.share * SMALLER), max(self.pause, seconds)
        return Pace(self.filled_at, min(0.0, self.level), share, pause)

    @property
    def allows(self) -> int:
        """How many messages may go now."""
        return 0 if self.pause else max(0, int(self.level))

    def wait(self, set_rate: float) -> float:
        """Return the seconds until a claim is worth while."""
        rate = self.share * set_rate
        return self.pause + max(0.0, max(1.0, CLAIM_SECONDS * rate) - self.level) / rate


def burst(set_rate: float) -> float:
    """Return how many messages may go at once after a rest."""
    return max(1.0, BURST_SECONDS * set_rate)


def claim(tx: Transaction, set_rate: float, most: int) -> tuple[list[Promise], float | None]:
    """Take reminders, then broadcasts, as far as the pace lets them through.

    Returns also the seconds until more may be taken; None where nothing is left to take.
    """
    tx.alone(outbox.CLAIMING)
    now = current(tx, set_rate)
    room, claimed = min(most, now.allows), list[Promise]()
    for lane in (REMINDERS, BROADCASTS):
        if room > len(claimed):
            claimed += outbox.claim(tx, lane, room - len(claimed))
    after = now.less(len(claimed))
    if claimed:
        write(tx, UNASKED, after)
    return claimed, None if len(claimed) < room else after.wait(set_rate)


def refuse(tx: Transaction, set_rate: float, seconds: float) -> Pace:
    """Note that Telegram refused the bot as a whole; return the new pace."""
    after = current(tx, set_rate).refused(seconds)
    write(tx, UNASKED, after)
    return after


def current(tx: Transaction, set_rate: float) -> Pace:
    """Return the pace as it is now."""
    # The row holds milliseconds; a finer time would fill the bucket twice with what was cut off.
    now = tx.now.replace(microsecond=tx.now.microsecond // 1000 * 1000)
    written = read(tx, UNASKED)
    if written is None:
        return Pace(now, burst(set_rate))
    pace_now = written.at(now, set_rate)
    if written.filled_at > now:
        # Else the bucket would fill no more until the clock is where it was.
        write(tx, UNASKED, pace_now)
    return pace_now


def was_busy(tx: Transaction) -> bool:
    """Tell whether messages were claimed so lately that some may have left just now."""
    written = read(tx, UNASKED)
    return written is not None and abs(tx.now - written.filled_at) < BUSY


def read(tx: Transaction, name: str) -> Pace | None:
    """Return a pace as it was written."""
    row = tx.row(READ, {"of": name})
    return Pace(row.filled_at, row.level, row.share, row.pause) if row else None


def write(tx: Transaction, name: str, after: Pace) -> None:
    """Write a pace."""
    values = {"share": after.share, "level": after.level, "pause": after.pause}
    tx.change(WRITE, {"of": name, "filled_at": after.filled_at, **values})
