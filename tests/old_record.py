"""A record in which something of every kind is long over, and something of every kind is not."""

from typing import Any

from bot.calling.drafts import Content
from bot.calling.redacting import SAID
from storage.models import (
    Answer,
    BatchState,
    CallStatus,
    EventNews,
    EventState,
    EvidenceState,
    NewLaunch,
    NewSchedule,
    Question,
    ScheduleState,
    SubmissionState,
    UnmatchedId,
    UnmatchedKind,
)
from storage.stores import Stores
from tests.record_file import DAY, add_called
from tests.storage.making import (
    ANN,
    BEN,
    ROOM,
    add,
    add_in,
    adopt,
    bring,
    bring_batch,
    call,
    new_draft,
    news,
    numbers,
    part,
    put,
)

S, B = SubmissionState, BatchState
VOICE = "0" * 32
OLD, NEW = 10_000, 40_000  # the first of the numbers that are to go, and of those that are to stay


def old(at: int, count: int = 1) -> tuple[str, ...]:
    """Numbers that nothing but what is long over has; `at` is below 100."""
    return numbers(count, OLD + at)


def new(at: int, count: int = 1) -> tuple[str, ...]:
    """Numbers that something has which is open, scheduled, saved or young; `at` is below 100."""
    return numbers(count, NEW + at)


def first_of(of: tuple[str, ...]) -> int:
    """How `numbers` counts the first of these."""
    return int(of[0][6:])


def content(*given: str, **more: Any) -> str:
    """The content of a draft or schedule, as the program writes it."""
    made = Content(voice=VOICE, retry_count=1, server_id=None, numbers=given, **more)
    return made.dump()


def fill(tx: Stores, now: float) -> None:
    """Write it: what is over was so 40 days before now (UTC seconds)."""
    past = now - 40 * DAY
    _over_batches(tx, past)
    _over_besides(tx, past)
    _in_every_word(tx)
    _open_batches(tx, past, now)
    _open_besides(tx, past, now)


def _over_batches(tx: Stores, past: float) -> None:
    """Batch 1 to 3: a chain of two with all that hangs on it, and one that was told apart."""
    first = add_called(tx, 3, first=first_of(old(0)), now=past, names={old(0)[0]: "Old Name"})
    source = part(tx, first)
    tx.db.execute(
        "UPDATE submissions SET body = ? WHERE batch_id = ?", (old(0)[0].encode(), first)
    )
    tx.calls.keep_unmatched(
        UnmatchedId(
            submission_id=source.id,
            gateway_id="e" * 32,
            number=old(10)[0],
            kind=UnmatchedKind.FOREIGN,
            word="NORMAL",
        )
    )
    known = call(tx, first).gateway_id or ""
    event(tx, known, old(0)[0], EventState.DISAGREED, past)
    event(tx, "d" * 32, old(11)[0], EventState.EVIDENCE, past)
    given = tx.evidence.give("c" * 32, source.id, ANN, past)
    tx.evidence.learn(given, old(0)[0], int(past))
    tx.evidence.settle(given, EvidenceState.ADOPTED, "1", past)
    tx.drafts.confirm(
        tx.drafts.create(
            new_draft(content=content(*old(0, 3)), created_at=past, expires_at=past + 900)
        ),
        first,
    )
    again = add_in(tx, S.REFUSED, old(0, 2), now=past, follows=first, followed_as="redial")
    tx.batches.finish(again, now=past)
    said = f"Call {old(12)[0]} back"
    add_spoken = add_in(tx, S.LEFT, old(13), now=past, voice="text:1", spoken=said)
    tx.batches.finish(add_spoken, now=past)
    tx.db.execute("UPDATE batches SET ended_at = ? WHERE ended_at IS NOT NULL", (past,))


def _over_besides(tx: Stores, past: float) -> None:
    closed = tx.drafts.create(
        new_draft(
            content=content(
                *old(20, 2),
                names={old(20)[0]: "Old Friend"},
                recent=old(20),
                **dict.fromkeys(SAID, f"of {old(21)[0]}"),
            ),
            created_at=past,
            expires_at=past + 900,
        )
    )
    tx.drafts.cancel(closed, "person")
    gone = tx.lists.create("Gone", "gone", by=ANN, now=past)
    tx.lists.add(gone, old(30, 3), {old(30)[0]: "Old Listed"})
    tx.lists.take_off(gone, 1)
    tx.lists.remove(gone, now=past)
    launch = tx.launches.create(new_launch("old", old(40)), past)
    tx.launches.remove(launch, past)
    voice = tx.voices.add("9" * 32, "Gone", "gone", by=ANN, now=past)
    tx.voices.remove(voice, now=past)
    plan = tx.schedules.create(new_schedule("draft:1", old(50), past), now=past)
    tx.schedules.close(plan, ScheduleState.CANCELLED, Answer.CANCELLED)
    tx.do_not_call.add(old(60)[0], f"it was {old(61)[0]}", now=past, by=ANN)
    tx.do_not_call.remove(old(60)[0], "a mistake", now=past, by=ANN)
    ask(tx, 1, old(70)[0], past)
    tx.questions.close(ROOM.chat_id, 1, past)


def _in_every_word(tx: Stores) -> None:
    """A number in whatever else of this can hold a text: names, reasons, the gateway's words."""
    for at, (table, of) in enumerate(
        (
            ("batches", ("voice_name", "list_name", "window_reason")),
            ("submissions", ("reason",)),
            ("calls", ("name", "word")),
            ("unmatched_ids", ("word",)),
            ("events", ("word",)),
            ("evidence", ("detail",)),
            ("lists", ("name", "name_key")),
            ("list_numbers", ("name",)),
            ("list_taken_off", ("name",)),
            ("launches", ("name", "name_key")),
            ("launch_numbers", ("name",)),
            ("voices", ("name", "name_key")),
            ("do_not_call", ("reason", "removed_reason")),
        ),
        80,
    ):
        number = old(at)[0].replace("+98", "0")
        for column in of:
            put(tx, table, column, f"of {number}")
    put(tx, "events", "body", old(96)[0].encode())
    tx.db.execute("UPDATE submissions SET code = ? WHERE state = 'refused'", (f"of {old(95)[0]}",))


def _open_batches(tx: Stores, past: float, now: float) -> None:
    """What keeps a batch as it is: held, unknown, an id that waits, a draft, a young follow-up."""
    bring_batch(tx, add(tx, new(0), now=past), B.HELD)
    in_doubt = add_in(tx, S.UNKNOWN, new(1), now=past)
    tx.batches.finish(in_doubt, now=past)
    blocked = add_in(tx, S.LEFT, new(2), now=past)
    tx.batches.finish(blocked, now=past)
    tx.evidence.give("b" * 32, part(tx, blocked).id, ANN, past)
    followed = add_in(tx, S.REFUSED, new(3), now=past)
    tx.batches.finish(followed, now=past)
    tx.drafts.create(
        new_draft(content=content(*new(3)), expires_at=now + 900, source_batch_id=followed)
    )
    begun = add_called(tx, 1, first=first_of(new(4)), now=past)
    add_called(tx, 1, first=first_of(new(4)), now=now, follows=begun, followed_as="redial")
    waiting = add(tx, new(5), now=past)
    bring(tx, part(tx, waiting).id, S.ACCEPTED)
    adopt(tx, call(tx, waiting).id, news("a" * 32, CallStatus.WAITING), past)
    tx.batches.finish(waiting, now=past)
    add_called(tx, 1, first=first_of(new(6)), now=now)


def _open_besides(tx: Stores, past: float, now: float) -> None:
    tx.drafts.create(new_draft(content=content(*new(20)), created_at=past, expires_at=now + 900))
    kept = tx.lists.create("Kept", "kept", by=ANN, now=past)
    tx.lists.add(kept, new(30, 2), {new(30)[0]: "Kept Name"})
    tx.launches.create(new_launch("new", new(40)), past)
    tx.schedules.create(new_schedule("draft:2", new(50), now + DAY), now=past)
    tx.do_not_call.add(new(60)[0], "their wish", now=past, by=ANN)
    tx.choices.share_number(BEN.id, new(70)[0])
    event(tx, "b" * 32, new(2)[0], EventState.EVIDENCE, past)
    ask(tx, 2, new(71)[0], now)


def event(tx: Stores, gateway_id: str, number: str, state: EventState, at: float) -> None:
    """An event of the gateway that was settled so."""
    said = EventNews(
        gateway_id=gateway_id,
        word="NORMAL",
        number=number,
        bill_sec=1,
        price=1,
        request_date=int(at),
        campaign_id=None,
    )
    tx.events.keep(said, state, number.encode(), at)


def ask(tx: Stores, message_id: int, about: str, at: float) -> None:
    """A question about a number."""
    tx.questions.ask(
        Question(
            chat_id=ROOM.chat_id,
            message_id=message_id,
            user_id=ANN.id,
            kind="list_name",
            about=about,
            asked_at=at,
        )
    )


def new_launch(name: str, given: tuple[str, ...]) -> NewLaunch:
    """A launch with numbers of its own."""
    return NewLaunch(
        token=name,
        name=name,
        name_key=name,
        spoken=f"Call {given[0]} back",
        numbers=tuple((number, "Launched") for number in given),
        by=ANN,
    )


def new_schedule(asked_by: str, given: tuple[str, ...], due_at: float) -> NewSchedule:
    """A schedule for numbers."""
    return NewSchedule(
        asked_by=asked_by,
        author=ANN,
        place=ROOM,
        message_id=None,
        content=content(*given),
        list_ref=None,
        weekdays=0,
        minute=0,
        due_at=due_at,
        numbers=None,
    )
