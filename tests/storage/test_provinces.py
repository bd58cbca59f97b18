"""Paused provinces on both databases: what waits there is taken back, and promised again later."""

from collections.abc import Callable
from typing import Any

from storage import broadcasts, provinces, respondents
from storage.broadcasts import Audience
from storage.respondents import Respondent
from storage.store import Store

BODY = {"text": "x"}
CAP = 2


def feed(store: Store) -> None:
    def once(tx: Any) -> bool:
        broadcasts.finish(tx)
        row = broadcasts.hungry(tx)
        if row:
            broadcasts.feed(tx, BODY, BODY, row, "v1", CAP)
        return row is not None

    while store.run(once):
        pass


def test_what_waits_is_taken_back_and_promised_once_when_it_is_resumed(
    store: Store, person: Callable[[int], Respondent], clock: Any
) -> None:
    for number, province in enumerate(("kampot", "kampot", "siem_reap"), start=1):
        who = person(number)
        store.run(respondents.give_consent, who.id, "v1", "km")
        store.run(respondents.change, who.id, province=province)
    clock.advance(seconds=1)
    store.run(broadcasts.begin, "x", "x", Audience(), "v1")
    feed(store)
    [before] = store.run(broadcasts.standings)

    assert store.run(provinces.pause, "kampot")
    assert not store.run(provinces.pause, "kampot")
    feed(store)
    [paused] = store.run(broadcasts.standings)
    assert store.run(provinces.paused) == ["kampot"]
    assert store.run(provinces.resume, "kampot")
    assert not store.run(provinces.resume, "kampot")
    feed(store)
    [after] = store.run(broadcasts.standings)

    promised = [(one.promised, one.waiting, one.forgotten) for one in (before, paused, after)]
    assert promised == [(3, 3, 0), (1, 1, 0), (3, 3, 0)]
