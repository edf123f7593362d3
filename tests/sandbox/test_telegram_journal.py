from sandbox.telegram import TelegramSandbox
from sandbox.telegram.journal import Journal
from tests.sandbox.bot_api import bot_api


def test_a_thing_stands_once_with_its_latest_change() -> None:
    """What changed after a revision comes oldest first, each key once; each change is told."""
    rings: list[int] = []
    journal = Journal(lambda: rings.append(1))
    assert (journal.revision, journal.since(0)) == (0, [])
    assert [journal.touch("message", 7, n) for n in (1, 2, 1)] == [1, 2, 3]
    assert journal.since(0) == [(("message", 7, 2), 2), (("message", 7, 1), 3)]
    assert journal.since(2) == [(("message", 7, 1), 3)]
    assert (journal.since(3), journal.since(99), journal.revision) == ([], [], 3)
    assert len(rings) == 3


async def test_all_that_a_page_shows_is_in_the_journal() -> None:
    """Sent, edited and deleted messages, answers, actions, pins, menus and chats leave a trace."""
    tg = TelegramSandbox()
    journal = tg.world.journal
    alice = tg.add_person(7, "Alice")
    go = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}

    def changed(after: int) -> list[tuple[str | int, ...]]:
        return [key for key, _ in journal.since(after)]

    async with bot_api(tg) as api:
        assert changed(0) == [("chats",)]
        seen = journal.revision
        tg.send(alice, alice, "hello")
        await api.call("sendMessage", chat_id=7, text="x", reply_markup=go)
        assert changed(seen) == [("message", 7, 1), ("message", 7, 2)]
        for method, params, key in (
            ("editMessageText", {"message_id": 2, "text": "y", "reply_markup": go}, "message"),
            ("sendChatAction", {"action": "typing"}, "typing"),
            ("pinChatMessage", {"message_id": 2}, "pins"),
            ("unpinChatMessage", {"message_id": 2}, "pins"),
            ("deleteMessage", {"message_id": 2}, "message"),
        ):
            seen = journal.revision
            await api.call(method, chat_id=7, **params)
            assert key in [first for first, *_ in changed(seen)]
        seen = journal.revision
        await api.call("setMyCommands", commands=[{"command": "a", "description": "b"}])
        assert changed(seen) == [("menus",)]
        seen = journal.revision
        await api.call("deleteMyCommands")
        assert changed(seen) == [("menus",)]
        await api.call("sendMessage", chat_id=7, text="x", reply_markup=go)
        pressed = tg.press(alice, tg.last(alice), "Go")
        seen = journal.revision
        await api.call("answerCallbackQuery", callback_query_id=pressed)
        assert changed(seen) == [("answer", pressed)]
