"""`samleng reminder`: how many are due, sent and withheld; pausing them all."""

from typing import Annotated

import typer

from bot.console import errors, one_sentence, perform, show

app = typer.Typer(no_args_is_help=True, help="Reminders to those who left a survey.")


@app.command("list")
def list_(
    json_: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """Count the reminders by what became of them; of those withheld, by reason."""
    with one_sentence():
        found = perform("reminder_list")
    if found["paused"]:
        errors.print("Reminders are paused. `samleng reminder resume` lets them go on.")
    if found["reminders"] or json_:
        show(found["reminders"], json_)
    else:
        errors.print("None was due yet.")


@app.command()
def pause() -> None:
    """Send no reminders until they are resumed; what waits is taken back."""
    with one_sentence():
        perform("reminder_pause")


@app.command()
def resume() -> None:
    """Go on with reminders."""
    with one_sentence():
        perform("reminder_resume")
