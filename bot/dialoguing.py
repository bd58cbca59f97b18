"""`samleng dialogue`: dialogues of government and civil society; `samleng commitment`: what was
promised there, and what became of it.
"""

import datetime as dt
from typing import Annotated, Any

import typer

from bot.console import errors, one_sentence, perform, refuse, show

dialogue_app = typer.Typer(no_args_is_help=True, help="Dialogues of government and civil society.")
commitment_app = typer.Typer(no_args_is_help=True, help="Commitments, and what became of them.")
Number = Annotated[int, typer.Argument(help="The number in the list.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
DAY = "%Y-%m-%d"
Province = Annotated[
    str | None, typer.Option(help="siem_reap, ratanakiri, kampot or kampong_cham.")
]

Place = Annotated[str, typer.Option(help="The hall or commune.")]
Organisations = Annotated[str, typer.Option(help="Who takes part, with commas.")]
Line = Annotated[str, typer.Option(help="The line of the work plan.")]


@dialogue_app.command()
def add(
    level: Annotated[str, typer.Argument(help="national or provincial.")],
    day: Annotated[dt.datetime, typer.Argument(formats=[DAY], help="The planned day.")],
    province: Province = None,
    place: Place = "",
    organisations: Organisations = "",
    line: Line = "",
) -> None:
    """Plan a dialogue; prints its number."""
    made = _perform(
        "dialogue_add",
        level=level,
        province=province,
        day=day.date().isoformat(),
        place=place,
        organisations=organisations,
        work_plan=line,
    )
    print(made["id"])


@dialogue_app.command("list")
def list_(json_: AsJson = False) -> None:
    """List the dialogues with how many reports each side sent, the latest day first."""
    _table(_perform("dialogue_list")["dialogues"], json_)


@dialogue_app.command("show")
def show_(number: Number, json_: AsJson = False) -> None:
    """Show a dialogue with its reports and commitments, counted."""
    found = _perform("dialogue_show", id=number)["dialogue"]
    if json_:
        show([found], as_json=True)
        return
    for name, value in found.items():
        print(f"{name}: {value}")


@dialogue_app.command()
def held(
    number: Number,
    on: Annotated[
        dt.datetime | None, typer.Option(formats=[DAY], help="The day; else the planned one.")
    ] = None,
) -> None:
    """Note that a dialogue was held."""
    _perform("dialogue_held", id=number, value=on.date().isoformat() if on else "")


@dialogue_app.command()
def cancel(number: Number) -> None:
    """Note that a dialogue won't be held."""
    _perform("dialogue_cancel", id=number)


@dialogue_app.command()
def restore(number: Number) -> None:
    """Plan a cancelled dialogue again."""
    _perform("dialogue_restore", id=number)


@dialogue_app.command()
def change(
    number: Number,
    day: Annotated[dt.datetime | None, typer.Option(formats=[DAY], help="Another day.")] = None,
    place: Place = "",
    organisations: Organisations = "",
    line: Line = "",
) -> None:
    """Correct the day, the place, the organisations or the line of the work plan."""
    _perform(
        "dialogue_change",
        id=number,
        day=day.date().isoformat() if day else "",
        place=place,
        organisations=organisations,
        line=line,
    )


@commitment_app.command("list")
def commitment_list(
    state: Annotated[
        str | None, typer.Option(help="Only open, in_progress, kept or blocked.")
    ] = None,
    province: Province = None,
    json_: AsJson = False,
) -> None:
    """List the commitments, and say how many were kept by their due day of how many."""
    _check("--state", state, "STATES")
    found = _perform("commitment_list", state=state, province=province)
    _table(found["commitments"], json_)
    errors.print(f"Kept by their due day: {found['kept']} of {found['due']} whose day has passed.")


@commitment_app.command()
def update(
    number: Number,
    side: Annotated[str, typer.Option(help="Which side says so: cso or gov.")],
    state: Annotated[str, typer.Option(help="open, in_progress, kept or blocked.")],
    reason: Annotated[
        str | None,
        typer.Option(help="Of a blocked one: budget, approval, staff, information, …"),
    ] = None,
) -> None:
    """Note what a side says of a commitment."""
    from surveys.dialogue import SIDES

    if side not in SIDES:
        refuse(f"--side is one of {', '.join(SIDES)}.")
    _check("--state", state, "STATES")
    _check("--reason", reason, "REASONS")
    _perform("commitment_update", id=number, side=side, state=state, reason=reason)


def _check(name: str, value: str | None, words: str) -> None:
    """Refuse a word that isn't one of those that there are."""
    from surveys import commitment

    known: tuple[str, ...] = getattr(commitment, words)
    if value is not None and value not in known:
        refuse(f"{name} is one of {', '.join(known)}.")


def _table(rows: list[dict[str, Any]], as_json: bool) -> None:
    if rows or as_json:
        show(rows, as_json)
    else:
        errors.print("There is none yet.")


def _perform(command: str, **request: Any) -> dict[str, Any]:
    """Have the database do it; end with a sentence where it can't."""
    from bot.dialogue_acts import WHY

    with one_sentence():
        answer = perform(command, **request)
    if why := answer.get("why"):
        refuse(WHY[why])
    return answer
