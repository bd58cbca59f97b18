"""`python -m export FOLDER KEY_FILE FORM TARGET`: one export, its progress as lines of JSON."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from export.bundle import UnknownForm, make


def main(folder: str, key_file: str, form_id: str, target: str) -> int:
    """Make an export; the last line names its files, or what can be exported instead."""
    try:
        # By the environment: an address may hold a password, and arguments are seen by all.
        url = os.environ.get("SAMLENG_DATABASE_URL") or None
        for line in make(Path(folder), Path(key_file), form_id, Path(target), url):
            tell(line)
    except UnknownForm as error:
        tell({"failed": True, "forms": list(error.known)})
        return 1
    return 0


def tell(line: dict[str, Any]) -> None:
    """Write a line at once, for whoever shows the progress."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:5]))
