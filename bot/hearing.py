"""`samleng review`: staff without the chat hear voice notes and write down what is said."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.console import errors, one_sentence, perform, refuse

app = typer.Typer(no_args_is_help=True, help="Voice messages that wait to be written down.")
Number = Annotated[str, typer.Argument(help="The number that `next` said.")]
Text = Annotated[int, typer.Argument(help="The number that `text` said.")]
SHOWN = 8


@app.command("list")
def list_() -> None:
    """Count the voice messages that wait, come later, are in hand, that nobody understood."""
    with one_sentence():
        counts = perform("review_counts")
    for name, count in counts.items():
        print(f"{name}: {count}")


@app.command("next")
def next_(
    to: Annotated[Path, typer.Option(help="The file for the sound, such as voice.ogg.")],
    lang: Annotated[str, typer.Option(help="The question's language: km or en.")] = "en",
) -> None:
    """Take the oldest that waits: its sound goes into a file, its number and question are said.

    Until it is saved, skipped or unclear, the same one comes again. Please delete the file then.
    """
    with one_sentence():
        found = perform("review_next", lang=lang)
        if found["id"] is None:
            errors.print("No voice message waits.")
            return
        _write(to, _sound(found["id"]))
    print(f"{found['id'][:SHOWN]}: {found['question']}")


def _sound(media_id: str) -> bytes:
    """Return the sound of a voice note, from its encrypted file."""
    from bot import settings
    from storage import keys
    from storage.database import KEY, MEDIA

    folder = settings.data_dir()
    try:
        sealed = (folder / MEDIA / media_id).read_bytes()
    except FileNotFoundError:
        refuse(f"the sound isn't in {folder / MEDIA}.")
    return keys.load(settings.key_file() or folder / KEY).unseal_media(sealed, media_id)


def _write(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError as error:
        refuse(f"{path} can't be written: {error.strerror}.")


@app.command()
def save(number: Number) -> None:
    """Save what is said, read from standard input, as the answer; the sound is deleted."""
    words = sys.stdin.buffer.read().decode("utf-8", "replace")
    if not words.strip():
        refuse("there are no words on standard input.")
    answer = _settle("review_save", number, words=words)
    if not answer["saved"]:
        errors.print("The person changed this answer meanwhile: nothing was saved.")


@app.command()
def unclear(number: Number) -> None:
    """Note that it can't be understood; the sound is kept, and nobody gets it again."""
    _settle("review_unclear", number)


@app.command()
def skip(number: Number) -> None:
    """Leave it to somebody else, or to later."""
    _settle("review_skip", number)


@app.command()
def again() -> None:
    """Let those wait again that nobody understood."""
    with one_sentence():
        print(f"waiting again: {perform('review_again')['number']}")


@app.command()
def text() -> None:
    """Show the oldest free text that nobody has read, with its number."""
    with one_sentence():
        found = perform("text_next")
    if found:
        print(f"{found['id']}: {found['text']}")
    else:
        errors.print("All texts are read.")


@app.command()
def fine(number: Text) -> None:
    """Note that a free text names nobody."""
    _mark(number, hidden=False)


@app.command()
def hide(number: Text) -> None:
    """Note that a free text names somebody: exports show […] in its place."""
    _mark(number, hidden=True)


def _mark(number: int, *, hidden: bool) -> None:
    with one_sentence():
        found = perform("text_mark", number=number, hidden=hidden)["found"]
    if not found:
        refuse(f"there is no text {number} any more.")


def _settle(command: str, number: str, **more: str) -> dict[str, object]:
    """Settle the one in hand; refuse a number that isn't its."""
    if len(number) < SHOWN:
        refuse("the number has eight signs; `samleng review next` says it.")
    with one_sentence():
        answer = perform(command, number=number, **more)
    if answer["id"] is None:
        refuse(f"{number} isn't in hand any more. `samleng review next` takes the oldest.")
    return answer
