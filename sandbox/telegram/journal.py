"""What changed in the simulated Telegram, in the order in which it changed last.

A page that shows the chats asks for what is newer than what it has. Each thing stands here once,
under a key, with the revision of its latest change:

    ("message", chat_id, message_id)   it was sent, edited or deleted
    ("answer", callback_id)            a press was answered
    ("typing", chat_id)                the bot shows that it is busy
    ("pins", chat_id)                  the pinned messages of a chat
    ("menus",)                         the command lists, the bot's names or its menu button
    ("chats",)                         the people, the chats and who is in them

The page keeps the gateway's changes here as well, so that one revision orders everything:
("request", slot), ("call", id), ("gateway",) and ("bot",).
"""

from collections.abc import Callable

Key = tuple[str | int, ...]


class Journal:
    """The latest revision of each thing.

    Args:
        announce: called after each change; wakes those who wait for one.
    """

    def __init__(self, announce: Callable[[], None]) -> None:
        self._announce = announce
        self._latest: dict[Key, int] = {}
        self._revision = 0

    @property
    def revision(self) -> int:
        """Number of the latest change; it only ever grows."""
        return self._revision

    def touch(self, *key: str | int) -> int:
        """Note that a thing has changed, and return the revision of the change."""
        self._revision += 1
        self._latest.pop(key, None)
        self._latest[key] = self._revision
        self._announce()
        return self._revision

    def since(self, after: int) -> list[tuple[Key, int]]:
        """Return what changed after a revision, oldest first, each key once.

        The cost is that of what is returned, however much is known.
        """
        found: list[tuple[Key, int]] = []
        for item in reversed(self._latest.items()):
            if item[1] <= after:
                break
            found.append(item)
        found.reverse()
        return found
