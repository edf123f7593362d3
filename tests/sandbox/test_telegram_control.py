import asyncio
import signal
import sys

import httpx
import pytest

from sandbox.telegram import TelegramSandbox
from tests.sandbox.bot_api import bot_api

GO = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}


async def test_waiting_fails_with_a_picture_of_the_chats() -> None:
    """What does not come in time fails with chats, buttons, answers and refusals."""
    tg = TelegramSandbox()
    alice = tg.add_person(7, "Alice")
    group = tg.add_group(-1, "Team", members=[alice], bot_status="administrator")
    async with bot_api(tg) as api:
        await api.call("sendMessage", chat_id=7, text="board", reply_markup=GO)
        callback = tg.press(alice, tg.last(alice), "Go")
        await api.call("answerCallbackQuery", callback_query_id=callback, text="yes")
        await api.refusal("sendMessage", chat_id=99, text="x")
        tg.send_contact(alice, group, "+98", "Bob")
        with pytest.raises(AssertionError) as failed:
            await tg.next_message(alice, after=1, timeout=0)
    assert str(failed.value) == "\n".join(
        [
            "not within 0 s",
            "--- Alice (7)",
            "1 Callboard: board [['Go']]",
            "--- Team (-1)",
            "1 Alice: contact, from",
            f"answered {callback}: 'yes'",
            "refused sendMessage: 400 Bad Request: chat not found",
        ]
    )


async def test_waiting_for_edits_and_messages() -> None:
    """Waiting ends with the first edit or message that is newer than what is known."""
    tg = TelegramSandbox()
    alice = tg.add_person(7, "Alice")
    async with bot_api(tg) as api:
        coming = asyncio.create_task(tg.next_message(alice))
        command = tg.send(alice, alice, "/start")
        await api.call("sendMessage", chat_id=7, text="first")
        first = await coming
        assert first.id > command.id
        edit = asyncio.create_task(tg.next_edit(first))
        await api.call("editMessageText", chat_id=7, message_id=first.id, text="second")
        assert (await edit).text == "second"


def test_an_empty_chat_has_no_last_message() -> None:
    """Asking for the last message of an empty chat fails with the picture."""
    tg = TelegramSandbox()
    with pytest.raises(AssertionError, match="nothing in the chat"):
        tg.last(tg.add_person(7, "Alice"))


async def test_control_over_http() -> None:
    """People, groups, messages and presses can be made, and chats be read, over HTTP."""
    tg = TelegramSandbox()
    async with bot_api(tg) as api:
        control = api.http

        async def post(path: str, **body: object) -> dict[str, object]:
            response = await control.post(f"/control/{path}", json=body)
            assert response.status_code == 200, response.text
            result: dict[str, object] = response.json()
            return result

        await post("person", id=7, first_name="Alice", username="alice")
        await post("group", id=-1, title="Team", members=[7], topics={"5": "Calls"})
        assert (await post("send", person=7, text="/start"))["message_id"] == 1
        sent = await post("send", person=7, chat=-1, text="/call", thread=5)
        await post("send", person=7, chat=-1, text="/call", reply_to=sent["message_id"])
        await api.call(
            "sendMessage", chat_id=7, text="<b>x</b>", parse_mode="HTML", reply_markup=GO
        )
        pressed = await post("press", person=7, message=2, button="Go")
        forged = await post("press", person=7, message=2, data="forged")
        updates = await api.updates()
        assert [u["callback_query"]["id"] for u in updates[3:]] == [
            pressed["callback_id"],
            forged["callback_id"],
        ]
        await api.call("answerCallbackQuery", callback_query_id=pressed["callback_id"], text="y")

        (shown,) = (await control.get("/control/messages?chat=7&after=1")).json()
        assert shown["sandbox"] == {"html": "<b>x</b>", "markup": GO, "edits": 0}
        assert (await control.get("/control/messages?chat=99")).status_code == 404
        state = (await control.get("/control/state")).json()
        assert state["pending_updates"] == 5
        assert [chat["id"] for chat in state["chats"]] == [7, -1]
        assert state["answers"] == [
            {"id": pressed["callback_id"], "text": "y", "show_alert": False}
        ]


async def test_mistakes_over_http_are_told() -> None:
    """A request that makes no sense is answered 400 with the reason."""
    tg = TelegramSandbox()
    async with bot_api(tg) as api:
        for path in ("send", "press", "person"):
            response = await api.http.post(f"/control/{path}", json={"person": 99})
            assert response.status_code == 400
            assert response.json()["error"].startswith("KeyError")
        assert (await api.http.post("/control/send", content=b"{")).status_code == 400


async def test_absence_over_http() -> None:
    """Over HTTP, too, Telegram goes away and comes back."""
    tg = TelegramSandbox()
    async with bot_api(tg) as api:
        await api.http.post("/control/away", json={"how": "502"})
        assert await api.refusal("getMe") == "Bad Gateway"
        await api.http.post("/control/away", json={"how": None})
        await api.call("getMe")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_runs_as_a_program(number: signal.Signals) -> None:
    """`python -m sandbox.telegram` prints its address, serves, and ends well on a signal."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox.telegram", "--token", "5:x", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        assert (await client.get("/bot5:x/getMe")).json()["result"]["id"] == 5
    process.send_signal(number)
    assert await process.wait() == 0
