"""The four teams of the demonstration: eighteen officials and twelve CSO members, and what is fixed
of what they say: the published figures.
"""

from dataclasses import dataclass

from bot.demonstration.chance import Chance
from bot.demonstration.citizens import AGES
from bot.demonstration.people import NOBODY, PROVINCES, Person

NASLA = "nasla"
OFFICIALS = {**dict.fromkeys(PROVINCES, 4), NASLA: 2}
MEMBERS = dict.fromkeys(PROVINCES, 3)
# Fifteen of the eighteen officials and ten of the twelve CSO members agree: 25 of 30, 83 %.
IMPROVED = {
    "gov": (*6 * ("5",), *9 * ("4",), "3", "3", "2"),
    "cso": (*4 * ("5",), *6 * ("4",), "3", "2"),
}
# Ten of the twelve are interviewed, and eight feel confident and trust: 80 %.
TRUST = (*3 * ("5",), *5 * ("4",), "3", "2")
MODULES = ("engagement", "data", "systems", "problems", "story", "culture")
PROPOSALS = {
    ("siem_reap", "dialogue"): "បើកកិច្ចសន្ទនាឱ្យអ្នករស់នៅសហគមន៍ចូលរួម និងផ្សាយលទ្ធផលជាសាធារណៈ",
    ("siem_reap", "social"): "ញែកសំរាមពីផ្ទះ ក្នុងសង្កាត់ពីរនៃក្រុង",
    ("ratanakiri", "dialogue"): "មានអ្នកបកប្រែភាសាជនជាតិដើមភាគតិចក្នុងកិច្ចសន្ទនានីមួយៗ",
    ("ratanakiri", "social"): "ទឹកស្អាតសម្រាប់សាលាបឋមបីនៅតំបន់ឆ្ងាយ",
    ("kampot", "dialogue"): "តារាងតាមដានការប្តេជ្ញាចិត្ត បិទនៅមុខសាលាខេត្ត",
    ("kampot", "social"): "ទីផ្សារបន្លែសុវត្ថិភាពសម្រាប់កសិករស្ត្រី",
    ("kampong_cham", "dialogue"): "A short meeting of women and young people before each dialogue",
    ("kampong_cham", "social"): "Safe crossing in front of two schools",
}
PRODUCTS = (
    ("newsletter", "en", "The quarterly newsletter", "published", (1, 28)),
    ("brief", "km", "សេចក្តីសង្ខេបព្រឹត្តិបត្រប្រចាំត្រីមាស", "published", (2, 4)),
    ("poster", "km", "ផ្ទាំងរូបភាពអំពីកិច្ចសន្ទនាខេត្តទាំងបួន", "published", (2, 11)),
    ("video", "both", "What the four teams proposed", "published", (3, 25)),
    ("post", "km", "លទ្ធផលកិច្ចសន្ទនាខេត្តកំពត", "published", (3, 7)),
    ("newsletter", "both", "The newsletter of the first quarter", "draft", (3, 31)),
)
LINES = (
    ("អញ្ជើញអង្គការស្ត្រីឱ្យចូលរួមរៀបចំរបៀបវារៈ", "រដ្ឋបាលខេត្ត", "done"),
    ("ផ្សាយកំណត់ហេតុកិច្ចប្រជុំក្នុងរយៈពេលពីរសប្តាហ៍", "រដ្ឋបាលខេត្ត", "in_progress"),
)
IDEAS = (
    ("waste", "សំរាមនៅផ្សារពេលយប់", "ធុងញែកសំរាមមានពណ៌ ដែលយុវជនមើលថែ"),
    ("services", "ប្រជាពលរដ្ឋមិនដឹងតម្លៃសេវា", "សំឡេងពន្យល់តម្លៃសេវាតាមទូរស័ព្ទ"),
    ("dialogue", "Few women speak in meetings", "A round in which women speak first"),
    ("water", "អណ្តូងខូចគ្មានអ្នកជួសជុល", "ក្រុមជួសជុលអណ្តូងរបស់ឃុំ"),
    ("school", "ក្មេងឈប់រៀនពេលច្រូតស្រូវ", "ថ្នាក់បន្ថែមក្រោយរដូវច្រូតកាត់"),
    ("jobs", "Young people don't know of training", "A list of courses at the commune hall"),
)

# Two organisations of each province, by their codes: in English and in Khmer.
NAMES = {
    "network": ("NGO network of {en}", "បណ្តាញអង្គការខេត្ត{km}"),
    "women": ("Women's association of {en}", "សមាគមស្ត្រីខេត្ត{km}"),
}
WHERE = {
    "siem_reap": ("Siem Reap", "សៀមរាប"),
    "ratanakiri": ("Ratanakiri", "រតនគិរី"),
    "kampot": ("Kampot", "កំពត"),
    "kampong_cham": ("Kampong Cham", "កំពង់ចាម"),
}


def organisations() -> dict[str, tuple[str, str]]:
    """Return the organisations by their codes: the name in English and in Khmer."""
    return {
        f"{kind}_{province}": (in_en.format(en=en), in_km.format(km=km))
        for kind, (in_en, in_km) in NAMES.items()
        for province, (en, km) in WHERE.items()
    }


@dataclass(frozen=True, slots=True)
class Teams:
    """The thirty people of the teams."""

    officials: tuple[Person, ...]
    members: tuple[Person, ...]

    @property
    def everybody(self) -> tuple[Person, ...]:
        """All of them."""
        return (*self.officials, *self.members)

    @property
    def speakers(self) -> tuple[Person, ...]:
        """One member of each organisation."""
        first = {person.organisation: person for person in reversed(self.members)}
        return tuple(first.values())

    def of(self, province: str) -> list[Person]:
        """Return the team of a province."""
        return [person for person in self.everybody if person.team == province]


def teams(chance: Chance) -> Teams:
    """Return the teams."""
    ids = iter(range(NOBODY, NOBODY + 100))
    officials = [
        _member(chance, next(ids), "gov", team) for team, n in OFFICIALS.items() for _ in range(n)
    ]
    members = [
        _member(chance, next(ids), "cso", team) for team, n in MEMBERS.items() for _ in range(n)
    ]
    for at, person in enumerate(members):
        person.organisation = f"{'women' if at % 3 == 2 else 'network'}_{person.team}"
    return Teams(tuple(officials), tuple(members))


def _member(chance: Chance, telegram_id: int, sector: str, team: str) -> Person:
    return Person(
        telegram_id,
        chance.weighted({"km": 80, "en": 20}),
        "gov" if sector == "gov" else "cso",
        "phnom_penh" if team == NASLA else team,
        "reporter",
        team,
        {"sex": chance.weighted({"f": 45, "m": 55}), "age_group": chance.weighted(AGES)},
    )
