"""Invites: used once, within a day, by somebody for whom they are; raced, late and taken back."""

import asyncio
import re
from hashlib import sha256

import pytest

from bot.calling.audit import Deed
from bot.calling.errors import AlreadyDoneError, InviteError
from bot.calling.invites import Invites
from bot.calling.problems import InviteProblem
from bot.calling.rights import Rights, Role
from bot.calling.team import Asked, Team
from storage.models import Person
from tests.calling.house import House

ROOT, SET, ADA = Person(id=10, name="Root"), Person(id=20, name="Set"), Person(id=30, name="Ada")
DAN = Person(id=50, name="Dan")
DAY = 86400.0


@pytest.fixture
def rights(house: House) -> Rights:
    """Root stands in `ADMIN_IDS`, Set in `ALLOWED_IDS`."""
    return Rights(frozenset({ROOT.id}), frozenset({SET.id}), house.database)


@pytest.fixture
def invites(house: House, rights: Rights) -> Invites:
    """The service on the house's record."""
    return Invites(database=house.database, rights=rights, clock=house.clock)


@pytest.fixture
def team(house: House, rights: Rights) -> Team:
    """The team on the same record."""
    return Team(database=house.database, rights=rights, clock=house.clock)


async def refused(invites: Invites, secret: str, by: Person) -> InviteProblem:
    """Why an invite is not taken from this person."""
    with pytest.raises(InviteError) as caught:
        await invites.use(secret, by=by)
    return caught.value.problem


async def test_used(invites: Invites, rights: Rights, house: House) -> None:
    """Who follows the link is a member from then on; who was invited by whom is recorded."""
    made = await invites.make(Role.MANAGER, by=ROOT, chat_id=10)
    used = await invites.use(made.secret, by=DAN)
    assert (used.role, used.by) == (Role.MANAGER, ROOT)
    assert await rights.role(DAN.id) is Role.MANAGER
    assert await invites.open() == []
    entries = await house.database.read(lambda tx: list(tx.audit.chain()))
    assert [(e.deed, e.about, e.by_id, e.after) for e in entries] == [
        (Deed.INVITE_MADE, "invite 1", ROOT.id, "manager"),
        (Deed.INVITE_USED, "invite 1: u50 Dan", DAN.id, "manager"),
    ]


async def test_the_secret(invites: Invites, house: House) -> None:
    """It has 128 bits, no two are the same, and the record holds its SHA-256 alone."""
    made = [await invites.make(Role.VIEWER, by=ROOT, chat_id=10) for _ in range(20)]
    secrets = {one.secret for one in made}
    assert len(secrets) == 20
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", secret) for secret in secrets)
    kept = {invite.digest for invite in await invites.open()}
    assert kept == {sha256(secret.encode()).hexdigest() for secret in secrets}
    await invites.use(made[0].secret, by=DAN)
    dump = await house.database.read(lambda tx: "\n".join(tx.db.conn.iterdump()))
    assert not any(secret in dump for secret in secrets)


async def test_raced(invites: Invites, rights: Rights) -> None:
    """Of fifty people at once with one link one is a member; the others hear that it is used."""
    made = await invites.make(Role.LAUNCHER, by=ROOT, chat_id=10)
    people = [Person(id=100 + n, name=f"P{n}") for n in range(50)]
    results = await asyncio.gather(
        *(invites.use(made.secret, by=person) for person in people), return_exceptions=True
    )
    problems = [one.problem for one in results if isinstance(one, InviteError)]
    assert problems == [InviteProblem.USED] * 49
    roles = [await rights.role(person.id) for person in people]
    assert roles.count(Role.LAUNCHER) == 1
    assert roles.count(Role.STRANGER) == 49


async def test_over(invites: Invites, rights: Rights, house: House) -> None:
    """Used, late, taken back, unknown: each is its own sentence, and nobody is a member by it."""
    made = [await invites.make(Role.VIEWER, by=ROOT, chat_id=10) for _ in range(3)]
    await invites.use(made[0].secret, by=ADA)
    await invites.take_back(2, by=ROOT, chat_id=10)
    house.clock.jump(DAY)
    assert [await refused(invites, one.secret, DAN) for one in made] == [
        InviteProblem.USED,
        InviteProblem.TAKEN_BACK,
        InviteProblem.LATE,
    ]
    assert await refused(invites, "x" * 22, DAN) is InviteProblem.UNKNOWN
    assert await rights.role(DAN.id) is Role.STRANGER


async def test_just_in_time(invites: Invites, rights: Rights, house: House) -> None:
    """A second before its end an invite still works."""
    made = await invites.make(Role.VIEWER, by=ROOT, chat_id=10)
    house.clock.jump(DAY - 1)
    await invites.use(made.secret, by=DAN)
    assert await rights.role(DAN.id) is Role.VIEWER


async def test_nobody_loses_a_role(invites: Invites, rights: Rights) -> None:
    """Who may do as much already leaves the invite unused; who may do less rises by it."""
    made = await invites.make(Role.LAUNCHER, by=ROOT, chat_id=10)
    for person in (ROOT, SET):
        assert await refused(invites, made.secret, person) is InviteProblem.NOT_NEEDED
    assert len(await invites.open()) == 1
    higher = await invites.make(Role.MANAGER, by=ROOT, chat_id=10)
    await invites.use(higher.secret, by=SET)
    assert await rights.role(SET.id) is Role.MANAGER


async def test_a_suspension_is_ended_by_an_admin_alone(
    invites: Invites, team: Team, rights: Rights
) -> None:
    """No invite, made before or after, lets somebody back in who is suspended."""
    before = await invites.make(Role.ADMIN, by=ROOT, chat_id=10)
    asked = Asked(by=ROOT, chat_id=10)
    await team.put(DAN, Role.VIEWER, asked)
    await team.suspend(DAN, asked)
    after = await invites.make(Role.ADMIN, by=ROOT, chat_id=10)
    for made in (before, after):
        assert await refused(invites, made.secret, DAN) is InviteProblem.SUSPENDED
    assert await rights.role(DAN.id) is Role.STRANGER
    assert len(await invites.open()) == 2


@pytest.mark.parametrize("dan", [DAN, Person(id=7_912_000_001, name="Dan")])
async def test_an_older_invite_lets_nobody_back_in(
    invites: Invites, team: Team, rights: Rights, house: House, dan: Person
) -> None:
    """Who was suspended and removed needs an invite that was made after that."""
    before = await invites.make(Role.ADMIN, by=ROOT, chat_id=10)
    asked = Asked(by=ROOT, chat_id=10)
    await team.put(dan, Role.VIEWER, asked)
    await team.suspend(dan, asked)
    house.clock.jump(60)
    between = await invites.make(Role.VIEWER, by=ROOT, chat_id=10)
    house.clock.jump(60)
    await team.remove(dan, asked)
    house.clock.jump(60)
    for made in (before, between):
        assert await refused(invites, made.secret, dan) is InviteProblem.OLDER
    assert await rights.role(dan.id) is Role.STRANGER
    after = await invites.make(Role.VIEWER, by=ROOT, chat_id=10)
    await invites.use(after.secret, by=dan)
    assert await rights.role(dan.id) is Role.VIEWER
    await invites.use(before.secret, by=ADA)
    assert await rights.role(ADA.id) is Role.ADMIN


async def test_an_admin_of_yesterday_invites_nobody(
    invites: Invites, team: Team, house: House
) -> None:
    """An invite is an admin's word: it ends with their role, given here or in the settings."""
    await team.put(ADA, Role.ADMIN, Asked(by=ROOT, chat_id=10))
    of_ada = await invites.make(Role.ADMIN, by=ADA, chat_id=30)
    of_root = await invites.make(Role.ADMIN, by=ROOT, chat_id=10)
    await team.remove(ADA, Asked(by=ROOT, chat_id=10))
    assert await refused(invites, of_ada.secret, ADA) is InviteProblem.TAKEN_BACK
    other = Rights(frozenset({99}), frozenset(), house.database)
    later = Invites(database=house.database, rights=other, clock=house.clock)
    assert await refused(later, of_root.secret, DAN) is InviteProblem.TAKEN_BACK


async def test_taken_back_once(invites: Invites, house: House) -> None:
    """What is over or unknown cannot be taken back; that is said, and not recorded."""
    await invites.make(Role.VIEWER, by=ROOT, chat_id=10)
    await invites.take_back(1, by=ROOT, chat_id=10)
    await invites.make(Role.VIEWER, by=ROOT, chat_id=10)
    house.clock.jump(DAY)
    for invite_id in (1, 2, 3):
        with pytest.raises(AlreadyDoneError):
            await invites.take_back(invite_id, by=ROOT, chat_id=10)
    entries = await house.database.read(lambda tx: list(tx.audit.chain()))
    assert [e.deed for e in entries].count(Deed.INVITE_TAKEN_BACK) == 1
