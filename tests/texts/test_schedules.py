"""What is said of schedules: times ahead, what a board tells, and what keeps one from calling."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.calling.drafts import Content
from bot.calling.due import Due, Why
from bot.calling.errors import OthersScheduleError, UsageError
from bot.calling.problems import Problem
from bot.texts import errors, moments, picker, planned, problems, ran, schedules
from bot.texts.cards import DATA_BYTES, Card, Verb, plain
from bot.texts.language import Language
from storage.models import Answer, Schedule, ScheduleAsk, ScheduleRun, ScheduleState

ENGLISH = Language("en", ZoneInfo("Asia/Tehran"))
ROOM = -100
NOW = datetime(2026, 11, 30, 14, 30, tzinfo=UTC).timestamp()  # Monday, 18:00 in Tehran
OF_QUESTIONS = (Answer.MOVED, Answer.WITHDRAWN)  # they end no schedule
TROUBLES = (
    *(Why.VOICE_GONE, Why.LIST_GONE, Why.LIST_EMPTY, Why.TOO_LARGE),
    Why.ALL_DO_NOT_CALL,
)
PHONE = 36  # characters that a button of a whole row shows at phone width
VOICE = "08e815cbcd724386805103ac0d45e4c2"


def due(
    state: ScheduleState = ScheduleState.WAITING,
    *,
    why: Why | None = None,
    trouble: Why | None = None,
    weekdays: int = 0,
    closed: Answer | None = None,
    list_name: str | None = None,
) -> Due:
    """A schedule for tomorrow morning in this state."""
    schedule = Schedule(
        id=10**9,
        state=state,
        author_id=1,
        author_name="Ann",
        chat_id=1,
        thread_id=None,
        message_id=1,
        made_at=NOW,
        content="",
        list_ref=None if list_name is None else 1,
        weekdays=weekdays,
        minute=480,
        due_at=NOW + 14 * 3600,
        last_numbers=None,
        asked_why=why,
        asked_at=None,
        waited_for=None,
        closed_why=closed,
        closed_name="Ben",
        batch_id=7,
        revision=10**6,
    )
    content = Content(
        voice=VOICE,
        retry_count=1,
        server_id=None,
        numbers=("+989120000001",),
        list_name=list_name,
    )
    return Due(
        schedule=schedule, content=content, trouble=trouble, duplicate=None, added=0, removed=0
    )


def asked(answer: Answer | None = None) -> ScheduleAsk:
    """The question about a time that is now."""
    return ScheduleAsk(
        id=1,
        schedule_id=1,
        due_at=NOW,
        chat_id=1,
        thread_id=None,
        reply_to=None,
        message_id=None,
        answer=answer,
        answered_name=None,
        batch_id=None,
        revision=1,
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "now"),
        (59, "in less than a minute"),
        (60, "in 1 min"),
        (3599, "in 59 min"),
        (14 * 3600, "in 14 h"),
        (47 * 3600, "in 47 h"),
        (48 * 3600, "in 2 days"),
    ],
)
def test_how_long_it_is_until_then(seconds: float, words: str) -> None:
    """In one unit, rounded down."""
    assert moments.left(seconds, ENGLISH) == words


def test_a_time_ahead() -> None:
    """With its weekday, and with its year if that is another one."""
    assert moments.ahead(NOW + 14 * 3600, ENGLISH, NOW) == "Tue 1 Dec 08:00, in 14 h"
    assert moments.moment(NOW + 40 * 86400, ENGLISH, NOW) == "Sat 9 Jan 2027 18:00"
    assert moments.week(0b1111111, 485, ENGLISH) == "every day at 08:05"
    assert moments.week(0b1000001, 0, ENGLISH) == "every Mon, Sun at 00:00"


def test_what_a_board_tells_of_its_schedule() -> None:
    """When it was planned for, what its list has gained and lost, what was missed, and who."""
    run = ScheduleRun(schedule_id=1, due_at=NOW, batch_id=1)
    assert ran.paragraphs(run, ENGLISH) == ["🗓 Planned for Mon 30 Nov 18:00."]
    full = ScheduleRun(
        schedule_id=1, due_at=NOW, batch_id=1, recent=2, added=3, removed=1, missed=1
    )
    assert [str(said) for said in ran.paragraphs(full, ENGLISH)[1:]] == [
        "📋 Its list since the last time: 3 added, 1 removed.",
        "⌛ One earlier time passed while I was away, and is left out.",
        "⚠️ 2 of them had got this voice in the 24 h before.",
    ]


@pytest.mark.parametrize("why", list(Why))
def test_every_reason_to_ask_has_its_words(why: Why) -> None:
    """Why it did not call, and nothing that cannot be pressed."""
    trouble = why if why in TROUBLES else None
    of = due(ScheduleState.ASKING, why=why, trouble=trouble)
    card = schedules.ask(asked(), of, ENGLISH, NOW)
    *_, said = card.text.splitlines()
    assert said.endswith((".", "?"))
    assert any("Call" in row[0].label for row in card.rows) is (trouble is None)
    fits(card)
    late = due(ScheduleState.ASKING, why=Why.LATE, trouble=trouble)
    again = schedules.ask(asked(), late, ENGLISH, NOW)
    assert ("⚠️" in again.text) is (trouble is not None)


@pytest.mark.parametrize("answer", [a for a in Answer if a not in OF_QUESTIONS])
def test_every_end_has_its_words(answer: Answer) -> None:
    """A schedule that is over has no buttons but the way back to the list."""
    state = ScheduleState.CANCELLED if answer is Answer.CANCELLED else ScheduleState.ENDED
    over = due(state, closed=answer, list_name="Drivers")
    assert schedules.card(over, ENGLISH, NOW).rows == ()
    assert len(schedules.look(over, ENGLISH, NOW, ROOM).rows) == 1
    assert "list Drivers, read each time" in schedules.card(over, ENGLISH, NOW).text


def test_after_a_restore_a_question_tells_what_may_have_been() -> None:
    """Also where an admin is asked because its author may not launch: both are said."""
    for why, rights in ((Why.RESTORED, False), (Why.RIGHTS_RESTORED, True)):
        of = due(ScheduleState.ASKING, why=why)
        said = schedules.ask(asked(), of, ENGLISH, NOW).text
        assert "it may have been called already" in said
        assert "paused" not in said
        assert ("may not launch any more" in said) is rights
        assert ("The admins are asked" in schedules.card(of, ENGLISH, NOW).text) is rights


def test_a_question_of_a_wrong_clock_says_so() -> None:
    """It does not say that nobody answered."""
    said = schedules.ask(asked(Answer.WITHDRAWN), due(), ENGLISH, NOW).text
    assert said.startswith("⌛ Mon 30 Nov 18:00: asked too early, because my clock was wrong")


def test_who_was_called_lately_stands_wherever_call_now_does() -> None:
    """On the question, on the card and under /schedule; nowhere else, and the key names them."""
    for state, trouble, told in (
        (ScheduleState.ASKING, None, True),
        (ScheduleState.ASKING, Why.VOICE_GONE, False),
        (ScheduleState.WAITING, None, False),
    ):
        before = due(state, why=Why.LATE if state is ScheduleState.ASKING else None)
        before = replace(before, trouble=trouble)
        of = replace(before, content=replace(before.content, recent=("+989120000001",)))
        assert of.key != before.key
        shown = [schedules.card(of, ENGLISH, NOW), schedules.look(of, ENGLISH, NOW, ROOM)]
        if state is ScheduleState.ASKING:
            shown.append(schedules.ask(asked(), of, ENGLISH, NOW))
        for card in shown:
            assert ("One of them got this voice in the last 24 h." in card.text) is told
            assert any(of.key in b.data for row in card.rows for b in row) is told


@pytest.mark.parametrize("state", [ScheduleState.WAITING, ScheduleState.ASKING])
def test_a_list_that_was_removed(state: ScheduleState) -> None:
    """Nobody knows how many would be called: no count is shown, and that it is gone is."""
    gone = due(state, why=Why.LIST_GONE, trouble=Why.LIST_GONE, list_name="Drivers")
    gone = replace(gone, content=replace(gone.content, numbers=()))
    cards = [schedules.card(gone, ENGLISH, NOW), schedules.look(gone, ENGLISH, NOW, ROOM)]
    cards.append(schedules.ask(asked(), gone, ENGLISH, NOW))
    for card in cards:
        assert "→ list Drivers, which was removed" in plain(card.text)
        assert "0 numbers" not in card.text
    voice = replace(gone, trouble=Why.VOICE_GONE)
    assert plain(planned.what(voice, ENGLISH)).endswith("→ list Drivers")
    empty = replace(gone, trouble=Why.LIST_EMPTY)
    assert plain(planned.what(empty, ENGLISH)).endswith("→ 0 numbers (list Drivers)")


def test_before_it_is_cancelled_it_is_asked() -> None:
    """Of a weekly one that all its days end, too."""
    for days, said in ((0, "the call of Tue 1 Dec 08:00?"), (17, "every Mon, Fri at 08:00")):
        fits(card := planned.ask_cancel(due(weekdays=days), ENGLISH, NOW))
        assert plain(card.text).startswith(f"🗑 Cancel {said}")


def test_the_cards_of_schedules_fit() -> None:
    """Data fits Telegram's 64 bytes, labels their buttons, also with large numbers."""
    once, weekly = due(), due(weekdays=127, list_name="Drivers")
    asking = due(ScheduleState.ASKING, why=Why.RIGHTS)
    trouble = due(trouble=Why.LIST_EMPTY, list_name="Drivers")
    for of in (once, weekly, asking, trouble):
        fits(schedules.card(of, ENGLISH, NOW))
        fits(schedules.look(of, ENGLISH, NOW, ROOM))
    assert "read each time" in schedules.card(weekly, ENGLISH, NOW).text
    assert "Last time: #b7" in schedules.card(weekly, ENGLISH, NOW).text
    assert "The admins are asked" in schedules.card(asking, ENGLISH, NOW).text
    assert "/lists" in schedules.look(trouble, ENGLISH, NOW, ROOM).text
    target = picker.Target(
        verb=Verb.MOVE,
        token=f"{10**9}-{10**6}",
        head=planned.head(once.content, ENGLISH),
        count=1,
    )
    day = datetime.fromtimestamp(NOW, UTC).date()
    for card in (
        picker.main(target, ENGLISH, NOW),
        picker.day(target, day, ENGLISH, NOW),
        picker.quarters(target, day, 23, ENGLISH, NOW),
        picker.once(target, NOW + 60, ENGLISH, NOW),
        picker.weekdays(target, 127, ENGLISH),
        picker.week_hours(target, 127, ENGLISH),
        picker.week_quarters(target, 127, 23, ENGLISH),
        picker.weekly(target, 127, 1439, NOW + 60, ENGLISH, NOW),
    ):
        fits(card)


def fits(card: Card) -> None:
    """Assert that its buttons hold what they say and what they carry."""
    for row in card.rows:
        assert len(row) <= 8
        for button in row:
            assert len(button.data.encode()) <= DATA_BYTES
            assert len(button.label) <= PHONE / len(row) + 2


def test_the_next_hours_are_full_hours_here() -> None:
    """Also where the clock is half an hour from others'."""
    target = picker.Target(
        verb=Verb.LATER, token="t", head=planned.head(due().content, ENGLISH), count=1
    )
    labels = [button.label for button in picker.main(target, ENGLISH, NOW + 300).rows[0]]
    assert labels == ["19:00", "20:00", "21:00", "22:00"]


def test_hours_that_are_over_are_not_offered() -> None:
    """Today begins with this hour, and this hour with the next quarter."""
    target = picker.Target(
        verb=Verb.LATER, token="t", head=planned.head(due().content, ENGLISH), count=1
    )
    day = datetime(2026, 11, 30, tzinfo=UTC).date()
    hours = [b.label for row in picker.day(target, day, ENGLISH, NOW).rows for b in row]
    assert hours == ["18", "19", "20", "21", "22", "23", "↩️ Back"]
    quarters = [
        b.label for row in picker.quarters(target, day, 18, ENGLISH, NOW).rows for b in row
    ]
    assert quarters == ["18:15", "18:30", "18:45", "↩️ Back"]


@pytest.mark.parametrize(
    "problem",
    [
        Problem.BAD_TIME,
        Problem.TIME_PAST,
        Problem.TIME_FAR,
        Problem.NO_WEEKDAYS,
        Problem.CANNOT_CALL,
    ],
)
def test_what_is_wrong_with_a_time(problem: Problem) -> None:
    """What was wrong, what was not done, what to do next."""
    said = problems.problem(UsageError(problem, "soon<", 366), ENGLISH)
    assert "nothing was" in said
    assert "soon<" not in said


def test_whose_schedule_it_is() -> None:
    """The name of the author, and who else may."""
    said = errors.error(OthersScheduleError("Bob"), ENGLISH)
    assert said == (
        "Only Bob, who planned this, or a manager or admin can change it; nothing was changed."
    )


def test_a_list_of_numbers_in_one_line() -> None:
    """With the list's name where there is one."""
    assert "→ one number" in planned.head(due().content, ENGLISH)
    assert "(list Drivers)" in planned.head(due(list_name="Drivers").content, ENGLISH)


def second(of: Due, *, chat_id: int = 1) -> Due:
    """The same where a second person has to approve it, planned in this chat."""
    schedule = replace(of.schedule, chat_id=chat_id, asked_at=NOW)
    return replace(of, approval=True, schedule=schedule)


def labels(card: Card) -> list[list[str]]:
    """What its buttons say."""
    return [[one.label for one in row] for row in card.rows]


def test_the_plan_says_that_somebody_has_to_approve() -> None:
    """A plan that will ask a second person says so, and when."""
    words = "👥 A second person has to approve it at Tue 1 Dec 08:00: it asks then."
    for of, shown in ((due(), False), (second(due()), True)):
        for card in (schedules.card(of, ENGLISH, NOW), schedules.look(of, ENGLISH, NOW, ROOM)):
            assert (words in plain(card.text).splitlines()) is shown


def test_the_question_of_a_second_person() -> None:
    """Others approve within 15 minutes; its author has no such button in private."""
    of = second(due(ScheduleState.ASKING, why=Why.APPROVAL))
    own, other = (
        schedules.ask(replace(asked(), chat_id=chat), of, ENGLISH, NOW) for chat in (1, 2)
    )
    assert "has to approve it until 18:15: their press calls." in plain(own.text)
    assert labels(own) == [["⏭ Skip this time", "🗑 Cancel"]]
    assert labels(other) == [["✅ Approve 1"], ["⏭ Skip this time", "🗑 Cancel"]]
    assert labels(schedules.card(of, ENGLISH, NOW))[0] == ["⏭ Skip this time"]
    in_group = second(of, chat_id=ROOM)
    assert labels(schedules.card(in_group, ENGLISH, NOW))[0] == ["✅ Approve 1"]


def test_the_question_asks_no_second_person_any_more() -> None:
    """Where the limit was raised meanwhile anybody calls."""
    of = replace(second(due(ScheduleState.ASKING, why=Why.APPROVAL)), approval=False)
    card = schedules.ask(asked(), of, ENGLISH, NOW)
    assert "A second person was needed at that time." in plain(card.text)
    assert labels(card)[0] == ["✅ Call 1 now"]


def test_a_late_one_that_needs_a_second_person() -> None:
    """The author's press asks, and says so."""
    of = second(due(ScheduleState.ASKING, why=Why.LATE))
    assert labels(schedules.ask(asked(), of, ENGLISH, NOW))[0] == ["👥 Ask to call 1"]


def test_a_group_that_was_taken_off() -> None:
    """It says why nothing was called, and where the board would be."""
    of = due(ScheduleState.ASKING, why=Why.CHAT_OFF)
    assert "Its group was taken off" in plain(schedules.ask(asked(), of, ENGLISH, NOW).text)
