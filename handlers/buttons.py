"""Button data: what a tap means, with a proof that we made the button for this person. Pure."""

import hmac
from dataclasses import dataclass

from storage.keys import Keys

VERSION = "1"
SEPARATOR = "|"
LONGEST = 64


@dataclass(frozen=True, slots=True)
class Tap:
    """What a button says: an action and its arguments."""

    action: str
    arguments: tuple[str, ...] = ()


def encode(keys: Keys, respondent_id: str, action: str, *arguments: object) -> str:
    """Write a button's data: at most 64 bytes of ASCII, as Telegram asks."""
    content = SEPARATOR.join((VERSION, action, *map(str, arguments)))
    data = f"{content}{SEPARATOR}{keys.mac(f'{respondent_id}{SEPARATOR}{content}')}"
    assert len(data.encode()) <= LONGEST, data
    return data


def decode(keys: Keys, respondent_id: str, data: str) -> Tap | None:
    """Read a button's data; None where it isn't ours, isn't this person's, or was changed."""
    content, _, mac = data.rpartition(SEPARATOR)
    expected = keys.mac(f"{respondent_id}{SEPARATOR}{content}")
    if not hmac.compare_digest(mac.encode(), expected.encode()):
        return None
    version, action, *arguments = content.split(SEPARATOR)
    return Tap(action, tuple(arguments)) if version == VERSION else None
