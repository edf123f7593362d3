"""Batches as the record would show them, for the texts that are made of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.calling.naming import name_key
from bot.calling.summary import LISTED, LISTING, Summary
from bot.calling.views import BatchView, CallLine, Pick, count_lines
from bot.texts.cards import Card, plain
from bot.texts.language import Language
from storage.models import (
    Batch,
    BatchState,
    Call,
    CallStatus,
    Draft,
    DraftKind,
    DraftState,
    Evidence,
    EvidenceState,
    Pause,
    PauseReason,
    SkipReason,
    Submission,
    SubmissionState,
    UnmatchedId,
    UnmatchedKind,
    Voice,
)
from storage.outcomes import CallOutcome

TEHRAN = ZoneInfo("Asia/Tehran")
ENGLISH = Language("en", TEHRAN)
NOW = datetime(2025, 6, 15, 18, 4, tzinfo=TEHRAN).timestamp()
VOICE = "08e815cbcd724386805103ac0d45e4c2"
PERSIAN = "سارا"
HOSTILE = '<b>Sara</b> & "Bob" {who}'
PAUSED = Pause(id=1, reason=PauseReason.UNAUTHORISED, since=NOW, detail="HTTP 401")
FULL = Pause(id=2, reason=PauseReason.DISK, since=NOW, detail="the disk refuses writes")


def call_id(position: int) -> str:
    """A gateway id."""
    return f"{position:032x}"


@dataclass(frozen=True, slots=True)
class Part:
    """A submission, and the status of each of its calls (the last one for the rest)."""

    state: SubmissionState
    numbers: int = 3
    statuses: tuple[CallStatus, ...] = (CallStatus.PLANNED,)
    facts: dict[str, Any] = field(default_factory=dict)


def part(state: SubmissionState, numbers: int = 3, *statuses: CallStatus, **facts: Any) -> Part:
    """One part; an accepted one waits where nothing else is said."""
    usual = CallStatus.WAITING if state is SubmissionState.ACCEPTED else CallStatus.PLANNED
    return Part(state, numbers, statuses or (usual,), facts)


def batch_of(numbers: int = 3, parts: int = 1, **facts: Any) -> Batch:
    """A running batch #b12 that Sara launched."""
    made = Batch(
        id=12,
        state=BatchState.RUNNING,
        asked_by="message:1:1",
        voice=VOICE,
        retry_count=1,
        server_id=None,
        author_id=1,
        author_name="Sara",
        chat_id=1,
        numbers=numbers,
        submissions=parts,
        repeated=0,
        fingerprint="",
        follows=None,
        followed_as=None,
        created_at=NOW,
        event_at=NOW,
        hold_no=0,
        hold_reason=None,
        hold_name=None,
        held_at=None,
        ended_at=None,
        stop_reason=None,
        stop_name=None,
        revision=1,
    )
    return replace(made, **facts)


def view_of(
    *parts: Part,
    page: int = 1,
    batch: dict[str, Any] | None = None,
    call: dict[str, Any] | None = None,
    **facts: Any,
) -> BatchView:
    """A batch of these parts, as `batch_view` reads it from the record."""
    submissions, calls = _calls_of(parts, call or {})
    made = BatchView(
        batch=batch_of(len(calls), len(parts), **(batch or {})),
        submissions=tuple(submissions),
        counted=tuple(count_lines(calls)),
        calls=tuple(calls[(page - 1) * 10 : page * 10]),
        page=page,
        pages=max(1, -(-len(calls) // 10)),
        shown=None,
        unmatched=(),
        picks=(),
        evidence_waiting=frozenset(),
        try_again=0,
        taken_by={},
        pauses=(),
        skipped=Counter(
            SkipReason(line.call.skip_reason) for line in calls if line.call.skip_reason
        ),
    )
    return replace(made, **facts)


def _calls_of(
    parts: tuple[Part, ...], facts: dict[str, Any]
) -> tuple[list[Submission], list[CallLine]]:
    submissions: list[Submission] = []
    calls: list[CallLine] = []
    for position, of in enumerate(parts, start=1):
        submissions.append(_submission(position, of))
        for order in range(of.numbers):
            status = of.statuses[min(order, len(of.statuses) - 1)]
            call = _call(len(calls) + 1, position, status, facts)
            calls.append(CallLine(call=call, submission=of.state))
    return submissions, calls


def summary_of(*parts: Part, seconds: float = 252.0, **facts: Any) -> Summary:
    """A batch of these parts, as `summary` reads it from the record when it has ended."""
    view = view_of(*parts, **facts)
    _, calls = _calls_of(parts, facts.get("call") or {})
    listed = []
    left = LISTED
    for outcome in LISTING:
        lines = [
            line for line in calls if CallOutcome.of(line.call.status, line.submission) == outcome
        ][:left]
        left -= len(lines)
        if lines:
            listed.append((outcome, tuple(lines)))
    return Summary(
        view=view,
        listed=tuple(listed),
        more=len(calls) - LISTED + left,
        talk=sum(of.talk for of in view.counted),
        talks=sum(of.talks for of in view.counted),
        seconds=seconds,
        answered_at=tuple(float(n) for n in range(view.with_status(CallStatus.NORMAL))),
    )


def _submission(position: int, of: Part) -> Submission:
    made = Submission(
        id=position,
        batch_id=12,
        position=position,
        state=of.state,
        numbers=of.numbers,
        attempts=1,
        not_before=NOW,
        claimed_at=NOW,
        ended_at=None,
        reason=None,
        code="InvalidVoice" if of.state is SubmissionState.REFUSED else None,
        http_status=None,
        campaign_id=None,
        decided_name=None,
        decided_at=None,
    )
    if of.state is SubmissionState.QUEUED:
        made = replace(made, attempts=0)
    return replace(made, **of.facts)


def _call(position: int, submission: int, status: CallStatus, facts: dict[str, Any]) -> Call:
    silent = status in (CallStatus.PLANNED, CallStatus.SKIPPED, CallStatus.NOT_CONFIRMED)
    made = Call(
        id=position,
        batch_id=12,
        submission_id=submission,
        position=position,
        number=f"+98912{position:07d}",
        status=status,
        word=None if silent else status.value.upper(),
        gateway_id=None if silent else call_id(position),
        bill_sec=None,
        price=None,
        request_date=None,
        execution_date=None,
        skip_reason="rang" if status is CallStatus.SKIPPED else None,
        updated_at=None,
        next_poll_at=NOW if status in (CallStatus.WAITING, CallStatus.OTHER) else None,
    )
    return replace(made, **(facts if not silent else {}))


def pick_of(*candidates: tuple[int, int], evidence_id: int = 1) -> Pick:
    """A call to a number that several submissions hold."""
    evidence = Evidence(
        id=evidence_id,
        gateway_id=call_id(evidence_id),
        submission_id=1,
        number="+989120000001",
        request_date=None,
        state=EvidenceState.AMBIGUOUS,
        given_by=1,
        given_name="Sara",
        given_at=NOW,
        detail=None,
    )
    return Pick(evidence=evidence, candidates=candidates)


def unmatched_of(count: int) -> tuple[UnmatchedId, ...]:
    """Ids that came with an answer and belong to no number."""
    return tuple(
        UnmatchedId(
            gateway_id=call_id(position),
            submission_id=1,
            number="09129999990",
            kind=UnmatchedKind.FOREIGN,
            word="WAITING",
        )
        for position in range(1, count + 1)
    )


def draft_of(**facts: Any) -> Draft:
    """An open draft of Sara's."""
    made = Draft(
        id=1,
        token="token",
        kind=DraftKind.CALL,
        state=DraftState.OPEN,
        asked_by="message:1:1",
        author_id=1,
        author_name="Sara",
        chat_id=1,
        thread_id=None,
        reply_to=None,
        message_id=5,
        content="{}",
        created_at=NOW,
        expires_at=NOW + 900,
        source_batch_id=None,
        closed_why=None,
        closed_shown=False,
        batch_id=None,
    )
    return replace(made, **facts)


def voice_of(**facts: Any) -> Voice:
    """A voice that Sara has added, and nobody has used."""
    name = facts.get("name", "Shift call")
    made = Voice(
        id=1,
        voice_id=VOICE,
        name=name,
        name_key=name_key(name),
        sample=None,
        sample_kind=None,
        made_by=1,
        made_name="Sara",
        made_at=NOW,
        used_at=None,
        removed_at=None,
    )
    return replace(made, **facts)


def lines_of(card: Card) -> list[str]:
    """What a person reads, line by line."""
    return plain(card.text).splitlines()


def verbs_of(card: Card) -> set[str]:
    """What can be done: the verbs of the buttons."""
    return {button.data.partition(":")[0] for row in card.rows for button in row}


def labels_of(card: Card) -> list[list[str]]:
    """What the buttons say, row by row."""
    return [[button.label for button in row] for row in card.rows]


def units(text: str) -> int:
    """How Telegram measures a text: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def fits_telegram(card: Card) -> Sequence[str]:
    """What Telegram would refuse about a card; empty if it takes it."""
    found = []
    if units(plain(card.text)) > 4096:
        found.append(f"{units(plain(card.text))} units")
    if any(len(row) > 8 for row in card.rows):
        found.append("a row of more than 8 buttons")
    if sum(map(len, card.rows)) > 100:
        found.append("more than 100 buttons")
    found.extend(
        f"data {button.data}"
        for row in card.rows
        for button in row
        if len(button.data.encode()) > 64 or not button.label.strip()
    )
    return found
