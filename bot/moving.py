"""`samleng db`: which database is used, and the move from the file to a server."""

import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress

from bot.console import errors, one_sentence, refuse, show

if TYPE_CHECKING:
    from storage.moving import Moved, Step

app = typer.Typer()
NEXT = """Every row is the same on both sides. What to do next:
1. Set SAMLENG_DATABASE_URL to that address; keep SAMLENG_DATA_DIR and the key as they are.
2. Start the bot. Voice notes stay in {media}.
3. Never run a bot on {file} again. Keep it until all is well, then delete it:
   who asks to be forgotten from now on isn't forgotten there."""


@app.callback(invoke_without_command=True)
def db(context: typer.Context) -> None:
    """Say which database is used; move it to a server."""
    from bot import settings
    from storage.database import place

    if context.invoked_subcommand is None:
        with one_sentence():
            print(place(settings.data_dir(), settings.database_url()))


@app.command()
def move(
    to: Annotated[
        str,
        typer.Option(
            help="postgresql://… of an empty database; - reads it from the standard input, where"
            " no list of processes shows its password.",
            metavar="URL",
        ),
    ],
) -> None:
    """Copy a project's file to PostgreSQL and compare every row; broken off, it can be resumed."""
    from bot import settings
    from storage.database import DATABASE, MEDIA
    from storage.moving import move as moving

    url = sys.stdin.readline().strip() if to == "-" else to
    if not settings.is_postgresql(url):
        refuse("--to takes the address of a PostgreSQL database, postgresql://…, or -")
    with one_sentence():
        folder = settings.data_dir()
        moved = _watched(moving(folder, url, settings.key_file()))
    show([asdict(table) for table in moved], as_json=False)
    print(NEXT.format(media=folder / MEDIA, file=folder / DATABASE))


def _watched(steps: "Iterable[Step | Moved]") -> "list[Moved]":
    """Show how far it is; return the tables that were moved."""
    from storage.moving import Step

    moved = []
    with Progress(console=errors, transient=True) as progress:
        task = progress.add_task("", total=None)
        for step in steps:
            if isinstance(step, Step):
                progress.update(task, description=step.table, completed=step.done, total=step.of)
            else:
                moved.append(step)
    return moved
