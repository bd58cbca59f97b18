"""What the command line does for staff: how many answered, who is a member, what was done."""

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from handlers import holding, morning, team
from handlers import numbers as counted
from handlers.quiet import local
from handlers.visit import Visit
from storage import audit, members, numbers, organisations, provinces, subscriptions
from storage.respondents import Respondent
from storage.store import Transaction
from surveys import periods

Request = dict[str, Any]
Answer = dict[str, Any]


def as_text(row: dict[str, Any]) -> dict[str, str]:
    """Return a row as the command line shows it."""
    return {name: "" if value is None else str(value) for name, value in row.items()}


def export_noted(tx: Transaction, request: Request) -> Answer:
    """Write down that the command line exports a form."""
    audit.record(tx, audit.CONSOLE, "export", request["form"], **request["part"])
    return {}


def numbers_standing(tx: Transaction, request: Request) -> Answer:
    """Count how often each form was begun and finished in the last days, or ever."""
    since = counted.midnight(tx.now) - dt.timedelta(days=request["days"])
    standing = numbers.standing(tx, counted.EVER if request["ever"] else since)
    return {"forms": [asdict(one) for one in standing]}


def numbers_people(tx: Transaction, _: Request) -> Answer:
    """Count people by what they said of themselves, rounded down to fives."""
    return {"people": counted.rows(tx)}


def team_list(tx: Transaction, _: Request) -> Answer:
    """List the members, by number."""
    hidden = ("respondent_id", "language", "unreachable_at")
    rows = [as_text(asdict(one)) for one in members.listed(tx)]
    return {"team": [{k: v for k, v in row.items() if k not in hidden} for row in rows]}


def team_change(tx: Transaction, request: Request) -> Answer:
    """Confirm, bind or end a role, or take a PIN away."""
    act, number, province = request["act"], int(request["number"]), request.get("province") or ""
    return {"said": team.change(tx, audit.CONSOLE, act, number, province)}


def audit_list(tx: Transaction, request: Request) -> Answer:
    """List the newest entries of the audit log."""
    rows = [as_text(asdict(one)) for one in audit.latest(tx, int(request["most"]))]
    return {"entries": [{k: v for k, v in row.items() if k != "hash"} for row in rows]}


def audit_verify(tx: Transaction, request: Request) -> Answer:
    """Compute the audit log anew, against a head that somebody kept where one is given."""
    anchor = audit.Head(*request["head"]) if request.get("head") else None
    if anchor:
        anchor = audit.Head(int(anchor.number), bytes.fromhex(str(anchor.hash)))
    verdict = audit.verify(tx, anchor)
    return {"head": str(verdict.head), "broken_at": verdict.broken_at}


def card(tx: Transaction, request: Request) -> Answer:
    """Return the card of a day, yesterday's where none is named."""
    nobody = Respondent("", consented=True, language=request["lang"])
    named = request.get("day")
    day = dt.date.fromisoformat(named) if named else local(tx.now) - periods.DAY
    return {"card": morning.card(Visit.unprompted(tx, nobody, nobody, 0), day, day)}


def subscription_list(tx: Transaction, _: Request) -> Answer:
    """List who gets what regularly."""
    rows = [
        {
            "number": one.id,
            "member": members.number_of(tx, one.respondent_id) or "",
            "what": one.kind,
            "form": one.form_id,
            "every": one.every,
            "since": local(one.created_at).isoformat(),
        }
        for one in subscriptions.listed(tx)
    ]
    return {"subscriptions": [as_text(row) for row in rows]}


def subscription_end(tx: Transaction, request: Request) -> Answer:
    """Let a subscription end."""
    number = int(request["number"])
    audit.record(tx, audit.CONSOLE, "end subscription", str(number))
    return {"found": subscriptions.end_by_number(tx, number)}


def organisation_add(tx: Transaction, request: Request) -> Answer:
    """Add an organisation."""
    code = request["code"]
    is_new = organisations.add(tx, code, request["en"], request["km"])
    if is_new:
        audit.record(tx, audit.CONSOLE, "add organisation", code)
    return {"is_new": is_new}


def organisation_list(tx: Transaction, _: Request) -> Answer:
    """List the organisations, by their codes."""
    rows = [as_text(asdict(one)) for one in organisations.listed(tx)]
    return {"organisations": [{k: v for k, v in row.items() if k != "id"} for row in rows]}


def province_list(tx: Transaction, _: Request) -> Answer:
    """List the provinces that are paused."""
    return {"paused": provinces.paused(tx)}


def province_change(tx: Transaction, request: Request) -> Answer:
    """Pause a province, or resume it."""
    act, province = request["act"], request["province"]
    return {"done": holding.change(tx, audit.CONSOLE, act, province)}


ACTS: dict[str, Callable[[Transaction, Request], Answer]] = {
    "export_noted": export_noted,
    "numbers_standing": numbers_standing,
    "numbers_people": numbers_people,
    "card": card,
    "subscription_list": subscription_list,
    "subscription_end": subscription_end,
    "team_list": team_list,
    "team_change": team_change,
    "audit_list": audit_list,
    "audit_verify": audit_verify,
    "organisation_add": organisation_add,
    "organisation_list": organisation_list,
    "province_list": province_list,
    "province_change": province_change,
}
