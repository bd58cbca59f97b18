"""Chance, drawn from the seed of the interview: the same node draws the same each time."""

import hashlib
import math
import uuid

from surveys.xpath.context import Context
from surveys.xpath.functions.registry import Function
from surveys.xpath.values import Nodes, Value, to_number, to_string

BITS = 53
# https://getodk.github.io/xforms-spec/#fn:randomize: a Park-Miller generator.
MULTIPLIER, MODULUS = 16807, 2147483647
LONGEST_UUID = 1000


def draw(context: Context, purpose: str) -> bytes:
    """Return 32 bytes that depend on the seed, the node and the purpose alone."""
    place = f"{context.document.seed}|{context.current.path}|{purpose}"
    return hashlib.sha256(place.encode("utf-8", "surrogatepass")).digest()


def random(context: Context) -> float:
    """Return a number from 0 up to 1."""
    return (int.from_bytes(draw(context, "random")[:8]) >> (64 - BITS)) / float(2**BITS)


def new_uuid(context: Context, length: Value = math.nan) -> str:
    """Return a random UUID (RFC 4122, version 4), or so many random letters and digits."""
    number = to_number(length)
    if math.isnan(number):
        return str(uuid.UUID(bytes=draw(context, "uuid")[:16], version=4))
    wanted = int(max(0.0, min(number, LONGEST_UUID)))
    blocks = (draw(context, f"uuid {n}").hex() for n in range(wanted // 64 + 1))
    return "".join(blocks)[:wanted]


def randomize(context: Context, nodes: Nodes, seed: Value = math.nan) -> Nodes:
    """Return a node-set in a random order, which a seed fixes.

    https://getodk.github.io/xforms-spec/#fn:randomize: Fisher-Yates with a Park-Miller generator.
    """
    state = seed_number(seed)
    if state is None:
        state = int.from_bytes(draw(context, "randomize")[:4])
    state = state % MODULUS or MODULUS - 1
    shuffled = list(nodes)
    for last in range(len(shuffled) - 1, 0, -1):
        state = state * MULTIPLIER % MODULUS
        at = int((state - 1) / (MODULUS - 1) * (last + 1))
        shuffled[last], shuffled[at] = shuffled[at], shuffled[last]
    return tuple(shuffled)


def seed_number(seed: Value) -> int | None:
    """Return a seed as a whole number; a text that isn't one stands for a number of its own.

    >>> seed_number(42.9), seed_number("")
    (42, None)
    """
    number = to_number(seed)
    if math.isfinite(number):
        return int(number)
    text = to_string(seed)
    if text in {"", "NaN"}:
        return None
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8])


FUNCTIONS: dict[str, Function] = {
    "random": Function(random, 0, 0, "fn:random", asks=True),
    "uuid": Function(new_uuid, 0, 1, "fn:uuid", asks=True),
    "randomize": Function(randomize, 1, 2, "fn:randomize", asks=True, nodes=True),
}
