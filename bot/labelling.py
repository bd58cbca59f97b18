"""`samleng lang`: the language of each line that comes in, by the labels that are stored."""

import sys
from collections.abc import Iterable, Iterator


def lang() -> None:
    """Label each line of standard input: km, en, mixed, km-Latn, other or und.

    Prints the label, how sure it is from 0 to 1, and how it was found, between tabs: one line out
    for every line in.
    """
    for row in labelled(sys.stdin.buffer):
        print(row, flush=True)


def labelled(lines: Iterable[bytes]) -> Iterator[str]:
    """Yield a row for each line. Only a line feed ends one, and bytes that aren't UTF-8 are none.

    Read as text, a lone carriage return would make two lines out of one.
    """
    from surveys.language import detect

    for line in lines:
        guess = detect(line.decode("utf-8", "replace"))
        yield f"{guess.label}\t{guess.confidence:g}\t{guess.method}"
