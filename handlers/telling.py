"""What the owners are told without asking: who joined, who was locked out. Without a sound."""

from typing import Any

from handlers import texts
from storage import members, outbox
from storage.members import Member
from storage.store import Transaction
from surveys.respondent import Role


def owners(tx: Transaction, about: str, key: str, **values: Any) -> None:
    """Tell all owners but the person themselves something about a member."""
    for owner in members.owners(tx):
        if owner.respondent_id != about and owner.unreachable_at is None:
            who = name_of(tx, about, owner.language)
            tell(tx, owner, texts.say(owner.language, key, who=who, **values))


def joined(tx: Transaction, about: str, role: Role) -> None:
    """Tell all owners that somebody used an invitation."""
    for owner in members.owners(tx):
        if owner.respondent_id != about:
            who, as_role = (
                name_of(tx, about, owner.language),
                texts.say(owner.language, "role." + role),
            )
            tell(tx, owner, texts.say(owner.language, "team.joined", who=who, role=as_role))


def tell(tx: Transaction, member: Member, text: str) -> None:
    """Promise a member a message without a sound."""
    body = {"text": text, "disable_notification": True}
    outbox.put(tx, member.respondent_id, "sendMessage", body)


def name_of(tx: Transaction, respondent_id: str, language: str | None) -> str:
    """Return what a member is called in lists, since nobody's name is known: "Member 3"."""
    number = members.number_of(tx, respondent_id) or 0
    return texts.say(language, "member", n=texts.number(language, number))
