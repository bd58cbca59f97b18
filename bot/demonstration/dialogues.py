"""The dialogues of the demonstration: planned, held, reported by both sides, and what was promised.

Nothing here is drawn: each dialogue shows something else of what reports and the register can be.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from bot.demonstration.acts import Act, moment
from bot.demonstration.citizens import DIALOGUES
from bot.demonstration.filling import Given, Updates, report
from bot.demonstration.people import Person
from bot.demonstration.staff import Staff
from bot.demonstration.teams import Teams
from handlers import dialogue_changes
from storage import commitments, dialogues
from storage.commitments import Commitment
from storage.store import Transaction
from surveys.commitment import Reason, State
from surveys.dialogue import Side

FULL: Given = {"detail": "full", "access": "staff"}
SHORT: Given = {"detail": "short", "access": "staff"}
PLACES = {
    "siem_reap": "សាលាខេត្តសៀមរាប",
    "ratanakiri": "សាលាខេត្តរតនគិរី",
    "kampot": "សាលាខេត្តកំពត",
    "kampong_cham": "សាលាខេត្តកំពង់ចាម",
}
FORUM = dt.date(2022, 5, 12)
LINE = "ផែនការត្រីមាសទី១"


def _said(numbers: str, groups: str, of_groups: str, led: str) -> Given:
    names = ("participants", "women", "speakers", "women_speakers")
    figures = dict(zip(names, numbers.split(), strict=True))
    return {**figures, "groups": groups, "group_speakers": of_groups, "led_by": led}


def _issues(*issues: str) -> Given:
    topics, outcomes, raised = zip(*(issue.split() for issue in issues), strict=True)
    return {
        "issues_n": str(len(issues)), "topic": topics, "outcome": outcomes, "raised_by": raised,
    }  # fmt: skip


def _promises(*promises: tuple[str, str, str]) -> Given:
    if not promises:
        return {"commitments_n": "0"}
    offices, what, due = zip(*promises, strict=True)
    return {"commitments_n": str(len(promises)), "office": offices, "what": what, "due_on": due}


# Of each dialogue what the CSO member and the official report; the fourth official does so late.
REPORTS: dict[str, tuple[Given, Given]] = {
    "siem_reap": (
        {
            **FULL, **_said("46 21 18 8", "9 2 1", "3 1 0", "facilitator"),
            **_issues("waste agreed citizens", "services agreed cso"),
            **_promises(
                ("district_hall", "ដាក់ធុងសំរាមបីពណ៌នៅផ្សារពីរ", "2022-03-15"),
                ("province_hall", "បិទតារាងតម្លៃសេវានៅគ្រប់សាលាសង្កាត់", "2022-03-31"),
            ),
            "told": "គេព្រមព្រៀងលើសំរាមបានលឿន ព្រោះសង្កាត់បានយករូបថតមកបង្ហាញ។",
        },
        {
            **FULL, **_said("46 21 18 8", "9 2 1", "3 1 0", "facilitator"),
            **_issues("waste agreed citizens", "services agreed cso"),
            **_promises(
                ("district_hall", "ធុងញែកសំរាមនៅផ្សារ", "2022-03-15"),
                ("province_hall", "តារាងតម្លៃសេវាសាធារណៈ", "2022-03-31"),
            ),
        },
    ),
    # The two sides see it otherwise.
    "ratanakiri": (
        {
            **FULL, **_said("38 12 14 3", "7 21 0", "1 6 0", "both"),
            **_issues("road disputed citizens", "health agreed cso", "forest deferred citizens"),
            **_promises(
                ("d_works", "ជួសជុលផ្លូវចូលភូមិពីរមុនរដូវវស្សា", "2022-03-20"),
                ("d_health", "ឱ្យមានឆ្មបប្រចាំការពេលយប់", "2022-03-31"),
            ),
        },
        {
            **FULL, **_said("42 12 16 3", "7 21 0", "1 6 0", "both"),
            **_issues("road agreed citizens", "health agreed cso"),
            **_promises(("d_works", "ជួសជុលផ្លូវចូលភូមិ", "2022-03-20")),
        },
    ),
    # The official's is short and not completed yet.
    "kampot": (
        {
            **FULL, **_said("51 30 22 13", "14 0 2", "6 0 1", "mediator"),
            **_issues("water agreed citizens", "agriculture agreed private"),
            **_promises(
                ("d_water", "សាកល្បងគុណភាពទឹកអណ្តូងបីសិបកន្លែង", "2022-03-25"),
                ("d_agriculture", "Find a stall for vegetables at the city market", "2022-06-30"),
                ("cso", "អប់រំប្រជាពលរដ្ឋអំពីការសន្សំសំចៃទឹក", "2022-03-28"),
            ),
        },
        {**SHORT, "topic": "water", "outcome": "agreed"},
    ),
    "kampong_cham": (
        {
            **FULL, **_said("35 15 12 5", "8 0 1", "4 0 0", "none"),
            **_issues("school agreed cso", "jobs deferred citizens"),
            **_promises(("d_education", "បន្ថែមបង្គន់សម្រាប់សិស្សស្រីនៅសាលាពីរ", "2022-05-31")),
            "told": "Young people asked for a training; nobody could promise it.",
        },
        {
            **FULL, **_said("35 15 12 5", "8 0 1", "4 0 0", "none"),
            **_issues("school agreed cso"),
            **_promises(("d_education", "បង្គន់សិស្សស្រី", "2022-05-31")),
        },
    ),
}  # fmt: skip
# Before their roles end, and before the quarter closes.
LATE = moment(4, 2, 16)


@dataclass(frozen=True, slots=True)
class Word:
    """What a side says of a commitment of an office: on which day, how it stands, and why."""

    at: tuple[int, int]
    province: str
    office: str
    side: Side
    state: State
    reason: Reason | None = None


# At every stage: kept in time and late, said by one side or both, blocked, begun, never spoken of.
WORDS = (
    Word((3, 10), "siem_reap", "district_hall", "cso", "in_progress"),
    Word((3, 14), "siem_reap", "district_hall", "cso", "kept"),
    Word((3, 14), "siem_reap", "district_hall", "gov", "kept"),
    Word((3, 30), "siem_reap", "province_hall", "gov", "kept"),
    Word((3, 31), "siem_reap", "province_hall", "cso", "in_progress"),
    Word((3, 21), "ratanakiri", "d_works", "cso", "blocked", "budget"),
    Word((3, 29), "ratanakiri", "d_health", "cso", "kept"),
    Word((3, 24), "kampot", "d_water", "cso", "kept"),
    Word((3, 26), "kampot", "cso", "cso", "in_progress"),
    Word((3, 30), "kampot", "cso", "cso", "kept"),
)


def acts(source: Updates, of: Staff, teams: Teams) -> Iterator[Act]:
    """Yield the dialogues: planned by staff, reported by both sides, their promises followed."""
    yield Act(moment(1, 25, 11), partial(_plan, officer=of.officer))
    for province, (month, day) in DIALOGUES.items():
        team = teams.of(province)
        theirs, ours = REPORTS[province]
        member, official = team[-1], team[0]
        at = moment(month, day, 18)
        yield Act(at, partial(_report, source=source, person=member, said=theirs))
        at = LATE if province == "kampong_cham" else at + dt.timedelta(days=2)
        yield Act(at, partial(_report, source=source, person=official, said=ours))
    for word in WORDS:
        team = teams.of(word.province)
        person = team[-1] if word.side == "cso" else team[0]
        yield Act(moment(*word.at, 14), partial(_say, person=person, word=word))


def _plan(tx: Transaction, officer: Person) -> None:
    for province, (month, day) in DIALOGUES.items():
        dialogue_changes.add(
            tx, officer.id, "provincial", province, dt.date(2022, month, day), PLACES[province],
            "រដ្ឋបាលខេត្ត, បណ្តាញអង្គការខេត្ត", LINE,
        )  # fmt: skip
    dialogue_changes.add(tx, officer.id, "national", None, FORUM, "ក្រសួងមហាផ្ទៃ")


def _report(tx: Transaction, source: Updates, person: Person, said: Given) -> None:
    [about] = [one for one in dialogues.listed(tx) if one.province == person.team]
    report(tx, source, person, about, said)


def _say(tx: Transaction, person: Person, word: Word) -> None:
    commitments.say(tx, _of(tx, word).id, word.side, word.state, person.id, word.reason)


def _of(tx: Transaction, word: Word) -> Commitment:
    """Return what an office promised in a province, as it was named first."""
    found = commitments.listed(tx)
    where = (word.province, word.office)
    return next(one for one in found if (one.province, one.office) == where)
