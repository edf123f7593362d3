"""What is recorded: frozen rows, and the words for their states.

Times are UTC epoch seconds, numbers are E.164, money is in thousandths of a Toman.
The meaning of each state and its moves: `docs/architecture.md`, "Life of a batch".
"""

from storage.models.batches import Batch, Claims, Course, NewBatch, Pause, Submission
from storage.models.calls import Call, CallNews, Follow, UnmatchedId
from storage.models.chat import Board, Draft, NewDraft, Report
from storage.models.hearsay import Event, EventNews, Evidence
from storage.models.launches import NewLaunch, Panel, SavedLaunch
from storage.models.lists import ListNumber, NumberList
from storage.models.people import GATEWAY, Person, Place
from storage.models.questions import Question
from storage.models.safety import (
    AllowedChat,
    ApprovalAsk,
    ApprovalKind,
    AuditEntry,
    DoNotCall,
    Invite,
    Member,
    Use,
    Waiting,
)
from storage.models.schedules import (
    Answer,
    NewSchedule,
    Schedule,
    ScheduleAsk,
    ScheduleRun,
    ScheduleState,
)
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
    SkipReason,
    StopReason,
    SubmissionState,
    UnmatchedKind,
)
from storage.models.voices import Played, SampleKind, Voice

__all__ = [
    "FINAL_STATUSES",
    "GATEWAY",
    "AllowedChat",
    "Answer",
    "ApprovalAsk",
    "ApprovalKind",
    "AuditEntry",
    "Batch",
    "BatchState",
    "Board",
    "Call",
    "CallNews",
    "CallStatus",
    "Claims",
    "Course",
    "DoNotCall",
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
    "Invite",
    "ListNumber",
    "Member",
    "NewBatch",
    "NewDraft",
    "NewLaunch",
    "NewSchedule",
    "NumberList",
    "Panel",
    "Pause",
    "PauseReason",
    "Person",
    "Place",
    "Played",
    "Question",
    "Report",
    "ReportKind",
    "SampleKind",
    "SavedLaunch",
    "Schedule",
    "ScheduleAsk",
    "ScheduleRun",
    "ScheduleState",
    "SkipReason",
    "StopReason",
    "Submission",
    "SubmissionState",
    "UnmatchedId",
    "UnmatchedKind",
    "Use",
    "Voice",
    "Waiting",
]
