"""The `samleng` command. Whatever can't be done ends in one clear sentence and exit code 2."""

import asyncio
import datetime as dt
import json
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from bot import (
    bringing,
    broadcasting,
    demonstrating,
    dialoguing,
    hearing,
    labelling,
    moving,
    operating,
    organising,
    posters,
    provinces,
    reminders,
    staffing,
    subscribed,
    waving,
)
from bot.console import CANNOT, errors, one_sentence, perform, refuse
from bot.settings import SettingsError

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)
form_app = typer.Typer(no_args_is_help=True, help="Forms: check, bring and release them.")
bringing.add_to(form_app)
app.add_typer(form_app, name="form")
app.add_typer(operating.inbox_app, name="inbox")
app.command("outbox")(operating.outbox)
app.add_typer(broadcasting.app, name="broadcast")
app.add_typer(moving.app, name="db")
app.add_typer(hearing.app, name="review")
app.add_typer(reminders.app, name="reminder")
app.add_typer(waving.app, name="wave")
app.add_typer(organising.app, name="organisation")
app.add_typer(provinces.app, name="province")
app.add_typer(dialoguing.dialogue_app, name="dialogue")
app.add_typer(dialoguing.commitment_app, name="commitment")
app.add_typer(staffing.team_app, name="team")
app.add_typer(staffing.audit_app, name="audit")
app.command("invite")(staffing.invite)
app.command("poster")(posters.poster)
app.add_typer(subscribed.app, name="subscription")
app.command("card")(subscribed.card)
app.command("status")(staffing.status)
app.command("people")(staffing.people)
app.command("lang")(labelling.lang)
app.command("demo-data")(demonstrating.demo_data)

BROKEN_FORM = 1
DAY = "%Y-%m-%d"


@app.command()
def run() -> None:
    """Run the bot. It needs SAMLENG_BOT_TOKEN; the folder is SAMLENG_DATA_DIR."""
    from bot import logs, settings
    from storage.database import lock

    with one_sentence():
        read = settings.read()
        logs.configure(read.log_level)
        # Any number of processes may share a server's database, but one file has one.
        with nullcontext() if read.database else lock(read.data_dir):
            _run(read)


def _run(read: Any) -> None:
    from telegram.error import InvalidToken

    from bot import app as application

    try:
        application.run(read)
    except* InvalidToken:
        raise SettingsError("Telegram doesn't know this SAMLENG_BOT_TOKEN.") from None


@app.command()
def simulate(
    port: Annotated[int, typer.Option(help="The port on the loopback address.")] = 8081,
    watch: Annotated[
        Path | None, typer.Option(help="A data folder whose rows the page shows.")
    ] = None,
    returning: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """Run a Bot API server on loopback with Telegram's rules, and a page to chat on."""
    from bot.simulator import server

    server.run(port, watch, has_returning=returning)


@app.command("try")
def try_(
    port: Annotated[int, typer.Option(help="The port of the page; 0 for any free one.")] = 8930,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    with_data: Annotated[
        bool, typer.Option("--with-data", help="With a quarter of made-up data.")
    ] = False,
) -> None:
    """Try everything on this machine: a simulated Telegram, the bot, a page with both sides."""
    from bot.trying import try_it

    try_it(port, browser, with_data=with_data)


@app.command()
def export(
    form: Annotated[str, typer.Argument(help="The form's id, such as citizen_interests.")],
    to: Annotated[Path, typer.Option(help="The folder for the files.")],
    province: Annotated[str | None, typer.Option(help="Only of a province: siem_reap, …")] = None,
    since: Annotated[dt.datetime | None, typer.Option(formats=[DAY], help="From this day.")] = None,
    until: Annotated[dt.datetime | None, typer.Option(formats=[DAY], help="Before it.")] = None,
    period: Annotated[
        str, typer.Option(help="Only of 2026-11-24, 2026-W48, 2026-11 or 2026-Q4, as at any time.")
    ] = "",
) -> None:
    """Write a form's answers as one workbook and one CSV; the bot may run meanwhile."""
    from bot import settings
    from storage.database import DATABASE, KEY

    with one_sentence():
        folder, url = settings.data_dir(), settings.database_url()
    if not url and not (folder / DATABASE).exists():
        errors.print(f"samleng: there is no database in {folder}.", markup=False, soft_wrap=True)
        raise typer.Exit(CANNOT)
    key_file = settings.key_file() or folder / KEY
    part = {"province": province, "since": _moment(since), "until": _moment(until)}
    if period:
        part.update(_span(period))
    with one_sentence():
        perform("export_noted", form=form, part=part)
    result = asyncio.run(_export(folder, key_file, form, to, url, part))
    if result.get("failed"):
        known = f" There are: {', '.join(result['forms'])}." if "forms" in result else ""
        errors.print(f"samleng: {form} can't be exported.{known}", markup=False, soft_wrap=True)
        raise typer.Exit(CANNOT)
    for path in result["files"]:
        print(path)


def _span(period: str) -> dict[str, str | None]:
    """Return when a period begins and when it is over, as ISO texts."""
    from handlers.periods import moments
    from surveys.periods import read

    named = read(period)
    if named is None:
        refuse(
            f"{period} is no day, week, month or quarter, such as 2026-11-24, 2026-W48, 2026-Q4."
        )
    since, until = moments(named)
    return {"since": since.isoformat(), "until": until.isoformat()}


def _moment(day: dt.datetime | None) -> str | None:
    """Return when a day begins in Cambodia, as ISO text."""
    from handlers.quiet import PHNOM_PENH

    return day.replace(tzinfo=PHNOM_PENH).isoformat() if day else None


async def _export(
    folder: Path,
    key_file: Path,
    form: str,
    to: Path,
    url: str | None,
    part: dict[str, str | None],
) -> dict[str, Any]:
    from bot.jobs import run_export

    result: dict[str, Any] = {"failed": True}
    with Progress(console=errors, transient=True) as progress:
        task = progress.add_task(form, total=100)
        async for line in run_export(folder, key_file, form, to, url, part):
            result = line
            progress.update(task, completed=line.get("percent", 100))
    return result


@form_app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="XLSForms: .md, .xlsx or .csv.")],
    json_: Annotated[bool, typer.Option("--json", help="One JSON object per file.")] = False,
    lang: Annotated[str, typer.Option(help="km or en.")] = "en",
    release: Annotated[
        bool, typer.Option("--release", help="Say too what keeps it from being released.")
    ] = False,
) -> None:
    """Say what is wrong with forms, by sheet and row. Exit code 1 where one can't be used."""
    from bot.conversion import convert_all

    found = convert_all(files).items()
    reports = [_report(path, answer, for_release=release) for path, answer in found]
    for report in reports:
        print(json.dumps(report, ensure_ascii=False) if json_ else _readable(report, lang))
    if not all(report["ok"] for report in reports):
        raise typer.Exit(BROKEN_FORM)


@form_app.command("play")
def play_(
    file: Annotated[Path, typer.Argument(help="An XLSForm: .md, .xlsx or .csv.")],
    lang: Annotated[str, typer.Option(help="km or en.")] = "en",
) -> None:
    """Fill a form in the terminal; at the end, print what would be stored."""
    from bot.conversion import convert_all
    from bot.playing import Stopped, play
    from handlers.quiet import PHNOM_PENH
    from surveys.instance import World

    form, problems = _checked(convert_all([file])[file])
    # What only the chat can't ask yet can be played.
    wrong = [p for p in problems if not p.code.startswith(("warning.", "chat."))]
    for problem in wrong:
        errors.print(problem.told(lang), markup=False, soft_wrap=True)
    if form is None or wrong:
        raise typer.Exit(BROKEN_FORM)
    try:
        filled = play(form, World(dt.datetime.now(PHNOM_PENH), lang), input, print)
    except (Stopped, EOFError, KeyboardInterrupt):
        raise typer.Exit(CANNOT) from None
    print()
    for path, value in filled.response().items():
        print(f"{path}: {value}")


@form_app.command()
def audio(
    file: Annotated[Path, typer.Argument(help="An XLSForm: .md, .xlsx or .csv.")],
    lang: Annotated[str, typer.Option(help="tpu, jra, krr, brb, km, en; else all begun.")] = "",
) -> None:
    """Say what to record of a form in spoken languages. Exit code 1 where anything is missing."""
    from bot.conversion import convert_all
    from bot.recording import checklist
    from surveys.spoken import PACKS

    form, problems = _checked(convert_all([file])[file])
    if form is None:
        for problem in problems:
            errors.print(problem.told("en"), markup=False, soft_wrap=True)
        raise typer.Exit(BROKEN_FORM)
    lines = checklist(form, lang or None) if lang in {"", *PACKS} else []
    if not lines:
        errors.print(f"samleng: please name a language by --lang: {', '.join(PACKS)}.")
        raise typer.Exit(CANNOT)
    for line in lines:
        print(line)
    if not all(line.is_there for line in lines):
        raise typer.Exit(BROKEN_FORM)


def _checked(answer: Any) -> Any:
    """Return the form that a conversion led to, or None, and what is to be said of it."""
    from surveys.check import check as check_form
    from surveys.errors import FormRefused

    return (None, answer.errors) if isinstance(answer, FormRefused) else check_form(answer)


def _report(path: Path, answer: Any, *, for_release: bool) -> dict[str, Any]:
    from surveys.check import is_warning
    from surveys.releasing import obstacles

    form, problems = _checked(answer)
    if for_release and form:
        problems = [*problems, *obstacles(form, answer["rows"])]
    wrong = [error.as_dict() for error in problems if not is_warning(error)]
    return {
        "file": str(path),
        "ok": not wrong,
        "errors": wrong,
        "warnings": [error.as_dict() for error in problems if is_warning(error)],
        "questions": len(form.asked) if form else 0,
    }


def _readable(report: dict[str, Any], lang: str) -> str:
    from surveys.errors import FormError

    verdict = f"ok, {report['questions']} questions" if report["ok"] else "can't be used"
    lines = [f"{report['file']}: {verdict}"]
    lines += [f"  error   {FormError(**error).told(lang)}" for error in report["errors"]]
    lines += [f"  warning {FormError(**error).told(lang)}" for error in report["warnings"]]
    return "\n".join(lines)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
