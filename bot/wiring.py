"""The wiring of the handlers: which of them takes which update, and what each is made of."""

from telegram import BotCommandScopeChat

from bot.calling.archive import Archive
from bot.calling.audit_trail import AuditTrail
from bot.calling.do_not_call import DoNotCallList
from bot.calling.favourites import Favourites
from bot.calling.list_changes import ListChanges
from bot.calling.lists import Lists
from bot.calling.lookup import Lookup
from bot.calling.numbers import NumberReader
from bot.calling.own_number import OwnNumbers
from bot.calling.refreshing import Refresher
from bot.calling.repeats import Repeats
from bot.calling.rights import Rights, Role
from bot.calling.saved import SavedLaunches
from bot.calling.voices import Voices
from bot.handlers import commands
from bot.handlers.anything import Anything
from bot.handlers.approvals import ApprovalPresses
from bot.handlers.attachments import Attachments
from bot.handlers.audit import AuditCommand
from bot.handlers.batch import BatchPresses
from bot.handlers.call import CallCommand
from bot.handlers.door import Door
from bot.handlers.doubts import DoubtPresses
from bot.handlers.drafts import DraftPresses
from bot.handlers.intake import Intake
from bot.handlers.later import TimePresses
from bot.handlers.leaving import Leaver
from bot.handlers.limits import LimitsCommand
from bot.handlers.membership import Membership
from bot.handlers.number_sources import NumberSources
from bot.handlers.outside import OutsidePresses
from bot.handlers.own_number import OwnNumber
from bot.handlers.plain_text import PlainText
from bot.handlers.presses import Presses, press_table
from bot.handlers.questions import Questions
from bot.handlers.quick import QuickLaunches
from bot.handlers.records import Records
from bot.handlers.repeats import RepeatCommands
from bot.handlers.routing import Apology, register, register_membership
from bot.handlers.say import SayCommand
from bot.handlers.schedules import ScheduleCommand
from bot.handlers.start import StartCommands
from bot.handlers.thinning import Thinning
from bot.handlers.typed import TypedLaunch
from bot.handlers.unasking import Unasking
from bot.handlers.unpause import UnpauseCommand
from bot.handlers.voices import VoicesCommand
from bot.house import House
from bot.wiring_lists import wire_do_not_call, wire_lists


def wire_handlers(house: House, rights: Rights, reader: NumberReader, lookup: Lookup) -> None:
    """Make the handlers and give each update its own."""
    messenger, launches, keeper = house.messenger, house.launches, house.keeper
    leaver = Leaver(messenger=messenger, bot=house.application.bot, database=house.database)
    door = Door(
        rights=rights,
        messenger=messenger,
        database=house.database,
        leaver=leaver,
        language=house.language,
    )
    voices = Voices(database=house.database)
    numbers = OwnNumbers(database=house.database, reader=reader)
    drafts = DraftPresses(
        messenger=messenger, launches=launches, keeper=keeper, voices=voices, own=numbers
    )
    doubts = DoubtPresses(
        messenger=messenger, decisions=house.decisions, desk=house.desk, keeper=keeper
    )
    approvals = ApprovalPresses(messenger=messenger, approving=house.approving, keeper=keeper)
    batch = BatchPresses(
        messenger=messenger,
        decisions=house.decisions,
        launches=launches,
        lookup=lookup,
        refresher=Refresher(database=house.database, lookup=lookup),
        drafts=drafts,
        keeper=keeper,
    )
    questions = Questions(database=house.database, messenger=messenger, language=house.language)
    outside = OutsidePresses(
        messenger=messenger,
        launches=launches,
        decisions=house.decisions,
        drafts=drafts,
        keeper=keeper,
        questions=questions,
    )
    unasking = Unasking(messenger=messenger, questions=questions)
    unpause = UnpauseCommand(door=door, messenger=messenger, pauses=house.pauses)
    voice_menu = VoicesCommand(door=door, messenger=messenger, voices=voices, questions=questions)

    async def show_menu(user_id: int, role: Role) -> None:
        await house.set_menu(commands.menu_for(role, BotCommandScopeChat(user_id), house.language))

    do_not_call = DoNotCallList(database=house.database, reader=reader)
    records = Records(
        door=door,
        messenger=messenger,
        lookup=lookup,
        archive=Archive(database=house.database, timezone=house.settings.timezone),
        exports=house.exports,
        workshop=house.workshop,
        do_not_call=do_not_call,
    )
    typed = TypedLaunch(door=door, messenger=messenger, parts=house.parts, drafts=drafts)
    say = SayCommand(
        messenger=messenger,
        launches=launches,
        reader=reader,
        typed=typed,
        drafts=drafts,
        questions=questions,
    )
    repeats = RepeatCommands(
        door=door,
        messenger=messenger,
        repeats=Repeats(database=house.database, launches=launches),
        drafts=drafts,
    )
    saved = SavedLaunches(
        database=house.database, blank=launches.blank, max_numbers=launches.max_numbers
    )
    quick = QuickLaunches(
        door=door,
        messenger=messenger,
        launches=launches,
        saved=saved,
        favourites=Favourites(house.database),
        drafts=drafts,
        batches=records.batches,
        questions=questions,
        bot=house.application.bot,
    )
    schedule = ScheduleCommand(
        door=door,
        messenger=messenger,
        launches=launches,
        saved=saved,
        planned=house.schedules,
        times=TimePresses(
            messenger=messenger,
            launches=launches,
            schedules=house.schedules,
            drafts=drafts,
            questions=questions,
        ),
        keeper=keeper,
    )
    sources = NumberSources(bot=house.application.bot, reader=reader, files=house.number_files)
    intake = Intake(
        messenger=messenger, launches=launches, drafts=drafts, voices=voices, reader=reader
    )
    lists = wire_lists(house, door, sources, intake, drafts, questions)
    limits = LimitsCommand(
        door=door, messenger=messenger, settings=house.limits, questions=questions
    )
    dnc = wire_do_not_call(house, door, do_not_call, sources, questions, drafts, reader)
    own = OwnNumber(door=door, messenger=messenger, numbers=numbers, home=quick.home)
    anything = Anything(
        door=door,
        messenger=messenger,
        intake=intake,
        drafts=drafts,
        sources=sources,
        questions=questions,
        status=records.status,
        own=own,
        thinning=Thinning(
            messenger=messenger,
            launches=launches,
            drafts=drafts,
            questions=questions,
            lists=Lists(database=house.database, max_numbers=launches.max_numbers),
            changes=ListChanges(database=house.database),
        ),
    )
    call = CallCommand(
        door=door,
        messenger=messenger,
        launches=launches,
        reader=reader,
        typed=typed,
        voices=voices,
        sources=sources,
        columns=anything.columns,
    )
    membership = Membership(
        door=door,
        messenger=messenger,
        database=house.database,
        rights=rights,
        signals=house.signals,
        leaver=leaver,
        home=quick.home,
        show_menu=show_menu,
    )
    audit = AuditCommand(
        door=door,
        messenger=messenger,
        trail=AuditTrail(database=house.database, timezone=house.settings.timezone),
    )
    start = StartCommands(
        door=door,
        messenger=messenger,
        names=commands.names,
        show_menu=show_menu,
        home=quick.home,
        invites=membership.links,
    )
    table = {
        **press_table(drafts, batch, doubts, unpause, records),
        **voice_menu.buttons,
        **lists.buttons,
        **approvals.buttons,
        **dnc.buttons,
        **say.buttons,
        **repeats.buttons,
        **quick.buttons,
        **schedule.buttons,
        **anything.buttons,
        **own.buttons,
        **limits.buttons,
        **membership.buttons,
        **unasking.buttons,
        **outside.buttons,
        **audit.buttons,
    }
    every = {
        "call": call.handle,
        **say.commands,
        **repeats.commands,
        **records.commands,
        **voice_menu.commands,
        **lists.commands,
        **dnc.commands,
        **quick.commands,
        **schedule.commands,
        **own.commands,
        **audit.commands,
        **limits.commands,
        **membership.commands,
        "unpause": unpause.handle,
        "help": start.help,
        "id": start.id,
        "start": start.start,
    }
    register_membership(
        house.application,
        shared=membership.shared,
        migrated=membership.migrated,
        placed=membership.placed,
    )
    register(
        house.application,
        commands={
            name: intake.parted_by(unasking.left_by(handle)) for name, handle in every.items()
        },
        unknown_command=intake.parted_by(unasking.left_by(start.unknown)),
        plain_text=PlainText(
            door=door,
            parts=house.parts,
            doubts=doubts,
            taking=anything.taking,
            questions=questions,
            home=quick.home,
            intake=intake,
            reader=reader,
        ).handle,
        sounds=voice_menu.sounds,
        attachments=Attachments(
            door=door,
            messenger=messenger,
            questions=questions,
            taking=anything.taking,
            intake=intake,
        ).handle,
        no_source=start.no_source,
        presses=Presses(
            door=door, messenger=messenger, table=table, questions=questions, intake=intake
        ).handle,
        apology=Apology(door=door, messenger=messenger, language=house.language),
    )
