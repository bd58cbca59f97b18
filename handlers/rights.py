"""What everybody can always do: language, help, stop, see their data, have it erased."""

from handlers import asking, kinds, rendering, reviewing, stopping, textkeys, texts
from handlers.opened import Opened
from handlers.visit import LONGEST_TEXT, Visit
from storage import forms, interviews, outbox, respondents
from storage.interviews import Stored
from storage.outbox import REMINDERS
from surveys.definition import plain
from surveys.interview import Instance
from surveys.khmer import cut, fold, utf16_length
from surveys.language import EN, KM

# The same wishes as words; compared as `khmer.fold` sees them.
WORDS = {
    "stop": {"stop", "ឈប់", "បញ្ឈប់", "ឈប់ទទួលសារ", "ឈប់ទទួលសំណួរ"},
    "help": {"help", "ជំនួយ"},
    "forget": {"delete my data", "លុបទិន្នន័យរបស់ខ្ញុំ", "លុបព័ត៌មានរបស់ខ្ញុំ"},
    "mydata": {"my data", "ទិន្នន័យរបស់ខ្ញុំ"},
    "language": {"language", "ភាសា", "ប្តូរភាសា", "ប្ដូរភាសា"},
}


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
    {"stop": stop, "help": help_, "forget": ask_forget, "mydata": my_data, "language": language}[
        wish(visit.typed) or "help"
    ](visit)


def language(visit: Visit) -> None:
    """Ask which language, in both, whatever was chosen before."""
    visit.answer(
        texts.say(None, "choose_language"),
        [[visit.button(rendering.LANGUAGE_NAMES[code], "language", code) for code in (KM, EN)]],
    )


def help_(visit: Visit) -> None:
    """Say what this person can do here."""
    role = visit.person.role
    key = {"reporter": "help.reporter", "staff": "help.staff", "owner": "help.staff"}.get(role)
    visit.send(visit.say(key or "help.citizen") + "\n\n" + visit.say("help.rights"))


def stop(visit: Visit) -> None:
    """Send no more than is asked for; everything stays as it is."""
    asking.set_aside(visit)
    outbox.cancel_unasked(visit.tx, visit.person.id)
    visit.change(stopped_at=visit.tx.now)
    textkeys.put_away(visit)
    visit.send(visit.say("stopped"))


def my_data(visit: Visit) -> None:
    """Show everything that is held of a person, in as many messages as it takes."""
    person = visit.person
    head = visit.say(
        "mydata.head",
        language=rendering.LANGUAGE_NAMES[person.language] if person.language else "—",
        role=visit.say("role." + person.role),
        sector=visit.say("sector." + person.sector) if person.sector else "—",
        province=visit.say("province." + person.province) if person.province else "—",
    )
    held = [_held(visit, stored) for stored in interviews.of_person(visit.tx, person.id)]
    for piece in pieces([head, *held, visit.say("mydata.end")]):
        visit.send(piece)


def _held(visit: Visit, stored: Stored) -> str:
    form = forms.by_id(visit.tx, stored.form_version_id).form
    instance = Instance(form, stored.interview.values, visit.world(stored))
    lines = [visit.say("form." + stored.form_id)]
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
    """Ask once more before erasing."""
    visit.send(
        visit.say("forget.ask"),
        [
            [visit.button(visit.say("button.forget_yes"), "forget", "yes")],
            [visit.button(visit.say("button.forget_no"), "forget", "no")],
        ],
    )


def forget(visit: Visit) -> None:
    """Erase the person, or leave everything as it is."""
    assert visit.tap is not None
    if visit.tap.arguments[0] == "yes":
        farewell(visit, "forget.done")
    else:
        visit.toast()
        visit.answer(visit.say("forget.kept"))


def farewell(visit: Visit, key: str) -> None:
    """Say goodbye and erase everything that is held of a person, in this transaction.

    Their vault row goes too, so the last message carries its own sealed address. The clock empties
    the write-ahead log soon after, and removes the files of voice notes that have no row any more;
    one that staff have in hand is deleted from their chat.
    """
    text = visit.say(key)
    stored = interviews.active(visit.tx, visit.person.id)
    open_id = asking.live_message_id(visit, stored) if stored else None
    reviewing.withdraw(visit.tx, visit.person.id)
    respondents.forget(visit.tx, visit.person.id)
    if visit.query:
        end = {"callback_query_id": visit.query.id}
        outbox.put_farewell(visit.tx, visit.telegram_id, "answerCallbackQuery", end)
    if open_id is not None and open_id != visit.tapped_message_id:
        bare = {"reply_markup": {"inline_keyboard": []}, "message_id": open_id}
        outbox.put_farewell(visit.tx, visit.telegram_id, "editMessageReplyMarkup", bare)
    if visit.tapped_message_id is not None:
        body = {"text": text, "message_id": visit.tapped_message_id}
        outbox.put_farewell(visit.tx, visit.telegram_id, "editMessageText", body)
    else:
        outbox.put_farewell(visit.tx, visit.telegram_id, "sendMessage", {"text": text})


def reachability(visit: Visit) -> None:
    """Note that a person blocked the bot, or unblocked it.

    Who is back already may have written before we hear of it, by another of Telegram's queues; so a
    reply is still tried, and dropped when it is refused.
    """
    change = visit.update.my_chat_member
    assert change is not None
    if change.new_chat_member.status in {"kicked", "left"}:
        outbox.cancel(visit.tx, visit.person.id, REMINDERS)
        visit.change(unreachable_at=visit.tx.now)
    else:
        visit.change(unreachable_at=None)
