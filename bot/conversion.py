"""XLSForms are converted in a subprocess with limits: pyxform never runs inside the bot.

What staff upload is compiled there too, and the bot compiles only what passed.
"""

import asyncio
import json
import os
import resource
import struct
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from surveys.attachments import LARGEST, MOST, SHOWN, ending, names_in, stand_in
from surveys.errors import FormError, FormRefused
from surveys.messages import form_error
from surveys.spoken import FOLDER, PACKS

SECONDS = 20
# Somebody waits for what they uploaded, and others for the processor.
UPLOAD_SECONDS = 10
PATIENCE = 15
NICE, NICEST = 5, 19
MEMORY = 1024 * 1024 * 1024
UPLOAD, LATER = "--upload", "--later"
WORKBOOK, XFORM = ".xlsx", ".xml"
LARGEST_FILE = LARGEST
LARGEST_UNPACKED = 64 * 1024 * 1024
HIGHEST_RATIO = 100
LONGEST_NAME = 200
MOST_FILES = MOST
# What zipfile raises where an archive is broken; RuntimeError for a version it doesn't know.
UNREADABLE = (zipfile.BadZipFile, ValueError, OSError, RuntimeError, EOFError, struct.error)


def convert_all(paths: list[Path]) -> dict[Path, dict[str, Any] | FormRefused]:
    """Convert files in one subprocess; each gives `xlsform.convert`'s answer, or its refusal."""
    refused: dict[Path, dict[str, Any] | FormRefused] = {p: r for p in paths if (r := _unfit(p))}
    fit = [path for path in paths if path not in refused]
    answers = _run(fit) if fit else []
    return refused | dict(zip(fit, map(_outcome, fit, answers), strict=True))


async def convert_later(paths: list[Path]) -> dict[Path, dict[str, Any] | FormRefused]:
    """Convert files of ours in one subprocess that leaves the processor to everybody else."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.conversion", LATER, *map(str, paths),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        told, _ = await process.communicate()
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    answers = [json.loads(line) for line in told.splitlines()]
    return dict(zip(paths, map(_outcome, paths, answers), strict=True))


def _unfit(path: Path) -> FormRefused | None:
    """Refuse a file before anything reads it."""
    if not path.is_file():
        return FormRefused((form_error("missing", name=path.name),))
    if path.stat().st_size > LARGEST_FILE:
        return FormRefused((form_error("too_large:file"),))
    if zipfile.is_zipfile(path):
        return _unfit_archive(path)
    is_named_so = path.suffix == WORKBOOK
    return FormRefused((form_error("unreadable:workbook"),)) if is_named_so else None


def _unfit_archive(path: Path) -> FormRefused | None:
    if _is_bomb(path):
        return FormRefused((form_error("too_large:unpacked"),))
    with zipfile.ZipFile(path) as archive:
        names = {name.lower() for name in archive.namelist()}
    if "xl/workbook.xml" not in names:
        return FormRefused((form_error("unreadable:workbook"),))
    if any(name.endswith("vbaproject.bin") for name in names):
        return FormRefused((form_error("macros"),))
    return None


def _is_bomb(path: Path) -> bool:
    """Tell whether a workbook is larger inside than any form, or can't be looked into."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except UNREADABLE:
        return True
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    return unpacked > LARGEST_UNPACKED or unpacked > HIGHEST_RATIO * max(packed, 1)


def _run(paths: list[Path]) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "bot.conversion", *map(str, paths)]
    failed = {"errors": [form_error("conversion").as_dict()]}
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            check=True,
            timeout=SECONDS + 5,
        )
        return [json.loads(line) for line in done.stdout.splitlines()]
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError, ValueError):
        # One file may have ended the process; each of several gets one of its own.
        return [failed] if len(paths) == 1 else [_run([path])[0] for path in paths]


def limit(seconds: int) -> None:
    """Limit this process, before it reads anything."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _outcome(path: Path, answer: dict[str, Any]) -> dict[str, Any] | FormRefused:
    if "errors" in answer:
        return FormRefused(tuple(FormError(**error) for error in answer["errors"]))
    return {**answer, "attachments": beside(path, answer["xform"])}


def media_folder(path: Path) -> Path:
    """Return the folder of a form's files, as ODK names it: FORM-media for FORM.md."""
    return path.with_name(f"{path.stem}-media")


def beside(path: Path, xform: str) -> dict[str, bytes]:
    """Return the files that a form names, by name: from its folder or beside it, nowhere else.

    Those over the limits are left out, and so are missing to whoever checks the form.
    """
    flat = [name for name in names_in(xform) if Path(name).name == name]
    found: dict[str, bytes] = {}
    for name in [*flat, *_spoken(path)]:
        file = _file(path, name)
        if file and file.stat().st_size <= min(LARGEST_FILE, MOST_FILES - _size(found)):
            found[name] = file.read_bytes()
    return found


def _spoken(path: Path) -> list[str]:
    """Return the names of the sounds in spoken languages, which no form names."""
    folder = media_folder(path)
    return sorted(
        str(file.relative_to(folder))
        for language in PACKS
        for file in (folder / FOLDER / language).glob("*.*")
        if ending(file.name) in SHOWN["audio"] and len(file.name) <= LONGEST_NAME
    )


def _file(path: Path, name: str) -> Path | None:
    places = (media_folder(path) / name, path.parent / name)
    return next((place for place in places if place.is_file()), None)


def _size(files: dict[str, bytes]) -> int:
    return sum(map(len, files.values()))


def examine(path: Path) -> dict[str, Any]:
    """Convert and compile an upload: an XLSForm, or an XForm of ours whose files have changed.

    Returns {"xform", "rows", "form_id", "version", "missing": names of files that aren't there}.
    Raises FormRefused with everything that is wrong with it, but for missing files.
    """
    from surveys.check import check, is_warning, unnamed
    from surveys.xlsform import convert

    if refusal := _unfit(path):
        raise refusal
    answer = _as_it_is(path) if path.suffix == XFORM else convert(path)
    if len(answer["xform"]) > LARGEST_FILE:
        raise FormRefused((form_error("too_large:unpacked"),))
    files = beside(path, answer["xform"])
    missing = [name for name in names_in(answer["xform"]) if name not in files]
    there = files | {name: stand_in(name) for name in missing}
    form, problems = check({**answer, "attachments": there})
    wrong = [problem for problem in problems if not is_warning(problem)]
    wrong += unnamed(form) if form else []
    if form is None or wrong:
        raise FormRefused(tuple(wrong))
    named = {"form_id": form.form_id, "version": form.version}
    return {"xform": answer["xform"], "rows": answer["rows"], "missing": missing, **named}


def _as_it_is(path: Path) -> dict[str, Any]:
    return {"xform": path.read_text("utf-8"), "rows": {}, "warnings": []}


def main(arguments: list[str]) -> None:
    """Convert the files of the command line, or examine them; one line of JSON each."""
    from surveys.xlsform import convert

    is_upload, can_wait = arguments[:1] == [UPLOAD], arguments[:1] in ([UPLOAD], [LATER])
    limit(UPLOAD_SECONDS if is_upload else SECONDS)
    if can_wait:
        os.nice(NICE if is_upload else NICEST)
    for name in arguments[can_wait:]:
        try:
            answer = examine(Path(name)) if is_upload else convert(Path(name))
        except FormRefused as refusal:
            answer = {"errors": [error.as_dict() for error in refusal.errors]}
        sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
