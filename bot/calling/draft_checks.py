"""What may become a draft, and who may act on one now; each raises what its person is told."""

from bot.calling.drafts import Ask, Content
from bot.calling.errors import (
    AlreadyDoneError,
    ExpiredError,
    NotYoursError,
    NumberUnknownError,
    UsageError,
    WaitsError,
)
from bot.calling.leaving_out import refuse_listed
from bot.calling.problems import Problem
from bot.calling.request import CallRequest
from bot.calling.results import Defaults
from storage.models import Draft, DraftKind, DraftState, Person, Place
from storage.stores import Stores


def content_of(request: CallRequest, asks: tuple[Ask, ...], defaults: Defaults) -> Content:
    """What a request would launch, with every reason to ask that it holds.

    Raises:
        UsageError: more than the allowed numbers, or none that can be called.
    """
    numbers = request.numbers
    found = [
        (Ask.MANY, len(numbers.numbers) > defaults.confirm_above),
        (Ask.UNCALLABLE, bool(numbers.uncallable)),
        (Ask.REPLY, request.by_reply),
    ]
    retry, server = request.retry_count, request.server_id
    content = Content(
        voice=request.voice,
        voice_name=request.voice_name,
        retry_count=defaults.retry_count if retry is None else retry,
        server_id=defaults.server_id if server is None else server,
        numbers=numbers.numbers,
        repeated=len(numbers.repeated),
        uncallable=numbers.uncallable,
        asks=(*(ask for ask, holds in found if holds), *asks),
        reply_left_out=request.reply_left_out,
    )
    check_numbers(content, defaults)
    return content


def check_numbers(content: Content, defaults: Defaults) -> None:
    """Return if one batch can call these numbers.

    Raises:
        UsageError: more than the allowed numbers, or none that can be called, or redacted ones.
    """
    if content.is_redacted:
        raise UsageError(Problem.REDACTED)
    if not content.numbers:
        raise UsageError(Problem.NOTHING_CALLABLE, uncallable=content.uncallable)
    if len(content.numbers) > defaults.max_numbers:
        raise UsageError(Problem.TOO_MANY, str(len(content.numbers)), defaults.max_numbers)


def first_asked_by(token: str) -> str:
    """What asks for the batch of *Call me first*: this very card, once."""
    return f"first:{token}"


def check_first(tx: Stores, draft: Draft, by: Person) -> str:
    """The author's own number (E.164), if it can be called before the rest of the draft.

    Raises:
        NumberUnknownError: this person has not shared their number.
        UsageError: nobody else is in the draft, or their number is on the do-not-call list.
        ExpiredError: the draft has no voice, is a *Try again*, or they were called first.
    """
    content = Content.load(draft.content)
    if content.voice is None or draft.kind is not DraftKind.CALL or content.first is not None:
        raise ExpiredError
    number = tx.choices.number(by.id)
    if number is None:
        raise NumberUnknownError
    if content.numbers == (number,):
        raise UsageError(Problem.ONLY_YOU)
    refuse_listed(tx, number)
    return number


def check_draft(draft: Draft | None, by: Person, now: float) -> Draft:
    """The draft, if this person may act on it now; raises as `Launches.confirm` says."""
    if draft is None:
        raise ExpiredError
    if draft.author_id != by.id:
        raise NotYoursError(draft)
    if draft.state is DraftState.CONFIRMED:
        raise AlreadyDoneError(draft.batch_id, draft.author_name)
    if draft.state is not DraftState.OPEN or now >= draft.expires_at:
        raise ExpiredError
    if draft.approval_asked_at is not None:
        raise WaitsError(draft)
    return draft


def place_of(draft: Draft) -> Place:
    """Where a draft was asked for, and the message that it answers."""
    return Place(chat_id=draft.chat_id, thread_id=draft.thread_id, reply_to=draft.reply_to)
