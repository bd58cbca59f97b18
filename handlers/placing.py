"""Where in a form a question stands: its groups, named once, and which one of a repeat. Pure."""

import re

from handlers.opened import Opened
from surveys.definition import plain

INNERMOST = re.compile(r"(?P<stop>.*)\[(?P<number>\d+)\]")


def position(opened: Opened) -> str:
    """Return which one of a repeat is asked about: "Member 2", or "Member 2/5" of a count."""
    match = INNERMOST.match(opened.question.path)
    repeat = opened.form.repeats.get(plain(match["stop"])) if match else None
    if match is None or repeat is None:
        return ""
    name = opened.text(repeat.label) or opened.say("repeat.entry")
    total = opened.instance.counts([repeat.path]).get(match["stop"], "")
    return f"{name} {opened.number(match['number'] + (f'/{total}' if repeat.is_fixed else ''))}"


def groups(opened: Opened) -> list[str]:
    """Return the labels of the groups of which the question is the first."""
    path, asked = opened.question.path, opened.instance.asked()
    steps = path.split("/")
    around = ["/".join(steps[:end]) for end in range(2, len(steps))]
    return [
        opened.text(opened.form.group_labels[plain(group)])
        for group in around
        if plain(group) in opened.form.group_labels
        and plain(group) not in opened.form.repeats
        and next(q.path for q in asked if q.path.startswith(group + "/")) == path
    ]
