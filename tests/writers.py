"""Holding the threads that write, so that units of work wait and are taken together."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import insert

from storage.store import Store, Transaction
from storage.tables import meta


@contextmanager
def held(store: Store, threads: int = 1) -> Iterator[None]:
    """Hold all writers, so that all units submitted meanwhile wait together."""
    begun, go_on = threading.Semaphore(0), threading.Event()

    def wait(_: Transaction) -> None:
        begun.release()
        go_on.wait()

    for _ in range(threads):
        store.submit(wait)
    for _ in range(threads):
        begun.acquire()
    yield
    go_on.set()


def note(tx: Transaction, key: str, value: str = "") -> str:
    """Write a row."""
    tx.change(insert(meta).values(key=key, value=value))
    return key


def note_and_fail(tx: Transaction, key: str) -> None:
    """Write a row, and fail."""
    note(tx, key)
    raise ValueError(key)
