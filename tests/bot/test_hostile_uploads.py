"""Files made to harm, sent to the bot: each is refused with its reason, and nobody else waits."""

import asyncio
import io
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from openpyxl import Workbook

from bot.simulator.people import send_file
from tests.bot.test_conversion import BOMB, LAUGHS, replaced, workbook
from tests.chat import Phone, buttons
from tests.conftest import House
from tests.steps import at_first_question

SHEET = "xl/worksheets/sheet1.xml"
MEGABYTE = 2**20
PEOPLE = 5
# What is promised: refused within 20 seconds, and no answer waits a second. A shared machine may
# be busy, so that only far more than that fails here.
LONGEST_REFUSAL, LONGEST_WAIT = 40.0, 10.0


@dataclass(frozen=True)
class Hostile:
    """A file, and what its sender is told."""

    name: str
    content: bytes
    told: str


@dataclass
class Crowd:
    """People who tap all the time, and how long each waited for the tick."""

    phones: list[Phone]
    waits: list[float] = field(default_factory=list)

    async def tap_for_ever(self, phone: Phone) -> None:
        path = f"/sim/people/{phone.person_id}"
        chat = await phone.telegram.get(f"{path}/chat")
        while True:
            open_question = next(m for m in reversed(chat["messages"]) if buttons(m))
            key = next(k for k in buttons(open_question) if k["text"].endswith("Road"))
            began = time.monotonic()
            tap = {"message_id": open_question["message_id"], "data": key["callback_data"]}
            await phone.telegram.post(f"{path}/tap", **tap)
            while not is_ticked_otherwise(chat, key["text"]):
                after = chat["revision"]
                chat = await phone.telegram.get(f"{path}/chat?after={after}&wait=5")
            self.waits.append(time.monotonic() - began)

    @asynccontextmanager
    async def tapping(self):  # type: ignore[no-untyped-def]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.tap_for_ever(phone)) for phone in self.phones]
            yield
            for task in tasks:
                task.cancel()


def is_ticked_otherwise(chat: dict[str, object], before: str) -> bool:
    labels = {key["text"] for message in chat["messages"] for key in buttons(message)}  # type: ignore[attr-defined]
    return before not in labels


def sheet(*rows: list[str]) -> bytes:
    book = Workbook(write_only=True)
    survey = book.create_sheet("survey")
    for row in rows:
        survey.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_part(name: str) -> bytes:
    """Return a workbook that has one part more."""
    content = io.BytesIO(workbook())
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr(name, b"program")
    return content.getvalue()


def document() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", b"<document/>")
    return content.getvalue()


HEAD = ["type", "name", "label"]
# Where the machine has no time for it, that is the reason.
TOO_LONG = "took too long to read"
NO_WORKBOOK = "isn't a workbook"


def hostile() -> Iterator[Hostile]:
    rows = [["text", f"q{number}", "Why?"] for number in range(50_000)]
    yield Hostile("bomb.xlsx", replaced(SHEET, BOMB), "far too large")
    yield Hostile("laughs.xlsx", replaced(SHEET, LAUGHS), "can't be read")
    yield Hostile("rows.xlsx", sheet(HEAD, *rows), "more than 5000 rows")
    yield Hostile("columns.xlsx", sheet([f"c{n}" for n in range(1000)], ["text"] * 1000), "columns")
    yield Hostile("../../../etc/passwd", b"root", ".xlsx, .csv or .md")
    yield Hostile("large.xlsx", bytes(25 * MEGABYTE), "larger than 5 MB")
    yield Hostile("text.xlsx", b"not a workbook", NO_WORKBOOK)
    yield Hostile("letter.docx", document(), ".xlsx, .csv or .md")
    yield Hostile("letter.xlsx", document(), NO_WORKBOOK)
    yield Hostile("nothing.xlsx", b"", NO_WORKBOOK)
    yield Hostile("nothing.md", b"", "can't be read")
    yield Hostile("macros.xlsm", with_part("xl/vbaProject.bin"), ".xlsx, .csv or .md")
    yield Hostile("macros.xlsx", with_part("xl/vbaProject.bin"), "holds macros")


async def officer(house: House) -> Phone:
    phone = await house.person()
    await phone.types(f"/start {await house.invitation('staff')}")
    await phone.taps("English")
    return phone


async def refusal(house: House, phone: Phone, file: Hostile) -> str:
    """Send a file; return what its sender is told in the end, while others go on."""
    await phone.look()
    before = len(phone.messages)
    send_file(house.world, house.world.chats[phone.person_id], file.name, file.content)
    while True:
        chat = await phone.telegram.get(f"/sim/people/{phone.person_id}/chat")
        said = [m["text"] for m in chat["messages"][before:] if m["from"]["is_bot"]]
        if said and not any("Reading the file" in text for text in said):
            return "\n".join(said)
        await asyncio.sleep(0.02)


async def test_hostile_files_are_refused_and_hold_nobody_up(
    house: House, figure: Callable[[str], None]
) -> None:
    staff = await officer(house)
    crowd = Crowd([await at_first_question(house) for _ in range(PEOPLE)])
    files, slowest, longest = list(hostile()), "", 0.0

    for file in files:
        async with crowd.tapping():
            began = time.monotonic()
            said = await refusal(house, staff, file)
            took = time.monotonic() - began
        assert file.told in said or TOO_LONG in said, (file.name, said)
        if took > longest:
            slowest, longest = file.name, took

    assert house.rows("SELECT count(*) FROM form_version WHERE uploaded_at IS NOT NULL") == [(0,)]
    assert not house.failures()
    figure(
        f"hostile uploads: the longest until its refusal {longest:.1f} s ({slowest}), the longest"
        f" that one of {len(crowd.waits)} answers waited {max(crowd.waits):.2f} s"
    )
    assert longest < LONGEST_REFUSAL
    assert max(crowd.waits) < LONGEST_WAIT


CATASTROPHE = r"""
| survey | | | | | |
| | type | name | label::English (en) | label::Khmer (km) | constraint |
| | text | code | Code? | លេខកូដ? | regex(., '^(a+)+$') |
| settings | | | |
| | form_title | form_id | version |
| | Codes | codes | 1 |
"""


async def test_a_pattern_that_would_run_for_ever_does_not_when_somebody_answers(
    house: House, figure: Callable[[str], None]
) -> None:
    staff = await officer(house)
    await staff.sends_file("codes.md", CATASTROPHE.encode())
    await staff.taps("👁 English")

    began = time.monotonic()
    await staff.types("a" * 40 + "!")
    took = time.monotonic() - began

    assert "⚠️" in staff.sees
    figure(f"a catastrophic pattern: {took:.2f} s until its answer was refused")
    assert took < LONGEST_WAIT
    assert not house.failures()


async def test_a_file_whose_size_nobody_told_is_refused_as_telegram_does(house: House) -> None:
    staff = await officer(house)
    file_id = house.world.add_file("large.xlsx", bytes(21 * MEGABYTE))
    document = {"file_id": file_id, "file_unique_id": "u", "file_name": "large.xlsx"}
    message = house.world.new_message(
        house.world.chats[staff.person_id], from_bot=False, document=document
    )

    await house.telegram.post("/sim/updates", message=message)
    await house.settled()
    await staff.look()

    assert "larger than 5 MB" in staff.sees
