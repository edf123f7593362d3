"""The messages of drafts that wait for a second person: the draft's own, and the requests.

What they say is computed from the record, and a message is behind while it shows an older
revision. So what was not told when the program died is told after the restart: each is sent at
least once, and twice only where the process died, or Telegram did not answer, meanwhile. The
draft's own message goes first, and the others are asked once it is there: so no board that an
*Approve* makes of it can be overtaken by it.
"""

import logging
import time
from collections.abc import Callable

from bot.boards.errands import Errands, Key
from bot.boards.moving import move_chat
from bot.boards.pace import Paces
from bot.calling import approvals
from bot.calling.approvals import Seen
from bot.calling.making import Making
from bot.calling.readers import NO_READER, is_read
from bot.calling.results import Asked, Defaults
from bot.calling.rights import Rights, Role
from bot.calling.signals import Signals
from bot.messenger import GoneError, LaterError, Messenger, MessengerError, MovedError
from bot.texts import approvals as approval_text
from bot.texts import draft as draft_text
from bot.texts.cards import Card
from bot.texts.language import Language
from storage.database import Database
from storage.errors import StorageError
from storage.models import ApprovalAsk, ApprovalKind, DraftState, Person, Place
from storage.stores import Stores

log = logging.getLogger(__name__)

LOOK = 5.0  # seconds between two looks when nobody rings
KIND = "approval"


class ApprovalRequests:
    """Keeps these messages in step, at the pace that all messages of a chat share."""

    def __init__(
        self,
        *,
        database: Database,
        messenger: Messenger,
        rights: Rights,
        defaults: Defaults,
        language: Language,
        signals: Signals,
        paces: Paces,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._messenger = messenger
        self._rights = rights
        self._defaults = defaults
        self._language = language
        self._signals = signals
        self._paces = paces
        self._clock = clock
        self._errands = Errands(paces, signals.approvals.ring)
        self._unrecorded: dict[int, int] = {}  # sent, but the record did not take it yet

    async def run(self) -> None:
        """Keep all of them in step for as long as the process lives."""
        while True:
            try:
                seconds = await self.step()
            except StorageError as error:
                log.warning("nobody can be asked for approvals yet: %s", error)
                seconds = 1.0
            await self._signals.approvals.wait(seconds)

    async def step(self) -> float:
        """Start all that may be shown now; return the seconds until the next look is due."""
        wait = LOOK
        for ask in await self._database.read(lambda tx: tx.approvals.behind()):
            pace = self._paces.of(ask.chat_id)
            new = ask.message_id is None and ask.kind is not ApprovalKind.CARD
            due_in = (pace.next_message() if new else pace.closed_until) - self._paces.ticks()
            key: Key = (KIND, ask.id)
            if due_in > 0:
                wait = min(wait, max(0.01, due_in))
            elif key not in self._errands:
                self._paces.written(ask.chat_id)
                self._errands.run(key, ask.chat_id, self._show(ask))
        return wait

    async def settle(self, seconds: float) -> None:
        """Before the program stops: let what is being told be told, for so many seconds."""
        await self._errands.wait(seconds)

    def close(self) -> None:
        """Give up what is still under way; it is told after the next start."""
        self._errands.close()

    async def _show(self, of: ApprovalAsk) -> None:
        def look(tx: Stores) -> tuple[ApprovalAsk | None, Seen | None, Asked | None, bool]:
            seen = approvals.see(tx, self._rights, of.draft_id, of.asked_at)
            again = None if seen is None else self._asked_again(tx, seen)
            return tx.approvals.get(of.id), seen, again, is_read(tx, self._rights, of.chat_id)

        ask, seen, again, is_there = await self._database.read(look)
        if ask is None or seen is None:
            return
        if not is_there:
            await self._database.write(lambda tx: tx.approvals.break_off(ask.id, NO_READER))
            return
        message_id = self._message_of(ask, seen)
        card = self._card(ask, seen, again, told=message_id is not None)
        if card is not None:
            try:
                message_id = await self._put(ask, message_id, card)
            except MessengerError as error:
                await self._refused(ask, error)
                return
            self._errands.taken((KIND, ask.id), ask.chat_id)
            self._unrecorded[ask.id] = message_id
        put = card is not None
        await self._database.write(lambda tx: self._record(tx, ask, message_id, put=put))
        self._unrecorded.pop(ask.id, None)

    def _message_of(self, ask: ApprovalAsk, seen: Seen) -> int | None:
        """The message that shows it, if there is one; the draft knows its own."""
        known = seen.draft.message_id if ask.kind is ApprovalKind.CARD else ask.message_id
        return known or self._unrecorded.get(ask.id)

    def _card(
        self, ask: ApprovalAsk, seen: Seen, again: Asked | None, *, told: bool
    ) -> Card | None:
        """What is to be shown; None where nothing is, or the keeper of the boards shows it."""
        language, now = self._language.in_chat(ask.chat_id), self._clock()
        match ask.kind:
            case ApprovalKind.REQUEST:
                return approval_text.request(ask, seen, language, now)
            case ApprovalKind.WORD:
                return None if told else approval_text.word(seen, language)
        if seen.draft.approval_asked_at == ask.asked_at:
            waits = approvals.waits(seen.draft)
            return approval_text.waiting(seen, language, now) if waits else None
        return None if again is None else draft_text.card(again, language, now)

    def _asked_again(self, tx: Stores, seen: Seen) -> Asked | None:
        """A draft that its author is asked about again, as they see it."""
        draft = seen.draft
        if draft.state is not DraftState.OPEN or draft.approval_asked_at is not None:
            return None
        author = Person(id=draft.author_id, name=draft.author_name)
        anyway = self._rights.role_in(tx, author.id) >= Role.MANAGER
        making = Making(
            tx=tx, defaults=self._defaults, by=author, now=self._clock(), anyway=anyway
        )
        return making.shown(draft)

    async def _put(self, ask: ApprovalAsk, message_id: int | None, card: Card) -> int:
        if message_id is not None:
            await self._messenger.edit(ask.chat_id, message_id, card)
            return message_id
        place = Place(chat_id=ask.chat_id, thread_id=ask.thread_id, reply_to=ask.reply_to)
        return await self._messenger.send(place, card)

    def _record(self, tx: Stores, ask: ApprovalAsk, message_id: int | None, *, put: bool) -> None:
        """What is shown; the draft's own message is there now, so the others are asked."""
        tx.approvals.shown(ask.id, message_id, ask.revision)
        if ask.kind is not ApprovalKind.CARD:
            return
        draft = tx.drafts.by_id(ask.draft_id)
        if draft is None or draft.state is not DraftState.OPEN:
            if put:  # it was closed meanwhile: the keeper of the boards says so once more
                tx.drafts.not_shown_closed(ask.draft_id)
            return
        if message_id is not None and draft.message_id != message_id:
            tx.drafts.shown_as(draft.id, message_id)
        if draft.approval_asked_at == ask.asked_at:
            approvals.request_all(tx, self._rights, draft)

    async def _refused(self, ask: ApprovalAsk, error: MessengerError) -> None:
        """What a refusal means for this message; none of them stops another one."""
        match error:
            case LaterError():
                self._paces.later(ask.chat_id, error)
            case MovedError(chat_id=new):
                await self._database.write(
                    lambda tx: move_chat(tx, ask.chat_id, new, now=self._clock())
                )
            case GoneError() if ask.kind is ApprovalKind.CARD:
                await self._database.write(lambda tx: self._show_anew(tx, ask))
            case _ if not isinstance(error, GoneError) and not self._errands.refused_for_good(
                (KIND, ask.id), error
            ):
                log.warning("approval %d cannot be asked for now: %s", ask.id, error)
                self._paces.later(ask.chat_id, LaterError(0.0, flood=False))
            case _:
                await self._give_up(ask, error)

    def _show_anew(self, tx: Stores, ask: ApprovalAsk) -> None:
        """The draft's own message was deleted: another one takes its place."""
        self._unrecorded.pop(ask.id, None)
        tx.drafts.not_shown(ask.draft_id)

    async def _give_up(self, ask: ApprovalAsk, error: MessengerError) -> None:
        """Somebody who never started the bot cannot be asked; the others are, all the same."""
        log.warning("approval %d cannot be asked for: %s", ask.id, error)

        def work(tx: Stores) -> None:
            tx.approvals.break_off(ask.id, type(error).__name__)
            draft = tx.drafts.by_id(ask.draft_id)
            if ask.kind is ApprovalKind.CARD and draft is not None:
                approvals.request_all(tx, self._rights, draft)

        await self._database.write(work)
