"""Members: by invitation alone, for a term, in a province, and never without an owner."""

import asyncio
from typing import Any

import pytest

from handlers import auditing
from storage import audit, members
from tests.chat import Phone
from tests.conftest import HandClock, House
from tests.steps import at_first_question, export_of, member, with_pin

NOT_STAFF = "for the project's staff"


async def invited(inviter: Phone, *labels: str) -> str:
    """Have somebody invite; return what stands behind /start in the link of the picture."""
    await inviter.types("/invite")
    for label in labels:
        await inviter.taps(label)
    await with_pin(inviter)
    return link_of(inviter)


def link_of(phone: Phone) -> str:
    caption = next(m["caption"] for m in reversed(phone.messages) if "caption" in m)
    return str(caption.rpartition("?start=")[2])


def roles(house: House) -> dict[object, object]:
    return dict(house.rows("SELECT role, count(*) FROM respondent GROUP BY role"))


def acts(house: House) -> list[object]:
    return [act for (act,) in house.rows("SELECT act FROM audit ORDER BY id")]


def told(phone: Phone) -> str:
    return "\n".join(m.get("text", "") for m in phone.messages)


async def arrive(house: House, payload: str) -> Phone:
    phone = await house.person()
    await phone.types(f"/start {payload}")
    await phone.taps("English")
    return phone


async def push(house: House, message: dict[str, Any]) -> None:
    house.world.push({"message": message})
    await house.settled()


def message_of(house: House, phone: Phone, text: str, **more: Any) -> dict[str, Any]:
    person = {"id": phone.person_id, "is_bot": False, "first_name": "x"}
    chat = {"id": phone.person_id, "type": "private", "first_name": "x"}
    return {"message_id": 9_000, "date": 1, "chat": chat, "from": person, "text": text, **more}


async def test_an_owner_invites_staff_by_a_link_and_a_picture_of_it(house: House) -> None:
    owner = await member(house, "owner")

    payload = await invited(owner, "Staff", "All provinces")

    photo = next(m["photo"] for m in owner.messages if "photo" in m)
    picture = await house.telegram.download(photo[-1]["file_id"])
    assert picture.startswith(b"\x89PNG")
    await arrive(house, payload)
    await owner.look()
    assert roles(house) == {"owner": 1, "staff": 1}
    assert "Member 2 has joined: staff" in told(owner)
    assert acts(house)[-2:] == ["invite", "join"]


async def test_staff_invite_reporters_and_citizens_but_no_staff(house: House) -> None:
    staff = await member(house)
    await staff.types("/invite")

    labels = staff.labels
    payload = await invited(staff, "Official (reports on dialogues)")
    reporter = await house.person()
    await reporter.types(f"/start {payload}")

    assert not {"Staff", "Owner"} & set(labels)
    assert house.rows("SELECT sector FROM respondent WHERE role = 'reporter'") == [("gov",)]


async def test_an_open_link_opens_a_survey_for_anybody_without_a_role(house: House) -> None:
    staff = await member(house)
    await staff.types("/invite")
    chosen = ("Citizens: an open link", "Siem Reap", "Your experience of a dialogue")
    for label in (*chosen, "They choose themselves", "No, for any time"):
        await staff.taps(label)

    payload = link_of(staff)

    assert payload == "p17-dialogue_experience"
    for _ in range(2):
        citizen = await house.person()
        await citizen.types(f"/start {payload}")
    assert roles(house) == {"respondent": 2, "staff": 1}


async def test_of_fifty_people_who_race_for_one_invitation_one_becomes_staff(house: House) -> None:
    payload = await house.invitation("staff")
    people = [await house.person() for _ in range(50)]

    async def race(phone: Phone) -> None:
        await house.telegram.post(f"/sim/people/{phone.person_id}/write", text=f"/start {payload}")

    await asyncio.gather(*map(race, people))
    await house.settled()

    assert roles(house) == {"staff": 1, "respondent": 49}
    assert acts(house) == ["invite", "join"]


async def test_a_forwarded_invitation_gives_nothing_and_stays_good(house: House) -> None:
    payload, phone = await house.invitation("staff"), await house.person()
    await phone.types("Hello")
    origin = {"type": "hidden_user", "sender_user_name": "x", "date": 1}

    await push(house, message_of(house, phone, f"/start {payload}", forward_origin=origin))
    await phone.look()

    assert "forwarded invitation can't be used" in told(phone)
    assert roles(house) == {"respondent": 1}
    await arrive(house, payload)
    assert roles(house) == {"respondent": 1, "staff": 1}


async def test_in_a_group_nobody_gets_anything(house: House) -> None:
    payload, phone = await house.invitation("owner"), await house.person()

    for kind in ("group", "supergroup", "channel"):
        group = {"id": -100, "type": kind, "title": "x"}
        await push(house, message_of(house, phone, f"/start {payload}", chat=group))

    assert house.rows("SELECT * FROM respondent") == []
    assert set(house.world.calls) <= {"getMe", "deleteWebhook", "getUpdates", "setMyCommands"}


async def test_a_message_in_somebody_elses_name_is_nobodys(house: House) -> None:
    owner = await member(house, "owner")
    foreign = message_of(house, owner, "/export")
    foreign["chat"] = {**foreign["chat"], "id": 12}

    await push(house, foreign)

    assert house.rows("SELECT * FROM respondent WHERE role != 'owner'") == []


async def test_a_second_account_with_an_owners_username_gets_nothing(house: House) -> None:
    await member(house, "owner")
    twin = await at_first_question(house)
    person = {"id": twin.person_id, "is_bot": False, "first_name": "x", "username": "owner_name"}

    for command in ("export", "team", "audit", "status", "invite", "inbox", "review"):
        await push(house, {**message_of(house, twin, f"/{command}"), "from": person})
        await twin.look()
        assert "for the project's" in twin.sees, command
    assert house.rows("SELECT * FROM job") == []


@pytest.mark.parametrize(
    "labels", [("CSO member (reports on dialogues)",), ("Staff", "All provinces")]
)
async def test_an_invitation_never_takes_a_right_away(
    house: House, labels: tuple[str, ...]
) -> None:
    owner = await member(house, "owner")
    payload = await invited(owner, *labels)

    await owner.types(f"/start {payload}")

    assert "You may do more already" in told(owner)
    assert roles(house) == {"owner": 1}
    await arrive(house, payload)
    assert len(roles(house)) == 2


async def test_a_role_ends_after_ninety_days_unless_an_owner_confirms_it(
    house: House, clock: HandClock
) -> None:
    owner, kept, lost = await member(house, "owner"), await member(house), await member(house)
    clock.turn(days=80)
    await owner.types("/team")
    await owner.taps(next(label for label in owner.labels if label.startswith("Member 2")))
    await owner.taps("Confirm for 90 days")
    await with_pin(owner)
    for one in (kept, lost):
        await one.types("/status")
        assert "How many answered" in one.sees

    clock.turn(days=11)
    await house.application.clock.end_terms()
    house.application.sender.wake()
    for one in (kept, lost):
        await one.types("/status")

    assert "How many answered" in kept.sees
    assert NOT_STAFF not in told(kept)
    assert "Your role in this project has ended" in told(lost)
    assert roles(house) == {"owner": 1, "respondent": 1, "staff": 1}
    assert acts(house).count("end role") == 1


async def test_a_role_whose_time_is_over_is_none_even_before_the_clock_ticks(
    house: House, clock: HandClock
) -> None:
    await member(house, "owner")
    staff = await member(house)
    await staff.types("/export citizen_interests")

    clock.turn(days=91)
    await staff.taps("All")

    assert house.rows("SELECT * FROM job") == []


async def test_the_last_owner_keeps_the_role_when_its_time_is_over(
    house: House, clock: HandClock
) -> None:
    owner = await member(house, "owner")

    clock.turn(days=91)
    await house.application.clock.end_terms()
    await owner.types("/team")

    assert "Members: 1" in owner.sees
    assert acts(house)[-1] == "keep last owner"


async def test_the_last_owner_cant_be_removed_nor_forgotten(house: House) -> None:
    owner = await member(house, "owner")
    await owner.types("/team")
    await owner.taps(owner.labels[0])
    await owner.taps("End the role")
    await with_pin(owner)
    refused = owner.sees
    await owner.types("/forget")
    await owner.taps("🗑 Delete my data")

    assert "the last owner" in refused
    assert "the last owner" in owner.sees
    assert roles(house) == {"owner": 1}

    await member(house, "owner")
    await owner.types("/forget")
    await owner.taps("🗑 Delete my data")
    await with_pin(owner)
    assert roles(house) == {"owner": 1}
    assert len(house.rows("SELECT * FROM member")) == 1


async def test_whose_role_ended_loses_menu_and_buttons_at_once(house: House) -> None:
    owner, staff = await member(house, "owner"), await member(house)
    await export_of(staff)
    await staff.types("/export citizen_interests")
    message_id, everything = staff.button("All")

    await owner.types("/team")
    await owner.taps(next(label for label in owner.labels if label.startswith("Member 2")))
    await owner.taps("End the role")
    await with_pin(owner)
    await staff.taps_data(message_id, everything)

    assert "Your role in this project has ended" in told(staff)
    assert len(house.rows("SELECT * FROM job")) == 1
    names = {c["command"] for c in house.world.menu_of(staff.person_id, "")}
    assert "export" not in names


async def test_staff_of_a_province_see_and_export_only_its_answers(house: House) -> None:
    for place in ("p17", "p17", "p07"):
        phone = await house.person()
        await phone.types(f"/start {place}")
        for label in ("English", "I'm 18 or older and I agree", "Citizen", "Road", "Done (1)"):
            await phone.taps(label)
    bound, free = await member(house, province="kampot"), await member(house)

    for staff in (bound, free):
        await staff.types("/status")
        await export_of(staff)

    rows = [m["text"].rpartition(" ")[2] for m in (found(bound), found(free))]
    assert rows == ["1", "3"]
    assert "under 5 begun" in told(bound)
    assert "3 begun" in told(free)
    assert any("citizen_interests_kampot" in m["document"]["file_name"]
               for m in bound.messages if "document" in m)  # fmt: skip


def found(phone: Phone) -> Any:
    return next(m for m in phone.messages if "Exported" in m.get("text", ""))


async def test_whoever_joins_has_a_number_and_nobody_else(house: House) -> None:
    staff = await member(house)

    assert house.store.run(members.number_of, "nobody") is None
    await export_of(staff)
    assert house.rows("SELECT number FROM member") == [(1,)]


async def test_each_day_the_owners_get_the_head_of_the_log_once(
    house: House, clock: HandClock
) -> None:
    owner, _ = await member(house, "owner"), await member(house)

    for _ in range(3):
        await house.application.clock.anchor()
    house.application.sender.wake()
    await house.settled()
    await owner.look()
    head = str(await house.store.call(audit.head))
    clock.turn(days=1)
    await house.application.clock.anchor()

    heads = [m for m in owner.messages if head in m.get("text", "")]
    assert len(heads) == 1
    assert house.rows("SELECT count(*) FROM outbox WHERE status = 'pending'") == [(0,)]


async def test_at_night_no_head_is_sent(house: House, clock: HandClock) -> None:
    await member(house, "owner")
    clock.turn(hours=14)

    assert not await house.store.call(auditing.anchor)


async def test_owners_are_told_a_week_ahead_whose_role_ends(house: House, clock: HandClock) -> None:
    owner = await member(house, "owner")
    await house.store.call(auditing.anchor)
    clock.turn(days=84)

    await house.application.clock.anchor()
    house.application.sender.wake()
    await house.settled()
    await owner.look()

    assert "Roles that end within a week: Member 1" in told(owner)
