from typing import Any

import pytest

from sandbox.telegram import Chat, Message, Person, TelegramSandbox
from tests.sandbox.bot_api import BotApi, Clock, bot_api

GO = {
    "inline_keyboard": [
        [
            {"text": "Go", "callback_data": "go:1"},
            {"text": "Copy", "copy_text": {"text": "x"}},
        ]
    ]
}


async def only(api: BotApi, kind: str) -> dict[str, Any]:
    """Return the payload of the only new update, and confirm it."""
    (update,) = await api.updates()
    await api.updates(offset=update["update_id"] + 1)
    payload: dict[str, Any] = update[kind]
    return payload


async def team(**settings: Any) -> tuple[TelegramSandbox, Person, Chat]:
    """Return a simulation with Alice and her group."""
    tg = TelegramSandbox(clock=Clock(), **settings)
    alice = tg.add_person(7, "Alice")
    return tg, alice, tg.add_group(-1, "Team", members=[alice])


async def test_a_command_has_all_its_fields() -> None:
    """A person's message comes with sender, chat, date and the entity of its command."""
    tg, alice, _ = await team()
    async with bot_api(tg) as api:
        tg.send(alice, alice, "/call x")
        assert await only(api, "message") == {
            "message_id": 1,
            "from": {"id": 7, "is_bot": False, "first_name": "Alice", "language_code": "en"},
            "chat": {"id": 7, "type": "private", "first_name": "Alice"},
            "date": 1_700_000_000,
            "text": "/call x",
            "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
        }


async def test_forwards_and_inline_bots_and_quotes() -> None:
    """Forwards name their origin, messages of inline bots the bot, replies their quote."""
    tg, alice, _ = await team()
    bob = tg.add_person(8, "Bob")
    async with bot_api(tg) as api:
        tg.send(alice, alice, "x", forward_from=bob)
        origin = (await only(api, "message"))["forward_origin"]
        assert (origin["type"], origin["sender_user"]["id"]) == ("user", 8)
        tg.send(alice, alice, "x", forward_from="Hidden")
        assert (await only(api, "message"))["forward_origin"]["type"] == "hidden_user"
        channel = {"type": "channel", "date": 1, "chat": {"id": -9}, "message_id": 1}
        first = tg.send(alice, alice, "x", forward_from=channel)
        assert (await only(api, "message"))["forward_origin"] == channel
        robot = tg.add_person(9, "Robot", is_bot=True)
        tg.send(alice, alice, "x", via_bot=robot, reply_to=first, quote="x", date=5)
        message = await only(api, "message")
        assert (message["via_bot"]["id"], message["quote"]["text"]) == (9, "x")
        assert (message["reply_to_message"]["text"], message["date"]) == ("x", 5)


async def test_messages_in_the_name_of_a_chat() -> None:
    """Anonymous administrators and channels write under Telegram's own accounts."""
    tg, alice, group = await team(privacy=False)
    channel = tg.add_channel(-9, "News")
    async with bot_api(tg) as api:
        tg.send(alice, group, "x", sender_chat=group)
        anonymous = await only(api, "message")
        assert (anonymous["from"]["id"], anonymous["sender_chat"]["id"]) == (1087968824, -1)
        tg.send(alice, group, "x", sender_chat=channel, extra={"is_automatic_forward": True})
        linked = await only(api, "message")
        assert (linked["from"]["id"], linked["sender_chat"]["type"]) == (136817688, "channel")
        assert linked["is_automatic_forward"] is True
        tg.send(alice, channel, "x")
        post = await only(api, "channel_post")
        assert "from" not in post
        assert post["sender_chat"]["id"] == -9


async def test_topics_and_threads() -> None:
    """A message in a topic names it; a reply in a supergroup names a thread without a topic."""
    tg, alice, _ = await team(privacy=False)
    forum = tg.add_group(-2, "Forum", members=[alice], topics={5: "Calls"})
    plain = tg.add_group(-3, "Plain", members=[alice], supergroup=True)
    async with bot_api(tg) as api:
        first = tg.send(alice, forum, "x", thread=5)
        message = await only(api, "message")
        assert (message["message_thread_id"], message["is_topic_message"]) == (5, True)
        tg.send(alice, forum, "x", reply_to=first)
        assert (await only(api, "message"))["message_thread_id"] == 5
        root = tg.send(alice, plain, "x")
        assert "message_thread_id" not in await only(api, "message")
        answer = tg.send(alice, plain, "x", reply_to=root)
        tg.send(alice, plain, "x", reply_to=answer)
        threads = [update["message"] for update in await api.updates()]
        assert [message["message_thread_id"] for message in threads] == [root.id, root.id]
        assert "is_topic_message" not in threads[0]
        with pytest.raises(LookupError):
            tg.send(alice, forum, "x", thread=6)


async def test_privacy_mode_hides_plain_text_in_groups() -> None:
    """In a group the bot sees commands, mentions and replies to it; an administrator sees all."""
    tg, alice, group = await team()
    async with bot_api(tg) as api:
        await api.call("sendMessage", chat_id=-1, text="panel")
        own = tg.last(group)
        for text in ("plain", "/other@another_bot", "@another_bot x"):
            tg.send(alice, group, text)
        tg.send_contact(alice, group, "+98912", "Bob")
        tg.send_document(alice, group, "a.txt", b"x")
        assert await api.updates() == []
        tg.send(alice, group, "/call")
        tg.send(alice, group, "/call@Callboard_Bot")
        tg.send(alice, group, "hi @callboard_bot")
        tg.send(alice, group, "plain", reply_to=own)
        assert len(await api.updates()) == 4
        group.bot_status = "administrator"
        tg.send(alice, group, "plain")
        assert len(await api.updates()) == 5
        group.bot_status = "left"
        tg.send(alice, group, "/call")
        assert len(await api.updates()) == 5


async def test_contacts_and_documents() -> None:
    """A contact card names its account if it has one; a document has name, type and caption."""
    tg, alice, _ = await team()
    async with bot_api(tg) as api:
        tg.send_contact(alice, alice, "+989121234567", "Alice", contact=alice)
        assert (await only(api, "message"))["contact"] == {
            "phone_number": "+989121234567",
            "first_name": "Alice",
            "user_id": 7,
        }
        tg.send_contact(alice, alice, "+98", "Bob")
        assert "user_id" not in (await only(api, "message"))["contact"]
        tg.send_document(alice, alice, "n.csv", b"1", caption="/list")
        message = await only(api, "message")
        assert message["document"]["mime_type"] == "text/csv"
        assert message["caption_entities"][0]["type"] == "bot_command"
        tg.send_document(alice, alice, "n.unknown-kind", b"1", caption="plain")
        message = await only(api, "message")
        assert message["document"]["mime_type"] == "application/octet-stream"
        assert "caption_entities" not in message


async def test_edited_messages() -> None:
    """An edit comes as `edited_message`; nobody edits what others wrote."""
    tg, alice, group = await team()
    bob = tg.add_person(8, "Bob")
    async with bot_api(tg) as api:
        message = tg.send(alice, alice, "/call 1")
        await only(api, "message")
        tg.edit(alice, message, "plain")
        edited = await only(api, "edited_message")
        assert (edited["text"], edited["edit_date"]) == ("plain", 1_700_000_000)
        assert "entities" not in edited
        with pytest.raises(ValueError, match="Bob did not write"):
            tg.edit(bob, message, "x")
        tg.edit(alice, tg.send(alice, group, "plain"), "unseen")
        assert await api.updates() == []


async def board(api: BotApi, tg: TelegramSandbox) -> Message:
    """Return a message of the bot with buttons."""
    await api.call("sendMessage", chat_id=7, text="board", reply_markup=GO)
    return tg.last(7)


async def test_a_press_has_all_its_fields() -> None:
    """A press comes with the message that it was under, and with its data."""
    tg, alice, _ = await team()
    async with bot_api(tg) as api:
        message = await board(api, tg)
        callback = tg.press(alice, message, "Go")
        query = await only(api, "callback_query")
        assert (query["id"], query["data"], query["from"]["id"]) == (callback, "go:1", 7)
        assert query["message"] == message
        assert query["chat_instance"]
        tg.press(alice, message, "go:1", inaccessible=True)
        seen = (await only(api, "callback_query"))["message"]
        assert seen == {"chat": message["chat"], "message_id": message.id, "date": 0}
        tg.press_data(alice, message, "forged")
        assert (await only(api, "callback_query"))["data"] == "forged"


async def test_only_buttons_that_are_there_can_be_pressed() -> None:
    """A label that is not under the message, or a button without data, fails the test."""
    tg, alice, _ = await team()
    async with bot_api(tg) as api:
        message = await board(api, tg)
        with pytest.raises(AssertionError, match=r"no button 'Stop' in \[\['Go', 'Copy'\]\]"):
            tg.press(alice, message, "Stop")
        with pytest.raises(ValueError, match="tells the bot nothing"):
            tg.press(alice, message, "Copy")


async def test_answers_to_presses() -> None:
    """A press can be answered for a while, with at most 200 characters; unknown ones never."""
    clock = Clock()
    tg = TelegramSandbox(clock=clock, answer_within=15)
    alice = tg.add_person(7, "Alice")
    async with bot_api(tg) as api:
        callback = tg.press(alice, await board(api, tg), "Go")
        answer = {"callback_query_id": callback, "text": "x" * 200, "show_alert": True}
        await api.call("answerCallbackQuery", **answer)
        given = await tg.answer_of(callback)
        assert (given.text, given.show_alert, given.at) == ("x" * 200, True, clock.now)
        assert tg.answers == [given]
        assert await api.refusal("answerCallbackQuery", **{**answer, "text": "x" * 201}) == (
            "Bad Request: MESSAGE_TOO_LONG"
        )
        old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
        assert await api.refusal("answerCallbackQuery", callback_query_id="1") == old
        clock.now += 16
        assert await api.refusal("answerCallbackQuery", **answer) == old


async def test_the_bot_hears_of_its_own_place() -> None:
    """Blocking, unblocking and kicking come as `my_chat_member`."""
    tg, alice, group = await team()
    async with bot_api(tg) as api:
        tg.block(alice)
        tg.unblock(alice)
        tg.kick_bot(alice, group)
        changes = [update["my_chat_member"] for update in await api.updates()]
        assert [change["new_chat_member"]["status"] for change in changes] == [
            "kicked",
            "member",
            "kicked",
        ]
        assert changes[2]["chat"]["id"] == -1


async def test_members() -> None:
    """Creator, administrators, members and strangers of a group are told apart."""
    tg, alice, group = await team()
    bob = tg.add_person(8, "Bob")
    group.members[8] = "administrator"
    tg.add_person(9, "Carol")
    group.members[9] = "kicked"
    tg.add_person(10, "Dave")
    async with bot_api(tg) as api:
        found = {
            user_id: await api.call("getChatMember", chat_id=-1, user_id=user_id)
            for user_id in (7, 8, 9, 10, tg.world.bot.id)
        }
        assert [one["status"] for one in found.values()] == [
            "creator",
            "administrator",
            "kicked",
            "left",
            "member",
        ]
        assert found[8]["can_pin_messages"] is True
        administrators = await api.call("getChatAdministrators", chat_id=-1)
        assert [one["user"]["id"] for one in administrators] == [alice.id, bob.id]
        private = await api.call("getChatMember", chat_id=7, user_id=7)
        assert private["status"] == "member"
        assert await api.refusal("getChatMember", chat_id=-1, user_id=99) == (
            "Bad Request: invalid user_id specified"
        )
        assert await api.refusal("getChatAdministrators", chat_id=7) == (
            "Bad Request: there are no administrators in the private chat"
        )


async def test_the_bot_itself() -> None:
    """The bot's id is that of its token, and getMe tells of its privacy mode."""
    async with bot_api(TelegramSandbox(token="42:x", username="my_bot", privacy=False)) as api:
        me = await api.call("getMe")
        assert (me["id"], me["username"], me["is_bot"]) == (42, "my_bot", True)
        assert me["can_read_all_group_messages"] is True
    async with bot_api(TelegramSandbox(token="odd")) as api:
        assert (await api.call("getMe"))["id"] == 1


async def test_chat_actions() -> None:
    """Known actions are taken, in the general topic, too."""
    tg, _, _ = await team()
    tg.add_group(-2, "Forum", topics={5: "Calls"})
    async with bot_api(tg) as api:
        await api.call("sendChatAction", chat_id=-2, action="typing", message_thread_id=1)
        assert await api.refusal("sendChatAction", chat_id=7, action="dance") == (
            "Bad Request: wrong parameter action in request"
        )
        assert await api.refusal(
            "sendChatAction", chat_id=-2, action="typing", message_thread_id=9
        ) == ("Bad Request: message thread not found")


async def test_command_lists() -> None:
    """Each scope and language has its own list of commands."""
    tg, _, _ = await team()
    call = [{"command": "call", "description": "Call"}]
    scopes: list[dict[str, Any]] = [
        {"type": "default"},
        {"type": "all_group_chats"},
        {"type": "chat", "chat_id": -1},
        {"type": "chat_member", "chat_id": -1, "user_id": 7},
    ]
    async with bot_api(tg) as api:
        for scope in scopes:
            assert await api.call("getMyCommands", scope=scope) == []
            await api.call("setMyCommands", commands=call, scope=scope)
        await api.call("setMyCommands", commands=[], language_code="fa")
        assert await api.call("getMyCommands") == call
        assert await api.call("getMyCommands", language_code="fa") == []
        await api.call("deleteMyCommands", scope=scopes[3])
        assert await api.call("getMyCommands", scope=scopes[3]) == []
        assert await api.call("getMyCommands", scope=scopes[2]) == call


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"commands": [{"command": "Call", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        (
            {"commands": [{"command": "a"}]},
            "can't parse BotCommand: Can't find field \"description\"",
        ),
        (
            {"commands": [{"command": "a", "description": ""}]},
            "BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        ({"commands": {}}, "expected an Array of BotCommand"),
        ({"commands": "["}, "can't parse commands JSON object"),
        ({"commands": ["a"]}, "can't parse BotCommand: expected an Object"),
        ({"commands": [{"command": "a", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        (
            {"scope": {"type": "world"}},
            "can't parse BotCommandScope: Unsupported type specified",
        ),
        ({"scope": {"type": "chat", "chat_id": 99}}, "chat not found"),
        ({"scope": {"chat_id": 99}}, "can't parse BotCommandScope: Can't find field \"type\""),
        (
            {"scope": {"type": "chat"}},
            "can't parse BotCommandScope: Can't find field \"chat_id\"",
        ),
        ({"scope": [1]}, "can't parse BotCommandScope: BotCommandScope must be an Object"),
        ({"language_code": "english"}, "invalid language code specified"),
    ],
)
async def test_bad_command_lists_are_refused(params: dict[str, Any], why: str) -> None:
    """Names, descriptions, scopes and languages that Telegram does not take are refused."""
    async with bot_api(TelegramSandbox()) as api:
        assert await api.refusal("setMyCommands", **params) == f"Bad Request: {why}"
