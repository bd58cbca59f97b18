"""From /start to the first question: invitation, language, consent, profile; and home after."""

from handlers import answering, links, rendering, rights, texts
from handlers.visit import Keyboard, Visit
from storage import forms, interviews, invitations, respondents
from storage.interviews import Stored
from surveys.form import Form
from surveys.instruments import (
    DIALOGUE_REPORT,
    INSTRUMENTS,
    PROFILE,
    Instrument,
    instrument,
    surveys_for,
)
from surveys.interview import SUMMARY, Instance, Interview, World
from surveys.language import EN, KM
from surveys.respondent import may

# The version of the consent text; a new text asks everybody again.
CONSENT_VERSION = "2026-11"
STAFF = {"staff", "owner"}


def start(visit: Visit) -> None:
    """Take what the link says, then go to the next thing that is still open."""
    link = links.parse(_payload(visit.typed))
    if link.token:
        visit = redeem(visit, link.token)
    known = {}
    if link.province:
        known["province"] = link.province
    if link.form_id and instrument(link.form_id):
        known["wanted_form"] = link.form_id
    if visit.person.stopped_at or visit.person.unreachable_at:
        known |= {"stopped_at": None, "unreachable_at": None}  # type: ignore[dict-item]
    proceed(visit.change(**known) if known else visit)


def _payload(text: str) -> str:
    return text.partition(" ")[2].strip()


def redeem(visit: Visit, token: str) -> Visit:
    """Use an invitation up; the same answer for a wrong, used and expired one."""
    invitation = invitations.redeem(visit.tx, token)
    if invitation is None:
        visit.send(visit.say("invitation_unusable"))
        return visit
    sector = {"sector": invitation.sector} if invitation.sector else {}
    return visit.change(role=invitation.role, **sector)


def welcome(visit: Visit) -> None:
    """Bring a person who isn't through the first steps back to them, whatever they did."""
    visit.toast()
    proceed(visit)


def proceed(visit: Visit) -> None:
    """Do the next thing a person needs: language, consent, profile, or home."""
    if visit.person.language is None:
        ask_language(visit)
    elif visit.person.role in STAFF:
        home(visit)
    elif not visit.person.consented:
        ask_consent(visit)
    else:
        go_on(visit)


def go_on(visit: Visit) -> None:
    """Go on with what is open, then with the profile's first part, then with the survey."""
    active = interviews.active(visit.tx, visit.person.id)
    profile = interviews.latest(visit.tx, visit.person.id, PROFILE)
    if active and not visit.person.wanted_form:
        answering.resume(visit, active)
    elif profile is None:
        begin_profile(visit)
    elif visit.person.sector is None:
        answering.resume(visit, profile)
    else:
        enter(visit)


def ask_language(visit: Visit) -> None:
    """Ask which language, in both."""
    visit.answer(
        texts.say(None, "choose_language"),
        [[visit.button(rendering.LANGUAGE_NAMES[code], "language", code) for code in (KM, EN)]],
    )


def language_chosen(visit: Visit) -> None:
    """Take the language and go on; an open question is shown in it."""
    assert visit.tap is not None
    visit.toast()
    proceed(visit.change(language=visit.tap.arguments[0]))


def ask_consent(visit: Visit) -> None:
    """Show the consent text before the first question."""
    visit.answer(
        visit.say("consent"),
        [
            [visit.button(visit.say("button.consent_yes"), "consent", "yes")],
            [visit.button(visit.say("button.consent_no"), "consent", "no")],
            [visit.button(visit.say("button.under_18"), "consent", "under_18")],
        ],
    )


def consent_given(visit: Visit) -> None:
    """Record the consent and begin, or end kindly and keep nothing."""
    assert visit.tap is not None
    answer = visit.tap.arguments[0]
    visit.toast()
    if answer != "yes":
        rights.farewell(visit, "under_age" if answer == "under_18" else "consent_refused")
    elif visit.person.consented:
        proceed(visit)
    else:
        respondents.give_consent(visit.tx, visit.person.id, CONSENT_VERSION, visit.language)
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
    answering.begin(visit, published, presets)


def pauses_profile(form: Form, state: Interview, world: World) -> bool:
    """Tell whether the profile's first part is done and the rest waits for the survey's end."""
    if form.form_id != PROFILE or state.position != SUMMARY:
        return False
    return _named(form, state, world).get("stage") == "before"


def _named(form: Form, state: Interview, world: World) -> dict[str, str]:
    response = Instance(form, state.values, world).response()
    return {form.nodes[path].name: value for path, value in response.items()}


def known(visit: Visit, form: Form, stored: Stored) -> None:
    """Note sector and province, and go on to the survey."""
    values = _named(form, stored.interview, visit.world)
    learnt = {name: values[name] for name in ("sector", "province") if name in values}
    enter(visit.change(**learnt) if learnt else visit)


def enter(visit: Visit) -> None:
    """Begin the survey that is next for this person, or show home."""
    survey = next_survey(visit)
    published = forms.newest(visit.tx, survey.form_id) if survey else None
    if published is None:
        home(visit)
        return
    if visit.person.wanted_form:
        visit = visit.change(wanted_form=None)
    began = interviews.latest(visit.tx, visit.person.id, published.form.form_id)
    if began and began.status == "paused":
        answering.resume(visit, began)
    else:
        answering.begin(visit, published)


def next_survey(visit: Visit) -> Instrument | None:
    """Return the survey a link asked for, or a person's main one if it is still open."""
    wanted = instrument(visit.person.wanted_form or "")
    if wanted and wanted in offered(visit):
        return wanted
    if visit.person.role == "reporter":
        return None
    main = surveys_for(visit.person.sector or "citizen")[0]
    return main if is_open(visit, main) and not was_completed(visit, main) else None


def was_completed(visit: Visit, item: Instrument) -> bool:
    """Tell whether a person completed a form before."""
    stored = interviews.latest(visit.tx, visit.person.id, item.form_id)
    return stored is not None and stored.status == "complete"


def offered(visit: Visit) -> list[Instrument]:
    """Return the forms a person may begin or go on with."""
    surveys = surveys_for(visit.person.sector or "citizen")
    reports = [item for item in INSTRUMENTS if visit.person.role in item.roles]
    return [item for item in (*reports, *surveys) if is_open(visit, item)]


def is_open(visit: Visit, item: Instrument) -> bool:
    """Tell whether a person can still answer a form."""
    return item.repeatable or not was_completed(visit, item)


def home(visit: Visit, text: str = "") -> None:
    """Show what a person can do now."""
    if visit.person.role in STAFF:
        visit.answer(text or visit.say("home.staff"))
        return
    rows: Keyboard = []
    for item in offered(visit):
        published = forms.newest(visit.tx, item.form_id)
        if published:
            label = visit.say("form." + item.form_id)
            rows.append([visit.button(label, "go", published.id)])
    is_reporter = may(visit.person.role, "report")
    visit.answer(text or visit.say("home.reporter" if is_reporter else "home.citizen"), rows)


def go(visit: Visit) -> None:
    """Begin the form of a button, or go on with it."""
    assert visit.tap is not None
    visit.toast()
    published = forms.by_id(visit.tx, int(visit.tap.arguments[0]))
    open_form(visit, published.form.form_id)


def open_form(visit: Visit, form_id: str) -> None:
    """Go on with a form that was begun, or begin it."""
    stored = interviews.latest(visit.tx, visit.person.id, form_id)
    published = forms.newest(visit.tx, form_id)
    assert published is not None
    allowed = form_id == PROFILE or instrument(form_id) in offered(visit)
    if not allowed:
        home(visit)
    elif stored and stored.status != "complete":
        answering.resume(visit, stored)
    else:
        answering.begin(visit, published)


def survey(visit: Visit) -> None:
    """Go on with what is open, or show what can be begun."""
    stored = interviews.active(visit.tx, visit.person.id)
    if stored:
        answering.resume(visit, stored)
    else:
        home(visit)


def report(visit: Visit) -> None:
    """Begin or go on with a dialogue report, for reporters."""
    if may(visit.person.role, "report"):
        open_form(visit, DIALOGUE_REPORT)
    else:
        visit.send(visit.say("only_reporters"))


def finished(visit: Visit, form: Form) -> None:
    """Thank the person, and once offer the few questions about them."""
    if form.form_id == PROFILE:
        home(visit, visit.say("thanks.profile"))
        return
    profile = interviews.latest(visit.tx, visit.person.id, PROFILE)
    if profile is None or profile.status == "complete":
        key = "thanks.report" if form.form_id == DIALOGUE_REPORT else "thanks.survey"
        home(visit, visit.say(key))
        return
    key = "thanks.report_more" if form.form_id == DIALOGUE_REPORT else "thanks.more"
    visit.answer(
        visit.say(key),
        [
            [visit.button(visit.say("button.more_yes"), "more", "yes")],
            [visit.button(visit.say("button.more_no"), "more", "no")],
        ],
    )


def more(visit: Visit) -> None:
    """Ask the rest of the profile, or leave it."""
    assert visit.tap is not None
    visit.toast()
    profile = interviews.latest(visit.tx, visit.person.id, PROFILE)
    if visit.tap.arguments[0] != "yes" or profile is None or profile.status == "complete":
        home(visit, visit.say("thanks.survey"))
    else:
        answering.resume(visit, profile, {"stage": "after"})
