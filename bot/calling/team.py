"""The team: who is a member, where their role is from, and how it is changed.

Each change is one transaction that reads the rights of both people anew and adds to the audit.
`ADMIN_IDS` cannot be changed here; one of `ALLOWED_IDS` who is removed is suspended instead, or
the settings would bring them back at once.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.calling.audit import Deed, of_person
from bot.calling.errors import ExpiredError, TeamError
from bot.calling.problems import TeamProblem
from bot.calling.rights import ROLES, Rights, Role
from storage.database import Database
from storage.models import Person
from storage.stores import Stores


class Source(StrEnum):
    """Where a role is from."""

    ADMIN_IDS = "ADMIN_IDS"
    ALLOWED_IDS = "ALLOWED_IDS"
    CHAT = "chat"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """What a person is in the team: the role, whether it is suspended, and who gave it.

    A stranger's `source` is `NOWHERE`. `role` is the one that a suspension takes away for now.
    """

    person: Person
    role: Role
    source: Source
    suspended: bool = False
    by_name: str = ""

    @property
    def state(self) -> str:
        """As it is recorded in the audit, and named by a button: `manager`, `manager-off`."""
        return f"{self.role.word}-off" if self.suspended else self.role.word

    @property
    def counts(self) -> Role:
        """The role that this person has now."""
        return Role.STRANGER if self.suspended else self.role


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a person was in the team, and is now."""

    before: Seat
    after: Seat


def parse_role(word: str) -> Role:
    """The role that a word names, in any case.

    Raises:
        TeamError: there is no such role.
    """
    try:
        return ROLES[word.strip().lower()]
    except KeyError as error:
        raise TeamError(TeamProblem.NO_ROLE, word.strip()[:40]) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks for a change, from which chat, and what the button named that was pressed.

    With `shown`, a `Seat.state`, the change expires if the person is anything else by now.
    """

    by: Person
    chat_id: int
    shown: str | None = None


class Team:
    """What admins do with the team."""

    def __init__(
        self, *, database: Database, rights: Rights, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock

    async def seats(self) -> list[Seat]:
        """Every member, those who may do most first; who is suspended comes last."""

        def look(tx: Stores) -> list[Seat]:
            known = {member.user_id for member in tx.members.all()}
            everyone = known | self._rights.admins | self._rights.allowed
            seats = [self.seat(tx, Person(id=user, name=f"u{user}")) for user in everyone]
            return sorted(seats, key=lambda of: (-of.counts, of.person.name, of.person.id))

        return await self._database.read(look)

    async def of(self, user_id: int) -> Seat:
        """What one person is.

        Raises:
            TeamError: they are no member.
        """
        person = Person(id=user_id, name=f"u{user_id}")
        seat = await self._database.read(lambda tx: self.seat(tx, person))
        return _member(seat)

    def seat(self, tx: Stores, person: Person) -> Seat:
        """The same inside a transaction; a name that only the record knows takes its place."""
        member = tx.members.get(person.id)
        if member is None or person.name != f"u{person.id}":
            known = person
        else:
            known = Person(id=person.id, name=member.name)
        if known.name == f"u{person.id}":
            seen = tx.audit.name_of(person.id) or tx.archive.name_of(person.id)
            known = Person(id=person.id, name=seen or known.name)
        if person.id in self._rights.admins:
            return Seat(person=known, role=Role.ADMIN, source=Source.ADMIN_IDS)
        if member is not None:
            return Seat(
                person=known,
                role=ROLES.get(member.role, Role.STRANGER),
                source=Source.CHAT,
                suspended=member.suspended_at is not None,
                by_name=member.by_name,
            )
        if person.id in self._rights.allowed:
            return Seat(person=known, role=Role.LAUNCHER, source=Source.ALLOWED_IDS)
        return Seat(person=known, role=Role.STRANGER, source=Source.NOWHERE)

    async def put(self, person: Person, role: Role, asked: Asked) -> Change:
        """Add a person, or give a member another role; it ends a suspension.

        Raises:
            TeamError: why not; nothing was changed.
            ExpiredError: they are not any more what was shown.
        """

        def work(tx: Stores, seat: Seat) -> Deed:
            if seat.counts is role:
                raise TeamError(TeamProblem.IS_SO, seat.person.name)
            tx.members.put(seat.person, role.word, now=self._clock(), by=asked.by)
            return Deed.MEMBER_ADDED if seat.counts is Role.STRANGER else Deed.ROLE_CHANGED

        return await self._change(person, asked, work)

    async def suspend(self, person: Person, asked: Asked) -> Change:
        """Take a member's rights away until the suspension ends; raises as `put`."""

        def work(tx: Stores, seat: Seat) -> Deed:
            if _member(seat).suspended:
                raise TeamError(TeamProblem.IS_SO, seat.person.name)
            self._suspend(tx, seat, seat.role, asked)
            return Deed.MEMBER_SUSPENDED

        return await self._change(person, asked, work)

    async def restore(self, person: Person, asked: Asked) -> Change:
        """End a suspension; the role that it took away is back. Raises as `put`."""

        def work(tx: Stores, seat: Seat) -> Deed:
            if not _member(seat).suspended:
                raise TeamError(TeamProblem.IS_SO, seat.person.name)
            if person.id in self._rights.allowed and seat.role is Role.LAUNCHER:
                tx.members.remove(person.id)  # the settings say the same, and go on to decide
            else:
                tx.members.put(seat.person, seat.role.word, now=self._clock(), by=asked.by)
            return Deed.SUSPENSION_ENDED

        return await self._change(person, asked, work)

    async def remove(self, person: Person, asked: Asked) -> Change:
        """Make a member a stranger; one of `ALLOWED_IDS` is suspended. Raises as `put`."""

        def work(tx: Stores, seat: Seat) -> Deed:
            _member(seat)
            if person.id not in self._rights.allowed:
                tx.members.remove(person.id)
                return Deed.MEMBER_REMOVED
            if seat.suspended:
                raise TeamError(TeamProblem.IS_SO, seat.person.name)
            self._suspend(tx, seat, Role.LAUNCHER, asked)
            return Deed.MEMBER_SUSPENDED

        return await self._change(person, asked, work)

    def _suspend(self, tx: Stores, seat: Seat, role: Role, asked: Asked) -> None:
        tx.members.put(seat.person, role.word, now=self._clock(), by=asked.by, suspended=True)

    async def _change(
        self, person: Person, asked: Asked, work: Callable[[Stores, Seat], Deed]
    ) -> Change:
        def change(tx: Stores) -> Change:
            before = self.seat(tx, person)
            self._check(tx, before, asked)
            deed = work(tx, before)
            after = self.seat(tx, before.person)
            if after.counts is not Role.ADMIN:
                self._end_invites(tx, person.id)
            tx.audit.add(
                deed,
                of_person(before.person),
                at=self._clock(),
                by=asked.by,
                chat_id=asked.chat_id,
                before=before.state,
                after=after.state,
            )
            return Change(before=before, after=after)

        return await self._database.write(change)

    def _check(self, tx: Stores, seat: Seat, asked: Asked) -> None:
        """Whether this person may be changed at all, by the one who asks."""
        admins = self._rights.having(tx, Role.ADMIN)
        if asked.by.id not in admins:
            raise TeamError(TeamProblem.NO_ADMIN)
        if admins == [seat.person.id]:
            raise TeamError(TeamProblem.LAST_ADMIN, seat.person.name)
        if seat.person.id == asked.by.id:
            raise TeamError(TeamProblem.ONESELF)
        if seat.source is Source.ADMIN_IDS:
            raise TeamError(TeamProblem.IN_ADMIN_IDS, seat.person.name)
        if asked.shown is not None and seat.state != asked.shown:
            raise ExpiredError

    def _end_invites(self, tx: Stores, user_id: int) -> None:
        """What somebody offered as an admin does not outlive that."""
        for invite in tx.invites.open(self._clock()):
            if invite.by_id == user_id:
                tx.invites.end(invite.id, now=self._clock())


def _member(seat: Seat) -> Seat:
    if seat.source is Source.NOWHERE:
        raise TeamError(TeamProblem.UNKNOWN_MEMBER)
    return seat
