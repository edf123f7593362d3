"""`/status`, `/batches`, `/start`, `/help`, `/id`, and the command menus."""

from bot.handlers import commands
from sandbox.bitel import faults
from sandbox.telegram import Refused
from tests.handlers.house import OTHER_VOICE, VOICE, Running

EXAMPLE = "/call 08e815cbcd724386805103ac0d45e4c2 09120000001 09120000002"


async def test_status_finds_a_batch(bot: Running) -> None:
    """By its number, with or without the hash; without an argument this chat's newest."""
    await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")
    await bot.ask(bot.town.bob, f"/call {VOICE} 09120000002")
    for asked in ("/status b1", "/status #B1", "/status b\u06f1", "/status"):
        assert (await bot.ask(bot.town.sara, asked)).text.startswith(f"#b1 · {VOICE} · Sara · ")
    assert (await bot.ask(bot.town.sara, "/status b2")).buttons == [["📄 CSV"]]


async def test_status_finds_a_number_and_an_id(bot: Running) -> None:
    """By any spelling of a number, newest first, and by the first characters of an id."""
    await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")
    await bot.ask(bot.town.bob, f"/call {OTHER_VOICE} 09120000001")
    first, second = (post.ids[0] for post in bot.bitel.seen)
    by_number = (await bot.ask(bot.town.sara, "/status +98 912 000 0001")).text.splitlines()
    assert [line.split(" · ")[0] for line in by_number] == [
        "⏳ 09120000001",
        "  #b2",
        "⏳ 09120000001",
        "  #b1",
    ]
    by_id = (await bot.ask(bot.town.sara, f"/status {first[:6].upper()}")).text
    assert first in by_id
    assert second not in by_id
    assert "Nothing is recorded under" in (await bot.ask(bot.town.sara, "/status abcde")).text


async def test_status_lists_ten_calls_at_most(bot: Running) -> None:
    """Of more calls to a number the newest ten are shown, and it says that there are more."""
    for voice in range(11):
        bot.tg.calm(bot.town.sara)  # eleven launches of some minutes
        await bot.ask(bot.town.sara, f"/call {voice:032x} 09120000001")
    text = (await bot.ask(bot.town.sara, "/status 09120000001")).text
    assert text.count("⏳ 09120000001") == 10
    assert text.splitlines()[-1].startswith("These are the newest ten, and there are more.")


async def test_status_asks_the_gateway_first(bot: Running) -> None:
    """What the gateway says is recorded, and shown in the answer and on the board."""
    board = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001 09120000002")
    first, second = bot.bitel.seen[0].ids
    bot.bitel.set_status(first, "NORMAL", bill_sec=12)
    bot.bitel.set_status(second, "RINGING<b>")
    answer = await bot.ask(bot.town.bob, "/status b1")
    assert "✅ 1 answered · 🔹 1 other" in answer.text
    assert f"🔹 09120000002 · RINGING<b> · {second}" in answer.text
    await bot.shows(board, "✅ 1 answered · 🔹 1 other")


async def test_status_without_the_gateway(bot: Running) -> None:
    """What the gateway does not answer in time is shown as it is recorded."""
    await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")
    bot.bitel.fail_next(faults.html(502), on="poll")
    assert "⏳ 1 waiting" in (await bot.ask(bot.town.sara, "/status b1")).text


async def test_batches(bot: Running) -> None:
    """The last ten, newest first, one line each."""
    for voice in range(11):
        bot.tg.calm(bot.town.sara)  # eleven launches of some minutes
        await bot.ask(bot.town.sara, f"/call {voice:032x} 09120000001")
    lines = (await bot.ask(bot.town.bob, "/batches")).text.splitlines()
    assert [line.split(" · ")[0] for line in lines] == [f"#b{n}" for n in range(11, 1, -1)]
    assert lines[0].endswith(" · Sara · one number · 🏁 nothing left to send")


async def test_start(bot: Running) -> None:
    """A hello with an example; in a private chat also the member's own command menu."""
    answer = await bot.ask(bot.town.bob, "/start")
    assert answer.text == (
        "Hello Bob. I place batches of phone calls and keep a record of each. To call:\n"
        f"{EXAMPLE}\n/help shows all I can do."
    )
    await bot.quiet()
    menu = bot.tg.calls_of("setMyCommands")[-1].params
    assert menu["scope"] == {"type": "chat", "chat_id": 500002}
    assert [command["command"] for command in menu["commands"]] == [
        *("call", "status", "batches", "help", "id", "start")
    ]
    known = len(bot.tg.calls_of("setMyCommands"))
    await bot.ask(bot.town.bob, "/start", bot.town.group)
    await bot.quiet()
    assert len(bot.tg.calls_of("setMyCommands")) == known


async def test_start_where_the_menu_cannot_be_set(bot: Running) -> None:
    """A menu that Telegram refuses changes nothing else."""
    bot.tg.fail("setMyCommands", Refused(400, "Bad Request: chat not found"))
    assert (await bot.ask(bot.town.sara, "/start")).text.startswith("Hello Sara.")
    assert (await bot.ask(bot.town.sara, "/id")).text.startswith("Your id is 500001")


async def test_help(bot: Running) -> None:
    """Each role sees the commands that it may use."""
    assert "/unpause" in (await bot.ask(bot.town.sara, "/help")).text
    text = (await bot.ask(bot.town.bob, "/help")).text
    assert text.startswith(
        "/call <voice> <numbers…> [retry=N] [server=ID]\n  Call numbers with a voice\n/status ["
    )
    assert "/unpause" not in text


async def test_id(bot: Running) -> None:
    """A member's id, and that of the chat."""
    text = (await bot.ask(bot.town.bob, "/id", bot.town.group)).text
    assert text == "Your id is 500002, and that of this chat -1001234567890."


async def test_the_menus_at_start(bot: Running) -> None:
    """Strangers see nothing that is for members, members nothing that is for admins."""
    house = bot.house
    menus = commands.menus([500001], [500002], house.language)
    for menu in menus:
        await house.set_menu(menu)
    shown = {
        (scope, who): [command["command"] for command in found]
        for ((scope, who), found) in bot.tg.world.commands.items()
    }
    assert len(shown) == len(menus) == 4
    sizes = sorted(len(found) for found in shown.values())
    assert sizes == [3, 6, 6, 7]
