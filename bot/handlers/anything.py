"""A draft from anything, and what can be done with its numbers: wired together."""

from bot.handlers.door import Door
from bot.handlers.draft_columns import DraftColumns
from bot.handlers.drafts import DraftPresses
from bot.handlers.intake import Intake
from bot.handlers.number_sources import NumberSources
from bot.handlers.own_number import OwnNumber
from bot.handlers.pressing import Handled
from bot.handlers.questions import Questions
from bot.handlers.status import StatusCommand
from bot.handlers.taking import Taking
from bot.handlers.thinning import Thinning
from bot.messenger import Messenger
from bot.texts.cards import Verb


class Anything:
    """`taking` is for messages, `columns` for a file that a `/call` answers."""

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        intake: Intake,
        drafts: DraftPresses,
        sources: NumberSources,
        questions: Questions,
        status: StatusCommand,
        own: OwnNumber,
        thinning: Thinning,
    ) -> None:
        self._thinning = thinning
        self.columns = DraftColumns(
            messenger=messenger,
            questions=questions,
            sources=sources,
            intake=intake,
            drafts=drafts,
        )
        self.taking = Taking(
            door=door,
            messenger=messenger,
            intake=intake,
            sources=sources,
            columns=self.columns,
            status=status,
            own=own,
        )

    @property
    def buttons(self) -> dict[Verb, Handled]:
        """All their buttons, each with what it needs."""
        return {**self.taking.buttons, **self._thinning.buttons}
