"""What stands in a request: a bot's parameters in any form Telegram takes, or a page's JSON."""

from typing import Any

from aiohttp import web

from bot.simulator.rules import ApiError, bad_request

Parameters = dict[str, Any]
Files = dict[str, tuple[str, bytes]]
UNREADABLE = (ValueError, LookupError, RecursionError)


async def read_parameters(request: web.Request) -> tuple[Parameters, Files]:
    """Read the parameters of a call from its query and its form, multipart or JSON body."""
    try:
        given, files = await _body(request)
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None
    except UNREADABLE:
        raise bad_request("can't parse the request's body") from None
    parameters = {**request.query, **given}
    if not all(_is_utf8(value) for value in parameters.values()):
        raise bad_request("strings must be encoded in UTF-8")
    return parameters, files


async def _body(request: web.Request) -> tuple[Parameters, Files]:
    if not request.can_read_body:
        return {}, {}
    if request.content_type == "application/json":
        given = await request.json()
        if not isinstance(given, dict):
            raise ValueError
        return {name: value for name, value in given.items() if value is not None}, {}
    fields, files = {}, {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = (value.filename, value.file.read())
        else:
            fields[name] = value
    return fields, files


def _is_utf8(value: Any) -> bool:
    try:
        str(value).encode()
    except UnicodeEncodeError:
        return False
    return True


async def told(request: web.Request, **kinds: type) -> dict[str, Any]:
    """Return the JSON object of a request; 400 where a field is missing or of another kind."""
    try:
        body = await request.json()
    except UNREADABLE:
        raise web.HTTPBadRequest(text="The body must be JSON.") from None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="The body must be a JSON object.")
    for name, kind in kinds.items():
        if type(body.get(name)) is not kind:
            raise web.HTTPBadRequest(text=f"“{name}” must be of type {kind.__name__}.")
    return body


def query_number(request: web.Request, name: str, default: float, most: float) -> float:
    """Return a number from a request's query; 400 where it is none."""
    try:
        value = float(request.query.get(name, default))
    except ValueError:
        raise web.HTTPBadRequest(text=f"“{name}” must be a number.") from None
    if not value <= most:
        raise web.HTTPBadRequest(text=f"“{name}” must be at most {most}.")
    return value
