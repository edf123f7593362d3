"""The second person: what needs one, and that exactly one word counts, at the time it is said."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.calling import approvals
from bot.calling.approving import Approving
from bot.calling.audit import Deed
from bot.calling.audit_trail import parse_subject
from bot.calling.chats import Chats
from bot.calling.decisions import Verdict
from bot.calling.drafts import LIFETIME, Ask, Closed, Content
from bot.calling.due import Why
from bot.calling.errors import (
    AlreadyDoneError,
    ApprovalNeededError,
    AuthorGoneError,
    ChatOffError,
    DrainingError,
    ExpiredError,
    LimitError,
    ManagerNeededError,
    NotYoursError,
    OutsideError,
    OwnApprovalError,
    PausedError,
    WaitsError,
)
from bot.calling.launches import Asked, Defaults, Launched, Waits
from bot.calling.limits import Limit
from bot.calling.outside import NOW, Timing
from bot.calling.planning import Planning
from bot.calling.repeats import Repeats
from bot.calling.rights import Rights
from bot.calling.scheduler import LATE
from bot.calling.window import DAY_MINUTES, Window
from storage.errors import DatabaseBusyError, DiskRefusesError, InvariantError
from storage.models import (
    ApprovalKind,
    AuditEntry,
    CallStatus,
    Draft,
    DraftState,
    PauseReason,
    Person,
    Place,
    Schedule,
    ScheduleState,
    SubmissionState,
)
from storage.stores import Stores
from storage.stores.audit import AuditSearch
from tests.calling.house import ANN, ROOM, VOICE, Fault, House, numbers
from tests.calling.switchboard import Answer, Post, accepted, cut, refuse
from tests.calling.test_schedules import AT, Office
from tests.calling.virtual_time import NOON

MAX, MIA = Person(id=3, name="Max"), Person(id=4, name="Mia")  # managers; Ann is a launcher
TEHRAN = ZoneInfo("Asia/Tehran")
MESSAGE = 9
HOUR = 3600.0


@dataclass(slots=True)
class Team:
    """Who may say what of Ann's drafts."""

    house: House
    approving: Approving

    @classmethod
    async def of(cls, house: House, **limits: int) -> "Team":
        """Two managers, and a second person for more than three numbers, or by these limits."""
        for person in (MAX, MIA):
            await cls.give(house, person, "manager")
        set_to = {"approve_numbers": 3} | limits

        def work(tx: Stores) -> None:
            for name, value in set_to.items():
                tx.limits.put(name, value)

        await house.database.write(work)
        return cls.on(house)

    @classmethod
    def on(cls, house: House) -> "Team":
        """The same team in this life of the program."""
        return cls(
            house,
            Approving(
                database=house.database,
                pauses=house.pauses,
                rights=house.rights,
                signals=house.signals,
                defaults=house.defaults,
                clock=house.clock,
            ),
        )

    @staticmethod
    async def give(house: House, person: Person, role: str) -> None:
        """Give a person a role."""
        await house.database.write(
            lambda tx: tx.members.put(person, role, now=house.clock(), by=MIA)
        )

    async def suspend(self, person: Person) -> None:
        """Suspend a person."""
        now = self.house.clock()
        await self.house.database.write(
            lambda tx: tx.db.execute(
                "INSERT INTO members (user_id, name, role, suspended_at, since, by_id, by_name)"
                " VALUES (?, ?, 'launcher', ?, ?, 4, 'Mia')"
                " ON CONFLICT DO UPDATE SET suspended_at = excluded.suspended_at",
                (person.id, person.name, now, now),
            ).close()
        )

    async def draft(self, count: int = 4, first: int = 1) -> Asked:
        """Ann's draft of so many numbers."""
        asked = await self.house.launches.draft(
            self.house.launches.blank(voice=VOICE, numbers=numbers(count, first)),
            by=ANN,
            place=ROOM,
            asked_by=self.house.next_message(),
        )
        assert isinstance(asked, Asked)
        return asked

    async def wait(self, asked: Asked | None = None, timing: Timing = NOW) -> str:
        """Let Ann confirm a draft that then waits, and return its new token."""
        asked = asked or await self.draft()
        result = await self.house.launches.confirm(
            asked.token, by=ANN, message_id=MESSAGE, timing=timing
        )
        assert result == Waits(draft_id=asked.draft_id)
        return (await self.recorded(asked.draft_id)).token

    async def recorded(self, draft_id: int = 1) -> Draft:
        """A draft as it is recorded."""
        found = await self.house.database.read(lambda tx: tx.drafts.by_id(draft_id))
        assert found is not None
        return found

    async def lapse(self) -> int:
        """What the keeper of the boards does with drafts whose time is over."""
        now = self.house.clock()
        return await self.house.database.write(lambda tx: approvals.lapse(tx, now))

    async def audit(self) -> list[AuditEntry]:
        """Every entry of the audit."""
        return await self.house.database.read(lambda tx: list(tx.audit.chain()))

    async def words(self) -> list[int | None]:
        """The messages in reply to which an author is to be told aloud what became of a draft."""
        behind = await self.house.database.read(lambda tx: tx.approvals.behind())
        return [ask.reply_to for ask in behind if ask.kind is ApprovalKind.WORD]

    async def take_off(self) -> None:
        """Take the group off in which everything of these tests is asked."""
        chats = Chats(database=self.house.database, clock=self.house.clock)
        assert await chats.forbid(ROOM.chat_id, by=MAX, said_in=MAX.id)

    async def untouched(self, token: str) -> None:
        """Nothing was launched, and the draft still waits."""
        assert await self.house.latest(1) == []
        draft = await self.house.database.read(lambda tx: tx.drafts.get(token))
        assert draft is not None
        assert approvals.waits(draft)


@pytest.fixture
def defaults() -> Defaults:
    """Large launches can be undone for ten seconds."""
    return Defaults(confirm_above=2, undo_seconds=10.0)


@pytest.fixture
async def team(house: House) -> Team:
    """Ann launches, Max and Mia are managers."""
    return await Team.of(house)


class TestNeed:
    @pytest.mark.parametrize(
        ("limits", "what", "needs"),
        [
            ({}, (1000, 10**9, True), ()),
            ({"approve_numbers": 5}, (5, None, True), ()),
            ({"approve_numbers": 5}, (6, None, False), (Limit.APPROVE_NUMBERS,)),
            ({"approve_cost": 5000}, (1, 5000, True), ()),
            ({"approve_cost": 5000}, (1, 5001, False), (Limit.APPROVE_COST,)),
            ({"approve_cost": 5000}, (1, None, False), ()),
            ({"approve_window": 1}, (1, None, True), (Limit.APPROVE_WINDOW,)),
            ({"approve_window": 1}, (1, None, False), ()),
            (
                {"approve_numbers": 1, "approve_cost": 1, "approve_window": 1},
                (2, 2, True),
                (Limit.APPROVE_NUMBERS, Limit.APPROVE_COST, Limit.APPROVE_WINDOW),
            ),
        ],
    )
    async def test_limits(
        self,
        house: House,
        limits: dict[str, int],
        what: tuple[int, int | None, bool],
        needs: tuple[Limit, ...],
    ) -> None:
        """Above a number, above a cost, or outside the window; by default nothing needs one."""
        count, cost, outside = what

        def work(tx: Any) -> tuple[Limit, ...]:
            for name, value in limits.items():
                tx.limits.put(name, value)
            return approvals.needs_approval(tx, count, cost, outside=outside)

        assert await house.database.write(work) == needs

    async def test_typed_launch(self, house: House) -> None:
        """A typed launch that needs nothing else to be asked becomes a draft that says so."""
        await Team.of(house, approve_numbers=1)
        asked = await house.call(*numbers(2))
        assert isinstance(asked, Asked)
        assert asked.content.asks == (Ask.APPROVAL,)
        assert isinstance(await house.call(*numbers(1)), Launched)

    async def test_draft_says_so_as_long_as_it_holds(self, team: Team) -> None:
        """A draft that is thinned below the limit needs nobody any more."""
        asked = await team.draft()
        assert Ask.APPROVAL in asked.content.asks
        thinned = await team.house.launches.change(
            asked.token, lambda content: content.without(content.numbers[:1]), by=ANN
        )
        assert Ask.APPROVAL not in thinned.content.asks
        result = await team.house.launches.confirm(thinned.token, by=ANN, message_id=MESSAGE)
        assert isinstance(result, Launched)

    async def test_call_me_first(self, house: House) -> None:
        """*Call me first* is a batch like any other, and cannot go around the second person."""
        team = await Team.of(house, approve_window=1)
        await house.database.write(lambda tx: tx.choices.share_number(ANN.id, "+989129999999"))
        asked = await team.draft(2)
        await house.database.write(lambda tx: tx.limits.put("approve_cost", 1))
        await prices(house)
        with pytest.raises(ApprovalNeededError):
            await house.launches.first(asked.token, by=ANN)
        assert len(await house.latest(9)) == 1


async def prices(house: House) -> None:
    """One batch with this voice was called and has its price, so that there is an estimate."""
    await house.database.write(lambda tx: tx.limits.put("approve_cost", 0))
    batch_id = await house.launch(1, 70)
    await house.step()
    await house.database.write(
        lambda tx: tx.db.execute(
            "UPDATE calls SET status = 'normal', price = 5000, next_poll_at = NULL"
            " WHERE batch_id = ?",
            (batch_id,),
        ).close()
    )
    await house.database.write(lambda tx: tx.limits.put("approve_cost", 1))


class TestWaiting:
    async def test_asks(self, team: Team) -> None:
        """Confirming launches nothing: the draft waits 15 minutes, under a new token."""
        asked = await team.draft()
        token = await team.wait(asked)
        draft = await team.recorded()
        now = team.house.clock()
        assert (draft.state, draft.approval_asked_at) == (DraftState.OPEN, now)
        assert (draft.expires_at, draft.message_id) == (now + LIFETIME, MESSAGE)
        assert token != asked.token
        await team.untouched(token)
        with pytest.raises(ExpiredError):
            await team.house.launches.confirm(asked.token, by=ANN, message_id=MESSAGE)
        [entry] = await team.audit()
        assert (entry.deed, entry.by_id, entry.after) == (Deed.APPROVAL_ASKED, ANN.id, "4 numbers")
        asks = await team.house.database.read(lambda tx: tx.approvals.behind())
        assert [(ask.kind, ask.chat_id) for ask in asks] == [(ApprovalKind.CARD, ROOM.chat_id)]

    async def test_nobody_changes_it(self, team: Team) -> None:
        """Nothing changes, plans, joins, confirms or cancels a draft that waits, by any token."""
        token = await team.wait()
        launches = team.house.launches
        planning = Planning(
            database=team.house.database,
            pauses=team.house.pauses,
            rights=team.house.rights,
            signals=team.house.signals,
            defaults=team.house.defaults,
            timezone=TEHRAN,
            clock=team.house.clock,
        )
        shared = team.house.database.write(
            lambda tx: tx.choices.share_number(ANN.id, "+989129999999")
        )
        await shared

        def same(content: Content) -> Content:
            return content

        for attempt in (
            launches.change(token, same, by=ANN),
            launches.add(1, same, by=ANN),
            launches.look(token, by=ANN),
            launches.cancel(token, by=ANN),
            launches.first(token, by=ANN),
            launches.confirm(token, by=ANN, message_id=MESSAGE),
            launches.check_confirm(token, by=ANN),
            planning.later(token, by=ANN),
        ):
            with pytest.raises(WaitsError):
                await attempt
        for other in (launches.cancel(token, by=MAX), launches.look(token, by=MAX)):
            with pytest.raises(NotYoursError):
                await other
        with pytest.raises(ExpiredError):
            await launches.remake(token, by=ANN)
        await team.untouched(token)

    async def test_schema_keeps_it(self, team: Team) -> None:
        """The record itself refuses other content, and a second person who is the author."""
        token = await team.wait()
        for statement in (
            "UPDATE drafts SET content = '{}'",
            "UPDATE drafts SET decided_by = author_id",
        ):
            with pytest.raises(InvariantError):
                await self.run(team, statement)
        team.house.database.impossible.clear()
        await team.untouched(token)

    async def run(self, team: Team, statement: str) -> None:
        """Change the drafts behind everybody's back, as far as the triggers allow."""
        await team.house.database.write(lambda tx: tx.db.execute(statement).close())

    async def test_limit_is_told_at_once(self, house: House) -> None:
        """Nobody is asked for what a limit refuses anyway."""
        team = await Team.of(house, batch_numbers=3)
        asked = await team.draft()
        with pytest.raises(LimitError):
            await house.launches.confirm(asked.token, by=ANN, message_id=MESSAGE)
        assert (await team.recorded()).approval_asked_at is None


class TestApprove:
    async def test_becomes_the_authors_batch(self, team: Team) -> None:
        """The batch is Ann's, names both and the times, has its time to undo, and goes out."""
        token = await team.wait()
        asked_at = team.house.clock()
        await team.house.pass_time(120)
        await team.approving.check_approve(token, by=MAX)
        draft, made = await team.approving.approve(token, by=MAX)
        assert (draft.id, made) == (1, Launched(batch_id=1))
        batch, now = await team.house.batch(1), team.house.clock()
        assert (batch.author_id, batch.approved_by, batch.approved_name) == (1, 3, "Max")
        assert (batch.approval_asked_at, batch.approved_at) == (asked_at, now)
        assert batch.undo_until == now + 10
        board = await team.house.database.read(lambda tx: tx.boards.get(1))
        assert board is not None
        assert board.message_id == MESSAGE
        after = await team.recorded()
        assert (after.state, after.batch_id, after.decided_name) == ("confirmed", 1, "Max")
        deeds = [(entry.deed, entry.by_id) for entry in await team.audit()]
        assert deeds == [("approval_asked", 1), ("launched", 1), ("approved", 3)]
        await team.house.pass_time(11)
        await team.house.step()
        assert await team.house.states(1) == [SubmissionState.ACCEPTED]

    async def test_told(self, team: Team) -> None:
        """Its author is told aloud; the life of the batch says who approved it, and from where."""
        await team.approving.approve(await team.wait(), by=MAX, chat_id=MAX.id)
        assert await team.words() == [MESSAGE]
        which = AuditSearch(about="b1")
        found = await team.house.database.read(lambda tx: tx.audit.before(None, which, 9))
        approved = found[0]
        assert (approved.deed, approved.by_name) == (Deed.APPROVED, "Max")
        assert (approved.after, approved.chat_id) == ("draft 1", MAX.id)

    @pytest.mark.parametrize("deed", [Deed.DECLINED, Deed.WITHDRAWN])
    async def test_where_it_was_pressed(self, team: Team, deed: Deed) -> None:
        """The audit names the chat of the press, not that of the draft."""
        token, deeds = await team.wait(), team.approving
        say = deeds.decline if deed is Deed.DECLINED else deeds.withdraw
        await say(token, by=MAX, chat_id=MAX.id)
        entry = (await team.audit())[-1]
        assert (entry.deed, entry.chat_id, entry.about) == (deed, MAX.id, "draft 1")
        assert parse_subject(entry.about) == entry.about

    async def test_group_that_was_taken_off(self, team: Team) -> None:
        """Nothing is launched for it; the draft waits on, and can still be declined."""
        token = await team.wait()
        await team.take_off()
        for attempt in (
            team.approving.check_approve(token, by=MAX),
            team.approving.approve(token, by=MAX),
        ):
            with pytest.raises(ChatOffError):
                await attempt
        await team.untouched(token)
        await team.approving.decline(token, by=MAX)

    async def test_undo(self, team: Team) -> None:
        """What was approved can be undone like any other launch."""
        await team.approving.approve(await team.wait(), by=MAX)
        left = await team.house.decisions.stop(1, by=ANN, undo=True)
        assert left.undone_by == "Ann"
        await team.house.pass_time(11)
        await team.house.step()
        assert team.house.board.posts == []

    async def test_never_by_its_author(self, house: House) -> None:
        """Not even an admin approves, or declines, their own."""
        house.rights = Rights(frozenset({ANN.id}), frozenset(), house.database)
        team = await Team.of(house)
        token = await team.wait()
        for attempt in (
            team.approving.check_approve(token, by=ANN),
            team.approving.approve(token, by=ANN),
            team.approving.decline(token, by=ANN),
        ):
            with pytest.raises(OwnApprovalError):
                await attempt
        await team.untouched(token)

    async def test_by_managers_only(self, team: Team) -> None:
        """Rights are those of the moment: who was a manager when asked may be none now."""
        token = await team.wait()
        await team.approving.check_approve(token, by=MAX)
        await team.give(team.house, MAX, "launcher")
        await team.suspend(MIA)
        for person in (MAX, MIA, Person(id=2, name="Ben"), Person(id=77, name="Eve")):
            for attempt in (
                team.approving.approve(token, by=person),
                team.approving.decline(token, by=person),
                team.approving.withdraw(token, by=person),
            ):
                with pytest.raises(ManagerNeededError):
                    await attempt
        await team.untouched(token)

    async def test_author_is_gone(self, team: Team) -> None:
        """An author who was suspended in between launches nothing: the draft is cancelled."""
        token = await team.wait()
        await team.suspend(ANN)
        with pytest.raises(AuthorGoneError):
            await team.approving.approve(token, by=MAX)
        draft = await team.recorded()
        assert (draft.state, draft.closed_why) == (DraftState.CANCELLED, Closed.AUTHOR_GONE)
        assert await team.house.latest(1) == []
        assert (await team.audit())[-1].deed == Deed.APPROVAL_VOID
        with pytest.raises(ExpiredError):
            await team.approving.approve(token, by=MIA)

    @pytest.mark.parametrize("token", ["", "x" * 12])
    async def test_forged(self, team: Team, token: str) -> None:
        """A token that no draft has is nobody's word."""
        waits = await team.wait()
        for attempt in (
            team.approving.approve(token, by=MAX),
            team.approving.decline(token, by=MAX),
            team.approving.withdraw(token, by=MAX),
        ):
            with pytest.raises(ExpiredError):
                await attempt
        await team.untouched(waits)

    async def test_of_a_draft_that_does_not_wait(self, team: Team) -> None:
        """A draft that its author has not confirmed is nobody's to approve."""
        asked = await team.draft()
        for attempt in (
            team.approving.approve(asked.token, by=MAX),
            team.approving.withdraw(asked.token, by=MAX),
        ):
            with pytest.raises(ExpiredError):
                await attempt
        assert (await team.recorded()).state is DraftState.OPEN

    async def test_pause_and_end(self, team: Team) -> None:
        """While launching is paused or the program stops nothing is approved; it waits on."""
        token = await team.wait()
        now = team.house.clock()
        await team.house.database.write(
            lambda tx: tx.pauses.begin(PauseReason.UNAUTHORISED, "HTTP 401", now)
        )
        for attempt in (
            team.approving.check_approve(token, by=MAX),
            team.approving.approve(token, by=MAX),
        ):
            with pytest.raises(PausedError):
                await attempt
        team.approving.draining = True
        with pytest.raises(DrainingError):
            await team.approving.approve(token, by=MAX)
        await team.untouched(token)

    async def test_disk_refuses(self, team: Team) -> None:
        """A disk that refuses writes is a pause, too."""
        token = await team.wait()
        team.house.database.faults.append(Fault.DISK)
        with pytest.raises(DiskRefusesError):
            await team.approving.decline(token, by=MAX)
        with pytest.raises(PausedError):
            await team.approving.approve(token, by=MAX)
        await team.untouched(token)

    async def test_limits_are_reserved_then(self, team: Team) -> None:
        """What is used up meanwhile leaves no room, which the approver is told; it waits on."""
        token = await team.wait()
        await team.house.database.write(lambda tx: tx.limits.put("member_day", 3))
        with pytest.raises(LimitError) as refused:
            await team.approving.approve(token, by=MAX)
        assert refused.value.name == "Ann"
        await team.untouched(token)
        assert (await team.audit())[-1].deed == Deed.LAUNCH_REFUSED

    async def test_what_has_come_up_is_the_authors_to_see(self, team: Team) -> None:
        """The same launched meanwhile is asked about again, and the old request is void."""
        token = await team.wait()
        other = await team.draft()
        await team.approving.approve(await team.wait(other), by=MIA)
        draft, asked = await team.approving.approve(token, by=MAX)
        assert isinstance(asked, Asked)
        assert (draft.id, asked.content.duplicate_of) == (1, 1)
        assert len(await team.house.latest(9)) == 1
        now = await team.recorded()
        assert (now.state, now.approval_asked_at) == (DraftState.OPEN, None)
        with pytest.raises(ExpiredError):
            await team.approving.approve(token, by=MIA)
        asks = await team.house.database.read(
            lambda tx: tx.approvals.of(1, draft.approval_asked_at or 0.0)
        )
        assert [ask.kind for ask in asks] == [ApprovalKind.CARD, ApprovalKind.WORD]
        await team.house.pass_time(1)
        again = await team.wait(asked)
        _, made = await team.approving.approve(again, by=MAX)
        assert made == Launched(batch_id=2)

    async def test_commit_that_took_effect(self, team: Team) -> None:
        """A commit that raised, and took effect, is told as the launch that it was."""
        token = await team.wait()
        team.house.database.faults.append(Fault.AFTER)
        _, made = await team.approving.approve(token, by=MAX)
        assert made == Launched(batch_id=1)

    async def test_commit_that_did_not(self, team: Team) -> None:
        """One that failed launched nothing, and the draft waits on."""
        token = await team.wait()
        team.house.database.faults.append(Fault.BEFORE)
        with pytest.raises(DatabaseBusyError):
            await team.approving.approve(token, by=MAX)
        await team.untouched(token)

    async def test_after_a_kill(self, team: Team) -> None:
        """A draft that waits does so in the next life of the program."""
        token = await team.wait()
        async with team.house.after_kill(away=60) as house:
            _, made = await Team.on(house).approving.approve(token, by=MAX)
            assert made == Launched(batch_id=1)
            assert (await house.batch(1)).approved_name == "Max"


class TestWindow:
    @pytest.fixture
    def defaults(self) -> Defaults:
        """The window closes an hour after the tests begin."""
        start = int(Window(timezone=TEHRAN).midnight(NOON))
        closes = int((NOON + HOUR - start) // 60)
        return Defaults(window=Window(timezone=TEHRAN, hours=((0, closes),) * 7))

    async def test_outside(self, house: House) -> None:
        """Outside the window a small launch needs a second person, if it is set so."""
        team = await Team.of(house, approve_numbers=0, approve_window=1)
        await team.give(house, ANN, "manager")
        await house.pass_time(2 * HOUR)
        token = await team.wait(await team.draft(1), Timing(reason="storm"))
        _, made = await team.approving.approve(token, by=MAX)
        assert made == Launched(batch_id=1)
        batch = await house.batch(1)
        assert (batch.window_name, batch.window_reason) == ("Ann", "storm")
        assert batch.approved_name == "Max"

    async def test_author_may_not_any_more(self, house: House) -> None:
        """Who is no manager any more does not call outside the window, approved or not."""
        team = await Team.of(house, approve_numbers=0, approve_window=1)
        await team.give(house, ANN, "manager")
        await house.pass_time(2 * HOUR)
        token = await team.wait(await team.draft(1), Timing(reason="storm"))
        await team.give(house, ANN, "launcher")
        with pytest.raises(AuthorGoneError):
            await team.approving.approve(token, by=MAX)
        assert await house.latest(1) == []

    async def test_closed_meanwhile(self, house: House) -> None:
        """A window that has closed since it was asked is its author's to decide about."""
        team = await Team.of(house)
        await house.pass_time(HOUR - 60)
        token = await team.wait()
        await house.pass_time(120)
        _, asked = await team.approving.approve(token, by=MAX)
        assert isinstance(asked, Asked)
        assert asked.outside is not None
        assert await house.latest(1) == []
        assert (await team.recorded()).approval_asked_at is None

    async def test_at_the_opening(self, house: House) -> None:
        """What waits for the opening needs nobody for the window, and keeps its time."""
        team = await Team.of(house, approve_window=1)
        await house.pass_time(2 * HOUR)
        opens_at = house.defaults.window.opens_at(house.clock())
        token = await team.wait(timing=Timing(opening=opens_at))
        now = house.clock()
        seen = await house.database.read(lambda tx: approvals.see(tx, house.rights, 1, now))
        assert seen is not None
        assert seen.needs == (Limit.APPROVE_NUMBERS,)
        _, made = await team.approving.approve(token, by=MAX)
        assert made == Launched(batch_id=1)
        assert (await house.batch(1)).goes_at == opens_at

    async def test_rest_of_a_held_batch(self, house: House) -> None:
        """Outside the window its author's own word does not send the rest; another manager's does.

        As long as no second person is needed for that, their own is enough.
        """
        team = await Team.of(house, approve_window=1)
        await team.give(house, ANN, "manager")
        batch_id = await house.launch(1)
        await house.decisions.hold(batch_id, by=ANN)
        await house.pass_time(2 * HOUR)
        storm = Timing(reason="storm")
        for attempt in (
            house.decisions.check_rest(batch_id, 1, storm, by=ANN),
            house.decisions.send_rest(batch_id, 1, by=ANN, timing=storm),
        ):
            with pytest.raises(OutsideError) as refused:
                await attempt
            assert refused.value.alone
        await house.decisions.check_rest(batch_id, 1, storm, by=MAX)
        assert await house.decisions.send_rest(batch_id, 1, by=MAX, timing=storm) == 1
        assert (await house.batch(batch_id)).window_name == "Max"

    def test_a_day_has_minutes(self) -> None:
        """The window of these tests closes before midnight."""
        assert (NOON + HOUR) % 86400 // 60 < DAY_MINUTES


class TestEnds:
    async def test_lapses(self, team: Team) -> None:
        """After 15 minutes it is cancelled because nobody approved it; it can be made again."""
        token = await team.wait()
        await team.house.pass_time(LIFETIME - 1)
        assert await team.lapse() == 0
        await team.house.pass_time(1)
        with pytest.raises(ExpiredError):
            await team.approving.approve(token, by=MAX)
        assert await team.lapse() == 1
        draft = await team.recorded()
        assert (draft.state, draft.closed_why) == (DraftState.CANCELLED, Closed.NOT_APPROVED)
        assert (await team.audit())[-1].deed == Deed.APPROVAL_LAPSED
        assert await team.words() == [MESSAGE]
        again = await team.house.launches.remake(token, by=ANN)
        assert again.content.numbers == numbers(4)
        await team.wait(again)

    async def test_expires_like_any_other_before(self, team: Team) -> None:
        """A draft that does not wait expires as ever."""
        await team.draft()
        await team.house.pass_time(LIFETIME)
        assert await team.lapse() == 1
        assert (await team.recorded()).state is DraftState.EXPIRED

    async def test_declined(self, team: Team) -> None:
        """It is cancelled, with who declined it; its author is to be told, and nothing else."""
        token = await team.wait()
        await team.approving.decline(token, by=MAX)
        draft = await team.recorded()
        assert (draft.state, draft.closed_why) == (DraftState.CANCELLED, Closed.DECLINED)
        assert (draft.decided_by, draft.decided_name) == (MAX.id, "Max")
        kinds = [
            (ask.kind, ask.reply_to)
            for ask in await team.house.database.read(lambda tx: tx.approvals.behind())
        ]
        assert kinds == [(ApprovalKind.CARD, ROOM.reply_to), (ApprovalKind.WORD, MESSAGE)]
        with pytest.raises(AlreadyDoneError) as late:
            await team.approving.approve(token, by=MIA)
        assert late.value.name == "Max"
        with pytest.raises(ExpiredError):
            await team.house.launches.remake(token, by=ANN)

    @pytest.mark.parametrize(("by", "decided"), [(ANN, None), (MAX, "Max")])
    async def test_withdrawn(self, team: Team, by: Person, decided: str | None) -> None:
        """Its author may cancel it, and a manager."""
        token = await team.wait()
        await team.approving.withdraw(token, by=by)
        draft = await team.recorded()
        assert (draft.closed_why, draft.decided_name) == (Closed.PERSON, decided)
        assert (await team.audit())[-1].deed == Deed.WITHDRAWN
        assert await team.words() == ([] if by is ANN else [MESSAGE])

    async def test_redelivered(self, team: Team) -> None:
        """The same press once more launches nothing, and says who was first."""
        token = await team.wait()
        await team.approving.approve(token, by=MAX)
        for attempt in (
            team.approving.approve(token, by=MAX),
            team.approving.check_approve(token, by=MIA),
            team.approving.decline(token, by=MIA),
            team.approving.withdraw(token, by=ANN),
        ):
            with pytest.raises(AlreadyDoneError) as late:
                await attempt
            assert (late.value.batch_id, late.value.name) == (1, "Max")
        assert len(await team.house.latest(9)) == 1


class TestRaces:
    async def test_two_approvers(self, team: Team) -> None:
        """Two at once: one wins, the other is told by whom."""
        token = await team.wait()
        results = await asyncio.gather(
            team.approving.approve(token, by=MAX),
            team.approving.approve(token, by=MIA),
            return_exceptions=True,
        )
        lost = [one for one in results if isinstance(one, AlreadyDoneError)]
        assert len(lost) == 1
        [batch] = await team.house.latest(9)
        assert (lost[0].batch_id, lost[0].name) == (batch.id, batch.approved_name)

    @pytest.mark.parametrize("first", range(4))
    async def test_exactly_one_word(self, team: Team, first: int) -> None:
        """*Approve*, *Decline*, *Cancel* and the 15 minutes at once: one of them counts."""
        token = await team.wait()
        await team.house.pass_time(LIFETIME - 0.001)
        words: list[Callable[[], Awaitable[object]]] = [
            lambda: team.approving.approve(token, by=MAX),
            lambda: team.approving.decline(token, by=MIA),
            lambda: team.approving.withdraw(token, by=ANN),
            lambda: team.house.database.write(
                lambda tx: approvals.lapse(tx, team.house.clock() + 1)
            ),
        ]
        order = words[first:] + words[:first]
        await asyncio.gather(*(word() for word in order), return_exceptions=True)
        draft, batches = await team.recorded(), await team.house.latest(9)
        outcome = {
            0: (DraftState.CONFIRMED, None),
            1: (DraftState.CANCELLED, Closed.DECLINED),
            2: (DraftState.CANCELLED, Closed.PERSON),
            3: (DraftState.CANCELLED, Closed.NOT_APPROVED),
        }
        assert (draft.state, draft.closed_why) == outcome[first]
        assert len(batches) == (first == 0)
        said = {"approved", "declined", "withdrawn", "approval_lapsed"}
        assert len([one for one in await team.audit() if one.deed in said]) == 1


class TestFollowUps:
    async def refused(self, team: Team, count: int = 4) -> Asked:
        """The draft that tries again a batch which the gateway refused."""
        await team.house.database.write(lambda tx: tx.limits.put("approve_numbers", 0))
        team.house.board.script.append(refuse)
        asked = await team.draft(count)
        await team.house.launches.confirm(asked.token, by=ANN, message_id=1)
        await team.house.pass_time(11)
        await team.house.step()
        await team.house.database.write(lambda tx: tx.limits.put("approve_numbers", 3))
        again = await team.house.try_again(1)
        assert isinstance(again, Asked)
        return again

    async def test_try_again(self, team: Team) -> None:
        """A *Try again* waits, too, and what it takes is looked up when it is approved."""
        again = await self.refused(team)
        assert Ask.APPROVAL in again.content.asks
        token = await team.wait(again)
        _, made = await team.approving.approve(token, by=MAX)
        assert made == Launched(batch_id=2)
        batch = await team.house.batch(2)
        assert (batch.follows, batch.followed_as) == (1, "try_again")
        assert (batch.author_name, batch.approved_name) == ("Ann", "Max")

    async def test_taken_meanwhile(self, team: Team) -> None:
        """Of what somebody else has tried again meanwhile nothing is left to approve."""
        token = await team.wait(await self.refused(team))
        other = await team.house.try_again(1)
        assert isinstance(other, Asked)
        await team.approving.approve(await team.wait(other), by=MAX)
        with pytest.raises(AlreadyDoneError):
            await team.approving.approve(token, by=MAX)
        draft = await team.recorded(2)
        assert (draft.state, draft.closed_why) == (DraftState.CANCELLED, Closed.NOTHING_LEFT)
        assert len(await team.house.latest(9)) == 2

    async def test_evidence(self, team: Team) -> None:
        """Word that some of them may have rung cancels a draft that waits, and its requests."""
        house = team.house
        await house.database.write(lambda tx: tx.limits.put("approve_numbers", 0))
        house.board.script.append(cut)
        submission = (await house.submissions(await house.launch(2)))[0].id
        await house.step()
        await house.decisions.decide(submission, Verdict.DID_NOT_RING, by=ANN)
        await house.database.write(lambda tx: tx.limits.put("approve_numbers", 1))
        again = await house.try_again(1)
        assert isinstance(again, Asked)
        token = await team.wait(again)
        await house.evidence.give(submission, "f" * 32, by=MAX)
        draft = await team.recorded()
        assert (draft.state, draft.closed_why) == (DraftState.CANCELLED, Closed.EVIDENCE)
        with pytest.raises(ExpiredError):
            await team.approving.approve(token, by=MAX)
        behind = await house.database.read(lambda tx: tx.approvals.behind())
        assert [(ask.draft_id, ask.revision) for ask in behind] == [(1, 2)]
        assert len(await house.latest(9)) == 1


class TestRedial:
    @pytest.fixture
    def defaults(self) -> Defaults:
        """The gateway tries once, so that whatever it says of a call is final."""
        return Defaults(retry_count=0)

    async def test_waits(self, house: House) -> None:
        """A *Redial* waits, too; who is called by another one meanwhile falls out of it."""

        def not_answered(post: Post) -> Answer:
            placed = [house.board.place(n, at=post.at, status="NO_ANSWER") for n in post.numbers]
            return accepted(placed)

        house.board.script.append(not_answered)
        batch_id = await house.launch(2)
        await house.step()
        team = await Team.of(house, approve_numbers=1)
        asked, other = await self.draft(house, batch_id), await self.draft(house, batch_id)
        token = await team.wait(asked)
        one = await house.launches.change(
            other.token, lambda content: content.without(content.numbers[:1]), by=ANN
        )
        assert await house.launches.confirm(one.token, by=ANN, message_id=1) == Launched(
            batch_id=2
        )
        _, made = await team.approving.approve(token, by=MAX)
        assert made == Launched(batch_id=3, reached=1)
        batch = await house.batch(3)
        assert (batch.numbers, batch.follows, batch.followed_as) == (1, 1, "redial")
        assert (batch.author_name, batch.approved_name) == ("Ann", "Max")

    async def draft(self, house: House, batch_id: int) -> Asked:
        """Ann's draft that calls again who did not answer."""
        asked = await Repeats(database=house.database, launches=house.launches).redial(
            batch_id,
            [CallStatus.NO_ANSWER],
            by=ANN,
            place=ROOM,
            asked_by=house.next_message(),
        )
        assert isinstance(asked, Asked)
        return asked


class TestSchedules:
    """Ann's schedule of four numbers in an hour."""

    @pytest.fixture
    def office(self, team: Team) -> Office:
        """What members do with schedules, and the worker."""
        return Office.on(team.house, team.house.rights)

    async def due(self, office: Office) -> Schedule:
        """The schedule when its time has come."""
        schedule_id = await office.once(*numbers(4))
        await office.house.pass_time(HOUR + 120)
        await office.scheduler.step()
        return await self.found(office, schedule_id)

    async def found(self, office: Office, schedule_id: int) -> Schedule:
        """A schedule as it is recorded."""
        found = await office.house.database.read(lambda tx: tx.schedules.get(schedule_id))
        assert found is not None
        return found

    async def call(self, office: Office, schedule: Schedule, by: Person) -> Launched | None:
        """Press *Call 4 now* as it was shown."""
        due = await office.schedules.get(schedule.id)
        return await office.schedules.call(
            schedule.id, due.schedule.revision, due.key, by=by, place=ROOM
        )

    async def test_asks_those_who_may(self, office: Office) -> None:
        """It asks in its chat, and every manager in private; nothing is called by itself."""
        schedule = await self.due(office)
        assert schedule.asked_why == Why.APPROVAL
        asks = await office.house.database.read(lambda tx: tx.schedules.asks_behind())
        assert [ask.chat_id for ask in asks] == [ROOM.chat_id, MAX.id, MIA.id]
        assert await office.house.latest(1) == []

    async def test_press_of_another_manager(self, office: Office) -> None:
        """The batch is Ann's, and who pressed is the second person."""
        schedule = await self.due(office)
        with pytest.raises(OwnApprovalError):
            await self.call(office, schedule, ANN)
        assert await self.call(office, schedule, MAX) == Launched(batch_id=1)
        batch = await office.house.batch(1)
        assert (batch.author_name, batch.approved_name) == ("Ann", "Max")
        assert batch.approval_asked_at == schedule.asked_at

    async def test_asked_for_another_reason(self, team: Team, office: Office) -> None:
        """Where it asked for another reason, its author's answer asks the managers first."""
        await team.house.database.write(lambda tx: tx.limits.put("approve_numbers", 0))
        schedule_id = await office.once(*numbers(4))
        await office.house.pass_time(HOUR + LATE + 120)
        await office.scheduler.step()
        await team.house.database.write(lambda tx: tx.limits.put("approve_numbers", 3))
        late = await self.found(office, schedule_id)
        assert late.asked_why == Why.LATE
        assert await self.call(office, late, ANN) is None
        assert (await self.found(office, schedule_id)).asked_why == Why.APPROVAL
        assert await self.call(office, late, MIA) == Launched(batch_id=1)
        assert (await office.house.batch(1)).approved_name == "Mia"

    async def test_fifteen_minutes(self, office: Office) -> None:
        """As for a draft: then nothing is called, and whoever presses comes too late."""
        schedule = await self.due(office)
        await office.house.pass_time(LIFETIME - 1)
        await office.scheduler.step()
        assert (await self.found(office, schedule.id)).state is ScheduleState.ASKING
        await office.house.pass_time(1)
        with pytest.raises(ExpiredError):
            await self.call(office, schedule, MAX)
        await office.scheduler.step()
        after = await self.found(office, schedule.id)
        assert (after.state, after.closed_why) == (ScheduleState.ENDED, "lapsed")
        assert await office.house.latest(1) == []
        entries = await office.house.database.read(lambda tx: list(tx.audit.chain()))
        assert (entries[-1].deed, entries[-1].about) == (Deed.APPROVAL_LAPSED, "schedule 1")

    async def test_weekly(self, office: Office) -> None:
        """A weekly one waits for its next time."""
        schedule_id, _ = await office.weekly(*numbers(4))
        first = (await self.found(office, schedule_id)).due_at
        await office.until(first)
        assert (await self.found(office, schedule_id)).asked_why == Why.APPROVAL
        await office.until(first, late=LIFETIME)
        after = await self.found(office, schedule_id)
        assert (after.state, after.due_at) == (ScheduleState.WAITING, first + 24 * HOUR)
        assert await office.house.latest(1) == []

    async def test_fifteen_minutes_from_the_authors_answer(
        self, team: Team, office: Office
    ) -> None:
        """Where its author answers hours later, the managers have their time from then on."""
        await team.house.database.write(lambda tx: tx.limits.put("approve_numbers", 0))
        schedule_id = await office.once(*numbers(4))
        await office.until(AT, late=LATE + 60)
        await team.house.database.write(lambda tx: tx.limits.put("approve_numbers", 3))
        late = await self.found(office, schedule_id)
        await office.until(AT, late=5 * HOUR)
        assert await self.call(office, late, ANN) is None
        await office.until(AT, late=5 * HOUR + LIFETIME - 60)
        assert await self.call(office, late, MIA) == Launched(batch_id=1)
        asked = [one for one in await team.audit() if one.deed == Deed.APPROVAL_ASKED]
        assert [(one.about, one.by_id, one.after) for one in asked] == [
            ("schedule 1", ANN.id, "4 numbers")
        ]
        approved = (await team.audit())[-1]
        assert (approved.deed, approved.about) == (Deed.APPROVED, "b1")
        assert (approved.by_id, approved.after) == (MIA.id, "schedule 1")

    async def test_group_that_was_taken_off(self, team: Team, office: Office) -> None:
        """It calls nobody by itself; its author and the admins are asked in private."""
        await team.house.database.write(lambda tx: tx.limits.put("approve_numbers", 0))
        await team.give(team.house, MIA, "admin")
        schedule_id = await office.once(*numbers(4))
        await team.take_off()
        await office.until(AT, late=60)
        asking = await self.found(office, schedule_id)
        assert asking.asked_why == Why.CHAT_OFF
        asks = await office.asks()
        assert [ask.chat_id for ask in asks] == [ANN.id, MIA.id]
        assert await office.house.latest(1) == []
        private = Place(chat_id=ANN.id)
        assert await office.call(schedule_id, ANN, private) == Launched(batch_id=1)
        assert (await office.house.batch(1)).chat_id == ANN.id

    async def test_group_that_was_taken_off_and_a_second_person(
        self, team: Team, office: Office
    ) -> None:
        """The managers are asked in private, and the board goes to the author."""
        schedule_id = await office.once(*numbers(4))
        await team.take_off()
        await office.until(AT, late=60)
        private = Place(chat_id=ANN.id)
        assert await office.call(schedule_id, ANN, private) is None
        asks = await office.asks()
        assert [ask.chat_id for ask in asks] == [ANN.id, MAX.id, MIA.id]
        launched = await office.call(schedule_id, MAX, Place(chat_id=MAX.id))
        assert launched == Launched(batch_id=1)
        batch = await office.house.batch(1)
        assert (batch.chat_id, batch.author_id, batch.approved_by) == (ANN.id, ANN.id, MAX.id)

    async def test_author_without_rights(self, team: Team, office: Office) -> None:
        """Whoever answers for an author who is gone would be the only one; so nothing is made."""
        schedule = await self.due(office)
        await team.suspend(ANN)
        with pytest.raises(OwnApprovalError):
            await self.call(office, schedule, MAX)
        assert await office.house.latest(1) == []


def test_content_is_read_back() -> None:
    """What a draft keeps of its timing survives the record."""
    content = Content(voice=VOICE, retry_count=1, server_id=None, numbers=numbers(1))
    timed = replace(content, goes_at=NOON, asks=(Ask.APPROVAL,))
    assert Content.load(timed.dump()) == timed
