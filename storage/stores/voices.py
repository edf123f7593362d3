"""Voices: recordings at the gateway by name; a removed one frees its name and keeps its row."""

from collections.abc import Collection

import sqlite_utils

from storage.models import Person, SampleKind, Voice
from storage.stores.rows import columns, models

_READ = {"sample_kind": SampleKind}


class VoiceStore:
    """A name, and an id, is at most one voice's at a time; the schema refuses a second."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def add(self, voice_id: str, name: str, name_key: str, *, by: Person, now: float) -> int:
        """Keep a voice, and return its number."""
        cursor = self.db.execute(
            "INSERT INTO voices (voice_id, name, name_key, made_by, made_name, made_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (voice_id, name, name_key, by.id, by.name, now),
        )
        return int(cursor.lastrowid or 0)

    def rename(self, ref: int, name: str, name_key: str) -> None:
        """Give a voice another name."""
        self.db.execute(
            "UPDATE voices SET name = ?, name_key = ? WHERE id = ?", (name, name_key, ref)
        ).close()

    def remove(self, ref: int, *, now: float) -> bool:
        """Take a voice off the list, and from those whose default it is; False if it was off."""
        self.db.execute("UPDATE choices SET voice_ref = NULL WHERE voice_ref = ?", (ref,)).close()
        return (
            self.db.execute(
                "UPDATE voices SET removed_at = ? WHERE id = ? AND removed_at IS NULL", (now, ref)
            ).rowcount
            == 1
        )

    def attach(self, ref: int, sample: str, kind: SampleKind) -> None:
        """Keep what a voice sounds like, in place of what was kept before."""
        self.db.execute(
            "UPDATE voices SET sample = ?, sample_kind = ? WHERE id = ?", (sample, kind, ref)
        ).close()

    def used(self, voice: str | None, now: float) -> None:
        """Note that this was launched; what is no saved voice's id changes nothing."""
        self.db.execute(
            "UPDATE voices SET used_at = ? WHERE voice_id = ? AND removed_at IS NULL",
            (now, voice),
        ).close()

    def get(self, ref: int) -> Voice | None:
        """One voice by its number, also a removed one."""
        return self._one("WHERE id = ?", ref)

    def named(self, name_key: str) -> Voice | None:
        """The voice of this name."""
        return self._one("WHERE name_key = ? AND removed_at IS NULL", name_key)

    def of(self, voice_id: str) -> Voice | None:
        """The voice with this gateway id."""
        return self._one("WHERE voice_id = ? AND removed_at IS NULL", voice_id)

    def all(self) -> list[Voice]:
        """Every voice that is not removed: those used last first, then the newest."""
        return self._select(
            "WHERE removed_at IS NULL ORDER BY used_at IS NULL, used_at DESC, id DESC"
        )

    def names(self, voice_ids: Collection[str]) -> dict[str, str]:
        """The names of these gateway ids, of removed ones the last that they had."""
        found: dict[str, str] = {}
        for voice_id in voice_ids:
            row = self.db.execute(
                "SELECT name FROM voices WHERE voice_id = ?"
                " ORDER BY removed_at IS NOT NULL, removed_at DESC LIMIT 1",
                (voice_id,),
            ).fetchone()
            if row is not None:
                found[voice_id] = row[0]
        return found

    def _one(self, tail: str, *values: object) -> Voice | None:
        found = self._select(tail, *values)
        return found[0] if found else None

    def _select(self, tail: str, *values: object) -> list[Voice]:
        return models(self.db, Voice, f"SELECT {columns(Voice)} FROM voices {tail}", values, _READ)
