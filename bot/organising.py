"""`samleng organisation`: which organisations members are of."""

from typing import Annotated

import typer

from bot.console import errors, one_sentence, perform, refuse, show

app = typer.Typer(no_args_is_help=True, help="Organisations that members are of.")


@app.command()
def add(
    code: Annotated[str, typer.Argument(help="A short code: a-z, 0-9 and _.")],
    en: Annotated[str, typer.Option(help="Its name in English.")],
    km: Annotated[str, typer.Option(help="Its name in Khmer.")],
) -> None:
    """Add an organisation; its code never changes."""
    from storage.organisations import CODE

    if not CODE.fullmatch(code):
        refuse("a code is 2 to 20 of a-z, 0-9 and _.")
    if not (en.strip() and km.strip()):
        refuse("an organisation needs a name in both languages.")
    with one_sentence():
        answer = perform("organisation_add", code=code, en=en.strip()[:120], km=km.strip()[:120])
    if not answer["is_new"]:
        refuse(f"there is an organisation {code} already.")


@app.command("list")
def list_(
    json_: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """List the organisations: code, names."""
    with one_sentence():
        found = perform("organisation_list")["organisations"]
    if not found and not json_:
        errors.print("There is no organisation yet.")
    else:
        show(found, json_)
