"""Free texts are read by staff, one tap each; what names somebody stands in no export."""

import io

from python_calamine import CalamineWorkbook

from tests.chat import Phone
from tests.conftest import House
from tests.steps import at_text_question, export_of, member


async def wrote(house: House, text: str, province: str = "p17") -> Phone:
    phone = await at_text_question(house)
    await phone.types(text)
    await phone.taps("Skip ⏭")
    await phone.taps(next(label for label in phone.labels if "Submit" in label))
    return phone


async def exported(house: House, staff: Phone) -> list[object]:
    await export_of(staff)
    document = next(m["document"] for m in reversed(staff.messages) if "document" in m
                    and m["document"]["file_name"].endswith("xlsx"))  # fmt: skip
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(await house.telegram.download(document["file_id"]))
    )
    head, *rows = book.get_sheet_by_name("data").to_python()
    return [row[head.index("change")] for row in rows]


async def test_a_tap_each_and_what_names_somebody_is_left_out(house: House) -> None:
    await wrote(house, "The bridge is broken")
    await wrote(house, "Chief Sok Dara took the money")
    staff = await member(house)

    await staff.types("/review")
    first = staff.sees
    await staff.taps("✅ No, it names nobody")
    second = staff.sees
    await staff.taps("🙈 Yes, leave it out of exports")

    assert "The bridge is broken" in first
    assert "Texts to read: 2" in first
    assert "Sok Dara" in second
    assert "All texts are read" in staff.sees
    assert "Sok Dara" not in str(staff.messages)
    assert await exported(house, staff) == ["The bridge is broken", "[…]"]


async def test_a_text_that_was_changed_is_read_again(house: House) -> None:
    await wrote(house, "The bridge is broken")
    staff = await member(house)
    await staff.types("/review")
    await staff.taps("🙈 Yes, leave it out of exports")

    await house.store.call(add_revision)
    await staff.types("/review")

    assert "The new bridge is broken" in staff.sees
    await staff.taps("✅ No, it names nobody")
    assert await exported(house, staff) == ["The bridge is broken"]


def add_revision(tx) -> None:  # type: ignore[no-untyped-def]
    from tests.database import plain_sql

    plain_sql(
        tx,
        "INSERT INTO answer (interview_id, path, revision, value, language, bot_id, update_id,"
        " answered_at) SELECT interview_id, path, revision + 1, 'The new bridge is broken',"
        " language, bot_id, update_id, answered_at FROM answer WHERE value LIKE 'The bridge%'",
    )


async def test_what_somebody_is_still_writing_is_nobodys_to_read(house: House) -> None:
    phone = await at_text_question(house)
    await phone.types("Half a thought")
    staff = await member(house)

    await staff.types("/review")

    assert "Half a thought" not in staff.sees


async def test_staff_of_a_province_read_only_its_texts(house: House) -> None:
    await wrote(house, "In Siem Reap the road is bad")
    bound = await member(house, province="kampot")

    await bound.types("/review")

    assert "road is bad" not in bound.sees


async def test_later_leaves_a_text_to_somebody_else(house: House) -> None:
    await wrote(house, "The bridge is broken")
    staff = await member(house)
    await staff.types("/review")

    await staff.taps("⏭ Later")
    after = staff.sees
    await staff.types("/review")

    assert "All texts are read" in after
    assert "The bridge is broken" in staff.sees
