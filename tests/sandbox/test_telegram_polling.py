import asyncio
import logging

import httpx
import pytest

from sandbox.telegram import TelegramSandbox
from tests.sandbox.bot_api import Clock, bot_api


async def test_an_update_stays_until_a_higher_offset_confirms_it() -> None:
    """A poll repeats what no higher offset has confirmed."""
    tg = TelegramSandbox()
    alice = tg.add_person(7, "Alice")
    async with bot_api(tg) as api:
        for text in ("a", "b", "c"):
            tg.send(alice, alice, text)
        first = await api.updates()
        assert [update["message"]["text"] for update in first] == ["a", "b", "c"]
        assert await api.updates(offset=first[0]["update_id"]) == first
        assert await api.updates(offset=first[1]["update_id"]) == first[1:]
        assert await api.updates() == first[1:]
        assert await api.updates(limit=1) == first[1:2]
        assert await api.updates(offset=first[2]["update_id"] + 1) == []


async def test_a_negative_offset_forgets_all_but_the_last() -> None:
    """A negative offset counts from the end, and confirms what is before."""
    tg = TelegramSandbox()
    alice = tg.add_person(7, "Alice")
    async with bot_api(tg) as api:
        assert await api.updates(offset=-1) == []
        for text in ("a", "b", "c"):
            tg.send(alice, alice, text)
        assert len(await api.updates(offset=-5)) == 3
        assert [u["message"]["text"] for u in await api.updates(offset=-1)] == ["c"]
        assert len(await api.updates()) == 1


async def test_a_poll_waits_for_the_next_update() -> None:
    """A long poll is answered by the update that comes while it waits."""
    tg = TelegramSandbox()
    alice = tg.add_person(7, "Alice")
    async with bot_api(tg) as api:
        poll = asyncio.create_task(api.updates(timeout=30))
        await tg.wait_for(lambda: tg.calls)
        tg.send(alice, alice, "late")
        assert (await poll)[0]["message"]["text"] == "late"


async def test_a_second_poll_ends_the_first() -> None:
    """Two pollers: the first is answered 409, the second goes on."""
    tg = TelegramSandbox()
    alice = tg.add_person(7, "Alice")
    async with bot_api(tg) as api:
        first = asyncio.create_task(api.refusal("getUpdates", timeout=30))
        await tg.wait_for(lambda: tg.calls)
        second = asyncio.create_task(api.updates(timeout=30))
        assert await first == (
            "Conflict: terminated by other getUpdates request; "
            "make sure that only one bot instance is running"
        )
        tg.send(alice, alice, "x")
        assert len(await second) == 1


async def test_at_most_a_hundred_at_once() -> None:
    """Of 300 updates a request gets the first 100."""
    tg = TelegramSandbox()
    alice = tg.add_person(7, "Alice")
    async with bot_api(tg) as api:
        for number in range(300):
            tg.send(alice, alice, f"/call {number}")
        updates = await api.updates(limit=1000)
        assert [u["message"]["message_id"] for u in updates] == list(range(1, 101))
        assert (await api.call("getWebhookInfo"))["pending_update_count"] == 300


async def test_updates_are_kept_for_a_day() -> None:
    """What nobody fetched within 24 hours is gone."""
    clock = Clock()
    tg = TelegramSandbox(clock=clock)
    alice = tg.add_person(7, "Alice")
    async with bot_api(tg) as api:
        tg.send(alice, alice, "old")
        clock.now += 24 * 3600 - 1
        tg.send(alice, alice, "new")
        clock.now += 2
        assert [u["message"]["text"] for u in await api.updates()] == ["new"]


async def test_an_update_can_come_twice() -> None:
    """A confirmed update can be handed out again, with its id."""
    tg = TelegramSandbox()
    alice = tg.add_person(7, "Alice")
    async with bot_api(tg) as api:
        tg.send(alice, alice, "once")
        (update,) = await api.updates()
        assert await api.updates(offset=update["update_id"] + 1) == []
        assert tg.repeat_last_update() == update["update_id"]
        assert await api.updates(offset=update["update_id"] + 1) == [update]
        assert await api.updates(offset=update["update_id"] + 1) == []
        with pytest.raises(LookupError):
            tg.redeliver(1)


async def test_only_wanted_kinds_come() -> None:
    """`allowed_updates` holds for later updates until it is changed."""
    tg = TelegramSandbox()
    alice = tg.add_person(7, "Alice")
    async with bot_api(tg) as api:
        assert await api.updates(allowed_updates=["inline_query"]) == []
        tg.send(alice, alice, "x")
        tg.push("inline_query", {"id": "1"})
        assert [sorted(u) for u in await api.updates()] == [["inline_query", "update_id"]]
        assert len(await api.updates(allowed_updates=[])) == 1
        assert tg.push("chat_member", {}) == 0
        tg.send(alice, alice, "y")
        assert len(await api.updates()) == 2


async def test_a_webhook_and_polling_exclude_each_other() -> None:
    """Polling is refused while a webhook is set; deleting it can drop what waits."""
    tg = TelegramSandbox()
    alice = tg.add_person(7, "Alice")
    async with bot_api(tg) as api:
        tg.send(alice, alice, "x")
        await api.call("setWebhook", url="https://x.org")
        assert (await api.call("getWebhookInfo"))["url"] == "https://x.org"
        assert (await api.refusal("getUpdates")).startswith("Conflict: can't use getUpdates")
        await api.call("deleteWebhook")
        assert len(await api.updates()) == 1
        await api.call("deleteWebhook", drop_pending_updates=True)
        assert await api.updates() == []
        tg.send(alice, alice, "y")
        await api.call("setWebhook", url="", drop_pending_updates=True)
        assert await api.updates() == []


async def test_a_wrong_token_is_unauthorized() -> None:
    """Another token is answered 401, for methods and for files."""
    tg = TelegramSandbox()
    async with bot_api(tg) as api:
        api.token = "1:wrong"
        response = await api.post("getMe")
        assert (response.status_code, response.json()) == (
            401,
            {"ok": False, "error_code": 401, "description": "Unauthorized"},
        )
        assert (await api.http.get("/file/bot1:wrong/documents/x")).status_code == 401
        assert tg.calls == []


async def test_an_unknown_method_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A method that the sandbox lacks is answered 404 and named in the log, without the token."""
    tg = TelegramSandbox()
    async with bot_api(tg) as api:
        with caplog.at_level(logging.WARNING, logger="sandbox.telegram"):
            assert await api.refusal("sendDice", chat_id=1) == "Not Found"
    assert "unknown method sendDice" in caplog.text
    assert tg.token not in caplog.text


async def test_parameters_come_in_every_way() -> None:
    """Query string, JSON, urlencoded and multipart mean the same, method names in any case."""
    tg = TelegramSandbox()
    alice = tg.add_person(7, "Alice")
    async with bot_api(tg) as api:
        path = f"/bot{tg.token}/sendmessage"
        await api.http.get(path, params={"chat_id": 7, "text": "a"})
        await api.http.post(path, json={"chat_id": 7, "text": "b"})
        await api.http.post(path, data={"chat_id": "7", "text": "c"})
        await api.http.post(path, data={"chat_id": "7", "text": "d"}, files={"x": b"y"})
        assert [message.text for message in tg.messages(alice)] == ["a", "b", "c", "d"]
        assert [call.params["chat_id"] for call in tg.calls] == [7, 7, 7, 7]


async def test_parameters_of_the_wrong_type_count_as_missing_and_are_noted() -> None:
    """A number or a list that can't be read is ignored, as at Telegram, and is a breach."""
    tg = TelegramSandbox()
    async with bot_api(tg) as api:
        for wrong in ({"limit": "many"}, {"allowed_updates": "["}, {"allowed_updates": "{}"}):
            assert await api.updates(**wrong) == []
    assert tg.world.breaches == [
        "getUpdates limit: Integer expected, str 'many' found",
        "getUpdates allowed_updates: Array of String expected, str '[' found",
        "getUpdates allowed_updates: Array of String expected, dict '{}' found",
    ]


async def test_a_multipart_body_needs_its_boundary() -> None:
    """A multipart body without boundary is a bad request."""
    tg = TelegramSandbox()
    async with bot_api(tg) as api:
        response = await api.http.post(
            f"/bot{tg.token}/getMe",
            content=b"x",
            headers={"content-type": "multipart/form-data"},
        )
        assert response.json()["description"] == "Bad Request: can't find boundary"


async def test_the_end_of_the_server_ends_a_poll() -> None:
    """A long poll under way does not keep the server, and its updates stay."""
    tg = TelegramSandbox()
    alice = tg.add_person(7, "Alice")
    async with httpx.AsyncClient(trust_env=False) as client:
        async with tg.serve() as url:
            address = f"{url}/bot{tg.token}/getUpdates?timeout=50"
            poll = asyncio.create_task(client.get(address))
            await tg.wait_for(lambda: tg.calls)
        assert (await poll).status_code == 503
    tg.send(alice, alice, "x")
    async with bot_api(tg) as api:
        assert len(await api.updates()) == 1


async def test_ids_can_begin_where_another_run_cannot_have_been() -> None:
    """Ids of updates, messages and presses begin after `ids_after`, as nothing may come twice."""
    first, later = TelegramSandbox(), TelegramSandbox(ids_after=500)
    seen = []
    for tg in (first, later):
        person = tg.add_person(500001, "Sara")
        message = tg.send(person, person, "hello")
        seen.append((tg.world.updates.last_id, message.id))
    assert (seen[1][0] - seen[0][0], seen[1][1] - seen[0][1]) == (500, 500)
