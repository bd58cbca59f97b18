"""A ballot box, attacked: from the database alone no answer can be tied to whoever gave it.

Forty people answer through the real bot, each in words of their own. Before anything is counted and
after it, the files are searched as bytes, with write-ahead log and free pages, and all tables read.
"""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.simulator.world import World
from handlers import texts
from storage import ballots, forms, wave_people, waves
from storage.database import DATABASE
from storage.waves import Wave
from surveys.ballot import FEWEST
from surveys.wave import Audience, Reminding
from tests.bot.test_cli import samleng, says_one_sentence
from tests.bot.test_waves import citizen
from tests.chat import Phone
from tests.conftest import HandClock, House, housed, simulator
from tests.steps import at_first_question, member, with_pin
from tests.surveys.markdown import converted

FORM = """
| survey | | | | |
| | type | name | label::English (en) | label::Khmer (km) |
| | select_multiple need | needs | What is missing? | តើខ្វះអ្វី? |
| | select_one trust | trust | Do you trust the office? | តើអ្នកជឿទុកចិត្តទេ? |
| | text | why | Why? | ហេតុអ្វី? |
| choices | | | |
| | list_name | name | label::English (en) | label::Khmer (km) |
| | need | zebraroad | Zebraroad | ផ្លូវសេះបង្កង់ |
| | need | heronwell | Heronwell | អណ្តូងកុក |
| | trust | gibbonyes | Gibbonyes | បាទទោច |
| | trust | langurno | Langurno | ទេស្វាព្រាម |
| settings | | | |
| | form_title | form_id | version |
| | Valley | valley | 1 |
"""
PRICE = texts.say("en", "ballot.price")
PEOPLE = 40
# Each beside the other by chance alone: of forty, in one of two million orders more.
CHANCE = 0.75


@pytest.fixture(params=["sqlite", "postgres"])
async def anywhere(
    request: pytest.FixtureRequest, folder: Path, clock: HandClock
) -> AsyncIterator[House]:
    """The whole bot on either database."""
    world, changes = World(unlimited=True), {}
    if request.param == "postgres":
        changes = {"database_url": SecretStr(request.getfixturevalue("on_server"))}
    async with simulator(world) as telegram, housed(telegram, world, folder, clock, **changes) as h:
        yield h


async def tick(house: House) -> None:
    for _ in range(2):
        await house.application.clock.field()
        await house.application.clock.remind()
        house.application.sender.wake()
        await house.settled()


async def opened(house: House, form_id: str = "valley") -> Wave:
    """Open a ballot box of a form that everybody is new to."""
    xform = converted(FORM)["xform"]
    await house.store.call(forms.publish, xform, "valley")
    number = await house.store.call(make, form_id)
    await tick(house)
    found = await house.store.call(waves.find, number)
    assert found is not None
    return found


def make(tx: Any, form_id: str) -> int:
    published = forms.newest(tx, form_id)
    assert published is not None
    span = (tx.now, tx.now + dt.timedelta(weeks=2))
    wants = (Audience(), *span, Reminding(), "maker")
    number = waves.create(tx, published.id, *wants, is_ballot=True)
    waves.release(tx, number, "another")
    return number


def said(at: int) -> str:
    """What one person writes, and nobody else: in Latin and in Khmer letters."""
    return f"wildmarker{at:03}x សញ្ញាព្រៃ{at:03}"


async def begins(phone: Phone) -> None:
    await phone.look()
    await phone.taps("Begin")


async def answers(phone: Phone, at: int) -> None:
    """Answer in one's own way: one tick or two, trusting or not, in words of one's own."""
    await phone.taps("Zebraroad")
    if at % 3 == 0:
        await phone.taps("Heronwell")
    await phone.taps(next(label for label in phone.labels if "Done" in label))
    await phone.taps("Gibbonyes" if at % 2 else "Langurno")
    await phone.types(said(at))


async def submits(phone: Phone) -> None:
    await phone.taps("📨 Submit")


def bytes_of(folder: Path) -> bytes:
    """Return all that lies in the database's files, used or free, as whoever takes them has it."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob(DATABASE + "*")))


def traces(content: bytes, word: str) -> int:
    """Count a word in all the ways in which text is written down."""
    escaped = json.dumps(word)[1:-1].encode()
    forms_of = {word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be"), escaped}
    return sum(content.count(form) for form in forms_of)


def tables(house: House) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table."""
    names = house.store.run(_table_names)
    return {name: house.store.run(_rows_of, name) for name in names}


def _table_names(tx: Any) -> list[str]:
    from storage.tables import metadata

    return sorted(metadata.tables)


def _rows_of(tx: Any, name: str) -> list[dict[str, Any]]:
    cursor = tx.open()
    cursor.execute(f"SELECT * FROM {name}")
    tx.wait()
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def rank_correlation(order: list[int]) -> float:
    """Return Spearman's correlation of a sequence of ranks with the order they stand in."""
    n = len(order)
    return 1 - 6 * sum((a - b) ** 2 for a, b in enumerate(order)) / (n * (n * n - 1))


def sealed_sizes(rows: dict[str, list[dict[str, Any]]]) -> set[int]:
    columns = (
        ("interview", "sealed_state"),
        ("ballot_pending", "sealed"),
        ("outbox", "sealed_body"),
    )
    values = (row[column] for table, column in columns for row in rows[table])
    return {len(value) for value in values if value is not None}


async def test_from_the_database_alone_no_answer_can_be_tied_to_a_person(
    anywhere: House,
) -> None:
    house = anywhere
    is_file = house.application.url is None
    phones = [await at_first_question(house, "en") for _ in range(PEOPLE)]
    one = await opened(house)
    house.store.empty_log()
    await house.store.call(_table_names)
    # All that anybody writes begins so.
    words = [word[:8] for word in said(0).split()]
    labels = ("zebraroad", "heronwell", "gibbonyes", "langurno", "Gibbonyes", "Langurno")
    of_the_form = {label: traces(bytes_of(house.folder), label) for label in labels}

    def nothing_is_in_clear() -> None:
        if is_file:
            content = bytes_of(house.folder)
            assert not any(traces(content, word) for word in words)
            assert {label: traces(content, label) for label in labels} == of_the_form
        rows = tables(house)
        told = json.dumps({k: v for k, v in rows.items() if k != "form_version"}, default=str)
        assert not any(word in told for word in (*words, *labels))
        assert len(sealed_sizes(rows)) <= 1

    for phone in phones:
        await begins(phone)
        assert PRICE in phone.sees
    for at, phone in enumerate(phones):
        await answers(phone, at)
        if at % 10 == 0:
            nothing_is_in_clear()
        assert said(at) in phone.sees
    # In another order than they began.
    order = sorted(range(PEOPLE), key=lambda at: at * 17 % PEOPLE)
    for at in order:
        await submits(phones[at])
        if at % 10 == 0:
            nothing_is_in_clear()
    nothing_is_in_clear()
    rows = tables(house)
    assert len(rows["ballot_pending"]) == PEOPLE
    assert not rows["ballot"]
    assert not [row for row in rows["interview"] if row["wave_id"] == one.id]
    assert {row["path"] for row in rows["answer"]} == {"/data/sector"}
    assert standing(house, one) == {"complete": PEOPLE}

    house.clock.turn(hours=12)
    await tick(house)
    await house.application.clock.keep_house()
    await house.store.call(_table_names)

    rows = tables(house)
    cast = {row["id"]: response_of(row) for row in rows["ballot"]}
    assert (len(cast), len(rows["ballot_pending"])) == (PEOPLE - FEWEST, FEWEST)
    assert {row["day"] for row in rows["ballot"]} == {"2026-11-24"}
    assert len(sealed_sizes(rows)) <= 1
    # The order says nothing: neither of ids nor of places on the disk.
    place_of = {said(at): rank for rank, at in enumerate(order)}
    by_id = [place_of[cast[ballot_id]["/data/why"]] for ballot_id in sorted(cast)]
    assert abs(rank_correlation(ranked(by_id))) < CHANCE
    assert abs(rank_correlation(ranked(physical(house, place_of)))) < CHANCE
    share_nothing(rows)
    assert_no_traffic_is_kept(rows)
    if is_file:
        left_behind(house)
    else:
        written_together(house)


def standing(house: House, one: Wave) -> dict[str, int]:
    counts = house.store.run(wave_people.standing, one, 3)
    return {name: n for name, n in counts.items() if n}


def response_of(row: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = (
        json.loads(row["response"]) if isinstance(row["response"], str) else row["response"]
    )
    return found


def ranked(values: list[int]) -> list[int]:
    return [sorted(values).index(value) for value in values]


def physical(house: House, place_of: dict[str, int]) -> list[int]:
    """Return the ballots in the order in which they lie on the disk."""
    if house.application.url is None:
        content = (house.folder / DATABASE).read_bytes()
        at = {word: content.rfind(word.encode()) for word in place_of}
        return [place_of[word] for word in sorted(at, key=lambda word: at[word]) if at[word] >= 0]
    rows = house.store.run(_in_place)
    return [place_of[response_of({"response": response})["/data/why"]] for (response,) in rows]


def _in_place(tx: Any) -> list[Any]:
    cursor = tx.open()
    cursor.execute("SELECT response FROM ballot ORDER BY ctid")
    tx.wait()
    return list(cursor.fetchall())


def share_nothing(rows: dict[str, list[dict[str, Any]]]) -> None:
    """Hold that no value of a ballot stands anywhere in the rows of people, but its group."""
    groups = {"wave_id", "province", "sex"}
    of_ballots = {
        str(value)
        for row in rows["ballot"]
        for name, value in {**row, **response_of(row)}.items()
        if name not in groups and value is not None and name != "response"
    }
    elsewhere = {
        str(value)
        for name, table in rows.items()
        if name not in {"ballot", "form_version", "meta"}
        for row in table
        for value in row.values()
        if value is not None
    }
    assert not of_ballots & elsewhere
    for names in ((), ("province",), ("province", "sex")):
        sizes: dict[Any, int] = {}
        for row in rows["ballot"]:
            key = tuple(row[name] for name in names)
            sizes[key] = sizes.get(key, 0) + 1
        assert all(size >= FEWEST for size in sizes.values())


def assert_no_traffic_is_kept(rows: dict[str, list[dict[str, Any]]]) -> None:
    """Hold that nothing says how often somebody tapped and wrote on the way to their ballot."""
    assert not [row for row in rows["outbox"] if row["method"] == "sealed"]
    assert not [row for row in rows["respondent"] if row["secret"]]
    per_wave_person = {tuple(sorted(row)) for row in rows["wave_person"]}
    assert not any(
        "_at" in name and "declined" not in name for key in per_wave_person for name in key
    )


def left_behind(house: House) -> None:
    """Hold that the file has no numbers of rows for ballots, and no sealed one in clear."""
    [(sql,)] = house.rows("SELECT sql FROM sqlite_master WHERE name = 'ballot'")
    assert "WITHOUT ROWID" in str(sql)
    numbered = {name for (name,) in house.rows("SELECT name FROM sqlite_sequence")}
    assert not numbered & {"ballot", "ballot_pending"}


def written_together(house: House) -> None:
    """Hold that a server's own marks join all ballots with each other, and none with a person."""

    def written_by(table: str) -> set[str]:
        return {str(by) for (by,) in house.rows(f"SELECT xmin::text FROM {table}")}

    of_people = ("wave_person", "respondent", "interview", "outbox", "inbox", "ballot_pending")
    assert len(written_by("ballot")) == 1
    assert not written_by("ballot") & set().union(*map(written_by, of_people))


async def test_what_is_left_at_the_end_is_counted_or_never_shown(anywhere: House) -> None:
    house = anywhere
    phones = [await at_first_question(house) for _ in range(6)]
    one = await opened(house)
    for at, phone in enumerate(phones[:4]):
        await begins(phone)
        await answers(phone, at)
        await submits(phone)
    await begins(phones[4])

    assert await house.store.call(waves.set_status, one, "closed")
    await tick(house)

    assert house.store.run(ballots.number, one.id) == 0
    assert house.store.run(ballots.waiting, one.id) == 4
    # What was begun is gone, and that it was begun isn't.
    assert house.rows("SELECT id FROM interview WHERE wave_id = ?", one.id) == []
    assert standing(house, one) == {"complete": 4, "break_off": 1, "invited": 1}
    assert house.rows("SELECT id FROM respondent WHERE secret") == []
    await phones[4].taps("Zebraroad")
    assert phones[4].notice == texts.say("en", "stale_button")
    owner = await member(house, "owner")
    await owner.types("/waves")
    await owner.taps(owner.labels[0])
    assert texts.say("en", "ballot.too_few", n="5") in owner.sees


async def test_while_it_is_open_some_stay_in_it_and_all_are_counted_when_it_closes(
    anywhere: House,
) -> None:
    house = anywhere
    phones = [await at_first_question(house) for _ in range(11)]
    one = await opened(house)
    for at, phone in enumerate(phones):
        await begins(phone)
        await answers(phone, at)
        await submits(phone)
    by_day = house.store.run(ballots.number, one.id)
    house.clock.turn(hours=12)
    await tick(house)
    by_night = house.store.run(ballots.number, one.id)

    assert await house.store.call(waves.set_status, one, "closed")
    await tick(house)

    assert (by_day, by_night) == (0, 6)
    assert house.store.run(ballots.number, one.id) == 11
    assert house.store.run(ballots.waiting, one.id) == 0


async def test_who_cast_a_ballot_is_known_to_have_and_nothing_more(house: House) -> None:
    phone = await at_first_question(house)
    one = await opened(house)
    await begins(phone)
    await phone.types("/mydata")
    assert texts.say("en", "mydata.ballot_begun") in phone.sees
    await phone.types("/survey")
    await answers(phone, 1)
    await phone.types("/mydata")
    assert said(1) not in "".join(message.get("text", "") for message in phone.news)
    await phone.types("/survey")
    await submits(phone)

    await phone.types("/mydata")
    assert texts.say("en", "mydata.ballot") in phone.sees
    house.clock.turn(days=3)
    await tick(house)
    assert house.rows("SELECT * FROM slot WHERE schedule = ?", f"wave:{one.id}") == []
    await phone.types("/forget")
    assert texts.say("en", "forget.ballot") in phone.sees
    await phone.taps("🗑 Delete my data")
    assert house.rows("SELECT * FROM wave_person") == []
    assert house.store.run(ballots.waiting, one.id) == 1


async def test_a_reminder_comes_until_submit_and_lies_sealed(house: House) -> None:
    phone = await citizen(house)
    await opened(house, "dialogue_experience")
    await begins(phone)
    await phone.taps("Agree")
    house.clock.turn(days=2, hours=1)

    await tick(house)
    await phone.look()

    assert phone.sees.startswith("You began this")
    assert "Women were heard" in phone.sees
    assert house.rows("SELECT DISTINCT method FROM outbox WHERE lane = 1") == [("sealed",)]


async def test_a_voice_is_kindly_refused_and_so_is_what_is_too_long(house: House) -> None:
    phone = await at_first_question(house)
    await opened(house)
    await begins(phone)
    await phone.taps("Skip ⏭")
    await phone.taps("Skip ⏭")

    await phone.speaks()

    assert texts.say("en", "reject.voice_secret") in phone.sees
    assert house.rows("SELECT * FROM media") == []
    # Letters of many scripts by chance, which nothing makes shorter.
    await phone.types("".join(chr(0x4E00 + at * 7919 % 20000) for at in range(4000)))
    assert texts.say("en", "reject.too_long") in phone.sees
    await phone.types("short")
    assert "→ short" in phone.sees


async def test_staff_choose_it_in_the_chat_and_are_told_what_it_costs(house: House) -> None:
    maker = await member(house)
    form = texts.say("en", "form.citizen_interests")
    await maker.types("/waves")
    for label in ("New wave", form, "All provinces", "Everybody", "Now", "Weeks: 2"):
        await maker.taps(label)
    assert texts.say("en", "wave.ask_kind") in maker.sees

    await maker.taps("🗳 No, anonymous")

    assert texts.say("en", "ballot.staff_price") in maker.sees
    await maker.taps("Make it and ask for release")
    assert texts.say("en", "ballot.mark") in maker.sees
    [one] = house.store.run(waves.listed)
    assert one.is_ballot
    other = await member(house, "owner")
    await other.types("/waves")
    await other.taps(other.labels[0])
    assert texts.say("en", "ballot.mark") in other.sees
    await other.taps("Release")
    await with_pin(other)
    await tick(house)
    phone = await at_first_question(house)
    assert PRICE in phone.sees


async def test_a_form_with_files_or_a_place_cannot_be_put_to_one(house: House) -> None:
    place = FORM.replace("| | text | why |", "| | geopoint | why |").replace(
        "| valley |", "| dale |"
    )
    await house.store.call(forms.publish, converted(place)["xform"], "dale")
    folder = str(house.folder)

    def create(*arguments: str) -> Any:
        return samleng("wave", "create", *arguments, SAMLENG_DATA_DIR=folder)

    refused = await asyncio.to_thread(create, "dale", "--ballot")
    report = await asyncio.to_thread(create, "dialogue_report", "--ballot")
    made = await asyncio.to_thread(create, "citizen_interests", "--ballot")
    maker = await member(house)
    await maker.types("/waves")
    for label in ("New wave", "Valley", "All provinces", "Everybody", "Now", "Weeks: 2"):
        await maker.taps(label)

    for done in (refused, report):
        assert says_one_sentence(done, "ballot box")
    assert made.returncode == 0
    assert "Nobody can tell who answered what" in made.stderr.replace("\n", " ")
    assert texts.say("en", "wave.no_ballots") in maker.sees
    assert "🗳 No, anonymous" not in maker.labels


def test_ranks_tell_an_order_from_its_reverse() -> None:
    assert rank_correlation([0, 1, 2, 3]) == 1
    assert rank_correlation([3, 2, 1, 0]) == -1
