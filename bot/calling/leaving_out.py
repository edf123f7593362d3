"""Who is on the do-not-call list is left out of what is launched; inside one transaction."""

from dataclasses import replace

from bot.calling.drafts import Ask, Content
from bot.calling.errors import UsageError
from bot.calling.problems import Problem
from storage.stores import Stores


def leave_out(tx: Stores, content: Content) -> Content:
    """The content without the numbers that are on the list now; it tells which these were.

    Where all of them are on it, none is left.
    """
    listed = tx.do_not_call.among(content.numbers)
    if not listed:
        return content
    found = tuple(number for number in content.numbers if number in listed)
    told = tuple(dict.fromkeys((*content.do_not_call, *found)))
    return replace(content.without(listed), do_not_call=told)


def leave_out_and_ask(tx: Stores, content: Content) -> Content:
    """The same, with the reason to ask before anything is launched.

    Numbers that are only kept, as they are more than a batch may have, are all kept.

    Raises:
        UsageError: none is left.
    """
    if content.above is not None:
        return content
    left = leave_out(tx, content)
    if left is content:
        return content
    if not left.numbers:
        raise UsageError(Problem.ALL_DO_NOT_CALL, limit=len(content.numbers))
    asks = tuple(ask for ask in left.asks if ask is not Ask.DO_NOT_CALL)
    return replace(left, asks=(*asks, Ask.DO_NOT_CALL))


def refuse_listed(tx: Stores, number: str) -> None:
    """Return if a member's own number (E.164) is not on the list.

    Raises:
        UsageError: it is.
    """
    if tx.do_not_call.get(number) is not None:
        raise UsageError(Problem.YOU_DO_NOT_CALL)


def all_given(content: Content) -> set[str]:
    """All numbers that were given, those that were left out as well."""
    return {*content.numbers, *content.do_not_call}
