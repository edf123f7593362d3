"""Numbers of what is long over are replaced by keyed hashes; what was counted stays countable.

The key is made for one run and is nowhere else: without it nobody can try out all numbers until a
hash fits. Within a run one number has one hash, so the calls to it still belong together; a whole
chain of follow-ups is one transaction, so its figures stay the same even if the run is killed.
"""

import hashlib
import hmac
import json
import secrets
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.calling.audit import PROGRAM, Deed
from bot.calling.days import Days
from storage.database import Database
from storage.masking import masked
from storage.stores import Stores
from storage.stores.questions import KEPT as QUESTION_KEPT
from storage.stores.redaction import GONE

YOUNGEST = 24 * 3600.0  # seconds: for so long it counts who got a voice
CHAINS = 50  # that are looked at together
NUMBERS = 2000  # in one transaction, unless one chain alone has more
PIECE = 500  # rows of other tables in one transaction
SAID = ("spoken", "window_reason", "voice_name", "list_name", "duplicate_by")
"""What of a content was typed by people and stays, without the numbers in it."""

T = TypeVar("T")
Told = Callable[[int, int], None]


class Redacting:
    """One run, for everything that was over before a day began.

    Attributes:
        counts: what was redacted, by kind.
        left: the first batches of chains that are left alone, as something of them is open or
            younger.
    """

    def __init__(self, database: Database, *, before: float, now: float) -> None:
        self._database = database
        self._key = secrets.token_bytes(32)
        self._before = min(before, now - YOUNGEST)
        self._now = now
        self.counts: Counter[str] = Counter()
        self.left: list[int] = []

    def hashed(self, text: str) -> str:
        """`#` and 64 hex digits: HMAC-SHA256 with the key of this run."""
        return f"#{hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()}"

    async def look(self) -> None:
        """Count what a run would redact of batches, and change nothing."""
        after: int | None = 0
        while after is not None:
            after = await self._database.read(partial(self._chains, after=after, dry=True))

    async def run(self, day: date, told: Told) -> None:
        """Redact, and record that in the audit.

        Args:
            day: before which; for the audit alone.
            told: is given how many numbers of batches are redacted, and how many there may be.

        Raises:
            StorageError: what was committed before stays redacted.
        """
        _, whole = await self._database.read(lambda tx: tx.redaction.waiting(self._before))
        await self._write(lambda tx: self._audit(tx, Deed.REDACTION_BEGUN, day, None))
        for step in self._steps():
            after: int | None = 0
            while after is not None:
                after = await self._write(partial(step, after=after))
                told(self.counts["numbers"], whole)
        await self._write(self._rest)
        said = ", ".join(f"{kind} {n}" for kind, n in sorted(self.counts.items()) if n)
        await self._write(lambda tx: self._audit(tx, Deed.REDACTED, day, said or "nothing"))

    def _steps(self) -> tuple[Callable[..., int | None], ...]:
        """Each does a piece above an id and says where the next one begins; None at the end."""
        return (
            self._chains,
            self._events,
            self._evidence,
            self._drafts,
            self._schedules,
            self._lists,
            self._launches,
        )

    async def _write(self, work: Callable[[Stores], T]) -> T:
        """One transaction; what it counted counts once it is committed."""
        before = self.counts.copy()

        def keyed(tx: Stores) -> T:
            tx.redaction.use(self.hashed)
            return work(tx)

        try:
            return await self._database.write(keyed)
        except BaseException:
            self.counts = before
            raise

    def _chains(self, tx: Stores, after: int, *, dry: bool = False) -> int | None:
        done = 0
        for first in tx.redaction.firsts(self._before, after, CHAINS):
            after = first
            chain = tx.chains.batches(first)
            if tx.redaction.is_open(chain, self._before):
                self.left.append(first)
                continue
            count = tx.redaction.numbers_of(chain) if dry else 0
            for batch_id in () if dry else chain:
                count += tx.redaction.batch(batch_id)
            self.counts.update(batches=len(chain), numbers=count)
            done += count
            if done >= NUMBERS:
                return after
        return after if tx.redaction.firsts(self._before, after, 1) else None

    def _events(self, tx: Stores, after: int) -> int | None:
        last = tx.redaction.last("events", after, PIECE)
        if last is not None:
            self.counts["events"] += tx.redaction.events(self._before, after, last)
        return last

    def _evidence(self, tx: Stores, after: int) -> int | None:
        last = tx.redaction.last("evidence", after, PIECE)
        if last is not None:
            self.counts["evidence"] += tx.redaction.evidence(self._before, after, last)
        return last

    def _drafts(self, tx: Stores, after: int) -> int | None:
        last = tx.redaction.last("drafts", after, PIECE)
        if last is not None:
            for draft_id, content in tx.redaction.drafts(self._before, after, last):
                if (redacted := self.content(content)) != content:
                    tx.redaction.put_draft(draft_id, redacted)
                    self.counts["drafts"] += 1
        return last

    def _schedules(self, tx: Stores, after: int) -> int | None:
        last = tx.redaction.last("schedules", after, PIECE)
        if last is not None:
            for schedule_id, content in tx.redaction.schedules(self._before, after, last):
                if (redacted := self.content(content)) != content:
                    tx.redaction.put_schedule(schedule_id, redacted)
                    self.counts["schedules"] += 1
        return last

    def _lists(self, tx: Stores, after: int) -> int | None:
        found = tx.redaction.removed_list(self._before, after)
        if found is not None:
            self.counts.update(lists=1)
            tx.redaction.list_numbers(found)
        return found

    def _launches(self, tx: Stores, after: int) -> int | None:
        found = tx.redaction.removed_launch(self._before, after)
        if found is not None:
            self.counts.update(launches=1)
            tx.redaction.launch_numbers(found)
        return found

    def _rest(self, tx: Stores) -> None:
        """What is little, in one transaction."""
        self.counts["taken_off"] += tx.redaction.forget_taken_off(self._before)
        self.counts["texts"] += tx.redaction.old_texts(self._before)
        self.counts["questions"] += tx.redaction.questions(self._before)
        too_old = min(self._before, self._now - QUESTION_KEPT)
        self.counts["questions"] += tx.redaction.old_questions(too_old)
        self.counts["off_do_not_call"] += tx.redaction.off_do_not_call(self._before)

    def content(self, text: str) -> str:
        """The content of a draft or schedule without numbers, names and what was typed.

        How many numbers there were stays. Content that was redacted before comes back as it is.
        """
        raw = json.loads(text)
        for several in ("numbers", "recent", "do_not_call", "at_limit"):
            if several in raw:
                raw[several] = [self._once(number) for number in raw[several]]
        raw["uncallable_more"] = raw.get("uncallable_more", 0) + len(raw.get("uncallable", ()))
        raw["uncallable"], raw["names"] = [], {}
        if raw.get("first_number") is not None:
            raw["first_number"] = self._once(raw["first_number"])
        for of, said in (*((raw, said) for said in SAID), (raw.get("no_room") or {}, "name")):
            if of.get(said) is not None:
                of[said] = masked(of[said], lambda _: GONE)
        return json.dumps(raw, ensure_ascii=False, separators=(",", ":"))

    def _once(self, number: str) -> str:
        return number if number.startswith("#") else self.hashed(number)

    def _audit(self, tx: Stores, deed: Deed, day: date, said: str | None) -> None:
        tx.audit.add(deed, f"before {day}", at=self._now, by=PROGRAM, after=said)


def begin_of(day: date, timezone: ZoneInfo) -> float:
    """When a day begins where the team lives (UTC seconds)."""
    return Days(day, day).begin(timezone)
