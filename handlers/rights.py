"""What everybody can always do: language, help, stop, see their data, have it erased."""

from handlers import (
    asking,
    between,
    kinds,
    leaving,
    linking,
    listening,
    menus,
    offering,
    pin,
    previewing,
    stopping,
    texts,
)
from handlers.opened import Opened
from handlers.visit import LONGEST_TEXT, Visit
from storage import (
    counts,
    forms,
    guests,
    interviews,
    members,
    organisations,
    outbox,
    pins,
    previews,
    wave_people,
)
from storage.interviews import Stored
from storage.outbox import REMINDERS
from surveys.definition import plain
from surveys.interview import Instance
from surveys.khmer import cut, fold, utf16_length
from surveys.language import EN, KM
from surveys.respondent import may

# The same wishes as words; compared as `khmer.fold` sees them.
WORDS = {
    "stop": {"stop", "ឈប់", "បញ្ឈប់", "ឈប់ទទួលសារ", "ឈប់ទទួលសំណួរ"},
    "help": {"help", "ជំនួយ"},
    "forget": {"delete my data", "លុបទិន្នន័យរបស់ខ្ញុំ", "លុបព័ត៌មានរបស់ខ្ញុំ"},
    "mydata": {"my data", "ទិន្នន័យរបស់ខ្ញុំ"},
    "listen": {"listen", "ស្តាប់", "ស្ដាប់"},
    "language": {"language", "ភាសា", "ប្តូរភាសា", "ប្ដូរភាសា"},
}
# Erasing, as it waits for the PIN.
FORGET = "forget"


def wish(text: str) -> str | None:
    """Return which of the wishes a text is, as a command (/stop) or as a word (ឈប់)."""
    command = text.partition(" ")[0].partition("@")[0].removeprefix("/")
    if text.startswith("/") and command in WORDS:
        return command
    folded = fold(text)
    known = next((name for name, words in WORDS.items() if folded in words), None)
    return known or ("stop" if stopping.is_wish(text) else None)


def grant(visit: Visit) -> None:
    """Do what the person wishes."""
    {
        "stop": stop,
        "help": help_,
        "forget": ask_forget,
        "mydata": my_data,
        "language": language,
        "listen": listening.ask,
    }[wish(visit.typed) or "help"](visit)


def language(visit: Visit) -> None:
    """Ask which language, in both, whatever was chosen before."""
    visit.answer(
        texts.say(None, "choose_language"),
        [
            [visit.button(texts.LANGUAGE_NAMES[code], "language", code) for code in (KM, EN)],
            *listening.beside_languages(visit),
        ],
    )


def help_(visit: Visit) -> None:
    """Say what this person can do here."""
    role = visit.owner.role
    key = {"reporter": "help.reporter", "staff": "help.staff", "owner": "help.staff"}.get(role)
    visit.send(visit.say(key or "help.citizen") + "\n\n" + menus.lines(visit))


def stop(visit: Visit) -> None:
    """Send no more than is asked for; what was answered stays, but for somebody who is helped."""
    if visit.is_helped:
        between.stop(visit)
        return
    if previews.of(visit.tx, visit.person.id):
        previewing.finish(visit)
        return
    asking.set_aside(visit)
    outbox.cancel_unasked(visit.tx, visit.owner.id)
    visit.change_phone(stopped_at=visit.tx.now)
    visit.send(visit.say("stopped"))


def my_data(visit: Visit) -> None:
    """Show everything that is held of a person, in as many messages as it takes."""
    person = visit.person
    head = visit.say(
        "mydata.head",
        language=texts.LANGUAGE_NAMES[person.language] if person.language else "—",
        role=visit.say("role." + person.role),
        sector=visit.say("sector." + person.sector) if person.sector else "—",
        province=visit.say("province." + person.province) if person.province else "—",
        account=visit.say("mydata.no_account" if visit.is_guest else "mydata.account"),
    )
    each = [held(visit, stored) for stored in interviews.of_person(visit.tx, person.id)]
    cast = wave_people.has_cast_ever(visit.tx, person.id)
    box = visit.say("mydata.ballot") if cast else ""
    told = [visit.marked(head), _organisation(visit), listening.held(visit), _of_others(visit)]
    told += [*each, box]
    for piece in pieces([*filter(None, told), visit.say("mydata.end")]):
        visit.send(piece)
    linking.held(visit)


def _organisation(visit: Visit) -> str:
    """Return which organisation somebody was invited as a member of."""
    code = visit.person.organisation
    found = organisations.by_code(visit.tx, code) if code else None
    return visit.say("mydata.organisation", name=found.name(visit.language)) if found else ""


def _of_others(visit: Visit) -> str:
    """Return how many people a person helped and counted, where any: numbers only."""
    numbers = {
        "mydata.helped": guests.helped(visit.tx, visit.person.id),
        "mydata.counted": counts.hands(visit.tx, visit.person.id),
    }
    return "\n".join(
        visit.say(key, n=texts.number(visit.language, n)) for key, n in numbers.items() if n
    )


def held(visit: Visit, stored: Stored) -> str:
    """Return all answers of an interview, question by question."""
    form = forms.by_id(visit.tx, stored.form_version_id).form
    if stored.is_ballot:
        return offering.title(visit.language, form) + "\n\n" + visit.say("mydata.ballot_begun")
    instance = Instance(form, stored.interview.values, visit.world(stored))
    lines = [offering.title(visit.language, form)]
    if stored.withdrawn_at:
        lines.append(visit.say("mydata.withdrawn"))
    for path, value in stored.interview.values.items():
        if value and plain(path) in form.by_path:
            opened = Opened(visit, form, stored, form.question(path), instance)
            label = opened.text(opened.question.label)
            lines.append(f"{label}\n→ {kinds.shown(opened, value)}")
    return "\n\n".join(lines)


def pieces(texts_: list[str]) -> list[str]:
    """Join texts into as few messages as Telegram's limit allows; only an over-long one is cut."""
    joined: list[str] = []
    for text in texts_:
        piece = cut(text, LONGEST_TEXT)
        if joined and utf16_length(joined[-1]) + utf16_length(piece) + 4 <= LONGEST_TEXT:
            joined[-1] += "\n\n" + piece
        else:
            joined.append(piece)
    return joined


def ask_forget(visit: Visit) -> None:
    """Ask once more before erasing, and say whose data that is."""
    parts = [visit.marked(visit.say("forget.ask"))]
    answers = [("button.forget_yes", "yes"), ("button.forget_no", "no")]
    if visit.is_shared and not visit.is_helped:
        parts.append(visit.say("forget.shared"))
        answers.insert(1, ("button.forget_all", "all"))
    if may(visit.person.role, "assist"):
        parts.append(visit.say("forget.helped"))
    if wave_people.has_cast_ever(visit.tx, visit.person.id):
        parts.append(visit.say("forget.ballot"))
    rows = [[visit.button(visit.say(key), "forget", said)] for key, said in answers]
    visit.send("\n\n".join(parts), rows)


def forget(visit: Visit) -> None:
    """Erase as the button says, or leave everything as it is; of staff the PIN is asked before."""
    assert visit.tap is not None
    said = visit.tap.arguments[0]
    if said != "no" and members.is_last_owner(visit.tx, visit.owner.id):
        visit.toast()
        visit.answer(visit.say("forget.last_owner"))
    elif said == "no" or not is_known_by_pin(visit) or pin.is_proved(visit, FORGET, said):
        erase(visit, said)
    else:
        visit.toast()


def is_known_by_pin(visit: Visit) -> bool:
    """Tell whether this is staff with a PIN: nobody else can erase them on their phone."""
    known = pins.of(visit.tx, visit.owner.id) if may(visit.owner.role, "export") else None
    return known is not None and known.hash is not None


def erase(visit: Visit, said: str) -> None:
    """Erase the person, or everybody on their phone."""
    if said == "all" and visit.is_shared:
        leaving.everybody(visit)
    elif said == "yes" and visit.is_shared and not visit.is_guest:
        leaving.to_the_others(visit)
    elif said == "yes":
        if visit.is_guest:
            visit.toast()
        leaving.farewell(visit, "forget.done")
    else:
        visit.toast()
        visit.answer(visit.say("forget.kept"))


def reachability(visit: Visit) -> None:
    """Note that a person blocked the bot, or unblocked it.

    Who is back already may have written before we hear of it, by another of Telegram's queues; so a
    reply is still tried, and dropped when it is refused.
    """
    change = visit.update.my_chat_member
    assert change is not None
    if change.new_chat_member.status in {"kicked", "left"}:
        outbox.cancel(visit.tx, visit.owner.id, REMINDERS)
        visit.change_phone(unreachable_at=visit.tx.now)
    else:
        visit.change_phone(unreachable_at=None)
