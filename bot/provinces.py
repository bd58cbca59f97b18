"""`samleng province`: nobody of a paused province is written to unasked."""

from typing import Annotated

import typer

from bot.console import errors, one_sentence, perform, refuse, show

app = typer.Typer(no_args_is_help=True, help="Provinces: pause all that is sent there unasked.")
Province = Annotated[str, typer.Argument(help="Such as siem_reap.")]


@app.command("list")
def list_() -> None:
    """List the provinces that are paused."""
    with one_sentence():
        found = perform("province_list")["paused"]
    if found:
        show([{"province": name} for name in found], as_json=False)
    else:
        errors.print("No province is paused.")


@app.command()
def pause(province: Province) -> None:
    """Send no invitations, reminders or broadcasts there until it is resumed."""
    _change("pause", province)


@app.command()
def resume(province: Province) -> None:
    """Send them again; who was left out meanwhile is looked at once more."""
    _change("resume", province)


def _change(act: str, province: str) -> None:
    from handlers.links import PROVINCES

    known = (*PROVINCES.values(), "other")
    if province not in known:
        refuse(f"the provinces are {', '.join(known)}.")
    with one_sentence():
        done = perform("province_change", act=act, province=province)["done"]
    if not done:
        refuse(f"{province} is paused already." if act == "pause" else f"{province} isn't paused.")
