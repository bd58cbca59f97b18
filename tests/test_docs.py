"""The documents tell the truth: every command, setting, reason, text and term is there."""

import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest
from typer.main import get_command

from bot.cli import app
from bot.settings import Settings
from bot.simulator import people
from bot.simulator.server import Server
from bot.simulator.world import World
from handlers import menus, rights, texts
from surveys.instruments import INSTRUMENTS
from surveys.khmer import utf16_length
from surveys.language import EN, KM
from surveys.respondent import ROLES, SECTORS, may

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
KHMER = re.compile(r"[\u1780-\u17ff]")
# Where a machine of ours, a registry or a tool would give itself away.
GIVEAWAYS = re.compile(r"/(?:work|root|home)/|pythonhosted|registry\.npm|deb\.debian|/tmp/\w")


def documents() -> list[Path]:
    return [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").glob("*.md")]


def test_readme_names_every_command() -> None:
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        for sub in getattr(command, "commands", {"": None}):
            assert f"`samleng {name} {sub}".strip() in README, (name, sub)


def test_every_lever_of_the_simulator_is_described() -> None:
    text = (ROOT / "docs/simulator.md").read_text("utf-8")
    described = {
        (verb, path.partition("?")[0])
        for verb, path in re.findall(r"^\| `(GET|POST|DELETE) (/sim/\S+?)`", text, re.MULTILINE)
    }
    acts = {("POST", f"/sim/people/ID/{act}") for act in people.ACTS}
    routes = {
        (route.method, re.sub(r"\{\w*id.*?\}+", "ID", route.resource.canonical))
        for route in Server(World()).application().router.routes()
        if route.resource and route.method != "HEAD"
    }
    levers = {(verb, path) for verb, path in routes if path.startswith("/sim/")}

    assert described == levers - {("POST", "/sim/people/ID/{act}")} | acts


@pytest.mark.parametrize("name", Settings.model_fields)
def test_readme_has_every_setting_with_its_default_and_help(name: str) -> None:
    field = Settings.model_fields[name]
    default = "" if field.is_required() or field.default is None else f"`{field.default}`"

    row = f"| `SAMLENG_{name.upper()}` | {default} | {field.description} |"
    assert re.sub(" +", " ", row) in README


def test_readme_gives_the_reason_for_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [re.split(r"[<>=\[]", line)[0] for line in project["project"]["dependencies"]]
    table = README.partition("## What it stands on")[2]
    named = re.findall(r"^\| ([\w-]+) \| .{5,} \|$", table, re.MULTILINE)

    assert set(named) - {"package"} == set(wanted)


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda item: item.form_id)
def test_readme_names_every_survey(instrument: object) -> None:
    assert f"| `{instrument.form_id}` |" in README  # type: ignore[attr-defined]


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_links_lead_somewhere_and_nothing_of_a_machine_is_named(document: Path) -> None:
    text = document.read_text("utf-8")

    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (document.parent / target).exists(), target
    assert not GIVEAWAYS.search(text)


def test_the_glossary_points_to_places_that_exist() -> None:
    places = re.findall(r"`([\w/.]+(?:\.\w+|/))`", (ROOT / "GLOSSARY.md").read_text("utf-8"))

    assert len(places) > 20
    for place in places:
        assert (ROOT / place).exists(), place


def test_both_languages_have_the_same_texts_with_the_same_placeholders() -> None:
    english, khmer = texts.catalogue(EN), texts.catalogue(KM)

    assert english.keys() == khmer.keys()
    for key in english:
        assert fields(english[key]) == fields(khmer[key]), key
        assert english[key].strip(), key
        assert KHMER.search(khmer[key]), key


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_no_text_is_left_over_and_none_is_missing() -> None:
    """A key is named in the code as a whole, or by its beginning and a word of a registry."""
    source = "\n".join(
        path.read_text("utf-8")
        for floor in ("bot", "handlers")
        for path in (ROOT / floor).rglob("*.py")
    )
    named = set(re.findall(r'"([a-z]+(?:[._][a-z_0-9]+)*)"', source))
    begun = re.findall(r'"([a-z_]+\.[a-z_]*)" \+', source)
    beginnings = (*re.findall(r'"([a-z_]+\.)"', source), *begun, "reject.", "command.")

    for key in texts.catalogue(EN):
        assert key in named or key.startswith(beginnings), key
    for role in ROLES:
        assert f"role.{role}" in texts.catalogue(EN)
    for sector in SECTORS:
        assert f"sector.{sector}" in texts.catalogue(EN)
    for instrument in INSTRUMENTS:
        assert f"form.{instrument.form_id}" in texts.catalogue(EN)


def test_texts_fit_where_they_are_shown() -> None:
    for code in (EN, KM):
        for key, text in texts.catalogue(code).items():
            longest = {"stale_button": 200, "only_staff": 200}.get(key, 4096)
            assert utf16_length(text) <= longest, (code, key)
            if key.startswith("reject."):
                assert utf16_length(text) <= 200, (code, key)


def test_the_menu_is_described_in_both_languages_and_every_right_is_in_it() -> None:
    for code in (EN, KM):
        assert all(texts.say(code, f"command.{name}") for name in menus.COMMANDS)
    assert all(f"`/{name}`" in README for name in menus.COMMANDS)
    acts = [menus.COMMANDS[right] for right in rights.WORDS]
    assert all(may(role, act) for role in ROLES for act in acts)


@pytest.mark.parametrize("name", sorted(rights.WORDS))
def test_every_right_can_be_asked_for_as_a_command_and_in_words_of_both_languages(
    name: str,
) -> None:
    words = rights.WORDS[name]

    assert rights.wish(f"/{name}") == name
    assert all(rights.wish(word) == name for word in words)
    assert any(KHMER.search(word) for word in words)
    assert any(word.isascii() for word in words)
