"""Who may not: strangers, forged presses, identities that are nobody's (rows 47 and 49-51)."""

import time

import pytest

from sandbox.telegram import Message
from tests.e2e.harness import VOICE, World, call

REVEALING = ("#b", VOICE, "0912", "/call", "Sara", "voice", "batch")


async def nothing_happened(world: World) -> None:
    """Ask something that is answered after all that came before, and see that nothing was done."""
    await world.ask(world.sara, "/id")
    assert world.record.batches() == []
    assert world.bitel.posts == 0


@pytest.mark.parametrize(
    "text",
    [
        "/start",
        "/help",
        "/id",
        "/status b1",
        "/batches",
        "/unpause",
        "/nonsense",
        "hello",
        call(["09120000001"]),
    ],
)
async def test_row_47_a_stranger_gets_their_id_and_no_more(world: World, text: str) -> None:
    """Whatever they send, they learn nothing but their own id and whom to ask."""
    bot = await world.start()
    answer = await world.ask(world.eve, text)
    assert answer.text.startswith("Your id is 500003.")
    assert "ask an admin" in answer.text
    assert not any(word in answer.text for word in REVEALING)
    assert answer.buttons == []
    assert "u500003" in bot.log
    await nothing_happened(world)


async def test_row_47_a_stranger_in_the_team_group_sees_nothing_more(world: World) -> None:
    """Being in the group is no right; the command menu of a stranger holds no launch."""
    await world.start()
    answer = await world.ask(world.eve, call(world.numbers(1)), world.group)
    assert answer.text.startswith("Your id is 500003.")
    await nothing_happened(world)
    menus = {
        c.params["scope"]["type"]: c.params["commands"] for c in world.tg.calls_of("setMyCommands")
    }
    shown = {command["command"] for command in menus["all_private_chats"]}
    assert shown == {"start", "help", "id"}


async def board_and_draft(world: World) -> tuple[Message, Message]:
    """A held batch of Sara's and an open draft of hers, both in the group."""
    draft = await world.ask(world.sara, call(world.numbers(25)), world.group)
    await world.press(world.sara, draft, "✅ Call 25")
    board = await world.shows(draft, "All 25")
    draft = await world.ask(world.sara, call(world.numbers(25)), world.group)
    return board, draft


async def test_row_47_a_stranger_presses_every_button_in_vain(world: World) -> None:
    """Each press is answered with an alert that reveals nothing, and none has an effect."""
    bot = await world.start()
    board, draft = await board_and_draft(world)
    before = world.record.rows("SELECT * FROM batches"), len(world.tg.sent(world.group))
    data = [b["callback_data"] for m in (board, draft) for row in m.inline_keyboard for b in row]
    data += [
        "stop:1",
        "hold:1",
        "rest:1.1",
        "again:1",
        "rang:1",
        "quiet:1",
        "leave:1",
        "ids:1",
        "pick:1.1",
        "unpause:1",
        "page:1.1",
        "csv:1",
        "",
        "ok",
        "x" * 64,
        "ok:\u0661",
        "🙂:1",
    ]
    for forged in data:
        pressed = world.tg.press_data(world.eve, board, forged)
        answer = await world.tg.answer_of(pressed)
        assert answer.show_alert
        assert not any(word in answer.text for word in REVEALING)
    assert (world.record.rows("SELECT * FROM batches"), len(world.tg.sent(world.group))) == before
    assert bot.log.count("u500003 pressed") >= len(data) - 1
    assert world.record.value("SELECT state FROM drafts WHERE id = 2") == "open"


async def test_row_47_forged_data_of_a_member_is_expired(world: World) -> None:
    """Tokens of things that do not exist, of other verbs, too long, in other digits."""
    await world.start()
    board, _ = await board_and_draft(world)
    for forged in (
        "stop:99",
        "rest:1.7",
        "rest:1",
        "rang:1.2",
        "rang:-1",
        "page:1.1.1",
        "csv:x",
        "ok:AAAAAAAAAAAAAAAA",
        "pick:9.9",
        "stop:1 ",
        "STOP:1",
        "stop:٣",
        "",
        "a:b",
    ):
        answer = await world.tg.answer_of(world.tg.press_data(world.sara, board, forged))
        assert answer.show_alert, forged
        assert answer.text, forged
    assert world.record.batches() == ["finished"]
    assert world.bitel.posts == 1


async def test_row_47_commands_that_are_no_plain_own_messages_are_ignored(world: World) -> None:
    """A forward, an inline bot's text, a channel, a channel's identity, an anonymous admin."""
    await world.start()
    text, tg = call(world.numbers(1)), world.tg
    channel = tg.add_channel(-1009, "News")
    inline = tg.add_person(900, "Helper", is_bot=True)
    tg.send(world.sara, world.group, text, forward_from=world.bob)
    tg.send(world.sara, world.group, text, forward_from="Somebody")
    tg.send(world.sara, world.sara, text, via_bot=inline)
    tg.send(world.sara, world.group, text, sender_chat=world.group)
    tg.send(world.sara, world.group, text, sender_chat=channel)
    tg.send(world.sara, channel, text)
    tg.push("inline_query", {"id": "1", "from": world.sara.as_json(), "query": text, "offset": ""})
    tg.send(inline, world.group, text)
    await nothing_happened(world)
    assert [m.text for m in tg.sent(world.sara)] == [tg.last(world.sara).text]
    assert all(m.text.startswith("Your id is 900") for m in tg.sent(world.group))


async def test_row_47_a_forward_in_private_is_content_and_no_command(world: World) -> None:
    """Its numbers become a draft that asks; a stranger's become nothing."""
    await world.start()
    text, tg = call(world.numbers(1)), world.tg
    tg.send(world.eve, world.eve, text, forward_from=world.bob)
    sent = tg.send(world.sara, world.sara, text, forward_from=world.bob)
    assert "📋 One number." in (await world.answer_to(sent)).text
    await nothing_happened(world)
    assert all(m.text.startswith("Your id is 500003") for m in tg.sent(world.eve))


async def test_row_49_the_same_username_under_another_id_is_a_stranger(world: World) -> None:
    """Rights go by the numeric id only."""
    world.bob.username = "bob"
    await world.start()
    other = world.tg.add_person(500009, "Bob", username="bob")
    answer = await world.ask(other, call(world.numbers(1)))
    assert answer.text.startswith("Your id is 500009.")
    await nothing_happened(world)


async def test_row_48_somebody_removed_between_draft_and_confirm_is_denied(world: World) -> None:
    """The rights are read at the press: those of the record and the settings as they are then."""
    await world.start()
    draft = await world.ask(world.bob, call(world.numbers(25)), world.group)
    asked = world.tg.messages(world.group)[0]
    sent = world.tg.send(world.sara, world.group, "/team remove", reply_to=asked)
    said = await world.answer_to(sent)
    assert "Sara suspended Bob (manager)" in said.text  # he stands in ALLOWED_IDS
    answer = await world.tg.answer_of(world.tg.press(world.bob, draft, "✅ Call 25"))
    assert "ask an admin" in answer.text
    await nothing_happened(world)


async def test_row_50_a_day_old_draft_or_update_launches_nothing(world: World) -> None:
    """The draft says that it has expired; the old `/call` that it may be sent again."""
    bot = await world.start()
    draft = await world.ask(world.sara, call(world.numbers(25)))
    await world.until(lambda: world.record.value("SELECT message_id FROM drafts"))
    await bot.kill9()
    world.record.change(
        "UPDATE drafts SET created_at = created_at - 86400, expires_at = expires_at - 86400"
    )
    old = world.tg.send(world.sara, world.sara, call(world.numbers(1)), date=time.time() - 86400)
    pressed = world.tg.press(world.sara, draft, "✅ Call 25")
    await world.start()
    assert "I was away" in (await world.answer_to(old)).text
    assert "expired" in (await world.tg.answer_of(pressed)).text
    await world.shows(draft, "nothing was called")
    assert draft.buttons == [["🔁 Make it again"]]
    await nothing_happened(world)


async def test_row_50_a_press_that_cannot_be_answered_any_more_launches_nothing(
    world: World,
) -> None:
    """Telegram refuses to answer an old press, which has no date; *Cancel* acts all the same."""
    await world.start()
    draft = await world.ask(world.sara, call(world.numbers(25)))
    world.tg.world.answer_within = -1
    world.tg.press(world.sara, draft, "✅ Call 25")
    await world.tg.wait_for(lambda: any(c.error for c in world.tg.calls_of("answerCallbackQuery")))
    await nothing_happened(world)
    assert ["✅ Call 25"] in draft.buttons
    world.tg.press(world.sara, draft, "✖️ Cancel")
    await world.shows(draft, "Cancelled by Sara")


async def test_row_51_an_edited_call_is_ignored(world: World) -> None:
    """Neither a message that becomes a `/call` nor one whose numbers change launches anything."""
    await world.start()
    plain = world.tg.send(world.sara, world.sara, "/id")
    await world.answer_to(plain)
    world.tg.edit(world.sara, plain, call(world.numbers(1)))
    await nothing_happened(world)
    launched = world.tg.send(world.sara, world.sara, call(world.numbers(1)))
    await world.answer_to(launched)
    world.tg.edit(world.sara, launched, call(world.numbers(2)))
    await world.ask(world.sara, "/id")
    assert world.bitel.posts == 1
