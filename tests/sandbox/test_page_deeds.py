"""What people do at the page, and what cannot be done."""

import asyncio
from typing import Any

import httpx
import pytest

from sandbox.demo.cast import DRIVERS, GROUP_ID
from sandbox.page.app import STARTED_ANEW, TOO_BIG, UPLOAD_LIMIT
from sandbox.telegram import Message
from sandbox.telegram.methods import METHODS
from sandbox.telegram.params import Params
from tests.sandbox.page_rig import PageRig, page, picture


def board(r: PageRig, *rows: list[dict[str, str]]) -> Message:
    """A message of the bot with these buttons, as it stands in the admin's chat."""
    message = r.stage.tg.send(r.sara, r.sara, "a board")
    message["from"] = r.stage.tg.world.bot.as_json()
    message["reply_markup"] = {"inline_keyboard": list(rows)}
    return message


async def test_sending() -> None:
    """A text is sent as it is typed, as a reply and into a topic where that is asked for."""
    async with page() as r:
        first = await r.sent("send", person=r.sara.id, chat=r.sara.id, text="/help")
        assert (first.text, first["entities"][0]["type"]) == ("/help", "bot_command")
        reply = await r.sent(
            "send", person=r.sara.id, chat=r.sara.id, text="And?", reply_to=first.id
        )
        assert reply["reply_to_message"]["message_id"] == first.id
        topic = await r.sent(
            "send", person=r.omid.id, chat=GROUP_ID, text="/status", thread=DRIVERS
        )
        assert (topic["message_thread_id"], topic["from"]["id"]) == (DRIVERS, r.omid.id)


async def test_a_long_paste_is_split() -> None:
    """A text that is too long for one message becomes several, in order and without a loss."""
    async with page() as r:
        lines = "\n".join(f"0912000{n:04}" for n in range(1000))
        said = await r.done("send", person=r.sara.id, chat=r.sara.id, text=lines)
        chat = r.stage.tg.chat(r.sara)
        parts = [chat.by_id[message_id].text for message_id in said["messages"]]
        assert len(parts) == 3
        assert max(map(len, parts)) <= 4096
        assert "\n".join(parts) == lines
        assert said["messages"] == sorted(said["messages"])


async def test_editing() -> None:
    """One's own text, or the caption of one's own file, can be edited."""
    async with page() as r:
        message = await r.sent("send", person=r.sara.id, chat=r.sara.id, text="/cal")
        await r.done("edit", person=r.sara.id, chat=r.sara.id, message=message.id, text="/call")
        assert message.text == "/call"
        assert "edit_date" in message
        edits = len(message.versions)
        await r.done("edit", person=r.sara.id, chat=r.sara.id, message=message.id, text="/call")
        assert len(message.versions) == edits
        await upload(r, b"x", caption="ol")
        document = r.stage.tg.last(r.sara)
        await r.done("edit", person=r.sara.id, chat=r.sara.id, message=document.id, text="old")
        assert document["caption"] == "old"


async def test_pressing() -> None:
    """The bot gets the data of the button that was seen, also if the message has changed since."""
    async with page() as r:
        message = board(r, [{"text": "A", "callback_data": "a:1"}])
        at = {"person": r.sara.id, "chat": r.sara.id, "message": message.id}
        message["reply_markup"] = {"inline_keyboard": [[{"text": "A", "callback_data": "b:1"}]]}
        said = await r.done("press", **at, data="a:1")
        query = r.stage.tg.world.updates.pending[-1]["callback_query"]
        assert (query["id"], query["data"]) == (said["callback_id"], "a:1")
        for data in ("", "é" * 33):
            answer = await r.act("press", **at, data=data)
            assert answer.json() == {"error": "This button tells the bot nothing."}


async def test_forwarding() -> None:
    """A message goes into another chat with its origin; one that no app forwards is refused."""
    async with page() as r:
        message = await r.sent("send", person=r.sara.id, chat=r.sara.id, text="/call x")
        copy = await r.sent(
            "forward",
            person=r.sara.id,
            chat=r.sara.id,
            message=message.id,
            to=GROUP_ID,
            thread=DRIVERS,
        )
        assert (copy.text, copy["message_thread_id"]) == ("/call x", DRIVERS)
        assert copy["forward_origin"]["sender_user"]["id"] == r.sara.id
        edit = await r.act("edit", person=r.sara.id, chat=GROUP_ID, message=copy.id, text="mine")
        assert edit.json() == {"error": "Only your own texts can be edited."}
        message["has_protected_content"] = True
        refused = await r.act(
            "forward", person=r.sara.id, chat=r.sara.id, message=message.id, to=GROUP_ID
        )
        assert refused.json() == {"error": "This message cannot be forwarded."}


async def test_contacts() -> None:
    """A card is one's own by default, another person's, or one that is typed."""
    async with page() as r:
        me = {"person": r.sara.id, "chat": r.sara.id}
        own = await r.sent("contact", **me)
        assert own["contact"] == {
            "phone_number": "+989120000101",
            "first_name": "Sara",
            "user_id": r.sara.id,
        }
        other = await r.sent("contact", **me, of=r.omid.id)
        assert other["contact"]["user_id"] == r.omid.id
        typed = await r.sent("contact", **me, phone_number="09120000000", first_name="Reza")
        assert typed["contact"] == {"phone_number": "09120000000", "first_name": "Reza"}
        nobody = r.stage.tg.add_person(9, "Nobody")
        refused = await r.act("contact", **me, of=nobody.id)
        assert refused.json() == {"error": "Nobody has no number."}


async def test_contacts_of_the_address_book() -> None:
    """Each is a card of its own, without an account; one with more numbers has a vCard."""
    async with page() as r:
        me = {"person": r.sara.id, "chat": r.sara.id}
        told = await r.done("contact", **me, entries=[0, 1])
        cards = [r.stage.tg.chat(r.sara).by_id[one]["contact"] for one in told["messages"]]
        assert cards[0] == {
            "phone_number": "+989120000601",
            "first_name": "Reza",
            "last_name": "Ahmadi",
        }
        card = cards[1]["vcard"].split("\r\n")
        assert cards[1].keys() == {"phone_number", "first_name", "vcard"}
        assert (card[0], card[3], card[-1]) == ("BEGIN:VCARD", "FN:نگار", "END:VCARD")
        assert card[4:-1] == ["TEL;TYPE=CELL:+989120000602", "TEL;TYPE=CELL:+982100000602"]
        forwarded = await r.sent(
            "forward", person=r.sara.id, chat=r.sara.id, message=told["messages"][1], to=GROUP_ID
        )
        assert forwarded["contact"] == cards[1]
        for wrong in ([], [3], [-1], ["0"], 1):
            refused = await r.act("contact", **me, entries=wrong)
            assert refused.json() == {"error": "There is no such entry in the address book."}


async def test_people_shared() -> None:
    """Who is chosen for a button that asks for people is shared, as long as it asks."""
    async with page() as r:
        button = {"text": "Add", "request_users": {"request_id": 7}}
        asked = {"chat_id": r.sara.id, "text": "Who?", "reply_markup": {"keyboard": [[button]]}}
        me = {"person": r.sara.id, "chat": r.sara.id}
        await r.done("start", person=r.sara.id, payload="")
        METHODS["sendmessage"](r.stage.tg.world, Params(asked, {}))
        shared = await r.sent("users", **me, users=[r.omid.id])
        assert shared["users_shared"]["request_id"] == 7
        assert [one["user_id"] for one in shared["users_shared"]["users"]] == [r.omid.id]
        refused = await r.act("users", **me, users=[r.omid.id, r.sara.id])
        assert refused.json() == {"error": "1 to 1 people can be shared, not 2."}
        refused = await r.act("users", person=r.omid.id, chat=r.omid.id, users=[r.sara.id])
        assert refused.json() == {"error": "This button is not there any more."}


async def test_what_an_earlier_run_was_asked() -> None:
    """A deed that was meant for a server that is gone is refused: it may have been done there."""
    async with page() as r:
        me = {"person": r.sara.id, "chat": r.sara.id}
        assert (await r.act("send", **me, text="x", run=r.stage.run)).status_code == 200
        refused = await r.act("send", **me, text="/call", run="another")
        assert (refused.status_code, refused.json()) == (409, {"error": STARTED_ANEW})
        assert [message.text for message in r.stage.tg.messages(r.sara)] == ["x"]


async def test_voice_and_start() -> None:
    """A voice note is a real file, and a deep link starts the bot in the private chat."""
    async with page() as r:
        note = await r.sent("voice", person=r.sara.id, chat=GROUP_ID, thread=DRIVERS)
        sound = await r.client.get(f"/files/{note['voice']['file_id']}")
        assert sound.headers["content-type"] == "audio/ogg"
        assert sound.content.startswith(b"OggS")
        started = await r.sent("start", person=r.sara.id, payload="b12")
        assert (started.text, started.chat_id) == ("/start b12", r.sara.id)


async def upload(r: PageRig, content: Any, **asked: Any) -> httpx.Response:
    """Upload a file into the admin's private chat."""
    query = {"person": r.sara.id, "chat": r.sara.id, "name": "list.csv", **asked}
    return await r.client.post("/act/upload", params=query, content=content)


async def test_uploads() -> None:
    """A file arrives whole, under its name alone, with its caption; a picture as a photo too."""
    async with page() as r:
        await upload(r, b"0912", name="C:\\lists\\شب.csv", caption="tonight")
        document = r.stage.tg.last(r.sara)
        assert (document["document"]["file_name"], document["caption"]) == ("شب.csv", "tonight")
        assert r.stage.tg.file(document) == b"0912"
        await upload(r, picture(), **{"as": "photo", "reply_to": document.id})
        photo = r.stage.tg.last(r.sara)
        assert photo["photo"][-1]["width"] == 1
        assert photo["reply_to_message"]["message_id"] == document.id


@pytest.mark.parametrize(
    ("content", "asked", "words"),
    [
        (b"", {}, "This file is empty."),
        (b"GIF", {"as": "photo"}, "This cannot be sent as a photo; send it as a file."),
        (b"x", {"caption": "x" * 1025}, "This text is too long: 1024 characters at most."),
        (b"x", {"person": "Sara"}, "There is no such person."),
        (b"x", {"chat": ""}, "Sara has no such chat."),
        (b"x", {"reply_to": "1"}, "This message is not there any more."),
    ],
)
async def test_uploads_that_cannot_be(content: bytes, asked: dict[str, str], words: str) -> None:
    """What cannot be sent is refused with a sentence, and nothing is sent."""
    async with page() as r:
        answer = await upload(r, content, **asked)
        assert (answer.status_code, answer.json()) == (400, {"error": words})
        assert r.stage.tg.messages(r.sara) == []


async def test_the_limit_of_an_upload() -> None:
    """20 MB are taken, one byte more is refused with a sentence."""
    async with page() as r:
        assert (await upload(r, bytes(UPLOAD_LIMIT))).status_code == 200
        answer = await upload(r, bytes(UPLOAD_LIMIT + 1))
        assert (answer.status_code, answer.json()) == (413, {"error": TOO_BIG})
        assert len(r.stage.tg.messages(r.sara)) == 1


async def test_an_upload_that_breaks_off() -> None:
    """A file that did not come whole is not sent."""
    async with page() as r:
        _, writer = await asyncio.open_connection("127.0.0.1", r.client.base_url.port)
        host = r.client.base_url.netloc
        query = f"person={r.sara.id}&chat={r.sara.id}&name=x".encode()
        writer.write(
            b"POST /act/upload?" + query + b" HTTP/1.1\r\nhost: " + host
            + b"\r\ncontent-length: 99\r\n\r\nabc"
        )  # fmt: skip
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        await r.done("send", person=r.sara.id, chat=r.sara.id, text="after")
        assert [message.text for message in r.stage.tg.messages(r.sara)] == ["after"]


ME = {"person": 500001, "chat": 500001}
GONE = "This message is not there any more."
NO_CARD = "A contact card has a number and a name."
NO_LINK = "A deep link has up to 64 letters, digits, _ and - behind start=."
HOW_OFTEN = "times is a whole number from 1 to 1000."


@pytest.mark.parametrize(
    ("deed", "asked", "words"),
    [
        ("send", {**ME, "text": " \n"}, "There is nothing to send."),
        ("send", {**ME, "text": 5}, "text is a text."),
        ("send", {**ME}, "text is a text."),
        ("send", {**ME, "person": 5, "text": "x"}, "There is no such person."),
        ("send", {**ME, "person": [1], "text": "x"}, "There is no such person."),
        ("send", {**ME, "chat": 500002, "text": "x"}, "Sara has no such chat."),
        ("send", {**ME, "chat": None, "text": "x"}, "Sara has no such chat."),
        ("send", {**ME, "text": "x", "reply_to": 1}, "This message is not there any more."),
        ("send", {**ME, "text": "x", "thread": 2}, "There is no such topic."),
        ("send", {**ME, "chat": GROUP_ID, "text": "x", "thread": [2]}, "There is no such topic."),
        ("edit", {**ME, "message": 1, "text": "x"}, "This message is not there any more."),
        ("press", {**ME, "message": "1", "data": "a:1"}, GONE),
        ("forward", {**ME, "message": 1, "to": GROUP_ID}, "This message is not there any more."),
        ("contact", {**ME, "of": 5}, "There is no such person."),
        ("contact", {**ME, "phone_number": "", "first_name": "x"}, NO_CARD),
        ("users", {**ME, "users": 5}, "users is a list of people."),
        ("voice", {"person": 500003, "chat": 500001}, "Mina has no such chat."),
        ("start", {"person": 500001}, "payload is a text."),
        ("start", {"person": 500001, "payload": "a b"}, NO_LINK),
        ("start", {"person": 500001, "payload": "a" * 65}, NO_LINK),
        ("gateway", {"speed": 0}, "speed is a number from 0.1 to 1000."),
        ("gateway", {"speed": "fast"}, "speed is a number from 0.1 to 1000."),
        ("gateway", {"speed": True}, "speed is a number from 0.1 to 1000."),
        ("gateway", {"answer_rate": 101}, "answer_rate is null or a whole number from 0 to 100."),
        ("gateway", {"events": 1}, "events is true or false."),
        ("gateway", {"outage": None}, "outage is true or false."),
        ("gateway", {"fault": "hang"}, "fault is null or an object with a name."),
        ("gateway", {"fault": {}}, "A fault has a name."),
        ("gateway", {"fault": {"name": "hang", "times": 0}}, HOW_OFTEN),
    ],
)  # fmt: skip
async def test_what_cannot_be_done(deed: str, asked: dict[str, Any], words: str) -> None:
    """A deed that cannot be done is refused with a sentence, and changes nothing."""
    async with page() as r:
        before = r.stage.tg.world.journal.revision
        answer = await r.act(deed, **asked)
        assert (answer.status_code, answer.json()) == (400, {"error": words})
        assert r.stage.tg.world.journal.revision == before


async def test_an_edit_leaves_something() -> None:
    """A message cannot be emptied, and not grow beyond what Telegram takes."""
    async with page() as r:
        message = await r.sent("send", person=r.sara.id, chat=r.sara.id, text="x")
        at = {"person": r.sara.id, "chat": r.sara.id, "message": message.id}
        for text, words in (
            ("  ", "A message cannot become empty."),
            ("x" * 4097, "This text is too long: 4096 characters at most."),
        ):
            assert (await r.act("edit", **at, text=text)).json() == {"error": words}
        assert message.text == "x"


async def test_bodies_that_are_no_deeds() -> None:
    """An unknown deed, broken JSON, and JSON that is no object are refused."""
    async with page() as r:
        assert (await r.act("fly")).status_code == 404
        for body in (b"{", b"[]", b'"send"', b"\xff"):
            headers = {"content-type": "application/json; charset=utf-8"}
            answer = await r.client.post("/act/send", content=body, headers=headers)
            assert answer.status_code == 400
        assert (await r.client.get("/act/send")).status_code == 405


async def test_once_is_once() -> None:
    """The same deed under the same name is done once; each time the answer is the first one."""
    async with page() as r:
        asked = {"person": r.sara.id, "chat": r.sara.id, "text": "Hi", "once": "a"}
        answers = await asyncio.gather(*(r.act("send", **asked) for _ in range(5)))
        assert len({answer.text for answer in answers}) == 1
        assert len(r.stage.tg.messages(r.sara)) == 1
        await r.done("send", **asked | {"once": "b"})
        refused = [await r.act("send", **asked | {"text": "", "once": "c"}) for _ in range(2)]
        assert [answer.status_code for answer in refused] == [400, 400]
        for _ in range(2):
            assert (await upload(r, b"x", once="d")).status_code == 200
        assert len(r.stage.tg.messages(r.sara)) == 3


async def test_steering_the_gateway() -> None:
    """The panel's controls reach the gateway: all of what is asked for, or nothing."""
    async with page() as r:
        bitel = r.stage.bitel
        wrong = await r.act("gateway", speed=10, answer_rate=-1)
        assert (wrong.status_code, bitel.speed) == (400, 3)
        await r.done("gateway", speed=10, answer_rate=30, events=False)
        assert (bitel.speed, bitel.answer_rate, bitel.events_on) == (10, 30, False)
        await r.done("gateway", answer_rate=None, events=True)
        assert (bitel.answer_rate, bitel.events_on) == (None, True)


@pytest.mark.parametrize(
    ("fault", "post", "poll", "left"),
    [
        ({"name": "hang"}, "hang", None, 1),
        ({"name": "hang", "placed": False, "times": 3}, "hang", None, 3),
        ({"name": "cut", "always": True}, "cut", None, None),
        ({"name": "unauthorized"}, "raw", None, 1),
        ({"name": "refuse", "code": "InvalidServer"}, "refusal", None, 1),
        ({"name": "bad_gateway"}, "html", None, 1),
    ],
)
async def test_faults_of_the_panel(
    fault: dict[str, Any], post: str, poll: str | None, left: int | None
) -> None:
    """A fault of the panel takes the place of earlier ones, and is shown by the panel's name."""
    async with page() as r:
        plans = r.stage.bitel.plans
        await r.done("gateway", fault={"name": "garbage", "always": True})
        await r.done("gateway", fault=fault)
        met = plans["post"].draw()
        assert (met.name if met else None) == post
        asked = plans["poll"].draw()
        assert (asked.name if asked else None) == poll
        await r.done("gateway", fault=fault)
        shown = plans["post"].shown
        assert shown is not None
        assert (shown["name"], shown["left"]) == (fault["name"], left)
        await r.done("gateway", fault=None)
        assert (plans["post"].shown, plans["poll"].draw()) == (None, None)


@pytest.mark.parametrize(
    "fault", [{"name": "flood"}, {"name": "refuse"}, {"name": "hang", "x": 1}]
)
async def test_faults_that_there_are_not(fault: dict[str, Any]) -> None:
    """A fault that does not exist, or not like this, is refused with the reason."""
    async with page() as r:
        answer = await r.act("gateway", fault=fault)
        assert answer.status_code == 400
        assert answer.json()["error"].startswith("There is no such fault: ")
