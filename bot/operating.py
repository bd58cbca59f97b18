"""Commands for whoever looks after a bot: what came in, what goes out. Never what it says."""

from typing import Annotated

import typer

from bot.console import errors, one_sentence, perform, refuse, show

inbox_app = typer.Typer(no_args_is_help=True, help="Updates that couldn't be handled.")
Number = Annotated[int, typer.Argument(help="The update's number.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]


@inbox_app.command("list")
def inbox_list(json_: AsJson = False) -> None:
    """List the updates that wait for another try or were given up; never what they say."""
    with one_sentence():
        updates = perform("unhandled")["updates"]
    if not updates and not json_:
        errors.print("Every update was handled.")
    else:
        show(updates, json_)


@inbox_app.command("show")
def inbox_show(update_id: Number) -> None:
    """Show what is known of an update: times, tries, the error's name; never what it says."""
    with one_sentence():
        update = perform("received", update_id=update_id)["update"]
    if update is None:
        refuse(f"nothing of update {update_id} is kept.")
    for name, value in update.items():
        print(f"{name}: {value}")


@inbox_app.command("retry")
def inbox_retry(update_id: Number) -> None:
    """Have an update tried again at once."""
    _settle("try_again", update_id)


@inbox_app.command("drop")
def inbox_drop(update_id: Number) -> None:
    """Erase an update that can't be handled."""
    _settle("give_up", update_id)


def _settle(command: str, update_id: int) -> None:
    with one_sentence():
        found = perform(command, update_id=update_id)["found"]
    if not found:
        refuse(f"nothing of update {update_id} is kept.")


def outbox(json_: AsJson = False) -> None:
    """Count the messages to people: replies, reminders and broadcasts, by what became of them."""
    with one_sentence():
        show(perform("outbox")["lanes"], json_)
