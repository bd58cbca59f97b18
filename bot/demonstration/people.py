"""Who is in the demonstration: made-up people, and how each of them comes to the bot."""

from dataclasses import dataclass, field

from handlers.consent import CONSENT_VERSION
from storage import audit, invitations, members, respondents
from storage.store import Transaction
from surveys.respondent import Role, Sector

# Telegram's ids have 52 bits: nobody at all is written to, whichever bot runs on these data.
NOBODY = 9_000_000_000_000_000
PROVINCES = ("siem_reap", "ratanakiri", "kampot", "kampong_cham")


@dataclass(slots=True)
class Person:
    """A made-up person; `id` once they came. `about` is what they say of themselves."""

    telegram_id: int
    language: str = "km"
    sector: Sector | None = "citizen"
    province: str | None = None
    role: Role = "respondent"
    team: str = ""
    about: dict[str, str] = field(default_factory=dict)
    organisation: str | None = None
    id: str = ""


def arrive(tx: Transaction, bot_id: int, person: Person, invited_by: str = audit.CONSOLE) -> None:
    """Let a person come: invited where they have a role, and with their consent."""
    person.id = respondents.create(tx, bot_id, person.telegram_id).id
    respondents.change(tx, person.id, language=person.language)
    if person.role != "respondent":
        _join(tx, person, invited_by)
    if person.role in {"respondent", "reporter"}:
        respondents.give_consent(tx, person.id, CONSENT_VERSION, person.language)


def _join(tx: Transaction, person: Person, invited_by: str) -> None:
    of = person.organisation
    token = invitations.create(tx, person.role, person.sector, None, invited_by, of)
    invitation = invitations.redeem(tx, token)
    assert invitation is not None
    members.grant(tx, person.id, person.role)
    respondents.change(tx, person.id, sector=person.sector, organisation=of)
    audit.record(tx, person.id, "join", invitation.id, role=person.role, province=None)


def refuse(tx: Transaction, bot_id: int, telegram_id: int) -> None:
    """Let somebody come who doesn't consent: nothing is kept of them."""
    respondents.forget(tx, respondents.create(tx, bot_id, telegram_id).id)
