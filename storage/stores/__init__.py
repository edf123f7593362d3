"""One store per subject; a store speaks in verbs, owns its SQL, and works inside a transaction.

`Stores` is what a unit of work gets: every store on the same connection, so that what belongs
together is committed together.
"""

import sqlite_utils

from storage.stores.archive import ArchiveStore
from storage.stores.batches import BatchStore
from storage.stores.boards import BoardStore
from storage.stores.calls import CallStore
from storage.stores.chains import ChainStore
from storage.stores.choices import ChoiceStore
from storage.stores.drafts import DraftStore
from storage.stores.events import EventStore
from storage.stores.evidence import EvidenceStore
from storage.stores.launches import FavouriteStore, LaunchStore, PanelStore
from storage.stores.lists import ListStore
from storage.stores.open_calls import OpenCallStore
from storage.stores.outcomes import OutcomeStore
from storage.stores.pauses import PauseStore
from storage.stores.questions import QuestionStore
from storage.stores.reports import ReportStore
from storage.stores.schedules import ScheduleStore
from storage.stores.statistics import StatisticsStore
from storage.stores.submissions import SubmissionStore
from storage.stores.tallies import TallyStore
from storage.stores.updates import UpdateStore
from storage.stores.voice_calls import VoiceCallStore
from storage.stores.voices import VoiceStore

__all__ = ["Stores"]


class Stores:
    """All stores on one connection."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db
        self.archive = ArchiveStore(db)
        self.batches = BatchStore(db)
        self.boards = BoardStore(db)
        self.calls = CallStore(db)
        self.chains = ChainStore(db)
        self.choices = ChoiceStore(db)
        self.drafts = DraftStore(db)
        self.events = EventStore(db)
        self.evidence = EvidenceStore(db)
        self.favourites = FavouriteStore(db)
        self.launches = LaunchStore(db)
        self.lists = ListStore(db)
        self.open_calls = OpenCallStore(db)
        self.outcomes = OutcomeStore(db)
        self.panels = PanelStore(db)
        self.pauses = PauseStore(db)
        self.questions = QuestionStore(db)
        self.reports = ReportStore(db)
        self.schedules = ScheduleStore(db)
        self.statistics = StatisticsStore(db)
        self.submissions = SubmissionStore(db)
        self.tallies = TallyStore(db)
        self.updates = UpdateStore(db)
        self.voice_calls = VoiceCallStore(db)
        self.voices = VoiceStore(db)
