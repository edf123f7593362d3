"""Every call with all that is recorded of it, as the columns of a table."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from bot.calling.views import CallLine
from bot.texts import calls
from bot.texts.cards import plain
from bot.texts.language import Language
from storage.models import Batch, Call, Submission

Value = str | int | float | None


class Kind(Enum):
    """What the values of a column are."""

    TEXT = auto()  # free text: a spreadsheet could take it for a formula
    PHONE = auto()  # E.164, stays text in every kind of file
    WHOLE = auto()
    MONEY = auto()  # thousandths of a Toman
    TIME = auto()  # UTC epoch seconds, shown as local time


@dataclass(frozen=True, slots=True)
class Entry:
    """One call with its batch and its part of it."""

    batch: Batch
    submission: Submission
    call: Call


@dataclass(frozen=True, slots=True)
class Column:
    """`key` names it in JSON for ever, `head` in a table."""

    key: str
    head: str
    kind: Kind
    of: Callable[[Entry, Language], Value]
    wide: int = 10


def _outcome(entry: Entry, lang: Language) -> str:
    line = CallLine(call=entry.call, submission=entry.submission.state)
    return plain(calls.outcome(lang, line)[1])


def _free(text: str | None, lang: Language) -> str | None:
    return None if text is None else lang.free(text)


COLUMNS: tuple[Column, ...] = (
    Column("batch", "batch", Kind.TEXT, lambda e, _: f"b{e.batch.id}", 8),
    Column("position", "position", Kind.WHOLE, lambda e, _: e.call.position, 8),
    Column("number", "number", Kind.PHONE, lambda e, lang: calls.in_file(e.call.number, lang), 16),
    Column("name", "name", Kind.TEXT, lambda e, lang: _free(e.call.name, lang), 18),
    Column("outcome", "outcome", Kind.TEXT, _outcome, 14),
    Column("talk_seconds", "seconds", Kind.WHOLE, lambda e, _: e.call.bill_sec, 8),
    Column("cost_toman", "cost (Toman)", Kind.MONEY, lambda e, _: e.call.price, 12),
    Column("call_id", "call id", Kind.TEXT, lambda e, _: e.call.gateway_id, 34),
    Column("voice", "voice", Kind.TEXT, lambda e, _: e.batch.voice, 34),
    Column(
        "voice_name", "voice name", Kind.TEXT, lambda e, lang: _free(e.batch.voice_name, lang), 20
    ),
    Column("spoken", "spoken text", Kind.TEXT, lambda e, lang: _free(e.batch.spoken, lang), 34),
    Column("list_name", "list", Kind.TEXT, lambda e, lang: _free(e.batch.list_name, lang), 20),
    Column("launched_by", "launched by", Kind.TEXT, lambda e, _: e.batch.author_name, 16),
    Column("launched_at", "launched at", Kind.TIME, lambda e, _: e.batch.created_at, 18),
    Column("status", "status", Kind.TEXT, lambda e, _: e.call.status.value, 12),
    Column("gateway_status", "gateway status", Kind.TEXT, lambda e, _: e.call.word, 14),
    Column("skip_reason", "skipped because", Kind.TEXT, lambda e, _: e.call.skip_reason, 14),
    Column("requested_at", "requested at", Kind.TIME, lambda e, _: e.call.request_date, 18),
    Column("executed_at", "executed at", Kind.TIME, lambda e, _: e.call.execution_date, 18),
    Column("followed_since", "followed since", Kind.TIME, lambda e, _: e.call.tracked_since, 18),
    Column("status_since", "status since", Kind.TIME, lambda e, _: e.call.status_since, 18),
    Column("tries", "unanswered tries", Kind.WHOLE, lambda e, _: e.call.tries, 8),
    Column("changed_at", "changed at", Kind.TIME, lambda e, _: e.call.updated_at, 18),
    Column("next_asked_at", "next asked at", Kind.TIME, lambda e, _: e.call.next_poll_at, 18),
    Column("final_at", "final at", Kind.TIME, lambda e, _: e.call.final_at, 18),
    Column("batch_state", "batch is", Kind.TEXT, lambda e, _: e.batch.state.value, 10),
    Column("batch_numbers", "numbers in batch", Kind.WHOLE, lambda e, _: e.batch.numbers, 8),
    Column("launched_by_id", "launched by (id)", Kind.WHOLE, lambda e, _: e.batch.author_id, 12),
    Column("chat_id", "chat", Kind.WHOLE, lambda e, _: e.batch.chat_id, 16),
    Column("retry_count", "retries", Kind.WHOLE, lambda e, _: e.batch.retry_count, 8),
    Column("server_id", "dialer", Kind.TEXT, lambda e, _: e.batch.server_id),
    Column("follows", "follows", Kind.TEXT, lambda e, _: _batch(e.batch.follows), 8),
    Column("followed_as", "follows as", Kind.TEXT, lambda e, _: e.batch.followed_as),
    Column("hold_reason", "held because", Kind.TEXT, lambda e, _: e.batch.hold_reason),
    Column("stop_reason", "stopped because", Kind.TEXT, lambda e, _: e.batch.stop_reason),
    Column("stopped_by", "stopped by", Kind.TEXT, lambda e, _: e.batch.stop_name, 16),
    Column("batch_ended_at", "batch ended at", Kind.TIME, lambda e, _: e.batch.ended_at, 18),
    Column("outside_by", "outside hours by", Kind.TEXT, lambda e, _: e.batch.window_name, 16),
    Column(
        *("outside_reason", "outside hours because", Kind.TEXT),
        lambda e, lang: _free(e.batch.window_reason, lang),
        20,
    ),
    Column("approved_by", "approved by", Kind.TEXT, lambda e, _: e.batch.approved_name, 16),
    Column("approved_at", "approved at", Kind.TIME, lambda e, _: e.batch.approved_at, 18),
    Column("part", "part", Kind.WHOLE, lambda e, _: e.submission.position, 6),
    Column("part_state", "part is", Kind.TEXT, lambda e, _: e.submission.state.value, 10),
    Column("attempts", "attempts", Kind.WHOLE, lambda e, _: e.submission.attempts, 8),
    Column("sent_at", "sent at", Kind.TIME, lambda e, _: e.submission.claimed_at, 18),
    Column("answered_at", "gateway answered", Kind.TIME, lambda e, _: e.submission.ended_at, 18),
    Column("reason", "what went wrong", Kind.TEXT, lambda e, _: e.submission.reason, 14),
    Column("code", "gateway error", Kind.TEXT, lambda e, _: e.submission.code, 14),
    Column("http_status", "HTTP status", Kind.WHOLE, lambda e, _: e.submission.http_status, 8),
    Column("campaign_id", "campaign", Kind.TEXT, lambda e, _: e.submission.campaign_id, 34),
    Column("decided_by", "decided by", Kind.TEXT, lambda e, _: e.submission.decided_name, 16),
    Column("decided_by_id", "decided by (id)", Kind.WHOLE, lambda e, _: e.submission.decided_by),
    Column("decided_at", "decided at", Kind.TIME, lambda e, _: e.submission.decided_at, 18),
)


def heads(lang: Language) -> list[str]:
    """What stands above the columns."""
    return [plain(lang.say(column.head)) for column in COLUMNS]


def values(entry: Entry, lang: Language) -> list[Value]:
    """The values of one call, a column each."""
    return [column.of(entry, lang) for column in COLUMNS]


def _batch(batch_id: int | None) -> str | None:
    return None if batch_id is None else f"b{batch_id}"
