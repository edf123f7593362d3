"""What the lists are made of: those that are called, and the one that is not."""

from bot.calling.do_not_call import DoNotCallList
from bot.calling.list_changes import ListChanges
from bot.calling.lists import Lists
from bot.calling.numbers import NumberReader
from bot.handlers.dnc import DncCommand
from bot.handlers.dnc_intake import DncIntake
from bot.handlers.door import Door
from bot.handlers.drafts import DraftPresses
from bot.handlers.intake import Intake
from bot.handlers.list_intake import ListIntake
from bot.handlers.lists import ListsCommand
from bot.handlers.lists_menu import ListsMenu
from bot.handlers.number_sources import NumberSources
from bot.handlers.questions import Questions
from bot.house import House


def wire_lists(
    house: House,
    door: Door,
    sources: NumberSources,
    intake: Intake,
    drafts: DraftPresses,
    questions: Questions,
) -> ListsCommand:
    """Everything about lists."""
    lists = Lists(database=house.database, max_numbers=house.launches.max_numbers)
    changes = ListChanges(database=house.database)
    return ListsCommand(
        door=door,
        messenger=house.messenger,
        lists=lists,
        changes=changes,
        menu=ListsMenu(
            messenger=house.messenger,
            lists=lists,
            launches=house.launches,
            drafts=drafts,
            workshop=house.workshop,
        ),
        intake=ListIntake(
            messenger=house.messenger,
            changes=changes,
            sources=sources,
            questions=questions,
            intake=intake,
            drafts=drafts,
            joining=house.joining,
        ),
        questions=questions,
        sources=sources,
        parts=house.parts,
    )


def wire_do_not_call(
    house: House,
    door: Door,
    do_not_call: DoNotCallList,
    sources: NumberSources,
    questions: Questions,
    drafts: DraftPresses,
    reader: NumberReader,
) -> DncCommand:
    """Everything about the do-not-call list."""
    return DncCommand(
        door=door,
        messenger=house.messenger,
        do_not_call=do_not_call,
        intake=DncIntake(
            messenger=house.messenger,
            do_not_call=do_not_call,
            sources=sources,
            questions=questions,
            drafts=drafts,
            joining=house.joining,
            reader=reader,
        ),
        questions=questions,
        parts=house.parts,
        workshop=house.workshop,
        reader=reader,
    )
