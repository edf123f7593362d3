"""Which buttons somebody sees in their private chat: those that they may use, by the table."""

import logging
from dataclasses import replace

from bot.calling.errors import ExpiredError
from bot.calling.rights import Rights, Role
from bot.handlers import permissions, tokens
from bot.texts.cards import Button, Card

log = logging.getLogger(__name__)


class Seeing:
    """Only spares a press that would be refused: the rights are checked at each press anyway.

    A group sees every button, for it has members of every role.
    """

    def __init__(self, rights: Rights) -> None:
        self._rights = rights

    async def fit(self, chat_id: int, card: Card) -> Card:
        """The card as the person of a private chat may use it; in doubt with all its buttons."""
        if chat_id < 0 or not card.rows:
            return card
        try:
            role = await self._rights.role(chat_id)
        except Exception:
            log.exception("a role could not be read; all buttons are shown")
            return card
        rows = (tuple(one for one in row if may_use(one, role)) for row in card.rows)
        return replace(card, rows=tuple(row for row in rows if row))


def may_use(button: Button, role: Role) -> bool:
    """Whether this role may press a button in a private chat; one of no table stays."""
    try:
        needs = permissions.of_button(*tokens.split(button.data))
    except (ExpiredError, KeyError):
        return True
    return role >= needs.role and needs.works_in(private=True)
