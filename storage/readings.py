"""Free texts that staff read: whether one names somebody, and so stands in no export.

The database holds each text as it was given; only exports show it otherwise. A text that was
changed is read again.
"""

from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from storage.store import Transaction
from storage.tables import answer, interview, respondent

EVERYWHERE = ""
# Written out, not bound, so that its partial index is used.
UNREAD: ColumnElement[bool] = literal_column(
    "answer.language IS NOT NULL AND answer.read_at IS NULL"
)
_later = answer.alias("later")
_is_last = ~exists().where(
    _later.c.interview_id == answer.c.interview_id,
    _later.c.path == answer.c.path,
    _later.c.revision > answer.c.revision,
)
_here = or_(
    bindparam("in_province") == EVERYWHERE, respondent.c.province == bindparam("in_province")
)
# What somebody is writing just now may still change.
# What a sensitive report says is for two named members alone.
_waits = and_(
    UNREAD, interview.c.status == "complete", interview.c.sensitive.is_(False), _here, _is_last
)
_joined = (
    select(answer.c.id, answer.c.path, answer.c.value, interview.c.form_version_id)
    .join(interview, interview.c.id == answer.c.interview_id)
    .join(respondent, respondent.c.id == interview.c.respondent_id)
)
OLDEST = _joined.where(_waits, answer.c.id > bindparam("beyond")).order_by(answer.c.id).limit(1)
COUNT = (
    select(func.count())
    .select_from(answer)
    .join(interview, interview.c.id == answer.c.interview_id)
    .join(respondent, respondent.c.id == interview.c.respondent_id)
    .where(_waits)
)
MARK = (
    update(answer)
    .where(answer.c.id == bindparam("at"))
    .values(read_at=bindparam("now"), hidden=bindparam("is_hidden"))
)


@dataclass(frozen=True, slots=True)
class Text:
    """A free text that waits to be read, and the question it answers."""

    id: int
    path: str
    value: str
    form_version_id: int


def oldest(tx: Transaction, province: str | None = None, beyond: int = 0) -> Text | None:
    """Return the oldest text of submitted surveys that nobody has read, behind another one."""
    values = {"in_province": province or EVERYWHERE, "beyond": beyond}
    row = tx.row(OLDEST, values)
    return Text(*row) if row else None


def count(tx: Transaction, province: str | None = None) -> int:
    """Count the texts that wait."""
    number: int = tx.value(COUNT, {"in_province": province or EVERYWHERE})
    return number


def mark(tx: Transaction, answer_id: int, *, hidden: bool) -> bool:
    """Note that a text was read, and whether it names somebody; False where it is gone."""
    return tx.changed(MARK, {"at": answer_id, "now": tx.now, "is_hidden": hidden}) == 1
