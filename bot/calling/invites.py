"""One-time invites: a secret in a link, bound to a role, for a day.

The secret is 128 random bits. The record holds its SHA-256 alone, and no log or audit entry any
part of it: who reads them cannot use an invite.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from bot.calling.audit import Deed, of_invite, of_person
from bot.calling.errors import AlreadyDoneError, InviteError
from bot.calling.problems import InviteProblem
from bot.calling.rights import ROLES, Rights, Role
from storage.database import Database
from storage.models import Invite, Person
from storage.stores import Stores
from storage.stores.audit import AuditSearch

LASTS = 86400.0  # seconds
BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeInvite:
    """An invite and its secret, which nobody can be told again."""

    secret: str
    role: Role
    expires_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Whom an invite has made what, and who had made the invite."""

    person: Person
    role: Role
    by: Person


def digest(secret: str) -> str:
    """What the record holds of a secret: its SHA-256 in hex."""
    return sha256(secret.encode()).hexdigest()


class Invites:
    """Made and taken back by admins; used once, by whoever has the link."""

    def __init__(
        self, *, database: Database, rights: Rights, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock

    async def make(self, role: Role, *, by: Person, chat_id: int) -> MadeInvite:
        """Make an invite to this role that lasts for a day."""
        secret, now = secrets.token_urlsafe(BYTES), self._clock()
        made = MadeInvite(secret=secret, role=role, expires_at=now + LASTS)

        def work(tx: Stores) -> None:
            invite_id = tx.invites.create(
                digest(secret), role.word, now=now, expires_at=made.expires_at, by=by
            )
            about = of_invite(invite_id)
            tx.audit.add(Deed.INVITE_MADE, about, at=now, by=by, chat_id=chat_id, after=role.word)

        await self._database.write(work)
        return made

    async def open(self) -> list[Invite]:
        """Those that can still be used, newest first."""
        now = self._clock()
        return await self._database.read(lambda tx: tx.invites.open(now))

    async def take_back(self, invite_id: int, *, by: Person, chat_id: int) -> None:
        """End an invite that nobody has used.

        Raises:
            AlreadyDoneError: it is over: used, late, or taken back before.
        """
        now = self._clock()

        def work(tx: Stores) -> None:
            invite = tx.invites.get(invite_id)
            if invite is None or invite.expires_at <= now:
                raise AlreadyDoneError
            if not tx.invites.end(invite_id, now=now):
                raise AlreadyDoneError
            tx.audit.add(
                Deed.INVITE_TAKEN_BACK,
                of_invite(invite_id),
                at=now,
                by=by,
                chat_id=chat_id,
                before=invite.role,
            )

        await self._database.write(work)

    async def use(self, secret: str, *, by: Person) -> Used:
        """Make the person who followed the link a member, in one transaction.

        Nobody loses a role by it, and nobody who is suspended comes back by it, nor who was
        removed by one that was made before.

        Raises:
            InviteError: why not; the invite is as it was.
        """

        def work(tx: Stores) -> Used:
            now = self._clock()
            invite = self._usable(tx, secret, by, now)
            role = ROLES[invite.role]
            before = self._rights.role_in(tx, by.id)
            inviter = Person(id=invite.by_id, name=invite.by_name)
            tx.invites.end(invite.id, now=now, used_by=by)
            tx.members.put(by, role.word, now=now, by=inviter)
            tx.audit.add(
                Deed.INVITE_USED,
                f"{of_invite(invite.id)}: {of_person(by)}",
                at=now,
                by=by,
                chat_id=by.id,
                before=before.word,
                after=role.word,
            )
            return Used(person=by, role=role, by=inviter)

        return await self._database.write(work)

    def _usable(self, tx: Stores, secret: str, by: Person, now: float) -> Invite:
        """The invite with this secret, if this person can use it now."""
        invite = tx.invites.by_digest(digest(secret))
        if invite is None:
            raise InviteError(InviteProblem.UNKNOWN)
        if invite.used_by is not None:
            raise InviteError(InviteProblem.USED)
        if invite.ended_at is not None:
            raise InviteError(InviteProblem.TAKEN_BACK)
        if invite.expires_at <= now:
            raise InviteError(InviteProblem.LATE)
        # The word of somebody who is no admin any more invites nobody.
        if self._rights.role_in(tx, invite.by_id) is not Role.ADMIN:
            raise InviteError(InviteProblem.TAKEN_BACK)
        if self._rights.role_in(tx, by.id) >= ROLES[invite.role]:
            raise InviteError(InviteProblem.NOT_NEEDED)
        member = tx.members.get(by.id)
        if member is not None and member.suspended_at is not None:
            raise InviteError(InviteProblem.SUSPENDED)
        if invite.created_at <= _left_at(tx, by):
            raise InviteError(InviteProblem.OLDER)
        return invite


def _left_at(tx: Stores, person: Person) -> float:
    """When (UTC seconds) somebody was last suspended or removed; 0.0 if they never were."""
    which = AuditSearch(about=f"u{person.id}", deeds=(Deed.MEMBER_SUSPENDED, Deed.MEMBER_REMOVED))
    found = tx.audit.before(None, which, 1)
    return found[0].at if found else 0.0
