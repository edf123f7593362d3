"""What a chat is told of a batch in a message of its own: that it waits for a person, its end.

Each is sent at least once, and twice only where the process died, or Telegram did not answer,
during the first send. What changes later edits the message silently.
"""

import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace

from bot.boards.errands import Errands, Key
from bot.boards.looks import ReportSeen, look_at_reports, see_report
from bot.boards.moving import move_chat
from bot.boards.pace import Paces
from bot.calling.readers import NO_READER
from bot.calling.rights import Rights, Role
from bot.calling.signals import Signals
from bot.charts import batch as batch_chart
from bot.messenger import GoneError, LaterError, Messenger, MessengerError, MovedError
from bot.texts import ending
from bot.texts.cards import Card
from bot.texts.language import Language
from bot.workshop import Workshop, WorkshopError
from storage.database import Database
from storage.errors import StorageError
from storage.models import Board, Place, Report, ReportKind
from storage.stores import Stores

log = logging.getLogger(__name__)

LOOK = 5.0  # seconds between two looks when nobody rings
CHART_WITHIN = 60.0  # seconds in which a picture must be drawn
REMEMBERED = 256  # messages whose card is kept in memory

CHART = "chart"


class Reporter:
    """Tells chats of ends, holds and deadlines, at the pace that they share with the boards."""

    def __init__(
        self,
        *,
        database: Database,
        messenger: Messenger,
        rights: Rights,
        language: Language,
        signals: Signals,
        paces: Paces,
        workshop: Workshop,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._messenger = messenger
        self._rights = rights
        self._language = language
        self._signals = signals
        self._paces = paces
        self._workshop = workshop
        self._clock = clock
        self._errands = Errands(paces, signals.reports.ring)
        self._hurried: set[Key] = set()
        self._shown: dict[Key, Card] = {}
        self._unrecorded: dict[Key, int] = {}  # sent, but the record did not take it yet

    async def run(self) -> None:
        """Tell of everything for as long as the process lives."""
        while True:
            try:
                seconds = await self.step()
            except StorageError as error:
                log.warning("nothing can be told of batches yet: %s", error)
                seconds = 1.0
            await self._signals.reports.wait(seconds)

    async def step(self) -> float:
        """Start all that may be told now; return the seconds until the next look is due."""
        look = await self._database.read(look_at_reports)
        wait = LOOK
        for report, board in look.due:
            if board.awaited:
                continue  # the board comes first, and rings when it is there
            at = self._paces.of(board.chat_id).next_message()
            wait = min(wait, self._start(_key(report), board, at, self._tell, report))
        for report, board in look.behind:
            pace = self._paces.of(board.chat_id)
            hurried = _key(report) in self._hurried
            at = pace.closed_until if hurried else pace.next_edit()
            wait = min(wait, self._start(_key(report), board, at, self._edit, report))
        for report, board in look.charts:
            at = self._paces.of(board.chat_id).next_message()
            key = (CHART, report.batch_id)
            wait = min(wait, self._start(key, board, at, self._draw, report))
        return max(0.01, wait)

    def _start(
        self,
        key: Key,
        board: Board,
        at: float,
        work: Callable[[Report], Coroutine[None, None, None]],
        report: Report,
    ) -> float:
        """Begin it if its time has come; return in how many seconds to look again."""
        if key in self._errands:
            return LOOK
        due_in = at - self._paces.ticks()
        if due_in > 0:
            return due_in
        self._hurried.discard(key)
        self._paces.written(board.chat_id)
        self._errands.run(key, board.chat_id, work(report))
        return LOOK

    async def pressed(self, chat_id: int, message_id: int) -> bool:
        """Show at once what a press on this message has changed; False if it is no report."""
        report = await self._database.read(lambda tx: tx.reports.at(chat_id, message_id))
        if report is None:
            return False
        if report.broken is None:
            self._hurried.add(_key(report))
            self._signals.reports.ring()
        return True

    async def settle(self, seconds: float) -> None:
        """Before the program stops: let what is being told be told, for so many seconds."""
        await self._errands.wait(seconds)

    def close(self) -> None:
        """Give up what is still under way; it is told after the next start."""
        self._errands.close()

    async def _tell(self, report: Report) -> None:
        seen = await self._database.read(lambda tx: see_report(tx, self._rights, report))
        if seen is None or seen.report.sent_at is not None or seen.report.broken is not None:
            return  # told while this was being looked at
        if seen.no_reader:
            await self._tell_admins(seen)
            return
        if report.kind is ReportKind.DEADLINE and seen.over:
            await self._database.write(lambda tx: tx.reports.break_off(report, "over"))
            return
        key = _key(report)
        message_id = self._unrecorded.get(key)
        if message_id is None:
            card = self._card(seen)
            try:
                # A hold that is over by now needs nobody's ear any more.
                message_id = await self._messenger.send(seen.place, card, silent=seen.over)
            except MessengerError as error:
                await self._refused(seen, key, error)
                return
            self._errands.taken(key, seen.board.chat_id)
            self._remember(key, card)
            self._unrecorded[key] = message_id
        posted = message_id
        await self._database.write(lambda tx: self._record(tx, seen, posted))
        self._unrecorded.pop(key, None)

    async def _tell_admins(self, seen: ReportSeen) -> None:
        """Nobody reads of it in its chat: what may wait for a decision is told the admins."""
        report, told = seen.report, not seen.needs_word
        later: LaterError | None = None
        admins = await self._database.read(lambda tx: self._rights.having(tx, Role.ADMIN))
        for admin in admins if seen.needs_word else ():
            try:
                await self._messenger.send(Place(chat_id=admin), self._card(seen, admin))
                told = True
            except MessengerError as error:
                log.warning("b%d: an admin cannot be told of it: %s", report.batch_id, error)
                later = error if isinstance(error, LaterError) else later
        if later is not None and not told:
            self._paces.later(seen.board.chat_id, later)
            return
        await self._database.write(lambda tx: tx.reports.break_off(report, NO_READER))

    def _record(self, tx: Stores, seen: ReportSeen, message_id: int) -> None:
        report = seen.report
        tx.reports.sent(report, message_id, revision=seen.revision, now=self._clock())
        if not seen.summary.with_chart:
            tx.reports.chart_sent(report)
        if seen.over:
            tx.reports.break_off(report, "over")

    async def _edit(self, report: Report) -> None:
        seen = await self._database.read(lambda tx: see_report(tx, self._rights, report))
        if seen is None or seen.report.broken is not None or seen.report.message_id is None:
            return
        if seen.no_reader:
            await self._database.write(lambda tx: tx.reports.break_off(report, NO_READER))
            return
        key, card, message_id = _key(report), self._card(seen), seen.report.message_id
        if self._shown.get(key) != card:
            try:
                await self._messenger.edit(seen.board.chat_id, message_id, card)
            except MessengerError as error:
                await self._refused(seen, key, error)
                return
            self._errands.taken(key, seen.board.chat_id)
            self._remember(key, card)

        def record(tx: Stores) -> None:
            tx.reports.shown(report, seen.revision)
            if seen.over:
                tx.reports.break_off(report, "over")

        await self._database.write(record)

    async def _draw(self, report: Report) -> None:
        """Send the picture of a batch; one that cannot be drawn is left out."""
        seen = await self._database.read(lambda tx: see_report(tx, self._rights, report))
        if seen is None or seen.report.chart_sent or seen.report.broken is not None:
            return
        if seen.no_reader:
            await self._database.write(lambda tx: tx.reports.chart_sent(report))
            return
        chart = ending.chart(seen.summary, self._language.in_chat(seen.board.chat_id))
        try:
            png = await self._workshop.make(CHART_WITHIN, batch_chart.draw, chart)
            place = replace(seen.place, reply_to=seen.report.message_id)
            caption = ending.chart_caption(seen.summary.view)
            await self._messenger.send_photo(place, png, caption, silent=True)
        except WorkshopError as error:
            log.error("the chart of b%d is left out: %s", report.batch_id, error)  # noqa: TRY400 -- the error has the job's own traceback
        except LaterError as error:
            self._paces.later(seen.board.chat_id, error)
            return
        except MessengerError as error:
            log.warning("the chart of b%d cannot be sent: %s", report.batch_id, error)
        await self._database.write(lambda tx: tx.reports.chart_sent(report))

    def _card(self, seen: ReportSeen, chat_id: int | None = None) -> Card:
        language, view = self._language.in_chat(chat_id or seen.board.chat_id), seen.summary.view
        match seen.report.kind:
            case ReportKind.END:
                return ending.end(seen.summary, language, self._clock())
            case ReportKind.HELD:
                return ending.held(view, seen.report.hold_no, language, self._clock())
            case ReportKind.DEADLINE:
                return ending.deadline(view, language)

    def _remember(self, key: Key, card: Card) -> None:
        """What a message shows, to spare an edit that would change nothing."""
        if len(self._shown) >= REMEMBERED:
            self._shown.clear()
        self._shown[key] = card

    async def _refused(self, seen: ReportSeen, key: Key, error: MessengerError) -> None:
        """What a refusal means for this message; none of them stops another one."""
        self._shown.pop(key, None)
        report, chat_id = seen.report, seen.board.chat_id
        match error:
            case LaterError():
                self._paces.later(chat_id, error)
            case MovedError(chat_id=new):
                await self._database.write(
                    lambda tx: move_chat(tx, chat_id, new, now=self._clock())
                )
            case GoneError() if report.sent_at is not None:
                await self._database.write(lambda tx: tx.reports.break_off(report, "gone"))
            case _ if not self._errands.refused_for_good(key, error):
                log.warning("b%d: its %s cannot be told now: %s", key[1], key[0], error)
                self._paces.later(chat_id, LaterError(0.0, flood=False))
            case _:
                log.warning("b%d: its %s cannot be told: %s", key[1], key[0], error)
                why = type(error).__name__
                await self._database.write(lambda tx: tx.reports.break_off(report, why))


def _key(report: Report) -> Key:
    return f"{report.kind}.{report.hold_no}", report.batch_id
