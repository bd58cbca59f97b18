"""Log lines as JSON: a fixed event, and ids. Never a name, a text, an answer or a token."""

import json
import logging
import re
import sys

TOKEN = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}")
ALLOWED = (
    "update_id",
    "outbox_id",
    "job_id",
    "media_id",
    "error",
    "count",
    "seconds",
    "rate",
    "form",
)
QUIET = ("telegram", "aiohttp", "apscheduler", "asyncio", "sqlalchemy", "alembic")
# Its warnings quote what the server said, and that quotes values.
SILENT = "psycopg"


class JsonFormatter(logging.Formatter):
    """Writes the event and the allowed fields, with anything like a token blotted out."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON."""
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **{name: getattr(record, name) for name in ALLOWED if hasattr(record, name)},
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = self._where(record)
        return TOKEN.sub("[token]", json.dumps(line, ensure_ascii=False, default=str))

    @staticmethod
    def _where(record: logging.LogRecord) -> list[str]:
        """Return files and lines of a traceback, without its message, which may hold an answer."""
        import traceback

        frames = traceback.extract_tb(record.exc_info[2]) if record.exc_info else []
        return [f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno}" for frame in frames[-8:]]


def configure(level: str) -> None:
    """Send log lines to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger(SILENT).setLevel(logging.CRITICAL)
