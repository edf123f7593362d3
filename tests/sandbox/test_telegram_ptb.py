import contextlib
from collections.abc import AsyncIterator

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from sandbox.telegram import TelegramSandbox


async def start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer a command with a button."""
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go:1")]])
    assert update.effective_message is not None
    await update.effective_message.reply_html("<b>Hello</b>", reply_markup=keyboard)


async def pressed(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer a press, and edit the message."""
    query = update.callback_query
    assert query is not None
    await query.answer("one moment")
    await query.edit_message_text(f"pressed {query.data}")


async def echo_file(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Send a file back, backwards."""
    message = update.effective_message
    assert message is not None
    assert message.document is not None
    file = await message.document.get_file()
    content = bytes(await file.download_as_bytearray())
    await message.reply_document(content[::-1], caption="backwards", filename="b.txt")


@contextlib.asynccontextmanager
async def bot_of(tg: TelegramSandbox) -> AsyncIterator[None]:
    """Run a real bot against the simulation."""
    async with tg.serve() as url:
        application = (
            ApplicationBuilder()
            .token(tg.token)
            .base_url(f"{url}/bot")
            .base_file_url(f"{url}/file/bot")
            .request(HTTPXRequest(httpx_kwargs={"trust_env": False}))
            .get_updates_request(HTTPXRequest(httpx_kwargs={"trust_env": False}))
            .build()
        )
        application.add_handler(CommandHandler("start", start))
        application.add_handler(CallbackQueryHandler(pressed, pattern="^go:1$"))
        application.add_handler(MessageHandler(filters.Document.ALL, echo_file))
        async with application:
            await application.start()
            assert application.updater is not None
            await application.updater.start_polling()
            try:
                yield
            finally:
                await application.updater.stop()
                await application.stop()


async def test_a_real_bot_works_with_it() -> None:
    """python-telegram-bot polls, answers a command, a press and a document as with Telegram."""
    tg = TelegramSandbox()
    alice = tg.add_person(7, "Alice")
    async with bot_of(tg):
        command = tg.send(alice, alice, "/start")
        hello = await tg.next_message(alice, after=command)
        assert (hello.text, hello.html) == ("Hello", "<b>Hello</b>")
        assert hello.buttons == [["Go"]]

        callback = tg.press(alice, hello, "Go")
        assert (await tg.answer_of(callback)).text == "one moment"
        assert (await tg.next_edit(hello)).text == "pressed go:1"
        assert hello.buttons == []

        upload = tg.send_document(alice, alice, "a.txt", b"abc\r\n")
        back = await tg.next_message(alice, after=upload)
        assert (back["document"]["file_name"], back.text) == ("b.txt", "backwards")
        assert tg.file(back) == b"\n\rcba"


async def test_an_unchanged_real_bot_survives_an_absence() -> None:
    """After an outage the updates that came meanwhile reach the bot, once."""
    tg = TelegramSandbox()
    alice = tg.add_person(7, "Alice")
    async with bot_of(tg):
        tg.go_away()
        tg.send(alice, alice, "/start")
        tg.heal()
        hello = await tg.next_message(alice)
        tg.send(alice, alice, "/start")
        await tg.next_message(alice, after=hello)
        assert [message.text for message in tg.sent(alice)] == ["Hello", "Hello"]
