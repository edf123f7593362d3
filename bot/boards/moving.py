"""A group that became a supergroup: all that is shown there follows, in one transaction."""

from storage.stores import Stores


def move_chat(tx: Stores, old: int, new: int) -> None:
    """Let boards, drafts, schedules and what is still to be told go to the new chat.

    Messages of the old one cannot be edited any more; reports that were sent stay as they are.
    """
    tx.reports.move_chat(old)
    tx.boards.move_chat(old, new)
    tx.schedules.move_chat(old, new)
