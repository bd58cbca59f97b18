"""Invitations: good once, for three days, and known to whoever holds the link alone."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from storage import invitations
from storage.database import DATABASE
from storage.invitations import Invitation
from storage.store import Store


def test_an_invitation_grants_what_it_was_made_for(store: Store) -> None:
    token = store.run(invitations.create, "reporter", "cso")

    assert store.run(invitations.redeem, token) == Invitation("reporter", "cso")


def test_an_invitation_without_a_sector_says_nothing_of_it(store: Store) -> None:
    token = store.run(invitations.create, "owner")

    assert store.run(invitations.redeem, token) == Invitation("owner", None)


def test_of_fifty_who_race_for_an_invitation_exactly_one_wins(store: Store) -> None:
    token = store.run(invitations.create, "owner")
    at_once = threading.Barrier(50)
    won: list[Invitation | None] = []

    def race() -> None:
        at_once.wait()
        won.append(store.run(invitations.redeem, token))

    threads = [threading.Thread(target=race) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 50
    assert [one for one in won if one] == [Invitation("owner", None)]


def test_an_invitation_is_good_for_just_under_72_hours(store: Store, clock: Any) -> None:
    early, late = (store.run(invitations.create, "staff") for _ in range(2))

    clock.advance(hours=72, milliseconds=-1)
    assert store.run(invitations.redeem, early) is not None
    clock.advance(milliseconds=1)
    assert store.run(invitations.redeem, late) is None


def test_a_wrong_a_used_and_an_expired_token_are_answered_alike(store: Store, clock: Any) -> None:
    expired = store.run(invitations.create, "staff")
    clock.advance(hours=73)
    used = store.run(invitations.create, "staff")
    store.run(invitations.redeem, used)

    assert {store.run(invitations.redeem, t) for t in ("wrong", "", used, expired)} == {None}


@pytest.mark.one_file
def test_the_token_stands_nowhere_in_the_database(
    store: Store, rows: Callable[..., list[dict[str, Any]]]
) -> None:
    token = store.run(invitations.create, "owner")
    (row,) = rows("SELECT * FROM invitation")
    store.close()

    assert token not in str(row)
    assert token.encode() not in store.path.with_name(DATABASE).read_bytes()


def test_tokens_are_long_and_differ(store: Store) -> None:
    tokens = {store.run(invitations.create, "staff") for _ in range(20)}

    assert len(tokens) == 20
    assert {len(token) for token in tokens} == {32}
