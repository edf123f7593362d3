"""How many claims were ever made, noted outside the database (rule 10).

An older database that was put in place of the present one calls things not sent that were sent.
So each claim is noted beside it right after its commit, and a start at which the database knows
of fewer claims than the note pauses launching.
"""

import logging
from dataclasses import replace

from bot.calling import rules
from storage.errors import DiskRefusesError
from storage.lock import ProcessLock
from storage.models import Claims
from storage.stores import Stores

log = logging.getLogger(__name__)


class Ledger:
    """The note in the lock's file; without a lock nothing is noted."""

    def __init__(self, lock: ProcessLock | None = None) -> None:
        self._lock = lock
        self._claims = Claims()

    def begin(self, tx: Stores, now: float) -> bool:
        """Compare the record with the note, at start; True if an older one was put in place.

        Then launching is paused and everything unfinished is held, once, until `accept`.

        Raises:
            DiskRefusesError: the note cannot be read.
        """
        has = tx.submissions.claims()
        noted = self._lock.known() if self._lock else Claims()
        if has.count < noted.count or has.highest < noted.highest:
            self._claims = noted
            if rules.restored(tx, known=has, noted=noted, now=now):
                log.error("an older database was put in place: launching is paused")
            return True
        self._claims = has
        self._note()
        return False

    def claimed(self, submission_id: int) -> None:
        """Note a claim that has just been committed."""
        self._claims = replace(
            self._claims,
            count=self._claims.count + 1,
            highest=max(self._claims.highest, submission_id),
        )
        self._note()

    def accept(self, claims: Claims) -> None:
        """An admin goes on with this record, which knows of these claims."""
        self._claims = claims
        self._note()

    def _note(self) -> None:
        """A note that cannot be written stops nothing: only an older database shows less well."""
        if self._lock is None:
            return
        try:
            self._lock.note(self._claims)
        except DiskRefusesError as error:
            log.warning("the claims are not noted: %s", error)
