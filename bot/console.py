"""What `samleng` commands share: one sentence for what can't be done, and a way into the bot."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from bot.settings import SettingsError
from storage.errors import StorageError

errors = Console(stderr=True)
CANNOT = 2


@contextmanager
def one_sentence() -> Iterator[None]:
    """End with one sentence and exit code 2 where a setting or the folder can't be used."""
    try:
        yield
    except (SettingsError, StorageError) as error:
        refuse(str(error))


def refuse(sentence: str) -> NoReturn:
    """End with one sentence and exit code 2."""
    errors.print(f"samleng: {sentence}", markup=False, soft_wrap=True)
    raise typer.Exit(CANNOT) from None


def perform(command: str, **arguments: Any) -> dict[str, Any]:
    """Have the running bot do something, or do it here where none runs."""
    from bot import settings
    from bot.acts import perform

    request = {"command": command, **arguments}
    return perform(settings.data_dir(), settings.key_file(), settings.database_url(), request)


def show(rows: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    """Print rows as a table, or one JSON object each."""
    if as_json:
        print("".join(json.dumps(row) + "\n" for row in rows), end="")
        return
    table = Table(*rows[0])
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console(soft_wrap=True).print(table)
