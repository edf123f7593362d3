"""Telegram out: keeps each batch's message in step with the database.

The board is a projection: what it says is computed from the record, and it is behind when its
batch has a newer revision.
So what was not shown when the program died is shown after the restart, and a chat that cannot be
reached delays nothing but its own boards.
"""

import asyncio
import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace

from bot.calling.launches import SHOWN_WITHIN
from bot.calling.signals import Signals
from bot.calling.views import BatchView, batch_view
from bot.messenger import (
    ClosedError,
    GoneError,
    LaterError,
    Messenger,
    MessengerError,
    MovedError,
)
from bot.texts import board as board_text
from bot.texts import draft as draft_text
from bot.texts.cards import Card
from bot.texts.language import Language
from storage.database import Database
from storage.errors import StorageError
from storage.models import Board, Draft, Place
from storage.stores import Stores
from storage.stores.boards import Behind

log = logging.getLogger(__name__)

PRIVATE_PAUSE = 3.0  # seconds between two edits in a private chat
GROUP_EDITS, GROUP_SPAN = 10, 60.0  # edits in a group within so many seconds, all boards together
LOOK = 5.0  # seconds between two looks when nobody rings
CROWD, CROWD_PAUSE = 4, 0.02  # with more boards under way, seconds between two looks at least
LINES = 8  # requests to Telegram at once; with more, httpx's pool spends its time on itself
REMEMBERED = 256  # boards whose card is kept in memory
NETWORK_BACK_OFF = (1.0, 2.0, 5.0, 10.0, 30.0)  # seconds while Telegram cannot be reached


Seen = tuple[Board, BatchView]


@dataclass(slots=True)
class _Pace:
    """When a chat may be edited next."""

    group: bool
    edits: deque[float] = field(default_factory=deque)
    closed_until: float = 0.0
    failures: int = 0

    def next_edit(self) -> float:
        """The earliest time of the next edit, in ticks."""
        if not self.edits:
            return self.closed_until
        if not self.group:
            return max(self.closed_until, self.edits[-1] + PRIVATE_PAUSE)
        if len(self.edits) < GROUP_EDITS:
            return self.closed_until
        return max(self.closed_until, self.edits[0] + GROUP_SPAN)

    def edited(self, now: float) -> None:
        self.edits.append(now)
        while len(self.edits) > GROUP_EDITS:
            self.edits.popleft()


class BoardKeeper:
    """Posts and edits boards, and says on the message of a closed draft that it is closed."""

    def __init__(
        self,
        *,
        database: Database,
        messenger: Messenger,
        language: Language,
        signals: Signals,
        clock: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._messenger = messenger
        self._language = language
        self._signals = signals
        self._clock = clock
        self._ticks = ticks  # paces must not stand still when the clock is put back
        self._paces: dict[int, _Pace] = {}
        self._busy: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._hurried: set[int] = set()
        self._shown: dict[int, Card] = {}
        self._unrecorded: dict[int, int] = {}  # posted, but the record did not take it yet
        self._ended_count = 0
        self._odd_refusals: Counter[int] = Counter()
        self._lines = asyncio.Semaphore(LINES)

    async def run(self) -> None:
        """Keep all boards in step for as long as the process lives."""
        while True:
            try:
                seconds = await self.step()
            except StorageError as error:
                log.warning("the boards cannot be kept in step: %s", error)
                seconds = 1.0
            await self._signals.boards.wait(seconds)
            if len(self._busy) > CROWD:
                await asyncio.sleep(CROWD_PAUSE)  # one look for many rings

    def hurry(self, batch_id: int) -> None:
        """A person has pressed something on this batch: show it without waiting for its turn."""
        self._hurried.add(batch_id)
        self._signals.boards.ring()

    async def pressed(self, batch_id: int, *, chat_id: int, message_id: int) -> None:
        """Somebody has acted on a batch: show it at once, also on the very card they pressed.

        That card is the board, or an answer to `/status`, which nobody else keeps in step.
        """
        self.hurry(batch_id)
        try:
            seen = await self._database.read(lambda tx: _see(tx, batch_id))
        except StorageError as error:
            log.warning("the card that was pressed is not shown anew: %s", error)
            return
        if seen is None:
            return
        board, view = seen
        if board.broken is None and (board.chat_id, board.message_id) == (chat_id, message_id):
            return
        try:
            card = board_text.board(view, self._language, self._clock())
            await self._messenger.edit(chat_id, message_id, card)
        except MessengerError as error:
            log.info("the card that was pressed cannot be edited: %s", error)

    async def turn(self, batch_id: int, page: int, *, chat_id: int, message_id: int) -> bool:
        """Let a board show another page; False if this message is not one that is kept in step.

        Only the keeper edits a board: an edit beside it could bring back an older state.
        """

        def work(tx: Stores) -> bool:
            board = tx.boards.get(batch_id)
            if board is None or board.broken is not None:
                return False
            if (board.chat_id, board.message_id) != (chat_id, message_id):
                return False
            tx.boards.turn(batch_id, page)
            tx.batches.touch(batch_id)
            return True

        turned = await self._database.write(work)
        if turned:
            self.hurry(batch_id)
        return turned

    async def settle(self, seconds: float) -> None:
        """Before the program stops: show what can still be shown within so many seconds."""
        until = self._clock() + seconds
        while self._clock() < until:
            for batch in await self._database.read(lambda tx: tx.boards.behind()):
                self._hurried.add(batch.batch_id)
            if not self._hurried and not self._busy:
                return
            await self.step()
            if self._busy:
                await asyncio.wait(self._busy.values(), timeout=max(0.05, until - self._clock()))
            elif not await self._database.read(lambda tx: tx.boards.behind()):
                return
            else:
                await asyncio.sleep(0.05)

    async def step(self) -> float:
        """Start all that may be shown now; return the seconds until the next look is due."""
        now = self._clock()
        busy = frozenset(number for kind, number in self._busy if kind == "board")
        ended = self._ended_count
        behind, drafts, expiry = await self._database.read(lambda tx: _look(tx, busy))
        stale = ended != self._ended_count  # something was shown during the look
        wait = LOOK if expiry is None else min(LOOK, max(0.05, expiry - now))
        for board, seen in behind:
            if ("board", board.batch_id) in self._busy:
                continue  # another look has started it meanwhile
            due_in = self._due_in(board, now)
            if due_in > 0:
                wait = min(wait, due_in)
            else:
                self._start(board, None if stale else seen)
        for draft in drafts:
            if ("draft", draft.id) not in self._busy and self._open(draft.chat_id):
                self._run(("draft", draft.id), draft.chat_id, self._close(draft))
        if expiry is not None and expiry <= now:
            # Last, so that a disk that refuses this write keeps no board from being shown.
            await self._database.write(lambda tx: tx.drafts.expire(now))
            return 0.0
        return max(0.01, wait)

    def _due_in(self, board: Behind, now: float) -> float:
        """In how many seconds this board may be shown."""
        pace, ticks = self._pace(board.chat_id), self._ticks()
        closed_for = pace.closed_until - ticks
        if not board.shown:
            first = 0.0 if board.news else board.created_at + SHOWN_WITHIN - now
            if first > SHOWN_WITHIN:  # the clock was put back
                first = 0.0
            return max(first, closed_for)
        if board.batch_id in self._hurried:
            return closed_for
        return pace.next_edit() - ticks

    def _pace(self, chat_id: int) -> _Pace:
        return self._paces.setdefault(chat_id, _Pace(group=chat_id < 0))

    def _start(self, board: Behind, seen: Seen | None) -> None:
        self._hurried.discard(board.batch_id)
        if board.shown:
            self._pace(board.chat_id).edited(self._ticks())
        self._run(("board", board.batch_id), board.chat_id, self._show(board.batch_id, seen))

    def _open(self, chat_id: int) -> bool:
        return self._pace(chat_id).closed_until <= self._ticks()

    def _run(self, key: tuple[str, int], chat_id: int, work: Coroutine[None, None, None]) -> None:
        """Each message has a task of its own, so that a slow chat delays no other."""
        task = asyncio.create_task(work, name=f"{key[0]}-{key[1]}")
        self._busy[key] = task
        task.add_done_callback(lambda done: self._ended(key, chat_id, done))

    def close(self) -> None:
        """Give up what is still being shown; it is shown after the next start."""
        for task in self._busy.values():
            task.cancel()

    def _ended(self, key: tuple[str, int], chat_id: int, task: asyncio.Task[None]) -> None:
        self._busy.pop(key, None)
        self._ended_count += 1
        if not task.cancelled() and (error := task.exception()) is not None:
            if isinstance(error, StorageError):
                log.warning("the %s %d is not on record yet: %s", *key, error)
            else:
                log.error("the %s %d could not be shown", *key, exc_info=error)
            self._later(chat_id, LaterError(0.0, flood=False))  # a fault of our own must not spin
        self._signals.boards.ring()

    async def _show(self, batch_id: int, seen: Seen | None) -> None:
        seen = seen or await self._database.read(lambda tx: _see(tx, batch_id))
        if seen is None:
            return
        board, view = seen
        if board.message_id is None:
            board = replace(board, message_id=self._unrecorded.get(batch_id))
        card = board_text.board(view, self._language, self._clock())
        revision = view.batch.revision
        unrecorded = batch_id in self._unrecorded
        if board.message_id is not None and self._shown.get(batch_id) == card and not unrecorded:
            await self._database.write(lambda tx: tx.boards.shown(batch_id, revision))
            return
        message_id = board.message_id
        if message_id is None or self._shown.get(batch_id) != card:
            try:
                async with self._lines:
                    message_id = await self._put(board, card)
            except MessengerError as error:
                await self._refused(board, error)
                return
            self._pace(board.chat_id).failures = 0
            self._odd_refusals.pop(batch_id, None)
            self._remember(batch_id, card)
            self._unrecorded[batch_id] = message_id
        posted = message_id
        await self._database.write(lambda tx: tx.boards.posted(batch_id, posted, revision))
        self._unrecorded.pop(batch_id, None)

    def _remember(self, batch_id: int, card: Card) -> None:
        """What a board shows, to spare an edit that would change nothing."""
        if len(self._shown) >= REMEMBERED:
            self._shown.clear()
        self._shown[batch_id] = card

    async def _put(self, board: Board, card: Card) -> int:
        if board.message_id is not None:
            await self._messenger.edit(board.chat_id, board.message_id, card)
            return board.message_id
        place = Place(chat_id=board.chat_id, thread_id=board.thread_id, reply_to=board.reply_to)
        return await self._messenger.send(place, card)

    async def _refused(self, board: Board, error: MessengerError) -> None:
        """What a refusal means for this board; none of them stops another one."""
        self._shown.pop(board.batch_id, None)
        match error:
            case LaterError():
                self._later(board.chat_id, error)
            case GoneError():
                self._unrecorded.pop(board.batch_id, None)
                await self._database.write(lambda tx: tx.boards.lost(board.batch_id))
            case MovedError(chat_id=new):
                await self._database.write(lambda tx: tx.boards.move_chat(board.chat_id, new))
            case _ if not self._refused_for_good(board, error):
                log.warning("the board of b%d cannot be shown now: %s", board.batch_id, error)
                self._later(board.chat_id, LaterError(0.0, flood=False))
            case _:
                log.warning("the board of b%d cannot be shown: %s", board.batch_id, error)
                why = type(error).__name__
                await self._database.write(lambda tx: tx.boards.break_off(board.batch_id, why))

    def _refused_for_good(self, board: Board, error: MessengerError) -> bool:
        """A closed chat is; a refusal that we do not know is so only after some attempts."""
        self._odd_refusals[board.batch_id] += 1
        tried = self._odd_refusals[board.batch_id]
        return isinstance(error, ClosedError) or tried > len(NETWORK_BACK_OFF)

    def _later(self, chat_id: int, error: LaterError) -> None:
        pace = self._pace(chat_id)
        seconds = error.seconds
        if not error.flood:
            seconds = NETWORK_BACK_OFF[min(pace.failures, len(NETWORK_BACK_OFF) - 1)]
            pace.failures += 1
        pace.closed_until = max(pace.closed_until, self._ticks() + seconds)

    async def _close(self, draft: Draft) -> None:
        """Say on a draft's message that it is over."""
        if draft.message_id is not None:
            try:
                card = draft_text.closed(draft, self._language)
                await self._messenger.edit(draft.chat_id, draft.message_id, card)
            except LaterError as error:
                self._later(draft.chat_id, error)
                return
            except MessengerError as error:
                log.info("the message of a closed draft cannot be edited: %s", error)
        await self._database.write(lambda tx: tx.drafts.shown_closed(draft.id))


def _look(
    tx: Stores, busy: frozenset[int]
) -> tuple[list[tuple[Behind, Seen | None]], list[Draft], float | None]:
    """The boards that are behind, but for busy ones, those with a first answer as it is now."""
    behind = [
        (board, _see(tx, board.batch_id) if board.news and not board.shown else None)
        for board in tx.boards.behind()
        if board.batch_id not in busy
    ]
    return behind, tx.drafts.to_show_closed(), tx.drafts.next_expiry()


def _see(tx: Stores, batch_id: int) -> Seen | None:
    board = tx.boards.get(batch_id)
    view = None if board is None else batch_view(tx, batch_id, board.page)
    return None if board is None or view is None else (board, view)
