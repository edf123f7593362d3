from typing import Any

import pytest

from sandbox.telegram import TelegramSandbox
from tests.sandbox.bot_api import Clock, bot_api

GROUP = -500
FORUM = -1001
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
GO = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}


def peopled(**settings: Any) -> TelegramSandbox:
    """Return a simulation with Alice, her group, and a forum."""
    tg = TelegramSandbox(**settings)
    alice = tg.add_person(7, "Alice", last_name="A", username="alice")
    tg.add_group(GROUP, "Team", members=[alice])
    tg.add_group(FORUM, "Forum", members=[alice], topics={5: "Calls"})
    return tg


async def test_a_message_has_all_its_fields() -> None:
    """The bot gets the message as it stands in the chat."""
    tg = peopled(clock=Clock())
    async with bot_api(tg) as api:
        sent = await api.call(
            "sendMessage", chat_id=7, text="<b>hi</b>", parse_mode="HTML", reply_markup=GO
        )
        assert sent == {
            "message_id": 1,
            "from": {
                "id": 100200300,
                "is_bot": True,
                "first_name": "Callboard",
                "username": "callboard_bot",
            },
            "chat": {
                "id": 7,
                "type": "private",
                "first_name": "Alice",
                "last_name": "A",
                "username": "alice",
            },
            "date": 1_700_000_000,
            "text": "hi",
            "entities": [{"type": "bold", "offset": 0, "length": 2}],
            "reply_markup": GO,
        }
        assert tg.last(7) == sent
        assert (tg.last(7).html, tg.last(7).markup) == ("<b>hi</b>", GO)


@pytest.mark.parametrize("text", ["", "  \n", "<b></b>"])
async def test_an_empty_text_is_refused(text: str) -> None:
    """A text with nothing in it is refused."""
    async with bot_api(peopled()) as api:
        why = await api.refusal("sendMessage", chat_id=7, text=text, parse_mode="HTML")
        assert why == "Bad Request: message text is empty"


async def test_text_is_measured_after_parsing_in_utf_16() -> None:
    """4096 UTF-16 units without the tags fit, one more is refused, in an edit, too."""
    tg = peopled()
    async with bot_api(tg) as api:
        fits = "📋" * 2048
        sent = await api.call("sendMessage", chat_id=7, text=f"<b>{fits}</b>", parse_mode="HTML")
        too_long = "Bad Request: message is too long"
        assert await api.refusal("sendMessage", chat_id=7, text=fits + "x") == too_long
        edit = {"chat_id": 7, "message_id": sent["message_id"], "text": fits + "x"}
        assert await api.refusal("editMessageText", **edit) == too_long


async def test_bad_entities_are_refused() -> None:
    """HTML that Telegram can't parse is refused, and nothing is stored."""
    tg = peopled()
    async with bot_api(tg) as api:
        why = await api.refusal("sendMessage", chat_id=7, text="<x>", parse_mode="HTML")
        assert why.startswith("Bad Request: can't parse entities: Unsupported start tag")
        assert tg.messages(7) == []


@pytest.mark.parametrize(
    ("chat_id", "why"),
    [
        (404, "Bad Request: chat not found"),
        ("@nobody", "Bad Request: chat not found"),
        ("", "Bad Request: chat_id is empty"),
        (8, "Forbidden: bot was blocked by the user"),
        (9, "Forbidden: bot can't initiate conversation with a user"),
        (10, "Forbidden: bots can't send messages to bots"),
        (-2, "Forbidden: bot was kicked from the group chat"),
        (-3, "Forbidden: bot is not a member of the supergroup chat"),
    ],
)
async def test_chats_that_the_bot_cannot_write_to(chat_id: object, why: str) -> None:
    """Each reason why a chat can't be written to has its own refusal."""
    tg = peopled()
    alice = tg.world.people[7]
    tg.block(tg.add_person(8, "Bob"))
    tg.add_person(9, "Carol", started=False)
    tg.add_person(10, "Robot", is_bot=True)
    tg.kick_bot(alice, tg.add_group(-2, "Gone", members=[alice]))
    tg.add_group(-3, "Left", supergroup=True, bot_status="left")
    async with bot_api(tg) as api:
        assert await api.refusal("sendMessage", chat_id=chat_id, text="x") == why


async def test_who_writes_first_or_unblocks_can_be_written_to() -> None:
    """A person who wrote first, or unblocked the bot, gets its messages."""
    tg = peopled()
    bob, carol = tg.add_person(8, "Bob"), tg.add_person(9, "Carol", started=False)
    tg.block(bob)
    tg.unblock(bob)
    tg.send(carol, carol, "/start")
    async with bot_api(tg) as api:
        await api.call("sendMessage", chat_id=8, text="x")
        await api.call("sendMessage", chat_id=9, text="x")


async def test_a_group_that_became_a_supergroup_tells_its_new_id() -> None:
    """Sends to the old id are refused with the new one, and both chats tell of it.

    To the bot it also looks as if it had been added to the new one.
    """
    tg = peopled()
    new = tg.migrate(tg.world.people[7], tg.chat(GROUP), -1002)
    async with bot_api(tg) as api:
        response = await api.post("sendMessage", chat_id=GROUP, text="x")
        assert response.json() == {
            "ok": False,
            "error_code": 400,
            "description": "Bad Request: group chat was upgraded to a supergroup chat",
            "parameters": {"migrate_to_chat_id": -1002},
        }
        added, *told = await api.updates()
        assert added["my_chat_member"]["chat"]["id"] == -1002
        assert added["my_chat_member"]["new_chat_member"]["status"] == "member"
        old, moved = [update["message"] for update in told]
        assert (old["migrate_to_chat_id"], moved["migrate_from_chat_id"]) == (-1002, GROUP)
        assert new.type == "supergroup"
        await api.call("sendMessage", chat_id=-1002, text="x")


async def test_topics() -> None:
    """A message goes to the topic named, or to that of the message it replies to."""
    tg = peopled()
    async with bot_api(tg) as api:
        sent = await api.call("sendMessage", chat_id=FORUM, text="x", message_thread_id=5)
        assert (sent["message_thread_id"], sent["is_topic_message"]) == (5, True)
        assert sent["chat"]["is_forum"] is True
        reply = {"message_id": sent["message_id"]}
        answer = await api.call("sendMessage", chat_id=FORUM, text="y", reply_parameters=reply)
        assert answer["message_thread_id"] == 5
        for chat_id, thread in ((FORUM, 6), (FORUM, 1), (GROUP, 5)):
            why = await api.refusal(
                "sendMessage", chat_id=chat_id, text="x", message_thread_id=thread
            )
            assert why == "Bad Request: message thread not found"


async def test_replies() -> None:
    """A reply holds one level; one to nothing is refused unless that is allowed."""
    tg = peopled()
    async with bot_api(tg) as api:
        for message_id in (1, 2):
            reply = {"message_id": message_id, "allow_sending_without_reply": True}
            await api.call("sendMessage", chat_id=7, text="x", reply_parameters=reply)
        third = await api.call("sendMessage", chat_id=7, text="x", reply_to_message_id=2)
        assert third["reply_to_message"]["message_id"] == 2
        assert "reply_to_message" not in third["reply_to_message"]
        why = await api.refusal(
            "sendMessage", chat_id=7, text="x", reply_parameters={"message_id": 99}
        )
        assert why == "Bad Request: message to be replied not found"
        loose = await api.call(
            "sendMessage",
            chat_id=7,
            text="x",
            reply_to_message_id=99,
            allow_sending_without_reply=True,
        )
        assert "reply_to_message" not in loose
        why = await api.refusal("sendMessage", chat_id=7, text="x", reply_parameters=[1])
        assert why == "Bad Request: object expected as reply parameters"


async def test_edits() -> None:
    """An edit changes text and keyboard, leaves its trace, and must change something."""
    clock = Clock()
    tg = peopled(clock=clock)
    async with bot_api(tg) as api:
        sent = await api.call("sendMessage", chat_id=7, text="a", reply_markup=GO)
        where = {"chat_id": 7, "message_id": sent["message_id"]}
        assert await api.refusal("editMessageText", **where, text="a", reply_markup=GO) == (
            NOT_MODIFIED
        )
        clock.now += 5
        edited = await api.call("editMessageText", **where, text="#b1")
        assert edited["edit_date"] == sent["date"] + 5
        assert "reply_markup" not in edited
        assert edited["entities"] == [{"type": "hashtag", "offset": 0, "length": 3}]
        assert await api.refusal("editMessageReplyMarkup", **where) == NOT_MODIFIED
        await api.call("editMessageReplyMarkup", **where, reply_markup=GO)
        message = tg.last(7)
        assert message.buttons == [["Go"]]
        assert [(v.at, v.text, v.markup) for v in tg.edits(message)] == [
            (clock.now, "#b1", None),
            (clock.now, "#b1", GO),
        ]
        assert message.versions[0].text == "a"


async def test_messages_that_cannot_be_edited() -> None:
    """Unknown, deleted, other people's and wordless messages can't be edited."""
    tg = peopled()
    alice = tg.world.people[7]
    async with bot_api(tg) as api:
        own = await api.call("sendMessage", chat_id=7, text="a")
        theirs = tg.send(alice, alice, "b")
        edit = {"chat_id": 7, "text": "c"}
        assert await api.refusal("editMessageText", **edit, message_id=99) == (
            "Bad Request: message to edit not found"
        )
        assert await api.refusal("editMessageText", **edit, message_id=theirs.id) == (
            "Bad Request: message can't be edited"
        )
        assert await api.refusal("editMessageText", **edit) == (
            "Bad Request: message identifier is not specified"
        )
        assert await api.refusal(
            "editMessageCaption", chat_id=7, caption="x", message_id=own["message_id"]
        ) == ("Bad Request: there is no caption in the message to edit")
        assert await api.refusal(
            "editMessageText",
            **edit,
            message_id=own["message_id"],
            reply_markup={"force_reply": True},
        ) == ("Bad Request: inline keyboard expected")
        await api.call("deleteMessage", chat_id=7, message_id=own["message_id"])
        assert await api.refusal("editMessageText", **edit, message_id=own["message_id"]) == (
            "Bad Request: message to edit not found"
        )


async def test_deleting() -> None:
    """Own messages, and others' where it may, can be deleted within 48 hours."""
    clock = Clock()
    tg = peopled(clock=clock)
    alice = tg.world.people[7]
    async with bot_api(tg) as api:
        theirs = tg.send(alice, GROUP, "x")
        gone = "Bad Request: message can't be deleted"
        assert await api.refusal("deleteMessage", chat_id=GROUP, message_id=theirs.id) == gone
        tg.chat(GROUP).bot_status = "administrator"
        await api.call("deleteMessage", chat_id=GROUP, message_id=theirs.id)
        assert await api.refusal("deleteMessage", chat_id=GROUP, message_id=theirs.id) == (
            "Bad Request: message to delete not found"
        )
        tg.send(alice, alice, "y")
        await api.call("deleteMessages", chat_id=7, message_ids=[1, 99])
        assert tg.messages(alice) == []
        assert await api.refusal("deleteMessages", chat_id=7) == (
            "Bad Request: message identifiers are not specified"
        )
        assert await api.refusal("deleteMessages", chat_id=7, message_ids=list(range(101))) == (
            "Bad Request: too many message identifiers specified"
        )
        assert await api.refusal("deleteMessages", chat_id=7, message_ids={}) == (
            "Bad Request: expected an Array of message identifiers"
        )
        old = await api.call("sendMessage", chat_id=7, text="z")
        clock.now += 48 * 3600 + 1
        assert await api.refusal("deleteMessage", chat_id=7, message_id=old["message_id"]) == gone


async def test_pins() -> None:
    """A message can be pinned and unpinned, in a group by an administrator."""
    tg = peopled()
    async with bot_api(tg) as api:
        await api.call("sendMessage", chat_id=GROUP, text="panel")
        pin = {"chat_id": GROUP, "message_id": 1}
        assert await api.refusal("pinChatMessage", **pin) == (
            "Bad Request: not enough rights to manage pinned messages in the chat"
        )
        tg.chat(GROUP).bot_status = "administrator"
        assert await api.refusal("pinChatMessage", chat_id=GROUP, message_id=9) == (
            "Bad Request: message to pin not found"
        )
        assert "pinned_message" not in await api.call("getChat", chat_id=GROUP)
        await api.call("pinChatMessage", **pin)
        assert (await api.call("getChat", chat_id=GROUP))["pinned_message"]["text"] == "panel"
        await api.call("unpinChatMessage", chat_id=GROUP)
        assert await api.refusal("unpinChatMessage", **pin) == (
            "Bad Request: message to unpin not found"
        )


async def test_an_administrator_pins_with_the_right_to_pin_only() -> None:
    """Being an administrator is not enough: the right to pin is a right of its own."""
    tg = peopled()
    alice, group = tg.world.people[7], tg.chat(GROUP)
    tg.promote_bot(alice, group, may_pin=False)
    me, pin = tg.world.bot.id, {"chat_id": GROUP, "message_id": 1}
    async with bot_api(tg) as api:
        await api.call("sendMessage", chat_id=GROUP, text="panel")
        assert await api.refusal("pinChatMessage", **pin) == (
            "Bad Request: not enough rights to manage pinned messages in the chat"
        )
        (update,) = await api.updates()
        assert update["my_chat_member"]["new_chat_member"]["can_pin_messages"] is False
        tg.promote_bot(alice, group)
        await api.call("pinChatMessage", **pin)
        bot = await api.call("getChatMember", chat_id=GROUP, user_id=me)
        assert (bot["status"], bot["can_pin_messages"]) == ("administrator", True)
    assert group.pinned == [1]


async def test_documents() -> None:
    """An upload is stored byte by byte, can be fetched, sent again, and given a caption."""
    tg = peopled()
    content = bytes(range(256)) + b"\r\n--x\r\n"
    async with bot_api(tg) as api:
        response = await api.http.post(
            f"/bot{tg.token}/sendDocument",
            data={"chat_id": "7", "caption": "<i>c</i>", "parse_mode": "HTML"},
            files={"document": ('شماره "1".csv', content, "text/csv")},
        )
        sent = response.json()["result"]
        assert sent["document"] == {
            "file_id": "file1",
            "file_unique_id": "ufile1",
            "file_name": 'شماره "1".csv',
            "mime_type": "text/csv",
            "file_size": len(content),
        }
        assert (sent["caption"], sent["caption_entities"][0]["type"]) == ("c", "italic")
        file = await api.call("getFile", file_id="file1")
        fetched = await api.http.get(f"/file/bot{tg.token}/{file['file_path']}")
        assert fetched.content == content == tg.file(tg.last(7)) == tg.file(sent["document"])
        again = await api.call("sendDocument", chat_id=7, document="file1")
        assert again["document"] == sent["document"]
        edit = {"chat_id": 7, "message_id": again["message_id"]}
        edited = await api.call("editMessageCaption", **edit, caption="new")
        assert edited["caption"] == tg.last(7).text == "new"
        assert await api.refusal("editMessageText", **edit, text="x") == (
            "Bad Request: there is no text in the message to edit"
        )


async def test_documents_that_are_refused() -> None:
    """No file, an empty or unknown one, and a caption over 1024 characters are refused."""
    tg = peopled()
    async with bot_api(tg) as api:
        send = {"chat_id": 7}
        assert await api.refusal("sendDocument", **send) == (
            "Bad Request: there is no document in the request"
        )
        for wrong, why in (
            ("nopes", "wrong remote file identifier specified: Wrong string length"),
            ("no!p", "wrong remote file identifier specified: Wrong character in the string"),
            (
                "nope",
                "wrong remote file identifier specified: can't unserialize it. Wrong last symbol",
            ),
            ("https://example.org/a.csv", "failed to get HTTP URL content"),
            ("attach://nope", "there is no document in the request"),
        ):
            refusal = await api.refusal("sendDocument", **send, document=wrong)
            assert refusal == f"Bad Request: {why}"
        assert await api.refusal("sendDocument", **send, caption="x" * 1025) == (
            "Bad Request: message caption is too long"
        )
        path = f"/bot{tg.token}/sendDocument"
        empty = await api.http.post(path, data={"chat_id": "7"}, files={"document": b""})
        assert empty.json()["description"] == "Bad Request: file must be non-empty"
        large = await api.http.post(
            path, data={"chat_id": "7"}, files={"document": bytes(50_000_001)}
        )
        assert large.status_code == 413
        assert await api.refusal("getFile", file_id="nope") == (
            "Bad Request: wrong file_id or the file is temporarily unavailable"
        )
        assert (await api.http.get(f"/file/bot{tg.token}/nope")).status_code == 404


async def test_files_over_20_mb_are_not_handed_out() -> None:
    """A person may upload more than a bot can download."""
    tg = peopled()
    alice = tg.world.people[7]
    upload = tg.send_document(alice, alice, "noext", bytes(20_000_001))
    async with bot_api(tg) as api:
        why = await api.refusal("getFile", file_id=upload["document"]["file_id"])
        assert why == "Bad Request: file is too big"
