"""The sandbox speaks the Bot API and no dialect: a second, independent library drives it, too."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ChatAction, ParseMode
from aiogram.exceptions import TelegramBadRequest, TelegramNotFound, TelegramRetryAfter
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    CallbackQuery,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    KeyboardButton,
    KeyboardButtonRequestUsers,
    LinkPreviewOptions,
    Message,
    MessageOriginUser,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)

from sandbox.telegram import Person, TelegramSandbox, flooded
from tests.sandbox.pictures import png

GO = InlineKeyboardMarkup(
    inline_keyboard=[
        [
            InlineKeyboardButton(text="Go", callback_data="go:1", style="success"),
            InlineKeyboardButton(text="Copy", copy_text=CopyTextButton(text="x")),
        ]
    ]
)


def dispatcher() -> Dispatcher:
    """Return a bot's handlers: a greeting, a press, a file, a keyboard."""
    handlers = Dispatcher()

    @handlers.message(CommandStart())
    async def start(message: Message, command: CommandObject) -> None:
        await message.answer(f"<b>Hello</b> {command.args or ''}", reply_markup=GO)

    @handlers.callback_query(F.data == "go:1")
    async def pressed(query: CallbackQuery) -> None:
        await query.answer("one moment", show_alert=True)
        assert isinstance(query.message, Message)
        await query.message.edit_text("pressed")

    @handlers.message(F.document)
    async def backwards(message: Message, bot: Bot) -> None:
        assert message.document is not None
        file = await bot.download(message.document)
        assert file is not None
        back = BufferedInputFile(file.read()[::-1], "b.txt")
        await message.reply_document(back, caption="backwards")

    @handlers.message(Command("keys"))
    async def keys(message: Message) -> None:
        contact = KeyboardButton(text="My number", request_contact=True)
        people = KeyboardButton(
            text="Somebody",
            request_users=KeyboardButtonRequestUsers(request_id=5, request_name=True),
        )
        keyboard = ReplyKeyboardMarkup(keyboard=[[contact, people]], resize_keyboard=True)
        await message.answer("Who?", reply_markup=keyboard)

    @handlers.message(F.contact)
    async def card(message: Message) -> None:
        assert message.contact is not None
        text = f"{message.contact.phone_number} {message.contact.user_id}"
        await message.answer(text, reply_markup=ReplyKeyboardRemove())

    @handlers.message(F.users_shared)
    async def shared(message: Message) -> None:
        assert message.users_shared is not None
        names = [user.first_name for user in message.users_shared.users]
        await message.answer(f"{message.users_shared.request_id} {names}")

    @handlers.message(F.forward_origin)
    async def forwarded(message: Message) -> None:
        assert isinstance(message.forward_origin, MessageOriginUser)
        await message.answer(f"by {message.forward_origin.sender_user.first_name}")

    @handlers.edited_message()
    async def edited(message: Message) -> None:
        await message.answer(f"edited: {message.text}")

    return handlers


@contextlib.asynccontextmanager
async def client(tg: TelegramSandbox) -> AsyncIterator[Bot]:
    """Serve the simulation, and give aiogram's client of it."""
    async with tg.serve() as url:
        session = AiohttpSession(api=TelegramAPIServer.from_base(url))
        default = DefaultBotProperties(parse_mode=ParseMode.HTML)
        async with Bot(tg.token, session=session, default=default).context() as bot:
            yield bot


@contextlib.asynccontextmanager
async def running(tg: TelegramSandbox) -> AsyncIterator[Bot]:
    """Run a bot that polls."""
    async with client(tg) as bot:
        handlers = dispatcher()
        polling = asyncio.create_task(
            handlers.start_polling(bot, handle_signals=False, close_bot_session=False)
        )
        try:
            yield bot
        finally:
            await handlers.stop_polling()
            await polling


def peopled() -> tuple[TelegramSandbox, Person]:
    """Return a simulation with Alice in it."""
    tg = TelegramSandbox()
    return tg, tg.add_person(7, "Alice", last_name="A", phone="+989120000001")


async def test_a_bot_of_aiogram_works_with_it() -> None:
    """It polls, answers a deep link, a press and an edit, and sends a file back."""
    tg, alice = peopled()
    async with running(tg):
        command = tg.start(alice, "ref1")
        hello = await tg.next_message(alice, after=command)
        assert (hello.text, hello.html) == ("Hello ref1", "<b>Hello</b> ref1")
        assert hello.buttons == [["Go", "Copy"]]
        answer = await tg.answer_of(tg.press(alice, hello, "Go"))
        assert (answer.text, answer.show_alert) == ("one moment", True)
        assert (await tg.next_edit(hello)).text == "pressed"

        upload = tg.send_document(alice, alice, "a.txt", b"abc\r\n--x")
        back = await tg.next_message(alice, after=upload)
        assert (back["document"]["file_name"], back.text) == ("b.txt", "backwards")
        assert back["reply_to_message"]["message_id"] == upload.id
        assert tg.file(back) == b"x--\n\rcba"

        words = tg.send(alice, alice, "first")
        tg.edit(alice, words, "second")
        assert (await tg.next_message(alice, after=words)).text == "edited: second"
    assert tg.world.breaches == []


async def test_reply_keyboards_and_forwards_with_aiogram() -> None:
    """A contact and people are shared by the keyboard's buttons; a forward names its author."""
    tg, alice = peopled()
    bob = tg.add_person(8, "Bob")
    async with running(tg):
        who = await tg.next_message(alice, after=tg.send(alice, alice, "/keys"))
        assert tg.keyboard(alice) == [["My number", "Somebody"]]
        shared = tg.share_users(alice, alice, bob)
        assert (await tg.next_message(alice, after=shared)).text == "5 ['Bob']"
        card = tg.tap(alice, alice, "My number")
        assert card["reply_to_message"]["message_id"] == who.id
        assert (await tg.next_message(alice, after=card)).text == "989120000001 7"
        assert tg.keyboard(alice) == []
        forward = tg.forward(alice, alice, tg.send(bob, bob, "words"))
        assert (await tg.next_message(alice, after=forward)).text == "by Bob"
    assert tg.world.breaches == []


async def test_messages_and_files_of_all_kinds_with_aiogram() -> None:
    """What is sent, edited, forwarded, pinned and deleted comes back as aiogram reads it."""
    tg, alice = peopled()
    group = tg.add_group(-1, "Team", members=[alice], bot_status="administrator")
    async with client(tg) as bot:
        sent = await bot.send_message(
            7, "see https://example.org", link_preview_options=LinkPreviewOptions(is_disabled=True)
        )
        assert sent.link_preview_options is not None
        assert sent.entities is not None
        assert sent.entities[0].type == "url"
        photo = await bot.send_photo(
            7,
            BufferedInputFile(png(1000, 500), "p.png"),
            caption="<i>c</i>",
            has_spoiler=True,
            reply_parameters=ReplyParameters(message_id=sent.message_id),
        )
        assert photo.photo is not None
        assert [(size.width, size.height) for size in photo.photo] == [
            *((90, 45), (320, 160), (800, 400), (1000, 500))
        ]
        assert (photo.has_media_spoiler, photo.reply_to_message) != (None, None)
        downloaded = await bot.download(photo.photo[-1])
        assert downloaded is not None
        assert downloaded.read() == png(1000, 500)
        again = await bot.send_photo(7, photo.photo[0].file_id)
        media = InputMediaDocument(media=BufferedInputFile(b"1,2", "t.csv"), caption="csv")
        changed = await bot.edit_message_media(media, chat_id=7, message_id=again.message_id)
        assert isinstance(changed, Message)
        assert changed.document is not None
        assert (changed.document.file_name, changed.photo) == ("t.csv", None)
        await bot.edit_message_caption(chat_id=7, message_id=photo.message_id, caption="d")
        voice = await bot.send_voice(7, BufferedInputFile(b"OggS", "v.oga"), duration=3)
        assert voice.voice is not None
        assert voice.voice.duration == 3
        await bot.send_contact(7, "+989120000001", "Alice", last_name="A")

        forward = await bot.forward_message(-1, 7, photo.message_id)
        assert isinstance(forward.forward_origin, MessageOriginUser)
        copy = await bot.copy_message(-1, 7, photo.message_id, caption="copy")
        assert group.by_id[copy.message_id].text == "copy"
        await bot.pin_chat_message(-1, forward.message_id)
        (update,) = await bot.get_updates()
        assert update.message is not None
        assert update.message.pinned_message is not None
        assert update.message.pinned_message.message_id == forward.message_id
        assert await bot.get_chat_member_count(-1) == 2
        assert (await bot.get_chat(-1)).pinned_message is not None
        assert await bot.delete_messages(7, [sent.message_id, photo.message_id])
        await bot.send_chat_action(7, ChatAction.TYPING)
    assert tg.world.breaches == []


async def test_commands_and_refusals_with_aiogram() -> None:
    """Command lists are kept; refusals become aiogram's own errors."""
    tg, alice = peopled()
    async with client(tg) as bot:
        call = [BotCommand(command="call", description="Call")]
        await bot.set_my_commands(call, scope=BotCommandScopeChat(chat_id=7))
        assert tg.menu(alice, alice) == [{"command": "call", "description": "Call"}]
        assert (await bot.me()).username == "callboard_bot"
        tg.fail("sendMessage", flooded(3))
        with pytest.raises(TelegramRetryAfter) as flood:
            await bot.send_message(7, "x")
        assert flood.value.retry_after == 3
        with pytest.raises(TelegramBadRequest, match="chat not found"):
            await bot.send_message(99, "x")
        with pytest.raises(TelegramNotFound, match="Not Found"):
            await bot.send_dice(7)
        sent = await bot.send_message(7, "x")
        with pytest.raises(TelegramBadRequest, match="message is not modified"):
            await bot.edit_message_text("x", chat_id=7, message_id=sent.message_id)
    assert tg.world.breaches == []
