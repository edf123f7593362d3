from typing import Any

import pytest

from sandbox.telegram import Chat, Person, TelegramSandbox
from sandbox.telegram.errors import ApiError
from sandbox.telegram.splitting import parts
from tests.sandbox.bot_api import BotApi, Clock, bot_api
from tests.sandbox.pictures import gif, jpeg, png

TOO_BIG = "file of size 10485789 bytes is too big for a photo; the maximum size is 10485760 bytes"
KEYS = {
    "keyboard": [
        ["Plain", {"text": "Mine", "request_contact": True}],
        [
            {
                "text": "Two",
                "request_users": {
                    "request_id": 3,
                    "max_quantity": 2,
                    "request_name": True,
                    "request_username": True,
                },
            }
        ],
    ]
}


def peopled(**settings: Any) -> tuple[TelegramSandbox, Person, Person, Chat]:
    """Return a simulation with Alice, Bob and a group in which the bot is an administrator."""
    tg = TelegramSandbox(clock=Clock(), **settings)
    alice = tg.add_person(7, "Alice", phone="+989120000001")
    bob = tg.add_person(8, "Bob", last_name="B", username="bob")
    group = tg.add_group(-1, "Team", members=[alice, bob], bot_status="administrator")
    return tg, alice, bob, group


async def last(api: BotApi) -> dict[str, Any]:
    """Return the payload of the last new update, and confirm all."""
    updates = await api.updates()
    await api.updates(offset=updates[-1]["update_id"] + 1)
    payload: dict[str, Any] = next(v for name, v in updates[-1].items() if name != "update_id")
    return payload


async def test_a_sound_is_sent_again_as_what_it_was() -> None:
    """By its file id, and not as another kind: refused in the words of tdlib's file types."""
    tg, alice, bob, _ = peopled()
    async with bot_api(tg) as api:
        note = tg.send_voice(alice, alice)["voice"]
        song = tg.send_audio(alice, alice, "song.mp3", b"ID3", duration=7)["audio"]
        assert (await api.call("sendVoice", chat_id=bob.id, voice=note["file_id"]))[
            "voice"
        ] == note
        assert (await api.call("sendAudio", chat_id=bob.id, audio=song["file_id"]))[
            "audio"
        ] == song
        assert await api.refusal("sendAudio", chat_id=bob.id, audio=note["file_id"]) == (
            "Bad Request: can't use file of type VoiceNote as Audio"
        )
        assert await api.refusal("sendVoice", chat_id=bob.id, voice=song["file_id"]) == (
            "Bad Request: can't use file of type Audio as VoiceNote"
        )
    assert tg.world.breaches == []


async def test_photos_and_voice_notes_of_people() -> None:
    """A photo comes in its sizes, each with an id; a voice note with its length and type."""
    tg, alice, _, _ = peopled()
    async with bot_api(tg) as api:
        tg.send_photo(alice, alice, jpeg(640, 320), caption="/look")
        photo = await last(api)
        assert [(p["width"], p["height"]) for p in photo["photo"]] == [
            *((90, 45), (320, 160), (640, 320))
        ]
        assert len({p["file_id"] for p in photo["photo"]}) == 3
        assert photo["caption_entities"][0]["type"] == "bot_command"
        assert tg.file(tg.last(alice)) == jpeg(640, 320)
        tg.send_voice(alice, alice)
        voice = (await last(api))["voice"]
        assert (voice["duration"], voice["mime_type"]) == (1, "audio/ogg")
        tg.send_voice(alice, alice, b"no Ogg")
        assert (await last(api))["voice"]["duration"] == 0
        tg.send_audio(alice, alice, "song.mp3", b"ID3", duration=7)
        song = (await last(api))["audio"]
        assert (song["duration"], song["file_name"], song["mime_type"]) == (
            *(7, "song.mp3", "audio/mpeg"),
        )
        path = f"/bot{tg.token}/sendAudio"
        asked = {"chat_id": str(alice.id), "audio": song["file_id"]}
        sent = (await api.http.post(path, data=asked)).json()
        assert sent["result"]["audio"] == song
    assert tg.world.breaches == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"text", "IMAGE_PROCESS_FAILED"),
        (b"\xff\xd8\xff\xc4\x00\x04", "IMAGE_PROCESS_FAILED"),
        (png(6000, 4001), "PHOTO_INVALID_DIMENSIONS"),
        (png(100, 0), "PHOTO_INVALID_DIMENSIONS"),
        (gif(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (
            png(1, 1) + bytes(10 << 20),
            TOO_BIG,
        ),
    ],
)
async def test_photos_that_are_refused(content: bytes, why: str) -> None:
    """What is no picture, too large, or of an odd shape is no photo, for bots and people."""
    tg, alice, _, _ = peopled()
    async with bot_api(tg) as api:
        path = f"/bot{tg.token}/sendPhoto"
        refused = await api.http.post(path, data={"chat_id": "7"}, files={"photo": content})
        assert refused.json()["description"] == f"Bad Request: {why}"
    with pytest.raises(ApiError):
        tg.send_photo(alice, alice, content)


async def test_a_file_is_sent_again_as_what_it_is() -> None:
    """A photo's id sends a photo, and no document; the largest size is at most 2560."""
    tg, alice, _, _ = peopled()
    photo = tg.send_photo(alice, alice, png(4000, 3000))["photo"]
    assert (photo[-1]["width"], photo[-1]["height"]) == (2560, 1920)
    async with bot_api(tg) as api:
        again = await api.call("sendPhoto", chat_id=7, photo=photo[1]["file_id"])
        assert again["photo"] == photo
        assert await api.refusal("sendDocument", chat_id=7, document=photo[1]["file_id"]) == (
            "Bad Request: can't use file of type Photo as Document"
        )
        file = await api.call("getFile", file_id=photo[0]["file_id"])
        assert file["file_path"].startswith("photos/file_")


async def test_forwards_of_people() -> None:
    """A forward carries content and first origin, a link keyboard, and no callback buttons."""
    tg, alice, bob, group = peopled()
    channel = tg.add_channel(-9, "News", username="news")
    async with bot_api(tg) as api:
        link = {"inline_keyboard": [[{"text": "x", "url": "https://x.org"}]]}
        await api.call("sendMessage", chat_id="@news", text="post", reply_markup=link)
        post = tg.last(channel)
        assert post["sender_chat"]["username"] == "news"
        first = tg.forward(alice, group, post)
        assert first["forward_origin"] == {
            "type": "channel",
            "date": post["date"],
            "chat": channel.as_json(),
            "message_id": post.id,
        }
        assert first.inline_keyboard
        assert tg.forward(bob, bob, first)["forward_origin"] == first["forward_origin"]
        go = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
        await api.call("sendMessage", chat_id=7, text="board", reply_markup=go)
        board = tg.forward(alice, group, tg.last(alice))
        assert board["forward_origin"]["sender_user"]["id"] == tg.world.bot.id
        assert board.inline_keyboard == []
        bob.hides_forwards = True
        hidden = tg.forward(alice, alice, tg.send(bob, bob, "x"))["forward_origin"]
        assert (hidden["type"], hidden["sender_user_name"]) == ("hidden_user", "Bob B")
        anonymous = tg.send(alice, group, "x", sender_chat=group)
        assert tg.forward(bob, bob, anonymous)["forward_origin"]["type"] == "chat"
        tg.forward(alice, group, tg.send_contact(bob, bob, "+98", "C"))
        assert (await last(api))["contact"]["phone_number"] == "+98"
        await api.call("sendMessage", chat_id=7, text="secret", protect_content=True)
        assert tg.last(alice)["has_protected_content"] is True
        with pytest.raises(ValueError, match="cannot be forwarded"):
            tg.forward(alice, group, tg.last(alice))
    assert tg.world.breaches == []


async def test_forwards_and_copies_of_the_bot() -> None:
    """The bot forwards and copies what may be; service and protected messages may not."""
    tg, alice, _, group = peopled()
    words = tg.send(alice, alice, "words #tag")
    upload = tg.send_document(alice, alice, "a.txt", b"x", caption="old")
    service = tg.join(tg.add_person(9, "Carol"), group)
    async with bot_api(tg) as api:
        where = {"chat_id": -1, "from_chat_id": 7}
        forward = await api.call("forwardMessage", **where, message_id=words.id)
        assert (forward["text"], forward["entities"]) == (words["text"], words["entities"])
        assert forward["forward_origin"]["sender_user"]["id"] == 7
        assert await api.refusal(
            "editMessageText", chat_id=-1, message_id=forward["message_id"], text="x"
        ) == ("Bad Request: message can't be edited")
        copy = await api.call("copyMessage", **where, message_id=upload.id, caption="<b>n</b>")
        assert list(copy) == ["message_id"]
        assert tg.last(group).text == "<b>n</b>"
        assert "forward_origin" not in tg.last(group)
        for method, done in (("forwardMessage", "forwarded"), ("copyMessage", "copied")):
            own = {"chat_id": 7, "from_chat_id": -1, "message_id": service.id}
            assert await api.refusal(method, **own) == f"Bad Request: message can't be {done}"
            missing = await api.refusal(method, **where, message_id=99)
            assert missing.endswith("not found")
    assert tg.world.breaches == []


def test_a_long_text_is_split_as_the_apps_do() -> None:
    """Parts fit into a message, in order, cut at a line, else between words, never in a sign."""
    assert parts("") == []
    assert parts("x" * 4096) == ["x" * 4096]
    assert parts("x" * 4097) == ["x" * 4096, "x"]
    lines = [f"line {number:04} with some words" for number in range(400)]
    split = parts("\n".join(lines))
    assert "\n".join(split).splitlines() == lines
    assert len(split) == 3
    words = "word " * 2000
    assert " ".join(parts(words)) == words.strip()
    assert parts("📋" * 2049) == ["📋" * 2048, "📋"]
    assert parts("x" * 10 + "\n" + "y" * 4096)[0][:11] == "x" * 10 + "\n"


async def test_a_paste_arrives_at_once_and_in_order() -> None:
    """All parts of a paste come with one poll, only the first as a reply; a deep link starts."""
    tg, alice, _, _ = peopled()
    async with bot_api(tg) as api:
        start = tg.start(alice, "abc")
        assert (start.text, tg.start(alice).text) == ("/start abc", "/start")
        await last(api)
        sent = tg.send_long(alice, alice, "word " * 2000, reply_to=start)
        updates = await api.updates()
        assert [u["message"]["message_id"] for u in updates] == [m.id for m in sent]
        assert ["reply_to_message" in message for message in sent] == [True, False, False]


async def test_reply_keyboards() -> None:
    """A button of the keyboard sends its text, the own card, or people; it can be taken away."""
    tg, alice, bob, group = peopled()
    async with bot_api(tg) as api:
        assert tg.keyboard(alice) == []
        await api.call("sendMessage", chat_id=7, text="?", reply_markup=KEYS)
        assert tg.keyboard(alice) == [["Plain", "Mine"], ["Two"]]
        assert "reply_to_message" not in tg.tap(alice, alice, "Plain")
        card = tg.share_contact(alice, alice)
        assert card["contact"]["user_id"] == 7
        tg.share_users(alice, alice, alice, bob)
        assert (await last(api))["users_shared"] == {
            "request_id": 3,
            "users": [
                {"user_id": 7, "first_name": "Alice"},
                {"user_id": 8, "first_name": "Bob", "last_name": "B", "username": "bob"},
            ],
        }
        with pytest.raises(ValueError, match="1 to 2 people"):
            tg.share_users(alice, alice)
        with pytest.raises(AssertionError, match=r"no such button in the keyboard \[\['Plain'"):
            tg.tap(alice, alice, "Other")
        alice.phone = None
        with pytest.raises(ValueError, match="no phone number"):
            tg.tap(alice, alice, "Mine")
        await api.call("sendMessage", chat_id=7, text="!", reply_markup={"remove_keyboard": True})
        assert tg.keyboard(alice) == []
        plain = {"keyboard": [[{"text": "A"}]]}
        await api.call("sendMessage", chat_id=-1, text="?", reply_markup=plain)
        tapped = tg.tap(bob, group, "A")
        assert tapped["reply_to_message"]["text"] == "?"
        tg.last(group).deleted = True
    assert tg.world.breaches == []


async def test_people_come_and_go() -> None:
    """Who joins, is added, leaves or is removed is told by a service message, the bot's too."""
    tg, alice, _, group = peopled()
    carol = tg.add_person(9, "Carol")
    async with bot_api(tg) as api:
        assert await api.call("getChatMemberCount", chat_id=-1) == 3
        tg.join(carol, group, added_by=alice)
        added = await last(api)
        assert (added["from"]["id"], added["new_chat_members"][0]["id"]) == (7, 9)
        assert await api.call("getChatMemberCount", chat_id=-1) == 4
        tg.leave(carol, group)
        assert (await last(api))["left_chat_member"]["id"] == 9
        tg.leave(tg.world.people[8], group, removed_by=alice)
        assert group.members == {7: "creator", 9: "left", 8: "kicked"}
        assert await api.call("leaveChat", chat_id=-1)
        assert (await last(api))["new_chat_member"]["status"] == "left"
        assert await api.refusal("leaveChat", chat_id=-1) == (
            "Forbidden: bot is not a member of the group chat"
        )
        assert await api.refusal("leaveChat", chat_id=7) == (
            "Bad Request: chat member status can't be changed in private chats"
        )
        tg.add_bot(alice, group)
        assert (await last(api))["new_chat_members"][0]["id"] == tg.world.bot.id
        assert await api.call("getChatMemberCount", chat_id=7) == 2
        assert await api.call("leaveChat", chat_id=tg.add_channel(-9, "News").id)
    assert tg.world.breaches == []


async def test_topics_begin_with_the_message_that_opened_them() -> None:
    """What is written into a topic replies to its first message, unless it replies to another."""
    tg, alice, bob, _ = peopled()
    forum = tg.add_group(-5, "Forum", members=[alice], topics={3: "Calls", 5: "Pay"})
    async with bot_api(tg) as api:
        tg.send(alice, forum, "/x", thread=5)
        message = await last(api)
        assert message["message_id"] == 6
        assert message["reply_to_message"]["message_id"] == 5
        assert message["reply_to_message"]["forum_topic_created"]["name"] == "Pay"
        sent = await api.call("sendMessage", chat_id=-5, text="x", message_thread_id=3)
        assert sent["reply_to_message"]["forum_topic_created"]["name"] == "Calls"
        reply = {"message_id": 6}
        answer = await api.call("sendMessage", chat_id=-5, text="x", reply_parameters=reply)
        assert (answer["reply_to_message"]["text"], answer["message_thread_id"]) == ("/x", 5)
        assert bob.full_name == "Bob B"
    assert tg.world.breaches == []


async def test_captions_of_people_can_be_edited() -> None:
    """An edited caption comes with its entities."""
    tg, alice, _, _ = peopled()
    async with bot_api(tg) as api:
        upload = tg.send_document(alice, alice, "a.txt", b"x", caption="/old")
        tg.edit(alice, upload, "#new")
        edited = await last(api)
        assert (edited["caption"], edited["caption_entities"][0]["type"]) == ("#new", "hashtag")
        assert "text" not in edited
