"""What the gateway has sent us of calls by itself: kept as it came, and never believed alone.

Once the status call has agreed, the call's own record says the same: then an event loses its body
at once, and is forgotten after a week. What did not agree, and what is of no call, stays.
"""

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict

import sqlite_utils

from storage.models import Event, EventNews, EventState
from storage.stores.rows import columns, models

KEPT = 7 * 24 * 3600  # seconds that an event is kept whose call says the same

_DIGEST = 16  # bytes
_READ = {"state": EventState}


class EventStore:
    """The same event is kept once, however often it comes."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def keep(self, news: EventNews, state: EventState, body: bytes, now: float) -> int | None:
        """Keep an event and return its id; None if the same came before: it is only counted."""
        said = asdict(news)
        content = json.dumps(said, sort_keys=True).encode()
        digest = hashlib.blake2b(content, digest_size=_DIGEST).digest()
        cursor = self.db.execute(
            "INSERT INTO events (digest, gateway_id, word, number, bill_sec, price, request_date,"
            " campaign_id, received_at, state, body) VALUES (:digest, :gateway_id, :word, :number,"
            " :bill_sec, :price, :request_date, :campaign_id, :now, :state, :body)"
            " ON CONFLICT (digest) DO NOTHING",
            {**said, "digest": digest, "now": now, "state": state, "body": zlib.compress(body)},
        )
        if cursor.rowcount == 1:
            return int(cursor.lastrowid or 0)
        self.db.execute("UPDATE events SET times = times + 1 WHERE digest = ?", (digest,))
        return None

    def of_call(self, gateway_id: str) -> list[Event]:
        """All events of a call, oldest first."""
        return self._select("WHERE gateway_id = ? ORDER BY id", gateway_id)

    def early(self, gateway_ids: Sequence[str]) -> list[Event]:
        """The events of these calls that came before we knew the calls, oldest first."""
        marks = ", ".join("?" * len(gateway_ids))
        return self._select(
            f"WHERE gateway_id IN ({marks}) AND state = 'evidence' ORDER BY id", *gateway_ids
        )

    def settle(self, event_id: int, state: EventState) -> None:
        """Record what became of it; the gateway is not asked because of it any more.

        One that agrees with the status call loses its body.
        """
        self.db.execute(
            "UPDATE events SET state = :state, next_ask_at = NULL,"
            " body = iif(:state = 'agreed', x'', body) WHERE id = :id",
            {"state": state, "id": event_id},
        )

    def ask(self, event_id: int, at: float) -> None:
        """Let the gateway be asked because of it, although its call is final or given up."""
        self.db.execute(
            "UPDATE events SET state = 'hint', next_ask_at = ? WHERE id = ?", (at, event_id)
        )

    def due(self, now: float, limit: int) -> list[Event]:
        """The events because of which the gateway is to be asked by now, longest due first."""
        return self._select(
            "WHERE next_ask_at IS NOT NULL AND next_ask_at <= ? ORDER BY next_ask_at LIMIT ?",
            now,
            limit,
        )

    def next_due_at(self) -> float | None:
        """When the gateway is to be asked next because of an event (UTC seconds)."""
        row = self.db.execute(
            "SELECT min(next_ask_at) FROM events WHERE next_ask_at IS NOT NULL"
        ).fetchone()
        return None if row[0] is None else float(row[0])

    def body(self, event_id: int) -> bytes:
        """The event as it came; empty if it is not kept any more."""
        row = self.db.execute("SELECT body FROM events WHERE id = ?", (event_id,)).fetchone()
        return zlib.decompress(row[0]) if row is not None and row[0] else b""

    def prune(self, now: float, *, limit: int) -> int:
        """Forget events that came over 7 days ago and agreed; returns how many, `limit` at most.

        One that comes again after that is a hint once more, and agrees once more.
        """
        return self.db.execute(
            "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE state = 'agreed'"
            " AND received_at < ? ORDER BY received_at LIMIT ?)",
            (now - KEPT, limit),
        ).rowcount

    def _select(self, tail: str, *values: object) -> list[Event]:
        return models(self.db, Event, f"SELECT {columns(Event)} FROM events {tail}", values, _READ)
