"""Whatever a service changes is one entry in the audit: who, where, what, before and after."""

import ast
import re
from collections.abc import Awaitable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import bot
from bot.calling.archive import Archive
from bot.calling.audit import PROGRAM, Deed
from bot.calling.decisions import Verdict
from bot.calling.denials import ONCE_IN, REMEMBERED, Denials
from bot.calling.do_not_call import DoNotCallList
from bot.calling.due import ASKS_FOR
from bot.calling.errors import CallingError
from bot.calling.favourites import Favourites
from bot.calling.launches import Asked, Defaults
from bot.calling.list_changes import ListChanges
from bot.calling.lists import Given, Lists
from bot.calling.moments import local
from bot.calling.own_number import OwnNumbers
from bot.calling.rights import Role
from bot.calling.rules import HELD_AT_MOST
from bot.calling.saved import SavedLaunches
from bot.calling.scheduler import LATE
from bot.calling.schedules import When
from bot.calling.voices import Voices
from storage.audit_chain import walk
from storage.errors import StorageError
from storage.models import AuditEntry, Panel, PauseReason, Person, SampleKind
from tests.calling.house import ANN, BEN, ROOM, VOICE, Fault, House, numbers
from tests.calling.switchboard import cut, not_connected, refusal, refuse
from tests.calling.test_evidence import unknown
from tests.calling.test_schedules import AT, HOUR, Office

CHAT = -200  # from which it is said, which need not be the one in which it was asked for
ID = "f" * 32
Row = tuple[Deed, str, Person, int | None, str | None, str | None]


@pytest.fixture
def defaults() -> Defaults:
    """Two numbers to a POST, and no first wave."""
    return Defaults(per_post=2)


async def all_of(house: House) -> list[AuditEntry]:
    """Every entry, the oldest first."""
    return await house.database.read(lambda tx: list(tx.audit.chain()))


async def told(house: House, deed: Awaitable[Any]) -> list[Row]:
    """What a deed adds to the audit; the chain is whole behind it."""
    before = len(await all_of(house))
    await deed
    found = await all_of(house)
    assert walk(found).fault is None
    return [
        (
            Deed(entry.deed),
            entry.about,
            Person(id=entry.by_id, name=entry.by_name),
            entry.chat_id,
            entry.before,
            entry.after,
        )
        for entry in found[before:]
    ]


async def test_voices(house: House) -> None:
    """Added, renamed, heard, removed; a default voice is its owner's own."""
    voices = Voices(database=house.database, clock=house.clock)
    by: dict[str, Any] = {"by": ANN, "chat_id": CHAT}
    assert await told(house, voices.add(VOICE, "Shift", **by)) == [
        (Deed.VOICE_ADDED, "voice 1", ANN, CHAT, None, "Shift")
    ]
    assert await told(house, voices.rename(1, "Night", **by)) == [
        (Deed.VOICE_RENAMED, "voice 1", ANN, CHAT, "Shift", "Night")
    ]
    assert await told(house, voices.attach(VOICE, "file", SampleKind.VOICE, **by)) == [
        (Deed.VOICE_SAMPLED, "voice 1", ANN, CHAT, None, "Night")
    ]
    assert await told(house, voices.choose(1, by=ANN, chosen=True)) == []
    assert await told(house, voices.remove(1, **by)) == [
        (Deed.VOICE_REMOVED, "voice 1", ANN, CHAT, "Night", None)
    ]


async def test_lists(house: House) -> None:
    """Every change of a list, with how many numbers it had and has; never which."""
    changes = ListChanges(database=house.database, clock=house.clock)
    by: dict[str, Any] = {"by": ANN, "chat_id": CHAT}
    two, other = Given(numbers=numbers(2)), Given(numbers=numbers(2, 2))
    assert await told(house, changes.create("Shops", two, **by)) == [
        (Deed.LIST_CREATED, "list 1", ANN, CHAT, None, "Shops, 2 numbers")
    ]
    sizes = ("Shops, 2 numbers", "Shops, 3 numbers")
    assert await told(house, changes.add(1, 0, other, **by)) == [
        (Deed.LIST_ADDED, "list 1", ANN, CHAT, *sizes)
    ]
    version = await version_of(house, 1)
    assert await told(house, changes.undo(1, version, page=1, **by)) == [
        (Deed.LIST_UNDONE, "list 1", ANN, CHAT, *sizes[::-1])
    ]
    version = await version_of(house, 1)
    assert await told(house, changes.take_off(1, version, 1, page=1, **by)) == [
        (Deed.LIST_TAKEN_OFF, "list 1", ANN, CHAT, "Shops, 2 numbers", "Shops, one number")
    ]
    version = await version_of(house, 1)
    assert await told(house, changes.rename(1, version, "Stores", **by)) == [
        (Deed.LIST_RENAMED, "list 1", ANN, CHAT, "Shops", "Stores")
    ]
    await changes.create("Night", other, **by)
    source, target = (1, await version_of(house, 1)), (2, await version_of(house, 2))
    assert await told(house, changes.merge(source, target, **by)) == [
        (
            Deed.LIST_MERGED,
            "list 1",
            ANN,
            CHAT,
            "Stores, one number",
            "Night (list 2), 2 numbers",
        )
    ]
    version = await version_of(house, 2)
    lists = Lists(database=house.database, max_numbers=9, clock=house.clock)
    look = await lists.look(2)
    assert await told(house, lists.taken_out(look.list, by=BEN, chat_id=CHAT)) == [
        (Deed.EXPORTED, "list 2", BEN, CHAT, None, "Night, 2 numbers")
    ]
    assert await told(house, changes.remove(2, version, **by)) == [
        (Deed.LIST_REMOVED, "list 2", ANN, CHAT, "Night, 2 numbers", None)
    ]


async def version_of(house: House, list_id: int) -> int:
    """As a button would name it."""
    found = await house.database.read(lambda tx: tx.lists.get(list_id))
    assert found is not None
    return found.version


async def test_what_is_refused_changes_nothing(house: House) -> None:
    """A change that did not come about is no entry."""
    changes = ListChanges(database=house.database, clock=house.clock)
    await changes.create("Shops", Given(numbers=numbers(2)), by=ANN)

    async def refused() -> None:
        for deed in (
            changes.create("shops", Given(numbers=numbers(1)), by=ANN),
            changes.rename(1, 99, "X", by=BEN),
            changes.take_off(1, await version_of(house, 1), 77, page=1, by=ANN),
            house.decisions.stop(99, by=ANN),
        ):
            with pytest.raises(CallingError):
                await deed

    assert await told(house, refused()) == []


async def test_saved_launches_and_panels(house: House) -> None:
    """Saved, renamed, removed, and the group's panel; favourites are their owner's own."""
    saved = SavedLaunches(
        database=house.database,
        blank=house.launches.blank,
        max_numbers=9,
        clock=house.clock,
    )
    await Voices(database=house.database).add(VOICE, "Shift", by=ANN)
    content = house.launches.blank(voice=VOICE, voice_name="Shift", numbers=numbers(3))
    asked = await house.launches.draft(content, by=ANN, place=ROOM, asked_by="test")
    assert isinstance(asked, Asked)
    tokens: list[str] = []

    async def save() -> None:
        tokens.append(await saved.save(asked.token, "Ours", by=ANN, chat_id=CHAT))

    assert await told(house, save()) == [
        (Deed.LAUNCH_SAVED, "launch 1", ANN, CHAT, None, "Ours, 3 numbers")
    ]
    [token] = tokens
    assert await told(house, saved.rename(token, "Theirs", by=BEN, chat_id=CHAT)) == [
        (Deed.LAUNCH_RENAMED, "launch 1", BEN, CHAT, "Ours", "Theirs")
    ]
    favourites = Favourites(house.database, house.clock)
    assert await told(house, favourites.add(token, ANN.id)) == []
    panel = Panel(chat_id=CHAT, thread_id=4, message_id=1, user_id=BEN.id)
    assert await told(house, favourites.replace_panel(panel, by=BEN)) == [
        (Deed.PANEL_POSTED, "panel of topic 4", BEN, CHAT, None, None)
    ]
    assert await told(house, saved.remove(token, by=BEN, chat_id=CHAT)) == [
        (Deed.LAUNCH_REMOVED, "launch 1", BEN, CHAT, "Theirs", None)
    ]


async def test_own_number(house: House) -> None:
    """That it was shared and forgotten, and nothing of the number itself."""
    own = OwnNumbers(database=house.database, reader=house.reader, clock=house.clock)
    assert await told(house, own.share("989120000001", by=ANN)) == [
        (Deed.NUMBER_SHARED, "u1", ANN, ANN.id, None, None)
    ]
    assert await told(house, own.forget(by=ANN)) == [
        (Deed.NUMBER_FORGOTTEN, "u1", ANN, ANN.id, None, None)
    ]


class TestBatches:
    """From the launch to the end, by people and by the rules."""

    async def test_a_launch(self, house: House) -> None:
        """One entry, whatever comes of it if all goes well; what it follows stands in it."""
        assert await told(house, house.call(*numbers(3))) == [
            (Deed.LAUNCHED, "b1", ANN, ROOM.chat_id, None, f"3 numbers, voice {VOICE}")
        ]
        assert await told(house, house.step()) == []

    async def test_a_follow_up(self, house: House) -> None:
        """A follow-up says of which batch."""
        house.board.script.append(refuse)
        await house.launch(2)
        await house.step()
        asked = await house.try_again(1)
        assert isinstance(asked, Asked)
        assert await told(house, house.launches.confirm(asked.token, by=ANN, message_id=5)) == [
            (
                Deed.LAUNCHED,
                "b2",
                ANN,
                ROOM.chat_id,
                None,
                f"2 numbers, voice {VOICE}, try again of b1",
            )
        ]

    async def test_a_person_decides(self, house: House) -> None:
        """Held, sent on, stopped, and from which chat."""
        await house.launch(6)
        decisions = house.decisions
        assert await told(house, decisions.hold(1, by=BEN, chat_id=CHAT)) == [
            (Deed.HELD, "b1", BEN, CHAT, None, "person")
        ]
        assert await told(house, decisions.send_rest(1, 1, by=BEN, chat_id=ROOM.chat_id)) == [
            (Deed.SENT_ON, "b1", BEN, ROOM.chat_id, "held: person", None)
        ]
        assert await told(house, decisions.stop(1, by=BEN, chat_id=CHAT)) == [
            (Deed.STOPPED, "b1", BEN, CHAT, None, None)
        ]

    async def test_undo(self, house: House) -> None:
        """What was taken back before anybody was called is another deed than a stop."""
        await house.launch(2)
        assert await told(house, house.decisions.stop(1, by=ANN, undo=True, chat_id=CHAT)) == [
            (Deed.UNDONE, "b1", ANN, CHAT, None, None)
        ]

    async def test_the_gateway_refuses(self, house: House) -> None:
        """Its code, and that the rest is held for it by the program itself."""
        house.board.script.append(refuse)
        await house.launch(4)
        [refused, held] = await told(house, house.step())
        assert refused[:4] == (Deed.GATEWAY_REFUSED, "b1", PROGRAM, None)
        assert (refused[5] or "").startswith("part 1, ")
        assert held == (Deed.HELD, "b1", PROGRAM, None, None, "refused")

    @pytest.mark.parametrize(
        ("verdict", "deed"),
        [
            (Verdict.RANG, Deed.RANG),
            (Verdict.DID_NOT_RING, Deed.DID_NOT_RING),
            (Verdict.LEAVE, Deed.LEFT),
        ],
    )
    async def test_an_unknown_is_resolved(
        self, house: House, verdict: Verdict, deed: Deed
    ) -> None:
        """That a part became unknown and why, and what a person said of it."""
        house.board.script.append(cut)
        await house.launch(2)
        [unknown] = await told(house, house.step())
        assert unknown[:4] == (Deed.BECAME_UNKNOWN, "b1", PROGRAM, None)
        assert (unknown[5] or "").startswith("part 1, ")
        decide = house.decisions.decide(1, verdict, by=BEN, chat_id=CHAT)
        assert await told(house, decide) == [(deed, "b1", BEN, CHAT, None, "part 1")]

    async def test_ids(self, house: House) -> None:
        """Ids that a person gives, and that the program set one aside that nobody knows."""
        house.board.script.append(cut)
        await house.launch(2)
        await house.step()
        desk = house.evidence
        given = await desk.give(1, ID, by=BEN, chat_id=CHAT)
        entries = await all_of(house)
        assert (entries[-1].deed, entries[-1].after) == (Deed.IDS_GIVEN, "part 1, 1 ids")
        assert (entries[-1].by_name, entries[-1].chat_id) == ("Ben", CHAT)
        assert await told(house, desk.settle(given)) == [
            (Deed.IDS_DISAGREE, f"call {ID}", PROGRAM, None, None, "not found")
        ]

    async def test_an_id_that_fits(self, house: House) -> None:
        """The program adopts it; an id that is all digits looks like a number, and is masked."""
        await unknown(house, 1)
        call = house.board.place(numbers(1)[0])
        given = await house.evidence.give(1, call["id"], by=BEN)
        assert await told(house, house.evidence.settle(given)) == [
            (Deed.IDS_ADOPTED, "b1", PROGRAM, None, None, f"part 1, call …{call['id'][-4:]}")
        ]

    async def test_an_id_that_fits_two(self, house: House) -> None:
        """A person picks which of them; that is theirs."""
        await unknown(house, 1)
        await unknown(house, 1, voice="e" * 32)
        call = house.board.place(numbers(1)[0])
        given = await house.evidence.give(1, call["id"], by=BEN)
        assert await told(house, house.evidence.settle(given)) == []
        assert await told(house, house.evidence.pick(1, 2, by=ANN, chat_id=CHAT)) == [
            (Deed.IDS_PICKED, "b2", ANN, CHAT, None, f"part 1, call …{call['id'][-4:]}")
        ]

    async def test_never_sent(self, house: House) -> None:
        """Three attempts that surely did not reach the gateway are one entry."""
        house.board.script.extend([not_connected] * 3)
        await house.launch(2)
        rows: list[Row] = []
        for _ in range(4):
            rows += await told(house, house.step())
            await house.pass_time(11.0)
        assert [(row[0], row[1], row[2]) for row in rows] == [(Deed.NOT_SENT, "b1", PROGRAM)]

    async def test_killed_under_way(self, house: House) -> None:
        """What was on its way when the process died is unknown at the next start, by itself."""
        house.database.faults.extend([None, Fault.DIES_AFTER])
        await house.launch(2)
        with pytest.raises(StorageError):
            await house.step()
        async with house.after_kill() as after:
            *_, unknown = await all_of(after)
            assert (unknown.deed, unknown.by_name) == (Deed.BECAME_UNKNOWN, "Callboard")
            assert unknown.after == "part 1, interrupted"

    async def test_held_too_long(self, house: House) -> None:
        """After a day a batch that is held is stopped, and the program says so."""
        await house.launch(6)
        await house.decisions.hold(1, by=ANN)
        house.clock.jump(HELD_AT_MOST)
        assert await told(house, house.step()) == [
            (Deed.STOPPED, "b1", PROGRAM, None, None, "held too long")
        ]


async def test_pauses(house: House) -> None:
    """Paused by what, cured by whom; a reason that holds already is no second entry."""
    house.board.script.append(lambda _: refusal(401, "x"))
    await house.launch(2)
    rows = await told(house, house.step())
    assert rows[-1] == (Deed.PAUSED, "unauthorised", PROGRAM, None, None, "HTTP 401")
    assert await told(house, house.pauses.check(BEN, CHAT)) == [
        (Deed.UNPAUSED, "unauthorised", BEN, CHAT, None, None)
    ]
    await house.database.write(
        lambda tx: tx.pauses.begin(PauseReason.RESTORED, "older", house.clock())
    )
    [pause] = await house.pauses.current()
    assert await told(house, house.pauses.go_on(pause.id, by=ANN, chat_id=CHAT)) == [
        (Deed.UNPAUSED, "restored", ANN, CHAT, None, None)
    ]


class TestSchedules:
    """Planned, moved, skipped, cancelled, asked about, met."""

    @pytest.fixture
    def office(self, house: House) -> Office:
        """What members do, and the worker that meets due times."""
        return Office.on(house, house.rights)

    async def test_a_plan(self, house: House, office: Office) -> None:
        """What a person does with a schedule, with the times in words."""
        assert await told(house, office.once()) == [
            (Deed.PLANNED, "schedule 1", ANN, ROOM.chat_id, None, f"2 numbers, {said(AT)}")
        ]
        by: dict[str, Any] = {"by": ANN, "chat_id": CHAT}
        revision = (await office.get(1)).revision
        move = office.schedules.move(1, revision, When(at=AT + HOUR), **by)
        assert await told(house, move) == [
            (Deed.PLAN_MOVED, "schedule 1", ANN, CHAT, said(AT), said(AT + HOUR))
        ]
        revision = (await office.get(1)).revision
        assert await told(house, office.schedules.cancel(1, revision, **by)) == [
            (Deed.PLAN_CANCELLED, "schedule 1", ANN, CHAT, said(AT + HOUR), None)
        ]

    async def test_a_weekly_one(self, house: House, office: Office) -> None:
        """One of its times is left out; the launch by itself names the schedule."""
        await office.weekly(*numbers(2))
        schedule = await office.get(1)
        skip = office.schedules.skip(1, schedule.revision, by=ANN, chat_id=CHAT)
        assert await told(house, skip) == [
            (Deed.PLAN_SKIPPED, "schedule 1", ANN, CHAT, said(schedule.due_at), None)
        ]
        due_at = (await office.get(1)).due_at
        [launched] = await told(house, office.until(due_at))
        assert launched[:4] == (Deed.LAUNCHED, "b1", ANN, ROOM.chat_id)
        assert launched[5] == f"2 numbers, voice {VOICE}, list Drivers, schedule 1"

    async def test_a_question(self, house: House, office: Office) -> None:
        """What the program asks about, and that nobody answered."""
        await office.once()
        assert await told(house, office.until(AT, late=LATE + 1)) == [
            (Deed.PLAN_ASKED, "schedule 1", PROGRAM, None, None, "late")
        ]
        assert await told(house, office.until(AT, late=LATE + 2 + ASKS_FOR)) == [
            (Deed.PLAN_LAPSED, "schedule 1", PROGRAM, None, None, None)
        ]

    async def test_a_question_of_a_clock_that_was_ahead(
        self, house: House, office: Office
    ) -> None:
        """It is withdrawn."""
        await office.once()
        await office.until(AT, late=HOUR)
        house.clock.jump(-2 * HOUR)
        assert await told(house, office.scheduler.step()) == [
            (Deed.PLAN_WITHDRAWN, "schedule 1", PROGRAM, None, None, None)
        ]


def said(at: float) -> str:
    """A time as an entry has it."""
    return f"{local(at, ZoneInfo('Asia/Tehran')):%Y-%m-%d %H:%M}"


async def test_data_that_leaves(house: House) -> None:
    """Who took which calls in which form."""
    archive = Archive(database=house.database, timezone=ZoneInfo("Asia/Tehran"), clock=house.clock)
    assert await told(house, archive.taken_out("b1", "csv", by=BEN, chat_id=CHAT)) == [
        (Deed.EXPORTED, "b1", BEN, CHAT, None, "csv")
    ]


class TestDenials:
    """A member who may not is in the audit, as well as it can be."""

    async def deny(
        self, denials: Denials, what: str = "/unpause", update_id: int | None = None
    ) -> bool:
        """Ben tries what needs an admin."""
        return await denials.note(
            what,
            by=BEN,
            role=Role.LAUNCHER,
            needs=Role.ADMIN,
            chat_id=CHAT,
            update_id=update_id,
        )

    async def test_one_entry(self, house: House) -> None:
        """What they tried, with which role, and what it needs."""
        denials = Denials(database=house.database, clock=house.clock)
        assert await told(house, self.deny(denials)) == [
            (Deed.TURNED_AWAY, "/unpause", BEN, CHAT, None, "launcher, needs admin")
        ]

    async def test_an_update_that_came_before(self, house: House) -> None:
        """It is marked in the transaction of its entry, and neither written nor answered again."""
        denials = Denials(database=house.database, clock=house.clock)
        assert await self.deny(denials, update_id=7)
        again = Denials(database=house.database, clock=house.clock)  # after a restart
        assert not await self.deny(again, update_id=7)
        assert len(await all_of(house)) == 1
        house.database.faults.append(Fault.BEFORE)
        assert await self.deny(again, "/audit", update_id=8)  # answered, and in neither
        assert len(await all_of(house)) == 1
        assert await house.database.write(lambda tx: tx.updates.take(8, house.clock()))

    async def test_a_repeat_is_counted(self, house: House) -> None:
        """Within a minute one entry; the next one says how often it was tried in between."""
        now = [house.clock()]
        denials = Denials(database=house.database, clock=lambda: now[0])
        for update_id in (None, None, 7, 8):
            assert await self.deny(denials, "button stop", update_id)
        assert not await self.deny(denials, "button stop", 8)
        assert await self.deny(denials, "button hold")
        assert [entry.about for entry in await all_of(house)] == ["button stop", "button hold"]
        now[0] += ONCE_IN
        assert await self.deny(denials, "button stop")
        last = (await all_of(house))[-1]
        assert last.after == "launcher, needs admin, tried 4 times more before"

    async def test_what_is_remembered_is_bounded(self, house: House) -> None:
        """Of many different ones the first is forgotten, and written again."""
        denials = Denials(database=house.database, clock=house.clock)
        for n in range(REMEMBERED + 1):
            await self.deny(denials, f"button {n}")
        await self.deny(denials, "button 0")
        assert len(await all_of(house)) == REMEMBERED + 2

    async def test_a_record_that_refuses(self, house: House) -> None:
        """The refusal stands, and nothing fails, if the entry cannot be written."""
        denials = Denials(database=house.database, clock=house.clock)
        house.database.faults.append(Fault.DISK)
        assert await told(house, self.deny(denials)) == []
        assert len(await told(house, self.deny(denials))) == 1


async def test_an_entry_belongs_to_its_deed(house: House) -> None:
    """What was not committed has no entry; what was, has one, whatever the caller was told."""
    await house.launch(6)
    for fault, more in ((Fault.BEFORE, 0), (Fault.DISK, 0), (Fault.AFTER, 1)):
        before = len(await all_of(house))
        house.database.faults.append(fault)
        with pytest.raises(StorageError):
            await house.decisions.hold(1, by=ANN)
        held = (await house.batch(1)).hold_no
        assert (len(await all_of(house)) - before, held) == (more, more)


async def test_no_full_number(house: House) -> None:
    """Of the numbers of a long story none stands in any entry, however it was written.

    Launched, refused, unknown, decided, stopped, in lists and their names, on the do-not-call
    list with another one in the reason, shared as one's own, planned, and denied.
    """
    called = numbers(12)
    house.board.script.extend([refuse, cut])
    for two in (called[:2], called[2:4], called[4:10]):
        await house.call(*two)
        await house.step()
    await house.decisions.decide(2, Verdict.RANG, by=BEN, chat_id=CHAT)
    await house.decisions.stop(3, by=BEN, chat_id=CHAT)
    changes = ListChanges(database=house.database, clock=house.clock)
    await changes.create(f"of {called[0]}", Given(numbers=called[:3]), by=ANN)
    version = await version_of(house, 1)
    await changes.take_off(1, version, 1, page=1, by=ANN, chat_id=CHAT)
    version = await version_of(house, 1)
    await changes.rename(1, version, f"Of {national(called[1])}", by=ANN, chat_id=CHAT)
    blocked = DoNotCallList(database=house.database, reader=house.reader, clock=house.clock)
    await blocked.add([called[10]], f"called from {national(called[11])}", by=BEN, chat_id=CHAT)
    await blocked.remove(called[10], f"ask {called[11]}", by=BEN, chat_id=CHAT)
    own = OwnNumbers(database=house.database, reader=house.reader, clock=house.clock)
    await own.share(called[11], by=BEN)
    office = Office.on(house, house.rights)
    await office.once()
    await Denials(database=house.database, clock=house.clock).note(
        f"/call {national(called[0])}",
        by=BEN,
        role=Role.VIEWER,
        needs=Role.LAUNCHER,
        chat_id=CHAT,
    )
    entries = await all_of(house)
    deeds = {entry.deed for entry in entries}
    assert deeds >= {
        *(Deed.LAUNCHED, Deed.GATEWAY_REFUSED, Deed.BECAME_UNKNOWN, Deed.RANG, Deed.STOPPED),
        *(Deed.LIST_CREATED, Deed.LIST_TAKEN_OFF, Deed.LIST_RENAMED, Deed.DO_NOT_CALL_ADDED),
        *(Deed.DO_NOT_CALL_REMOVED, Deed.NUMBER_SHARED, Deed.PLANNED, Deed.TURNED_AWAY),
    }
    for number in called:
        for entry in entries:
            assert number[-9:] not in re.sub(
                r"\D", "", f"{entry.about}{entry.before}{entry.after}"
            )


def national(number: str) -> str:
    """As people write it, in parts."""
    return f"0{number[3:6]} {number[6:9]} {number[9:]}"


def written_in(folder: Path, *leave_out: str) -> str:
    """The program's source, without the files that only put deeds into words."""
    return "\n".join(
        path.read_text(encoding="utf-8")
        for path in folder.rglob("*.py")
        if path.name not in leave_out
    )


def asserted_in(folder: Path) -> Iterator[Deed]:
    """The deeds that an `assert` of a test names; by their word only where entries are read.

    A test that asserts its parameter `deed` names all that it is given.
    """
    for path in folder.rglob("test_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tests = (node for node in ast.walk(tree) if isinstance(node, FUNCTIONS))
        for test in tests:
            reads = re.search(r"audit|deed", ast.unparse(test)) is not None
            asserts = [node for node in ast.walk(test) if isinstance(node, ast.Assert)]
            found = [node for one in asserts for node in ast.walk(one)]
            if any(isinstance(node, ast.Name) and node.id == "deed" for node in found):
                found += [node for one in test.decorator_list for node in ast.walk(one)]
            for node in found:
                if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Deed":
                    yield Deed[node.attr]
                elif reads and isinstance(node, ast.Constant) and node.value in WORDS:
                    yield Deed(node.value)


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
WORDS = set(Deed)
ROOT = Path(bot.__file__).parent


@pytest.fixture(scope="module")
def written() -> str:
    """The source of all that may write entries."""
    return written_in(ROOT, "audit.py", "audit_kinds.py", "audit_words.py")


@pytest.fixture(scope="module")
def asserted() -> set[Deed]:
    """What the tests assert entries of."""
    return set(asserted_in(ROOT.parent / "tests"))


@pytest.mark.parametrize("deed", Deed)
def test_every_deed_is_done_and_tested(deed: Deed, written: str, asserted: set[Deed]) -> None:
    """No word stands for something that nothing writes, or that no `assert` of a test names."""
    assert re.search(rf"Deed\.{deed.name}\b", written), "nothing writes it"
    assert deed in asserted, "no test asserts it"
