"""A Bot API server on loopback with Telegram's own rules, and a page to chat with the bot on."""
