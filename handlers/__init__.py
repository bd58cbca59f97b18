"""The conversation. ROUTES is its table of contents: for each thing that happens, what we do.

The first route whose predicate holds handles the update. A handler is a plain function that runs
inside a transaction (handlers/visit.py).
"""

from collections.abc import Callable

from handlers import (
    answering,
    asking,
    auditing,
    awaiting,
    commitments,
    counting,
    dialogues,
    drafting,
    exporting,
    fielding,
    following,
    formlist,
    guarded,
    helping,
    inviting,
    journey,
    letters,
    numbers,
    onboarding,
    people,
    pin,
    previewing,
    reading,
    reminding,
    reporting,
    reviewing,
    rights,
    safety,
    stopping,
    subscribing,
    team,
    uploads,
    waves,
)
from handlers.visit import Visit
from storage import drafts, interviews
from surveys.khmer import fold
from surveys.respondent import may

Predicate = Callable[[Visit], bool]
Handler = Callable[[Visit], None]


def command(*names: str) -> Predicate:
    """Hold for a message that is one of these commands."""
    return lambda v: v.typed.partition(" ")[0].partition("@")[0] in {f"/{n}" for n in names}


def words(wanted: set[str]) -> Predicate:
    """Hold for a text that says nothing but one of these."""
    return lambda visit: fold(visit.typed) in wanted


def tap(action: str) -> Predicate:
    """Hold for a tap on one of our buttons with this action."""
    return lambda visit: visit.tap is not None and visit.tap.action == action


def any_tap(visit: Visit) -> bool:
    """Hold for a tap on a button that isn't ours, or not any more."""
    return visit.query is not None


def blocked_or_unblocked(visit: Visit) -> bool:
    """Hold when a person blocks or unblocks the bot."""
    return visit.update.my_chat_member is not None


def edited(visit: Visit) -> bool:
    """Hold for a change to an earlier message: what was answered stays answered."""
    return visit.update.edited_message is not None


def owner(handler: Handler) -> Handler:
    """Return a handler for what only the phone's owner does: whoever else answers waits."""

    def handle_as_owner(visit: Visit) -> None:
        if visit.is_guest:
            asking.set_aside(visit)
        handler(visit.hand_back())

    return handle_as_owner


def wishes(visit: Visit) -> bool:
    """Hold for the commands and words of everybody's rights; a transcription has only words."""
    is_command = visit.typed.startswith("/")
    return rights.wish(visit.typed) is not None and (is_command or not reviewing.is_writing(visit))


def start_on_shared_phone(visit: Visit) -> bool:
    """Hold for /start where it isn't plain who sends it."""
    return visit.is_shared and command("start")(visit)


def is_new(visit: Visit) -> bool:
    """Hold for a person who hasn't chosen a language or consented yet."""
    is_staff = visit.person.role in journey.STAFF
    return visit.person.language is None or not (visit.person.consented or is_staff)


def unknown_command(visit: Visit) -> bool:
    """Hold for a command that isn't one of ours."""
    return visit.typed.startswith("/")


def in_interview(visit: Visit) -> bool:
    """Hold for a message while a question is open."""
    return visit.message is not None and interviews.active(visit.tx, visit.person.id) is not None


def anything(_: Visit) -> bool:
    """Hold for whatever is left."""
    return True


def ignore(_: Visit) -> None:
    """Do nothing."""


def stale(visit: Visit) -> None:
    """Say that a button no longer works, and change nothing."""
    visit.toast(visit.say("stale_button"))


def greet(visit: Visit) -> None:
    """Show a person who wrote without being asked what they can do; or stop, if they want to."""
    if stopping.is_among(visit.typed):
        rights.stop(visit)
    else:
        journey.home(visit)


def people_or_numbers(visit: Visit) -> None:
    """Ask who answers on this phone; whoever looks after a project sees how many did."""
    if may(visit.owner.role, "numbers"):
        numbers.people(visit)
    else:
        people.ask(visit)


# What commands do, beside /start and everybody's rights; handlers/menus.py says who may.
DOES: dict[str, Handler] = {
    "survey": onboarding.survey,
    "report": owner(reporting.show_all),
    "commitments": owner(commitments.show_all),
    "assist": helping.assist,
    "export": owner(exporting.export),
    "forms": owner(formlist.show_all),
    "review": owner(reviewing.review),
    "count": owner(counting.count),
    "status": owner(numbers.status),
    "invite": owner(inviting.invite),
    "team": owner(team.team),
    "inbox": owner(letters.show),
    "audit": owner(auditing.show),
    "waves": owner(waves.show_all),
    "dialogues": owner(dialogues.show_all),
    "people": people_or_numbers,
    "keyboard": answering.keyboard,
}
ROUTES: tuple[tuple[Predicate, Handler], ...] = (
    (blocked_or_unblocked, rights.reachability),
    (edited, ignore),
    (tap("language"), onboarding.language_chosen),
    (tap("listen"), onboarding.listening_chosen),
    (tap("consent"), onboarding.consent_given),
    (tap("forget"), rights.forget),
    (tap("who"), people.chosen),
    (start_on_shared_phone, people.start),
    (command("start"), onboarding.start),
    (wishes, rights.grant),
    (is_new, onboarding.welcome),
    (tap("a"), answering.tapped),
    (tap("go"), onboarding.go),
    (tap("more"), onboarding.more),
    (tap("linkage"), onboarding.linkage_chosen),
    (tap("decline"), reminding.decline),
    (tap("export"), exporting.chosen),
    (tap("subscribe"), owner(subscribing.tapped)),
    (tap("help"), helping.begin),
    (tap("help_on"), helping.go_on),
    (tap("helped"), helping.done),
    (tap("count_form"), counting.form_chosen),
    (tap("count_on"), counting.begin),
    (tap("count"), counting.tapped),
    (tap("review"), reviewing.tapped),
    (tap("form"), drafting.tapped),
    (tap("reading"), reading.tapped),
    (tap("invite"), inviting.tapped),
    (tap("team"), team.tapped),
    (tap("inbox"), letters.tapped),
    (tap("audit"), auditing.tapped),
    (tap("waves"), waves.tapped),
    (tap("wave"), owner(fielding.tapped)),
    (tap(following.FOLLOW), following.tapped),
    (tap("dialogues"), dialogues.tapped),
    (tap("report"), owner(reporting.tapped)),
    (tap("promise"), owner(commitments.tapped)),
    (tap("pin_off"), pin.give_up),
    (any_tap, stale),
    *((command(name), handler) for name, handler in DOES.items()),
    (unknown_command, rights.help_),
    (uploads.is_upload, uploads.received),
    (pin.is_awaited, guarded.typed),
    (awaiting.is_awaited, awaiting.typed),
    (drafting.is_refusing, drafting.refused),
    (reviewing.is_writing, reviewing.typed),
    (in_interview, answering.typed),
    (counting.is_counting, counting.typed),
    (words(helping.WORDS), helping.assist),
    (words(people.WORDS), people.ask),
    (words(counting.WORDS), owner(counting.count)),
    (anything, greet),
)


def handle(visit: Visit) -> None:
    """Hand a visit to its route; who wrote of danger is told besides who can help."""
    visit = left_drafts(visit)
    awaiting.give_up(visit)
    is_in_danger = safety.is_needed(visit)
    next(handler for holds, handler in ROUTES if holds(visit))(visit)
    if is_in_danger:
        safety.refer(visit)


def left_drafts(visit: Visit) -> Visit:
    """End what somebody does with a draft and a visit isn't part of.

    That is a preview, and a word of why one is sent back. Returns the visit in their own language.
    """
    can_try = not visit.is_guest and may(visit.person.role, "forms")
    if not can_try or in_preview(visit):
        return visit
    drafts.stop_refusing(visit.tx, visit.person.id)
    return previewing.end(visit)


def in_preview(visit: Visit) -> bool:
    """Tell whether a visit can be a step of an interview, or ends it by itself."""
    if visit.tap is not None:
        return visit.tap.action == "a"
    if visit.message is None:
        return True
    said = rights.wish(visit.typed)
    is_other = said not in {None, "stop"} or (visit.typed.startswith("/") and said != "stop")
    return not is_other and not uploads.is_upload(visit)


def wants_name(visit: Visit) -> bool:
    """Tell whether the name of a file matters, so that it may be looked at."""
    return uploads.is_upload(visit)


def wants_place(visit: Visit) -> bool:
    """Tell whether a person is asked for a place now, so that one may be looked at."""
    return answering.wants_place(visit)
