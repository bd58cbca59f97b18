"""What is said for a ballot box, sealed: all in one size, so that no length tells two apart.

A database file is no place for such words in clear, not even for a moment: SQLite overwrites what
it deletes, but not what it left where a page was split, nor at once in the write-ahead log.
"""

import zlib
from typing import Any

import orjson

from storage.keys import Keys

# Packed, more than anybody answers, or reads in one message.
SIZE = 8192
LENGTH = 4
MOST = SIZE - LENGTH


def fits(value: Any) -> bool:
    """Tell whether a value can be sealed in the one size."""
    return len(_packed(value)) <= MOST


def seal(keys: Keys, value: Any, context: str) -> bytes:
    """Seal JSON data, bound to the row it stands in; what doesn't fit takes the size twice."""
    packed = _packed(value)
    framed = len(packed).to_bytes(LENGTH) + packed
    return keys.seal_ballot(framed + bytes(-len(framed) % SIZE), context)


def unseal(keys: Keys, sealed: bytes, context: str) -> Any:
    """Return what `seal` was given for the same context."""
    framed = keys.unseal_ballot(sealed, context)
    length = int.from_bytes(framed[:LENGTH])
    return orjson.loads(zlib.decompress(framed[LENGTH : LENGTH + length]))


def _packed(value: Any) -> bytes:
    return zlib.compress(orjson.dumps(value))
