"""Which edits needn't be sent any more, because a later one replaces all they would show. Pure.

Somebody who taps while their chat is slow gets an edit for each tap. Sent one after the other, at
the pace of a chat, they would show what is long past and make the person tap again: the queue would
grow for as long as they do.
"""

from collections.abc import Iterable

from storage.outbox import Promise

WHOLE, BUTTONS = {"editMessageText", "editMessageCaption"}, "editMessageReplyMarkup"


def superseded(promises: Iterable[Promise]) -> set[int]:
    """Return the ids of the edits after which the same message is edited as a whole."""
    old: set[int] = set()
    replaced: set[tuple[object, object]] = set()
    for promise in sorted(promises, key=lambda promise: promise.id, reverse=True):
        message = (promise.body.get("message_id"), promise.target_outbox_id)
        if promise.method in {*WHOLE, BUTTONS} and message in replaced:
            old.add(promise.id)
        elif promise.method in WHOLE:
            replaced.add(message)
    return old
