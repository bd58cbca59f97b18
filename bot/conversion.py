"""XLSForms are converted in a subprocess with limits: pyxform never runs inside the bot."""

import html
import json
import re
import resource
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from surveys.attachments import SHOWN, ending
from surveys.errors import FormError, FormRefused
from surveys.messages import form_error
from surveys.spoken import FOLDER, PACKS

SECONDS = 20
MEMORY = 1024 * 1024 * 1024
LARGEST_FILE = 5 * 1024 * 1024
LARGEST_UNPACKED = 64 * 1024 * 1024
HIGHEST_RATIO = 100
LONGEST_NAME = 200
# All files of a form together.
MOST_FILES = 50 * 1024 * 1024
# https://getodk.github.io/xforms-spec/#secondary-instances---external and #media
NAMED = re.compile(r"jr://(?:file|file-csv|images|audio)/([^\"<>]+)")
# What zipfile raises where an archive is broken; RuntimeError for a version it doesn't know.
UNREADABLE = (zipfile.BadZipFile, ValueError, OSError, RuntimeError, EOFError, struct.error)


def convert_all(paths: list[Path]) -> dict[Path, dict[str, Any] | FormRefused]:
    """Convert files in one subprocess; each gives `xlsform.convert`'s answer, or its refusal."""
    refused: dict[Path, dict[str, Any] | FormRefused] = {p: r for p in paths if (r := _unfit(p))}
    fit = [path for path in paths if path not in refused]
    answers = _run(fit) if fit else []
    return refused | dict(zip(fit, map(_outcome, fit, answers), strict=True))


def _unfit(path: Path) -> FormRefused | None:
    """Refuse a file before anything reads it."""
    if not path.is_file():
        return FormRefused((form_error("missing", name=path.name),))
    if path.stat().st_size > LARGEST_FILE:
        return FormRefused((form_error("too_large:file"),))
    if zipfile.is_zipfile(path) and _is_bomb(path):
        return FormRefused((form_error("too_large:unpacked"),))
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
            preexec_fn=_limit,
        )
        return [json.loads(line) for line in done.stdout.splitlines()]
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError, ValueError):
        # One file may have ended the process; each of several gets one of its own.
        return [failed] if len(paths) == 1 else [_run([path])[0] for path in paths]


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


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
    names = {html.unescape(name).strip() for name in NAMED.findall(xform)}
    flat = sorted(name for name in names if Path(name).name == name)
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


def main(arguments: list[str]) -> None:
    """Convert the files of the command line; one line of JSON each."""
    from surveys.xlsform import convert

    for name in arguments:
        try:
            answer: dict[str, Any] = convert(Path(name))
        except FormRefused as refusal:
            answer = {"errors": [error.as_dict() for error in refusal.errors]}
        sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
