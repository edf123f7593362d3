"""The team in the record: roles and where they are from, what may be changed, and by whom."""

from collections.abc import Awaitable, Callable

import pytest

from bot.calling.audit import Deed
from bot.calling.errors import ExpiredError, TeamError
from bot.calling.invites import Invites
from bot.calling.problems import TeamProblem
from bot.calling.rights import Rights, Role
from bot.calling.team import Asked, Change, Source, Team, parse_role
from storage.models import AuditEntry, Person
from tests.calling.house import House

ROOT, SET, ADA = Person(id=10, name="Root"), Person(id=20, name="Set"), Person(id=30, name="Ada")
CAT, DAN = Person(id=40, name="Cat"), Person(id=50, name="Dan")
BY_ROOT = Asked(by=ROOT, chat_id=-7)


@pytest.fixture
def rights(house: House) -> Rights:
    """Root stands in `ADMIN_IDS`, Set in `ALLOWED_IDS`."""
    return Rights(frozenset({ROOT.id}), frozenset({SET.id}), house.database)


@pytest.fixture
def team(house: House, rights: Rights) -> Team:
    """The service on the house's record."""
    return Team(database=house.database, rights=rights, clock=house.clock)


async def problem(asked: Awaitable[Change]) -> tuple[TeamProblem, str]:
    """Why a change is refused, and whom or what that names."""
    with pytest.raises(TeamError) as caught:
        await asked
    return caught.value.problem, caught.value.value


async def entries(house: House) -> list[AuditEntry]:
    """All of the audit."""
    return await house.database.read(lambda tx: list(tx.audit.chain()))


class TestRoles:
    """Where a role is from, and which of two sources counts."""

    async def test_the_settings(self, team: Team, rights: Rights) -> None:
        """Those of the settings are there from the first start, admins first, none recorded."""
        seats = await team.seats()
        assert [(s.person.id, s.role, s.source) for s in seats] == [
            (ROOT.id, Role.ADMIN, Source.ADMIN_IDS),
            (SET.id, Role.LAUNCHER, Source.ALLOWED_IDS),
        ]
        assert await rights.role(DAN.id) is Role.STRANGER
        assert await rights.database.read(lambda tx: tx.members.all()) == []

    async def test_added_and_changed(self, team: Team, house: House) -> None:
        """A person gets a role, and another one; both are in the audit with the one before."""
        added = await team.put(ADA, Role.VIEWER, BY_ROOT)
        assert (added.before.state, added.after.state) == ("stranger", "viewer")
        changed = await team.put(ADA, Role.ADMIN, BY_ROOT)
        assert (changed.after.role, changed.after.source) == (Role.ADMIN, Source.CHAT)
        assert (await team.of(ADA.id)).person == ADA
        assert [(e.deed, e.about, e.before, e.after, e.chat_id) for e in await entries(house)] == [
            (Deed.MEMBER_ADDED, "u30 Ada", "stranger", "viewer", -7),
            (Deed.ROLE_CHANGED, "u30 Ada", "viewer", "admin", -7),
        ]

    async def test_a_role_of_the_chat_wins_over_allowed_ids(
        self, team: Team, rights: Rights
    ) -> None:
        """One of `ALLOWED_IDS` can be more, less, or nothing, as an admin says."""
        for role in (Role.MANAGER, Role.VIEWER):
            await team.put(SET, role, BY_ROOT)
            assert await rights.role(SET.id) is role
        await team.suspend(SET, BY_ROOT)
        assert await rights.role(SET.id) is Role.STRANGER

    async def test_a_name_that_only_the_audit_knows(self, team: Team, house: House) -> None:
        """People of the settings are shown by the name under which they last did something."""
        assert (await team.of(SET.id)).person.name == "u20"
        await house.database.write(lambda tx: tx.audit.add(Deed.EXPORTED, at=1.0, by=SET))
        assert (await team.of(SET.id)).person.name == "Set"

    def test_words(self) -> None:
        """A role is read in any case; what is none is named back."""
        assert parse_role(" Manager ") is Role.MANAGER
        for word in ("boss", "stranger", ""):
            with pytest.raises(TeamError) as caught:
                parse_role(word)
            assert (caught.value.problem, caught.value.value) == (TeamProblem.NO_ROLE, word)


class TestSuspending:
    """Rights are taken away, and given back."""

    async def test_suspended_and_back(self, team: Team, rights: Rights, house: House) -> None:
        """Who is suspended may do nothing; the role is kept, and is back afterwards."""
        await team.put(ADA, Role.MANAGER, BY_ROOT)
        gone = await team.suspend(ADA, BY_ROOT)
        assert (gone.after.state, gone.after.counts) == ("manager-off", Role.STRANGER)
        assert await rights.role(ADA.id) is Role.STRANGER
        back = await team.restore(ADA, BY_ROOT)
        assert (back.after.state, await rights.role(ADA.id)) == ("manager", Role.MANAGER)
        assert [e.deed for e in await entries(house)][1:] == [
            Deed.MEMBER_SUSPENDED,
            Deed.SUSPENSION_ENDED,
        ]

    async def test_a_role_ends_a_suspension(self, team: Team, rights: Rights) -> None:
        """An admin who gives a role to somebody suspended lets them in with it."""
        await team.put(ADA, Role.MANAGER, BY_ROOT)
        await team.suspend(ADA, BY_ROOT)
        await team.put(ADA, Role.MANAGER, BY_ROOT)
        assert await rights.role(ADA.id) is Role.MANAGER

    async def test_twice(self, team: Team, house: House) -> None:
        """What is so already is said, and no entry is added."""
        await team.put(ADA, Role.VIEWER, BY_ROOT)
        assert await problem(team.put(ADA, Role.VIEWER, BY_ROOT)) == (TeamProblem.IS_SO, "Ada")
        assert await problem(team.restore(ADA, BY_ROOT)) == (TeamProblem.IS_SO, "Ada")
        await team.suspend(ADA, BY_ROOT)
        assert await problem(team.suspend(ADA, BY_ROOT)) == (TeamProblem.IS_SO, "Ada")
        assert len(await entries(house)) == 2

    async def test_removed(self, team: Team, rights: Rights, house: House) -> None:
        """Who is removed is a stranger, and no member any more."""
        await team.put(ADA, Role.MANAGER, BY_ROOT)
        gone = await team.remove(ADA, BY_ROOT)
        assert (gone.before.state, gone.after.source) == ("manager", Source.NOWHERE)
        assert await rights.role(ADA.id) is Role.STRANGER
        assert await problem(team.remove(ADA, BY_ROOT)) == (TeamProblem.UNKNOWN_MEMBER, "")
        assert (await entries(house))[-1].deed == Deed.MEMBER_REMOVED

    async def test_one_of_allowed_ids_is_suspended_instead(
        self, team: Team, rights: Rights, house: House
    ) -> None:
        """Removing one of `ALLOWED_IDS` is recorded as a suspension; ended, the settings count."""
        await team.put(SET, Role.MANAGER, BY_ROOT)
        gone = await team.remove(SET, BY_ROOT)
        assert (gone.after.state, await rights.role(SET.id)) == ("launcher-off", Role.STRANGER)
        assert (await entries(house))[-1].deed == Deed.MEMBER_SUSPENDED
        assert await problem(team.remove(SET, BY_ROOT)) == (TeamProblem.IS_SO, "Set")
        back = await team.restore(SET, BY_ROOT)
        assert (back.after.source, await rights.role(SET.id)) == (
            Source.ALLOWED_IDS,
            Role.LAUNCHER,
        )
        assert await house.database.read(lambda tx: tx.members.all()) == []


class TestRefused:
    """A sentence each, nothing changed, and no entry."""

    async def test_admin_ids(self, team: Team, house: House) -> None:
        """One of `ADMIN_IDS` cannot be changed, suspended or removed by another admin."""
        await team.put(ADA, Role.ADMIN, BY_ROOT)
        by_ada = Asked(by=ADA, chat_id=-7)
        deeds: list[Callable[[], Awaitable[Change]]] = [
            lambda: team.put(ROOT, Role.VIEWER, by_ada),
            lambda: team.suspend(ROOT, by_ada),
            lambda: team.remove(ROOT, by_ada),
        ]
        for deed in deeds:
            assert await problem(deed()) == (TeamProblem.IN_ADMIN_IDS, "Root")
        assert len(await entries(house)) == 1

    async def test_oneself(self, team: Team) -> None:
        """Nobody changes their own role, admins neither."""
        await team.put(ADA, Role.ADMIN, BY_ROOT)
        by_ada = Asked(by=ADA, chat_id=-7)
        for deed in (team.suspend, team.remove):
            assert await problem(deed(ADA, by_ada)) == (TeamProblem.ONESELF, "")
        assert await problem(team.put(ADA, Role.VIEWER, by_ada)) == (TeamProblem.ONESELF, "")
        assert await problem(team.remove(ROOT, BY_ROOT)) == (TeamProblem.ONESELF, "")

    async def test_the_last_admin(self, team: Team) -> None:
        """The only admin there is stays one, and is told why."""
        assert await problem(team.remove(ROOT, BY_ROOT)) == (TeamProblem.LAST_ADMIN, "Root")
        assert await problem(team.suspend(ROOT, BY_ROOT)) == (TeamProblem.LAST_ADMIN, "Root")
        assert await problem(team.put(ROOT, Role.VIEWER, BY_ROOT)) == (
            *(TeamProblem.LAST_ADMIN, "Root"),
        )

    async def test_no_admin(self, team: Team, house: House) -> None:
        """Who is no admin changes nothing, whatever they were a moment ago."""
        await team.put(ADA, Role.ADMIN, BY_ROOT)
        await team.put(ADA, Role.MANAGER, BY_ROOT)
        for by in (ADA, SET, DAN):
            asked = Asked(by=by, chat_id=-7)
            assert await problem(team.put(CAT, Role.ADMIN, asked)) == (TeamProblem.NO_ADMIN, "")
        assert len(await entries(house)) == 2

    async def test_unknown(self, team: Team) -> None:
        """A stranger can be added, and nothing else."""
        for deed in (team.suspend, team.restore, team.remove):
            assert await problem(deed(DAN, BY_ROOT)) == (TeamProblem.UNKNOWN_MEMBER, "")
        with pytest.raises(TeamError):
            await team.of(DAN.id)

    async def test_not_what_was_shown(self, team: Team, rights: Rights) -> None:
        """A change that was meant for another role expires."""
        await team.put(ADA, Role.VIEWER, BY_ROOT)
        await team.put(ADA, Role.MANAGER, BY_ROOT)
        stale = Asked(by=ROOT, chat_id=10, shown="viewer")
        with pytest.raises(ExpiredError):
            await team.put(ADA, Role.LAUNCHER, stale)
        assert await rights.role(ADA.id) is Role.MANAGER


async def test_an_admins_invites_end_with_them(team: Team, rights: Rights, house: House) -> None:
    """Who is no admin any more has no open invite left, also once they are one again."""
    invites = Invites(database=house.database, rights=rights, clock=house.clock)
    await team.put(ADA, Role.ADMIN, BY_ROOT)
    await invites.make(Role.ADMIN, by=ADA, chat_id=30)
    await invites.make(Role.VIEWER, by=ROOT, chat_id=10)
    await team.put(ADA, Role.MANAGER, BY_ROOT)
    await team.put(ADA, Role.ADMIN, BY_ROOT)
    assert [invite.by_id for invite in await invites.open()] == [ROOT.id]
