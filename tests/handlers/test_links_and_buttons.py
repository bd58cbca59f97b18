"""What deep links and buttons carry, and that nobody can make one up."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import buttons, links
from storage.keys import Keys

KEYS = Keys(bytes(32))
PERSON, OTHER = "a" * 32, "b" * 32


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ("", links.Link()),
        ("p17", links.Link(province="siem_reap")),
        ("p03", links.Link(province="kampong_cham")),
        ("p21", links.Link(province="other")),
        ("p16-dialogue_experience", links.Link(None, "ratanakiri", "dialogue_experience")),
        ("citizen_interests", links.Link(form_id="citizen_interests")),
        ("p07km-pulse", links.Link(None, "kampot", "pulse", "km")),
        ("p00en-pulse--hall14", links.Link(None, None, "pulse", "en", "hall14")),
        ("energy-use--fair", links.Link(form_id="energy-use", event="fair")),
        ("pulse--a-b", links.Link()),
        ("i-" + "x" * 32, links.Link(token="x" * 32)),
        ("i-short", links.Link()),
        ("P17; DROP TABLE", links.Link()),
        ("ខ្មែរ", links.Link()),
    ],
)
def test_a_link_says_what_it_says_and_nonsense_says_nothing(
    payload: str, expected: links.Link
) -> None:
    assert links.parse(payload) == expected


@given(
    st.sampled_from([None, *links.PROVINCES.values()]),
    st.from_regex(r"[a-hj-z][a-z0-9_]{0,19}(-[a-z0-9_]{1,9})?", fullmatch=True),
    st.sampled_from([None, "km", "en"]),
    st.none() | st.from_regex(r"[A-Za-z0-9]{1,16}", fullmatch=True),
)
def test_an_open_link_says_what_was_put_into_it(
    province: str | None, form_id: str, language: str | None, event: str | None
) -> None:
    payload = links.open_payload(province, form_id, language, event)

    assert links.parse(payload) == links.Link(None, province, form_id, language, event)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload)


def test_an_invitation_fits_telegrams_64_characters() -> None:
    link = links.invitation("samleng_bot", "x" * 32)

    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", link.partition("start=")[2])


@given(st.text(max_size=80))
def test_reading_any_link_or_button_never_fails(text: str) -> None:
    links.parse(text)

    assert buttons.decode(KEYS, PERSON, text) is None


@given(st.lists(st.from_regex(r"[a-z0-9_]{1,6}", fullmatch=True), max_size=4))
def test_a_button_reads_back_as_what_was_written(arguments: list[str]) -> None:
    data = buttons.encode(KEYS, PERSON, "act", *arguments)

    assert buttons.decode(KEYS, PERSON, data) == buttons.Tap("act", tuple(arguments))
    assert buttons.decode(KEYS, OTHER, data) is None
    assert len(data.encode()) <= buttons.LONGEST
