"""How many new people open links let in: a bucket for each place, kept as a row.

A hall full of people scans one picture at once; a script that makes up people would fill the
project with answers of nobody.
"""

from storage.pace import Pace, read, write
from storage.store import Transaction

# So many at once, then so many a second.
BURST, RATE = 150.0, 1.0
DOOR = 0x5A310B


def enter(tx: Transaction, place: str) -> bool:
    """Let one more new person in from a place, blank for none; False where too many came."""
    tx.alone(DOOR)
    name = f"door:{place[:7]}"
    found = read(tx, name)
    level = BURST if found is None else found.level
    passed = 0.0 if found is None else max(0.0, (tx.now - found.filled_at).total_seconds())
    level = min(BURST, level + passed * RATE)
    if level < 1:
        return False
    write(tx, name, Pace(tx.now, level - 1))
    return True
