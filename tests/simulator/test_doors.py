"""Who may drive the simulator: this machine and its own page; and what it says to nonsense."""

import json
from typing import Any

import pytest

from tests.conftest import TOKEN
from tests.simulator.conftest import Api

PERSON = "/sim/people/700000001"


async def status(api: Api, verb: str, path: str, **more: Any) -> int:
    async with api.session.request(verb, api.telegram.address + path, **more) as answer:
        return answer.status


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "example.org"},
        {"Host": "rebound.example.org:80"},
        {"Host": "127.0.0.1.example.org"},
        {"Host": ""},
        {"Origin": "https://example.org"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://127.0.0.1.example.org"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/", "/sim/calls", f"/bot{TOKEN}/getUpdates", "/page/page.js"])
async def test_a_foreign_page_or_name_gets_nothing(
    api: Api, headers: dict[str, str], path: str
) -> None:
    """Else any web page could drive the bot here, by a form or by rebinding its own name."""
    assert await status(api, "GET", path, headers=headers) == 403


async def test_a_foreign_form_changes_nothing(api: Api) -> None:
    headers = {"Origin": "https://example.org", "Content-Type": "text/plain"}

    assert await status(api, "POST", "/sim/people", data='{"name": "x"}', headers=headers) == 403
    assert not api.world.chats


async def test_the_page_itself_may_call_under_either_name(api: Api) -> None:
    port = api.telegram.address.rpartition(":")[2]
    for name in ("127.0.0.1", "localhost", "[::1]"):
        headers = {"Host": f"{name}:{port}", "Origin": f"http://{name}:{port}"}
        assert await status(api, "GET", "/sim/calls", headers=headers) == 200


NONSENSE: list[tuple[str, bytes]] = [
    (path, body)
    for path in (
        *("/sim/people", f"{PERSON}/write", f"{PERSON}/tap", "/sim/faults", "/sim/updates"),
        *("/sim/latency", "/sim/duplicates", "/sim/queues", "/sim/clock"),
    )
    for body in (b"", b"{", b"[]", b"7", b"\xff", b"[" * 100_000)
]


@pytest.mark.parametrize(("path", "body"), NONSENSE, ids=lambda part: repr(part)[:30])
async def test_a_body_that_is_no_json_object_is_a_bad_request(
    api: Api, path: str, body: bytes
) -> None:
    await api.person()

    assert await status(api, "POST", path, data=body) == 400


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sim/people", {}),
        ("/sim/people", {"name": 7}),
        (f"{PERSON}/write", {}),
        (f"{PERSON}/write", {"text": None}),
        (f"{PERSON}/tap", {"message_id": "1", "data": "x"}),
        (f"{PERSON}/tap", {"message_id": True, "data": "x"}),
        (f"{PERSON}/tap", {"message_id": 1}),
        (f"{PERSON}/thing", {"kind": "elephant"}),
        (f"{PERSON}/block", {"blocked": "false"}),
        ("/sim/faults", {"method": "getMe"}),
        ("/sim/faults", {"method": "getMe", "code": 500, "description": "x", "times": "often"}),
        ("/sim/faults", {"method": "getMe", "code": 500, "description": "x", "odd": 1}),
        ("/sim/faults", {"method": "getMe", "code": 200, "description": "x"}),
        ("/sim/faults", {"method": "getMe", "code": 500, "description": "x", "times": 0}),
        ("/sim/faults", {"method": "getMe", "code": 500, "description": "x", "met": 1}),
        ("/sim/faults", {"method": "getMe", "code": 500, "description": "x", "cut": "after"}),
        ("/sim/faults", {"method": "getMe", "code": True, "description": "x"}),
        ("/sim/faults", {"method": "getMe", "cut": "meanwhile"}),
        ("/sim/faults", {"method": "getCoffee", "cut": "after"}),
        ("/sim/faults", {"method": "getMe", "cut": "after", "person": "7"}),
        ("/sim/latency", {"method": "getMe"}),
        ("/sim/latency", {"method": "getMe", "seconds": -1}),
        ("/sim/latency", {"method": "getMe", "seconds": float("nan")}),
        ("/sim/latency", {"method": "getMe", "seconds": 61}),
        ("/sim/latency", {"method": "getCoffee", "seconds": 1}),
        ("/sim/duplicates", {"times": -1}),
        ("/sim/duplicates", {"times": True}),
        ("/sim/queues", {"kind": "coffee", "held": True}),
        ("/sim/queues", {"kind": "message", "held": 1}),
        ("/sim/clock", {"seconds": -1}),
        ("/sim/clock", {"seconds": "1"}),
        ("/sim/clock", {"seconds": 1e30}),
    ],
    ids=str,
)
async def test_a_field_that_is_missing_or_of_another_kind_is_a_bad_request(
    api: Api, path: str, body: dict[str, Any]
) -> None:
    await api.person()

    assert await status(api, "POST", path, data=json.dumps(body)) == 400
    assert await api.call("getMe")


@pytest.mark.parametrize("query", ["after=x", "wait=x", "wait=nan", "after=inf", "wait=51"])
async def test_a_number_that_is_none_is_a_bad_request(api: Api, query: str) -> None:
    await api.person()

    assert await status(api, "GET", f"{PERSON}/chat?{query}") == 400


@pytest.mark.parametrize("person", ["700000002", "0", "nobody", "-1", "9" * 400])
async def test_an_unknown_person_is_not_found(api: Api, person: str) -> None:
    await api.person()

    assert await status(api, "GET", f"/sim/people/{person}/chat") == 404
    assert await status(api, "POST", f"/sim/people/{person}/write", json={"text": "x"}) == 404


@pytest.mark.parametrize("path", [f"{PERSON}/dance", "/sim/nothing", "/nothing"])
async def test_what_nobody_can_do_is_not_found(api: Api, path: str) -> None:
    await api.person()

    assert await status(api, "POST", path, json={}) == 404


@pytest.mark.parametrize(
    "path",
    ["/sim/files/FILE9", "/page/../server.py", "/page/%2e%2e/server.py", "/watch/rows"],
)
async def test_nothing_but_the_page_and_the_files_of_the_chat_is_served(
    api: Api, path: str
) -> None:
    """The rows of a data folder are there only where one is watched."""
    assert await status(api, "GET", path) == 404


async def test_the_page_may_load_nothing_from_elsewhere_and_misses_no_icon(api: Api) -> None:
    async with api.session.get(api.telegram.address + "/") as answer:
        assert answer.headers["Content-Security-Policy"] == "default-src 'self'"
    assert await status(api, "GET", "/favicon.ico") == 204
    assert await status(api, "GET", "/font.ttf") == 200


async def test_whoever_watches_a_chat_hears_of_news_at_once(api: Api) -> None:
    person = await api.person()
    revision = (await api.chat(person))["revision"]

    assert (await api.chat(person))["revision"] == revision
    await api.says(person, "News")

    path = f"/sim/people/{person}/chat?after={revision}&wait=50"
    assert (await api.telegram.get(path))["messages"][-1]["text"] == "News"
