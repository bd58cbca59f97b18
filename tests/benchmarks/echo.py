"""python-telegram-bot's stock echo bot, to measure ours against."""

import os

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_text(update.message.text or "")


def main() -> None:
    address = os.environ["SAMLENG_API_URL"]
    builder = Application.builder().token(os.environ["SAMLENG_BOT_TOKEN"])
    application = builder.base_url(f"{address}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main()
