"""python-telegram-bot's request class on aiohttp, which costs a fraction of its httpx.

A NetworkError carries its cause: a failure to connect means that nothing was sent.
"""

import datetime as dt
import os
import warnings
from typing import Any, cast

import aiohttp
import orjson
from telegram.error import NetworkError, RetryAfter, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.warnings import PTBUserWarning

USER_AGENT = "samleng"
JSON = {"Content-Type": "application/json"}
# python-telegram-bot gives waits as timedeltas to those who ask, and warns all others.
os.environ["PTB_TIMEDELTA"] = "true"
# We call methods raw: an update that can't be parsed must not hold up those behind it, and what a
# sent message looks like is not worth the time to parse it.
warnings.filterwarnings("ignore", "Please use 'Bot.", PTBUserWarning)


class AiohttpRequest(BaseRequest):
    """Carries Bot API calls over a pool of kept connections."""

    def __init__(self, connections: int = 64, read_timeout: float = 20.0) -> None:
        self._connections = connections
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the pool."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=60)
            self._session = aiohttp.ClientSession(
                connector=connector, headers={"User-Agent": USER_AGENT}
            )

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """Make one call; return its status and body."""
        if self._session is None:
            raise RuntimeError("the transport isn't initialised")
        wait = read_timeout if isinstance(read_timeout, int | float) else self._read_timeout
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=wait)
        try:
            async with self._session.request(
                method, url, **_body(request_data), timeout=timeout
            ) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error


def _body(request_data: RequestData | None) -> dict[str, Any]:
    """Return the parameters as JSON, which takes half the time of a form; with files, as a form."""
    if request_data is None:
        return {}
    if request_data.contains_files:
        return {"data": _form(request_data)}
    return {"data": orjson.dumps(request_data.parameters), "headers": JSON}


def _form(request_data: RequestData) -> aiohttp.FormData:
    # Telegram reads file names as they are; percent signs would stay in a Khmer one.
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in (request_data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form


def was_not_sent(error: NetworkError) -> bool:
    """Tell whether a failed call surely never reached Telegram."""
    return isinstance(
        error.__cause__, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError
    )


def seconds_to_wait(error: RetryAfter) -> float:
    """Return how long Telegram asked us to wait."""
    return cast("dt.timedelta", error.retry_after).total_seconds()
