"""The composition root: opens and closes everything, and wires it by constructor arguments."""

import logging
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from telegram import BotCommandScopeChat
from telegram.error import TelegramError
from telegram.ext import Application

from bot.board import BoardKeeper
from bot.calling.decisions import Decisions
from bot.calling.dialer import Dialer
from bot.calling.evidence import EvidenceDesk
from bot.calling.launches import Defaults, Launches
from bot.calling.lookup import Lookup
from bot.calling.numbers import NumberReader
from bot.calling.pauses import Pauses
from bot.calling.rights import Rights, Role
from bot.calling.signals import Signals
from bot.gateway.bitel import Bitel
from bot.handlers import commands
from bot.handlers.batch import BatchPresses
from bot.handlers.call import CallCommand
from bot.handlers.door import Door
from bot.handlers.doubts import DoubtPresses
from bot.handlers.drafts import DraftPresses
from bot.handlers.parts import Parts
from bot.handlers.plain_text import PlainText
from bot.handlers.presses import Presses, press_table
from bot.handlers.routing import (
    AT_ONCE,
    AnyApplication,
    Apology,
    SideBySide,
    register,
)
from bot.handlers.start import StartCommands
from bot.handlers.status import BatchesCommand, StatusCommand
from bot.handlers.unpause import UnpauseCommand
from bot.messenger import Messenger
from bot.notices import Notices
from bot.settings import Settings
from bot.telegram_client import build_request
from bot.texts.language import Language
from storage.database import Database, prepare_directory
from storage.lock import ProcessLock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """All that is open while the program runs; made by `open_house`."""

    settings: Settings
    database: Database
    signals: Signals
    application: AnyApplication
    messenger: Messenger
    pauses: Pauses
    launches: Launches
    decisions: Decisions
    dialer: Dialer
    desk: EvidenceDesk
    keeper: BoardKeeper
    notices: Notices
    parts: Parts
    language: Language

    async def set_menu(self, menu: commands.Menu) -> None:
        """Set one command menu; a person who never wrote to the bot has no chat to set it in."""
        try:
            await self.application.bot.set_my_commands(menu.commands, scope=menu.scope)
        except TelegramError as error:
            log.info("a command menu could not be set: %s", type(error).__name__)


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    """Open the record and the gateway and build everything; nothing is started yet.

    Raises:
        StorageError: the database cannot be used, or another process runs on it.
    """
    async with AsyncExitStack() as stack:
        prepare_directory(settings.database_path)
        stack.enter_context(ProcessLock(settings.database_path))
        database = await Database.open(settings.database_path)
        stack.push_async_callback(database.close)
        gateway = await stack.enter_async_context(
            Bitel(
                base_url=settings.bitel_api_url,
                token=settings.bitel_token,
                timeout=settings.bitel_timeout,
            )
        )
        yield _build(settings, database, gateway)


def _build(settings: Settings, database: Database, gateway: Bitel) -> House:
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # PTB's own switch for typed durations
    signals = Signals()
    reader = NumberReader(settings.region, settings.number_types)
    language = Language("en", settings.timezone)
    pauses = Pauses(database=database, gateway=gateway, signals=signals)
    application = build_application(settings)
    messenger = Messenger(application.bot)
    rights = Rights(settings.admins, settings.allowed)
    house = House(
        settings=settings,
        database=database,
        signals=signals,
        application=application,
        messenger=messenger,
        pauses=pauses,
        launches=Launches(
            database=database,
            pauses=pauses,
            signals=signals,
            defaults=Defaults(
                retry_count=settings.retry_count,
                server_id=settings.server_id,
                confirm_above=settings.confirm_above,
                max_numbers=settings.max_numbers,
            ),
        ),
        decisions=Decisions(database=database, pauses=pauses, signals=signals),
        dialer=Dialer(
            database=database, gateway=gateway, pauses=pauses, reader=reader, signals=signals
        ),
        desk=EvidenceDesk(
            database=database,
            gateway=gateway,
            reader=reader,
            signals=signals,
            timeout=settings.bitel_timeout,
        ),
        keeper=BoardKeeper(
            database=database, messenger=messenger, language=language, signals=signals
        ),
        notices=Notices(
            database=database,
            pauses=pauses,
            messenger=messenger,
            rights=rights,
            language=language,
            signals=signals,
        ),
        parts=Parts(),
        language=language,
    )
    lookup = Lookup(database=database, gateway=gateway, reader=reader, signals=signals)
    _wire(house, rights, reader, lookup)
    return house


def build_application(settings: Settings) -> AnyApplication:
    """PTB's application for these settings, without any handler; nothing is started."""
    return (
        Application.builder()
        .token(settings.telegram_token)
        .base_url(f"{settings.telegram_api_url}/bot")
        .base_file_url(f"{settings.telegram_api_url}/file/bot")
        .request(build_request(settings))
        .get_updates_request(build_request(settings))
        .concurrent_updates(SideBySide(AT_ONCE))
        .job_queue(None)
        .build()
    )


def _wire(house: House, rights: Rights, reader: NumberReader, lookup: Lookup) -> None:
    """Make the handlers and give each update its own."""
    messenger, launches, keeper = house.messenger, house.launches, house.keeper
    door = Door(
        rights=rights, messenger=messenger, database=house.database, language=house.language
    )
    drafts = DraftPresses(messenger=messenger, launches=launches, keeper=keeper)
    doubts = DoubtPresses(
        messenger=messenger, decisions=house.decisions, desk=house.desk, keeper=keeper
    )
    batch = BatchPresses(
        messenger=messenger,
        decisions=house.decisions,
        launches=launches,
        lookup=lookup,
        drafts=drafts,
        keeper=keeper,
    )
    unpause = UnpauseCommand(door=door, messenger=messenger, pauses=house.pauses)
    call = CallCommand(
        door=door,
        messenger=messenger,
        launches=launches,
        reader=reader,
        parts=house.parts,
        drafts=drafts,
    )

    async def show_menu(user_id: int, role: Role) -> None:
        await house.set_menu(commands.menu_for(role, BotCommandScopeChat(user_id), house.language))

    start = StartCommands(
        door=door, messenger=messenger, names=commands.names, show_menu=show_menu
    )
    table = press_table(drafts, batch, doubts, unpause)
    register(
        house.application,
        commands={
            "call": call.handle,
            "status": StatusCommand(door=door, messenger=messenger, lookup=lookup).handle,
            "batches": BatchesCommand(door=door, messenger=messenger, lookup=lookup).handle,
            "unpause": unpause.handle,
            "help": start.help,
            "id": start.id,
            "start": start.start,
        },
        unknown_command=start.unknown,
        plain_text=PlainText(
            door=door, messenger=messenger, parts=house.parts, doubts=doubts
        ).handle,
        presses=Presses(door=door, messenger=messenger, table=table).handle,
        apology=Apology(door=door, messenger=messenger, language=house.language),
    )
