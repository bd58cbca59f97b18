"""`python -m export FOLDER KEY_FILE FORM TARGET [PART]`: one export, its progress as JSON lines."""

import datetime as dt
import json
import os
import sys
from pathlib import Path
from typing import Any

from export.bundle import UnknownForm, make
from storage.responses import Part


def main(folder: str, key_file: str, form_id: str, target: str, part: str = "{}") -> int:
    """Make an export; the last line names its files, or what can be exported instead."""
    try:
        # By the environment: an address may hold a password, and arguments are seen by all.
        url = os.environ.get("SAMLENG_DATABASE_URL") or None
        wanted = _part(json.loads(part))
        for line in make(Path(folder), Path(key_file), form_id, Path(target), url, wanted):
            tell(line)
    except UnknownForm as error:
        tell({"failed": True, "forms": list(error.known)})
        return 1
    return 0


def _part(named: dict[str, str | None]) -> Part:
    """Read which responses are wanted: a province, and two moments as ISO texts."""
    moments = {
        name: dt.datetime.fromisoformat(said)
        for name in ("since", "until")
        if (said := named.get(name))
    }
    return Part(province=named.get("province"), **moments)


def tell(line: dict[str, Any]) -> None:
    """Write a line at once, for whoever shows the progress."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:6]))
