"""The composition root: opens and closes everything, and wires it by constructor arguments."""

import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from telegram.ext import Application

from bot.boards.announcer import Announcer
from bot.boards.approvals import ApprovalRequests
from bot.boards.keeper import BoardKeeper
from bot.boards.pace import Paces
from bot.boards.reports import Reporter
from bot.calling.approving import Approving
from bot.calling.decisions import Decisions
from bot.calling.dialer import Dialer
from bot.calling.events import Events
from bot.calling.evidence import EvidenceDesk
from bot.calling.launches import Defaults, Launches
from bot.calling.ledger import Ledger
from bot.calling.limit_settings import LimitSettings
from bot.calling.lookup import Lookup
from bot.calling.numbers import NumberReader
from bot.calling.pauses import Pauses
from bot.calling.rights import Rights
from bot.calling.scheduler import Scheduler
from bot.calling.schedules import Schedules
from bot.calling.signals import Signals
from bot.calling.tracker import Tracker
from bot.calling.tracking import Pace
from bot.exports import Exports
from bot.gateway.bitel import Bitel
from bot.handlers.joining import Joining
from bot.handlers.parts import Parts
from bot.handlers.routing import AT_ONCE, AnyApplication, SideBySide
from bot.handlers.seeing import Seeing
from bot.health import Health
from bot.hearing import Hearing
from bot.house import House
from bot.messenger import Messenger
from bot.notices import Notices
from bot.number_files import NumberFiles
from bot.settings import Settings
from bot.telegram_client import build_request
from bot.texts.language import Language
from bot.web.metrics import Metrics
from bot.web.site import build_port
from bot.wiring import wire_handlers
from bot.workshop import Workshop
from storage.database import Database, prepare_directory
from storage.lock import ProcessLock


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    """Open the record and the gateway and build everything; nothing is started yet.

    Raises:
        StorageError: the database cannot be used, or another process runs on it.
    """
    async with AsyncExitStack() as stack:
        prepare_directory(settings.database_path)
        lock = stack.enter_context(ProcessLock(settings.database_path))
        database = await Database.open(settings.database_path)
        stack.push_async_callback(database.close)
        workshop = Workshop()
        stack.push_async_callback(workshop.close)
        hearing = Hearing()
        application = build_application(settings, hearing)
        health = Health(application=application, hearing=hearing, database=database)
        metrics = Metrics(database=database, inside=health.inside)
        gateway = await stack.enter_async_context(
            Bitel(
                base_url=settings.bitel_api_url,
                token=settings.bitel_token,
                timeout=settings.bitel_timeout,
                observe=metrics.observe,
            )
        )
        house = _build(
            settings,
            database,
            gateway,
            ledger=Ledger(lock),
            application=application,
            hearing=hearing,
            health=health,
            metrics=metrics,
            workshop=workshop,
        )
        house.exports.sweep()
        stack.push_async_callback(house.exports.close)
        stack.push_async_callback(house.number_files.close)
        yield house


def _build(
    settings: Settings,
    database: Database,
    gateway: Bitel,
    *,
    ledger: Ledger,
    application: AnyApplication,
    hearing: Hearing,
    health: Health,
    metrics: Metrics,
    workshop: Workshop,
) -> House:
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # PTB's own switch for typed durations
    signals = Signals()
    reader = NumberReader(settings.region, settings.number_types)
    language = Language("en", settings.timezone, masks_groups=settings.mask_in_groups)
    pauses = Pauses(database=database, gateway=gateway, signals=signals, ledger=ledger)
    pace = Pace(first=settings.poll_first, most=settings.poll_max, events=settings.events)
    events = Events(
        database=database, reader=reader, signals=signals, timeout=settings.bitel_timeout
    )
    rights = Rights(settings.admins, settings.allowed, database)
    messenger = Messenger(application.bot, fit=Seeing(rights).fit)
    paces = Paces(time.monotonic)
    defaults = Defaults(
        retry_count=settings.retry_count,
        server_id=settings.server_id,
        confirm_above=settings.confirm_above,
        max_numbers=settings.max_numbers,
        per_post=settings.wave_size,
        undo_seconds=settings.undo_seconds,
        wave_pause=settings.wave_pause,
        window=settings.window,
    )
    planned: dict[str, Any] = {
        "database": database,
        "pauses": pauses,
        "rights": rights,
        "signals": signals,
        "defaults": defaults,
        "timezone": settings.timezone,
    }
    reporter = Reporter(
        database=database,
        messenger=messenger,
        rights=rights,
        language=language,
        signals=signals,
        paces=paces,
        workshop=workshop,
    )
    house = House(
        settings=settings,
        database=database,
        signals=signals,
        application=application,
        messenger=messenger,
        pauses=pauses,
        rights=rights,
        launches=Launches(
            database=database,
            pauses=pauses,
            rights=rights,
            signals=signals,
            defaults=defaults,
        ),
        decisions=Decisions(
            database=database, pauses=pauses, signals=signals, window=settings.window
        ),
        limits=LimitSettings(database=database, defaults=defaults),
        schedules=Schedules(**planned),
        scheduler=Scheduler(**planned),
        announcer=Announcer(
            database=database,
            messenger=messenger,
            rights=rights,
            language=language,
            signals=signals,
            paces=paces,
            max_numbers=settings.max_numbers,
            window=settings.window,
        ),
        approving=Approving(
            database=database,
            pauses=pauses,
            rights=rights,
            signals=signals,
            defaults=defaults,
        ),
        requests=ApprovalRequests(
            database=database,
            messenger=messenger,
            rights=rights,
            defaults=defaults,
            language=language,
            signals=signals,
            paces=paces,
        ),
        dialer=Dialer(
            database=database,
            gateway=gateway,
            pauses=pauses,
            reader=reader,
            signals=signals,
            pace=pace,
            claimed=ledger.claimed,
            defaults=defaults,
        ),
        desk=EvidenceDesk(
            database=database,
            gateway=gateway,
            reader=reader,
            signals=signals,
            timeout=settings.bitel_timeout,
            pace=pace,
        ),
        tracker=Tracker(
            database=database,
            gateway=gateway,
            signals=signals,
            pace=pace,
            rate=settings.poll_rate,
        ),
        ledger=ledger,
        keeper=BoardKeeper(
            database=database,
            messenger=messenger,
            rights=rights,
            language=language,
            signals=signals,
            paces=paces,
            reporter=reporter,
        ),
        reporter=reporter,
        notices=Notices(
            database=database,
            pauses=pauses,
            messenger=messenger,
            rights=rights,
            language=language,
            signals=signals,
        ),
        parts=Parts(),
        joining=Joining(),
        number_files=NumberFiles(
            workshop=Workshop(), region=settings.region, kinds=settings.number_types
        ),
        language=language,
        hearing=hearing,
        health=health,
        metrics=metrics,
        workshop=workshop,
        exports=Exports(workshop=Workshop(), database=settings.database_path, language=language),
        port=build_port(settings, events=events, checks=health.checks, metrics=metrics),
    )
    lookup = Lookup(database=database, gateway=gateway, reader=reader, signals=signals, pace=pace)
    wire_handlers(house, rights, reader, lookup)
    return house


def build_application(settings: Settings, hearing: Hearing) -> AnyApplication:
    """PTB's application for these settings, without any handler; nothing is started."""
    return (
        Application.builder()
        .token(settings.telegram_token)
        .base_url(f"{settings.telegram_api_url}/bot")
        .base_file_url(f"{settings.telegram_api_url}/file/bot")
        .request(build_request(settings))
        .get_updates_request(build_request(settings, hearing))
        .concurrent_updates(SideBySide(AT_ONCE))
        .job_queue(None)
        .build()
    )
