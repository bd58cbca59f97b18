"""`samleng wave`: a form put to some people for some time, made by one and released by another."""

import datetime as dt
from typing import Annotated, Any

import typer

from bot.console import errors, one_sentence, perform, refuse, show

app = typer.Typer(no_args_is_help=True, help="Waves: a form put to some people for some time.")
Form = Annotated[str, typer.Argument(help="The form's id, such as citizen_interests.")]
Number = Annotated[int, typer.Argument(help="The wave's number.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
RoleOption = Annotated[str | None, typer.Option("--role", help="respondent or reporter.")]
SectorOption = Annotated[str | None, typer.Option("--sector", help="citizen, cso, gov or private.")]
ProvinceOption = Annotated[
    str | None, typer.Option("--province", help="Only there, such as siem_reap.")
]
SexOption = Annotated[str | None, typer.Option("--sex", help="f, m or o, as people said.")]
AgeOption = Annotated[str | None, typer.Option("--age-group", help="18_24, 25_34, …, 60_up.")]
LanguageOption = Annotated[str | None, typer.Option("--lang", help="km or en.")]
EarlierOption = Annotated[
    int | None, typer.Option("--answered-wave", help="Only who completed this earlier wave.")
]
OrganisationOption = Annotated[
    str | None, typer.Option("--organisation", help="Only members of this one, by its code.")
]
MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M"]
OpensOption = Annotated[
    dt.datetime | None,
    typer.Option("--opens", formats=MOMENTS, help="In Phnom Penh; a day at 8:00. Else now."),
]
WeeksOption = Annotated[int, typer.Option("--weeks", min=1, max=52, help="How long it is open.")]
RemindersOption = Annotated[int, typer.Option("--reminders", min=0, max=3, help="At most so many.")]
AfterOption = Annotated[
    int, typer.Option("--remind-after", min=1, max=336, help="Hours to each reminder.")
]
BallotOption = Annotated[
    bool, typer.Option("--ballot", help="Anonymous: nobody can tell who answered what.")
]
QuotaOption = Annotated[
    list[str] | None,
    typer.Option("--quota", help="How many of a cell shall answer: ratanakiri/f=60. Repeatable."),
]
PRICE = (
    "Nobody can tell who answered what. So nothing can be changed or taken back after Submit, and"
    " no answer can be put beside one of another wave. Answers are counted in the evening, five or"
    " more together; fewer than five in all are never shown."
)


@app.command()
def plan(
    form: Form,
    role: RoleOption = None,
    sector: SectorOption = None,
    province: ProvinceOption = None,
    sex: SexOption = None,
    age_group: AgeOption = None,
    language: LanguageOption = None,
    answered_wave: EarlierOption = None,
    organisation: OrganisationOption = None,
    opens: OpensOption = None,
    reminders: RemindersOption = 1,
) -> None:
    """Say what a wave would be: people, messages, minutes of each, when the last one leaves."""
    audience = _audience(
        role, sector, province, sex, age_group, language, answered_wave, organisation
    )
    span = {"opens_at": _moment(opens), "weeks": 1}
    found = _perform("wave_plan", form=form, audience=audience, reminders=reminders, **span)
    print(
        f"{found['people']} people: {found['invitations']} invitations, at most"
        f" {found['reminders']} reminders; about {found['minutes']} min of each person;"
        f" the last invitation would leave on {found['last_at']} in Phnom Penh, if nothing else"
        " waits."
    )


@app.command()
def create(
    form: Form,
    role: RoleOption = None,
    sector: SectorOption = None,
    province: ProvinceOption = None,
    sex: SexOption = None,
    age_group: AgeOption = None,
    language: LanguageOption = None,
    answered_wave: EarlierOption = None,
    organisation: OrganisationOption = None,
    opens: OpensOption = None,
    weeks: WeeksOption = 2,
    reminders: RemindersOption = 1,
    remind_after: AfterOption = 48,
    ballot: BallotOption = False,
    quotas: QuotaOption = None,
) -> None:
    """Make a wave of a form's newest version, and ask the members to release it."""
    made = _perform(
        "wave_create",
        form=form,
        audience=_audience(
            role, sector, province, sex, age_group, language, answered_wave, organisation
        ),
        opens_at=_moment(opens),
        weeks=weeks,
        reminders=reminders,
        remind_after=remind_after,
        ballot=ballot,
        quotas=quotas or [],
    )
    if ballot:
        errors.print(PRICE, soft_wrap=True)
    print(f"Wave {made['id']} is made. A member releases it by /waves.")


def _audience(
    role: str | None,
    sector: str | None,
    province: str | None,
    sex: str | None,
    age_group: str | None,
    language: str | None,
    answered_wave: int | None,
    organisation: str | None,
) -> dict[str, Any]:
    """Return whom it is for; refuse words that nobody has."""
    from handlers.links import PROVINCES
    from surveys.language import LANGUAGES
    from surveys.respondent import SECTORS

    known = {
        "role": (role, ("respondent", "reporter")),
        "sector": (sector, SECTORS),
        "province": (province, (*PROVINCES.values(), "other")),
        "sex": (sex, ("f", "m", "o")),
        "age-group": (age_group, ("18_24", "25_34", "35_44", "45_59", "60_up")),
        "lang": (language, LANGUAGES),
    }
    for name, (value, values) in known.items():
        if value is not None and value not in values:
            refuse(f"--{name} is one of {', '.join(values)}.")
    return {
        "role": role,
        "sector": sector,
        "province": province,
        "sex": sex,
        "age_group": age_group,
        "language": language,
        "answered_wave": answered_wave,
        "organisation": organisation,
    }


def _moment(opens: dt.datetime | None) -> str | None:
    """Return a moment in Cambodia as ISO text; of a day its morning."""
    from handlers.quiet import MORNING, PHNOM_PENH

    if opens is None:
        return None
    at = opens if opens.time() != dt.time() else opens.replace(hour=MORNING)
    return at.replace(tzinfo=PHNOM_PENH).isoformat()


@app.command("list")
def list_(json_: AsJson = False) -> None:
    """List the waves, newest first."""
    found = _perform("wave_list")["waves"]
    if not found and not json_:
        errors.print("There is no wave yet.")
    else:
        show(found, json_)


@app.command("show")
def show_(number: Number, json_: AsJson = False) -> None:
    """Show a wave, and what became of its people so far."""
    found = _perform("wave_show", id=number)["wave"]
    if json_:
        show([found], as_json=True)
        return
    for name, value in found.items():
        print(f"{name}: {value}")


@app.command()
def release(number: Number) -> None:
    """Let a wave begin that a member made, or be open longer as a member asked."""
    _perform("wave_release", id=number)


@app.command()
def pause(number: Number) -> None:
    """Stop an open wave; invitations and reminders that wait are taken back."""
    _perform("wave_pause", id=number)


@app.command()
def resume(number: Number) -> None:
    """Go on with a paused wave."""
    _perform("wave_resume", id=number)


@app.command()
def close(number: Number) -> None:
    """Close a wave for good; what was begun can still be ended."""
    _perform("wave_close", id=number)


@app.command()
def extend(
    number: Number,
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=52, help="So much longer.")] = 1,
) -> None:
    """Ask the members to let a wave be open longer."""
    _perform("wave_extend", id=number, weeks=weeks)


def _perform(command: str, **arguments: Any) -> dict[str, Any]:
    from bot.wave_acts import WHY

    with one_sentence():
        answer = perform(command, **arguments)
    if why := answer.get("why"):
        refuse(WHY[why])
    return answer
