"""Who reads a private chat: nothing more is shown there to somebody who may not look any more."""

from bot.calling.rights import Rights, Role
from storage.stores import Stores

NO_READER = "no_reader"
"""Why a message is not kept in step: its private chat is that of somebody without rights."""


def is_read(tx: Stores, rights: Rights, chat_id: int) -> bool:
    """Whether what stands in a chat may be kept in step there.

    Telegram: a private chat has the id of its person, a group a negative one. Who may look in a
    group is not the bot's to say.
    """
    return chat_id < 0 or rights.role_in(tx, chat_id) >= Role.VIEWER
