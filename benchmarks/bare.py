"""The measure: a bare python-telegram-bot program that posts, replies and stores nothing.

No checks, no record, no claim; it does only what cannot be left out. Its gateway client keeps no
connection alive, like Callboard's. To `/status` it replies with one word.
"""

import os

import httpx
from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes
from telegram.request import HTTPXRequest


def main() -> None:
    """Run until SIGTERM, with the same environment variables as Callboard."""
    gateway = httpx.AsyncClient(
        base_url=os.environ["BITEL_API_URL"],
        headers={"Authorization": f"Bearer {os.environ['BITEL_TOKEN']}"},
        limits=httpx.Limits(max_keepalive_connections=0),
        trust_env=False,
    )

    async def call(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        if message is None or message.text is None:
            return
        _command, voice, *numbers = message.text.split()
        body = {"voiceId": voice, "phoneNumbers": numbers, "retryCount": 1}
        answer = await gateway.post("/api/v2/voice/batch", json=body)
        calls = answer.json()["result"]
        text = "\n".join(f"{call['phoneNumber']} {call['status']} {call['id']}" for call in calls)
        await message.reply_text(text, do_quote=True)

    async def status(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.effective_message is not None:
            await update.effective_message.reply_text("finished", do_quote=True)

    api = os.environ["TELEGRAM_API_URL"]
    application = (
        Application.builder()
        .token(os.environ["TELEGRAM_TOKEN"])
        .base_url(f"{api}/bot")
        .base_file_url(f"{api}/file/bot")
        .request(HTTPXRequest(connection_pool_size=64, httpx_kwargs={"trust_env": False}))
        .get_updates_request(HTTPXRequest(httpx_kwargs={"trust_env": False}))
        .concurrent_updates(True)  # noqa: FBT003 -- the builder's own signature
        .build()
    )
    application.add_handler(CommandHandler("call", call))
    application.add_handler(CommandHandler("status", status))
    application.run_polling()


if __name__ == "__main__":
    main()
