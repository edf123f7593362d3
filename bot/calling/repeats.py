"""A batch once more, as a draft: `/again` all of it, *Redial* those who were not reached."""

from collections.abc import Collection
from dataclasses import replace

from bot.calling.drafts import Ask, Content
from bot.calling.errors import ExpiredError, NothingFoundError, UsageError
from bot.calling.launches import Launches
from bot.calling.problems import Problem
from bot.calling.redial import Redial, redial_of
from bot.calling.results import Asked, Silent
from storage.database import Database
from storage.models import Batch, Call, CallStatus, Person, Place, SubmissionState
from storage.stores import Stores

_MAY_RING = (
    SubmissionState.QUEUED,
    SubmissionState.SENDING,
    SubmissionState.UNKNOWN,
    SubmissionState.LEFT,
)


class Repeats:
    """Makes the drafts; confirming one is a second press like with any other."""

    def __init__(self, *, database: Database, launches: Launches) -> None:
        self._database = database
        self._launches = launches

    async def again(
        self, *, by: Person, place: Place, asked_by: str, update_id: int | None
    ) -> Asked | Silent:
        """The draft of the newest batch of this chat or topic: same voice, numbers and options.

        Raises:
            NothingFoundError: nothing was launched here yet.
            UsageError: it had more numbers than are allowed by now, or they were redacted.
            PausedError: launching is paused.
            DrainingError: the program is about to stop.
        """
        found = await self._database.read(lambda tx: _newest(tx, place))
        if found is None:
            raise NothingFoundError("")
        batch, calls, may_ring = found
        if not calls:
            raise UsageError(Problem.REDACTED)
        content = self._content(
            batch,
            tuple(call.number for call in calls),
            {call.number: call.name for call in calls if call.name is not None},
        )
        return await self._launches.draft(
            replace(
                content,
                list_ref=batch.list_ref,
                list_name=batch.list_name,
                asks=(Ask.AGAIN,),
                may_ring=may_ring,
            ),
            by=by,
            place=place,
            asked_by=asked_by,
            update_id=update_id,
        )

    async def look(self, batch_id: int) -> Redial:
        """Who of a batch can be redialled now.

        Raises:
            ExpiredError: nobody, or there is no such batch.
        """
        found = await self._database.read(lambda tx: redial_of(tx, batch_id))
        if found is None or not found.numbers:
            raise ExpiredError
        return found

    async def redial(
        self,
        batch_id: int,
        statuses: Collection[CallStatus],
        *,
        by: Person,
        place: Place,
        asked_by: str,
    ) -> Asked | Silent:
        """The draft that calls those again who were not reached in one of these ways.

        Raises:
            ExpiredError: there is nobody of them, or no such batch.
            PausedError: launching is paused.
            DrainingError: the program is about to stop.
        """
        found = await self.look(batch_id)
        numbers = found.chosen(statuses)
        if not numbers:
            raise ExpiredError
        names = {number: found.names[number] for number in numbers if number in found.names}
        content = self._content(found.batch, numbers, names)
        return await self._launches.draft(
            replace(content, asks=(Ask.REDIAL,), left_out=found.left_out),
            by=by,
            place=place,
            asked_by=asked_by,
            follows=batch_id,
        )

    def _content(self, batch: Batch, numbers: tuple[str, ...], names: dict[str, str]) -> Content:
        return self._launches.blank(
            voice=batch.voice,
            voice_name=batch.voice_name,
            spoken=batch.spoken,
            retry_count=batch.retry_count,
            server_id=batch.server_id,
            numbers=numbers,
            names=names,
            repeats=batch.id,
            duplicate_of=batch.id,  # that it is the same again is said already
        )


def _newest(tx: Stores, place: Place) -> tuple[Batch, list[Call], int] | None:
    """The newest batch of a chat or topic, its calls, and how many of them may still ring.

    Redacted calls are left out.
    """
    batch = tx.batches.latest_in_topic(place.chat_id, place.thread_id)
    if batch is None:
        return None
    states = {one.id: one.state for one in tx.submissions.of_batch(batch.id)}
    calls = [call for call in tx.calls.of_batch(batch.id) if not call.number.startswith("#")]
    may_ring = sum(
        call.next_poll_at is not None
        or (call.status is CallStatus.PLANNED and states[call.submission_id] in _MAY_RING)
        for call in calls
    )
    return batch, calls, may_ring
