"""Files that a bot sends and fetches: as they were, within Telegram's sizes."""

import io
import json
from base64 import b64encode
from typing import Any

import aiohttp
import pytest

from tests.conftest import TOKEN
from tests.simulator.conftest import Api, Refused

MEGABYTE = 2**20
NAME = "ចម្លើយ “1”.xlsx"
PNG = b"\x89PNG\r\n\x1a\n"


async def sends_file(
    api: Api,
    person: int,
    kind: str,
    content: bytes,
    *,
    attached: bool = False,
    name: str = NAME,
    **more: str,
) -> Any:
    """Send a file as a bot does: under the parameter's own name, or attached under another."""
    form = aiohttp.FormData({"chat_id": str(person), **more}, quote_fields=False)
    form.add_field("file0" if attached else kind, io.BytesIO(content), filename=name)
    if attached:
        form.add_field(kind, "attach://file0")
    method = f"send{kind.capitalize()}"
    return await api.post(method, data=form)


@pytest.mark.parametrize("kind", ["document", "photo", "audio", "voice"])
@pytest.mark.parametrize("attached", [True, False])
async def test_a_file_arrives_as_it_was_sent(api: Api, kind: str, attached: bool) -> None:
    sent = await sends_file(api, await api.person(), kind, PNG, attached=attached, name="a.mp3")

    file = sent[kind][0] if kind == "photo" else sent[kind]
    assert file["file_size"] == len(PNG)
    assert await api.telegram.download(file["file_id"]) == PNG


async def test_a_file_keeps_its_name_in_any_script(api: Api) -> None:
    sent = await sends_file(api, await api.person(), "document", b"PK")

    address = f"{api.telegram.address}/sim/files/{sent['document']['file_id']}"
    async with api.session.get(address) as answer:
        assert answer.content_disposition is not None
        assert answer.content_disposition.filename == "ចម្លើយ “1”.xlsx"


async def test_a_file_can_be_sent_again_by_its_id(api: Api) -> None:
    person = await api.person()
    sent = await sends_file(api, person, "document", b"PK", caption="Export")
    again = {"chat_id": person, "document": sent["document"]["file_id"]}

    assert (await api.call("sendDocument", **again))["document"]["file_size"] == 2
    assert "caption" not in (await api.chat(person))["messages"][-1]
    assert (await api.chat(person))["messages"][-2]["caption"] == "Export"


async def test_a_file_that_is_missing_or_empty_is_refused(api: Api) -> None:
    person = await api.person()

    for value, words in [
        (None, "there is no document in the request"),
        ("attach://nothing", "isn't in the request"),
        ("https://example.org/x", "wrong file identifier/HTTP URL specified"),
    ]:
        assert words in await api.refuses("sendDocument", chat_id=person, document=value)
    with pytest.raises(Refused, match="file must be non-empty"):
        await sends_file(api, person, "document", b"")
    with pytest.raises(Refused, match="caption is too long"):
        await sends_file(api, person, "document", b"PK", caption="ក" * 1025)


async def test_a_text_that_looks_like_an_attachment_is_only_a_text(api: Api) -> None:
    assert await api.says(await api.person(), "attach://file0")


async def test_files_have_a_largest_size(api: Api) -> None:
    person = await api.person()

    with pytest.raises(Refused, match="is too big for a photo; the maximum size is 10485760"):
        await sends_file(api, person, "photo", bytes(10 * MEGABYTE + 1))
    for size in (50 * MEGABYTE + 1, 52 * MEGABYTE):
        with pytest.raises(Refused, match="413, 'Request Entity Too Large'"):
            await sends_file(api, person, "document", bytes(size))


async def test_what_a_person_sent_can_be_fetched_for_an_hour_once_asked_for(api: Api) -> None:
    update = await api.does(await api.person(), "speak")
    file_id = update["message"]["voice"]["file_id"]
    link = f"{api.telegram.address}/file/bot{TOKEN}/files/{file_id}"
    assert await status_of(api, link) == 404

    file = await api.call("getFile", file_id=file_id)

    assert link.endswith(file["file_path"])
    assert await status_of(api, link) == 200
    assert await status_of(api, link.replace(TOKEN, "7:short")) == 401
    api.clock.turn(3600)
    assert await status_of(api, link) == 404


async def status_of(api: Api, address: str) -> int:
    async with api.session.get(address) as answer:
        return answer.status


async def test_a_file_above_20_megabytes_or_unknown_cannot_be_fetched(api: Api) -> None:
    large = api.world.add_file("large.ogg", bytes(20 * MEGABYTE + 1))

    assert await api.refuses("getFile", file_id=large) == "Bad Request: file is too big"
    assert "wrong file_id" in await api.refuses("getFile", file_id="FILE")
    assert "file_id not specified" in await api.refuses("getFile")


async def test_a_document_has_no_text_to_edit(api: Api) -> None:
    person = await api.person()
    sent = await sends_file(api, person, "document", b"PK")

    words = await api.refuses(
        "editMessageText", chat_id=person, message_id=sent["message_id"], text="New"
    )

    assert words == "Bad Request: there is no text in the message to edit"


async def test_a_picture_can_be_sent_again_only_as_a_picture(api: Api) -> None:
    person = await api.person()
    file_id = (await sends_file(api, person, "photo", PNG))["photo"][0]["file_id"]

    again = await api.call("sendPhoto", chat_id=person, photo=file_id)

    assert again["photo"][0]["file_id"] == file_id
    words = await api.refuses("sendAudio", chat_id=person, audio=file_id)
    assert words == "Bad Request: can't use file of type Photo as Audio"
    with pytest.raises(Refused, match="IMAGE_PROCESS_FAILED"):
        await sends_file(api, person, "photo", b"<svg/>")


async def test_a_sound_of_another_kind_becomes_a_document(api: Api) -> None:
    sent = await sends_file(api, await api.person(), "audio", b"OggS", name="a.ogg")

    assert "audio" not in sent
    assert sent["document"]["file_name"] == "a.ogg"


async def test_a_caption_is_changed_but_never_made_of_a_text_or_the_other_way(api: Api) -> None:
    person = await api.person()
    sent = await sends_file(api, person, "photo", PNG, caption="Old")
    at = {"chat_id": person, "message_id": sent["message_id"]}

    await api.call("editMessageCaption", **at, caption="New")

    assert (await api.chat(person))["messages"][-1]["caption"] == "New"
    assert "not modified" in await api.refuses("editMessageCaption", **at, caption="New")
    assert "too long" in await api.refuses("editMessageCaption", **at, caption="ក" * 1025)
    assert "no text in the message" in await api.refuses("editMessageText", **at, text="New")
    at["message_id"] = await api.says(person, "Text")
    words = await api.refuses("editMessageCaption", **at, caption="New")
    assert words == "Bad Request: there is no caption in the message to edit"


async def album(api: Api, person: int, *items: dict[str, str]) -> Any:
    form = aiohttp.FormData({"chat_id": str(person), "media": json.dumps(items)})
    form.add_field("file0", io.BytesIO(PNG), filename="a.png")
    return await api.post("sendMediaGroup", data=form)


async def test_an_album_holds_two_to_ten_of_one_kind(api: Api) -> None:
    person = await api.person()
    new = {"type": "photo", "media": "attach://file0", "caption": "1"}

    first, second = await album(api, person, new, {**new, "caption": "2"})

    assert first["media_group_id"] == second["media_group_id"]
    assert [first["caption"], second["caption"]] == ["1", "2"]
    for items in (
        [new],
        [new] * 11,
        [new, {**new, "type": "audio"}],
        [{**new, "type": "voice"}] * 2,
    ):
        with pytest.raises(Refused, match="album"):
            await album(api, person, *items)
    with pytest.raises(Refused, match="isn't in the request"):
        await album(api, person, new, {**new, "media": "attach://file1"})


async def test_an_album_counts_as_many_messages_as_it_holds(api: Api) -> None:
    person = await api.person()
    new = {"type": "photo", "media": "attach://file0"}

    for _ in range(2):
        await album(api, person, *[new] * 10)

    with pytest.raises(Refused, match="429"):
        await album(api, person, new, new)


async def test_a_person_sends_a_file_of_their_own_and_the_bot_downloads_it(api: Api) -> None:
    person, content = await api.person(), b64encode(PNG).decode()

    update = await api.does(person, "file", name="map.png", content=content)

    document = update["message"]["document"]
    assert (document["file_name"], document["file_size"]) == ("map.png", len(PNG))
    path = (await api.call("getFile", file_id=document["file_id"]))["file_path"]
    async with api.session.get(f"{api.telegram.address}/file/bot{TOKEN}/{path}") as answer:
        assert await answer.read() == PNG


async def test_a_sound_stays_a_sound_and_keeps_its_name(api: Api) -> None:
    update = await api.does(await api.person(), "file", name="why.mp3", content="")

    assert update["message"]["audio"]["file_name"] == "why.mp3"


async def test_a_file_whose_content_cant_be_read_is_refused(api: Api) -> None:
    with pytest.raises(aiohttp.ClientResponseError, match="400"):
        await api.does(await api.person(), "file", name="a.md", content="not Base64!")
