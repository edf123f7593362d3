"""What is said and offered outside the calling window."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from bot.calling.drafts import Ask
from bot.calling.due import Why
from bot.calling.errors import OutsideError, PlanOutsideError
from bot.calling.outside import Outside
from bot.calling.window import Hours, Window
from bot.texts import anyway, draft, ending, errors, hours, schedules
from bot.texts.board import board
from bot.texts.cards import Card, Verb, plain
from storage.models import BatchState, DraftKind, HoldReason, ScheduleState, StopReason
from storage.models import SubmissionState as S
from tests.texts import test_schedules as planned
from tests.texts.scenes import (
    ENGLISH,
    HOSTILE,
    NOW,
    TEHRAN,
    labels_of,
    lines_of,
    part,
    verbs_of,
    view_of,
)
from tests.texts.test_draft import asked

DAY: Hours = (480, 1260)
WINDOW = Window(timezone=TEHRAN, hours=(DAY,) * 4 + (None,) + (DAY,) * 2)
ROOM = -100
NIGHT = datetime(2025, 6, 15, 22, 30, tzinfo=TEHRAN).timestamp()  # a Sunday
OPENS = datetime(2025, 6, 16, 8, tzinfo=TEHRAN).timestamp()
HOURS = "Sat–Thu 08:00–21:00"
WHY = f"🌙 It is outside the calling hours ({HOURS}). They begin again Mon 08:00."
MINUTES = int(OPENS // 60)


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (None, "at any time"),
        ((None,) * 7, "never"),
        ((DAY,) * 7, "every day 08:00–21:00"),
        ((DAY,) * 4 + (None,) + (DAY,) * 2, HOURS),
        ((DAY,) * 5 + ((540, 1440), None), "Mon–Fri 08:00–21:00, Sat 09:00–24:00"),
        ((None, DAY, None, DAY, None, None, None), "Tue 08:00–21:00, Thu 08:00–21:00"),
        ((DAY, DAY, DAY, (480, 840), None, DAY, DAY), "Sat–Wed 08:00–21:00, Thu 08:00–14:00"),
        ((DAY, *[None] * 5, DAY), "Sun–Mon 08:00–21:00"),
    ],
)
def test_the_hours_in_words(of: tuple[Hours | None, ...] | None, words: str) -> None:
    """Days in a row with the same hours stand together, over the end of the week as well."""
    assert hours.hours(Window(timezone=TEHRAN, hours=of), ENGLISH) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [(15, "08:00"), (16, "Mon 08:00"), (21, "Sat 08:00"), (22, "Sun 22 Jun 08:00")],
)
def test_when_it_opens(day: int, words: str) -> None:
    """The hour alone today, the day within a week, and the date beyond."""
    at = datetime(2025, 6, day, 8, tzinfo=TEHRAN).timestamp()
    now = datetime(2025, 6, 15, 7, tzinfo=TEHRAN).timestamp()
    assert hours.opening(at, ENGLISH, now) == words


def outside(*, opens_at: float | None = OPENS, may: bool = False) -> Outside:
    """That it is 22:30."""
    return Outside(window=WINDOW, opens_at=opens_at, anyway=may)


def card(of: Outside, **changes: Any) -> Card:
    """The card of a draft then."""
    return draft.card(replace(asked(Ask.OUTSIDE, **changes), outside=of), ENGLISH, NIGHT)


class TestDrafts:
    def test_for_a_launcher(self) -> None:
        """*Call 38 Mon 08:00* stands in place of *Call 38*, and nothing calls before."""
        shown = card(outside())
        assert labels_of(shown)[0] == ["🕗 Call 38 Mon 08:00"]
        assert shown.rows[0][0].data == f"opening:{'t' * 12}.{MINUTES}"
        assert {"ok", "first", "anyway"}.isdisjoint(verbs_of(shown))
        assert WHY in lines_of(shown)
        assert "🕘 Mon 08:00 · 💰 no estimate yet" in lines_of(shown)

    def test_for_a_manager(self) -> None:
        """*Now anyway* is a row of its own."""
        assert labels_of(card(outside(may=True)))[:2] == [
            ["🕗 Call 38 Mon 08:00"],
            ["🌙 Now anyway…"],
        ]

    def test_on_the_same_day(self) -> None:
        """Before the morning's opening the hour is enough."""
        early = datetime(2025, 6, 16, 6, tzinfo=TEHRAN).timestamp()
        shown = draft.card(replace(asked(), outside=outside()), ENGLISH, early)
        assert labels_of(shown)[0] == ["🕗 Call 38 at 08:00"]

    def test_where_a_second_person_is_needed(self) -> None:
        """The button says that it asks for one."""
        shown = draft.card(
            replace(asked(Ask.OUTSIDE, Ask.APPROVAL), outside=outside()), ENGLISH, NIGHT
        )
        assert labels_of(shown)[0] == ["👥 Ask to call 38 Mon 08:00"]

    def test_on_a_holiday(self) -> None:
        """It says that it is one, and nothing of hours that would be open."""
        of = replace(WINDOW, hours=None, holidays=frozenset({date(2025, 6, 15)}))
        shown = card(Outside(window=of, opens_at=OPENS))
        assert "🌙 Today is a holiday. Calls go out again Mon 08:00." in lines_of(shown)
        assert not [line for line in lines_of(shown) if "calling hours" in line]

    def test_try_again_has_the_same(self) -> None:
        """Whatever it was made by."""
        shown = card(outside(), kind=DraftKind.TRY_AGAIN)
        assert labels_of(shown) == [["🕗 Call 38 Mon 08:00"], ["✖️ Cancel"]]

    def test_one_that_never_opens(self) -> None:
        """A sentence says who can change that; nothing calls."""
        shown = card(outside(opens_at=None))
        assert {"ok", "opening", "first"}.isdisjoint(verbs_of(shown))
        assert any("An admin sets them by WINDOW and HOLIDAYS" in line for line in lines_of(shown))
        assert "🕘 no opening in sight · 💰 no estimate yet" in lines_of(shown)


class TestReasons:
    @pytest.mark.parametrize(
        ("verb", "token"), [(Verb.ANYWAY, ("t" * 12,)), (Verb.REST_ANY, (10**9, 10**3))]
    )
    def test_what_is_asked(self, verb: Verb, token: tuple[object, ...]) -> None:
        """Some reasons to tap; a typed one is asked for as well."""
        shown = anyway.ask_reason(verb, token, ENGLISH)
        assert [row[0].label for row in shown.rows] == list(anyway.reasons(ENGLISH))
        assert {button.data.partition(":")[0] for row in shown.rows for button in row} == {verb}
        assert "Why now?" in plain(shown.text)

    def test_what_was_answered(self) -> None:
        """Who, and why, escaped."""
        shown = anyway.given(HOSTILE, HOSTILE, ENGLISH)
        assert "<b>Sara</b>" not in shown.text
        assert plain(shown.text).count(HOSTILE) == 2


class TestBoards:
    def held(self, **batch: Any) -> dict[str, Any]:
        """A batch that waits in the night."""
        facts = {"state": BatchState.HELD, "hold_no": 2, "opens_at": OPENS}
        return {**facts, "hold_reason": HoldReason.WINDOW, **batch}

    def test_held_in_the_night(self) -> None:
        """*Send the other 50 at the opening*, *Now anyway* and *Stop*."""
        view = view_of(part(S.ACCEPTED, 100), part(S.QUEUED, 50), batch=self.held())
        for shown in (board(view, ENGLISH, NIGHT), ending.held(view, 2, ENGLISH, NIGHT)):
            assert labels_of(shown)[:2] == [
                ["🕗 Send the other 50 Mon 08:00"],
                ["🌙 Now anyway…", "⏹ Stop"],
            ]
            assert "⏸ Held: outside the calling hours." in lines_of(shown)
            assert "rest" not in verbs_of(shown)

    @pytest.mark.parametrize(
        ("numbers", "sent", "label"),
        [
            (50, 0, "🕗 Send all 50 Mon 08:00"),
            (1, 0, "🕗 Send it Mon 08:00"),
            (1, 3, "🕗 Send the other one Mon 08:00"),
        ],
    )
    def test_how_many_go(self, numbers: int, sent: int, label: str) -> None:
        """Whether all of it waits, or what is left."""
        parts = [part(S.ACCEPTED, sent)] * bool(sent) + [part(S.QUEUED, numbers)]
        shown = board(view_of(*parts, batch=self.held()), ENGLISH, NIGHT)
        assert labels_of(shown)[0] == [label]
        assert shown.rows[0][0].data == f"restat:12.2.{MINUTES}"

    def test_held_by_day(self) -> None:
        """The ordinary *Send the other 50*."""
        by_day = self.held(opens_at=None)
        shown = board(view_of(part(S.ACCEPTED), part(S.QUEUED, 50), batch=by_day), ENGLISH, NOW)
        assert ["▶ Send the other 50", "⏹ Stop"] in labels_of(shown)
        assert {"restat", "restany"}.isdisjoint(verbs_of(shown))

    def test_nothing_is_left_to_send(self) -> None:
        """An unknown that a person must decide offers no opening."""
        shown = board(view_of(part(S.UNKNOWN), batch=self.held()), ENGLISH, NIGHT)
        assert {"restat", "restany", "rest"}.isdisjoint(verbs_of(shown))

    def test_it_waits_for_the_opening(self) -> None:
        """When it goes out, and *Stop* alone."""
        waiting = {"goes_at": OPENS}
        view = view_of(part(S.QUEUED, 38, not_before=OPENS, attempts=0), batch=waiting)
        shown = board(view, ENGLISH, NIGHT)
        assert lines_of(shown)[1] == "🕗 Goes out Mon 08:00; nothing is sent before."
        assert labels_of(shown)[0] == ["⏹ Stop"]

    def test_its_rest_waits_for_the_opening(self) -> None:
        """How many, and what is at the gateway already."""
        parts = (part(S.ACCEPTED, 100), part(S.QUEUED, 50, not_before=OPENS, attempts=0))
        sent_on = {"goes_at": OPENS, "resumed_name": "Bob"}
        shown = board(view_of(*parts, batch=sent_on), ENGLISH, NIGHT)
        assert lines_of(shown)[1] == (
            "🕗 The other 50 go out Mon 08:00; 100 of 150 numbers are at the gateway."
        )
        assert "▶ Bob lets the rest go out Mon 08:00." in lines_of(shown)
        after = board(view_of(*parts, batch=sent_on), ENGLISH, OPENS)
        assert "▶ Sent on by Bob." in lines_of(after)

    def test_an_attempt_that_failed_waits_as_well(self) -> None:
        """What surely did not go out before the closing waits for the opening like the rest."""
        tried = part(S.QUEUED, 38, not_before=OPENS, attempts=1)
        shown = board(view_of(tried, batch={"goes_at": OPENS}), ENGLISH, NIGHT)
        assert lines_of(shown)[1] == "🕗 Goes out Mon 08:00; nothing is sent before."

    def test_after_the_opening(self) -> None:
        """It is an ordinary board."""
        view = view_of(part(S.QUEUED, 38, not_before=OPENS, attempts=0), batch={"goes_at": OPENS})
        shown = board(view, ENGLISH, OPENS + 1)
        assert lines_of(shown)[1] == "📤 Sending: 0 of 38 numbers are at the gateway."
        assert ["⏸ Hold rest", "⏹ Stop"] in labels_of(shown)

    def test_who_let_it_go_out(self) -> None:
        """With the reason, escaped."""
        anyway_by = {"window_by": 2, "window_name": "Bob", "window_reason": HOSTILE}
        shown = board(view_of(part(S.ACCEPTED), batch=anyway_by), ENGLISH, NIGHT)
        assert f"🌙 Outside the calling hours by Bob: “{HOSTILE}”" in lines_of(shown)
        assert "<b>Sara</b>" not in shown.text

    @pytest.mark.parametrize(("days", "words"), [(1, "24 hours"), (3, "24 calling hours")])
    def test_stopped_after_a_long_hold(self, days: int, words: str) -> None:
        """Where closed hours did not count, it says so."""
        batch = {
            "state": BatchState.STOPPED,
            "stop_reason": StopReason.HELD_TOO_LONG,
            "held_at": NOW - days * 86400,
            "ended_at": NOW,
        }
        shown = board(view_of(part(S.CANCELLED, 2), batch=batch), ENGLISH, NOW)
        assert lines_of(shown)[1] == f"⏹ Stopped after {words} on hold; 2 numbers were not sent."


class TestSchedules:
    def test_a_question_in_the_night(self) -> None:
        """*Call 1 at the opening* in place of *Call 1 now*; why, and the ways out."""
        due = replace(planned.due(ScheduleState.ASKING, why=Why.OUTSIDE), outside=outside())
        for shown in (
            schedules.ask(planned.asked(), due, ENGLISH, NIGHT),
            schedules.look(due, ENGLISH, NIGHT, ROOM),
            schedules.card(due, ENGLISH, NIGHT),
        ):
            assert labels_of(shown)[0] == ["🕗 Call 1 Mon 08:00"]
            assert "due" not in verbs_of(shown)
            assert "pass" in verbs_of(shown)
            assert WHY in lines_of(shown)

    def test_no_opening_in_sight(self) -> None:
        """It can be left out, moved or cancelled, and nothing calls."""
        never = outside(opens_at=None)
        due = replace(planned.due(ScheduleState.ASKING, why=Why.OUTSIDE), outside=never)
        shown = schedules.ask(planned.asked(), due, ENGLISH, NIGHT)
        assert {"due", "dueat"}.isdisjoint(verbs_of(shown))
        assert all(shown.rows)

    def test_one_that_waits_says_nothing_of_now(self) -> None:
        """The hour at which somebody looks does not matter for its time."""
        due = replace(planned.due(), outside=outside())
        assert WHY not in lines_of(schedules.look(due, ENGLISH, NIGHT, ROOM))


class TestErrors:
    def test_outside(self) -> None:
        """When it opens, and that nothing was called."""
        said = errors.error(OutsideError(WINDOW, NIGHT), ENGLISH)
        assert plain(said) == f"{WHY} Nothing was called."

    def test_alone(self) -> None:
        """What to do where a second person is needed."""
        said = plain(errors.error(OutsideError(WINDOW, NIGHT, alone=True), ENGLISH))
        assert said.startswith("Outside the calling hours another manager than the one who")

    def test_a_time_outside(self) -> None:
        """The hours, and what to do."""
        said = plain(errors.error(PlanOutsideError(WINDOW, NIGHT), ENGLISH))
        assert said == (
            f"Sun 15 Jun 22:30 is outside the calling hours ({HOURS}), and nothing was planned. "
            "Pick a time within them; what cannot wait is called now, where a manager says why."
        )

    def test_a_holiday(self) -> None:
        """Which day it is."""
        closed = replace(WINDOW, holidays=frozenset({date(2025, 6, 15)}))
        said = plain(errors.error(PlanOutsideError(closed, NOW), ENGLISH))
        assert said == "15 Jun 2025 is a holiday, and nothing was planned. Pick another day."

    def test_a_weekday(self) -> None:
        """Which of the chosen days does not fit."""
        said = plain(errors.error(PlanOutsideError(WINDOW, NOW, 4), ENGLISH))
        assert said == (
            f"On Fri this is outside the calling hours ({HOURS}), and nothing was planned. Leave "
            "that day out, or pick another hour."
        )
