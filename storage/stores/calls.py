"""Calls: the numbers of a batch and what the gateway says of each."""

from collections import Counter
from dataclasses import asdict

import sqlite_utils

from storage.models import (
    Call,
    CallNews,
    CallStatus,
    Follow,
    SkipReason,
    SubmissionState,
    UnmatchedId,
    UnmatchedKind,
)
from storage.stores.chain_sql import CHAIN, MAY_HAVE_RUNG
from storage.stores.limits import called_since
from storage.stores.rows import columns, models

_READ = {"status": CallStatus}

# What is about to be claimed and must not be called, each with the first reason that holds.
_TO_SKIP = f"""
{CHAIN} SELECT id, reason FROM (SELECT c.id, CASE
  WHEN {MAY_HAVE_RUNG} THEN '{SkipReason.RANG.value}'
  WHEN EXISTS (SELECT 1 FROM do_not_call d WHERE d.number = c.number AND d.removed_at IS NULL)
    THEN '{SkipReason.DO_NOT_CALL.value}'
  WHEN :most > 0 AND {called_since("c.number")} >= :most THEN '{SkipReason.DAILY_LIMIT.value}'
  END AS reason FROM calls c WHERE c.submission_id = :submission AND c.status = 'planned')
WHERE reason IS NOT NULL
"""


class CallStore:
    """An id belongs to one call for ever; a number stands in a batch once."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def of_batch(self, batch_id: int, *, limit: int = -1, offset: int = 0) -> list[Call]:
        """Calls of a batch in their order; all of them by default."""
        return self._select(
            "WHERE batch_id = ? ORDER BY position LIMIT ? OFFSET ?", batch_id, limit, offset
        )

    def of_submission(self, submission_id: int) -> list[Call]:
        """Calls of one submission in their order."""
        return self._select("WHERE submission_id = ? ORDER BY position", submission_id)

    def counts(self, batch_id: int) -> dict[tuple[SubmissionState, CallStatus], int]:
        """How many calls of a batch there are by state of their submission and own status."""
        rows = self.db.execute(
            "SELECT s.state, c.status, count(*) FROM calls c"
            " JOIN submissions s ON s.id = c.submission_id WHERE c.batch_id = ?"
            " GROUP BY s.state, c.status",
            (batch_id,),
        )
        return {(SubmissionState(row[0]), CallStatus(row[1])): row[2] for row in rows}

    def get_by_id(self, gateway_id: str) -> Call | None:
        """The call that has this gateway id."""
        found = self._select("WHERE gateway_id = ?", gateway_id)
        return found[0] if found else None

    def by_id_prefix(self, prefix: str, limit: int, offset: int = 0) -> list[Call]:
        """Calls whose gateway id begins so (hex, lower case), newest first."""
        return self._select(
            "WHERE gateway_id >= ? AND gateway_id < ? ORDER BY id DESC LIMIT ? OFFSET ?",
            prefix,
            prefix + "\x7f",
            limit,
            offset,
        )

    def get(self, call_id: int) -> Call | None:
        """The call of this id in the record."""
        found = self._select("WHERE id = ?", call_id)
        return found[0] if found else None

    def by_number(self, number: str, limit: int, offset: int = 0) -> list[Call]:
        """Calls to this number (E.164), newest first."""
        return self._select(
            "WHERE number = ? ORDER BY id DESC LIMIT ? OFFSET ?", number, limit, offset
        )

    def adopt(self, call_id: int, news: CallNews, now: float, follow: Follow) -> None:
        """Give a call its gateway id, with all that the gateway said of it, and follow it."""
        self._put(call_id, news, now, follow, adopted=True)

    def record(self, call: Call, news: CallNews, now: float, follow: Follow) -> bool:
        """Record what the gateway said of a call, and how it is followed on.

        Returns:
            True if it changed anything that is shown.
        """
        before, said = _said(call), _said(news)
        if before == said:
            return self.follow(call, follow, now)
        self._put(call.id, news, now, follow)
        ended = follow.next_poll_at is None and call.final_at is None
        return ended or before[:_SHOWN] != said[:_SHOWN]

    def follow(self, call: Call, follow: Follow, now: float) -> bool:
        """Record how a call is followed on; True if it has just become final or was given up."""
        self.db.execute(
            "UPDATE calls SET status_since = ?, tries = ?, next_poll_at = ? WHERE id = ?",
            (follow.status_since, follow.tries, follow.next_poll_at, call.id),
        )
        if follow.next_poll_at is not None or call.final_at is not None:
            return False
        self._end(call.id, follow, now)
        return True

    def _put(
        self, call_id: int, news: CallNews, now: float, follow: Follow, *, adopted: bool = False
    ) -> None:
        new = "gateway_id = :gateway_id, tracked_since = :now, " if adopted else ""
        self.db.execute(
            f"UPDATE calls SET {new}status = :status, word = :word, bill_sec = :bill_sec,"
            " price = :price, request_date = :request_date, execution_date = :execution_date,"
            " updated_at = :now, status_since = :status_since, tries = :tries,"
            " next_poll_at = :next_poll_at, final_at = coalesce(:final_at, final_at)"
            " WHERE id = :id",
            {**asdict(news), **asdict(follow), "now": now, "id": call_id},
        )
        if follow.next_poll_at is None and follow.final_at is None:
            self._end(call_id, follow, now)

    def _end(self, call_id: int, follow: Follow, now: float) -> None:
        if follow.final_at is not None:
            self.db.execute(
                "UPDATE calls SET final_at = ? WHERE id = ?", (follow.final_at, call_id)
            )
        else:
            self.db.execute(
                "UPDATE calls SET status = 'no_result', updated_at = ? WHERE id = ?",
                (now, call_id),
            )

    def not_confirmed(self, submission_id: int, now: float) -> int:
        """Mark the calls of a submission for which no id came, and return how many."""
        return self.db.execute(
            "UPDATE calls SET status = 'not_confirmed', updated_at = ?"
            " WHERE submission_id = ? AND status = 'planned'",
            (now, submission_id),
        ).rowcount

    def to_try_again(self, batch_id: int, submission_id: int) -> list[Call]:
        """Calls of a submission whose numbers a *Try again* of it may call, in their order.

        Left out are those that the rest of the chain speaks against, and redacted ones.
        """
        return models(
            self.db,
            Call,
            f"{CHAIN} SELECT {columns(Call, 'c')} FROM calls c"
            " WHERE c.submission_id = :submission AND c.number NOT GLOB '#*'"
            f" AND NOT {MAY_HAVE_RUNG} ORDER BY c.position",
            {"batch": batch_id, "submission": submission_id},
            _READ,
        )

    def skip(
        self, batch_id: int, submission_id: int, now: float, *, since: float, most: int
    ) -> tuple[dict[SkipReason, int], int]:
        """Take out the numbers that must not be called, before a submission is claimed.

        Args:
            batch_id: the submission's batch.
            submission_id: what is about to be claimed.
            now: UTC seconds.
            since: when the day began (UTC seconds).
            most: how often a number may be called on a day, by whatever batch; 0 is no limit.

        Returns:
            How many were taken out, by reason, and how many are left to send.
        """
        given = {"batch": batch_id, "submission": submission_id, "since": since, "most": most}
        found = self.db.execute(_TO_SKIP, given).fetchall()
        self.db.conn.executemany(
            "UPDATE calls SET status = 'skipped', skip_reason = ?, updated_at = ? WHERE id = ?",
            [(reason, now, call_id) for call_id, reason in found],
        )
        left = self.db.execute(
            "SELECT count(*) FROM calls WHERE submission_id = ? AND status = 'planned'",
            (submission_id,),
        ).fetchone()[0]
        return Counter(SkipReason(reason) for _, reason in found), int(left)

    def keep_unmatched(self, unmatched: UnmatchedId) -> None:
        """Keep an id that is no call of its submission."""
        self.db.execute(
            "INSERT OR IGNORE INTO unmatched_ids (gateway_id, submission_id, number, kind, word)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                unmatched.gateway_id,
                unmatched.submission_id,
                unmatched.number,
                unmatched.kind,
                unmatched.word,
            ),
        )

    def unmatched(self, batch_id: int) -> list[UnmatchedId]:
        """The ids that came with a batch's answers and belong to none of its calls."""
        return models(
            self.db,
            UnmatchedId,
            f"SELECT {columns(UnmatchedId, 'u')} FROM unmatched_ids u"
            " JOIN submissions s ON s.id = u.submission_id WHERE s.batch_id = ?"
            " ORDER BY s.position, u.gateway_id",
            (batch_id,),
            {"kind": UnmatchedKind},
        )

    def unmatched_by_prefix(
        self, prefix: str, limit: int, offset: int = 0
    ) -> list[tuple[int, UnmatchedId]]:
        """Ids without a call that begin so, each with the id of its batch."""
        rows = models(
            self.db,
            UnmatchedId,
            f"SELECT {columns(UnmatchedId)} FROM unmatched_ids"
            " WHERE gateway_id >= ? AND gateway_id < ?"
            " ORDER BY submission_id DESC LIMIT ? OFFSET ?",
            (prefix, prefix + "\x7f", limit, offset),
            {"kind": UnmatchedKind},
        )
        return [
            (
                int(
                    self.db.execute(
                        "SELECT batch_id FROM submissions WHERE id = ?", (row.submission_id,)
                    ).fetchone()[0]
                ),
                row,
            )
            for row in rows
        ]

    def _select(self, tail: str, *values: object) -> list[Call]:
        return models(
            self.db,
            Call,
            f"SELECT {columns(Call)} FROM calls {tail}",
            values,
            _READ,
        )


_SHOWN = 4  # of what is said; the dates that follow are only kept


def _said(what: Call | CallNews) -> tuple[object, ...]:
    return (
        what.status,
        what.word,
        what.bill_sec,
        what.price,
        what.request_date,
        what.execution_date,
    )
