"""One store per subject; a store speaks in verbs, owns its SQL, and works inside a transaction.

`Stores` is what a unit of work gets: every store on the same connection, so that what belongs
together is committed together.
"""

import sqlite_utils

from storage.stores.approvals import ApprovalStore
from storage.stores.archive import ArchiveStore
from storage.stores.audit import AuditStore
from storage.stores.batches import BatchStore
from storage.stores.boards import BoardStore
from storage.stores.calls import CallStore
from storage.stores.chains import ChainStore
from storage.stores.choices import ChoiceStore
from storage.stores.do_not_call import DoNotCallStore
from storage.stores.drafts import DraftStore
from storage.stores.events import EventStore
from storage.stores.evidence import EvidenceStore
from storage.stores.launches import FavouriteStore, LaunchStore, PanelStore
from storage.stores.limits import LimitStore
from storage.stores.lists import ListStore
from storage.stores.members import AllowedChatStore, InviteStore, MemberStore
from storage.stores.open_calls import OpenCallStore
from storage.stores.outcomes import OutcomeStore
from storage.stores.pauses import PauseStore
from storage.stores.questions import QuestionStore
from storage.stores.redaction import RedactionStore
from storage.stores.reports import ReportStore
from storage.stores.schedules import ScheduleStore
from storage.stores.statistics import StatisticsStore
from storage.stores.submissions import SubmissionStore
from storage.stores.tallies import TallyStore
from storage.stores.updates import UpdateStore
from storage.stores.voice_calls import VoiceCallStore
from storage.stores.voices import VoiceStore
from storage.stores.waves import WaveStore

__all__ = ["Stores"]


class Stores:
    """All stores on one connection."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db
        self.approvals = ApprovalStore(db)
        self.archive = ArchiveStore(db)
        self.audit = AuditStore(db)
        self.batches = BatchStore(db)
        self.boards = BoardStore(db)
        self.calls = CallStore(db)
        self.chains = ChainStore(db)
        self.chats = AllowedChatStore(db)
        self.choices = ChoiceStore(db)
        self.do_not_call = DoNotCallStore(db)
        self.drafts = DraftStore(db)
        self.events = EventStore(db)
        self.evidence = EvidenceStore(db)
        self.favourites = FavouriteStore(db)
        self.invites = InviteStore(db)
        self.launches = LaunchStore(db)
        self.limits = LimitStore(db)
        self.lists = ListStore(db)
        self.members = MemberStore(db)
        self.open_calls = OpenCallStore(db)
        self.outcomes = OutcomeStore(db)
        self.panels = PanelStore(db)
        self.pauses = PauseStore(db)
        self.questions = QuestionStore(db)
        self.redaction = RedactionStore(db)
        self.reports = ReportStore(db)
        self.schedules = ScheduleStore(db)
        self.statistics = StatisticsStore(db)
        self.submissions = SubmissionStore(db)
        self.tallies = TallyStore(db)
        self.updates = UpdateStore(db)
        self.voice_calls = VoiceCallStore(db)
        self.voices = VoiceStore(db)
        self.waves = WaveStore(db)
