"""The audit log is read by people: every act that is written down has a name in both languages."""

import re
from pathlib import Path

import pytest

from handlers import team, texts
from surveys.language import LANGUAGES

ROOT = Path(__file__).parents[2]
WRITTEN = re.compile(r'(?:audit\.record\(\s*[\w.]+,\s*[\w.]+,|_note\(tx,)\s*"(?P<act>[^"]+)"')


def acts() -> set[str]:
    """Return the acts that stand in the code as words."""
    source = "\n".join(
        path.read_text("utf-8")
        for floor in ("bot", "handlers", "storage")
        for path in (ROOT / floor).rglob("*.py")
    )
    found = {match["act"] for match in re.finditer(r'"(?P<act>[a-z][A-Za-z ]+)"', source)}
    known = {key.removeprefix("act.") for key in texts.catalogue("en") if key.startswith("act.")}
    written = {match["act"] for match in WRITTEN.finditer(source)}
    return written | {name for name, _ in team.ACTS.values()} | (known & found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_act_has_a_name(language: str) -> None:
    for act in acts():
        assert texts.say(language, "act." + act)


def test_no_name_is_left_over() -> None:
    named = {key.removeprefix("act.") for key in texts.catalogue("en") if key.startswith("act.")}

    assert named <= acts()
    assert len(named) >= 20
