"""Statements: SQLAlchemy writes the SQL and knows the types, the driver's own cursor runs it.

A statement is a module constant, so its SQL, the conversion of its values and of its rows are
worked out once and kept. Running it then costs a fifth of what SQLAlchemy's connection takes
(docs/decisions/0004-statements-on-the-drivers-cursor.md).
"""

import functools
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Executable, Float
from sqlalchemy.types import TypeEngine

Convert = Callable[[Any], Any]
Values = Mapping[str, Any]
NOTHING: Values = {}
# More than the constants of this folder; what is built for one occasion pushes nothing else out.
KEPT = 1024


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement as the driver takes it: its values in order, and how values and rows convert."""

    sql: str
    binds: tuple[tuple[str, Convert | None], ...]
    fixed: Values
    row: Callable[..., Any]
    results: tuple[tuple[int, Convert], ...]

    def bound(self, values: Values) -> list[Any]:
        """Return all values of the statement, in order, as the driver stores them."""
        fixed = self.fixed
        return [
            fixed[name] if name in fixed else convert(values[name]) if convert else values[name]
            for name, convert in self.binds
        ]

    def read(self, raw: Sequence[Any]) -> Any:
        """Return a row of the driver as a named tuple of Python's values."""
        if not self.results:
            return self.row(*raw)
        values = list(raw)
        for at, convert in self.results:
            values[at] = convert(values[at])
        return self.row(*values)


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs statements on the driver's cursors.

    On PostgreSQL several are on their way at once, each with a cursor of its own: what a unit of
    work doesn't read the result of, it doesn't wait for. `wait` is for when it must.
    """

    open: Callable[[], Any]
    wait: Callable[[], None]
    dialect: Dialect

    def rows(self, statement: Executable, values: Values = NOTHING) -> list[Any]:
        """Run a statement; return its rows as named tuples."""
        prepared, cursor = self._run(statement, values)
        return [prepared.read(raw) for raw in cursor.fetchall()]

    def row(self, statement: Executable, values: Values = NOTHING) -> Any | None:
        """Run a statement that has one row at most; return it."""
        rows = self.rows(statement, values)
        return rows[0] if rows else None

    def values(self, statement: Executable, values: Values = NOTHING) -> list[Any]:
        """Run a statement; return the first value of each row."""
        return [row[0] for row in self.rows(statement, values)]

    def value(self, statement: Executable, values: Values = NOTHING) -> Any:
        """Run a statement that has one row at most; return its first value."""
        row = self.row(statement, values)
        return row[0] if row else None

    def change(self, statement: Executable, values: Values = NOTHING) -> None:
        """Run a statement that returns nothing; where it fails, the unit fails, perhaps later."""
        self._run(statement, values)

    def changed(self, statement: Executable, values: Values = NOTHING) -> int:
        """Run a statement that returns nothing; return how many rows it changed."""
        _, cursor = self._run(statement, values)
        self.wait()
        return int(cursor.rowcount)

    def change_many(self, statement: Executable, values: Sequence[Values]) -> None:
        """Run a statement once for each of several sets of values; all sets name the same."""
        if values:
            prepared = prepare(statement, self.dialect, tuple(values[0]))
            self.open().executemany(prepared.sql, [prepared.bound(each) for each in values])

    def alone(self, lock: int) -> None:
        """Keep others who take this lock out until the transaction ends; on a file nobody else is.

        What is read afterwards is what they left.
        """
        if self.dialect.name == "postgresql":
            self.open().execute("SELECT pg_advisory_xact_lock(%s)", (lock,))

    def _run(self, statement: Executable, values: Values) -> tuple[Prepared, Any]:
        prepared = prepare(statement, self.dialect, tuple(values))
        cursor = self.open()
        cursor.execute(prepared.sql, prepared.bound(values))
        return prepared, cursor


@functools.lru_cache(maxsize=KEPT)
def prepare(statement: Any, dialect: Dialect, names: tuple[str, ...]) -> Prepared:
    """Compile a statement for the values of these names."""
    compiled = statement.compile(
        dialect=dialect, column_keys=names, compile_kwargs={"render_postcompile": True}
    )
    binds = {name: bind for bind, name in compiled.bind_names.items()}
    order = tuple((name, _bind(binds[name].type, dialect)) for name in compiled.positiontup)
    fixed = {
        name: convert(binds[name].effective_value) if convert else binds[name].effective_value
        for name, convert in order
        if not binds[name].required
    }
    columns = list(getattr(statement, "exported_columns", ()))
    return Prepared(str(compiled), order, fixed, _row(columns), _results(columns, dialect))


def _bind(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _row(columns: Sequence[Any]) -> Callable[..., Any]:
    return namedtuple("Row", [str(column.key) for column in columns], rename=True)


def _results(columns: Sequence[Any], dialect: Dialect) -> tuple[tuple[int, Convert], ...]:
    converts = [_result(column.type, dialect) for column in columns]
    return tuple((at, convert) for at, convert in enumerate(converts) if convert)


def _result(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """Return how a value is read; both drivers give a float as it is."""
    if isinstance(kind, Float):
        return None
    return kind.dialect_impl(dialect).result_processor(dialect, None)
