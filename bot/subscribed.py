"""`samleng card` and `samleng subscription`: what members get regularly, and once more by hand."""

import datetime as dt
from typing import Annotated

import typer

from bot.console import errors, one_sentence, perform, refuse, show
from surveys.language import EN, LANGUAGES

app = typer.Typer(no_args_is_help=True, help="What members get regularly: exports and cards.")
DAY = "%Y-%m-%d"


def card(
    day: Annotated[
        dt.datetime | None, typer.Option(formats=[DAY], help="Which day; yesterday without it.")
    ] = None,
    lang: Annotated[str, typer.Option(help="km or en.")] = EN,
) -> None:
    """Print the card of a day: who was invited, began, finished, refused, and what looks odd."""
    if lang not in LANGUAGES:
        refuse("a language is km or en.")
    with one_sentence():
        wanted = day.date().isoformat() if day else None
        print(perform("card", day=wanted, lang=lang)["card"])


@app.command("list")
def list_(
    json_: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """List who gets what, by the number of the member."""
    with one_sentence():
        found = perform("subscription_list")["subscriptions"]
    if found or json_:
        show(found, json_)
    else:
        errors.print("Nobody gets anything.")


@app.command()
def end(number: Annotated[int, typer.Argument(help="Its number.")]) -> None:
    """Let a subscription end."""
    with one_sentence():
        if not perform("subscription_end", number=number)["found"]:
            refuse(f"there is no subscription {number}.")
