"""What stands in deploy/, and on the page on scaling, fits the program."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from bot.app import ENDING_SECONDS
from bot.settings import Settings
from bot.webhook import CONNECTIONS, LARGEST_BODY, PATH
from storage.database import MEDIA
from storage.postgres import CONNECT, THREADS

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
FILES = sorted(DEPLOY.iterdir())
COMPOSE = [path for path in FILES if path.suffix == ".yaml"]
UNITS = [path for path in FILES if path.suffix == ".service"]
SECRETS = ("BOT_TOKEN", "DATABASE_URL")


def read(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def settings_of(text: str, setting: str) -> set[str]:
    """Return the values that a setting is given, however the file writes it."""
    return set(re.findall(rf'SAMLENG_{setting}(?:=|: )"?([^\s",\']+)', text))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    named = set(re.findall(r"SAMLENG_(\w+)", path.read_text("utf-8")))

    assert {name.lower() for name in named} <= set(Settings.model_fields)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_says_what_it_is_and_the_page_names_it(path: Path) -> None:
    assert path.read_text("utf-8").startswith("# ")
    assert path.name == "README.md" or f"| [{path.name}]({path.name}) | " in read("README.md")


def test_the_page_says_that_no_container_was_run() -> None:
    assert "were only checked for syntax" in " ".join(read("README.md").split())


def test_the_image_holds_every_floor_and_what_is_in_none_of_them() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    floors = project["tool"]["importlinter"]["root_packages"]

    assert re.findall(r"^COPY (\w+) /opt/samleng/", read("Dockerfile"), re.MULTILINE) == floors
    allowed = re.findall(r"^!(\w+)$", read("Dockerfile.dockerignore"), re.MULTILINE)
    assert allowed == floors
    assert "--require-hashes -r /requirements.lock" in read("Dockerfile")
    assert "!requirements.lock" in read("Dockerfile.dockerignore")


def test_the_image_runs_as_nobody_and_volumes_lie_where_the_bot_looks() -> None:
    image = read("Dockerfile")
    (user,) = re.findall(r"^USER (\d+):\1$", image, re.MULTILINE)
    (folder,) = settings_of(image, "DATA_DIR")
    replicas = read("compose.replicas.yaml")

    assert f"--uid {user}" in image
    assert f"samleng -m 0700 {folder} {folder}/{MEDIA} /key" in image
    assert f"- data:{folder}\n" in read("compose.yaml")
    assert f"- media:{folder}/{MEDIA}\n" in replicas
    assert f"- {folder}:uid={user},gid={user},mode=0700\n" in replicas
    assert settings_of(replicas, "KEY_FILE") == {"/key/secret.key"}


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.name)
def test_every_anchor_and_volume_of_a_compose_file_is_there(path: Path) -> None:
    text = path.read_text("utf-8")
    volumes = text.partition("\nvolumes:\n")[2]

    assert "\t" not in text
    assert set(re.findall(r": \*(\w+)", text)) == set(re.findall(r": &(\w+)", text))
    used = re.findall(r"^ +- (\w+):/", text, re.MULTILINE)
    assert set(used) == set(re.findall(r"^  (\w+):$", volumes, re.MULTILINE))


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.name)
def test_bots_in_containers_can_write_nothing_else_and_have_time_to_end(path: Path) -> None:
    text = path.read_text("utf-8")
    bot = text.partition("image: samleng\n")[2].partition("\n\n")[0]

    for line in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "- /tmp"):
        assert line in bot
    (grace,) = re.findall(r"stop_grace_period: (\d+)s", bot)
    assert int(grace) > 2 * ENDING_SECONDS


def test_the_proxy_knows_the_port_of_every_replica_and_only_telegrams_path() -> None:
    proxy, compose = read("Caddyfile"), read("compose.replicas.yaml")
    ports = re.findall(r"127\.0\.0\.1:(\d+)", proxy)

    assert re.findall(r"^  replica-(\d+):$", compose, re.MULTILINE) == ports
    assert re.findall(r'SAMLENG_WEBHOOK_PORT: "(\d+)"', compose) == ports
    assert re.findall(r"path (\S+)", proxy) == [PATH]
    assert f"max_size {LARGEST_BODY // 2**20}MiB" in proxy
    assert all(f"samleng@{port}" in read("README.md") for port in ports)
    for text in (compose, read("README.md"), read("samleng@.service")):
        assert all(url.endswith(PATH) for url in settings_of(text, "WEBHOOK_URL"))


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_keeps_secrets_out_of_itself_and_writes_only_in_its_own_folder(path: Path) -> None:
    text = path.read_text("utf-8")
    (folder,) = settings_of(text, "DATA_DIR")
    (states,) = re.findall(r"^StateDirectory=(.+)$", text, re.MULTILINE)

    assert folder.removeprefix("%S/") in states.split()
    assert not re.search(rf"^Environment=SAMLENG_({'|'.join(SECRETS)})", text, re.MULTILINE)
    for credential in re.findall(r"%d/([\w-]+)", text):
        assert f"\nLoadCredential={credential}:/etc/samleng/" in text
    (grace,) = re.findall(r"TimeoutStopSec=(\d+)", text)
    assert int(grace) > 2 * ENDING_SECONDS


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_hands_its_secrets_to_the_bot(path: Path, tmp_path: Path) -> None:
    (start,) = re.findall(r"^ExecStart=/bin/sh -c '(.+)'$", path.read_text("utf-8"), re.MULTILINE)
    for name in re.findall(r"%d/([\w-]+)", start):
        (tmp_path / name).write_text(f"a {name}\n")
    script = start.replace("$$", "$").replace("%d", str(tmp_path))
    script = script.replace("/opt/samleng/.venv/bin/samleng run", "env")

    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True)

    assert "\nSAMLENG_BOT_TOKEN=a token\n" in f"\n{done.stdout}"
    if "@" in path.name:
        assert "\nSAMLENG_DATABASE_URL=a database-url\n" in f"\n{done.stdout}"


def test_both_units_are_hardened_alike() -> None:
    hardened = [path.read_text("utf-8").partition("# Nothing but")[2] for path in UNITS]

    assert hardened[0] == hardened[1]
    for line in ("ProtectSystem=strict", "UMask=0077", "NoNewPrivileges=yes", "LimitCORE=0"):
        assert f"\n{line}\n" in hardened[0]


def test_replicas_share_the_folder_of_what_people_sent() -> None:
    unit = read("samleng@.service")

    assert f"BindPaths=%S/samleng/{MEDIA}:%S/samleng/%i/{MEDIA}\n" in unit
    assert settings_of(unit, "WEBHOOK_PORT") == {"%i"}


def test_the_page_on_scaling_has_the_programs_own_numbers() -> None:
    page = " ".join((ROOT / "docs/scaling.md").read_text("utf-8").split())

    assert f"**Connections**: {THREADS + 1} for each replica" in page
    assert f"(ours asks for {CONNECTIONS}; it allows 100)" in page
    assert f"`SAMLENG_RATE` is {Settings.model_fields['rate'].default:.0f} to stay below" in page
    for limit in re.findall(r"-c (\w+)=(\w+)", CONNECT["options"]):
        assert "SET {} = '{}'".format(*limit) in page


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_has_no_objection_to_a_unit(path: Path, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze was found: the units are unverified")
    unit = shutil.copy(path, tmp_path / path.name.replace("@.", "@8443."))

    done = subprocess.run(
        [analyze, "verify", str(unit)], capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
