"""The first steps of people in either language, up to the question a test is about."""

from pathlib import Path

from bot.conversion import beside
from storage import forms
from tests.chat import Phone
from tests.conftest import House
from tests.surveys.markdown import converted

AGREE = {"km": "ខ្ញុំអាយុ ១៨+ ហើយយល់ព្រម", "en": "I'm 18 or older and I agree"}
NAMES = {"km": "ខ្មែរ", "en": "English"}
FORMS = Path(__file__).parent / "transcripts" / "forms"
CITIZEN = {"km": "ប្រជាពលរដ្ឋ", "en": "Citizen"}


def brought(name: str) -> tuple[str, dict[str, bytes]]:
    """Return one of the forms beside the transcripts, with its files."""
    path = FORMS / f"{name}.md"
    xform = converted(path.read_text("utf-8"))["xform"]
    return xform, beside(path, xform)


async def publish(house: House, name: str) -> None:
    """Let citizens be asked one of the forms beside the transcripts."""
    xform, files = brought(name)
    await house.store.call(forms.publish, xform, name, files)


async def at_first_question(house: House, language: str = "en") -> Phone:
    """Bring a new citizen to the first question of the survey."""
    phone = await house.person()
    await phone.types("/start p17")
    for label in (NAMES[language], AGREE[language], CITIZEN[language]):
        await phone.taps(label)
    return phone


async def at_text_question(house: House, language: str = "en") -> Phone:
    phone = await at_first_question(house, language)
    skip = {"km": "រំលង ⏭", "en": "Skip ⏭"}[language]
    for _ in range(3):
        await phone.taps(skip)
    return phone


async def at_number_question(house: House, language: str = "en") -> Phone:
    """Bring a reporter to “How many women took part?”."""
    phone = await house.person()
    await phone.types(f"/start {await house.invitation('reporter', 'cso')}")
    for label in (NAMES[language], AGREE[language], {"km": "កំពត", "en": "Kampot"}[language]):
        await phone.taps(label)
    await phone.types("/report")
    await phone.taps({"km": "កំពត", "en": "Kampot"}[language])
    await phone.types("សាលាឃុំ")
    await phone.taps({"km": "ថ្ងៃនេះ", "en": "Today"}[language])
    return phone
