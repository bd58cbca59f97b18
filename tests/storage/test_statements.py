"""Statements run on the driver's cursor as SQLAlchemy would run them."""

import datetime as dt
import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Executable, Insert, bindparam, insert, select
from sqlalchemy.dialects import sqlite

import storage
from storage import tables
from storage.statements import Prepared, prepare
from storage.store import Store, Transaction

Rows = Callable[..., list[dict[str, Any]]]
NOW = dt.datetime(2026, 3, 1, 8, 30, tzinfo=dt.UTC)
CONSTANTS = [
    pytest.param(value, id=f"{module.name}.{name}")
    for module in pkgutil.iter_modules(storage.__path__)
    if module.name != "migrations"
    for name, value in vars(importlib.import_module(f"storage.{module.name}")).items()
    if name.isupper() and isinstance(value, Executable)
]
ADD = insert(tables.meta)
ALL = select(tables.meta).order_by(tables.meta.c.key)
ONE = select(tables.meta.c.value).where(tables.meta.c.key == bindparam("of"))


@pytest.mark.parametrize("statement", CONSTANTS)
def test_every_statement_of_the_house_can_be_prepared(statement: Executable) -> None:
    names = statement.table.c.keys() if isinstance(statement, Insert) else ()

    prepared = prepare(statement, sqlite.dialect(), tuple(names))

    assert isinstance(prepared, Prepared)
    assert "POSTCOMPILE" not in prepared.sql


def add(tx: Transaction) -> None:
    tx.change_many(ADD, [{"key": key, "value": f"ស្ពាន {key}"} for key in "abc"])


def test_rows_are_those_of_the_database(store: Store, rows: Rows) -> None:
    store.run(add)

    ours = store.run(lambda tx: tx.rows(ALL))

    assert [row._asdict() for row in ours] == rows("SELECT * FROM meta ORDER BY key")
    assert store.run(lambda tx: tx.values(ALL)) == [row.key for row in ours]
    assert [row.key for row in ours][:3] == ["a", "b", "c"]


def test_times_and_json_come_back_as_they_went_in(store: Store) -> None:
    body = {"text": "សំណួរ", "n": [1, None, True]}
    row = {"lane": 0, "policy": "edit", "method": "m", "body": body, "status": "pending"}
    put = insert(tables.outbox).returning(tables.outbox)

    made = store.run(lambda tx: tx.row(put, {**row, "due_at": NOW, "created_at": NOW}))

    assert made is not None
    assert (made.body, made.due_at) == (body, NOW)


def test_what_isnt_there_is_none(store: Store) -> None:
    nothing = {"of": "nothing"}

    assert store.run(lambda tx: tx.value(ONE, nothing)) is None
    assert store.run(lambda tx: tx.row(ONE, nothing)) is None
    assert store.run(lambda tx: tx.rows(ONE, nothing)) == []


def test_a_value_that_wasnt_given_is_named(store: Store) -> None:
    with pytest.raises(KeyError, match="of"):
        store.run(lambda tx: tx.value(ONE))


def test_a_statement_is_compiled_once() -> None:
    dialect = sqlite.dialect()

    assert prepare(ONE, dialect, ("of",)) is prepare(ONE, dialect, ("of",))
