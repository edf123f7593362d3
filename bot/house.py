"""What is open while the program runs: every service, and the ways out of it and into it."""

import logging
from dataclasses import dataclass

from telegram.error import TelegramError

from bot.boards.announcer import Announcer
from bot.boards.approvals import ApprovalRequests
from bot.boards.keeper import BoardKeeper
from bot.boards.reports import Reporter
from bot.calling import rules
from bot.calling.approving import Approving
from bot.calling.decisions import Decisions
from bot.calling.dialer import Dialer
from bot.calling.evidence import EvidenceDesk
from bot.calling.launches import Launches
from bot.calling.ledger import Ledger
from bot.calling.limit_settings import LimitSettings
from bot.calling.pauses import Pauses
from bot.calling.rights import Rights
from bot.calling.scheduler import Scheduler
from bot.calling.schedules import Schedules
from bot.calling.signals import Signals
from bot.calling.tracker import Tracker
from bot.exports import Exports
from bot.handlers import commands
from bot.handlers.joining import Joining
from bot.handlers.parts import Parts
from bot.handlers.routing import AnyApplication
from bot.health import Health
from bot.hearing import Hearing
from bot.messenger import Messenger
from bot.notices import Notices
from bot.number_files import NumberFiles
from bot.settings import Settings
from bot.texts.language import Language
from bot.web.metrics import Metrics
from bot.web.port import Port
from bot.workshop import Workshop
from storage.database import Database
from storage.stores import Stores

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """All that is open while the program runs; made by `bot.app.open_house`."""

    settings: Settings
    database: Database
    signals: Signals
    application: AnyApplication
    messenger: Messenger
    pauses: Pauses
    rights: Rights
    launches: Launches
    decisions: Decisions
    limits: LimitSettings
    schedules: Schedules
    scheduler: Scheduler
    announcer: Announcer
    approving: Approving
    requests: ApprovalRequests
    dialer: Dialer
    desk: EvidenceDesk
    tracker: Tracker
    ledger: Ledger
    keeper: BoardKeeper
    reporter: Reporter
    notices: Notices
    parts: Parts
    joining: Joining
    number_files: NumberFiles
    language: Language
    hearing: Hearing
    health: Health
    metrics: Metrics
    port: Port | None
    workshop: Workshop
    exports: Exports

    async def recover(self) -> None:
        """Rules 7 and 10, before anything else runs.

        Raises:
            StorageError: the record cannot be written.
        """
        now = self.launches.now

        def work(tx: Stores) -> None:
            rules.recover(tx, now=now)
            self.ledger.begin(tx, now)

        await self.database.write(work)

    async def set_menu(self, menu: commands.Menu) -> None:
        """Set one command menu; a person who never wrote to the bot has no chat to set it in."""
        try:
            await self.application.bot.set_my_commands(menu.commands, scope=menu.scope)
        except TelegramError as error:
            log.info("a command menu could not be set: %s", type(error).__name__)
