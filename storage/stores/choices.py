"""What members have chosen for themselves: the default voice, and their own number."""

import sqlite_utils


class ChoiceStore:
    """One row a member; what is not chosen is None."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def default_voice(self, user_id: int) -> int | None:
        """The number of the voice that this member's launches have by default."""
        row = self.db.execute(
            "SELECT voice_ref FROM choices WHERE user_id = ?", (user_id,)
        ).fetchone()
        return None if row is None else row[0]

    def choose_voice(self, user_id: int, ref: int | None) -> None:
        """Make a voice the default of this member; None leaves them without one."""
        self.db.execute(
            "INSERT INTO choices (user_id, voice_ref) VALUES (?, ?)"
            " ON CONFLICT (user_id) DO UPDATE SET voice_ref = excluded.voice_ref",
            (user_id, ref),
        ).close()

    def number(self, user_id: int) -> str | None:
        """The member's own number (E.164), if they have shared it."""
        row = self.db.execute(
            "SELECT number FROM choices WHERE user_id = ?", (user_id,)
        ).fetchone()
        return None if row is None else row[0]

    def share_number(self, user_id: int, number: str | None) -> None:
        """Keep the member's own number (E.164); None forgets it."""
        self.db.execute(
            "INSERT INTO choices (user_id, number) VALUES (?, ?)"
            " ON CONFLICT (user_id) DO UPDATE SET number = excluded.number",
            (user_id, number),
        ).close()
