"""The keeper of the boards.

A board is a projection: what it says is computed from the record, and it is behind when its batch
has a newer revision. So what was not shown when the program died is shown after the restart, and a
chat that cannot be reached delays nothing but its own boards.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace

from bot.boards.errands import Errands
from bot.boards.looks import BoardSeen, look_at_boards, see_board
from bot.boards.moving import move_chat
from bot.boards.pace import Paces
from bot.boards.reports import Reporter
from bot.calling import approvals
from bot.calling.launches import SHOWN_WITHIN
from bot.calling.readers import NO_READER, is_read
from bot.calling.rights import Rights
from bot.calling.signals import Signals
from bot.messenger import GoneError, LaterError, Messenger, MessengerError, MovedError
from bot.texts import board as board_text
from bot.texts import draft_end
from bot.texts.cards import Card
from bot.texts.language import Language
from storage.database import Database
from storage.errors import StorageError
from storage.models import Board, Draft, Place
from storage.outcomes import CallOutcome
from storage.stores import Stores
from storage.stores.boards import Behind

log = logging.getLogger(__name__)

LOOK = 5.0  # seconds between two looks when nobody rings
CROWD, CROWD_PAUSE = 4, 0.02  # with more boards under way, seconds between two looks at least
LINES = 8  # requests to Telegram at once; with more, httpx's pool spends its time on itself
REMEMBERED = 256  # boards whose card is kept in memory


class BoardKeeper:
    """Posts and edits boards, and says on the message of a closed draft that it is closed."""

    def __init__(
        self,
        *,
        database: Database,
        messenger: Messenger,
        rights: Rights,
        language: Language,
        signals: Signals,
        paces: Paces,
        reporter: Reporter,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._messenger = messenger
        self._rights = rights
        self._language = language
        self._signals = signals
        self._clock = clock
        self._paces = paces
        self._reporter = reporter
        self._errands = Errands(paces, signals.boards.ring)
        self._hurried: set[int] = set()
        self._shown: dict[int, Card] = {}
        self._turns: dict[int, float] = {}  # when each board was last edited, in ticks
        self._unrecorded: dict[int, int] = {}  # posted, but the record did not take it yet
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
            if len(self._errands) > CROWD:
                await asyncio.sleep(CROWD_PAUSE)  # one look for many rings

    def hurry(self, batch_id: int) -> None:
        """A person has pressed something on this batch: show it without waiting for its turn."""
        self._hurried.add(batch_id)
        self._signals.boards.ring()

    async def pressed(self, batch_id: int, *, chat_id: int, message_id: int) -> None:
        """Somebody has acted on a batch: show it at once, also on the very card they pressed.

        That card is the board, a report, or an answer to `/status`, which nobody else keeps in
        step.
        """
        self.hurry(batch_id)
        rights = self._rights
        try:
            if await self._reporter.pressed(chat_id, message_id):
                return
            board, seen = await self._database.read(
                lambda tx: (tx.boards.at(chat_id, message_id), see_board(tx, rights, batch_id))
            )
        except StorageError as error:
            log.warning("the card that was pressed is not shown anew: %s", error)
            return
        if board is not None and board.broken is None:
            self.hurry(board.batch_id)  # a call that is picked may belong to another batch
            return
        if seen is None:
            return
        try:
            card = board_text.board(seen[1], self._language.in_chat(chat_id), self._clock())
            await self._messenger.edit(chat_id, message_id, card)
        except MessengerError as error:
            log.info("the card that was pressed cannot be edited: %s", error)

    async def turn(
        self,
        batch_id: int,
        page: int,
        outcome: CallOutcome | None = None,
        *,
        chat_id: int,
        message_id: int,
    ) -> bool:
        """Let a board show another page of all calls, or of those that went this way.

        False if this message is not one that is kept in step.
        Only the keeper edits a board: an edit beside it could bring back an older state.
        """

        def work(tx: Stores) -> bool:
            board = tx.boards.at(chat_id, message_id)
            if board is None or board.batch_id != batch_id or board.broken is not None:
                return False
            tx.boards.turn(batch_id, page, outcome)
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
            if not self._hurried and not self._errands:
                return
            await self.step()
            if self._errands:
                await self._errands.wait(until - self._clock())
            elif not await self._database.read(lambda tx: tx.boards.behind()):
                return
            else:
                await asyncio.sleep(0.05)

    async def step(self) -> float:
        """Start all that may be shown now; return the seconds until the next look is due."""
        busy, ended = self._errands.numbers("board"), self._errands.done_count
        look = await self._database.read(lambda tx: look_at_boards(tx, self._rights, busy))
        now = self._clock()  # after the look, or what was launched meanwhile seems to lie ahead
        stale = ended != self._errands.done_count  # something was shown during the look
        expiry = look.next_expiry
        wait = LOOK if expiry is None else min(LOOK, max(0.05, expiry - now))
        for board, seen in sorted(look.behind, key=lambda of: self._turn_of(of[0])):
            if ("board", board.batch_id) in self._errands:
                continue  # another look has started it meanwhile
            due_in = self._due_in(board, now)
            if due_in > 0:
                wait = min(wait, due_in)
            else:
                self._start(board, None if stale else seen)
        for draft in look.drafts:
            key = ("draft", draft.id)
            if key not in self._errands and self._paces.open(draft.chat_id):
                self._errands.run(key, draft.chat_id, self._close(draft))
        if look.reports:
            self._signals.reports.ring()
        if expiry is not None and expiry <= now:
            # Last, so that a disk that refuses this write keeps no board from being shown.
            await self._database.write(lambda tx: approvals.lapse(tx, now))
            self._signals.approvals.ring()
            return 0.0
        return max(0.01, wait)

    def _turn_of(self, board: Behind) -> tuple[bool, float]:
        """The order within a chat: a final state first, then what was edited longest ago."""
        return not board.over, self._turns.get(board.batch_id, 0.0)

    def _due_in(self, board: Behind, now: float) -> float:
        """In how many seconds this board may be shown."""
        pace, ticks = self._paces.of(board.chat_id), self._paces.ticks()
        closed_for = pace.closed_until - ticks
        if not board.shown:
            first = 0.0 if board.news else board.created_at + SHOWN_WITHIN - now
            if first > SHOWN_WITHIN:  # the clock was put back
                first = 0.0
            return max(first, closed_for)
        if board.batch_id in self._hurried:
            return closed_for
        return pace.next_edit() - ticks

    def _start(self, board: Behind, seen: BoardSeen | None) -> None:
        self._hurried.discard(board.batch_id)
        if board.shown:
            self._paces.written(board.chat_id)
            if len(self._turns) >= REMEMBERED:
                self._turns.clear()
            self._turns[board.batch_id] = self._paces.ticks()
        key = ("board", board.batch_id)
        self._errands.run(key, board.chat_id, self._show(board.batch_id, seen))

    def close(self) -> None:
        """Give up what is still being shown; it is shown after the next start."""
        self._errands.close()

    async def _show(self, batch_id: int, seen: BoardSeen | None) -> None:
        seen = seen or await self._database.read(lambda tx: see_board(tx, self._rights, batch_id))
        if seen is None:
            return
        board, view = seen
        if board.broken == NO_READER:
            await self._database.write(lambda tx: tx.boards.break_off(batch_id, NO_READER))
            return
        if board.message_id is None:
            board = replace(board, message_id=self._unrecorded.get(batch_id))
        card = board_text.board(view, self._language.in_chat(board.chat_id), self._clock())
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
            self._errands.taken(("board", batch_id), board.chat_id)
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
                self._paces.later(board.chat_id, error)
            case GoneError():
                self._unrecorded.pop(board.batch_id, None)
                await self._database.write(lambda tx: tx.boards.lost(board.batch_id))
            case MovedError(chat_id=new):
                await self._database.write(
                    lambda tx: move_chat(tx, board.chat_id, new, now=self._clock())
                )
            case _ if not self._errands.refused_for_good(("board", board.batch_id), error):
                log.warning("the board of b%d cannot be shown now: %s", board.batch_id, error)
                self._paces.later(board.chat_id, LaterError(0.0, flood=False))
            case _:
                log.warning("the board of b%d cannot be shown: %s", board.batch_id, error)
                why = type(error).__name__
                await self._database.write(lambda tx: tx.boards.break_off(board.batch_id, why))

    async def _close(self, draft: Draft) -> None:
        """Say on a draft's message that it is over."""
        is_there = await self._database.read(lambda tx: is_read(tx, self._rights, draft.chat_id))
        if draft.message_id is not None and is_there:
            try:
                card = draft_end.closed(draft, self._language.in_chat(draft.chat_id))
                await self._messenger.edit(draft.chat_id, draft.message_id, card)
            except LaterError as error:
                self._paces.later(draft.chat_id, error)
                return
            except MessengerError as error:
                log.info("the message of a closed draft cannot be edited: %s", error)
        await self._database.write(lambda tx: tx.drafts.shown_closed(draft.id))
