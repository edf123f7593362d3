"""What the keeper and the reporter read at one look, each in one transaction."""

from dataclasses import dataclass, replace

from bot.calling.readers import NO_READER, is_read
from bot.calling.rights import Rights
from bot.calling.summary import Summary, summary
from bot.calling.views import BatchView, batch_view
from bot.texts import ending
from storage.models import Board, Draft, Place, Report, ReportKind, SubmissionState
from storage.outcomes import CallOutcome
from storage.stores import Stores
from storage.stores.boards import Behind

BoardSeen = tuple[Board, BatchView]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardsLook:
    """What is to be shown: boards that are behind, drafts that are over, whether reports are."""

    behind: list[tuple[Behind, BoardSeen | None]]
    drafts: list[Draft]
    next_expiry: float | None
    reports: bool


def look_at_boards(tx: Stores, rights: Rights, busy: frozenset[int]) -> BoardsLook:
    """The boards but for busy ones, those with a first answer as it is now."""

    def seen(board: Behind) -> BoardSeen | None:
        first = board.news and not board.shown
        return see_board(tx, rights, board.batch_id) if first else None

    return BoardsLook(
        behind=[
            (board, seen(board)) for board in tx.boards.behind() if board.batch_id not in busy
        ],
        drafts=tx.drafts.to_show_closed(),
        next_expiry=tx.drafts.next_expiry(),
        reports=tx.reports.waiting(),
    )


def see_board(tx: Stores, rights: Rights, batch_id: int) -> BoardSeen | None:
    """A board and its batch, with the page and the calls that the board shows.

    It is broken for `NO_READER` if it stands in the private chat of somebody without rights.
    """
    board = _board(tx, rights, batch_id)
    if board is None:
        return None
    shown = None if board.shown_status is None else CallOutcome.parse(board.shown_status)
    view = batch_view(tx, batch_id, board.page, shown)
    return None if view is None else (board, view)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSeen:
    """A report as it is now, where it goes, and what it tells of."""

    report: Report
    board: Board
    summary: Summary

    @property
    def no_reader(self) -> bool:
        """Whether its chat is the private one of somebody without rights."""
        return self.board.broken == NO_READER

    @property
    def needs_word(self) -> bool:
        """Whether its batch waits for a person: in this very hold, or as it ended in doubt."""
        if self.report.kind is ReportKind.HELD:
            return not self.over
        view = self.summary.view
        return self.report.kind is ReportKind.END and bool(view.numbers(SubmissionState.UNKNOWN))

    @property
    def revision(self) -> int:
        """The batch's."""
        return self.summary.view.batch.revision

    @property
    def place(self) -> Place:
        """In reply to the board; Telegram leaves the reply out if the board was deleted."""
        board = self.board
        return Place(chat_id=board.chat_id, thread_id=board.thread_id, reply_to=board.message_id)

    @property
    def over(self) -> bool:
        """Whether it is too late to tell of it: no such thing for an end."""
        view, report = self.summary.view, self.report
        if report.kind is ReportKind.HELD:
            return not ending.is_held(view, report.hold_no)
        return report.kind is ReportKind.DEADLINE and not view.followed


Listed = list[tuple[Report, Board]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsLook:
    """What is to be told, to be edited and to be drawn, each with the board of its batch."""

    due: Listed
    behind: Listed
    charts: Listed


def look_at_reports(tx: Stores) -> ReportsLook:
    """All that is to be told now or later."""

    def with_boards(reports: list[Report]) -> Listed:
        pairs = ((report, tx.boards.get(report.batch_id)) for report in reports)
        return [(report, board) for report, board in pairs if board is not None]

    return ReportsLook(
        due=with_boards(tx.reports.due()),
        behind=with_boards(tx.reports.behind()),
        charts=with_boards(tx.reports.charts()),
    )


def see_report(tx: Stores, rights: Rights, report: Report) -> ReportSeen | None:
    """A report as it now is."""
    now = tx.reports.get(report.batch_id, report.kind, report.hold_no)
    board, told = _board(tx, rights, report.batch_id), summary(tx, report.batch_id)
    if now is None or board is None or told is None:
        return None
    return ReportSeen(report=now, board=board, summary=told)


def _board(tx: Stores, rights: Rights, batch_id: int) -> Board | None:
    board = tx.boards.get(batch_id)
    if board is None or is_read(tx, rights, board.chat_id):
        return board
    return replace(board, broken=NO_READER)
