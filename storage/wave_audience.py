"""Whom a wave is for: the audience, who of it can be asked, and who has begun already."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from storage.columns import UtcTime
from storage.store import Transaction
from storage.tables import (
    consent,
    form_version,
    interview,
    respondent,
    wave,
    wave_person,
)
from storage.waves import CAST
from surveys.instruments import PROFILE
from surveys.wave import Audience

# Where the profile keeps what people say of themselves; a test holds it against the form.
SAID = {"sex": "/data/more/sex", "age_group": "/data/more/age_group"}

_profile, _profile_form = interview.alias("profile"), form_version.alias("profile_form")


def _if_asked(name: str, value: Any) -> ColumnElement[bool]:
    """Return the condition for a part of the audience that may be open."""
    wanted: Any = bindparam(name, type_=String)
    return or_(wanted.is_(None), value == wanted)


def said_of(name: str) -> Any:
    """Return the expression for what a person said last of themselves in the profile."""
    return (
        select(_profile.c.response[SAID[name]].as_string())
        .join(_profile_form, _profile_form.c.id == _profile.c.form_version_id)
        .where(_profile.c.respondent_id == respondent.c.id, _profile_form.c.form_id == PROFILE)
        .order_by(_profile.c.seq.desc())
        .limit(1)
        .correlate(respondent)
        .scalar_subquery()
    )


_earlier: Any = bindparam("answered_wave", type_=Integer)
_belongs = and_(
    _if_asked("role", respondent.c.role),
    _if_asked("sector", respondent.c.sector),
    _if_asked("province", respondent.c.province),
    _if_asked("language", respondent.c.language),
    _if_asked("organisation", respondent.c.organisation),
    or_(
        _earlier.is_(None),
        exists().where(
            interview.c.wave_id == _earlier,
            interview.c.respondent_id == respondent.c.id,
            interview.c.completed_at.is_not(None),
        ),
        exists().where(
            wave_person.c.wave_id == _earlier,
            wave_person.c.respondent_id == respondent.c.id,
            wave_person.c.ballot == CAST,
        ),
    ),
    _if_asked("sex", said_of("sex")),
    _if_asked("age_group", said_of("age_group")),
)
CAN_BE_ASKED = and_(
    # Whoever has an address of their own, is through the first questions, and hasn't said stop.
    respondent.c.pseudonym.is_not(None),
    respondent.c.sector.is_not(None),
    respondent.c.stopped_at.is_(None),
    respondent.c.unreachable_at.is_(None),
    exists().where(
        consent.c.respondent_id == respondent.c.id, consent.c.version == bindparam("consent_to")
    ),
)
_cast, _box, _box_form = (
    wave_person.alias("cast"),
    wave.alias("box"),
    form_version.alias("box_form"),
)
# In the middle of the form, or done with it; a form that can be answered again, since a time.
_since: Any = bindparam("answered_since", type_=UtcTime)
HAS_BEGUN = or_(
    exists().where(
        interview.c.respondent_id == respondent.c.id,
        interview.c.form_version_id == form_version.c.id,
        form_version.c.form_id == bindparam("form"),
        or_(interview.c.completed_at.is_(None), interview.c.started_at >= _since),
    ),
    exists().where(
        _cast.c.respondent_id == respondent.c.id,
        _cast.c.ballot == CAST,
        _box.c.id == _cast.c.wave_id,
        _box.c.opens_at >= _since,
        _box_form.c.id == _box.c.form_version_id,
        _box_form.c.form_id == bindparam("form"),
    ),
)
MEANT = and_(_belongs, CAN_BE_ASKED, ~HAS_BEGUN)
COUNT = select(func.count()).select_from(respondent).where(MEANT)
BELONGS = select(respondent.c.id).where(respondent.c.id == bindparam("at"), _belongs)


def count(
    tx: Transaction, audience: Audience, form_id: str, since: dt.datetime, consent_to: str
) -> int:
    """Return how many people a wave would be put to now."""
    return int(tx.value(COUNT, {**asdict(audience), **asked(form_id, since, consent_to)}))


def asked(form_id: str, since: dt.datetime, consent_to: str) -> dict[str, Any]:
    """Return what tells who can be asked."""
    return {"form": form_id, "answered_since": since, "consent_to": consent_to}
