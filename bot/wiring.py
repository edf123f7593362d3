"""The wiring of the handlers: which of them takes which update, and what each is made of."""

from telegram import BotCommandScopeChat

from bot.calling.archive import Archive
from bot.calling.lookup import Lookup
from bot.calling.numbers import NumberReader
from bot.calling.refreshing import Refresher
from bot.calling.rights import Rights, Role
from bot.handlers import commands
from bot.handlers.batch import BatchPresses
from bot.handlers.call import CallCommand
from bot.handlers.door import Door
from bot.handlers.doubts import DoubtPresses
from bot.handlers.drafts import DraftPresses
from bot.handlers.plain_text import PlainText
from bot.handlers.presses import Presses, press_table
from bot.handlers.records import Records
from bot.handlers.routing import Apology, register
from bot.handlers.start import StartCommands
from bot.handlers.unpause import UnpauseCommand
from bot.house import House


def wire_handlers(house: House, rights: Rights, reader: NumberReader, lookup: Lookup) -> None:
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
        refresher=Refresher(database=house.database, lookup=lookup),
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
    records = Records(
        door=door,
        messenger=messenger,
        lookup=lookup,
        archive=Archive(database=house.database, timezone=house.settings.timezone),
        exports=house.exports,
        workshop=house.workshop,
    )
    table = press_table(drafts, batch, doubts, unpause, records)
    register(
        house.application,
        commands={
            "call": call.handle,
            **records.commands,
            "unpause": unpause.handle,
            "help": start.help,
            "id": start.id,
            "start": start.start,
        },
        unknown_command=start.unknown,
        plain_text=PlainText(
            door=door,
            messenger=messenger,
            parts=house.parts,
            doubts=doubts,
            status=records.status,
        ).handle,
        presses=Presses(door=door, messenger=messenger, table=table).handle,
        apology=Apology(door=door, messenger=messenger, language=house.language),
    )
