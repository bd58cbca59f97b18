"""The project's own instruments: XLSForms as Markdown tables, and who each is for."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from surveys.respondent import Role, Sector

FOLDER = Path(__file__).parent
# Choosing this value anywhere ends the conversation kindly and erases what was given.
UNDER_AGE = "under_18"


PROFILE = "profile"
DIALOGUE_REPORT = "dialogue_report"
# What the conversation does with these is written in it: only the program brings new versions.
WITH_CODE = frozenset({PROFILE, DIALOGUE_REPORT})


@dataclass(frozen=True, slots=True)
class Follow:
    """A form that is asked some time after another; only where a question has an answer, if named.

    `where` is the question's name and the answer.
    """

    form_id: str
    after: dt.timedelta
    where: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Instrument:
    """A form of the project: who is offered it, and what it tells something about.

    `nodes` are those of the results framework (export/framework.toml); `repeatable`, whether a
    person can answer more than once; `paired`, whether
    somebody's answers are compared over time, once they agreed to that;
    `is_draft`, that it isn't published yet; `follows`, what is asked by itself some time later.
    """

    form_id: str
    nodes: tuple[str, ...] = ()
    sectors: frozenset[Sector] = frozenset()
    roles: frozenset[Role] = frozenset()
    repeatable: bool = False
    paired: bool = False
    is_draft: bool = False
    follows: tuple[Follow, ...] = ()

    @property
    def path(self) -> Path:
        """The Markdown file of the form."""
        return FOLDER / f"{self.form_id}.md"

    @property
    def is_put(self) -> bool:
        """Whether nobody is offered it by itself: staff put it, by a wave or by a link."""
        is_offered = self.sectors or self.roles or self.form_id == PROFILE
        return not is_offered and not self.is_draft


INSTRUMENTS = (
    Instrument(PROFILE),
    Instrument("citizen_interests", nodes=("OC", "1.3"), sectors=frozenset({"citizen", "private"})),
    Instrument(
        "dialogue_experience",
        nodes=("1", "2", "3"),
        sectors=frozenset({"citizen", "private", "cso", "gov"}),
        repeatable=True,
    ),
    Instrument(
        DIALOGUE_REPORT,
        nodes=("2", "2.1", "2.2"),
        roles=frozenset({"reporter"}),
        repeatable=True,
    ),
    Instrument("cso_interview", nodes=("1",), repeatable=True),
    Instrument(
        "training_pulse",
        nodes=("1.1", "1.2"),
        repeatable=True,
        paired=True,
        follows=tuple(
            Follow("training_use", dt.timedelta(days=days), where=("stage", "after"))
            for days in (30, 90)
        ),
    ),
    Instrument("training_use", nodes=("1.1", "1.2"), repeatable=True),
    Instrument("cso_card", nodes=("1.2",), repeatable=True, paired=True),
    Instrument("facilitation_rating", nodes=("2.1",), repeatable=True),
    Instrument("work_plan_line", nodes=("2.2",), repeatable=True),
    Instrument("product", nodes=("2.3",), repeatable=True),
    Instrument("codesign_feedback", nodes=("3",), repeatable=True),
    Instrument("codesign_attendance", nodes=("3.1",)),
    Instrument("proposal", nodes=("3.1",), repeatable=True),
    Instrument("innovation_idea", nodes=("3.1",), repeatable=True),
    Instrument("team_checkin", nodes=("3.1",), repeatable=True),
    Instrument("grant_milestone", nodes=("3.1",), repeatable=True),
    Instrument("tour_expectation", nodes=("3.2",), repeatable=True),
    Instrument(
        "tour_learning",
        nodes=("3.2",),
        repeatable=True,
        follows=(Follow("tour_followup", dt.timedelta(days=60)),),
    ),
    Instrument("tour_followup", nodes=("3.2",), repeatable=True),
    # Of the inception in 2020, before the framework's first activity.
    Instrument("stakeholder_consultation"),
    # Waits for the official Khmer wording.
    Instrument("washington_short", is_draft=True),
)
PUBLISHED = tuple(item for item in INSTRUMENTS if not item.is_draft)


def surveys_for(sector: str) -> tuple[Instrument, ...]:
    """Return the surveys a person of a sector is offered, the main one first."""
    return tuple(item for item in INSTRUMENTS if sector in item.sectors)


def instrument(form_id: str) -> Instrument | None:
    """Return the instrument of a form, or None for a form that isn't the project's own."""
    return next((item for item in INSTRUMENTS if item.form_id == form_id), None)


def follow_ups(form_id: str, answers: Mapping[str, str]) -> list[Follow]:
    """Return what is asked some time after a form that was answered so, by name of question."""
    ours = instrument(form_id)
    found = ours.follows if ours else ()
    return [one for one in found if one.where is None or answers.get(one.where[0]) == one.where[1]]
