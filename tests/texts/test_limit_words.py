"""What is said of limits: in refusals, on cards, and in the menu."""

import re

import pytest
from markupsafe import Markup

from bot.calling.drafts import Content, NoRoom
from bot.calling.errors import BadLimit, LimitError, LimitValueError
from bot.calling.limit_settings import MOST, LimitsView
from bot.calling.limits import Limit
from bot.texts import errors, limits, limits_menu
from bot.texts.cards import Card, plain, too_long
from storage.models import Use
from tests.texts.scenes import ENGLISH, HOSTILE

RAISE = " Nobody was called. A manager can raise it with /limits."
MILLION = 10**9  # thousandths of a Toman
VERB = re.compile(r"\A[a-z]{2,8}:[A-Za-z0-9_.\-]{1,55}\Z")


def said(error: LimitError | LimitValueError) -> str:
    """The sentence, as it is read."""
    return plain(errors.error(error, ENGLISH))


def refusal(limit: str, used: int = 480, asked: int = 40, most: int = 500) -> LimitError:
    """A refusal of today."""
    return LimitError(limit, used=used, asked=asked, most=most)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            refusal("member_day"),
            "🚦 Today's limit for you is 500 numbers; 480 are used, this would be 40 more.",
        ),
        (
            LimitError("member_day", used=480, asked=40, most=500, name="Bob"),
            "🚦 Today's limit for Bob is 500 numbers; 480 are used, this would be 40 more.",
        ),
        (
            LimitError("member_day", used=1, asked=2, most=2, name="Bob", today=False),
            (
                "🚦 The limit for Bob on the day on which this goes out is 2 numbers; 1 are "
                "used, this would be 2 more."
            ),
        ),
        (
            LimitError("member_day", used=1, asked=2, most=2, today=False),
            (
                "🚦 Your limit for the day on which this goes out is 2 numbers; 1 are used, "
                "this would be 2 more."
            ),
        ),
        (
            refusal("team_day", 1500, 600, 2000),
            (
                "🚦 Today's limit for the team is 2,000 numbers; 1,500 are used, this would "
                "be 600 more."
            ),
        ),
        (
            LimitError("team_day", used=1, asked=2, most=2, today=False),
            (
                "🚦 The team's limit for the day on which this goes out is 2 numbers; 1 are "
                "used, this would be 2 more."
            ),
        ),
        (
            refusal("cost_day", 90_000_000, 20_400_000, 100_000_000),
            (
                "🚦 Today's limit for the cost is 100,000 Toman; 90,000 Toman are used, this "
                "would be 20,400 Toman more."
            ),
        ),
        (
            LimitError("cost_day", used=0, asked=2000, most=1000, today=False),
            (
                "🚦 The limit for the cost of the day on which this goes out is 1 Toman; 0 "
                "Toman are used, this would be 2 Toman more."
            ),
        ),
        (
            refusal("batch_numbers", 0, 300, 200),
            "🚦 One batch may have 200 numbers at most, and this has 300.",
        ),
        (
            refusal("number_day", 3, 1, 3),
            "🚦 This number was called 3 times today already, which is the limit for one number.",
        ),
        (
            refusal("number_day", 1, 4, 1),
            (
                "🚦 Each of these 4 numbers was called once today already, which is the limit "
                "for one number."
            ),
        ),
    ],
)
def test_refused(error: LimitError, words: str) -> None:
    """The limit, its use, what was asked for, and who can raise it."""
    assert said(error) == words + RAISE


def test_a_hostile_name() -> None:
    """It is escaped like any other."""
    error = LimitError("member_day", used=1, asked=1, most=1, name=HOSTILE)
    assert "<b>" not in errors.error(error, ENGLISH)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            LimitValueError(BadLimit.UNREADABLE, "team_day", "<b>"),
            (
                "“<b>” is no value for 👥 The team, a day; nothing was changed. "
                "Send a whole number, or “off”."
            ),
        ),
        (
            LimitValueError(BadLimit.TOO_HIGH, "batch_numbers", 1001, 1000),
            (
                "📦 In one batch: 1,001 numbers is too much, it can be 1,000 numbers at "
                "most; nothing was changed."
            ),
        ),
        (
            LimitValueError(BadLimit.BELOW_USE, "cost_day", 1000, 2000),
            (
                "💰 Cost a day: 2 Toman are used already, so that it cannot be 1 Toman; "
                "nothing was changed. Set it to 2 Toman or more."
            ),
        ),
        (
            LimitValueError(BadLimit.NOT_OFF, "first_wait"),
            (
                "🔎 Wait for them at most cannot be “off”; nothing was changed. 🔎 So many go "
                "first can: then a large batch goes out without a first wave."
            ),
        ),
    ],
)
def test_bad_values(error: LimitValueError, words: str) -> None:
    """What is wrong, and that nothing was changed."""
    assert said(error) == words


def test_an_unknown_limit() -> None:
    """All that there are."""
    words = said(LimitValueError(BadLimit.UNKNOWN, "<x>", ""))
    assert words.startswith("There is no limit <x>; nothing was changed. These are: batch_numbers")
    assert all(limit in words for limit in Limit)


def content(**what: object) -> Content:
    """Three numbers."""
    given: dict[str, object] = {
        "voice": "0" * 32,
        "retry_count": 1,
        "server_id": None,
        "numbers": ("1", "2", "3"),
    }
    return Content(**(given | what))  # type: ignore[arg-type] # the fields are those of the test


@pytest.mark.parametrize(
    ("what", "lines"),
    [
        ({}, []),
        (
            {"at_limit": ("1",), "times_a_day": 3},
            ["⏭ One was called 3 times today already, and will be skipped."],
        ),
        (
            {"at_limit": ("1", "2"), "times_a_day": 1},
            ["⏭ 2 were called once today already, and will be skipped."],
        ),
        (
            {"at_limit": ("1", "2", "3"), "times_a_day": 3},
            ["⏭ All 3 were called 3 times today already, and will be skipped."],
        ),
        (
            {"numbers": ("1",), "at_limit": ("1",), "times_a_day": 3},
            ["⏭ It was called 3 times today already, and will be skipped."],
        ),
        (
            {"no_room": NoRoom(limit="team_day", used=8, asked=3, most=10)},
            [
                (
                    "🚦 Today's limit for the team is 10 numbers; 8 are used, this would be 3 "
                    "more. As things are it will be refused. A manager can raise it with /limits."
                )
            ],
        ),
    ],
)
def test_before_anybody_presses(what: dict[str, object], lines: list[str]) -> None:
    """Whom the limits skip, and that a launch would be refused."""
    found = limits.paragraphs(content(**what), ENGLISH)
    assert [plain(line) for line in found] == lines


def view(**what: object) -> LimitsView:
    """Everything as high as it can be set, and forty members with long names."""
    given: dict[str, object] = {
        "values": {limit: MOST.get(limit, 1000) for limit in Limit},
        "own": 999_999,
        "team": 1_000_000,
        "cost": 1000 * MILLION,
        "priced": True,
        "most_called": 100,
        "max_numbers": 1000,
        "people": tuple(Use(user_id=i, name="N" * 64, numbers=25_000) for i in range(40)),
    }
    return LimitsView(**(given | what))  # type: ignore[arg-type] # the fields are those of the test


def cards() -> list[Card]:
    """Every card of the menu, at its worst."""
    every = view()
    none = view(values=dict.fromkeys(Limit, 0), cost=None, people=(), most_called=0)
    return [
        limits_menu.card(every, ENGLISH, sets=True, said=Markup("✅")),
        limits_menu.card(none, ENGLISH, sets=False),
        *(limits_menu.choices(limit, of, ENGLISH) for limit in Limit for of in (every, none)),
        *(limits_menu.ask_value(limit, ENGLISH) for limit in Limit),
    ]


def test_the_menu_fits() -> None:
    """Every text fits a message, every button its 64 bytes, and our own table of callbacks."""
    for card in cards():
        assert not too_long(card.text)
        for row in card.rows:
            assert len(row) <= 2
            assert all(VERB.fullmatch(button.data) for button in row)


def test_the_card_of_all() -> None:
    """Who is beyond the fifteenth is counted."""
    text = plain(limits_menu.card(view(), ENGLISH, sets=False).text)
    assert "👥 The team, a day: 1,000,000 numbers · 1,000,000 used" in text
    assert "💰 Cost a day: 1,000,000,000 Toman · 1,000,000,000 Toman used" in text
    assert "📞 One number, a day: 100 times · the one called most: 100 times" in text
    assert text.endswith("· 25 more members")
    none = view(values=dict.fromkeys(Limit, 0), cost=None, people=(), most_called=0)
    text = plain(limits_menu.card(none, ENGLISH, sets=False).text)
    assert "💰 Cost a day: no limit\n📞 One number, a day: no limit\n📦" in text
    low = dict.fromkeys(Limit, 7)
    text = plain(limits_menu.card(view(values=low), ENGLISH, sets=False).text)
    assert "📦 In one batch: 7 numbers" in text


def test_what_is_offered_is_not_what_is_set() -> None:
    """A tap always changes something, and never goes beyond the settings."""
    for limit in Limit:
        of = view(max_numbers=100)
        card = limits_menu.choices(limit, of, ENGLISH)
        offered = [
            b.data.split(".") for row in card.rows for b in row if b.data.startswith("lims")
        ]
        assert offered
        for _, was, value in offered:
            assert (was, was != value) == (str(of.values[limit]), True)
    card = limits_menu.choices(Limit.BATCH_NUMBERS, view(max_numbers=100), ENGLISH)
    assert [button.label for row in card.rows for button in row][:3] == [
        "50 numbers",
        "100 numbers",
        "no limit",
    ]
