"""A person's phone: writes, speaks and taps over the simulator's HTTP, and shows what came back."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

Json = dict[str, Any]
# What stands before the words of a button.
SIGNS = "☐☑✓✅↩📅➕🗑✏▶🔑⛔🔁 "
Settled = Callable[[], Awaitable[None]]


class Telegram:
    """The simulator as a test sees it: an address that takes JSON."""

    def __init__(self, address: str, session: aiohttp.ClientSession) -> None:
        self.address = address
        self._session = session

    async def get(self, path: str) -> Any:
        async with self._session.get(self.address + path) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def post(self, path: str, **body: Any) -> Any:
        async with self._session.post(self.address + path, json=body) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def delete(self, path: str) -> Any:
        async with self._session.delete(self.address + path) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def download(self, file_id: str) -> bytes:
        async with self._session.get(f"{self.address}/sim/files/{file_id}") as answer:
            answer.raise_for_status()
            return await answer.read()

    async def call(self, token: str, method: str, **parameters: Any) -> tuple[int, Json]:
        """Call the Bot API as a bot would; return the status and the body."""
        address = f"{self.address}/bot{token}/{method}"
        async with self._session.post(address, json=parameters) as answer:
            return answer.status, await answer.json()


@dataclass
class Phone:
    """One person's chat with the bot; `news` is what changed since they last did something."""

    telegram: Telegram
    person_id: int
    settled: Settled
    news: list[Json] = field(default_factory=list)
    notices: list[Json] = field(default_factory=list)
    _seen: dict[int, Json] = field(default_factory=dict)
    gone: list[Json] = field(default_factory=list)
    _noticed: int = 0

    async def types(self, text: str) -> None:
        await self._act("write", text=text)

    async def speaks(self) -> None:
        await self._act("speak")

    async def sends(self, kind: str) -> None:
        await self._act("thing", kind=kind)

    async def blocks(self, blocked: bool = True) -> None:
        await self._act("block", blocked=blocked)

    async def taps(self, label: str) -> None:
        """Tap the newest button that reads so; a sign before its text may be left out.

        One under the text field writes its text, or sends the place it asks for.
        """
        key = next((k for k in self.keys if label in {k["text"], k["text"].lstrip(SIGNS)}), None)
        if key:
            await (self.sends("location") if "request_location" in key else self.types(key["text"]))
            return
        message_id, data = self.button(label)
        await self.taps_data(message_id, data)

    @property
    def keys(self) -> list[Json]:
        """The buttons under the text field, as the newest message that says so has left them."""
        for message in reversed(self.messages):
            markup = message.get("reply_markup", {})
            if "remove_keyboard" in markup:
                return []
            if "keyboard" in markup:
                return [button for row in markup["keyboard"] for button in row]
        return []

    async def taps_data(self, message_id: int, data: str) -> None:
        await self._act("tap", message_id=message_id, data=data)

    def button(self, label: str) -> tuple[int, str]:
        """Return the message and the data of the newest button with a label."""
        for message in reversed(self.messages):
            for button in buttons(message):
                if label in {button["text"], button["text"].lstrip(SIGNS)}:
                    return message["message_id"], button["callback_data"]
        raise LookupError(f"no button “{label}” among {self.labels}")

    @property
    def messages(self) -> list[Json]:
        """All messages of the chat as they are now, oldest first."""
        return list(self._seen.values())

    @property
    def labels(self) -> list[str]:
        """The buttons of the newest message that has any."""
        newest = next((m for m in reversed(self.messages) if buttons(m)), None)
        return [button["text"] for button in buttons(newest)] if newest else []

    @property
    def sees(self) -> str:
        """The text of the newest message, or its caption."""
        newest = self.messages[-1]
        return str(newest.get("text", newest.get("caption", "")))

    @property
    def notice(self) -> str:
        """The notice that answered the last tap."""
        return str(self.notices[-1]["text"]) if self.notices else ""

    async def _act(self, what: str, **body: Any) -> None:
        await self.telegram.post(f"/sim/people/{self.person_id}/{what}", **body)
        await self.settled()
        await self.look()

    async def look(self) -> None:
        """See what is new or changed."""
        chat = await self.telegram.get(f"/sim/people/{self.person_id}/chat")
        now = {message["message_id"]: message for message in chat["messages"]}
        self.news = [m for i, m in now.items() if self._seen.get(i) != m and m["from"]["is_bot"]]
        self.edited = {m["message_id"] for m in self.news if m["message_id"] in self._seen}
        self.gone = [m for i, m in self._seen.items() if i not in now]
        self._seen = now
        self.notices = chat["notices"][self._noticed :]
        self._noticed = len(chat["notices"])


def buttons(message: Json) -> list[Json]:
    """Return the buttons of a message, row after row."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    """Wait until something holds; it is looked at often, and a time limit ends a hopeless wait."""
    async with asyncio.timeout(seconds):
        while not await holds():
            await asyncio.sleep(0.005)
