import asyncio

import httpx
import pytest

from sandbox.telegram import Cut, Delayed, Refused, TelegramSandbox, flooded
from tests.sandbox.bot_api import Clock, bot_api


def alone(clock: Clock | None = None, *, flood_limits: bool = False) -> TelegramSandbox:
    """Return a simulation with Alice and a group."""
    tg = TelegramSandbox(clock=clock or Clock(), flood_limits=flood_limits)
    alice = tg.add_person(7, "Alice")
    tg.add_group(-1, "Team", members=[alice])
    return tg


async def test_refusals_on_demand() -> None:
    """A planned refusal hits the named method as often as planned, and nothing is stored."""
    tg = alone()
    async with bot_api(tg) as api:
        tg.fail("sendMessage", flooded(3), times=2)
        for _ in range(2):
            response = await api.post("sendMessage", chat_id=7, text="x")
            assert response.status_code == 429
            assert response.json() == {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests: retry after 3",
                "parameters": {"retry_after": 3},
            }
        await api.call("sendMessage", chat_id=7, text="y")
        assert [message.text for message in tg.messages(7)] == ["y"]
        assert [call.error for call in tg.calls_of("sendmessage")] == [
            "429 Too Many Requests: retry after 3",
            "429 Too Many Requests: retry after 3",
            None,
        ]


async def test_refusals_are_picked_by_method_and_parameters() -> None:
    """A fault can be for any method, for some parameters, and last until it is healed."""
    tg = alone()
    async with bot_api(tg) as api:
        tg.fail("getMe", Refused(403, "Forbidden: x"))
        tg.fail("*", Refused(502), when=lambda params: params.get("chat_id") == -1, times=None)
        await api.call("sendMessage", chat_id=7, text="x")
        for _ in range(2):
            assert await api.refusal("sendMessage", chat_id=-1, text="x") == "Bad Gateway"
        assert await api.refusal("getMe") == "Forbidden: x"
        tg.heal()
        await api.call("sendMessage", chat_id=-1, text="x")


async def test_a_message_may_arrive_without_an_answer() -> None:
    """A cut connection leaves the message delivered, or not."""
    tg = alone()
    async with bot_api(tg) as api:
        tg.fail("sendMessage", Cut())
        tg.fail("sendMessage", Cut(delivered=False))
        for text in ("arrived", "lost"):
            with pytest.raises(httpx.RemoteProtocolError):
                await api.post("sendMessage", chat_id=7, text=text)
        assert [message.text for message in tg.messages(7)] == ["arrived"]


async def test_answers_can_be_late() -> None:
    """A delayed request, or one that is held, is carried out in the end."""
    tg = alone()
    async with bot_api(tg) as api:
        tg.fail("sendMessage", Delayed(0.01))
        await api.call("sendMessage", chat_id=7, text="delayed")
        gate = tg.hold("sendMessage")
        held = asyncio.create_task(api.call("sendMessage", chat_id=7, text="held"))
        await tg.wait_for(lambda: len(tg.calls) == 2)
        assert [message.text for message in tg.messages(7)] == ["delayed"]
        gate.set()
        assert (await held)["text"] == "held"


async def test_telegram_can_be_away() -> None:
    """While Telegram is away everything is cut or answered 502, polls under way as well."""
    tg = alone()
    alice = tg.world.people[7]
    async with bot_api(tg) as api:
        poll = asyncio.create_task(api.post("getUpdates", timeout=30))
        await tg.wait_for(lambda: tg.calls)
        tg.go_away()
        with pytest.raises(httpx.RemoteProtocolError):
            await poll
        with pytest.raises(httpx.RemoteProtocolError):
            await api.post("sendMessage", chat_id=7, text="x")
        tg.go_away("502")
        assert await api.refusal("sendMessage", chat_id=7, text="x") == "Bad Gateway"
        assert (await api.http.get(f"/file/bot{tg.token}/x")).status_code == 502
        tg.send(alice, alice, "meanwhile")
        tg.heal()
        assert (await api.updates())[0]["message"]["text"] == "meanwhile"
        assert tg.messages(7) == [tg.last(7)]
        with pytest.raises(ValueError, match="closed or 502"):
            tg.go_away("ill")


async def test_flood_limits_of_a_group() -> None:
    """A group takes a message a second and 20 a minute, edits included."""
    clock = Clock()
    tg = alone(clock, flood_limits=True)
    async with bot_api(tg) as api:
        await api.call("sendMessage", chat_id=-1, text="x")
        edit = {"chat_id": -1, "message_id": 1}
        assert await api.refusal("editMessageText", **edit, text="y") == (
            "Too Many Requests: retry after 1"
        )
        for number in range(19):
            clock.now += 2
            await api.call("editMessageText", **edit, text=str(number))
        clock.now += 2
        assert await api.refusal("sendMessage", chat_id=-1, text="x") == (
            "Too Many Requests: retry after 20"
        )
        clock.now += 20
        await api.call("sendMessage", chat_id=-1, text="x")
        tg.calm(-1)
        await api.call("sendMessage", chat_id=-1, text="x")


async def test_flood_limits_of_a_private_chat() -> None:
    """A private chat takes a short burst, then one a second; presses are answered always."""
    clock = Clock()
    tg = alone(clock, flood_limits=True)
    async with bot_api(tg) as api:
        for _ in range(5):
            await api.call("sendMessage", chat_id=7, text="x")
        edit = {"chat_id": 7, "message_id": 1}
        refused = "Too Many Requests: retry after 1"
        assert await api.refusal("editMessageText", **edit, text="y") == refused
        clock.now += 1
        await api.call("editMessageText", **edit, text="y")
        assert await api.refusal("sendMessage", chat_id=7, text="x") == refused
        clock.now += 2.5
        for _ in range(2):
            await api.call("sendMessage", chat_id=7, text="x")
        assert await api.refusal("sendMessage", chat_id=7, text="x") == refused
        for _ in range(10):
            pressed = tg.press_data(tg.world.people[7], tg.last(7), "x")
            await api.call("answerCallbackQuery", callback_query_id=pressed)
        clock.now += 100
        for _ in range(5):
            await api.call("sendMessage", chat_id=7, text="x")
        assert await api.refusal("sendMessage", chat_id=7, text="x") == refused


async def test_without_flood_limits_nothing_is_paced() -> None:
    """By default messages are taken as fast as they come."""
    tg = alone()
    async with bot_api(tg) as api:
        for _ in range(25):
            await api.call("sendMessage", chat_id=-1, text="x")
        assert len(tg.sent(-1)) == 25
