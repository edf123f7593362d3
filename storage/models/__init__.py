"""What is recorded: frozen rows, and the words for their states.

Times are UTC epoch seconds, numbers are E.164, money is in thousandths of a Toman.
The meaning of each state and its moves: `docs/architecture.md`, "Life of a batch".
"""

from storage.models.batches import Batch, Claims, NewBatch, Pause, Submission
from storage.models.calls import Call, CallNews, Follow, UnmatchedId
from storage.models.chat import Board, Draft, NewDraft, Report
from storage.models.hearsay import Event, EventNews, Evidence
from storage.models.people import GATEWAY, Person, Place
from storage.models.states import (
    FINAL_STATUSES,
    BatchState,
    CallStatus,
    DraftKind,
    DraftState,
    EventState,
    EvidenceState,
    HoldReason,
    PauseReason,
    ReportKind,
    StopReason,
    SubmissionState,
    UnmatchedKind,
)

__all__ = [
    "FINAL_STATUSES",
    "GATEWAY",
    "Batch",
    "BatchState",
    "Board",
    "Call",
    "CallNews",
    "CallStatus",
    "Claims",
    "Draft",
    "DraftKind",
    "DraftState",
    "Event",
    "EventNews",
    "EventState",
    "Evidence",
    "EvidenceState",
    "Follow",
    "HoldReason",
    "NewBatch",
    "NewDraft",
    "Pause",
    "PauseReason",
    "Person",
    "Place",
    "Report",
    "ReportKind",
    "StopReason",
    "Submission",
    "SubmissionState",
    "UnmatchedId",
    "UnmatchedKind",
]
