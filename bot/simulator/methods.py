"""The Bot API's methods, as far as our bot calls them, in one registry."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.simulator import rules
from bot.simulator.rules import bad_request
from bot.simulator.world import Chat, World, bot_user

Parameters = Mapping[str, Any]
Files = Mapping[str, tuple[str, bytes]]
Method = Callable[[World, Parameters, Files], Any]
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def get_me(_: World, __: Parameters, ___: Files) -> Any:
    """Return the bot."""
    return bot_user()


def send_message(world: World, parameters: Parameters, _: Files) -> Any:
    """Add a text message to a chat."""
    text, keyboard = rules.text(parameters), rules.keyboard(parameters)
    return _post(world, parameters, keyboard, text=text)


def edit_message_text(world: World, parameters: Parameters, _: Files) -> Any:
    """Change the text and the buttons of a message of the bot."""
    chat, message = _own_message(world, parameters)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _change(world, chat, message, rules.text(parameters), rules.keyboard(parameters))


def edit_message_reply_markup(world: World, parameters: Parameters, _: Files) -> Any:
    """Change only the buttons of a message of the bot."""
    chat, message = _own_message(world, parameters)
    return _change(world, chat, message, message.get("text"), rules.keyboard(parameters))


def _own_message(world: World, parameters: Parameters) -> tuple[Chat, dict[str, Any]]:
    chat = world.chat(rules.integer(parameters, "chat_id"))
    message = chat.message(rules.integer(parameters, "message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message["from"]["is_bot"]:
        raise bad_request("message can't be edited")
    return chat, message


def _change(
    world: World, chat: Chat, message: dict[str, Any], text: str | None, keyboard: Any
) -> dict[str, Any]:
    if message.get("text") == text and _keyboard_of(message) == keyboard:
        raise rules.ApiError(400, rules.NOT_MODIFIED)
    world.pace(chat.person_id)
    if text is not None:
        message["text"] = text
    message["edit_date"] = int(world.clock())
    message["reply_markup"] = {"inline_keyboard": keyboard}
    chat.touch()
    return message


def answer_callback_query(world: World, parameters: Parameters, _: Files) -> Any:
    """End the spinner of a tap, with a notice."""
    text = rules.notice(parameters)
    person_id, expires_at = world.queries.pop(str(parameters.get("callback_query_id")), (0, 0.0))
    if expires_at <= world.clock():
        raise rules.ApiError(400, rules.QUERY_TOO_OLD)
    chat = world.chats[person_id]
    alert = str(parameters.get("show_alert", "")).lower() == "true"
    chat.notices.append({"text": text, "alert": alert})
    chat.touch()
    return True


def send_file(kind: str) -> Method:
    """Return the method that sends a document, photo or voice note."""

    def send(world: World, parameters: Parameters, files: Files) -> Any:
        caption, keyboard = rules.caption(parameters), rules.keyboard(parameters)
        if kind not in files:
            raise bad_request(f"there is no {kind} in the request")
        name, content = files[kind]
        if not content:
            raise bad_request("file must be non-empty")
        if len(content) > rules.LARGEST_UPLOAD:
            raise rules.ApiError(413, "Request Entity Too Large")
        file = {
            "file_id": world.add_file(name, content),
            "file_unique_id": name,
            "file_name": name,
            "file_size": len(content),
        }
        return _post(world, parameters, keyboard, caption=caption, **{kind: _shape(kind, file)})

    return send


def _shape(kind: str, file: dict[str, Any]) -> Any:
    if kind == "photo":
        return [{**file, "width": 1, "height": 1}]
    return {**file, "duration": 1} if kind == "voice" else file


def _post(world: World, parameters: Parameters, keyboard: Any, **content: Any) -> dict[str, Any]:
    chat = world.chat(rules.integer(parameters, "chat_id"))
    world.pace(chat.person_id)
    if keyboard:
        content["reply_markup"] = {"inline_keyboard": keyboard}
    return world.new_message(chat, from_bot=True, **content)


def _keyboard_of(message: Mapping[str, Any]) -> Any:
    return message.get("reply_markup", {}).get("inline_keyboard", [])


def get_file(world: World, parameters: Parameters, _: Files) -> Any:
    """Return where a file can be downloaded."""
    file_id = str(parameters.get("file_id"))
    if file_id not in world.files:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    content = world.files[file_id][1]
    if len(content) > rules.LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": file_id,
        "file_unique_id": file_id,
        "file_size": len(content),
        "file_path": f"files/{file_id}",
    }


def set_my_commands(world: World, parameters: Parameters, _: Files) -> Any:
    """Set the menu for a scope and language."""
    commands = _json(parameters.get("commands", "[]"))
    if not 0 < len(commands) <= 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        name = command["command"]
        if not (name.isascii() and name.replace("_", "").isalnum() and name == name.lower()):
            raise bad_request("BOT_COMMAND_INVALID")
    scope = _json(parameters.get("scope") or '{"type": "default"}')["type"]
    world.commands[(scope, parameters.get("language_code") or "")] = commands
    return True


def get_my_commands(world: World, parameters: Parameters, _: Files) -> Any:
    """Return the menu of a scope and language."""
    scope = _json(parameters.get("scope") or '{"type": "default"}')["type"]
    return world.commands.get((scope, parameters.get("language_code") or ""), [])


def set_webhook(world: World, parameters: Parameters, _: Files) -> Any:
    """Have updates posted to a URL on this machine."""
    url = str(parameters.get("url", ""))
    if url and urlsplit(url).hostname not in LOOPBACK:
        raise bad_request("bad webhook: this server only posts to loopback")
    secret = str(parameters.get("secret_token", ""))
    world.webhook = {"url": url, "secret_token": secret} if url else {}
    return True


def delete_webhook(world: World, _: Parameters, __: Files) -> Any:
    """Return to polling."""
    world.webhook = {}
    return True


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "answerCallbackQuery": answer_callback_query,
    "sendDocument": send_file("document"),
    "sendPhoto": send_file("photo"),
    "sendVoice": send_file("voice"),
    "getFile": get_file,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
}
