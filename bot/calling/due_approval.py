"""The second person for a time that is due: who is asked, and whose press makes the batch."""

from dataclasses import replace

from bot.calling.approvals import Approved, needs_of
from bot.calling.audit import Deed, counted, of_plan
from bot.calling.drafts import Content
from bot.calling.due import OF_ADMINS, Why, is_allowed
from bot.calling.errors import OwnApprovalError
from bot.calling.making import Making
from bot.calling.rights import Rights, Role
from storage.models import Person, Place, Schedule
from storage.stores import Stores


def who_may_approve(tx: Stores, rights: Rights, schedule: Schedule) -> list[Place]:
    """The private chats of all who may approve what a schedule launches, its author aside."""
    having = rights.having(tx, Role.MANAGER)
    return [Place(chat_id=user_id) for user_id in having if user_id != schedule.author_id]


def asked_in(tx: Stores, rights: Rights, schedule: Schedule, why: Why, own: Place) -> list[Place]:
    """Where a schedule asks: in its own place, and in private whoever else has to know.

    Where only admins can answer they alone are asked; nothing is asked in a group that was taken
    off, but its author and the admins in private.
    """
    admins = [Place(chat_id=admin) for admin in rights.having(tx, Role.ADMIN)]
    if why in OF_ADMINS:
        return admins
    others = who_may_approve(tx, rights, schedule) if why is Why.APPROVAL else []
    if is_allowed(tx, schedule):
        return [own, *others]
    author = Place(chat_id=schedule.author_id)
    return [author, *(place for place in others or admins if place != author)]


def shown_in(tx: Stores, schedule: Schedule, making: Making, own: Place, pressed: Place) -> Place:
    """Where the board of a launch is posted that somebody has answered for.

    Args:
        tx: the transaction that makes it.
        schedule: the schedule that asks.
        making: the launch, as its author's.
        own: the place of the schedule.
        pressed: where it was answered, by the author unless a second person has approved it.

    Returns:
        The place of the schedule, unless nobody looks there any more.
    """
    gone = schedule.asked_why in OF_ADMINS and schedule.chat_id == schedule.author_id
    if not gone and is_allowed(tx, schedule):
        return own
    return pressed if making.approved is None else Place(chat_id=making.by.id)


def answered(
    making: Making, rights: Rights, schedule: Schedule, content: Content, chat_id: int
) -> Making | None:
    """The launch that is made by who answers a question about a due time.

    Where it needs a second person, the answer of another manager is that one's, and the batch is
    the author's.

    Args:
        making: the launch as that of who answers.
        rights: who may do what.
        schedule: the schedule that asks.
        content: what it would launch.
        chat_id: where it is answered, for the audit.

    Returns:
        The launch; None if a second person is asked now, and it is to be shown anew.

    Raises:
        OwnApprovalError: it needs another person than the one who answers.
    """
    tx, by = making.tx, making.by
    if not needs_of(tx, content):
        return making
    if by.id != schedule.author_id and _may_launch(tx, rights, schedule):
        author = Person(id=schedule.author_id, name=schedule.author_name)
        approved = Approved(by=by, asked_at=schedule.asked_at or making.now)
        return replace(making, by=author, approved=approved)
    if by.id != schedule.author_id or schedule.asked_why == Why.APPROVAL:
        raise OwnApprovalError
    tx.schedules.ask(schedule.id, Why.APPROVAL, due_at=schedule.due_at, now=making.now, anew=True)
    after = counted(len(content.numbers))
    about, at = of_plan(schedule.id), making.now
    tx.audit.add(Deed.APPROVAL_ASKED, about, at=at, by=by, chat_id=chat_id, after=after)
    for place in who_may_approve(tx, rights, schedule):
        tx.schedules.ask_in(schedule.id, schedule.due_at, place)
    return None


def tell_approved(making: Making, schedule: Schedule, batch_id: int, chat_id: int) -> None:
    """Record by whom a batch that was just made was approved, if anybody had to."""
    if making.approved is not None:
        about, after = f"b{batch_id}", of_plan(schedule.id)
        by, at = making.approved.by, making.now
        making.tx.audit.add(Deed.APPROVED, about, at=at, by=by, chat_id=chat_id, after=after)


def _may_launch(tx: Stores, rights: Rights, schedule: Schedule) -> bool:
    return rights.role_in(tx, schedule.author_id) >= Role.LAUNCHER
