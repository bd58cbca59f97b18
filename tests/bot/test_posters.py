"""Open links and their posters: what they say is known before the first question."""

from pathlib import Path

import pytest

from handlers import texts
from storage import doors
from surveys.language import EN, KM
from tests.bot.test_members import link_of
from tests.bot.test_staff_commands import command
from tests.chat import Phone, until
from tests.conftest import House
from tests.steps import member

PNG, PDF = b"\x89PNG\r\n", b"%PDF-"
CHOSEN = ("invite.citizen", "province.siem_reap", "form.dialogue_experience")


async def asked(phone: Phone, *last: str, language: str = EN) -> None:
    """Go through /invite to the open link of the dialogue experience in Siem Reap."""
    await phone.types("/invite")
    for label in (*(texts.say(language, key) for key in CHOSEN), *last):
        await phone.taps(label)


async def files(house: House, phone: Phone) -> dict[str, bytes]:
    """Return the documents of a chat by the ends of their names, once there are two."""

    async def are_there() -> bool:
        await phone.look()
        return sum("document" in m for m in phone.messages) == 2

    await until(are_there)
    found = [m["document"] for m in phone.messages if "document" in m]
    return {
        one["file_name"].rpartition(".")[2]: await house.telegram.download(one["file_id"])
        for one in found
    }


@pytest.mark.parametrize("language", [EN, KM])
async def test_staff_get_a_poster_as_pdf_and_png_with_the_link(house: House, language: str) -> None:
    staff = await member(house, language=language)

    last = (texts.say(language, "invite.any_language"), texts.say(language, "invite.no_event"))
    await asked(staff, *last, language=language)

    assert link_of(staff) == "p17-dialogue_experience"
    drawn = await files(house, staff)
    assert drawn["pdf"].startswith(PDF)
    assert drawn["png"].startswith(PNG)
    assert len(drawn["pdf"]) < 100_000
    assert list((house.folder / "exports").iterdir()) == []


async def test_a_link_with_language_and_meeting_asks_for_neither(house: House) -> None:
    staff = await member(house)
    await asked(staff, texts.LANGUAGE_NAMES[KM], texts.say(EN, "invite.event_today"))
    payload = link_of(staff)

    citizen = await house.person()
    await citizen.types(f"/start {payload}")
    consent = citizen.sees
    await citizen.taps(texts.say(KM, "button.consent_yes"))
    await citizen.taps("ប្រជាពលរដ្ឋ")

    assert payload == "p17km-dialogue_experience--d261124"
    assert consent.startswith(texts.say(KM, "consent")[:20])
    assert house.rows("SELECT province, event FROM respondent WHERE language = 'km'") == [
        ("siem_reap", "d261124")
    ]
    assert house.rows("SELECT event FROM interview WHERE event IS NOT NULL") != []


async def test_who_chose_a_language_keeps_it_whatever_a_link_says(house: House) -> None:
    citizen = await house.person()
    await citizen.types("/start p17en-citizen_interests")
    await citizen.types("/start p17km-citizen_interests")

    assert house.rows("SELECT language FROM respondent") == [("en",)]


async def test_too_many_new_people_at_one_place_are_sent_away_without_a_trace(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "BURST", 3.0)
    people = [await house.person() for _ in range(5)]
    for phone in people:
        await phone.types("/start p17-citizen_interests")
    kept = house.rows("SELECT count(*) FROM respondent")
    await people[0].types("/start p17-citizen_interests")
    elsewhere = await house.person()
    await elsewhere.types("/start p07-citizen_interests")
    house.clock.turn(minutes=1)
    await people[4].types("/start p17-citizen_interests")

    assert kept == [(3,)]
    assert people[3].sees == texts.say(None, "open_link_rests")
    assert texts.say(None, "open_link_rests") not in people[0].sees
    assert elsewhere.labels == people[4].labels
    assert house.rows("SELECT count(*) FROM respondent") == [(5,)]


async def test_the_command_line_draws_the_same_poster(house: House, tmp_path: Path) -> None:
    done = await command(
        house, "poster", "citizen_interests", "--province", "kampot", "--lang", "km",
        "--event", "hall14", "--to", tmp_path,
    )  # fmt: skip

    assert done.stderr.endswith("start=p07km-citizen_interests--hall14\n")
    written = [Path(line) for line in done.stdout.split()]
    assert [path.read_bytes()[:5] for path in written] == [PDF, PNG[:5]]


@pytest.mark.parametrize(
    "wrong",
    [
        ("nothing_such",),
        ("citizen_interests", "--province", "nowhere"),
        ("citizen_interests", "--lang", "fr"),
        ("citizen_interests", "--event", "a b"),
    ],
)
async def test_the_command_line_says_in_one_sentence_what_is_wrong(
    house: House, wrong: tuple[str, ...]
) -> None:
    done = await command(house, "poster", *wrong)

    assert done.returncode == 2
    assert done.stderr.startswith("samleng: ")
    assert done.stderr.count("\n") == 1
