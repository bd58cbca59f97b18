"""One export as files. The only module of this folder that reads the storage and writes files."""

import datetime as dt
import functools
import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from export import groups, instances, notes, register
from export.codebook import Variable, variables
from export.frames import PHNOM_PENH, Frame, Redactions, Row
from export.instances import Instances
from export.summary import HEADER, Summary
from export.writers import WIDE, WIDTH, CsvWriter, WorkbookWriter
from storage import keys, responses
from storage.database import reading
from storage.responses import EVERYTHING, Part
from surveys.form import Form
from surveys.instruments import DIALOGUE_REPORT, PROFILE
from surveys.language import EN, KM

LABELS = {EN: "labels_en", KM: "labels_km"}
CODEBOOK = ("variable", "type", "label_en", "label_km", "asked_if", "form_versions")
ROWS = (".xlsx", ".csv")
CHOICES = ("variable", "code", "label_en", "label_km")


class UnknownForm(Exception):
    """There is no such form to export; `known` are those that there are."""

    def __init__(self, known: tuple[str, ...]) -> None:
        super().__init__()
        self.known = known


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one export while they are written; they get their names when they are whole."""

    folder: Path
    stem: str
    endings: tuple[str, ...] = ROWS

    def beside(self, sheet: str) -> "Files":
        """Return the same with a CSV of one more sheet."""
        return replace(self, endings=(*self.endings, f"_{sheet}.csv"))

    def part(self, sheet: str) -> Path:
        """Return where the CSV of a sheet is written."""
        return self.folder / f"{self.stem}_{sheet}.csv.part"

    @property
    def parts(self) -> dict[Path, Path]:
        """The unfinished files and their final names."""
        names = [self.folder / f"{self.stem}{suffix}" for suffix in self.endings]
        return {path.with_name(path.name + ".part"): path for path in names}

    def abandon(self) -> None:
        """Remove what was written so far."""
        for part in self.parts:
            part.unlink(missing_ok=True)

    def finish(self) -> list[str]:
        """Give the files their names."""
        for part, final in self.parts.items():
            part.rename(final)
        return [str(final) for final in self.parts.values()]


def make(
    folder: Path,
    key_file: Path,
    form_id: str,
    target: Path,
    url: str | None = None,
    part: Part = EVERYTHING,
) -> Iterator[dict[str, Any]]:
    """Write the export of a form; yield {"percent": n} on the way, at last {"files", "rows"}."""
    os.umask(0o077)
    target.mkdir(parents=True, exist_ok=True)
    secret = keys.load(key_file)
    with reading(folder, url) as connection:
        versions = responses.versions(connection, form_id)
        if not versions or form_id == PROFILE:
            raise UnknownForm(tuple(f for f in responses.form_ids(connection) if f != PROFILE))
        about = variables(responses.versions(connection, PROFILE))
        frame = Frame(
            variables(versions),
            responses.voiced_paths(connection, form_id),
            functools.partial(secret.export_id, form_id),
            {variable.name: variable for variable in about},
            Redactions(),
            secret.person_id,
            is_of_reports=form_id == DIALOGUE_REPORT,
        )
        frame, repeats = instances.split(frame, versions)
        rows = chain(
            responses.stream(connection, form_id, part),
            responses.ballots(connection, form_id, part),
        )
        total = responses.count(connection, form_id, part)
        now = dt.datetime.now(PHNOM_PENH)
        hands = groups.rows(
            responses.counted(connection, form_id, part), frame.variables, frame.export_id
        )
        promised = _register(connection, frame, versions, part, now) if frame.is_of_reports else []
        stem = "_".join([form_id, *notes.names(part), f"{now:%Y-%m-%d}"])
        beside = [*_hands(hands), *promised]
        files = Files(target, stem)
        for sheet in (*(one.name for one in repeats), *(table.sheet for table in beside)):
            files = files.beside(sheet)
        try:
            written = yield from write(
                files, frame, rows, total, versions, now, beside, part, repeats
            )
        except BaseException:
            files.abandon()
            raise
    yield {"files": files.finish(), "rows": written}


@dataclass(frozen=True, slots=True)
class Beside:
    """A sheet and a CSV beside the responses, whole: its name, its columns, its rows; in a word
    what a reader of the export must know.
    """

    sheet: str
    header: Sequence[str]
    rows: Sequence[Row]
    told: str = ""


def _hands(hands: Sequence[Row]) -> list[Beside]:
    """Return the counts of hands, where there are any: apart from people's answers."""
    return [Beside(groups.SHEET, groups.HEADER, hands)] if hands else []


def _register(
    connection: Any, frame: Frame, versions: Sequence[Form], part: Part, now: dt.datetime
) -> list[Beside]:
    """Return the register of commitments."""
    known = responses.register(connection, part)
    asked = next((v for v in variables(versions) if v.name == "office"), None)
    offices = {
        option.value: (option.labels[EN], option.labels[KM])
        for option in (asked.options if asked else ())
    }
    rows = register.rows(known, offices, frame.export_id, frame.redactions, now.date())
    return [Beside(register.SHEET, register.HEADER, rows, register.told(known, now.date()))]


def write(
    files: Files,
    frame: Frame,
    rows: Iterator[responses.Response],
    total: int,
    versions: list[Form],
    now: dt.datetime,
    beside: Sequence[Beside] = (),
    part: Part = EVERYTHING,
    repeats: Sequence[Instances] = (),
) -> Generator[dict[str, Any], None, int]:
    """Write all sheets; yields the progress and returns the number of rows."""
    workbook_path, csv_path, *_ = files.parts
    summary, at = Summary(frame.variables, frame.header()), 0
    with (
        closing(WorkbookWriter(workbook_path)) as book,
        closing(CsvWriter(csv_path, frame.header())) as plain,
        ExitStack() as stack,
    ):
        begin(book, frame)
        inside = [(one, stack.enter_context(_repeat(book, files, one))) for one in repeats]
        for at, response in enumerate(rows, 1):
            row = frame.codes(response)
            add(row, book, plain, frame)
            for one, lines in inside:
                for instance in one.rows(response):
                    lines.add(instance)
                    book.add(one.name, instance)
            if response.complete:
                summary.add(row)
            if at % max(1, total // 100) == 0:
                yield {"percent": min(99, 100 * at // total)}
        everything = [v for one in (frame, *(one.frame for one in repeats)) for v in one.variables]
        describe(book, everything, summary)
        for table in beside:
            add_beside(book, files.part(table.sheet), table)
        redacted = frame.redactions.count
        counts = notes.Counts(at, summary.complete, redacted, book.cut, book.continued)
        for line in notes.readme(versions, counts, now, part):
            book.add("README", line)
        for table in beside:
            if table.told:
                book.add("README", (table.sheet, table.told))
    yield {"percent": 100}
    return at


def begin(book: WorkbookWriter, frame: Frame) -> None:
    """Begin the sheets of rows, behind the one that explains them."""
    book.sheet("README", ("Samleng · សំឡេង", ""), (WIDTH * 2, WIDE * 2))
    book.sheet("data", frame.header())
    for language, name in LABELS.items():
        book.sheet(name, frame.labels_header(language))


def add(row: list[Any], book: WorkbookWriter, plain: CsvWriter, frame: Frame) -> None:
    """Add a response to every sheet of rows."""
    plain.add(row)
    book.add("data", row)
    for language, name in LABELS.items():
        book.add(name, frame.labels(row, language))


def _repeat(book: WorkbookWriter, files: Files, one: Instances) -> "closing[CsvWriter]":
    """Begin the sheet of a repeat; return its CSV."""
    book.sheet(one.name, one.header())
    return closing(CsvWriter(files.part(one.name), one.header()))


def add_beside(book: WorkbookWriter, path: Path, table: Beside) -> None:
    """Write a sheet and a CSV of their own."""
    book.sheet(table.sheet, table.header)
    with closing(CsvWriter(path, table.header)) as plain:
        for row in table.rows:
            book.add(table.sheet, row)
            plain.add(row)


def describe(book: WorkbookWriter, known: Sequence[Variable], summary: Summary) -> None:
    """Write the sheets that explain the rows."""
    book.sheet("codebook", CODEBOOK, (WIDTH, WIDTH, WIDE, WIDE, WIDTH, WIDTH))
    book.sheet("choices", CHOICES, (WIDTH, WIDTH, WIDE, WIDE))
    book.sheet("summary", HEADER, (WIDTH, WIDTH, WIDE // 2, WIDE // 2))
    for v in known:
        labels = (v.label(EN), v.label(KM))
        book.add("codebook", (v.name, v.kind, *labels, v.asked_if, ", ".join(v.versions)))
        for option in v.options:
            book.add("choices", (v.name, option.value, v.show(option.value, EN),
                                 v.show(option.value, KM)))  # fmt: skip
    for row in summary.rows():
        book.add("summary", row)
