"""`samleng form upload, list, release, back, withdraw, close`: forms without the chat."""

from base64 import b64encode
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.console import errors, one_sentence, perform, refuse, show

BROKEN_FORM = 1
Number = Annotated[int, typer.Argument(help="The draft's number, as `samleng form list` has it.")]


def upload(
    file: Annotated[Path, typer.Argument(help="An XLSForm: .md, .xlsx or .csv.")],
    audience: Annotated[
        str, typer.Option("--for", help="citizen, cso, gov, private or all.")
    ] = "all",
    lang: Annotated[str, typer.Option(help="km or en.")] = "en",
) -> None:
    """Bring a form, with the files of its folder, and ask the others to release it.

    Exit code 1 where it can't be used, or can't be released as it is.
    """
    from handlers.formcards import AUDIENCES

    if audience not in AUDIENCES:
        refuse(f"--for is one of {', '.join(AUDIENCES)}.")
    read = _read(file, lang)
    files = {name: b64encode(data).decode() for name, data in read.pop("files").items()}
    with one_sentence():
        answer = perform("form_upload", upload=read, files=files, audience=audience)
    _tell(answer.get("errors", []), lang)
    print(f"Draft {answer['id']}.")
    _tell(answer["obstacles"], lang)
    print(f"Others who were asked to release it: {answer['asked']}.")


def _read(file: Path, lang: str) -> dict[str, Any]:
    """Return a form as the bot keeps it, with its files; end where it can't be used."""
    from bot.conversion import convert_all
    from storage.drafts import hash_of
    from surveys.attachments import names_in, stand_in
    from surveys.check import check, is_warning, unnamed
    from surveys.errors import FormRefused

    found = convert_all([file])[file]
    if isinstance(found, FormRefused):
        _tell([error.as_dict() for error in found.errors], lang)
        raise typer.Exit(BROKEN_FORM)
    files = found["attachments"]
    missing = {name: stand_in(name) for name in names_in(found["xform"]) if name not in files}
    form, problems = check({**found, "attachments": {**missing, **files}})
    wrong = [problem for problem in problems if not is_warning(problem)]
    _tell([error.as_dict() for error in [*wrong, *(unnamed(form) if form else [])]], lang)
    assert form is not None
    return {
        "form_id": form.form_id,
        "version": form.version,
        "xform": found["xform"],
        "source_hash": hash_of(file.read_bytes()),
        "rows": found["rows"],
        "files": files,
    }


def _tell(found: list[dict[str, Any]], lang: str) -> None:
    """Say what is wrong, if anything is, and end."""
    from surveys.errors import FormError

    for error in found:
        errors.print(FormError(**error).told(lang), markup=False, soft_wrap=True)
    if found:
        raise typer.Exit(BROKEN_FORM)


def list_(
    json_: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """List the forms that staff brought: drafts, those that wait for release, released ones."""
    with one_sentence():
        found = perform("form_list")["forms"]
    if not found and not json_:
        errors.print("Nobody has brought a form.")
    else:
        show(found, json_)


def release(number: Number) -> None:
    """Release a draft that somebody else brought; people are offered it from then on."""
    _do("form_release", id=number)


def back(
    number: Number,
    why: Annotated[str, typer.Option(help="A word to its author.")],
) -> None:
    """Send a draft back to its author, with a word of why."""
    _do("form_back", id=number, reason=why)


def withdraw(number: Number) -> None:
    """Erase a draft, with all that was tried of it."""
    _do("form_withdraw", id=number)


def close(form: Annotated[str, typer.Argument(help="The form's id.")]) -> None:
    """Offer a released form to nobody any more; what was begun can be ended."""
    _do("form_close", form=form)


def _do(command: str, **arguments: Any) -> None:
    from bot.form_acts import WHY

    with one_sentence():
        why = perform(command, **arguments)["why"]
    if why:
        refuse(WHY[why])


def add_to(app: typer.Typer) -> None:
    """Add the commands to `samleng form`."""
    app.command()(upload)
    app.command("list")(list_)
    app.command()(release)
    app.command()(back)
    app.command()(withdraw)
    app.command()(close)
