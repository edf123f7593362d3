from typing import Any

import pytest

from sandbox.telegram import TelegramSandbox
from tests.sandbox.bot_api import Clock, bot_api
from tests.sandbox.pictures import png

GO = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}


def peopled() -> TelegramSandbox:
    """Return a simulation with Alice, her group and a channel."""
    tg = TelegramSandbox(clock=Clock())
    alice = tg.add_person(7, "Alice")
    tg.add_group(-1, "Team", members=[alice], bot_status="administrator")
    tg.add_channel(-9, "News")
    return tg


@pytest.mark.parametrize(
    "markup",
    [{"keyboard": [["x"]]}, {"force_reply": True}, {"remove_keyboard": True}],
)
async def test_messages_with_other_keyboards_cannot_be_edited(markup: Any) -> None:
    """Only messages without a keyboard, or with buttons below them, can be edited."""
    async with bot_api(peopled()) as api:
        sent = await api.call("sendMessage", chat_id=7, text="x", reply_markup=markup)
        edit = {"chat_id": 7, "message_id": sent["message_id"], "text": "y"}
        why = "Bad Request: message can't be edited"
        assert await api.refusal("editMessageText", **edit) == why


@pytest.mark.parametrize(
    ("media", "why"),
    [
        ("photo", "can't parse input media JSON object"),
        ([], "can't parse InputMedia: expected an Object"),
        ({"type": "audio"}, 'can\'t parse InputMedia: type "audio" is unsupported'),
        (
            {"type": "photo", "media": "attach://nope"},
            "can't parse InputMedia: media not found",
        ),
        (
            {"type": "photo", "media": "nope"},
            "wrong remote file identifier specified: can't unserialize it. Wrong last symbol",
        ),
        (
            {"type": "photo", "media": "x", "caption": "x" * 1025},
            "message caption is too long",
        ),
    ],
)
async def test_media_that_are_refused(media: Any, why: str) -> None:
    """A medium must be known, there, and of a kind that the sandbox has."""
    async with bot_api(peopled()) as api:
        await api.call("sendMessage", chat_id=7, text="x")
        edit = {"chat_id": 7, "message_id": 1, "media": media}
        assert await api.refusal("editMessageMedia", **edit) == f"Bad Request: {why}"


async def test_media_and_captions_are_edited_where_there_are_some() -> None:
    """A contact has neither; a photo's caption changes its place, too."""
    tg = peopled()
    async with bot_api(tg) as api:
        await api.call("sendContact", chat_id=7, phone_number="+98", first_name="A")
        photo = tg.world.keep_photo("p.png", png(10, 10))[0]["file_id"]
        media = {"type": "photo", "media": photo}
        for method, params, why in (
            ("editMessageMedia", {"media": media}, "there is no media in the message to edit"),
            ("editMessageCaption", {}, "there is no caption in the message to edit"),
        ):
            refusal = await api.refusal(method, chat_id=7, message_id=1, **params)
            assert refusal == f"Bad Request: {why}"
        await api.call("sendPhoto", chat_id=7, photo=photo)
        edit = {"chat_id": 7, "message_id": 2, "caption": "c", "show_caption_above_media": True}
        edited = await api.call("editMessageCaption", **edit)
        assert (edited["caption"], edited["show_caption_above_media"]) == ("c", True)
    assert tg.world.breaches == []


@pytest.mark.parametrize(
    ("method", "params", "why"),
    [
        ("sendContact", {"first_name": "A"}, "phone number is empty"),
        ("sendContact", {"phone_number": "+98"}, "first name is empty"),
        ("sendPhoto", {}, "there is no photo in the request"),
        ("sendVoice", {}, "there is no voice in the request"),
        ("sendAudio", {}, "there is no audio in the request"),
        ("sendMessage", {"text": "x", "link_preview_options": [1]}, "object expected as link"),
        ("sendMessage", {"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup"),
        ("sendMessage", {"text": "x", "reply_parameters": "{"}, "can't parse reply parameters"),
        (
            "sendMessage",
            {"text": "x", "reply_parameters": {"message_id": 1, "quote": "nope"}},
            "QUOTE_TEXT_INVALID",
        ),
        ("editMessageText", {"text": "x", "message_id": 1}, "message can't be edited"),
        ("pinChatMessage", {"message_id": 99}, "message to pin not found"),
    ],
)
async def test_refusals(method: str, params: dict[str, Any], why: str) -> None:
    """What is missing or malformed is refused in Telegram's words."""
    tg = peopled()
    tg.send(tg.world.people[7], 7, "theirs")
    async with bot_api(tg) as api:
        refusal = await api.refusal(method, chat_id=7, **params)
        assert refusal.removeprefix("Bad Request: ").startswith(why)


async def test_quotes_and_replies_to_other_chats() -> None:
    """A quote names its place in the message; a message of another chat comes as `external`."""
    tg = peopled()
    alice = tg.world.people[7]
    tg.send(alice, alice, "📋 one two")
    async with bot_api(tg) as api:
        reply = {"message_id": 1, "quote": "<b>two</b>", "quote_parse_mode": "HTML"}
        sent = await api.call("sendMessage", chat_id=7, text="x", reply_parameters=reply)
        assert sent["quote"]["position"] == 7
        assert sent["quote"]["entities"][0]["type"] == "bold"
        elsewhere = {"message_id": 1, "chat_id": 7}
        sent = await api.call("sendMessage", chat_id=-1, text="x", reply_parameters=elsewhere)
        assert sent["external_reply"]["message_id"] == 1
        assert sent["external_reply"]["origin"]["sender_user"]["id"] == 7
        assert "reply_to_message" not in sent
    assert tg.world.breaches == []


async def test_options_of_a_message_that_show() -> None:
    """A preview that is switched off, protection and an effect stand in the message."""
    tg = peopled()
    async with bot_api(tg) as api:
        sent = await api.call(
            "sendMessage",
            chat_id=7,
            text="x",
            link_preview_options={"is_disabled": True, "url": ""},
            protect_content=True,
            message_effect_id="1",
            disable_notification=True,
        )
        assert sent["link_preview_options"] == {"is_disabled": True}
        assert (sent["has_protected_content"], sent["effect_id"]) == (True, "1")
        assert tg.last(7).silent
        assert tg.world.breaches == []
        older = await api.call("sendMessage", chat_id=7, text="x", disable_web_page_preview="1")
        assert older["link_preview_options"] == {"is_disabled": True}
        assert tg.world.breaches == ["sendMessage: no parameter 'disable_web_page_preview'"]


async def test_a_text_keeps_a_hundred_entities() -> None:
    """More are dropped in silence, and noted."""
    tg = peopled()
    async with bot_api(tg) as api:
        many = "<b>x</b> " * 101
        sent = await api.call("sendMessage", chat_id=7, text=many, parse_mode="HTML")
        assert len(sent["entities"]) == 100
    assert tg.world.breaches == ["101 entities in one text, 100 are kept"]


async def test_pins_are_told_by_a_service_message() -> None:
    """A new pin is told to all, the bot included; deleting or unpinning it takes it away."""
    tg = peopled()
    group = tg.chat(-1)
    async with bot_api(tg) as api:
        for text in ("a", "b"):
            await api.call("sendMessage", chat_id=-1, text=text)
        for message_id in (2, 1, 1):
            silent = {"disable_notification": True}
            await api.call("pinChatMessage", chat_id=-1, message_id=message_id, **silent)
        updates = [update["message"] for update in await api.updates()]
        assert [one["pinned_message"]["text"] for one in updates] == ["b", "a"]
        assert updates[0]["from"]["id"] == tg.world.bot.id
        assert (group.pinned, tg.last(group).silent) == ([2, 1], True)
        assert await api.refusal("pinChatMessage", chat_id=-1, message_id=tg.last(group).id) == (
            "Bad Request: message can't be pinned"
        )
        await api.call("unpinChatMessage", chat_id=-1)
        assert group.pinned == [1]
        await api.call("deleteMessage", chat_id=-1, message_id=1)
        assert group.pinned == []
        await api.call("pinChatMessage", chat_id=-1, message_id=2)
        await api.call("unpinAllChatMessages", chat_id=-1)
        assert group.pinned == []
        assert [message.text for message in tg.sent(group)] == ["b"]
        await api.call("sendMessage", chat_id=-9, text="post", reply_markup=GO)
        await api.call("pinChatMessage", chat_id=-9, message_id=1)
        assert len(tg.messages(-9)) == 1
        await api.call("editMessageText", chat_id=-9, message_id=1, text="edited post")
    assert tg.world.breaches == []


async def test_full_information_of_chats() -> None:
    """A public chat names its address, a group what members may do."""
    tg = peopled()
    tg.add_group(-2, "Open", username="open_group", supergroup=True)
    async with bot_api(tg) as api:
        full = await api.call("getChat", chat_id="@Open_Group")
        assert full["active_usernames"] == ["open_group"]
        assert full["permissions"]["can_send_messages"] is True
        assert "permissions" not in await api.call("getChat", chat_id=7)
    assert tg.world.breaches == []
