"""From /start to the first question: invitation, language, consent, profile; and what to begin."""

from typing import Any

from handlers import (
    consent,
    journey,
    leaving,
    linking,
    links,
    listening,
    menus,
    offering,
    reporting,
    rights,
    telling,
)
from handlers.links import Link
from handlers.visit import Visit
from storage import (
    audit,
    doors,
    forms,
    interviews,
    invitations,
    members,
    respondents,
    subscriptions,
)
from storage.invitations import Invitation
from surveys.instruments import DIALOGUE_REPORT, PROFILE
from surveys.respondent import may, rank


def start(visit: Visit) -> None:
    """Take what the link says, then go to the next thing that is still open."""
    if is_crowded(visit):
        leaving.farewell(visit, "open_link_rests")
    else:
        proceed(take_link(visit))


def is_crowded(visit: Visit) -> bool:
    """Tell whether too many new people come by the open links of a place just now."""
    link = link_of(visit)
    person = visit.person
    is_new = not (person.language or person.province or person.wanted_form)
    is_open = link.token is None and (link.province or link.form_id)
    return bool(is_new and is_open) and not doors.enter(visit.tx, link.province or "")


def link_of(visit: Visit) -> Link:
    """Return what the link says by which somebody came."""
    return links.parse(_payload(visit.typed))


def take_link(visit: Visit) -> Visit:
    """Note what the link says, and that the person is back."""
    link = link_of(visit)
    if link.token and visit.is_forwarded:
        visit.send(visit.say("invitation_forwarded"))
    elif link.token:
        visit = redeem(visit.hand_back(), link.token)
    known = {"event": link.event} if link.form_id else {}
    if link.language and visit.person.language is None:
        known["language"] = link.language
    if link.province:
        known["province"] = link.province
    if link.form_id and offering.named(visit.tx, link.form_id):
        known["wanted_form"] = link.form_id
    if visit.owner.stopped_at or visit.owner.unreachable_at:
        visit = visit.change_phone(stopped_at=None, unreachable_at=None)
    return visit.change(**known) if known else visit


def _payload(text: str) -> str:
    return text.partition(" ")[2].strip()


def redeem(visit: Visit, token: str) -> Visit:
    """Use an invitation up; the same answer for a wrong, used and expired one.

    It never takes a right away: whoever has more than it gives leaves it to somebody else.
    """
    offered = invitations.peek(visit.tx, token)
    if offered and rank(visit.owner.role) > rank(offered.role):
        visit.send(visit.say("invitation_not_needed"))
        return visit
    invitation = invitations.redeem(visit.tx, token)
    if invitation is None:
        visit.send(visit.say("invitation_unusable"))
        return visit
    return join(visit, invitation)


def join(visit: Visit, invitation: Invitation) -> Visit:
    """Give the role of an invitation; the owners are told, so that a stranger doesn't stay."""
    role, bound_to = invitation.role, invitation.bound_to
    members.grant(visit.tx, visit.owner.id, role, bound_to)
    audit.record(visit.tx, visit.owner.id, "join", invitation.id, role=role, province=bound_to)
    given = {"sector": invitation.sector, "organisation": invitation.organisation}
    for_role: dict[str, Any] = {name: value for name, value in given.items() if value}
    changed = visit.change(role=role, bound_to=bound_to, **for_role)
    if may(role, "numbers"):
        subscriptions.add(visit.tx, visit.owner.id, "card", "day")
    menus.give(changed)
    telling.joined(visit.tx, visit.owner.id, role)
    return changed


def welcome(visit: Visit) -> None:
    """Bring a person who isn't through the first steps back to them, whatever they did."""
    visit.toast()
    proceed(visit)


def proceed(visit: Visit) -> None:
    """Do the next thing a person needs: language, consent, profile, or home."""
    if visit.person.language is None:
        rights.language(visit)
    elif visit.person.role in journey.STAFF:
        journey.home(visit)
    elif not visit.person.consented:
        consent.ask(visit)
    else:
        go_on(visit)


def go_on(visit: Visit) -> None:
    """Go on with what is open, then with the profile's first part, then with the survey."""
    active = interviews.active(visit.tx, visit.person.id)
    profile = interviews.latest(visit.tx, visit.person.id, PROFILE)
    if active and (visit.is_helped or not visit.person.wanted_form):
        journey.resume(visit, active)
    elif profile is None:
        begin_profile(visit)
    elif visit.person.sector is None:
        journey.resume(visit, profile)
    else:
        journey.enter(visit)


def language_chosen(visit: Visit) -> None:
    """Take the language and go on; an open question is shown in it."""
    assert visit.tap is not None
    visit.toast()
    proceed(visit.change(language=visit.tap.arguments[0]))


def listening_chosen(visit: Visit) -> None:
    """Take how a person takes part, and go on; an open question is heard first."""
    changed = listening.chosen(visit)
    changed.toast(listening.said(changed))
    proceed(changed)


def consent_given(visit: Visit) -> None:
    """Record the consent and begin, or end kindly and keep nothing."""
    assert visit.tap is not None
    answer = visit.tap.arguments[0]
    visit.toast()
    if answer != "yes":
        leaving.farewell(visit, "under_age" if answer == "under_18" else "consent_refused")
    elif visit.person.consented:
        proceed(visit)
    else:
        version = consent.CONSENT_VERSION
        respondents.give_consent(visit.tx, visit.person.id, version, visit.language)
        begin_profile(visit)


def begin_profile(visit: Visit) -> None:
    """Ask sector and province first, where they aren't known."""
    published = forms.newest(visit.tx, PROFILE)
    assert published is not None
    presets = {
        "known_sector": visit.person.sector or "",
        "known_province": visit.person.province or "",
        "stage": "before",
    }
    journey.begin(visit, published, presets)


def go(visit: Visit) -> None:
    """Begin the form of a button, or go on with it; of reports, show which there are."""
    assert visit.tap is not None
    visit.toast()
    published = forms.by_id(visit.tx, int(visit.tap.arguments[0]))
    left = interviews.set_aside(visit.tx, visit.person.id)
    if published.form.form_id != DIALOGUE_REPORT:
        journey.open_form(visit, published.form.form_id)
    elif left and left.form_id == DIALOGUE_REPORT:
        journey.resume(visit, left)
    else:
        reporting.show_all(visit)


def survey(visit: Visit) -> None:
    """Go on with what is open, or show what can be begun."""
    stored = interviews.active(visit.tx, visit.person.id)
    if stored:
        journey.resume(visit, stored)
    else:
        journey.home(visit)


def more(visit: Visit) -> None:
    """Ask the rest of the profile, or leave it."""
    assert visit.tap is not None
    visit.toast()
    profile = interviews.latest(visit.tx, visit.person.id, PROFILE)
    if visit.tap.arguments[0] != "yes" or profile is None or profile.status == "complete":
        journey.home(visit, visit.say("thanks.survey"))
    else:
        journey.resume(visit, profile, {"stage": "after"})


def linkage_chosen(visit: Visit) -> None:
    """Take whether answers may be put side by side, and go on; a later change is confirmed."""
    assert visit.tap is not None
    said, version_id = visit.tap.arguments
    visit.toast()
    linking.decide(visit, said)
    if version_id == linking.LATER:
        visit.answer(visit.say("linkage.is_" + said))
    else:
        journey.finished(visit, forms.by_id(visit.tx, int(version_id)).form)
