"""*Now anyway*, outside the calling window: managers say why, by a tap or a text.

The press asks in a message of its own, so that the draft and the board stay as they are; nothing
goes out before the reason is given.
"""

from bot.boards.keeper import BoardKeeper
from bot.calling.decisions import Decisions
from bot.calling.errors import ExpiredError
from bot.calling.launches import Asked, Launched, Launches, Waits
from bot.calling.outside import Timing, read_reason
from bot.handlers.door import Asker, Press
from bot.handlers.drafts import DraftPresses
from bot.handlers.pressing import Handled
from bot.handlers.questions import Questions
from bot.handlers.tokens import ids_of, number_of
from bot.messenger import Messenger
from bot.texts import anyway, replies
from bot.texts.cards import Card, Verb, plain
from bot.texts.language import Language

DRAFT, REST = "anyway", "rest_anyway"  # the kinds of the questions


class OutsidePresses:
    """Who says why is recorded with the batch, and in the audit."""

    def __init__(
        self,
        *,
        messenger: Messenger,
        launches: Launches,
        decisions: Decisions,
        drafts: DraftPresses,
        keeper: BoardKeeper,
        questions: Questions,
    ) -> None:
        self._messenger = messenger
        self._launches = launches
        self._decisions = decisions
        self._drafts = drafts
        self._keeper = keeper
        self._questions = questions
        questions.on(DRAFT, self._typed, strict=True)
        questions.on(REST, self._typed_rest, strict=True)

    @property
    def buttons(self) -> dict[Verb, Handled]:
        """*Now anyway* on a draft and on a board; the reasons that it asks for."""
        return {Verb.ANYWAY: Handled(self.draft), Verb.REST_ANY: Handled(self.rest)}

    async def draft(self, press: Press) -> None:
        """For a draft: asks why, or takes the reason that was tapped."""
        token, *reason = press.token.split(".")
        if not reason:
            await self._launches.check_confirm(token, by=press.person)
            await self._messenger.answer(press.query_id)
            card = anyway.ask_reason(Verb.ANYWAY, (token,), press.language)
            await self._questions.ask(press.place, press.person, DRAFT, token, card)
            return
        why = _reason(reason, press.language)
        await self._launches.check_confirm(token, by=press.person)
        if not await self._answered(press):
            return
        given = await self._launch(token, why, press, press.message_id)
        if given is not None:
            await self._taken(press, given)

    async def _typed(self, asker: Asker, token: str) -> Card | None:
        return await self._launch(token, read_reason(asker.text), asker, None)

    async def _launch(
        self, token: str, why: str, who: Press | Asker, over: int | None
    ) -> Card | None:
        """The board takes the place of the draft's own message.

        What is to stand in place of the question; None if something has come up: then the card is
        shown anew, over the question if it was tapped.
        """
        result = await self._launches.confirm(
            token, by=who.person, message_id=None, timing=Timing(reason=why)
        )
        if isinstance(result, Asked):
            await self._drafts.show(result, who.place, who.language, over=over)
            return None
        if isinstance(result, Launched):
            await self._drafts.launched(result, who.place, who.language)
        waits = isinstance(result, Waits)
        return anyway.given(why, who.person.name, who.language, waits=waits)

    async def rest(self, press: Press) -> None:
        """For what a held batch has left: asks why, or takes the reason that was tapped."""
        parts = press.token.split(".")
        about, reason = ".".join(parts[:2]), parts[2:]
        batch_id, hold_no = ids_of(about, 2)
        person = press.person
        if not reason:
            await self._decisions.check_rest(batch_id, hold_no, Timing(reason="?"), by=person)
            await self._messenger.answer(press.query_id)
            card = anyway.ask_reason(Verb.REST_ANY, (batch_id, hold_no), press.language)
            await self._questions.ask(press.place, person, REST, about, card)
            return
        why = _reason(reason, press.language)
        timing = Timing(reason=why)
        await self._decisions.check_rest(batch_id, hold_no, timing, by=person)
        if await self._answered(press):
            chat_id = press.place.chat_id
            await self._decisions.send_rest(
                batch_id, hold_no, by=person, timing=timing, chat_id=chat_id
            )
            self._keeper.hurry(batch_id)
            await self._taken(press, anyway.given(why, person.name, press.language))

    async def _typed_rest(self, asker: Asker, about: str) -> Card:
        batch_id, hold_no = ids_of(about, 2)
        why = read_reason(asker.text)
        timing, chat_id = Timing(reason=why), asker.place.chat_id
        await self._decisions.send_rest(
            batch_id, hold_no, by=asker.person, timing=timing, chat_id=chat_id
        )
        self._keeper.hurry(batch_id)
        return anyway.given(why, asker.person.name, asker.language)

    async def _answered(self, press: Press) -> bool:
        words = plain(replies.working(press.language))
        return await self._messenger.answer(press.query_id, words)

    async def _taken(self, press: Press, card: Card) -> None:
        """The question is answered, and says with what."""
        await self._questions.settle(press.place.chat_id, press.message_id)
        await self._messenger.show(press.place, press.message_id, card)


def _reason(parts: list[str], language: Language) -> str:
    """The reason that a button names.

    Raises:
        ExpiredError: there is none.
    """
    found = dict(enumerate(anyway.reasons(language), start=1))
    if len(parts) != 1 or number_of(parts[0]) not in found:
        raise ExpiredError
    return found[number_of(parts[0])]
