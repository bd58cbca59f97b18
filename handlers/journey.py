"""A person's way from form to form: what begins, what a turn leads to, what comes after the end."""

from dataclasses import replace

from handlers import (
    asking,
    balloting,
    between,
    changes,
    filing,
    following,
    joining,
    leaving,
    linking,
    offering,
    previewing,
    steering,
    textkeys,
)
from handlers.visit import Visit
from storage import answers, forms, interviews, media, wave_people, waves
from storage.forms import Published
from storage.interviews import Stored
from surveys import interview as engine
from surveys import language
from surveys.form import Form
from surveys.instruments import (
    DIALOGUE_REPORT,
    INSTRUMENTS,
    PROFILE,
    UNDER_AGE,
    Instrument,
    instrument,
    surveys_for,
)
from surveys.interview import SUMMARY, Instance, Interview, Submitted, Turn, World
from surveys.respondent import may

STAFF = {"staff", "owner"}
# How a form says that a text is made of numbers.
NUMBERS = "numbers"


def begin(
    visit: Visit,
    published: Published,
    presets: dict[str, str] | None = None,
    *,
    dialogue_id: int | None = None,
) -> None:
    """Begin a form and ask its first question; a report may be about a dialogue that is known.

    In a wave with quotas everybody first says what they are, and is then asked or kindly sent away.
    """
    form = published.form
    joined = joining.wave_of(visit, published.id)
    if joined and (profile := steering.to_ask_first(visit, joined.wave_id)):
        first = steering.presets(joined.wave_id)
        resume(visit, profile, first, visit.say("strata.first"))
        return
    asking.set_aside(visit, for_question=True)
    if joined and steering.is_turned_away(visit, joined.wave_id):
        return
    is_ballot = joined is not None and joined.is_ballot
    if joined and is_ballot:
        visit = balloting.begin(visit, joined.wave_id)
    stored = interviews.start(
        visit.tx, visit.person.id, published.id, form.form_id, visit.language,
        is_preview=published.is_draft, wave_id=joined.wave_id if joined else None,
        dialogue_id=dialogue_id, is_ballot=is_ballot, event=visit.person.event,
    )  # fmt: skip
    turn = engine.begin(form, engine.by_names(form, presets or {}), visit.world(stored))
    advance(visit, form, stored, turn, visit.say("ballot.price") if is_ballot else "")


def resume(
    visit: Visit, stored: Stored, presets: dict[str, str] | None = None, remark: str = ""
) -> None:
    """Go on with an interview where it stands, with anything newly known."""
    form = forms.by_id(visit.tx, stored.form_version_id).form
    if stored.status != "active":
        asking.set_aside(visit, for_question=True)
        stored = interviews.resume(visit.tx, stored)
    values = engine.by_names(form, presets or {})
    turn = engine.preset(form, stored.interview, values, visit.world(stored))
    advance(visit, form, stored, turn, remark)


def advance(visit: Visit, form: Form, stored: Stored, turn: Turn, remark: str = "") -> None:
    """Store what a turn brought, and show where it led."""
    after = replace(stored, interview=turn.interview)
    given = engine.answered_paths(turn.events)
    is_over = any(isinstance(event, Submitted) for event in turn.events)
    is_too_young = any(event.value == UNDER_AGE for event in given)
    if stored.is_preview and (is_over or is_too_young):
        previewing.finish(visit)
        return
    if is_too_young:
        leaving.farewell(visit, "under_age")
        return
    if not (stored.is_preview or stored.is_ballot):
        new = [event for event in given if not event.is_kept]
        guesses = [(event, _guess(form, event.path, event.value)) for event in new]
        answers.add(visit.tx, stored.id, guesses, visit.source)
    if is_over and stored.is_ballot:
        cast(visit, form, after)
    elif is_over:
        asking.save(visit, form, replace(after, status="complete"))
        asking.take_away(visit, stored)
        following.plan(visit.tx, stored, turn.interview.values)
        if form.form_id == DIALOGUE_REPORT:
            filing.file(visit, stored.id)
        finished(visit, form, after)
    elif pauses_profile(form, turn.interview, visit.world(stored)):
        asking.save(visit, form, replace(after, status="paused"))
        known(visit, form, after)
    else:
        remark = remark or changes.said(visit, form, stored, turn)
        asking.present(visit, form, after, remark)


def cast(visit: Visit, form: Form, stored: Stored) -> None:
    """Put a ballot into its box; what comes too late is in none."""
    if balloting.cast(visit, form, stored):
        finished(visit, form)
    else:
        home(visit, visit.say("wave.over"))


def _guess(form: Form, path: str, value: str) -> language.Guess | None:
    """Label the language of a free text; it is metadata and decides nothing.

    A text of numbers only, as the form wants it, is no free text, and nobody has to read it.
    """
    question = form.question(path)
    is_free = question.kind == "text" and NUMBERS not in question.appearance
    is_text = is_free and not media.is_voice(value)
    return language.detect(value) if is_text and value else None


def pauses_profile(form: Form, state: Interview, world: World) -> bool:
    """Tell whether the profile's first part is done and the rest waits for the survey's end."""
    if form.form_id != PROFILE or state.position != SUMMARY:
        return False
    return _named(form, state, world).get("stage") in {"before", steering.STRATA}


def _named(form: Form, state: Interview, world: World) -> dict[str, str]:
    response = Instance(form, state.values, world).response()
    return {form.nodes[path].name: value for path, value in response.items()}


def known(visit: Visit, form: Form, stored: Stored) -> None:
    """Note sector and province, and go on to the survey."""
    values = _named(form, stored.interview, visit.world(stored))
    learnt = {name: values[name] for name in ("sector", "province") if name in values}
    visit = visit.change(**learnt) if learnt else visit
    if values.get("stage") == steering.STRATA:
        begin_wave(visit, int(values["wave"]))
        return
    if visit.owner.keyboard and next_survey(visit) is None:
        textkeys.put_away(visit)
    enter(visit)


def begin_wave(visit: Visit, wave_id: int) -> None:
    """Begin the form of a wave whose quotas somebody was asked about before."""
    one = waves.find(visit.tx, wave_id)
    if one is None or one.status != "open":
        home(visit, visit.say("wave.over"))
    else:
        begin(visit, forms.by_id(visit.tx, one.form_version_id))


def enter(visit: Visit) -> None:
    """Begin the survey that is next for this person, or show home."""
    survey = next_survey(visit)
    published = forms.newest(visit.tx, survey.form_id) if survey else None
    if published is None:
        home(visit)
        return
    if visit.person.wanted_form and not visit.is_helped:
        visit = visit.change(wanted_form=None)
    began = interviews.latest(visit.tx, visit.person.id, published.form.form_id)
    if began and began.status == "paused":
        resume(visit, began)
    else:
        begin(visit, published)


def next_survey(visit: Visit) -> Instrument | None:
    """Return the survey a link asked for, or a person's main one if it is still open."""
    asked_for = visit.person.wanted_form
    wanted = offering.named(visit.tx, asked_for) if asked_for else None
    main = surveys_for(visit.person.sector or "citizen")[0]
    if visit.is_helped:
        one = wanted if wanted and may_open(visit, wanted) else main
        return one if one and not was_completed(visit, one) else None
    if wanted and may_open(visit, wanted):
        return wanted
    if visit.person.role == "reporter":
        return None
    return main if is_open(visit, main) and not was_completed(visit, main) else None


def offered(visit: Visit) -> list[Instrument]:
    """Return the forms a person may begin or go on with."""
    surveys = offering.for_sector(visit.tx, visit.person.sector or "citizen")
    reports = [item for item in INSTRUMENTS if visit.person.role in item.roles]
    return [item for item in (*reports, *surveys) if is_open(visit, item)]


def may_open(visit: Visit, item: Instrument) -> bool:
    """Tell whether a person may begin a form: they are offered it, or staff gave them its link."""
    return item in offered(visit) or (item.is_put and is_open(visit, item))


def is_open(visit: Visit, item: Instrument) -> bool:
    """Tell whether a person can still answer a form."""
    return item.repeatable or not was_completed(visit, item)


def was_completed(visit: Visit, item: Instrument) -> bool:
    """Tell whether a person completed a form before."""
    stored = interviews.latest(visit.tx, visit.person.id, item.form_id)
    if stored is None:
        return wave_people.has_cast_of_form(visit.tx, item.form_id, visit.person.id)
    return stored.status == "complete"


def open_form(visit: Visit, form_id: str) -> None:
    """Go on with a form that was begun, or begin it."""
    stored = interviews.latest(visit.tx, visit.person.id, form_id)
    published = forms.newest(visit.tx, form_id)
    assert published is not None
    began = stored is not None and stored.status != "complete"
    # What was begun can be ended, though it isn't offered any more.
    may_end = began and not is_always_offered(form_id)
    wanted = offering.named(visit.tx, form_id)
    if not (form_id == PROFILE or may_end or (wanted and may_open(visit, wanted))):
        home(visit)
    elif stored and began:
        resume(visit, stored)
    else:
        begin(visit, published)


def is_always_offered(form_id: str) -> bool:
    """Tell whether a form is of the project's own that some people find among their surveys."""
    ours = instrument(form_id)
    return ours is not None and not ours.is_put


def finished(visit: Visit, form: Form, stored: Stored | None = None) -> None:
    """Thank the person, and once offer the few questions about them.

    Before that, whoever answered in two waves is asked whether both may be put side by side.
    """
    if stored and linking.is_due(visit, stored):
        linking.ask(visit, stored)
        return
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
        visit.marked(visit.say(key)),
        [
            [visit.button(visit.say("button.more_yes"), "more", "yes")],
            [visit.button(visit.say("button.more_no"), "more", "no")],
        ],
    )


def home(visit: Visit, text: str = "") -> None:
    """Show what a person can do now; a facilitator, who is next."""
    if visit.is_helped:
        between.menu(visit, visit.say("assist.thanks"))
        return
    if visit.person.role in STAFF:
        visit.answer(text or visit.say("home.staff"))
        return
    shown = offering.newest(visit.tx, offered(visit))
    if (left := interviews.set_aside(visit.tx, visit.person.id)) and _stands_alone(left, shown):
        shown.append(forms.by_id(visit.tx, left.form_version_id))
    rows = [[visit.button(offering.title(visit.language, one.form), "go", one.id)] for one in shown]
    is_reporter = may(visit.person.role, "report")
    visit.answer(text or visit.say("home.reporter" if is_reporter else "home.citizen"), rows)


def _stands_alone(left: Stored, shown: list[Published]) -> bool:
    """Tell whether a form that was begun stands nowhere else: staff put it, or it was closed."""
    is_offered = left.form_id in {one.form.form_id for one in shown}
    return not is_always_offered(left.form_id) and not is_offered
