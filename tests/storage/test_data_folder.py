"""The data folder: for one process, for one key, for its owner's eyes."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from storage.database import DATABASE, EXPORTS, KEY, LOCK, MEDIA, lock, open_store, reading
from storage.errors import AlreadyRunning, KeyMismatch, KeyUnreadable
from storage.keys import random_id
from storage.schema import backup
from storage.store import Store

pytestmark = pytest.mark.one_file

TAKE = "import sys, pathlib; from storage.database import lock; lock(pathlib.Path(sys.argv[1]))"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_first_start_makes_everything_and_only_the_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "new"

    store = open_store(folder)
    store.run(lambda _: None)

    assert {name: mode(folder / name) for name in (DATABASE, f"{DATABASE}-wal", KEY)} == {
        DATABASE: 0o600,
        f"{DATABASE}-wal": 0o600,
        KEY: 0o600,
    }
    assert {mode(path) for path in (folder, folder / MEDIA, folder / EXPORTS)} == {0o700}
    store.close()


def test_a_second_start_finds_the_same_database(folder: Path) -> None:
    key = (folder / KEY).read_text()

    open_store(folder).close()

    assert (folder / KEY).read_text() == key


def test_another_key_is_refused_and_nothing_is_changed(folder: Path) -> None:
    before = (folder / DATABASE).read_bytes()
    (folder / KEY).write_text(random_id() + random_id())

    with pytest.raises(KeyMismatch, match="doesn't belong"):
        open_store(folder)

    assert (folder / DATABASE).read_bytes() == before


def test_a_lost_key_is_not_replaced_by_a_new_one(folder: Path) -> None:
    (folder / KEY).unlink()

    with pytest.raises(KeyMismatch):
        open_store(folder)

    assert not (folder / KEY).exists()


@pytest.mark.parametrize("content", ["", "\n", "abcd", "not hexadecimal", "00" * 31])
def test_an_empty_or_cut_key_is_refused(tmp_path: Path, content: str) -> None:
    key = tmp_path / "key"
    key.write_text(content)

    with pytest.raises(KeyUnreadable):
        open_store(tmp_path / "data", key_file=key)

    assert not (tmp_path / "data" / DATABASE).exists()


def test_the_key_may_lie_elsewhere(tmp_path: Path) -> None:
    key = tmp_path / "key"

    open_store(tmp_path / "data", key_file=key).close()

    assert mode(key) == 0o600
    assert not (tmp_path / "data" / KEY).exists()


def test_a_folder_is_for_one_process_at_a_time(folder: Path) -> None:
    with lock(folder), pytest.raises(AlreadyRunning, match="stop it first"):
        lock(folder)

    lock(folder).close()


def test_a_lock_holds_against_other_processes_and_ends_with_its_own(folder: Path) -> None:
    with lock(folder):
        refused = subprocess.run(
            [sys.executable, "-c", TAKE, str(folder)], capture_output=True, text=True, check=False
        )
    free = subprocess.run([sys.executable, "-c", TAKE, str(folder)], check=False)

    assert "AlreadyRunning" in refused.stderr
    assert free.returncode == 0
    assert (folder / LOCK).read_text() == ""


def test_a_backup_is_whole_and_private_and_replaces_an_older_one(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "copy" / DATABASE
    target.parent.mkdir()
    target.write_text("half a backup")

    backup(store.path, target)

    with reading(target.parent) as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert connection.exec_driver_sql("SELECT count(*) FROM meta").scalar() == 1
    assert mode(target) == 0o600


def test_a_database_can_be_read_while_nobody_runs_the_bot(folder: Path) -> None:
    with reading(folder) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM meta").scalar() == 1


def test_opening_leaves_no_thread_when_the_key_is_wrong(folder: Path) -> None:
    import threading

    before: Any = threading.active_count()
    (folder / KEY).write_text(os.urandom(32).hex())

    with pytest.raises(KeyMismatch):
        open_store(folder)

    assert threading.active_count() == before
