"""Why nothing may be launched: a row per reason, and who was told."""

import sqlite_utils

from storage.models import Pause, PauseReason
from storage.stores.rows import columns, models

_READ = {"reason": PauseReason}


class PauseStore:
    """At most one open pause per reason; each ends only by its own cure."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def open(self) -> list[Pause]:
        """The pauses that hold now, oldest first."""
        return models(
            self.db,
            Pause,
            f"SELECT {columns(Pause)} FROM pauses WHERE ended_at IS NULL ORDER BY id",
            (),
            _READ,
        )

    def begin(self, reason: PauseReason, detail: str, now: float) -> bool:
        """Pause launching; True if this reason is new, False if it holds already."""
        cursor = self.db.execute(
            "INSERT INTO pauses (reason, since, detail) VALUES (?, ?, ?)"
            " ON CONFLICT (reason) WHERE ended_at IS NULL DO NOTHING",
            (reason, now, detail),
        )
        return cursor.rowcount == 1

    def end(self, reason: PauseReason, *, by: int | None, name: str | None, now: float) -> bool:
        """End the pause of this reason; True if there was one."""
        cursor = self.db.execute(
            "UPDATE pauses SET ended_at = ?, ended_by = ?, ended_name = ?"
            " WHERE reason = ? AND ended_at IS NULL",
            (now, by, name, reason),
        )
        return cursor.rowcount == 1

    def told(self, pause_id: int) -> set[int]:
        """The admins who were told of this pause."""
        rows = self.db.execute(
            "SELECT admin_id FROM pause_notices WHERE pause_id = ?", (pause_id,)
        )
        return {row[0] for row in rows}

    def tell(self, pause_id: int, admin_id: int, now: float) -> None:
        """Record that the admin was told."""
        self.db.execute(
            "INSERT OR IGNORE INTO pause_notices (pause_id, admin_id, sent_at) VALUES (?, ?, ?)",
            (pause_id, admin_id, now),
        )

    def probe(self) -> None:
        """Write 64 KiB, to be committed and then taken back with `clear_probe`.

        A disk that refuses writes raises here or at the commit.
        """
        self.db.execute("INSERT INTO probes (filler) VALUES (zeroblob(65536))")

    def touch(self) -> None:
        """Change a page and change it back, so that the commit has a page to write to the disk."""
        cursor = self.db.execute("INSERT INTO probes (filler) VALUES (x'00')")
        self.db.execute("DELETE FROM probes WHERE id = ?", (cursor.lastrowid,))

    def clear_probe(self) -> None:
        """Take back what `probe` wrote."""
        self.db.execute("DELETE FROM probes")
