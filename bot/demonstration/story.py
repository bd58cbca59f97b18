"""What the four teams do in the quarter: learn, travel, propose, meet, and say how it was."""

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial

from bot.demonstration.acts import Act, by_day, moment
from bot.demonstration.chance import Chance
from bot.demonstration.citizens import AGREE, DIALOGUES, event
from bot.demonstration.filling import Updates, fill, introduce, tell_more
from bot.demonstration.people import PROVINCES, Person, arrive
from bot.demonstration.sentences import say
from bot.demonstration.teams import (
    IDEAS,
    IMPROVED,
    LINES,
    MODULES,
    PRODUCTS,
    PROPOSALS,
    TRUST,
    Teams,
)
from handlers.linking import LINKAGE_VERSION
from storage import linkage
from storage.store import Transaction


def _decides(tx: Transaction, person: Person, *, agreed: bool) -> None:
    linkage.decide(tx, person.id, LINKAGE_VERSION, person.language, agreed=agreed)


class Story:
    """What the teams do in the quarter, as acts."""

    def __init__(self, chance: Chance, source: Updates, of: Teams) -> None:
        self.chance, self.source, self.teams = chance, source, of

    def acts(self) -> Iterator[Act]:
        """Yield all of it."""
        yield from self._arrivals()
        yield from self._feedback()
        yield from self._trainings()
        yield from self._agreements()
        yield from self._tour()
        yield from self._proposals()
        yield from self._meetings()
        yield from self._organisations()
        yield from self._products()

    def _fills(
        self, person: Person, form_id: str, at: dt.datetime, given: Mapping[str, str],
        event: str | None = None,
    ) -> Act:  # fmt: skip
        return Act(at, lambda tx: fill(tx, self.source, person, form_id, given, event=event))

    def _says(self, person: Person, about: str, percent: int = 75) -> str:
        is_said = self.chance.happens(percent)
        return say(self.chance, about, person.language) if is_said else ""

    def _arrivals(self) -> Iterator[Act]:
        for person in self.teams.everybody:
            yield self._arrives(person)
        for person in self.teams.everybody:
            given = {
                "team": person.team,
                "parts": self.chance.pick(("bootcamp codesign revision", "codesign revision")),
                "before": self.chance.weighted({"yes": 45, "no": 50, "dont_know": 5}),
                "fully": self.chance.weighted({"yes": 60, "partly": 32, "no": 4, "no_answer": 4}),
                "easier": self._says(person, "need", 40),
            }
            at = by_day(self.chance, moment(1, 20), 8)
            yield self._fills(person, "codesign_attendance", at, given)

    def _arrives(self, person: Person) -> Act:
        def comes(tx: Transaction) -> None:
            arrive(tx, self.source.bot_id, person)
            introduce(tx, self.source, person)
            tell_more(tx, self.source, person)

        return Act(by_day(self.chance, moment(1, 3), 1), comes)

    def _feedback(self) -> Iterator[Act]:
        """Yield the co-design feedback of all thirty, and the interviews of ten CSO members."""
        rated = zip(self.teams.officials, self._shuffled(IMPROVED["gov"]), strict=True)
        others = zip(self.teams.members, self._shuffled(IMPROVED["cso"]), strict=True)
        for person, improved in (*rated, *others):
            given = {
                "rel_improved": improved,
                **{name: self._agrees() for name in ("inclusive", "felt_heard", "women_heard")},
                "better": self._says(person, "better"),
            }
            at = by_day(self.chance, moment(3, 10), 9)
            yield self._fills(person, "codesign_feedback", at, given)
        for person, trust in zip(self.teams.members, self._shuffled(TRUST), strict=False):
            given = {
                "contact": self.chance.weighted({"weekly": 20, "monthly": 60, "less": 20}),
                "trust": trust,
                "can_say": self._agrees(),
                "responsive": self._agrees(),
                "why": self._says(person, "why", 90),
            }
            at = by_day(self.chance, moment(3, 16), 7)
            yield self._fills(person, "cso_interview", at, given)

    def _shuffled(self, values: tuple[str, ...]) -> list[str]:
        order = self.chance.several(dict.fromkeys(range(len(values)), 1), len(values))
        return [values[at] for at in order]

    def _agrees(self) -> str:
        return self.chance.weighted(AGREE)

    def _trainings(self) -> Iterator[Act]:
        """Yield two modules of everybody: before and after, and its use a month later."""
        for person in self.teams.everybody:
            for module, month, day in zip(
                self.chance.several(dict.fromkeys(MODULES, 1), 2), (1, 2), (10, 14), strict=True
            ):
                yield from self._module(person, module, month, day)

    def _agreements(self) -> Iterator[Act]:
        """Yield who agrees that answers of several times are put side by side: nearly all."""
        for at, person in enumerate(self.teams.everybody):
            agreed = at % 8 != 7
            when = by_day(self.chance, moment(2, 19))
            yield Act(when, partial(_decides, person=person, agreed=agreed))

    def _module(self, person: Person, module: str, month: int, day: int) -> Iterator[Act]:
        before = 1 + self.chance.weighted({0: 25, 1: 45, 2: 30})
        after = min(5, before + self.chance.weighted({0: 15, 1: 50, 2: 35}))
        shared = {"module": module, "occasion": self.chance.pick(("often", "sometimes", "rarely"))}
        first = {**shared, "stage": "before", "skill": str(before)}
        last = {
            **shared, "stage": "after", "skill": str(after),
            "completed": self.chance.weighted({"yes": 85, "part": 15}),
            "will_try": self._says(person, "will_try"),
        }  # fmt: skip
        form, at = "training_pulse", moment(month, day)
        first["hopes"] = self._says(person, "hopes")
        yield self._fills(person, form, by_day(self.chance, at), first)
        if self.chance.happens(92):
            yield self._fills(person, form, by_day(self.chance, at + dt.timedelta(days=3)), last)
        if month == 1 and self.chance.happens(60):
            yield self._use(person, module, after)

    def _use(self, person: Person, module: str, skill: int) -> Act:
        used = self.chance.weighted({"yes": 45, "partly": 35, "no": 20})
        given = {
            "module": module,
            "used": used,
            "used_for": self._says(person, "used_for", 95),
            "obstacles": self.chance.pick(("time", "time budget", "occasion", "authority")),
            "skill": str(skill),
            "help": self._says(person, "help"),
        }
        return self._fills(person, "training_use", by_day(self.chance, moment(2, 14), 6), given)

    def _tour(self) -> Iterator[Act]:
        """Yield the study tour of twelve: three of each team, and what they applied."""
        travellers = [self.teams.of(province)[at] for province in PROVINCES for at in (0, 1, 4)]
        for person in travellers:
            yield self._fills(person, "tour_expectation", by_day(self.chance, moment(1, 4)), {
                "topics": self.chance.pick(("dialogue women", "services data", "planning")),
                "question": self._says(person, "question"),
                "can_change": self.chance.weighted({"very_little": 2, "some": 5, "a_lot": 3}),
                "known": self.chance.pick(("most", "some", "none")),
                "need": self._says(person, "need", 60),
            })  # fmt: skip
            yield self._fills(person, "tour_learning", by_day(self.chance, moment(1, 8)), {
                "useful": self.chance.weighted({"5": 4, "4": 5, "3": 2}),
                "seen": self._says(person, "seen", 95),
                "talked": self.chance.weighted({"some": 2, "a_lot": 5, "great_deal": 3}),
                "will_try": self.chance.weighted({"yes": 7, "maybe": 3}),
                "try_what": self._says(person, "try_what", 95),
            })  # fmt: skip
        for person in travellers[:10]:
            yield self._applied(person)

    def _applied(self, person: Person) -> Act:
        applied = self.chance.weighted({"yes": 5, "partly": 3, "no": 2})
        return self._fills(person, "tour_followup", by_day(self.chance, moment(3, 11), 5), {
            "applied": applied,
            "what": self._says(person, "applied_what", 95),
            "obstacles": self.chance.pick(("time", "budget", "authority support")),
            "told": str(2 + self.chance.below(25)),
            "help": self._says(person, "help", 60),
        })  # fmt: skip

    def _proposals(self) -> Iterator[Act]:
        for (province, kind), about in PROPOSALS.items():
            team = self.teams.of(province)
            person = team[-1] if kind == "dialogue" else team[0]
            whose = {"team": province, "proposal_type": kind}
            at = by_day(self.chance, moment(3, 21), 4)
            given = {**whose, "about": about, "made_by": "both", "state": "developed"}
            yield self._fills(person, "proposal", at, given)
            for month in (2, 3):
                yield self._fills(person, "team_checkin", by_day(self.chance, moment(month, 24)), {
                    **whose,
                    "progress": self.chance.weighted({"as_planned": 7, "slower": 3}),
                    "met": str(1 + self.chance.below(5)),
                    "need": self._says(person, "help", 50),
                })  # fmt: skip
            yield self._milestone(person, whose, is_late=(province, kind) == ("kampot", "social"))
        for person, (topic, problem, idea) in zip(self.teams.everybody[::5], IDEAS, strict=True):
            given = {"topic": topic, "problem": problem, "idea": idea, "tried": "no"}
            given["for_whom"] = self.chance.pick(("women youth", "everyone", "indigenous poor"))
            when = by_day(self.chance, moment(2, 1), 20)
            yield self._fills(person, "innovation_idea", when, given)

    def _milestone(self, person: Person, whose: Mapping[str, str], *, is_late: bool) -> Act:
        given = {
            **whose,
            "milestone": "ថវិកា និងផែនការបានព្រមព្រៀង",
            "planned_for": "2022-03-15" if is_late else "2022-04-15",
            "state": "late" if is_late else "in_time",
            "need": say(self.chance, "help", person.language),
        }
        return self._fills(person, "grant_milestone", by_day(self.chance, moment(3, 26)), given)

    def _meetings(self) -> Iterator[Act]:
        """Yield how the four dialogues were facilitated, and where their work plans stand."""
        for province, day in DIALOGUES.items():
            for person in self.teams.of(province):
                names = ("felt_heard", "neutral", "women_spoke", "clear")
                given = {name: self._agrees() for name in names}
                given["better"] = self._says(person, "better", 50)
                at = by_day(self.chance, moment(*day))
                yield self._fills(person, "facilitation_rating", at, given, event(province))
            person = self.teams.of(province)[-1]
            for line, office, state in LINES:
                yield self._fills(person, "work_plan_line", by_day(self.chance, moment(3, 29)), {
                    "dialogue": f"pd_{province}", "line": line, "office": office,
                    "planned_for": "2022-03-31", "state": state,
                    "obstacle": self._says(person, "why", 60),
                })  # fmt: skip

    def _organisations(self) -> Iterator[Act]:
        for person in self.teams.speakers:
            brought = self.chance.weighted({"0": 1, "1_2": 5, "3_up": 6})
            yield self._fills(person, "cso_card", by_day(self.chance, moment(2, 1), 9), {
                "funds_last": self.chance.weighted({"under_3": 3, "3_6": 4, "7_12": 4}),
                "sources": self.chance.weighted({"1": 4, "2_3": 6, "4_up": 2}),
                "brought": brought,
                "answered": self.chance.weighted({"often": 3, "sometimes": 6, "rarely": 3}),
                "shares": self.chance.pick(("network", "network training", "information means")),
                "first": self.chance.weighted({"finance": 7, "advocacy": 3, "infrastructure": 2}),
            })  # fmt: skip

    def _products(self) -> Iterator[Act]:
        person = self.teams.members[0]
        for kind, language, about, state, (month, day) in PRODUCTS:
            given = {"product_type": kind, "language": language, "about": about, "state": state}
            if state == "published":
                given["published_on"] = f"2022-{month:02}-{day:02}"
                given["found_at"] = "សាលាខេត្តសៀមរាប"
            yield self._fills(person, "product", moment(month, day, 15, 30), given)
