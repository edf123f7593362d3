"""Decisions about submissions whose answer did not come, and the ids that people give."""

from telegram import Message

from bot.boards.keeper import BoardKeeper
from bot.calling.decisions import Decisions, Verdict
from bot.calling.errors import CallingError
from bot.calling.evidence import EvidenceDesk
from bot.handlers.door import Asker, Press
from bot.handlers.tokens import ids_of
from bot.messenger import Messenger
from bot.texts import errors, replies
from bot.texts.cards import Card, plain
from storage.models import EvidenceState


class DoubtPresses:
    """Deciding starts nothing; who decided is recorded and shown."""

    def __init__(
        self,
        *,
        messenger: Messenger,
        decisions: Decisions,
        desk: EvidenceDesk,
        keeper: BoardKeeper,
    ) -> None:
        self._messenger = messenger
        self._decisions = decisions
        self._desk = desk
        self._keeper = keeper

    async def rang(self, press: Press) -> None:
        """*It rang*: counts at once, ids may follow in reply."""
        await self._decide(press, Verdict.RANG)

    async def did_not_ring(self, press: Press) -> None:
        """*It did not ring*: its numbers can be tried again."""
        await self._decide(press, Verdict.DID_NOT_RING)

    async def leave(self, press: Press) -> None:
        """*Leave it*: never sent again, and keeps nothing open."""
        await self._decide(press, Verdict.LEAVE)

    async def _decide(self, press: Press, verdict: Verdict) -> None:
        (submission_id,) = ids_of(press.token, 1)
        await self._decisions.check_decide(submission_id)
        if not await self._messenger.answer(
            press.query_id, plain(replies.working(press.language))
        ):
            return
        submission = await self._decisions.decide(
            submission_id, verdict, by=press.person, chat_id=press.place.chat_id
        )
        await self._show(press, submission.batch_id)
        if verdict is Verdict.RANG:
            await self._prompt(press, submission.batch_id, submission_id, decided=True)

    async def ask_for_ids(self, press: Press) -> None:
        """*It rang after all*: takes ids in reply; until then nothing changes."""
        (submission_id,) = ids_of(press.token, 1)
        batch_id = await self._desk.takes_ids(submission_id)
        await self._messenger.answer(press.query_id)
        await self._prompt(press, batch_id, submission_id, decided=False)

    async def _prompt(
        self, press: Press, batch_id: int, submission_id: int, *, decided: bool
    ) -> None:
        text = replies.prompt_for_ids(batch_id, decided=decided, lang=press.language)
        message_id = await self._messenger.reply(press.place, Card(text))
        if message_id is not None:
            await self._desk.prompted(press.place.chat_id, message_id, submission_id)

    async def _show(self, press: Press, batch_id: int) -> None:
        await self._keeper.pressed(
            batch_id, chat_id=press.place.chat_id, message_id=press.message_id
        )

    async def is_prompt(self, message: Message) -> bool:
        """Whether the message answers one in which we asked for ids."""
        replied = message.reply_to_message
        if replied is None:
            return False
        return await self._desk.prompt_of(message.chat.id, replied.message_id) is not None

    async def take_ids(self, asker: Asker) -> None:
        """Ids in reply: kept first, then asked of the gateway, then answered."""
        replied = asker.message.reply_to_message
        if replied is None:
            return
        submission_id = await self._desk.prompt_of(asker.place.chat_id, replied.message_id)
        if submission_id is None:
            return
        try:
            given = await self._desk.give(
                submission_id, asker.text, by=asker.person, chat_id=asker.place.chat_id
            )
        except CallingError as error:
            await self._messenger.reply(asker.place, Card(errors.error(error, asker.language)))
            return
        settled = await self._desk.settle(given)
        adopted = sum(e.state is EvidenceState.ADOPTED for e in settled)
        waiting = sum(e.state is EvidenceState.WAITING for e in settled)
        rest = [
            (e.gateway_id, e.detail)
            for e in settled
            if e.state in (EvidenceState.DISAGREES, EvidenceState.AMBIGUOUS)
        ]
        text = replies.ids_taken(adopted, rest, waiting, asker.language)
        await self._messenger.reply(asker.place, Card(text))

    async def pick(self, press: Press) -> None:
        """*It was #b12*: which of several submissions a call belongs to."""
        evidence_id, submission_id = ids_of(press.token, 2)
        await self._desk.check_pick(evidence_id, submission_id)
        if not await self._messenger.answer(
            press.query_id, plain(replies.working(press.language))
        ):
            return
        await self._desk.pick(
            evidence_id, submission_id, by=press.person, chat_id=press.place.chat_id
        )
        await self._show(press, await self._desk.takes_ids(submission_id))
