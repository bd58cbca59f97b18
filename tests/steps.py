"""The first steps of people in either language, up to the question a test is about."""

from pathlib import Path

from bot.conversion import beside
from handlers import texts
from storage import forms, invitations
from surveys.respondent import Role, Sector
from tests.chat import Phone
from tests.conftest import House
from tests.surveys.markdown import converted

AGREE = {"km": "ខ្ញុំអាយុ ១៨+ ហើយយល់ព្រម", "en": "I'm 18 or older and I agree"}
NAMES = {"km": "ខ្មែរ", "en": "English"}
FORMS = Path(__file__).parent / "transcripts" / "forms"
PIN = "482913"
ALL = {"km": "ទាំងអស់", "en": "All"}
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
    """Bring a reporter to “How many people took part?”."""
    phone = await house.person()
    await phone.types(f"/start {await house.invitation('reporter', 'cso')}")
    for label in (NAMES[language], AGREE[language], {"km": "កំពត", "en": "Kampot"}[language]):
        await phone.taps(label)
    await phone.types("/report")
    await phone.taps({"km": "កិច្ចសន្ទនាផ្សេងទៀត", "en": "Another dialogue"}[language])
    await phone.taps({"km": "📋 ទាំងអស់", "en": "📋 All of it"}[language])
    await phone.taps({"km": "កំពត", "en": "Kampot"}[language])
    await phone.types("សាលាឃុំ")
    await phone.taps({"km": "ថ្ងៃនេះ", "en": "Today"}[language])
    return phone


async def member(
    house: House, role: Role = "staff", language: str = "en", province: str | None = None
) -> Phone:
    """Bring somebody whom the command line invited to where they can do what their role may."""
    phone = await house.person()
    sector: Sector | None = "cso" if role == "reporter" else None
    token = await house.store.call(invitations.create, role, sector, province)
    await phone.types(f"/start i-{token}")
    await phone.taps(NAMES[language])
    if role == "reporter":
        await phone.taps(AGREE[language])
        await phone.taps({"km": "កំពត", "en": "Kampot"}[language])
    return phone


async def with_pin(phone: Phone, pin: str = PIN) -> Phone:
    """Type the PIN that is asked for; twice where it is a new one."""
    while "PIN" in phone.sees and "✅" not in phone.sees:
        await phone.types(pin)
    if phone.sees in {texts.say(code, "pin.repeat") for code in NAMES}:
        await phone.types(pin)
    return phone


async def export_of(phone: Phone, form: str = "citizen_interests", language: str = "en") -> None:
    """Have all answers to a form exported in the chat."""
    await phone.types(f"/export {form}")
    await phone.taps(ALL[language])
    await with_pin(phone)
