"""The buttons of a draft that waits for a second person: *Approve*, *Decline*, *Cancel*."""

from bot.boards.keeper import BoardKeeper
from bot.calling.approving import Approving
from bot.calling.launches import Launched
from bot.handlers.door import Press
from bot.handlers.pressing import Handled
from bot.messenger import Messenger
from bot.texts import repeats, replies
from bot.texts.cards import Card, Verb, plain
from storage.models import Draft, Place


class ApprovalPresses:
    """On the draft's own message and on the requests; what they show is kept in step by itself."""

    def __init__(self, *, messenger: Messenger, approving: Approving, keeper: BoardKeeper) -> None:
        self._messenger = messenger
        self._approving = approving
        self._keeper = keeper

    @property
    def buttons(self) -> dict[Verb, Handled]:
        """The buttons of a draft that waits."""
        return {
            Verb.APPROVE: Handled(self.approve),
            Verb.DECLINE: Handled(self.decline),
            Verb.WITHDRAW: Handled(self.withdraw),
        }

    async def approve(self, press: Press) -> None:
        """*Approve 38*: the answer goes first, so that an old press launches nothing."""
        await self._approving.check_approve(press.token, by=press.person)
        words = plain(replies.working(press.language))
        if not await self._messenger.answer(press.query_id, words):
            return
        chat_id = press.place.chat_id
        draft, made = await self._approving.approve(press.token, by=press.person, chat_id=chat_id)
        if isinstance(made, Launched):
            self._keeper.hurry(made.batch_id)
            await self._tell(draft, made, press)

    async def _tell(self, draft: Draft, made: Launched, press: Press) -> None:
        """What the batch has left out is said where the draft was made."""
        place = Place(chat_id=draft.chat_id, thread_id=draft.thread_id, reply_to=draft.message_id)
        lang = press.language.in_chat(draft.chat_id)
        if made.fell_out:
            await self._messenger.reply(place, Card(replies.fell_out(made.fell_out, lang)))
        if made.reached:
            await self._messenger.reply(place, Card(repeats.fell_out(made.reached, lang)))

    async def decline(self, press: Press) -> None:
        """*Decline* calls nobody, so it acts even if the press can no longer be answered."""
        chat_id = press.place.chat_id
        await self._approving.decline(press.token, by=press.person, chat_id=chat_id)
        await self._messenger.answer(press.query_id)

    async def withdraw(self, press: Press) -> None:
        """*Cancel*, the same."""
        chat_id = press.place.chat_id
        await self._approving.withdraw(press.token, by=press.person, chat_id=chat_id)
        await self._messenger.answer(press.query_id)
