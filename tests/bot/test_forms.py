"""Forms that staff bring: their files, previews of which nothing stays, and a second person."""

import asyncio
from pathlib import Path

import pytest

from bot.projection import file_name
from bot.simulator.people import send_file
from storage import audit
from tests.bot.test_cli import samleng, says_one_sentence
from tests.chat import Phone
from tests.conftest import HandClock, House
from tests.steps import AGREE, export_of

BROUGHT = Path(__file__).parents[1] / "transcripts" / "forms" / "brought"
WATER = (BROUGHT / "water.md").read_bytes()
TITLE = "ទឹកក្នុងភូមិ / Water in the village"
PICTURED = """
| survey | | | | | |
| | type | name | label::English (en) | label::Khmer (km) | media::image |
| | select_one_from_file places.csv | place | Where? | នៅឯណា? | |
| | text | why | Why? | ហេតុអ្វី? | map.png |
| | audio | voice | Say it. | សូមនិយាយ។ | |
| settings | | | |
| | form_title | form_id | version |
| | Places | places | 1 |
"""
UNFIT = """
| survey | | | | |
| | type | name | label::English (en) | label::Khmer (km) |
| | text | who | Which political party do you vote for? | |
| | text | why | Why? | ហេតុអ្វី? |
| settings | | | |
| | form_title | form_id | version |
| | Parties | parties | 1 |
"""
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


async def officer(house: House, role: str = "staff") -> Phone:
    phone = await house.person()
    await phone.types(f"/start {await house.invitation(role)}")  # type: ignore[arg-type]
    await phone.taps("English")
    return phone


async def brings(house: House, text: bytes | str = WATER, name: str = "water.md") -> Phone:
    phone = await officer(house)
    await phone.sends_file(name, text.encode() if isinstance(text, str) else text)
    return phone


async def asks(house: House) -> tuple[Phone, Phone, Phone]:
    """Let one officer ask two others to release a form."""
    others = [await officer(house), await officer(house, "owner")]
    author = await brings(house)
    await author.taps("📨 Ask for release")
    for other in others:
        await other.look()
        await other.taps("📋 Look at it")
    return author, *others


def acts_of(house: House) -> list[object]:
    return [act for (act,) in house.rows("SELECT act FROM audit WHERE act != 'invite' ORDER BY id")]


def traces(house: House) -> list[tuple[object, ...]]:
    """Return what there is of interviews, answers, files and previews."""
    tables = ("interview", "answer", "media", "preview")
    return [row for name in tables for row in house.rows(f"SELECT '{name}' FROM {name}")]


async def test_of_two_who_release_at_once_one_does_and_the_other_is_told_who(house: House) -> None:
    author, first, second = await asks(house)
    taps = [phone.button("✅ Release") for phone in (first, second)]

    for phone, (message_id, data) in zip((first, second), taps, strict=True):
        path = f"/sim/people/{phone.person_id}/tap"
        await house.telegram.post(path, message_id=message_id, data=data)
    await house.settled()
    for phone in (author, first, second):
        await phone.look()

    assert acts_of(house).count("release") == 1
    assert [row for row in acts_of(house) if row != "join"] == ["upload", "ask release", "release"]
    assert "was released by member" in author.sees
    assert "Released by you" in first.sees
    assert "released by member 1" in second.sees.lower()
    assert not house.failures()


async def test_whoever_brought_a_form_never_releases_it(house: House) -> None:
    author, other, _ = await asks(house)
    draft_id = house.rows("SELECT id FROM form_version WHERE uploaded_at IS NOT NULL")[0][0]

    assert "✅ Release" not in author.labels
    done = await asyncio.to_thread(
        samleng, "form", "upload", BROUGHT / "water.md", SAMLENG_DATA_DIR=str(house.folder)
    )

    assert "Somebody else has a draft" in done.stderr
    await other.taps("✅ Release")
    assert house.rows(
        "SELECT count(*) FROM form_version WHERE id = ? AND uploaded_by != released_by", draft_id
    ) == [(1,)]


async def test_a_published_version_is_never_replaced(house: House) -> None:
    author, other, _ = await asks(house)
    await other.taps("✅ Release")

    await author.sends_file("water.md", WATER)

    assert "Version 1 of this form is published already" in author.sees
    assert "raise version" in author.sees


async def test_a_new_upload_takes_the_place_of_the_same_persons_draft(house: House) -> None:
    author, other, _ = await asks(house)

    await author.sends_file("water.md", WATER.replace(b"A well", b"Our well"))
    await other.look()

    assert house.rows("SELECT count(*) FROM form_version WHERE form_id = 'village_water'") == [(1,)]
    assert "does not wait for release any more" in str(other.messages)
    assert "📨 Ask for release" in author.labels


async def test_what_keeps_a_form_from_release_is_told_by_row_and_it_can_be_tried(
    house: House,
) -> None:
    phone = await brings(house, UNFIT)

    assert "row 2: “who”: the label isn't translated to km." in phone.sees
    assert "political part" in phone.sees
    assert "📨 Ask for release" not in phone.labels
    await phone.taps("👁 English")
    assert "👁 Preview" in phone.sees


async def test_the_forms_behind_the_program_are_refused(house: House) -> None:
    phone = await brings(house, WATER.replace(b"village_water", b"profile"))

    assert "is a form of the bot's own" in phone.sees
    assert house.rows("SELECT count(*) FROM form_version WHERE uploaded_at IS NOT NULL") == [(0,)]


async def test_the_files_of_a_form_are_asked_for_by_name_and_taken_up(house: House) -> None:
    phone = await brings(house, PICTURED)
    assert "• map.png\n• places.csv" in phone.sees

    await phone.sends("photo")
    assert "Please send it as a file." in phone.sees
    await phone.sends_file("mapp.png", PNG)
    assert "No draft of yours asks for a file of this name" in phone.sees
    await phone.sends_file("map.png", PNG)
    assert "• places.csv" in phone.sees
    await phone.sends_file("places.csv", b"name,label\nkampot,Kampot\n")

    assert "Nothing stands in the way" in phone.sees
    await phone.taps("👁 English")
    assert "Kampot" in phone.labels


async def test_a_list_that_is_none_is_refused(house: House) -> None:
    phone = await brings(house, PICTURED)

    await phone.sends_file("places.csv", b"\xff\xfe\x00\x01")

    assert "places.csv can't be read" in phone.sees
    assert house.rows("SELECT count(*) FROM form_attachment WHERE name = 'places.csv'") == [(0,)]


async def test_a_file_is_an_answer_where_one_is_asked(house: House) -> None:
    phone = await brings(house, PICTURED)
    await phone.taps("👁 English")
    for _ in range(2):
        await phone.taps("Skip ⏭")

    await phone.sends_file("said.mp3", b"sound")

    assert "Your answers" in phone.sees


async def test_nothing_of_a_preview_is_left_whichever_way_it_ends(house: House) -> None:
    phone = await brings(house, PICTURED)
    ends = {
        "later": lambda: phone.taps("⏸ Later"),
        "stop": lambda: phone.types("stop"),
        "command": lambda: phone.types("/forms"),
        "submit": lambda: phone.taps("📨 Submit"),
        "withdrawal": lambda: phone.taps("🗑 Withdraw"),
    }
    for way, end in ends.items():
        await phone.types("/forms")
        await phone.taps("✏ Places, 1")
        await phone.taps("👁 ខ្មែរ")
        await phone.taps("រំលង ⏭")
        await phone.speaks()
        assert traces(house) == [("interview",), ("preview",)], way
        if way == "submit":
            await phone.taps("រំលង ⏭")
            await phone.taps("📨 បញ្ជូន")
        elif way == "later":
            await phone.taps("⏸ ឆ្លើយពេលក្រោយ")
        else:
            await end()
        assert traces(house) == [], way
        assert house.rows("SELECT DISTINCT language FROM respondent") == [("en",)], way
    assert house.rows("SELECT stopped_at FROM respondent") == [(None,)]
    assert not house.failures()


async def test_a_release_ends_the_previews_of_a_draft(house: House) -> None:
    _author, first, second = await asks(house)
    await second.taps("👁 English")
    assert ("preview",) in traces(house)

    await first.taps("✅ Release")
    await second.taps("A well")

    assert traces(house) == []
    assert second.notice
    assert not house.failures()


async def test_who_does_something_else_is_not_writing_why_a_form_comes_back(house: House) -> None:
    author, other, _ = await asks(house)
    await other.taps("↩ Send back")

    await other.types("/count")
    await other.types("12")
    await author.look()

    assert "sent back" not in str(author.messages)
    assert ["send back"] not in [[act] for act in acts_of(house)]
    await other.types("/forms")
    await other.taps(f"⏳ {TITLE}, 1")
    await other.taps("↩ Send back")
    await other.types("Too long.")
    await author.look()
    assert "Too long." in author.sees


async def test_a_preview_that_is_left_open_is_erased_after_a_day(
    house: House, clock: HandClock
) -> None:
    phone = await brings(house)
    await phone.taps("👁 ខ្មែរ")

    clock.turn(days=1, seconds=1)
    await house.application.clock.keep_house()

    assert traces(house) == []
    assert house.rows("SELECT language FROM respondent") == [("en",)]


async def test_a_released_form_is_offered_counted_and_exported_until_it_is_closed(
    house: House,
) -> None:
    _author, other, _ = await asks(house)
    await other.taps("✅ Release")
    citizen, late = await house.person(), await house.person()
    await citizen.types("/start p17-village_water")
    for label in ("English", AGREE["en"], "Citizen"):
        await citizen.taps(label)
    assert "Where does your water come from?" in citizen.sees
    await citizen.taps("⏸ Later")

    await other.types("/count")
    assert TITLE in other.labels
    await export_of(other, "village_water")
    assert any("village_water_" in str(m.get("document")) for m in other.messages)

    await other.types("/forms")
    await other.taps(f"✅ {TITLE}, 1")
    await other.taps("🔒 Close")
    await late.types("/start p17-village_water")
    for label in ("English", AGREE["en"], "Citizen"):
        await late.taps(label)
    assert "What matters most" in late.sees
    await citizen.types("/survey")
    await citizen.taps(TITLE)
    assert "Where does your water come from?" in citizen.sees
    assert acts_of(house)[-1] == "close"
    assert not house.failures()


async def test_a_form_can_be_brought_released_and_closed_on_the_command_line(
    house: House,
) -> None:
    async def form(*arguments: object) -> str:
        done = await asyncio.to_thread(
            samleng, "form", *arguments, SAMLENG_DATA_DIR=str(house.folder)
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    phone = await brings(house)
    await phone.taps("📨 Ask for release")
    assert '"state": "waits"' in await form("list", "--json")
    draft_id = house.rows("SELECT max(id) FROM form_version")[0][0]

    await form("back", draft_id, "--why", "Shorter, please.")
    await house.settled()
    await phone.look()
    assert "sent back by the command line: Shorter, please." in phone.sees
    await phone.types("/forms")
    await phone.taps(f"✏ {TITLE}, 1")
    await phone.taps("📨 Ask for release")
    await form("release", draft_id)
    await house.settled()
    await phone.look()
    assert "was released by the command line" in phone.sees
    await form("close", "village_water")

    done = await asyncio.to_thread(
        samleng, "form", "close", "village_water", SAMLENG_DATA_DIR=str(house.folder)
    )
    says_one_sentence(done, "open")


async def test_the_console_cannot_release_what_it_brought(house: House, tmp_path: Path) -> None:
    staff = await officer(house)
    (tmp_path / "places.md").write_text(PICTURED, "utf-8")
    (tmp_path / "places-media").mkdir()
    (tmp_path / "places-media" / "map.png").write_bytes(PNG * 20_000)
    (tmp_path / "places-media" / "places.csv").write_text("name,label\nkampot,Kampot\n")

    brought = await asyncio.to_thread(
        samleng, "form", "upload", tmp_path / "places.md", SAMLENG_DATA_DIR=str(house.folder)
    )
    draft_id = house.rows("SELECT max(id) FROM form_version")[0][0]
    refused = await asyncio.to_thread(
        samleng, "form", "release", draft_id, SAMLENG_DATA_DIR=str(house.folder)
    )
    await house.settled()
    await staff.look()

    assert "Others who were asked to release it: 1." in brought.stdout, brought.stderr
    says_one_sentence(refused, "staff member must")
    assert "by the command line waits for release" in staff.sees
    await staff.taps("📋 Look at it")
    await staff.taps("✅ Release")
    assert "Released by you" in staff.sees
    assert await house.store.call(audit.verify)


async def test_a_citizens_document_is_no_form_and_its_name_is_not_looked_at(house: House) -> None:
    citizen = await house.person()
    await citizen.types("/start")
    chat = house.world.chats[citizen.person_id]

    send_file(house.world, chat, "Secret name.md", WATER)
    await house.settled()

    assert house.rows("SELECT count(*) FROM job") == [(0,)]
    assert not house.failures()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("water.md", "water.md"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Forms\\water.xlsx", "water.xlsx"),
        ("a\0b.md", "ab.md"),
        ("\u202egnp.md", "gnp.md"),
        ("ទឹក.xlsx", "ទឹក.xlsx"),
        ("x" * 300 + ".md", ""),
        ("", ""),
    ],
)
def test_of_a_files_name_the_last_step_is_all_there_is(sent: str, kept: str) -> None:
    update = {"update_id": 1, "message": {"document": {"file_id": "F", "file_name": sent}}}

    assert file_name(update) == ("document", kept)


def test_a_file_may_have_no_name() -> None:
    assert file_name({"message": {"document": {"file_id": "F"}}}) is None
    assert file_name({"message": {"text": "hello"}}) is None
    assert file_name({"callback_query": {}}) is None


async def test_a_fault_of_ours_is_told_to_the_sender_and_the_bot_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr("handlers.formcards.card", fails)
        phone = await brings(house)
    assert "couldn't be taken up" in phone.sees
    assert house.rows("SELECT count(*) FROM form_version WHERE uploaded_at IS NOT NULL") == [(0,)]

    await phone.sends_file("water.md", WATER)

    assert "village_water, version 1" in phone.sees
