"""The card for who writes of violence: it names who can help, and leaves no trace."""

import pytest

from handlers import safety
from surveys.safety import Hotline
from tests.conftest import House
from tests.steps import at_text_question

SAID = "They threaten me because of the land"


async def test_it_is_one_message_more_and_the_answer_is_stored_like_any_other(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    phone = await at_text_question(house)
    [before] = house.rows("SELECT count(*) FROM outbox")

    await phone.types(SAID)

    assert house.rows("SELECT value FROM answer ORDER BY id DESC LIMIT 1") == [(SAID,)]
    assert house.rows("SELECT count(*) FROM outbox") == [(before[0] + 3,)]
    assert house.rows("SELECT body FROM outbox WHERE body IS NOT NULL") == []
    assert "safe place" in phone.sees
    assert SAID not in caplog.text
    assert house.rows("SELECT count(*) FROM job") == [(0,)]


async def test_hotlines_that_are_filled_in_stand_on_it_in_the_persons_language(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Hotline({"km": "នគរបាល", "en": "Police"}, "012 000 000")
    monkeypatch.setattr(safety, "hotlines", lambda: (line,))
    phone = await at_text_question(house, "km")

    await phone.types("គេគំរាមខ្ញុំ")

    assert phone.sees.endswith("អ្នកដែលអាចជួយបាន៖\n• នគរបាល: 012 000 000")


async def test_staff_who_write_down_what_others_say_dont_get_it(house: House) -> None:
    phone = await house.person()
    await phone.types(f"/start {await house.invitation('staff')}")
    await phone.taps("English")

    await phone.types(SAID)

    assert "safe place" not in phone.sees
