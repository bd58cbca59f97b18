"""The Bot API's methods, as far as our bot calls them, in one registry."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from yarl import URL

from bot.simulator import rules, sent_files
from bot.simulator.rules import bad_request
from bot.simulator.world import Chat, Webhook, World, bot_user

Parameters = Mapping[str, Any]
Files = Mapping[str, tuple[str, bytes]]
Method = Callable[[World, Parameters, Files], Any]
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
MOST_CONNECTIONS, USUAL_CONNECTIONS = 100, 40


def get_me(_: World, __: Parameters, ___: Files) -> Any:
    """Return the bot."""
    return bot_user()


def send_message(world: World, parameters: Parameters, _: Files) -> Any:
    """Add a text message to a chat."""
    text, markup = rules.text(parameters), rules.markup(parameters)
    return _post(world, parameters, markup, text=text)


def edit_message_text(world: World, parameters: Parameters, _: Files) -> Any:
    """Change the text and the buttons of a message of the bot."""
    text, keyboard = rules.text(parameters), rules.keyboard(parameters)
    chat, message = _own_message(world, parameters)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _change(world, chat, message, text, keyboard, "text")


def edit_message_reply_markup(world: World, parameters: Parameters, _: Files) -> Any:
    """Change only the buttons of a message of the bot."""
    keyboard = rules.keyboard(parameters)
    chat, message = _own_message(world, parameters)
    words = "text" if "text" in message else "caption"
    return _change(world, chat, message, message.get(words, ""), keyboard, words)


def _own_message(world: World, parameters: Parameters) -> tuple[Chat, dict[str, Any]]:
    chat_id, message_id = rules.chat_id(parameters), rules.message_id(parameters)
    chat = world.chat(chat_id)
    message = chat.message(message_id)
    if message is None:
        raise bad_request("message to edit not found")
    is_bare = "inline_keyboard" in message.get("reply_markup", {"inline_keyboard": []})
    if not (message["from"]["is_bot"] and is_bare):
        raise bad_request("message can't be edited")
    return chat, message


def _change(
    world: World, chat: Chat, message: dict[str, Any], text: str, keyboard: Any, words: str
) -> dict[str, Any]:
    if message.get(words, "") == text and _keyboard_of(message) == keyboard:
        raise rules.ApiError(400, rules.NOT_MODIFIED)
    world.pace(chat.person_id)
    message[words] = text
    message["edit_date"] = int(world.clock())
    message["reply_markup"] = {"inline_keyboard": keyboard}
    chat.touch()
    return message


def delete_message(world: World, parameters: Parameters, _: Files) -> Any:
    """Remove a message from a chat, whoever sent it; not after two days."""
    chat = world.chat(rules.chat_id(parameters))
    message = chat.message(rules.message_id(parameters))
    if message is None:
        raise bad_request("message to delete not found")
    if world.clock() - message["date"] > rules.DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    chat.messages.remove(message)
    chat.touch()
    return True


def answer_callback_query(world: World, parameters: Parameters, _: Files) -> Any:
    """End the spinner of a tap, with a notice."""
    text = rules.notice(parameters)
    person_id, expires_at = world.queries.pop(str(parameters.get("callback_query_id")), (0, 0.0))
    if expires_at <= world.clock():
        raise rules.ApiError(400, rules.QUERY_TOO_OLD)
    chat = world.chats[person_id]
    chat.notices.append({"text": text, "alert": rules.flag(parameters, "show_alert")})
    chat.touch()
    return True


def edit_message_caption(world: World, parameters: Parameters, _: Files) -> Any:
    """Change the caption and the buttons of a file that the bot sent."""
    caption, keyboard = rules.caption(parameters), rules.keyboard(parameters)
    chat, message = _own_message(world, parameters)
    if not sent_files.KINDS & message.keys():
        raise bad_request("there is no caption in the message to edit")
    return _change(world, chat, message, caption, keyboard, "caption")


def send_file(kind: str) -> Method:
    """Return the method that sends a document, photo, sound or voice note."""

    def send(world: World, parameters: Parameters, files: Files) -> Any:
        caption, markup = rules.caption(parameters), rules.markup(parameters)
        value = kind if kind in files else parameters.get(kind)
        content = sent_files.content(world, kind, value, files)
        is_protected = rules.flag(parameters, "protect_content")
        more = _if_any(caption=caption, has_protected_content=is_protected)
        return _post(world, parameters, markup, **content, **more)

    return send


def send_media_group(world: World, parameters: Parameters, files: Files) -> Any:
    """Send several photos, or several sounds, as one album."""
    contents = sent_files.album(world, parameters, files)
    chat = world.chat(rules.chat_id(parameters))
    world.pace(chat.person_id, len(contents))
    group = secrets.token_hex(8)
    return [
        world.new_message(chat, from_bot=True, media_group_id=group, **content)
        for content in contents
    ]


def _if_any(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _post(
    world: World, parameters: Parameters, markup: dict[str, Any], **content: Any
) -> dict[str, Any]:
    chat = world.chat(rules.chat_id(parameters))
    world.pace(chat.person_id)
    if markup:
        content["reply_markup"] = markup
    return world.new_message(chat, from_bot=True, **content)


def _keyboard_of(message: Mapping[str, Any]) -> Any:
    return message.get("reply_markup", {}).get("inline_keyboard", [])


def get_file(world: World, parameters: Parameters, _: Files) -> Any:
    """Return where a file can be downloaded for an hour."""
    file_id = str(parameters.get("file_id", ""))
    if not file_id:
        raise bad_request("file_id not specified")
    if file_id not in world.files:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    content = world.files[file_id][1]
    if len(content) > rules.LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    world.open_link(file_id)
    return {
        "file_id": file_id,
        "file_unique_id": file_id,
        "file_size": len(content),
        "file_path": f"files/{file_id}",
    }


def set_my_commands(world: World, parameters: Parameters, _: Files) -> Any:
    """Set the menu for a scope and language; an empty one is none."""
    commands = rules.commands(parameters)
    world.commands[_menu(world, parameters)] = commands
    return True


def delete_my_commands(world: World, parameters: Parameters, _: Files) -> Any:
    """Take the menu of a scope and language away, where there is one."""
    world.commands.pop(_menu(world, parameters), None)
    return True


def _menu(world: World, parameters: Parameters) -> tuple[str, str]:
    scope, language, person_id = rules.menu(parameters)
    if person_id is not None and person_id not in world.chats:
        raise bad_request("chat not found")
    return scope, language


def get_my_commands(world: World, parameters: Parameters, _: Files) -> Any:
    """Return the menu of a scope and language."""
    return world.commands.get(_menu(world, parameters), [])


def set_webhook(world: World, parameters: Parameters, _: Files) -> Any:
    """Have updates posted to a URL on this machine; an empty one returns to polling."""
    secret, url = rules.secret(parameters), str(parameters.get("url") or "")
    if not url:
        return delete_webhook(world, parameters, {})
    connections = rules.number(
        parameters, "max_connections", USUAL_CONNECTIONS, 1, MOST_CONNECTIONS
    )
    world.set_webhook(Webhook(_on_loopback(url), secret, connections))
    _forget_if_asked(world, parameters)
    allow(world, parameters)
    return True


def _on_loopback(text: str) -> URL:
    try:
        url = URL(text)
    except ValueError:
        raise bad_request("bad webhook: invalid URL specified") from None
    if url.scheme not in {"http", "https"} or url.host not in LOOPBACK:
        raise bad_request("bad webhook: this server only posts to loopback")
    return url


def delete_webhook(world: World, parameters: Parameters, _: Files) -> Any:
    """Return to polling."""
    world.webhook = None
    _forget_if_asked(world, parameters)
    return True


def _forget_if_asked(world: World, parameters: Parameters) -> None:
    if rules.flag(parameters, "drop_pending_updates"):
        world.waiting.clear()


def get_webhook_info(world: World, _: Parameters, __: Files) -> Any:
    """Return where updates are posted to, and what went wrong last."""
    webhook = world.webhook or Webhook(URL(), "", 0)
    info = {
        "url": str(webhook.url),
        "has_custom_certificate": False,
        "pending_update_count": len(world.pending(len(world.waiting))),
    }
    return info | _if_any(
        max_connections=webhook.connections,
        last_error_date=webhook.failed_at,
        last_error_message=webhook.failure,
        allowed_updates=list(world.allowed),
    )


def allow(world: World, parameters: Parameters) -> None:
    """Note which kinds of updates the bot wants from now on; without a list nothing changes."""
    if "allowed_updates" in parameters:
        world.allowed = frozenset(map(str, rules.array(parameters, "allowed_updates")))


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
    "sendDocument": send_file("document"),
    "sendPhoto": send_file("photo"),
    "sendAudio": send_file("audio"),
    "sendVoice": send_file("voice"),
    "sendMediaGroup": send_media_group,
    "editMessageCaption": edit_message_caption,
    "getFile": get_file,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
