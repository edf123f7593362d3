"""`/status`, a pasted number, `/start`, `/help`, `/id`, and the command menus."""

from bot.calling.rights import Role
from bot.handlers import commands
from sandbox.bitel import faults
from sandbox.telegram import Refused
from storage.models import Person
from storage.stores import Stores
from tests.handlers.house import OTHER_VOICE, VOICE, Running
from tests.record_file import DAY, add_called
from tests.sandbox.pictures import png


async def test_status_finds_a_batch(bot: Running) -> None:
    """By its number, with or without the hash; without an argument this chat's newest."""
    await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")
    await bot.ask(bot.town.bob, f"/call {VOICE} 09120000002")
    for asked in ("/status b1", "/status #B1", "/status b\u06f1", "/status"):
        assert (await bot.ask(bot.town.sara, asked)).text.startswith(f"#b1 · {VOICE} · Sara · ")
    found = await bot.ask(bot.town.sara, "/status b2")
    assert found.buttons[-1] == ["🔄 Refresh", "📄 CSV"]


async def test_status_finds_a_number_and_an_id(bot: Running) -> None:
    """By any spelling of a number, newest first, and by the first characters of an id."""
    await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")
    await bot.ask(bot.town.bob, f"/call {OTHER_VOICE} 09120000001")
    first, second = (post.ids[0] for post in bot.bitel.seen)
    by_number = (await bot.ask(bot.town.sara, "/status +98 912 000 0001")).text.splitlines()
    assert [line.split(" · ")[0] for line in by_number[::2]] == [
        "🔎 09120000001",
        "  #b2",
        "  #b1",
    ]
    assert by_number[1::2] == [
        f"⏳ 09120000001 · waiting · {second}",
        f"⏳ 09120000001 · waiting · {first}",
    ]
    assert by_number[2].endswith(f" · Bob · {OTHER_VOICE}")
    assert by_number[4].endswith(f" · {VOICE}")
    by_id = (await bot.ask(bot.town.sara, f"/status {first[:6].upper()}")).text
    assert first in by_id
    assert second not in by_id


async def test_status_of_what_is_not_there(bot: Running) -> None:
    """Each kind of thing that is not recorded has its own sentence."""
    for asked, words in (
        ("b99", "There is no batch b99. /batches shows all."),
        ("09120000009", "No call to 09120000009 is recorded."),
        ("0912", "0912 cannot be read as a number, and no call has an id that begins so."),
        ("abcdef", "No call has an id that begins with abcdef."),
        ("abcde", "Nothing is recorded under abcde. Send a batch (b12), a number, or at least"),
    ):
        assert (await bot.ask(bot.town.sara, f"/status {asked}")).text.startswith(words)


async def test_the_pages_of_a_history(bot: Running) -> None:
    """Ten calls a page; the buttons turn it in place, also for somebody else and much later."""
    for voice in range(11):
        bot.tg.calm(bot.town.sara)  # eleven launches of some minutes
        await bot.ask(bot.town.sara, f"/call {voice:032x} 09120000001")
    answer = await bot.ask(bot.town.sara, "/status 09120000001")
    assert answer.text.count("⏳ 09120000001") == 10
    assert answer.buttons == [["◀", "1/2", "▶"], ["⛔ Do not call"]]
    assert (await bot.press(bot.town.sara, answer, "▶")).text == ""
    assert "#b1 · " in await bot.shows(answer, "#b1 · ")
    assert answer.text.splitlines()[0].startswith("🔎 09120000001 · 11 calls · 0 answered · ")
    assert answer.buttons == [["◀", "2/2", "▶"], ["⛔ Do not call"]]
    await bot.press(bot.town.bob, answer, "▶")
    await bot.shows(answer, "#b11 · ")


async def test_a_history_whose_message_is_gone(bot: Running) -> None:
    """A page that cannot be shown there is shown in a new message."""
    now = bot.house.launches.now

    def work(tx: Stores) -> None:
        for _ in range(11):
            add_called(tx, now=now - DAY)

    await bot.house.database.write(work)
    answer = await bot.ask(bot.town.sara, "/status 0912 000 0001")
    bot.tg.fail("editMessageText", Refused(400, "Bad Request: message to edit not found"))
    await bot.press(bot.town.sara, answer, "▶")
    shown = await bot.tg.next_message(bot.town.sara, after=answer)
    assert shown.text.startswith("🔎 09120000001 · 11 calls · 11 answered · 2 min 12 s · ")
    add = ["⛔ Do not call"]
    assert (shown.buttons, answer.buttons) == (
        [["◀", "2/2", "▶"], add],
        [["◀", "1/2", "▶"], add],
    )


async def test_a_number_that_was_pasted(bot: Running) -> None:
    """In a private chat one number alone offers its history; nothing is called."""
    await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")
    answer = await bot.ask(bot.town.bob, " 0912-000-0001 ")
    assert answer.text == "One call to 09120000001 is recorded.\nNothing was called."
    assert answer.buttons == [["📞 Call this number"], ["🔎 History"], ["⛔ Do not call"]]
    await bot.press(bot.town.bob, answer, "🔎 History")
    assert f" · {VOICE}" in await bot.shows(answer, "  #b1 · ")
    unknown = await bot.ask(bot.town.sara, "09120000009")
    assert unknown.text == "No call to 09120000009 is recorded.\nNothing was called."
    assert unknown.buttons == [["📞 Call this number"], ["⛔ Do not call"]]
    assert bot.bitel.posts == 1


async def test_other_texts_stay_hints(bot: Running) -> None:
    """Words are answered with how to call; half a number with why it is none."""
    hint = await bot.ask(bot.town.bob, "hello")
    assert hint.text.startswith("Nothing was called. To call,")
    half = await bot.ask(bot.town.bob, "0912")
    assert half.text.startswith("None of this can be called, and nothing was called.")


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


async def test_start(bot: Running) -> None:
    """A hello that says how to call; in a private chat also the member's own command menu."""
    answer = await bot.ask(bot.town.bob, "/start")
    assert answer.text == (
        "Hello Bob. I place batches of phone calls and keep a record of each. To call, paste the "
        "numbers, or send a file or a contact; then tap a voice. The keys below start what is "
        "saved; /help shows all I can do."
    )
    await bot.quiet()
    menu = bot.tg.calls_of("setMyCommands")[-1].params
    assert menu["scope"] == {"type": "chat", "chat_id": 500002}
    shown = [command["command"] for command in menu["commands"]]
    assert shown == commands.names(Role.MANAGER)
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
    assert text.startswith("To call, paste the numbers in our private chat, or send a file")
    assert (
        "\n/call <voice> <numbers…> [retry=N] [server=ID]\n  Call numbers with a voice\n/voices ["
    ) in text
    assert "/unpause" not in text


async def test_help_for_a_viewer(bot: Running) -> None:
    """Of a command only what they may use of it; /start says what they can look at."""
    eve = bot.town.eve

    def join(tx: Stores) -> None:
        sara = Person(id=500001, name="Sara")
        tx.members.put(Person(id=eve.id, name="Eve"), "viewer", now=0.0, by=sara)

    await bot.house.database.write(join)
    text = (await bot.ask(eve, "/help")).text
    assert "\n/dnc [check <number>]\n" in text
    assert "\n/lists [name]\n" in text
    for command in ("voices", "limits"):
        assert f"/{command}\n" in text
    assert "/call" not in text
    assert (await bot.ask(eve, "/start")).text == (
        "Hello Eve. I place batches of phone calls and keep a record of each. You may look, but "
        "not call: /batches and /report show what was called, /status finds a number. /help shows "
        "all you can do."
    )
    assert bot.tg.keyboard(eve) == [["📊 Results", "☰ More"]]
    assert (await bot.ask(eve, "/start", bot.town.group)).text.startswith("Hello Eve. I place")


async def test_a_number_that_is_not_to_be_called(bot: Running) -> None:
    """`/status` says so, calls or not, and *Call this number* is not offered."""
    bob = bot.town.bob
    fresh = await bot.ask(bob, "/status 09120000009")
    assert fresh.text == "No call to 09120000009 is recorded."
    assert fresh.buttons == [["⛔ Do not call"]]
    await bot.ask(bob, "/dnc add 09120000009 because they asked")
    for text in ("/status 09120000009", "09120000009"):
        said = await bot.ask(bob, text)
        assert "⛔ 09120000009 is on the do-not-call list since " in said.text
        assert said.buttons == []


async def test_id(bot: Running) -> None:
    """A member's id, and that of the chat."""
    text = (await bot.ask(bot.town.bob, "/id", bot.town.group)).text
    assert text == "Your id is 500002, and that of this chat -1001234567890."


async def test_the_menus_at_start(bot: Running) -> None:
    """Strangers see nothing that is for members, members nothing that is for admins."""
    house = bot.house
    people = {500001: Role.ADMIN, 500002: Role.LAUNCHER}
    menus = commands.menus(people, house.language)
    for menu in menus:
        await house.set_menu(menu)
    shown = {
        (scope, who): [command["command"] for command in found]
        for ((scope, who), found) in bot.tg.world.commands.items()
    }
    assert len(shown) == len(menus) == 4
    sizes = sorted(len(found) for found in shown.values())
    roles = (Role.STRANGER, Role.LAUNCHER, Role.MANAGER, Role.ADMIN)  # a group's is a manager's
    assert sizes == [len(commands.names(role)) for role in roles]
    assert sizes[0] == 3


async def test_a_photo_is_answered_in_private(bot: Running) -> None:
    """Who sends a picture of numbers learns that it cannot be read; a caption is; a group not."""
    bob, eve, group = bot.town.bob, bot.town.eve, bot.town.group
    picture = png(640, 480)
    photo = bot.tg.send_photo(bob, bob, picture)
    said = await bot.tg.next_message(bob, after=photo)
    assert said.text.startswith("I cannot read numbers from this, and nothing was called.")
    captioned = bot.tg.send_photo(bob, bob, picture, caption="hello")
    hint = await bot.tg.next_message(bob, after=captioned)
    assert hint.text.startswith("Nothing was called. To call,")
    await bot.quiet()
    before = [len(bot.tg.sent(chat)) for chat in (eve, group)]
    bot.tg.send_photo(eve, eve, picture)
    bot.tg.send_photo(bob, group, picture)
    await bot.quiet()
    after = [len(bot.tg.sent(chat)) for chat in (eve, group)]
    assert [now - was for was, now in zip(before, after, strict=True)] == [0, 0]
