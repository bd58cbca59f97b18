"""What two reference engines say about public forms, against this engine.

`make conformance FACTS=DIR` reads DIR/walks.jsonl, DIR/forms/ and DIR/xpath.jsonl. A walk's fact
counts after each step as it stands, not only where it changed. ARGS="--show 20" names the first
wrong ones.
"""

import argparse
import sys
from pathlib import Path

from tests.expressions import compare_expressions
from tests.walks import compare_walks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("facts", type=Path, help="the folder with the facts")
    parser.add_argument("--show", type=int, default=0, help="how many wrong facts to name")
    options = parser.parse_args()
    standing, changed = compare_walks(options.facts, options.show)
    expressions = compare_expressions(options.facts / "xpath.jsonl", options.show)
    lines = (
        f"changed: {changed.facts} facts, {changed.wrong} wrong {dict(+changed.kinds)}",
        f"walks: {standing.facts} facts, {standing.wrong} wrong",
        f"xpath: {expressions.facts} facts, {expressions.wrong} wrong",
    )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
