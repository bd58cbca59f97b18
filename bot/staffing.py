"""Commands for whoever runs a project: invitations, how many answered, members, the log."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.console import errors, one_sentence, perform, refuse, show

team_app = typer.Typer(no_args_is_help=True, help="Members: whoever was invited, by number.")
audit_app = typer.Typer(no_args_is_help=True, help="The log of what staff did.")
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
Number = Annotated[int, typer.Argument(help="The member's number, as the list says it.")]
BROKEN_LOG = 1


def invite(
    role: Annotated[str, typer.Argument(help="owner, staff or reporter.")],
    sector: Annotated[str | None, typer.Option(help="citizen, cso, gov or private.")] = None,
    province: Annotated[str | None, typer.Option(help="Binds staff to it: siem_reap, …")] = None,
    organisation: Annotated[
        str | None, typer.Option(help="Its code, of which they are a member.")
    ] = None,
    qr: Annotated[Path | None, typer.Option(help="Write the link as a picture, too.")] = None,
) -> None:
    """Print a link that makes whoever opens it first an owner, staff member or reporter."""
    from bot.qr import png
    from handlers import links
    from surveys.respondent import INVITED_ROLES, SECTORS

    if role not in INVITED_ROLES or (sector and sector not in SECTORS):
        refuse("invite owner, staff or reporter; --sector citizen, cso, gov or private.")
    _check(province)
    with one_sentence():
        asked = {"role": role, "sector": sector, "province": province}
        answer = perform("invite", **asked, organisation=organisation)
    if "unknown" in answer:
        refuse("there is no such organisation; samleng organisation list shows them.")
    name = answer.get("username", links.NAMELESS)
    link = links.invitation(name, answer["token"])
    print(link)
    if qr:
        qr.write_bytes(png(link))
    if name == links.NAMELESS:
        errors.print("Please put your bot's name in place of your_bot; it isn't known here yet.")


def _check(province: str | None) -> None:
    from handlers import links

    if province and province not in links.PROVINCES.values():
        refuse(f"the provinces are {', '.join(links.PROVINCES.values())}.")


def status(
    days: Annotated[int, typer.Option(help="Since so many days before today.")] = 0,
    ever: Annotated[bool, typer.Option("--ever", help="Since the beginning.")] = False,
    json_: AsJson = False,
) -> None:
    """Count how often each form was begun and finished today."""
    with one_sentence():
        _table(perform("numbers_standing", days=days, ever=ever)["forms"], json_)


def people(json_: AsJson = False) -> None:
    """Count who finished a survey, by what they said of themselves; rounded down to fives."""
    with one_sentence():
        _table(perform("numbers_people")["people"], json_)


def _table(rows: list[dict[str, Any]], as_json: bool) -> None:
    if rows or as_json:
        show(rows, as_json)
    else:
        errors.print("Nobody yet.")


@team_app.command("list")
def team_list(json_: AsJson = False) -> None:
    """List the members: number, role, sector, province, until when."""
    with one_sentence():
        _table(perform("team_list")["team"], json_)


@team_app.command()
def confirm(number: Number) -> None:
    """Let a role last another 90 days."""
    _change("confirm", number)


@team_app.command()
def bind(
    number: Number, province: Annotated[str, typer.Argument(help="A province, or all.")]
) -> None:
    """Bind a staff member to a province."""
    _check(None if province == "all" else province)
    _change("bind", number, province)


@team_app.command("reset-pin")
def reset_pin(number: Number) -> None:
    """Take a member's PIN away; they choose a new one when they need it next."""
    _change("pin", number)


@team_app.command()
def reader(number: Number) -> None:
    """Let a staff member read sensitive reports; two at most can."""
    _change("reader", number)


@team_app.command("no-reader")
def no_reader(number: Number) -> None:
    """Let a member read no sensitive reports any more."""
    _change("no_reader", number)


@team_app.command()
def end(number: Number) -> None:
    """End a role."""
    _change("end", number)


def _change(act: str, number: int, province: str = "") -> None:
    with one_sentence():
        said = perform("team_change", act=act, number=number, province=province)["said"]
    if said == "gone":
        refuse(f"there is no member {number}.")
    if said == "last_owner":
        refuse("this is the last owner. Please invite another one first.")
    if said == "readers_full":
        refuse("two members read sensitive reports already; samleng team no-reader ends one.")
    if said == "only_staff_read":
        refuse("only staff and owners can read sensitive reports.")


@audit_app.command("list")
def audit_list(
    most: Annotated[int, typer.Option(help="So many, the newest.")] = 20, json_: AsJson = False
) -> None:
    """List the newest entries."""
    with one_sentence():
        _table(perform("audit_list", most=most)["entries"], json_)


@audit_app.command()
def verify(
    head: Annotated[str, typer.Option(help="NUMBER:HASH, as it was sent to an owner.")] = "",
) -> None:
    """Compute the log anew; exit code 1 where it was changed, or where its end is missing."""
    number, _, digest = head.partition(":")
    anchor = [number, digest] if head else None
    if head and not (number.isdigit() and _is_hex(digest)):
        refuse("a head is NUMBER:HASH, as it was sent to the owners.")
    with one_sentence():
        found = perform("audit_verify", head=anchor)
    if found["broken_at"] is not None:
        errors.print(f"The log was changed at entry {found['broken_at']}.")
        raise typer.Exit(BROKEN_LOG)
    print(found["head"])


def _is_hex(text: str) -> bool:
    try:
        return len(bytes.fromhex(text)) == 32
    except ValueError:
        return False
