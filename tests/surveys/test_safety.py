"""Who writes of violence or a threat is understood, in whatever script; nobody else is bothered."""

from collections.abc import Callable
from pathlib import Path

import pytest

from surveys import safety, wordlists
from surveys.instruments import INSTRUMENTS
from surveys.safety import hotlines, speaks_of_danger

THREATENED = [
    "They threaten me because of the land",
    "My husband beats me every night",
    "He said he will kill me",
    "somebody wants to kill us",
    "I am afraid for my life.",
    "I was raped last year",
    "There is violence in my house",
    "He hits me when he drinks",
    "the guards attacked us with sticks",
    "I don’t want to live any more",
    "THEY ARE THREATENING MY FAMILY!!",
    "The teacher abuses the children",
    "My boss harasses me",
    "they kidnapped my brother",
    "ប្តីខ្ញុំវាយខ្ញុំរាល់យប់",
    "គេគំរាមកំហែងខ្ញុំ",
    "មេឃុំបានគំរាមយើងកុំឱ្យនិយាយ",
    "ខ្ញុំត្រូវគេវាយដំ",
    "គេនឹងសម្លាប់ខ្ញុំ",
    "គេចង់សំលាប់យើង",
    "មានអំពើហិង្សាក្នុងគ្រួសារខ្ញុំ",
    "ខ្ញុំមិនចង់រស់ទៀតទេ",
    "គេ រំលោភ ក្មេង ម្នាក់ នៅ ភូមិ ខ្ញុំ",
    "គាត់តែងតែធ្វើបាបកូន",
    "គេគំ\u200bរាម\u200bខ្ញុំ",
    "គេដុតផ្ទះខ្ញុំ",
    "គេចាប់ពង្រត់ប្អូនខ្ញុំ",
    "ខ្ញុំគិតចង់ធ្វើអត្តឃាត",
    "ke komream khnhom",
    "pdey veay knhom roal yub",
    "ke chong somlab yeung",
    "Ke neung somlab knhom",
    "mean hingsa knong krousa",
    "knhom min chong ros te",
    "ប្តីខ្ញុំ beats me",
]
HARMLESS = [
    "The thread of the discussion was lost",
    "Please fix the road, it is killing our business",
    "Use less weed killer on the fields",
    "There is a threat of floods every year",
    "Logging is a threat to the forest",
    "Stop abuse of power in the commune",
    "We beat the drought with new wells",
    "The heart of the village beats",
    "The drapes in the hall are old",
    "grapes and rice",
    "He hit the nail on the head",
    "A violent storm destroyed the school",
    "skilled workers",
    "The meeting was a hit",
    "សូមវាយតម្លៃសេវារបស់ឃុំ",
    "ថ្នាំសម្លាប់ស្មៅធ្វើឱ្យទឹកខូច",
    "ថ្នាំសម្លាប់សត្វល្អិតថ្លៃ",
    "សំរាមច្រើនពេក",
    "គេរំលោភដីព្រៃសហគមន៍",
    "ខ្ញុំវាយអក្សរមិនចេះ",
    "សត្វល្អិតបៀតបៀនដំណាំ",
    "យើងជឿលើអហិង្សា",
    "ស្លាប់គោក្របីច្រើន",
    "សម្លាប់មូសដើម្បីការពារគ្រុនឈាម",
    "khnhom chong ban tuk sa-at",
    "phlov khoch nas",
    "somrach chet nov khum",
]
FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]


def everyday() -> list[str]:
    """Return what people answer in the tests of languages."""
    lines = (FOLDER / "languages.tsv").read_text("utf-8").splitlines()
    return [line.partition("\t")[2] for line in lines]


def conversations() -> list[str]:
    """Return every line of the transcripts but those about this, and of the project's forms."""
    paths = [p for p in (ROOT / "tests/transcripts").glob("*.txt") if "safety" not in p.stem]
    paths += [item.path for item in INSTRUMENTS]
    return [line for path in paths for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("text", THREATENED)
def test_who_is_threatened_or_hurt_is_understood(text: str) -> None:
    assert speaks_of_danger(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_sounds_alike_is_harmless(text: str) -> None:
    assert not speaks_of_danger(text)


def test_everyday_answers_and_all_conversations_are_harmless(
    figure: Callable[[str], None],
) -> None:
    texts = [*everyday(), *conversations()]

    assert [text for text in texts if speaks_of_danger(text)] == []
    found = sum(map(speaks_of_danger, THREATENED))
    figure(f"words of danger: {found} of {len(THREATENED)} texts understood, "
           f"none of {len(HARMLESS) + len(texts)} harmless ones taken for one")  # fmt: skip


def test_each_word_of_the_list_is_found_and_what_is_harmless_is_none() -> None:
    for row in wordlists.rows(safety.FOLDER / "words.csv"):
        written = row["words"].replace("*", "x")
        assert row["means"] in {safety.DANGER, safety.HARMLESS}, row
        assert row["language"] in {"km", "en", "km-Latn"}, row
        assert speaks_of_danger(written) == (row["means"] == safety.DANGER), row


def test_a_number_that_is_written_down_has_a_source() -> None:
    rows = [row for row in wordlists.rows(safety.FOLDER / "hotlines.csv") if row["number"]]

    assert rows
    assert all(row["source"].startswith("https://") for row in rows)


def test_only_hotlines_whose_number_was_confirmed_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all(line.number for line in hotlines())
    head = "# for staff\nname_km,name_en,number,source,confirmed\n"
    table = "ក,A,,,2026-11-24\nខ,B, 012 ,a poster,2026-11-24\nគ,C,013,a page,\n"
    (tmp_path / "hotlines.csv").write_text(head + table)
    monkeypatch.setattr(safety, "FOLDER", tmp_path)

    assert [(line.names, line.number) for line in hotlines.__wrapped__()] == [
        ({"km": "ខ", "en": "B"}, "012")
    ]
