"""The project's own instruments: XLSForms as Markdown tables, and who each is for."""

from dataclasses import dataclass
from pathlib import Path

from surveys.respondent import Role, Sector

FOLDER = Path(__file__).parent
# Choosing this value anywhere ends the conversation kindly and erases what was given.
UNDER_AGE = "under_18"


@dataclass(frozen=True, slots=True)
class Instrument:
    """A form of the project: who is offered it, and whether it can be answered more than once."""

    form_id: str
    sectors: frozenset[Sector] = frozenset()
    roles: frozenset[Role] = frozenset()
    repeatable: bool = False

    @property
    def path(self) -> Path:
        """The Markdown file of the form."""
        return FOLDER / f"{self.form_id}.md"


PROFILE = "profile"
DIALOGUE_REPORT = "dialogue_report"
# What the conversation does with these is written in it: only the program brings new versions.
WITH_CODE = frozenset({PROFILE, DIALOGUE_REPORT})

INSTRUMENTS = (
    Instrument(PROFILE),
    Instrument("citizen_interests", sectors=frozenset({"citizen", "private"})),
    Instrument(
        "dialogue_experience",
        sectors=frozenset({"citizen", "private", "cso", "gov"}),
        repeatable=True,
    ),
    Instrument(DIALOGUE_REPORT, roles=frozenset({"reporter"}), repeatable=True),
)


def surveys_for(sector: str) -> tuple[Instrument, ...]:
    """Return the surveys a person of a sector is offered, the main one first."""
    return tuple(item for item in INSTRUMENTS if sector in item.sectors)


def instrument(form_id: str) -> Instrument | None:
    """Return the instrument of a form, or None for a form that isn't the project's own."""
    return next((item for item in INSTRUMENTS if item.form_id == form_id), None)
