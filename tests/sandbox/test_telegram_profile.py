from typing import Any

import pytest

from sandbox.telegram import Chat, Person, TelegramSandbox
from tests.sandbox.bot_api import BotApi, Clock, bot_api

GROUP = -1


def peopled() -> tuple[TelegramSandbox, Person, Person, Chat]:
    """Return a simulation with Alice, who owns the group, and Bob, whose language is Persian."""
    tg = TelegramSandbox(clock=Clock())
    alice, bob = tg.add_person(7, "Alice"), tg.add_person(8, "Bob", language_code="fa")
    return tg, alice, bob, tg.add_group(GROUP, "Team", members=[alice, bob])


async def put(api: BotApi, name: str, *, language: str = "", **scope: Any) -> None:
    """Set a list of one command for a scope."""
    command = {"command": name, "description": "x"}
    await api.call("setMyCommands", commands=[command], scope=scope, language_code=language)


def shown(tg: TelegramSandbox, person: Person, chat: Person | Chat) -> list[str]:
    """Return the names of the commands that a person is shown."""
    return [one["command"] for one in tg.menu(person, chat)]


async def test_the_narrowest_list_is_shown_in_a_private_chat() -> None:
    """A list for the chat goes before one for all private chats, and that before the default."""
    tg, alice, bob, _ = peopled()
    async with bot_api(tg) as api:
        assert shown(tg, alice, alice) == []
        await put(api, "default", type="default")
        await put(api, "persian", type="default", language="fa")
        assert (shown(tg, alice, alice), shown(tg, bob, bob)) == (["default"], ["persian"])
        await put(api, "private", type="all_private_chats")
        await put(api, "groups", type="all_group_chats")
        assert (shown(tg, alice, alice), shown(tg, bob, bob)) == (["private"], ["private"])
        await put(api, "own", type="chat", chat_id=7)
        assert (shown(tg, alice, alice), shown(tg, bob, bob)) == (["own"], ["private"])
        await api.call("deleteMyCommands", scope={"type": "chat", "chat_id": 7})
        assert shown(tg, alice, alice) == ["private"]


async def test_the_narrowest_list_is_shown_in_a_group() -> None:
    """A member's own list goes first; lists for administrators are for them alone."""
    tg, alice, bob, group = peopled()
    steps = (
        ({"type": "default"}, ["default"], ["default"]),
        ({"type": "all_private_chats"}, ["default"], ["default"]),
        ({"type": "all_group_chats"}, ["all_group_chats"], ["all_group_chats"]),
        ({"type": "all_chat_administrators"}, ["all_chat_administrators"], ["all_group_chats"]),
        ({"type": "chat", "chat_id": GROUP}, ["chat"], ["chat"]),
        ({"type": "chat_administrators", "chat_id": GROUP}, ["chat_administrators"], ["chat"]),
        (
            {"type": "chat_member", "chat_id": GROUP, "user_id": 8},
            ["chat_administrators"],
            ["chat_member"],
        ),
    )
    async with bot_api(tg) as api:
        for scope, to_alice, to_bob in steps:
            await put(api, scope["type"], **scope)  # type: ignore[arg-type]  # names vary by scope
            assert (shown(tg, alice, group), shown(tg, bob, group)) == (to_alice, to_bob), scope
    assert tg.world.breaches == []


async def test_names_and_descriptions() -> None:
    """Each has a text for a language and a fallback; too long ones are refused."""
    tg, *_ = peopled()
    async with bot_api(tg) as api:
        for field, method in (
            ("description", "MyDescription"),
            ("short_description", "MyShortDescription"),
        ):
            assert await api.call(f"get{method}") == {field: ""}
            await api.call(f"set{method}", **{field: "text"})
            await api.call(f"set{method}", **{field: "متن"}, language_code="fa")
            assert await api.call(f"get{method}", language_code="fa") == {field: "متن"}
            assert await api.call(f"get{method}", language_code="de") == {field: "text"}
            await api.call(f"set{method}", **{field: ""}, language_code="fa")
            assert await api.call(f"get{method}", language_code="fa") == {field: "text"}
            long = await api.refusal(f"set{method}", **{field: "x" * 513})
            assert long.endswith("is too long")
        assert await api.call("getMyName") == {"name": "Callboard"}
        await api.call("setMyName", name="Board")
        assert (await api.call("getMe"))["first_name"] == "Board"
        assert await api.refusal("setMyName") == "Bad Request: the bot's name must be non-empty"
    assert tg.world.breaches == []


async def test_the_menu_button() -> None:
    """A private chat may have its own; others have the default."""
    tg, *_ = peopled()
    async with bot_api(tg) as api:
        assert await api.call("getChatMenuButton") == {"type": "commands"}
        assert await api.call("getChatMenuButton", chat_id=7) == {"type": "default"}
        await api.call("setChatMenuButton", chat_id=7, menu_button={"type": "commands"})
        assert await api.call("getChatMenuButton", chat_id=7) == {"type": "commands"}
        await api.call("setChatMenuButton", chat_id=7)
        assert await api.call("getChatMenuButton", chat_id=7) == {"type": "default"}
        for params, why in (
            ({"menu_button": {"type": "x"}}, "MenuButton has unsupported type"),
            ({"menu_button": [1]}, "MenuButton must be an Object"),
        ):
            refusal = await api.refusal("setChatMenuButton", **params)
            assert refusal == f"Bad Request: can't parse menu button: {why}"
        assert await api.refusal("setChatMenuButton", chat_id=GROUP) == (
            "Bad Request: chat not found"
        )
        assert await api.call("logOut")


@pytest.mark.parametrize("url", ["https://t.me/callboard_bot?start=x", ""])
async def test_a_press_may_open_the_bot_itself(url: str) -> None:
    """The answer to a press may link to the bot; other addresses are refused."""
    tg, alice, _, _ = peopled()
    async with bot_api(tg) as api:
        await api.call("sendMessage", chat_id=7, text="x")
        pressed = tg.press_data(alice, tg.last(7), "x")
        answer = {"callback_query_id": pressed}
        assert await api.refusal("answerCallbackQuery", **answer, url="https://x.org") == (
            "Bad Request: URL_INVALID"
        )
        await api.call("answerCallbackQuery", **answer, url=url)
        assert tg.answers[0].url == url


async def test_a_chat_action_lasts_until_a_message_comes() -> None:
    """An action is shown for five seconds, and ends with the bot's next message."""
    tg, _, _, group = peopled()
    async with bot_api(tg) as api:
        await api.call("sendChatAction", chat_id=GROUP, action="typing")
        assert group.busy == ("typing", tg.world.clock() + 5)
        await api.call("sendMessage", chat_id=GROUP, text="x")
        assert group.busy is None
