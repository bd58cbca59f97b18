"""`samleng demo-data`: a quarter of made-up data in a database that holds nobody yet."""

from typing import Annotated

import typer
from rich.progress import Progress

from bot.console import errors, one_sentence, refuse

SEED = "2022-Q1"
# Nobody in the data is found again by any bot.
NO_BOT = 0


def demo_data(
    seed: Annotated[str, typer.Option(help="The same seed tells the same quarter.")] = SEED,
    page: Annotated[
        bool, typer.Option("--page", hidden=True, help="For the people of `samleng try`.")
    ] = False,
) -> None:
    """Fill an empty database with the first quarter of 2022, made up; no bot may run meanwhile."""
    from bot import settings
    from storage.database import lock

    with one_sentence():
        folder = settings.data_dir()
        folder.mkdir(parents=True, exist_ok=True)
        with lock(folder):
            _fill(seed, for_page=page)


def _fill(seed: str, *, for_page: bool) -> None:
    from bot import settings
    from bot.demonstration import quarter
    from bot.publishing import publish_instruments
    from bot.simulator.watch import returning
    from bot.turning import Turned
    from storage import respondents
    from storage.database import open_store
    from storage.store import utc_now

    clock, known = quarter.Turned(), returning() if for_page else {}
    bot_id = settings.read().bot_id if for_page else NO_BOT
    store = open_store(settings.data_dir(), clock, settings.key_file(), settings.database_url())
    try:
        if store.run(respondents.is_anybody):
            refuse("there are people in this database; demonstration data go into an empty one.")
        publish_instruments(store)
        with Progress(console=errors, transient=True) as progress:
            task = progress.add_task("demo-data", total=1)
            told = quarter.tell(
                store,
                clock,
                bot_id,
                seed,
                lambda at, of: progress.update(task, completed=at / of),
                known,
            )
        if for_page:
            Turned(settings.data_dir()).show(quarter.MORNING_AFTER)
        else:
            clock.now = utc_now()
            store.run(quarter.stay, told, known)
    finally:
        store.close()
