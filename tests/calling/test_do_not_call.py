"""The do-not-call list: kept with reasons, looked at by every draft, and again by every claim."""

import asyncio
from dataclasses import replace

import pytest

from bot.calling.audit import Deed
from bot.calling.do_not_call import A_PAGE, LONGEST, DoNotCallList, read_reason
from bot.calling.do_not_call_text import Typed, read_format, split_reason
from bot.calling.drafts import Ask, Content
from bot.calling.due import Why
from bot.calling.errors import AlreadyDoneError, ExpiredError, UsageError
from bot.calling.launches import Asked, Defaults, Launched
from bot.calling.moments import EVERY_DAY
from bot.calling.numbers import NumberReader
from bot.calling.periods import Format
from bot.calling.problems import Problem
from bot.calling.redial import REDIALLED
from bot.calling.repeats import Repeats
from bot.calling.saved import SavedLaunches
from bot.calling.schedules import When
from bot.calling.summary import summary
from bot.calling.views import batch_view
from storage.models import (
    AuditEntry,
    BatchState,
    CallStatus,
    DraftState,
    ReportKind,
    ScheduleState,
    SkipReason,
    SubmissionState,
    Waiting,
)
from storage.stores import Stores
from tests.calling.house import ANN, BEN, ROOM, VOICE, House, numbers
from tests.calling.switchboard import accepted, not_connected
from tests.calling.test_schedules import AT, Office, rights

S = SubmissionState
ONE, TWO, THREE = numbers(3)
READER = NumberReader("IR", frozenset({"mobile", "fixed_line"}))


@pytest.fixture
def defaults() -> Defaults:
    """Two numbers a POST, and the gateway tries once."""
    return Defaults(per_post=2, retry_count=0)


@pytest.fixture
def office(house: House) -> Office:
    """Schedules on the same house."""
    return Office.on(house, rights(house))


@pytest.fixture
def dnc(house: House) -> DoNotCallList:
    """The service that is tested."""
    return DoNotCallList(database=house.database, reader=house.reader, clock=house.clock)


async def put(house: House, *chosen: str) -> None:
    """Let Ben put these on the list."""
    dnc = DoNotCallList(database=house.database, reader=house.reader, clock=house.clock)
    await dnc.add(chosen, "asked for it", by=BEN, chat_id=5)


async def audit(house: House) -> list[AuditEntry]:
    """The audit's entries about the list."""
    entries = await house.database.read(lambda tx: list(tx.audit.chain()))
    return [entry for entry in entries if entry.deed.startswith(("do_not_call", "exported"))]


def problem_of(error: pytest.ExceptionInfo[UsageError]) -> Problem:
    """What was wrong."""
    return error.value.problem


class TestTheList:
    """What is kept, and who may be found on it."""

    async def test_add(self, house: House, dnc: DoNotCallList) -> None:
        """New ones are told apart from those that are on it; the audit has them by their ends."""
        await put(house, TWO)
        added = await dnc.add([ONE, TWO], "  asked\nfor it ", by=ANN, chat_id=9)
        assert (added.numbers, added.already, added.total) == ((ONE,), (TWO,), 2)
        assert added.reason == "asked for it"
        assert added.waiting == Waiting(batches=0, schedules=0, lists=0)
        (entry,) = await dnc.history(ONE)
        assert (entry.added_by, entry.added_name, entry.reason) == (1, "Ann", "asked for it")
        last = (await audit(house))[-1]
        assert (last.deed, last.about, last.by_id, last.chat_id, last.after) == (
            Deed.DO_NOT_CALL_ADDED,
            "…0001",
            ANN.id,
            9,
            "asked for it",
        )

    async def test_nothing_new(self, house: House, dnc: DoNotCallList) -> None:
        """Who is on the list stays as they are recorded, and nothing is told to the audit."""
        await put(house, ONE)
        added = await dnc.add([ONE], "again", by=ANN, chat_id=9)
        assert (added.numbers, added.already) == ((), (ONE,))
        assert len(await audit(house)) == 1

    async def test_an_import(self, house: House, dnc: DoNotCallList) -> None:
        """Many are one entry of the audit, which names the first by their ends."""
        added = await dnc.add(numbers(5000), "letter", by=ANN, chat_id=9, imported=True)
        assert (len(added.numbers), added.total) == (5000, 5000)
        (entry,) = await audit(house)
        assert entry.deed == Deed.DO_NOT_CALL_IMPORTED
        assert entry.about.startswith("5000 numbers: …0001, …0002, ")

    async def test_where_they_wait(self, house: House, dnc: DoNotCallList) -> None:
        """Open batches, schedules and lists that hold a new number are counted."""
        await house.launch(3)
        added = await dnc.add([ONE, TWO], "asked", by=ANN, chat_id=9)
        assert added.waiting == Waiting(batches=1, schedules=0, lists=0)

    async def test_remove(self, house: House, dnc: DoNotCallList) -> None:
        """Taken off, the number is called again, and its history and the audit say by whom."""
        await put(house, ONE)
        assert (await dnc.listed(ONE)).reason == "asked for it"
        entry = await dnc.remove(ONE, "agreed", by=ANN, chat_id=9)
        assert entry.removed_at is None
        (history,) = await dnc.history(ONE)
        assert (history.removed_name, history.removed_reason) == ("Ann", "agreed")
        last = (await audit(house))[-1]
        assert (last.deed, last.about, last.before, last.after) == (
            Deed.DO_NOT_CALL_REMOVED,
            "…0001",
            "asked for it",
            "agreed",
        )
        with pytest.raises(UsageError) as error:
            await dnc.remove(ONE, "agreed", by=ANN, chat_id=9)
        assert problem_of(error) is Problem.DNC_NOT_LISTED
        with pytest.raises(UsageError):
            await dnc.listed(ONE)
        with pytest.raises(ExpiredError):
            await dnc.entry(entry.id)

    async def test_pages(self, house: House, dnc: DoNotCallList) -> None:
        """Ten a page, newest first; a page that is no more is the last one."""
        empty = await dnc.page()
        assert (empty.entries, empty.pages, empty.total) == ((), 1, 0)
        await put(house, *numbers(A_PAGE + 1))
        last = await dnc.page(9)
        assert ([one.number for one in last.entries], last.page, last.pages) == ([ONE], 2, 2)
        assert (await dnc.entry(1)).number == ONE
        assert dnc.now == house.clock()

    async def test_take_out(self, house: House, dnc: DoNotCallList) -> None:
        """A file of an empty list is refused; any other one is told to the audit."""
        with pytest.raises(UsageError) as error:
            await dnc.take_out(by=ANN, chat_id=9)
        assert problem_of(error) is Problem.DNC_EMPTY
        await put(house, ONE, TWO)
        found = await dnc.take_out(by=ANN, chat_id=9)
        assert [one.number for one in found] == [TWO, ONE]
        assert (await audit(house))[-1].deed == Deed.EXPORTED

    def test_one_number(self, dnc: DoNotCallList) -> None:
        """A number is read in any spelling; anything but one is refused."""
        assert (
            dnc.one("\u06f0\u06f9\u06f1\u06f2 \u06f0\u06f0\u06f0 \u06f0\u06f0\u06f0\u06f1") == ONE
        )
        for text in ("", "hello", "09120000001 09120000002"):
            with pytest.raises(UsageError) as error:
                dnc.one(text)
            assert problem_of(error) is Problem.DNC_ONE_NUMBER

    @pytest.mark.parametrize("text", ["", " \n", "...", "\u200f"])
    def test_no_reason(self, text: str) -> None:
        """A reason has words."""
        with pytest.raises(UsageError) as error:
            read_reason(text)
        assert problem_of(error) is Problem.DNC_NO_REASON

    def test_a_long_reason(self) -> None:
        """A reason has two hundred characters at most."""
        assert read_reason("a" * LONGEST) == "a" * LONGEST
        with pytest.raises(UsageError) as error:
            read_reason("a" * (LONGEST + 1))
        assert problem_of(error) is Problem.DNC_LONG_REASON


A, B = "09120000001", "0912 000 0002"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (A, Typed(A)),
        (f"{A} {B}", Typed(f"{A} {B}")),
        (f"{A} because they asked, on 12 May", Typed(f"{A} ", "they asked, on 12 May")),
        (f"{A} Because: a letter", Typed(f"{A} ", "a letter")),
        (f"{A} because", Typed(f"{A} ")),
        (f"{A}\n{B}\nasked on 12 May\nby letter", Typed(f"{A}\n{B}", "asked on 12 May by letter")),
        (f"{A} asked for it", Typed(f"{A} ", "asked for it")),
        (f"{B}, {A} asked on 12 May", Typed(f"{B}, {A} ", "asked on 12 May")),
        (f"Ali {A}", Typed(f"Ali {A}")),
        (f"{A} Ali\n{B} Reza", Typed(f"{A} Ali\n{B} Reza")),
        ("hello", Typed("hello")),
        (f"\u200f{A}\u200e گفت زنگ نزنید", Typed(f"\u200f{A}\u200e ", "گفت زنگ نزنید")),
        (f"{A}\n\n", Typed(f"{A}\n\n")),
    ],
)
def test_numbers_and_reason(text: str, expected: Typed) -> None:
    """The reason follows *because*, stands on the last lines, or behind numbers of one line."""
    assert split_reason(text, READER) == expected


def test_formats() -> None:
    """XLSX unless CSV is asked for; the list comes as nothing else."""
    assert [read_format(text) for text in ("", " XLSX", "csv")] == [
        Format.XLSX,
        Format.XLSX,
        Format.CSV,
    ]
    with pytest.raises(UsageError) as error:
        read_format("json")
    assert problem_of(error) is Problem.DNC_BAD_FORMAT


def content(asked: object) -> Content:
    """What a draft would launch."""
    assert isinstance(asked, Asked)
    return asked.content


async def confirm(house: House, asked: object) -> object:
    """Let Ann confirm a draft."""
    assert isinstance(asked, Asked)
    return await house.launches.confirm(asked.token, by=ANN, message_id=7)


def called(house: House) -> list[str]:
    """Every number that was POSTed, in order."""
    return [number for post in house.board.posts for number in post.numbers]


class TestDrafts:
    """Who is on the list is left out of whatever would be launched."""

    async def test_a_small_call_asks_first(self, house: House) -> None:
        """A typed call asks, names whom it leaves out, and calls the others."""
        await put(house, TWO)
        asked = await house.call(ONE, TWO)
        assert content(asked).numbers == (ONE,)
        assert content(asked).do_not_call == (TWO,)
        assert content(asked).asks == (Ask.DO_NOT_CALL,)
        await confirm(house, asked)
        await house.step()
        assert called(house) == [ONE]

    async def test_nobody_is_left(self, house: House) -> None:
        """Nothing is made: neither a batch nor a draft, and the message may come again."""
        await put(house, ONE, TWO)
        with pytest.raises(UsageError) as error:
            await house.call(ONE, TWO)
        assert (problem_of(error), error.value.limit) == (Problem.ALL_DO_NOT_CALL, 2)
        assert await house.latest(9) == []
        assert await house.database.read(lambda tx: tx.drafts.by_id(1)) is None

    async def test_a_draft_that_is_changed(self, house: House, office: Office) -> None:
        """What has come on the list since goes at the next change; who was left out stays out."""
        asked = await office.draft(ONE, TWO, THREE)
        await put(house, TWO)
        changed = await house.launches.change(
            asked.token, lambda c: replace(c, retry_count=2), by=ANN
        )
        assert (changed.content.numbers, changed.content.do_not_call) == ((ONE, THREE), (TWO,))
        await put(house, THREE)
        again = await house.launches.change(changed.token, lambda c: c, by=ANN)
        assert (again.content.numbers, again.content.do_not_call) == ((ONE,), (TWO, THREE))
        assert again.content.asks.count(Ask.DO_NOT_CALL) == 1
        await put(house, ONE)
        with pytest.raises(UsageError):
            await house.launches.change(again.token, lambda c: c, by=ANN)

    async def test_a_confirm_asks_anew(self, house: House, office: Office) -> None:
        """A number that came on the list since the card was shown is not called by a tap on it."""
        asked = await office.draft(ONE, TWO)
        await put(house, TWO)
        again = await confirm(house, asked)
        assert content(again).do_not_call == (TWO,)
        assert await house.latest(9) == []
        assert isinstance(await confirm(house, again), Launched)
        await house.step()
        assert called(house) == [ONE]

    async def test_a_confirm_of_nobody(self, house: House, office: Office) -> None:
        """Where all of them came on the list, the tap is refused and the draft stays."""
        asked = await office.draft(ONE)
        await put(house, ONE)
        with pytest.raises(UsageError) as error:
            await confirm(house, asked)
        assert problem_of(error) is Problem.ALL_DO_NOT_CALL
        draft = await house.database.read(lambda tx: tx.drafts.get(asked.token))
        assert draft is not None
        assert draft.state is DraftState.OPEN

    async def test_what_joins(self, house: House, office: Office) -> None:
        """What joins a draft is looked up as well; a draft of nobody is cancelled."""
        asked = await office.draft(ONE)
        await put(house, TWO)
        joined = await house.launches.add(
            asked.draft_id, lambda c: replace(c, numbers=(ONE, TWO)), by=ANN
        )
        assert (joined.content.numbers, joined.content.do_not_call) == ((ONE,), (TWO,))
        await put(house, ONE)
        with pytest.raises(UsageError):
            await house.launches.add(joined.draft_id, lambda c: c, by=ANN)
        draft = await house.database.read(lambda tx: tx.drafts.get(joined.token))
        assert draft is not None
        assert draft.state is DraftState.CANCELLED

    async def test_a_draft_that_is_made_again(self, house: House, office: Office) -> None:
        """An expired draft is made again without who came on the list."""
        asked = await office.draft(ONE, TWO)
        house.clock.jump(3600)
        await house.database.write(lambda tx: tx.drafts.expire(house.clock()))
        await put(house, TWO)
        remade = await house.launches.remake(asked.token, by=ANN)
        assert (remade.content.numbers, remade.content.do_not_call) == ((ONE,), (TWO,))

    async def test_too_many_are_all_kept(self, house: House) -> None:
        """Numbers that are only kept, to become a list, are kept as they are."""
        await put(house, TWO)
        kept = await house.launches.keep(
            house.launches.blank(numbers=(ONE, TWO), above=1),
            by=ANN,
            place=ROOM,
            asked_by=house.next_message(),
        )
        assert kept.content.numbers == (ONE, TWO)
        house.clock.jump(3600)
        await house.database.write(lambda tx: tx.drafts.expire(house.clock()))
        again = await house.launches.remake(kept.token, by=ANN)
        assert again.content.numbers == (ONE, TWO)

    async def test_call_me_first(self, house: House, office: Office) -> None:
        """An own number that is on the list is not called."""
        await house.database.write(lambda tx: tx.choices.share_number(ANN.id, THREE))
        await house.database.write(lambda tx: tx.choices.share_number(BEN.id, ONE))
        await put(house, THREE)
        asked = await office.draft(ONE)
        await house.launches.check_first((await office.draft(TWO, by=BEN)).token, by=BEN)
        for attempt in (house.launches.check_first, house.launches.first):
            with pytest.raises(UsageError) as error:
                await attempt(asked.token, by=ANN)
            assert problem_of(error) is Problem.YOU_DO_NOT_CALL
        assert await house.latest(9) == []

    async def test_a_saved_launch(self, house: House, office: Office) -> None:
        """Saved from a draft that leaves somebody out it keeps its list, and leaves out anew."""
        saved = SavedLaunches(
            database=house.database, blank=house.launches.blank, max_numbers=9, clock=house.clock
        )
        await house.database.write(
            lambda tx: tx.voices.add(VOICE, "Shift", "shift", by=ANN, now=house.clock())
        )
        list_id = await office.list_of(ONE, TWO)
        await put(house, TWO)
        asked = await office.draft(ONE, TWO, list_ref=list_id, list_name="Drivers")
        recipe = await saved.recipe(asked.token, by=ANN)
        assert recipe.number_list is not None
        assert recipe.number_list.id == list_id


class TestFollowUps:
    """*Try again* and *Redial* leave out who is on the list, and look again at the confirm."""

    async def refused(self, house: House) -> int:
        """A batch of two that surely did not ring."""
        house.board.script.extend([not_connected] * 3)
        batch_id = await house.launch(2)
        for _ in range(3):
            await house.step()
            await asyncio.sleep(10)
        assert await house.states(batch_id) == [S.UNSENT]
        return batch_id

    async def test_try_again(self, house: House) -> None:
        """Its draft leaves out who is on the list."""
        batch_id = await self.refused(house)
        await put(house, TWO)
        asked = await house.try_again(batch_id)
        assert (content(asked).numbers, content(asked).do_not_call) == ((ONE,), (TWO,))
        house.board.posts.clear()
        await confirm(house, asked)
        await house.step()
        assert called(house) == [ONE]

    async def test_try_again_of_nobody(self, house: House) -> None:
        """Where all are on the list no draft is made."""
        batch_id = await self.refused(house)
        await put(house, ONE, TWO)
        with pytest.raises(UsageError) as error:
            await house.try_again(batch_id)
        assert problem_of(error) is Problem.ALL_DO_NOT_CALL

    async def test_a_try_again_asks_anew(self, house: House) -> None:
        """Who came on the list since its card was shown is told of before anything goes out."""
        batch_id = await self.refused(house)
        asked = await house.try_again(batch_id)
        await put(house, TWO)
        again = await confirm(house, asked)
        assert (content(again).numbers, content(again).do_not_call) == ((ONE,), (TWO,))
        assert content(again).asks == (Ask.TRY_AGAIN, Ask.DO_NOT_CALL)
        assert isinstance(await confirm(house, again), Launched)

    async def test_a_redial(self, house: House) -> None:
        """Its draft leaves out who is on the list, and so does its confirm."""
        house.board.script.append(
            lambda post: accepted(
                [house.board.place(n, at=post.at, status="NO_ANSWER") for n in post.numbers]
            )
        )
        batch_id = await house.launch(2)
        await house.step()
        repeats = Repeats(database=house.database, launches=house.launches)
        asked_by = house.next_message()
        asked = await repeats.redial(batch_id, REDIALLED, by=ANN, place=ROOM, asked_by=asked_by)
        await put(house, TWO)
        again = await confirm(house, asked)
        assert (content(again).numbers, content(again).do_not_call) == ((ONE,), (TWO,))
        await put(house, ONE)
        with pytest.raises(UsageError):
            await confirm(house, again)


class TestSchedules:
    """A due time leaves out who is on the list then, and asks where nobody is left."""

    async def test_a_due_time(self, house: House, office: Office) -> None:
        """Who came on the list after it was planned is left out, and its board says so."""
        asked = await office.draft(ONE, TWO)
        await office.plan(asked, When(at=AT))
        await put(house, TWO)
        await office.until(AT)
        await house.step()
        assert called(house) == [ONE]
        run = await office.run()
        assert run is not None
        assert (run.do_not_call, run.added, run.removed) == (1, 0, 0)

    async def test_a_weekly_one_reads_its_list(self, house: House, office: Office) -> None:
        """Who is on the do-not-call list has not left the list that it reads, nor joined it."""
        await put(house, TWO)
        list_id = await office.list_of(ONE, TWO)
        asked = await office.draft(ONE, TWO, list_ref=list_id, list_name="Drivers")
        assert content(asked).do_not_call == (TWO,)
        when = When(weekdays=EVERY_DAY, minute=480)
        schedule = await office.plan(asked, when, reads_list=True)
        await put(house, ONE)
        due = await office.due(schedule.id)
        assert due.trouble is Why.ALL_DO_NOT_CALL
        assert (due.content.numbers, set(due.content.do_not_call)) == ((), {ONE, TWO})
        assert (due.added, due.removed) == (0, 0)

    async def test_nobody_is_left(self, house: House, office: Office) -> None:
        """Where all are on the list it asks in place of launching."""
        schedule = await office.plan(await office.draft(ONE), When(at=AT))
        await put(house, ONE)
        await office.until(AT)
        asking = await office.get(schedule.id)
        assert (asking.state, asking.asked_why) == (ScheduleState.ASKING, Why.ALL_DO_NOT_CALL)
        assert await office.batches() == []


class TestClaims:
    """Whoever is on the list when a number would be sent is skipped, whatever was planned."""

    async def test_between_confirm_and_claim(self, house: House) -> None:
        """A number that comes on the list after the launch is never POSTed."""
        batch_id = await house.launch(2)
        await put(house, TWO)
        await house.step()
        assert called(house) == [ONE]
        _, skipped = await house.calls(batch_id)
        assert (skipped.status, skipped.skip_reason) == (
            CallStatus.SKIPPED,
            SkipReason.DO_NOT_CALL,
        )
        view = await house.database.read(lambda tx: batch_view(tx, batch_id))
        assert view is not None
        assert view.skipped == {SkipReason.DO_NOT_CALL: 1}
        last = await house.database.read(lambda tx: tx.audit.last())
        assert last is not None
        assert (last.deed, last.about, last.by_id, last.after) == (
            *(Deed.SKIPPED, f"b{batch_id}", 0),
            "one number on the do-not-call list",
        )

    async def test_before_a_second_attempt(self, house: House) -> None:
        """What was surely not sent is looked up again before it is tried again."""
        house.board.script.append(not_connected)
        batch_id = await house.launch(2)
        await house.step()
        assert called(house) == [ONE, TWO]
        await put(house, ONE)
        await asyncio.sleep(10)
        await house.step()
        assert [post.numbers for post in house.board.posts] == [(ONE, TWO), (TWO,)]
        assert await house.states(batch_id) == [S.ACCEPTED]

    async def test_all_of_a_batch(self, house: House) -> None:
        """Nothing is POSTed, its parts are cancelled, and it has ended; its end is due."""
        batch_id = await house.launch(3)
        await put(house, ONE, TWO, THREE)
        for _ in range(3):
            await house.step()
        assert called(house) == []
        assert await house.states(batch_id) == [S.CANCELLED, S.CANCELLED]
        assert (await house.batch(batch_id)).state is BatchState.FINISHED

        def end(tx: Stores) -> object:
            return tx.reports.get(batch_id, ReportKind.END)

        assert await house.database.read(end) is not None
        ended = await house.database.read(lambda tx: summary(tx, batch_id))
        assert ended is not None
        assert ended.view.skipped == {SkipReason.DO_NOT_CALL: 3}
        assert ended.view.over
        again = await house.database.read(lambda tx: tx.submissions.to_try_again(batch_id))
        assert again == []

    async def test_one_part_of_several(self, house: House) -> None:
        """A part of which all are skipped lets the next ones go on."""
        batch_id = await house.launch(3)
        await put(house, ONE, TWO)
        for _ in range(3):
            await house.step()
        assert called(house) == [THREE]
        assert await house.states(batch_id) == [S.CANCELLED, S.ACCEPTED]

    async def test_taken_off_in_time(self, house: House, dnc: DoNotCallList) -> None:
        """Who was taken off before the claim is called."""
        await house.launch(1)
        await put(house, ONE)
        await dnc.remove(ONE, "agreed", by=BEN, chat_id=5)
        await house.step()
        assert called(house) == [ONE]

    async def test_a_follow_up(self, house: House) -> None:
        """A confirmed *Try again* skips whoever came on the list since."""
        batch_id = await TestFollowUps().refused(house)
        house.board.posts.clear()
        await confirm(house, await house.try_again(batch_id))
        await put(house, ONE)
        await house.step()
        assert called(house) == [TWO]
        with pytest.raises((AlreadyDoneError, ExpiredError)):
            await house.try_again(batch_id)
