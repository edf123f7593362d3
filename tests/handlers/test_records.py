"""`/batches`, `/report`, `/export` and the files of a batch: the record, looked at as a whole."""

import csv
import io
import json
from datetime import date
from functools import partial
from typing import Any

import openpyxl
import pytest

from bot.calling.days import day_of
from bot.spreadsheets import UPLOAD
from sandbox.telegram import Message, Refused
from storage.stores import Stores
from tests.handlers.house import OTHER_VOICE, VOICE, Running
from tests.record_file import DAY, add_called

DAYS = [["Today", "Yesterday"], ["7 days", "📅 A day…"]]


async def past(bot: Running, *days_ago: int, calls: int = 1) -> None:
    """Record a batch of answered calls for each of these days; nobody is told of their end."""
    now = bot.house.launches.now

    def work(tx: Stores) -> None:
        for days in days_ago:
            add_called(tx, calls, now=now - days * DAY)

    await bot.house.database.write(work)


def listed(message: Message) -> list[str]:
    """The batches that a list shows."""
    return [line.split(" · ")[0] for line in message.text.splitlines() if line.startswith("#b")]


def shows_batches(message: Message, expected: list[str]) -> bool:
    """Whether a list shows exactly these batches."""
    return listed(message) == expected


class TestBatches:
    async def test_pages(self, bot: Running) -> None:
        """All batches, newest first, ten a page; the buttons turn them in place."""
        await past(bot, *[0] * 25)
        answer = await bot.ask(bot.town.bob, "/batches")
        assert listed(answer) == [f"#b{n}" for n in range(25, 15, -1)]
        assert answer.text.splitlines()[0].endswith(" · Ann · one number · ✅ 1 answered")
        await bot.press(bot.town.bob, answer, "▶")
        await bot.shows(answer, "#b6 · ")
        await bot.press(bot.town.bob, answer, "▶")
        await bot.shows(answer, "#b1 · ")
        assert listed(answer) == [f"#b{n}" for n in range(5, 0, -1)]
        assert answer.buttons[0] == ["◀", "🔄 3"]

    async def test_by_person(self, bot: Running) -> None:
        """Who has launched is picked from a list; a voice and a day can be added."""
        await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")
        await bot.ask(bot.town.bob, f"/call {VOICE} 09120000002")
        await bot.ask(bot.town.bob, f"/call {OTHER_VOICE} 09120000003")
        answer = await bot.ask(bot.town.sara, "/batches")
        await bot.press(bot.town.sara, answer, "👤 Person")
        await bot.shows(answer, "Whose batches?")
        assert answer.buttons == [["Bob"], ["Sara"], ["↩️ Back"]]
        await bot.press(bot.town.sara, answer, "Bob")
        await bot.shows(answer, "🔎 by Bob")
        assert listed(answer) == ["#b3", "#b2"]
        await bot.press(bot.town.sara, answer, "🔊 Voice")
        await bot.shows(answer, "Batches with which voice?")
        await bot.press(bot.town.sara, answer, f"{VOICE[:23]}…")
        await bot.shows(answer, f"🔎 by Bob · voice {VOICE}")
        assert listed(answer) == ["#b2"]
        await bot.press(bot.town.sara, answer, "Yesterday")
        await bot.shows(answer, "No more batches.")
        await bot.press(bot.town.sara, answer, "✖️ All")
        await bot.shows(answer, "#b1 · ")
        assert listed(answer) == ["#b3", "#b2", "#b1"]

    async def test_by_day(self, bot: Running) -> None:
        """Today, yesterday, the last seven days, or one of those on which there was anything."""
        await past(bot, 40, 3, 1, 0)
        answer = await bot.ask(bot.town.sara, "/batches")
        assert answer.buttons[-2:] == DAYS
        for label, expected in (
            ("Today", ["#b4"]),
            ("Yesterday", ["#b3"]),
            ("7 days", ["#b4", "#b3", "#b2"]),
        ):
            await bot.press(bot.town.sara, answer, label)
            await bot.tg.wait_for(partial(shows_batches, answer, expected))
        await bot.press(bot.town.sara, answer, "📅 A day…")
        await bot.shows(answer, "Batches of which day?")
        assert len(answer.buttons[0]) == 3
        assert len(answer.buttons[1]) == 1
        await bot.press(bot.town.sara, answer, answer.buttons[1][0])
        await bot.tg.wait_for(partial(shows_batches, answer, ["#b1"]))

    async def test_nothing(self, bot: Running) -> None:
        """Before the first launch it says so, and has no buttons."""
        answer = await bot.ask(bot.town.bob, "/batches")
        assert (answer.text, answer.buttons) == ("Nothing has been launched yet.", [])

    @pytest.mark.parametrize(
        "data",
        [
            *("list:1.x.x", "list:a.x.x.x", "list:1.x.99.x", "list:1.x.x.soon", "list:1.-1.x.x"),
            *("narrow:q.1.x.x.x", "narrow:p.x.x.x", "hist:n12.1", "hist:iabcdef.1", "report:soon"),
            *("chart:today", "csv:99", "xlsx:99"),
        ],
    )
    async def test_forged_buttons(self, bot: Running, data: str) -> None:
        """Data that no button of ours has answers that it has expired."""
        answer = await bot.ask(bot.town.bob, "/batches")
        said = await bot.forge(bot.town.bob, answer, data)
        assert said.text.startswith("This button has expired, and nothing was done.")


class TestReport:
    async def test_today(self, bot: Running) -> None:
        """Without a word it is today: figures at once, and no chart of a single day."""
        await past(bot, 0, calls=3)
        await past(bot, 1)
        answer = await bot.ask(bot.town.bob, "/report")
        assert answer.text.splitlines()[1] == (
            "One batch · 3 calls · ✅ 3 answered (100%) · 🗣 36 s · 💰 103 Toman"
        )
        assert "By person\nAnn · 3 calls · 100% · 103 T" in answer.text
        await bot.quiet()
        assert bot.tg.calls_of("sendPhoto") == []

    async def test_the_chart_follows(self, bot: Running) -> None:
        """Of several days the chart by day is a second, silent message."""
        await past(bot, 0, 1, 4)
        answer = await bot.ask(bot.town.bob, "/report 7d")
        assert answer.text.splitlines()[1].startswith("3 batches · 3 calls · ")
        chart = await bot.tg.next_message(bot.town.bob, after=answer)
        assert chart["caption"].startswith("📈 Calls by day, ")
        assert bot.tg.calls_of("sendPhoto")[-1].params["disable_notification"] is True
        assert chart.get("photo")

    async def test_other_days_by_buttons(self, bot: Running) -> None:
        """The same message shows other days; their chart is a press away."""
        await past(bot, 0, 1, 20)
        answer = await bot.ask(bot.town.bob, "/report")
        await bot.press(bot.town.bob, answer, "30 days")
        await bot.shows(answer, "3 batches")
        said = await bot.press(bot.town.sara, answer, "📈 Chart by day")
        assert said.text == "One moment…"
        chart = await bot.tg.next_message(bot.town.bob, after=answer)
        assert chart["caption"].startswith("📈 Calls by day, ")
        await bot.press(bot.town.bob, answer, "Yesterday")
        await bot.shows(answer, "One batch")
        assert ["📈 Chart by day"] not in answer.buttons

    async def test_a_chart_that_cannot_be_drawn(self, bot: Running) -> None:
        """The figures are there all the same."""
        await past(bot, 0, 1)
        await bot.house.workshop.close()
        assert "2 batches" in (await bot.ask(bot.town.bob, "/report 7d")).text
        await bot.quiet()
        assert bot.tg.calls_of("sendPhoto") == []

    async def test_a_chart_that_cannot_be_sent(self, bot: Running) -> None:
        """The figures are there all the same, and the next report works."""
        await past(bot, 0, 1)
        bot.tg.fail("sendPhoto", Refused(400, "Bad Request: IMAGE_PROCESS_FAILED"))
        assert "2 batches" in (await bot.ask(bot.town.bob, "/report 7d")).text
        await bot.tg.wait_for(lambda: bot.tg.calls_of("sendPhoto"))
        assert "2 batches" in (await bot.ask(bot.town.sara, "/report 7d")).text

    async def test_days_without_a_launch(self, bot: Running) -> None:
        """A sentence, and the way to other days."""
        answer = await bot.ask(bot.town.bob, "/report 2020-01-01..2020-01-31")
        assert answer.text == ("📊 1 Jan 2020 – 31 Jan 2020\nNothing was launched in these days.")

    async def test_bad_days(self, bot: Running) -> None:
        """What names no days, and a range that ends before it begins: a sentence each."""
        bad = await bot.ask(bot.town.bob, "/report soon")
        assert bad.text.startswith("soon names no days. Send today, yesterday, 7d, 30d, or")
        backwards = await bot.ask(bot.town.bob, "/report 2025-06-15..2025-06-01")
        assert backwards.text == (
            "2025-06-15..2025-06-01 ends before it begins. Send the earlier date first."
        )


class TestExport:
    async def test_xlsx(self, bot: Running) -> None:
        """30 days as XLSX: the message tells how far it is, then what it was; the file comes."""
        await past(bot, 40, 1, calls=3)
        answer = await bot.ask(bot.town.bob, "/export")
        file = await bot.tg.next_message(bot.town.bob, after=answer)
        assert file["document"]["file_name"].startswith("calls-")
        book = openpyxl.load_workbook(io.BytesIO(bot.tg.file(file)))
        assert len(list(book.worksheets[0].values)) == 4
        assert file["caption"].endswith(": 3 calls")
        assert (await bot.shows(answer, ": 3 calls.")).startswith("🗂 ")

    async def test_all_as_json(self, bot: Running) -> None:
        """`all` begins with the first launch."""
        await past(bot, 40, 1, calls=2)
        answer = await bot.ask(bot.town.bob, "/export json all", bot.town.group)
        file = await bot.tg.next_message(bot.town.group, after=answer)
        assert len(json.loads(bot.tg.file(file))) == 4
        first, last = _day(bot, 40), _day(bot, 0)
        assert file["document"]["file_name"] == f"calls-{first}_{last}.json"

    async def test_nothing_to_export(self, bot: Running) -> None:
        """Days without a launch, bad days and bad formats: a sentence each, and no file."""
        for asked, words in (
            ("2020-01-01", "Nothing was launched from 1 Jan 2020 to 1 Jan 2020, so there is"),
            ("2025-06-15..2025-06-01", "2025-06-15..2025-06-01 ends before it begins."),
            ("pdf", "pdf names no days. Send"),
            ("csv json", "Name one format only: csv, xlsx or json."),
        ):
            assert (await bot.ask(bot.town.bob, f"/export {asked}")).text.startswith(words)
        assert bot.tg.calls_of("sendDocument") == []

    async def test_how_far_it_is(self, bot: Running) -> None:
        """While the file is made, its message says how many calls are written."""
        await past(bot, 0, calls=9)
        bot.house.exports.every = 0.01
        answer = await bot.ask(bot.town.bob, "/export today")
        await bot.tg.next_message(bot.town.bob, after=answer)
        await bot.shows(answer, ": 9 calls.")
        said = [call.params["text"] for call in bot.tg.calls_of("editMessageText")]
        assert "🗂 Making the file… 0 of 9 calls" in said

    async def test_an_export_that_fails(self, bot: Running) -> None:
        """A file that Telegram does not take is told in the same message."""
        await past(bot, 0)
        bot.tg.fail("sendDocument", Refused(400, "Bad Request: file is too big"))
        answer = await bot.ask(bot.town.bob, "/export today csv")
        await bot.shows(answer, "The file could not be made, and it has been logged why.")

    async def test_a_message_that_cannot_be_edited(self, bot: Running) -> None:
        """The file comes all the same."""
        await past(bot, 0)
        bot.tg.fail(
            "editMessageText", Refused(400, "Bad Request: message to edit not found"), times=9
        )
        answer = await bot.ask(bot.town.bob, "/export today csv")
        file = await bot.tg.next_message(bot.town.bob, after=answer)
        assert file["caption"].endswith(": one call")

    async def test_the_program_stops_meanwhile(self, bot: Running) -> None:
        """What is being made is given up, and the message says so."""
        await past(bot, 0)
        await bot.house.exports.close()
        answer = await bot.ask(bot.town.bob, "/export today csv")
        await bot.shows(answer, "The file could not be made, and it has been logged why.")
        board = await bot.ask(bot.town.sara, "/status b1")
        await bot.press(bot.town.sara, board, "📄 CSV")
        await bot.told(bot.town.sara, "The file could not be made")

    async def test_files_fit_telegram(self) -> None:
        """A part is below Telegram's 50 MB."""
        assert UPLOAD < 50_000_000


class TestFilesOfABatch:
    @pytest.mark.parametrize("form", ["CSV", "XLSX"])
    async def test_all_calls(self, bot: Running, form: str) -> None:
        """All calls of the batch with all fields, whoever presses."""
        await past(bot, 0, calls=3)
        board = await bot.ask(bot.town.sara, "/status b1")
        if form == "CSV":
            said = await bot.press(bot.town.bob, board, "📄 CSV")
        else:
            said = await bot.forge(bot.town.bob, board, "xlsx:1")
        assert said.text == "One moment…"
        file = await bot.tg.next_message(bot.town.sara, after=board)
        assert file["document"]["file_name"] == f"b1.{form.lower()}"
        assert file["caption"] == "#b1: 3 calls"
        content = bot.tg.file(file)
        rows: list[Any]
        if form == "CSV":
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        else:
            rows = list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].values)
        assert [row[2] for row in rows] == [
            "number",
            *(f"+98912000000{n}" for n in (1, 2, 3)),
        ]


def _day(bot: Running, days_ago: int) -> date:
    """A day where the team lives."""
    return day_of(bot.house.launches.now - days_ago * DAY, bot.house.settings.timezone)
