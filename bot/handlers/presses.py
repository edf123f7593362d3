"""One table of buttons, and who handles each; what it needs is in `permissions`."""

import logging
from collections.abc import Mapping

from markupsafe import Markup
from telegram import CallbackQuery, Update
from telegram.ext import ContextTypes

from bot.calling.errors import AlreadyDoneError, CallingError, ExpiredError
from bot.gateway.errors import GatewayError
from bot.handlers import permissions, tokens
from bot.handlers.batch import BatchPresses
from bot.handlers.door import Door, Press
from bot.handlers.doubts import DoubtPresses
from bot.handlers.drafts import DraftPresses
from bot.handlers.intake import Intake
from bot.handlers.pressing import Handled
from bot.handlers.questions import Questions
from bot.handlers.records import Records
from bot.handlers.unpause import UnpauseCommand
from bot.messenger import Messenger
from bot.texts import errors
from bot.texts.cards import Card, Verb, plain
from storage.errors import StorageError

log = logging.getLogger(__name__)


def press_table(
    drafts: DraftPresses,
    batch: BatchPresses,
    doubts: DoubtPresses,
    unpause: UnpauseCommand,
    records: Records,
) -> Mapping[Verb, Handled]:
    """Every button that the texts can make."""
    return {
        **drafts.buttons,
        Verb.PAGE: Handled(batch.page),
        Verb.REFRESH: Handled(batch.refresh),
        Verb.NUMBERS: Handled(batch.numbers),
        Verb.CSV: Handled(records.files.csv),
        Verb.XLSX: Handled(records.files.xlsx),
        Verb.HISTORY: Handled(records.status.page),
        Verb.LIST: Handled(records.batches.page),
        Verb.NARROW: Handled(records.batches.narrow),
        Verb.REPORT: Handled(records.report.page),
        Verb.CHART: Handled(records.report.chart),
        Verb.HOLD: Handled(batch.hold),
        Verb.SEND_REST: Handled(batch.send_rest),
        Verb.REST_AT: Handled(batch.send_rest_at),
        Verb.STOP: Handled(batch.stop),
        Verb.UNDO: Handled(batch.undo),
        Verb.TRY_AGAIN: Handled(batch.try_again),
        Verb.RANG: Handled(doubts.rang),
        Verb.DID_NOT_RING: Handled(doubts.did_not_ring),
        Verb.LEAVE: Handled(doubts.leave),
        Verb.IDS: Handled(doubts.ask_for_ids),
        Verb.PICK: Handled(doubts.pick),
        Verb.UNPAUSE: Handled(unpause.press),
        Verb.LAUNCH_AGAIN: Handled(unpause.launch_again),
    }


class Presses:
    """Every press comes through here: rights first, then the table; each is answered."""

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        table: Mapping[Verb, Handled],
        questions: Questions,
        intake: Intake,
    ) -> None:
        self._intake = intake
        self._door = door
        self._questions = questions
        self._messenger = messenger
        self._table = table

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Any callback query, ours or forged."""
        query = update.callback_query
        if query is None or self._messenger.was_answered(query.id):
            return  # the same press came again
        try:
            verb, token = tokens.split(query.data or "")
            handled, needs = self._table[verb], permissions.of_button(verb, token)
        except (ExpiredError, KeyError):
            await self._turn_away(query)
            return
        press = await self._door.admit_press(query, token, needs)
        if press is None:
            return
        self._intake.part(press.place.chat_id, press.person.id)
        chat_id, user_id = press.place.chat_id, press.person.id
        await self._questions.leave(chat_id, user_id, pressed=press.message_id)
        try:
            await handled.handle(press)
        except (AlreadyDoneError, ExpiredError) as error:
            if not self._messenger.was_answered(query.id):  # otherwise the edited card tells
                await self._refuse(press, errors.error(error, press.language))
        except (CallingError, GatewayError) as error:
            await self._refuse(press, errors.error(error, press.language))
        except StorageError as error:
            log.warning("a press was refused by the record: %s", error)
            await self._refuse(press, errors.record_unsure(press.language, handled.look))

    async def _turn_away(self, query: CallbackQuery) -> None:
        """Data that no button of ours has: the rights come first all the same."""
        press = await self._door.admit_press(query, "", permissions.VIEWER)
        if press is not None:
            await self._refuse(press, errors.expired(press.language))

    async def _refuse(self, press: Press, text: Markup) -> None:
        """An alert; a message where the press was answered with the neutral word before."""
        if self._messenger.was_answered(press.query_id):
            await self._messenger.reply(press.place, Card(text))
        else:
            await self._messenger.answer(press.query_id, plain(text), alert=True)
