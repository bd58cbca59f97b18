"""Posters: drawn in a process of their own; `samleng poster` writes one into a folder."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Annotated

import typer

from bot.console import errors, one_sentence, perform, refuse
from handlers import links
from surveys.language import LANGUAGES

SECONDS = 60


async def draw(link: str, words: dict[str, str], target: Path) -> list[str]:
    """Return the files of a poster; none where it couldn't be drawn."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.poster", stdin=PIPE, stdout=PIPE
    )
    asked = json.dumps({"link": link, "words": words, "target": str(target)})
    try:
        async with asyncio.timeout(SECONDS):
            told, _ = await process.communicate(asked.encode())
    except TimeoutError:
        return []
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return list(json.loads(told)["files"]) if process.returncode == 0 else []


def poster(
    form: Annotated[str, typer.Argument(help="The id of a form that is offered.")],
    province: Annotated[str, typer.Option(help="Where it hangs.")] = "",
    lang: Annotated[str, typer.Option(help="In which language it begins: km or en.")] = "",
    event: Annotated[str, typer.Option(help="A meeting, in up to 16 letters and digits.")] = "",
    to: Annotated[Path, typer.Option(help="The folder it is written to.")] = Path(),
) -> None:
    """Draw a poster with the QR picture of an open link, as PDF and PNG; print the files."""
    if province and province not in links.PROVINCES.values():
        refuse(f"a province is one of {', '.join(links.PROVINCES.values())}.")
    if lang and lang not in LANGUAGES:
        refuse("a language is km or en.")
    with one_sentence():
        payload = links.open_payload(province or None, form, lang or None, event or None)
        if len(payload) > links.LONGEST or links.parse(payload).form_id != form:
            refuse("the link would be longer than 64 characters, or hold others than a-z, 0-9, _.")
        asked = perform("poster", payload=payload)
        if not asked["offered"]:
            refuse(f"no form {form} is offered.")
        files = asyncio.run(draw(asked["link"], asked["words"], to))
    if not files:
        refuse("the poster couldn't be drawn.")
    errors.print(asked["link"], soft_wrap=True)
    for file in files:
        print(file)
