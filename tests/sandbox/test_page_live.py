"""The stream of changes: complete, in order, and nothing twice, however often it breaks off."""

import asyncio
import random
import time
from typing import Any

import httpx
import pytest

from sandbox.demo.cast import GROUP_ID, PAYMENT, SHIFT, build_stage
from sandbox.page import build_app, views
from sandbox.page.stage import Stage
from sandbox.serving import serve
from sandbox.telegram import Message
from tests.sandbox.bitel_rig import Clock, place
from tests.sandbox.page_rig import Known, PageRig, page


def known_of(stage: Stage) -> Known:
    """What a page knows that has just been loaded."""
    known = Known()
    known.take(views.patch(stage, None)[0])
    return known


def same(one: Known, other: Known) -> bool:
    """Whether two pages show the same."""
    return (one.rev, one.things, one.whole) == (other.rev, other.things, other.whole)


async def test_a_new_page_gets_everything() -> None:
    """The first patch tells who is there, what can be tried, and how the gateway stands."""
    async with page() as r:
        known = Known()
        await r.follow(known, lambda k: k.fresh)
        cast = known.whole["cast"]
        assert [(p["name"], p["role"]) for p in cast["people"]] == [
            ("Sara", "admin"),
            ("Omid", "member"),
            ("Mina", "stranger"),
        ]
        assert cast["voices"] == [{"id": v.id, "name": v.name} for v in (SHIFT, PAYMENT)]
        group = next(chat for chat in cast["chats"] if chat["id"] == GROUP_ID)
        assert (group["title"], group["type"]) == ("Night shift", "supergroup")
        assert group["members"] == [person["id"] for person in cast["people"]]
        assert set(group["topics"].values()) == {"Drivers", "Payments"}
        assert known.whole["gateway"] == {
            "speed": 3.0,
            "answer_rate": None,
            "fault": None,
            "events": {"available": False, "on": True},
            "outage": False,
            "totals": {"requests": 0, "calls": 0, "open": 0, "ended": {}, "cost": 0.0},
        }
        assert known.whole["bot"] == {"polling": False}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"run": "another", "after": "1"},
        {"after": "1"},
        {"run": "RUN"},
        {"run": "RUN", "after": "x"},
        {"run": "RUN", "after": "-1"},
        {"run": "RUN", "after": "999999"},
        {"run": "RUN", "after": "²"},
    ],
)
async def test_who_knows_nothing_of_this_run(query: dict[str, str]) -> None:
    """A page of another run, or one that names no revision of this one, gets everything."""
    async with page() as r:
        asked = {name: value.replace("RUN", r.stage.run) for name, value in query.items()}
        async with r.client.stream("GET", "/live", params=asked) as response:
            first = await anext(response.aiter_lines())
        assert first.startswith("id: ")
        async with r.client.stream("GET", "/live", params=asked) as response:
            async for line in response.aiter_lines():
                if line.startswith("data: "):
                    assert '"fresh": true' in line
                    break


async def test_a_browser_that_comes_back_by_itself() -> None:
    """The id of the last event counts in the header as it does in the address."""
    async with page() as r:
        stage = r.stage
        after = stage.tg.world.journal.revision
        message = stage.tg.send(r.sara, r.sara, "Hi")
        headers = {"last-event-id": str(after)}
        async with r.client.stream(
            "GET", "/live", params={"run": stage.run, "after": "0"}, headers=headers
        ) as response:
            async for line in response.aiter_lines():
                if line.startswith("data: "):
                    assert '"messages"' in line
                    assert '"fresh"' not in line
                    assert f'"message_id": {message.id}' in line
                    break


async def test_everything_that_changes_is_told() -> None:
    """Messages, edits, deletions, answers, typing, menus, pins, calls, requests and controls."""
    stage = build_stage()
    async with page(stage) as r, stage.tg.serve() as url:
        client = httpx.AsyncClient(base_url=f"{url}/bot{stage.tg.token}", trust_env=False)
        known = Known()
        await r.follow(known, lambda k: k.fresh)
        sent = await r.sent("send", person=r.sara.id, chat=r.sara.id, text="/call")
        async with client:

            async def bot(method: str, **asked: Any) -> Any:
                answer = (await client.post(f"/{method}", json=asked)).json()
                assert answer["ok"], answer
                return answer["result"]

            keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go:1"}]]}
            board = await bot("sendMessage", chat_id=r.sara.id, text="Go?", reply_markup=keyboard)
            gone = await bot("sendMessage", chat_id=r.sara.id, text="…", disable_notification=True)
            await bot("deleteMessage", chat_id=r.sara.id, message_id=gone["message_id"])
            await bot("sendChatAction", chat_id=r.sara.id, action="typing")
            await bot("pinChatMessage", chat_id=r.sara.id, message_id=board["message_id"])
            await bot(
                "setMyCommands",
                commands=[{"command": "call", "description": "Call numbers"}],
            )
            said = await r.done(
                "press",
                person=r.sara.id,
                chat=r.sara.id,
                message=board["message_id"],
                data="go:1",
            )
            await bot(
                "answerCallbackQuery",
                callback_query_id=said["callback_id"],
                text="Gone",
                show_alert=True,
            )
            await bot(
                "editMessageText", chat_id=r.sara.id, message_id=board["message_id"], text="Went."
            )
        (call,) = place(stage.bitel, "09120000000")
        await r.done("gateway", speed=5)
        await r.follow(known, lambda k: k.rev == stage.tg.world.journal.revision)
        chat = r.sara.id
        assert known.things["messages", chat, sent.id]["message"]["text"] == "/call"
        edited = known.things["messages", chat, board["message_id"]]
        assert (edited["message"]["text"], edited["markup"]) == ("Went.", None)
        deleted = known.things["messages", chat, gone["message_id"]]
        assert (deleted["deleted"], deleted["silent"]) == (True, True)
        (answer,) = known.all("answers")
        told = (answer["id"], answer["text"], answer["show_alert"], answer["url"])
        assert told == (said["callback_id"], "Gone", True, "")
        (typing,) = known.all("typing")
        assert (typing["chat"], typing["action"]) == (chat, "typing")
        assert time.time() - 5 < typing["until"] < time.time() + 5
        assert known.whole["pins"] == {str(chat): [board["message_id"]]}
        menu = known.whole["menus"][str(chat)][str(chat)]
        assert [command["command"] for command in menu] == ["call"]
        (phone,) = known.all("calls")
        assert phone == {
            "rev": phone["rev"],
            "id": call.id,
            "number": "09120000000",
            "request": 1,
            "phase": "queued",
            "outcome": None,
            "sec": 0,
            "cost": 0.0,
            "at": call.requested,
            "tries": 0,
        }
        (request,) = known.all("requests")
        assert (request["n"], request["kind"], request["numbers"]) == (1, "post", 1)
        assert known.whole["gateway"]["speed"] == 5
        assert same(known, known_of(stage))


async def test_typing_ends_with_the_answer() -> None:
    """What the bot was seen doing in a chat is over when its message is there."""
    async with page() as r:
        world = r.stage.tg.world
        world.journal.touch("typing", r.sara.id)
        told = views.patch(r.stage, 0)[0]["typing"]
        assert [(one["chat"], one["action"], one["until"]) for one in told] == [
            (r.sara.id, None, 0.0)
        ]


class Life:
    """Random changes on a stage, of everything that can change."""

    def __init__(self, r: PageRig, seed: int) -> None:
        self.stage = r.stage
        self.people = [role.person for role in r.stage.cast.roles]
        self.random = random.Random(seed)
        self.sent: list[Message] = []

    def step(self) -> None:
        """Change something."""
        tg, bitel = self.stage.tg, self.stage.bitel
        person = self.random.choice(self.people)
        match self.random.randrange(6):
            case 0 | 1:
                chat = self.random.choice([tg.chat(person), tg.chat(GROUP_ID)])
                self.sent.append(tg.send(person, chat, f"text {self.random.random()}"))
            case 2 if self.sent:
                message = self.random.choice(self.sent)
                author = tg.world.people[message["from"]["id"]]
                tg.edit(author, message, f"edited {self.random.random()}")
            case 3:
                place(bitel, *(f"0912{self.random.randrange(10**7):07}" for _ in range(3)))
            case 4 if bitel.calls:
                call = self.random.choice(list(bitel.calls))
                bitel.set_status(call, self.random.choice(["NORMAL", "ERROR"]), bill_sec=3)
            case _:
                bitel.speed = self.random.choice([1.0, 2.0, 3.0])


@pytest.mark.parametrize("seed", range(6))
async def test_nothing_is_lost_or_doubled(seed: int) -> None:
    """A page that is cut off at random places shows in the end what one shows that never was.

    No change comes to it twice.
    """
    async with page() as r:
        r.stage.bitel.clock = Clock(time.time())  # no call moves on by itself
        life = Life(r, seed)
        cut, whole = Known(), Known()
        journal = r.stage.tg.world.journal
        finished = asyncio.Event()
        whole_stream = asyncio.create_task(
            r.follow(whole, lambda k: k.rev == journal.revision and finished.is_set())
        )
        for _ in range(25):
            for _ in range(life.random.randrange(1, 6)):
                life.step()
            patches = life.random.randrange(1, 3)
            taken = 0

            def enough(_: Known) -> bool:
                nonlocal taken
                taken += 1
                life.step()
                return taken >= patches  # noqa: B023 -- it is used before the next round

            await r.follow(cut, enough)
        finished.set()
        life.step()
        await whole_stream
        await r.follow(cut, lambda k: k.rev == journal.revision)
        assert same(cut, whole)
        assert same(cut, known_of(r.stage))
        assert (cut.fresh, whole.fresh) == (1, 1)
        assert len(cut.revisions) == len(set(cut.revisions))


async def test_a_burst_is_one_patch() -> None:
    """Many changes at once arrive together, each thing once."""
    async with page() as r, r.live() as patches:
        await anext(patches)
        for n in range(200):
            message = r.stage.tg.send(r.sara, r.sara, f"{n}")
            r.stage.tg.edit(r.sara, message, f"{n}!")
        patch = await anext(patches)
        assert len(patch["messages"]) == 200
        assert patch["messages"][-1]["message"]["text"] == "199!"


async def test_only_what_changed_is_told() -> None:
    """With 500 messages and 1,000 calls there, one more message is a small patch."""
    async with page() as r:
        for n in range(500):
            r.stage.tg.send(r.sara, r.sara, f"message {n}")
        for start in range(10):
            place(r.stage.bitel, *(f"0912{start:03}{n:04}" for n in range(100)))
        known = Known()
        await r.follow(known, lambda k: k.fresh)
        mine = [told for told in known.all("messages") if told["chat"] == r.sara.id]
        assert (len(mine), len(known.all("calls"))) == (500, 1000)
        async with r.live(known) as patches:
            r.stage.tg.send(r.sara, r.sara, "one more")
            patch = await anext(patches)
        assert patch.keys() == {"run", "rev", "messages"}
        assert len(patch["messages"]) == 1


async def test_forgotten_things_are_left_out() -> None:
    """What is gone from the gateway is not told; a chat that is added is."""
    async with page() as r:
        known = Known()
        await r.follow(known, lambda k: k.fresh)
        (call,) = place(r.stage.bitel, "09120000000")
        r.stage.bitel.forget(call.id)
        r.stage.bitel.ledger.clear()
        r.stage.tg.add_group(-5, "More", members=[r.sara])
        await r.follow(known, lambda k: "More" in str(k.whole["cast"]))
        assert (known.all("calls"), known.all("requests")) == ([], [])
        assert known.fresh == 1


async def test_the_bot_comes_and_goes() -> None:
    """The page is told when the bot begins to ask for updates, and when it has ended to."""
    stage = build_stage()
    stage.polls_within = 0.05
    watching = asyncio.create_task(stage.watch_bot())
    async with page(stage) as r, stage.tg.serve() as url:
        known = Known()
        async with httpx.AsyncClient(trust_env=False) as bot:
            asking = asyncio.create_task(
                bot.post(f"{url}/bot{stage.tg.token}/getUpdates", json={"timeout": 20})
            )
            await r.follow(known, lambda k: k.whole["bot"]["polling"])
            stage.tg.send(r.sara, r.sara, "enough")
            await asking
        await r.follow(known, lambda k: not k.whole["bot"]["polling"])
    watching.cancel()


async def test_a_quiet_stream_is_kept_alive() -> None:
    """While nothing happens, a comment tells that the connection stands."""
    async with page(alive_every=0.01) as r, r.client.stream("GET", "/live") as response:
        async for line in response.aiter_lines():
            if line == ": alive":
                break


async def test_the_stream_ends_with_the_server() -> None:
    """A server that stops does not wait for those who read."""
    stage = build_stage()
    async with httpx.AsyncClient(trust_env=False) as client:
        async with asyncio.timeout(5), serve(build_app(stage), grace=3600) as url:
            reading = client.stream("GET", f"{url}/live")
            response = await reading.__aenter__()
            lines = response.aiter_lines()
            await anext(lines)
        with pytest.raises(httpx.RemoteProtocolError):
            async for _ in lines:
                pass
        await reading.__aexit__(None, None, None)
