"""One export as files. The only module of this folder that reads the storage and writes files."""

import datetime as dt
import functools
import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from export import groups, notes
from export.codebook import Variable, variables
from export.frames import PHNOM_PENH, Frame, Redactions, Row
from export.summary import HEADER, Summary
from export.writers import WIDE, WIDTH, CsvWriter, WorkbookWriter
from storage import keys, responses
from storage.database import reading
from storage.responses import EVERYTHING, Part
from surveys.form import Form
from surveys.instruments import PROFILE
from surveys.language import EN, KM

LABELS = {EN: "labels_en", KM: "labels_km"}
CODEBOOK = ("variable", "type", "label_en", "label_km", "asked_if", "form_versions")
ROWS = (".xlsx", ".csv")
# Beside them, where hands were counted.
GROUPS = (*ROWS, f"_{groups.SHEET}.csv")
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
        )
        rows = chain(
            responses.stream(connection, form_id, part),
            responses.ballots(connection, form_id, part),
        )
        total = responses.count(connection, form_id, part)
        now = dt.datetime.now(PHNOM_PENH)
        hands = groups.rows(
            responses.counted(connection, form_id, part), frame.variables, frame.export_id
        )
        stem = "_".join([form_id, *notes.names(part), f"{now:%Y-%m-%d}"])
        files = Files(target, stem, GROUPS if hands else ROWS)
        try:
            written = yield from write(files, frame, rows, total, versions, now, hands, part)
        except BaseException:
            files.abandon()
            raise
    yield {"files": files.finish(), "rows": written}


def write(
    files: Files,
    frame: Frame,
    rows: Iterator[responses.Response],
    total: int,
    versions: list[Form],
    now: dt.datetime,
    hands: Sequence[Row] = (),
    part: Part = EVERYTHING,
) -> Generator[dict[str, Any], None, int]:
    """Write all sheets; yields the progress and returns the number of rows."""
    workbook_path, csv_path, *hands_path = files.parts
    summary, at = Summary(frame.variables, frame.header()), 0
    with (
        closing(WorkbookWriter(workbook_path)) as book,
        closing(CsvWriter(csv_path, frame.header())) as plain,
    ):
        begin(book, frame)
        for at, response in enumerate(rows, 1):
            row = frame.codes(response)
            add(row, book, plain, frame)
            if response.complete:
                summary.add(row)
            if at % max(1, total // 100) == 0:
                yield {"percent": min(99, 100 * at // total)}
        describe(book, frame.variables, summary)
        for path in hands_path:
            add_groups(book, path, hands)
        redacted = frame.redactions.count
        counts = notes.Counts(at, summary.complete, redacted, book.cut, book.continued)
        for line in notes.readme(versions, counts, now, part):
            book.add("README", line)
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


def add_groups(book: WorkbookWriter, path: Path, hands: Sequence[Row]) -> None:
    """Write the counts of hands: a sheet and a CSV of their own, apart from people's answers."""
    book.sheet(groups.SHEET, groups.HEADER)
    with closing(CsvWriter(path, groups.HEADER)) as plain:
        for row in hands:
            book.add(groups.SHEET, row)
            plain.add(row)


def describe(book: WorkbookWriter, known: tuple[Variable, ...], summary: Summary) -> None:
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
