"""People on another person's phone: they have no address, and hang on nobody."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from storage import broadcasts, counts, guests, interviews, outages, respondents
from storage.broadcasts import Audience
from storage.forms import Published
from storage.interviews import Stored
from storage.outages import Outage
from storage.respondents import Respondent
from storage.store import Store

Rows = Callable[..., list[dict[str, Any]]]
Begin = Callable[[Respondent], Stored]


@pytest.fixture
def host(person: Callable[[int], Respondent]) -> Respondent:
    return person(1)


@pytest.fixture
def helped(store: Store, host: Respondent) -> Callable[[], Respondent]:
    """Make somebody whom the host helps, and who agreed."""

    def make() -> Respondent:
        made = store.run(guests.add, host, "assisted", language="km")
        store.run(respondents.give_consent, made.id, "v1", "km")
        return made

    return make


def complete(store: Store, stored: Stored) -> None:
    store.run(interviews.save, replace(stored, status="complete"))


def test_a_guest_has_neither_an_address_nor_a_hash_of_one(
    store: Store, helped: Callable[[], Respondent], rows: Rows
) -> None:
    who = helped()

    [row] = rows("SELECT * FROM respondent WHERE id = ?", who.id)
    assert row["pseudonym"] is None
    assert row["mode"] == "assisted"
    assert rows("SELECT * FROM contact_vault WHERE respondent_id = ?", who.id) == []


def test_guests_of_one_phone_are_numbered_and_a_number_in_use_isnt_given_again(
    store: Store, helped: Callable[[], Respondent]
) -> None:
    first, second = helped(), helped()
    store.run(respondents.forget, first.id)

    assert [first.number, second.number, helped().number] == [1, 2, 3]


def test_who_answers_is_the_owner_until_a_guest_has_the_phone(
    store: Store, host: Respondent, helped: Callable[[], Respondent]
) -> None:
    who = helped()
    assert store.run(guests.answering, host, "v1") == host

    on = replace(host, answering_id=who.id)

    assert store.run(guests.answering, on, "v1").id == who.id
    assert store.run(guests.answering, on, "v1").consented
    assert not store.run(guests.answering, on, "v2").consented


def test_a_guest_who_is_gone_leaves_the_phone_to_its_owner(
    store: Store, host: Respondent, helped: Callable[[], Respondent]
) -> None:
    who = helped()
    store.run(respondents.forget, who.id)

    on = replace(host, answering_id=who.id)
    assert store.run(guests.answering, on, "v1") == on


def test_no_broadcast_is_for_a_guest(
    store: Store, host: Respondent, helped: Callable[[], Respondent]
) -> None:
    store.run(respondents.give_consent, host.id, "v1", "km")
    helped()

    assert store.run(broadcasts.audience_size, Audience(), "v1") == 1


def test_nobody_is_asked_again_who_is_helped_or_hasnt_the_phone(
    store: Store, host: Respondent, helped: Callable[[], Respondent], begin: Begin, clock: Any
) -> None:
    hosts = begin(host)
    begin(helped())
    shares = store.run(guests.add, host, "shared")
    shared = begin(shares)
    outage = Outage(clock.now, clock.now + dt.timedelta(minutes=5))

    assert store.run(outages.waiting, outage) == [hosts.id]
    store.run(respondents.change, host.id, answering_id=shares.id)
    assert store.run(outages.waiting, outage) == [shared.id]
    store.run(respondents.change, host.id, stopped_at=clock.now)
    assert store.run(outages.waiting, outage) == []


def test_who_was_helped_stays_when_the_host_is_forgotten_and_leads_to_nobody(
    store: Store, host: Respondent, helped: Callable[[], Respondent], begin: Begin, rows: Rows
) -> None:
    who = helped()
    interview = begin(who)

    store.run(respondents.forget, host.id)

    assert rows("SELECT id, host_id FROM respondent") == [{"id": who.id, "host_id": None}]
    assert rows("SELECT id FROM interview") == [{"id": interview.id}]
    assert host.id not in str(rows("SELECT * FROM respondent"))


def test_those_wait_who_agreed_or_were_just_asked_and_submitted_nothing(
    store: Store, host: Respondent, helped: Callable[[], Respondent], begin: Begin
) -> None:
    done, open_ = helped(), helped()
    complete(store, begin(done))
    begin(open_)

    assert [who.id for who in store.run(guests.waiting, host.id, "v1")] == [open_.id]


def test_those_are_counted_who_submitted_since_then(
    store: Store, host: Respondent, helped: Callable[[], Respondent], begin: Begin, clock: Any
) -> None:
    complete(store, begin(helped()))
    clock.advance(days=1)
    complete(store, begin(helped()))
    begin(helped())

    hour = dt.timedelta(hours=1)
    assert store.run(guests.helped_since, host.id, clock.now - hour) == 1
    assert store.run(guests.helped_since, host.id, clock.now + hour) == 0


def test_who_agreed_is_counted_for_their_host_alone_until_they_are_forgotten(
    store: Store,
    host: Respondent,
    helped: Callable[[], Respondent],
    person: Callable[[int], Respondent],
) -> None:
    first, _ = helped(), helped()
    store.run(guests.add, host, "assisted", language="km")
    assert store.run(guests.helped, host.id) == 2

    store.run(respondents.forget, first.id)

    assert store.run(guests.helped, host.id) == 1
    assert store.run(guests.helped, person(2).id) == 0


def test_hands_are_summed_once_they_are_saved(
    store: Store, host: Respondent, survey: Published
) -> None:
    store.run(counts.begin, host.id, survey.id, "/data/a", ["yes", "no"])
    draft = store.run(counts.draft, host.id)
    assert draft is not None
    for line, women in zip(draft.lines, (2, 30), strict=True):
        store.run(counts.write, line.id, women=women, men=1)
    assert store.run(counts.hands, host.id) == 0

    store.run(counts.save, draft.id, None)

    assert store.run(counts.hands, host.id) == 34


def test_who_never_said_whether_they_agree_is_erased(
    store: Store, host: Respondent, helped: Callable[[], Respondent], rows: Rows
) -> None:
    agreed = helped()
    store.run(guests.add, host, "assisted", language="km")

    store.run(guests.erase_who_never_agreed, host.id)

    left = {row["id"] for row in rows("SELECT id FROM respondent")}
    assert left == {host.id, agreed.id}


def test_who_shares_a_phone_inherits_its_address_when_the_owner_is_forgotten(
    store: Store, host: Respondent, helped: Callable[[], Respondent], clock: Any, rows: Rows
) -> None:
    owner = replace(host, number=1, keyboard=True, stopped_at=clock.now)
    store.run(respondents.change, host.id, number=1)
    second, third = (store.run(guests.add, owner, "shared") for _ in range(2))
    assisted = helped()

    store.run(guests.pass_on, owner, second, 42)

    heir = store.run(respondents.find, 42, 1, "v1")
    assert heir is not None
    assert (heir.id, heir.number, heir.keyboard) == (second.id, 2, True)
    assert heir.stopped_at == clock.now
    assert [p.id for p in store.run(guests.sharing, heir.id, "v1")] == [third.id]
    assert {row["id"] for row in rows("SELECT id FROM respondent")} == {
        second.id, third.id, assisted.id
    }  # fmt: skip
    assert host.id not in str(rows("SELECT * FROM respondent"))
    assert [row["respondent_id"] for row in rows("SELECT * FROM contact_vault")] == [heir.id]
