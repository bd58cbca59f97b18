"""`python -m bot.turned`: the bot that is tried, on a clock that the page turns.

A real bot has no such lever: `samleng run` knows only the machine's clock.
"""

from bot import app, logs, settings
from bot.turning import Turned
from storage.database import lock


def main() -> None:
    """Run the bot on a clock that is turned; days that are skipped so are no outage."""
    read = settings.read()
    logs.configure(read.log_level)
    with lock(read.data_dir):
        app.run(read, Turned(read.data_dir), notes_outages=False)


if __name__ == "__main__":
    main()
