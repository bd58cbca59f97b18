"""`samleng broadcast`: one text to many people, after saying to how many and until when."""

from typing import Annotated, Any

import typer

from bot.console import errors, one_sentence, perform, refuse, show

app = typer.Typer(no_args_is_help=True, help="Messages to many people at once.")
Number = Annotated[int, typer.Argument(help="The broadcast's number.")]


@app.command()
def send(
    km: Annotated[str, typer.Option(help="The text for those who chose Khmer.")],
    en: Annotated[str, typer.Option(help="The text for those who chose English.")],
    province: Annotated[str | None, typer.Option(help="Only there, such as siem_reap.")] = None,
    sector: Annotated[str | None, typer.Option(help="citizen, cso, gov or private.")] = None,
    role: Annotated[str | None, typer.Option(help="respondent or reporter.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say to how many.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Write to everybody who consented, hasn't said stop and can be reached: by day, once each."""
    audience = _audience(role, sector, province)
    _check_texts({"--km": km, "--en": en})
    with one_sentence():
        people = _say_plan(audience)
        if dry_run:
            return
        if not people:
            refuse("there is nobody to write to.")
        if not yes:
            typer.confirm("Send it?", abort=True)
        begun = perform("broadcast_begin", audience=audience, km=km, en=en)
    print(f"Broadcast {begun['id']} has begun. `samleng broadcast list` shows how far it is.")


def _audience(role: str | None, sector: str | None, province: str | None) -> dict[str, Any]:
    """Return whom it is for; refuse words that nobody has."""
    from handlers.links import PROVINCES
    from surveys.respondent import SECTORS

    known = {
        "role": (role, ("respondent", "reporter")),
        "sector": (sector, SECTORS),
        "province": (province, (*PROVINCES.values(), "other")),
    }
    for name, (value, values) in known.items():
        if value is not None and value not in values:
            refuse(f"--{name} is one of {', '.join(values)}.")
    return {name: value for name, (value, _) in known.items()}


def _check_texts(given: dict[str, str]) -> None:
    """Refuse a text that is blank, or begins with a survey's title; say where one is cut."""
    from handlers.broadcast import fit, title_in

    for option, text in given.items():
        if not text.strip():
            refuse(f"{option} is blank.")
        if title := title_in(text):
            refuse(
                f"{option} names the survey “{title}” where a notification shows it to whoever"
                " looks at the phone. Please begin with something neutral."
            )
        if fit(text) != text:
            errors.print(f"{option} is too long for one message and will be cut.")


def _say_plan(audience: dict[str, Any]) -> int:
    """Say how many people it is for, how long it takes and when it ends."""
    from bot import settings

    rate = settings.rate()
    plan = perform("broadcast_plan", audience=audience, rate=rate)
    people = int(plan["people"])
    errors.print(
        f"{people:,} people; {_duration(people / rate)} at {rate:g} a second;"
        f" the last would have it on {plan['last_at']} in Phnom Penh, if nothing else waits.",
        highlight=False,
        soft_wrap=True,
    )
    return people


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


@app.command("list")
def list_(
    json_: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """List the broadcasts: promised to how many, and what became of the messages."""
    with one_sentence():
        found = perform("broadcast_list")["broadcasts"]
    if not found and not json_:
        errors.print("There was no broadcast.")
    else:
        show(found, json_)


@app.command()
def pause(number: Number) -> None:
    """Stop a broadcast; what waits is taken back, what is on its way arrives."""
    _change("broadcast_pause", number, "runs")


@app.command()
def resume(number: Number) -> None:
    """Go on with a broadcast that is paused."""
    _change("broadcast_resume", number, "is paused")


def _change(command: str, number: int, state: str) -> None:
    with one_sentence():
        found = perform(command, id=number)["found"]
    if not found:
        refuse(f"no broadcast {number} {state}.")
