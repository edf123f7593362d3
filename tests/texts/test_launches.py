"""The texts and buttons of saved launches, of saving one, of home and of the panel."""

from dataclasses import replace

import pytest

from bot.calling.errors import UsageError
from bot.calling.favourites import Panelled
from bot.calling.problems import Problem
from bot.calling.saving import LaunchView, Recipe
from bot.handlers import tokens
from bot.texts import errors, home, launch_changes, launches, saving
from bot.texts.cards import Card, Keyboard, Question, plain
from storage.models import NumberList, SavedLaunch, Voice
from tests.texts.scenes import ENGLISH, HOSTILE, NOW, PERSIAN, VOICE


def launch(name: str = "Shift call", number: int = 1, **changes: object) -> SavedLaunch:
    """A launch of Ann's: a voice and a list."""
    made = SavedLaunch(
        id=number,
        token=f"token-{number}",
        name=name,
        name_key=name.casefold(),
        voice_ref=1,
        spoken=None,
        list_ref=1,
        numbers=None,
        retry_count=None,
        server_id=None,
        made_by=1,
        made_name="Ann",
        made_at=NOW,
        used_at=None,
        removed_at=None,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by their names


def voice(name: str = "Morning") -> Voice:
    """A saved voice."""
    return Voice(
        id=1,
        voice_id=VOICE,
        name=name,
        name_key=name,
        sample=None,
        sample_kind=None,
        made_by=1,
        made_name="Ann",
        made_at=NOW,
        used_at=None,
        removed_at=None,
    )


def number_list(name: str = "Drivers", numbers: int = 38) -> NumberList:
    """A saved list."""
    return NumberList(
        id=1,
        name=name,
        numbers=numbers,
        version=1,
        made_by=1,
        made_name="Ann",
        made_at=NOW,
        changed_by=1,
        changed_name="Ann",
        changed_at=NOW,
        added_after=None,
        used_at=None,
        removed_at=None,
    )


def view(**changes: object) -> LaunchView:
    """That launch as it is now."""
    made = LaunchView(
        launch=launch(), voice=voice(), number_list=number_list(), place=None, most=1000
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by their names


def labels(card: Card) -> list[list[str]]:
    """The labels of a card's buttons by row."""
    return [[one.label for one in row] for row in card.rows]


def test_the_menu() -> None:
    """A tap starts one; two short names share a row, a long one has its own."""
    named = ["Shift", "Pay", "A name of more letters", "Night"]
    shown = launches.menu([launch(name, i) for i, name in enumerate(named)], ENGLISH)
    assert labels(shown) == [
        ["Shift", "Pay"],
        ["A name of more letters"],
        ["Night"],
        ["➕ New launch", "⚙️ Change one"],
    ]
    assert shown.rows[0][0].data == "go:token-0"


def test_the_menu_for_changes() -> None:
    """With *Change one* a tap opens the card."""
    shown = launches.menu([launch()], ENGLISH, 1, launches.CHANGE)
    assert labels(shown) == [["Shift call"], ["↩️ Back"]]
    assert shown.rows[0][0].data == "set:token-1"


def test_pages_of_the_menu() -> None:
    """Eight a page; the pages can be turned both ways in both modes."""
    many = [launch(f"Launch number {i}", i) for i in range(17)]
    shown = launches.menu(many, ENGLISH, 2)
    assert labels(shown)[-2] == ["◀", "▶"]
    assert [one.data for one in shown.rows[-2]] == ["sets:1.s", "sets:3.s"]
    assert len(launches.menu(many, ENGLISH, 3, launches.CHANGE).rows) == 3


def test_an_empty_menu() -> None:
    """It says what a launch is, and offers to make one."""
    shown = launches.menu([], ENGLISH)
    assert "No launch is saved yet." in shown.text
    assert labels(shown) == [["➕ New launch"]]


def test_the_card() -> None:
    """Voice, list with its count, retries, who made it; each deed has its button."""
    shown = launches.card(view(), ENGLISH)
    assert plain(shown.text).splitlines() == [
        "🚀 Shift call",
        "🔊 Morning",
        "📇 list Drivers: now 38 numbers",
        "🔁 retries as in the settings",
        "👤 Made by Ann, 18:04",
    ]
    assert labels(shown) == [
        ["🚀 Launch"],
        ["⭐ Favourite"],
        ["✏️ Rename", "🔗 Link"],
        ["🗑 Remove", "📋 All launches"],
    ]


def test_the_card_of_a_favourite() -> None:
    """A favourite can be given up, and moved up if it is not the first."""
    assert labels(launches.card(view(place=1), ENGLISH))[1] == ["☆ No favourite"]
    assert labels(launches.card(view(place=2), ENGLISH))[1] == ["☆ No favourite", "⬆️ Move up"]


def test_the_card_of_a_text() -> None:
    """A spoken text is shown, shortened if it is long; retries and dialer as they were saved."""
    spoken = launch(voice_ref=None, spoken="a" * 300, list_ref=None, numbers=1)
    spoken = replace(spoken, retry_count=0, server_id="s1")
    shown = plain(launches.card(view(launch=spoken, voice=None, number_list=None), ENGLISH).text)
    assert f"🗣 {'a' * 199}…\n📋 one number of its own\n🔁 no retry · dialer s1" in shown
    assert launches.options(2, None, ENGLISH) == "🔁 2 retries"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"voice": replace(voice(), removed_at=NOW)}, "The voice of Shift call was removed."),
        (
            {"number_list": replace(number_list(), removed_at=NOW)},
            "The list of Shift call was removed.",
        ),
        ({"number_list": number_list(numbers=0)}, "The list of Shift call is empty."),
        ({"most": 37}, "The list of Shift call is too large: one batch may have 37 numbers"),
    ],
)
def test_a_card_that_launches_nothing(changes: dict[str, object], words: str) -> None:
    """It says why, and has no *Launch*; who has an older card is told the same."""
    changed = view(**changes)
    shown = launches.card(changed, ENGLISH)
    assert f"⚠️ {words}" in plain(shown.text)
    assert ["🚀 Launch"] not in labels(shown)
    assert changed.problem is not None
    told = errors.error(UsageError(changed.problem, "Shift call", changed.most), ENGLISH)
    assert words in plain(told)
    assert "Nothing was called." in told


def test_other_problems() -> None:
    """A removed launch and a voice without a name: what was not done, and what to do."""
    gone = errors.error(UsageError(Problem.LAUNCH_GONE), ENGLISH)
    assert gone == "This launch was removed. Nothing was called. /launch shows all."
    assert view(launch=launch(removed_at=NOW)).problem is Problem.LAUNCH_GONE
    nameless = errors.error(UsageError(Problem.LAUNCH_WITHOUT_VOICE), ENGLISH)
    assert "nothing was saved" in nameless


def test_names_are_escaped() -> None:
    """What people typed is text: in cards, in answers, and plain on labels."""
    hostile = launch(HOSTILE)
    changed = view(launch=hostile, voice=voice(HOSTILE), number_list=number_list(HOSTILE))
    recipe = Recipe(voice=voice(HOSTILE), number_list=number_list(HOSTILE))
    cards = [
        launches.card(changed, ENGLISH),
        launch_changes.sure(changed, ENGLISH),
        launch_changes.no_such(HOSTILE, [hostile], ENGLISH),
        launch_changes.link(hostile, "bot", ENGLISH),
        launch_changes.removed(hostile, HOSTILE, ENGLISH),
        saving.preview(recipe, "1.1", ENGLISH),
        home.home(HOSTILE, [hostile], ENGLISH),
    ]
    for card in cards:
        assert "<b>Sara" not in card.text
        assert '<b>Sara</b> & "Bob' in plain(card.text)
    picked = saving.pick_list(voice(HOSTILE), [number_list(HOSTILE)], 1, ENGLISH, more=False)
    assert labels(picked)[0] == [f"{HOSTILE} · 38"]
    assert launches.menu([hostile], ENGLISH).rows[0][0].label == HOSTILE


def test_no_such_launch() -> None:
    """The nearest names are buttons; without any it says where all are."""
    shown = launch_changes.no_such("shft", [launch()], ENGLISH)
    assert "There is no launch of the name shft, and nothing was called." in shown.text
    assert shown.rows[0][0].data == "go:token-1"
    assert launch_changes.no_such("zzz", [], ENGLISH).rows == ()


def test_the_link() -> None:
    """It names the launch by its token, in 64 characters of those that Telegram takes."""
    shown = launch_changes.link(launch(token="aB3_-x"), "callboard_bot", ENGLISH)
    assert "https://t.me/callboard_bot?start=l_aB3_-x" in shown.text


@pytest.mark.parametrize(
    ("recipe", "name"),
    [
        (Recipe(voice=voice(), number_list=number_list()), "Morning → Drivers"),
        (
            Recipe(voice=voice(), numbers=(("+989120000001", None),)),
            "Morning → one number",
        ),
        (
            Recipe(spoken="8 o'clock,\nplease", number_list=number_list()),
            "🗣 8 o'clock, please → Drivers",
        ),
        (
            Recipe(voice=voice("v" * 40), number_list=number_list("l" * 40)),
            f"{'v' * 17}… → {'l' * 18}…",
        ),
        (
            Recipe(voice=voice("v" * 40), number_list=number_list("list")),
            f"{'v' * 32}… → list",
        ),
    ],
)
def test_suggested_names(recipe: Recipe, name: str) -> None:
    """Voice and list, each cut only as far as both have no room; never over 40 characters."""
    assert saving.suggested(recipe, ENGLISH) == name
    assert len(name) <= 40


def test_picking_a_voice_and_a_list() -> None:
    """Each step is a tap and can be gone back; without any voice or list it says where to add."""
    voices = [replace(voice(f"Voice {i}"), id=i) for i in range(1, 10)]
    first = saving.pick_voice(voices, 1, ENGLISH)
    assert first.rows[0][0].data == "newset:1.1"
    assert labels(first)[-2:] == [["▶"], ["↩️ Back"]]
    assert labels(saving.pick_voice(voices, 2, ENGLISH))[0] == ["Voice 9"]
    second = saving.pick_list(voices[0], [number_list()], 2, ENGLISH, more=True)
    assert labels(second) == [["Drivers · 38"], ["◀", "▶"], ["↩️ Back"]]
    assert [row[0].data for row in second.rows] == ["save:1.1", "newset:1.1", "newset:v.1"]
    assert "/voices" in saving.pick_voice([], 1, ENGLISH).text
    assert "/lists" in saving.pick_list(voices[0], [], 1, ENGLISH, more=False).text


def test_the_preview() -> None:
    """It shows what is saved and under which name."""
    spoken = Recipe(spoken="Hello", numbers=(("+989120000001", None),), retry_count=1)
    shown = saving.preview(spoken, "draft-token", ENGLISH)
    assert plain(shown.text).splitlines() == [
        "💾 Save this launch?",
        "🗣 Hello",
        "📋 one number of its own",
        "🔁 one retry",
        "Its name: 🗣 Hello → one number",
    ]
    assert labels(shown) == [["💾 Save under this name"], ["✏️ Another name"]]


def test_questions() -> None:
    """A name is asked by opening the answer in the person's app."""
    asked = (saving.ask_for_name(ENGLISH), launch_changes.ask_for_name("Shift", ENGLISH))
    assert [card.below for card in asked] == [
        Question("Name of the launch"),
        Question("New name"),
    ]


def test_what_is_said_of_changes() -> None:
    """Each change of a favourite is told with the launch's name."""
    said = [
        launch_changes.starred(launch(), ENGLISH, star=True),
        launch_changes.starred(launch(), ENGLISH, star=False),
        launch_changes.moved(launch(), ENGLISH),
        launch_changes.renamed(launch(), ENGLISH),
    ]
    assert all("Shift call" in text for text in said)
    assert len(set(said)) == 4


def test_the_home_keyboard() -> None:
    """Favourites two a row where they are short, then three fixed keys, and a placeholder."""
    named = ["Shift", "Pay", "A name of more letters", "Night"]
    keyboard = home.keyboard([launch(name, i) for i, name in enumerate(named)], ENGLISH)
    assert keyboard == Keyboard(
        (
            ("⭐ Shift", "⭐ Pay"),
            ("⭐ A name of more letters",),
            ("⭐ Night",),
            ("🚀 Launch", "📊 Results", "☰ More"),
        ),
        "Paste numbers here…",
    )
    assert home.home("Ann", [], ENGLISH).below == Keyboard(
        keyboard.rows[-1:], keyboard.placeholder
    )


@pytest.mark.parametrize("text", ["⭐ Shift", "⭐ gone", "🚀 Launch", "📊 Results", "☰ More"])
def test_labels_are_known(text: str) -> None:
    """Every key's text is one, also that of a favourite that is none any more."""
    assert home.is_label(text, ENGLISH)


@pytest.mark.parametrize("text", ["Launch", "⭐", "09120000001", "x ⭐ Shift", ""])
def test_what_is_no_label(text: str) -> None:
    """All else is not."""
    assert not home.is_label(text, ENGLISH)


def test_a_stale_label() -> None:
    """It names the favourite that is gone, and says that nothing was called."""
    assert "Shift is none of your favourites now" in home.stale_label("⭐ Shift", ENGLISH)
    assert "\u2068" in home.stale_label(f"⭐ {PERSIAN}", ENGLISH)


def test_more() -> None:
    """Each button is one of a screen that there is; the rest are commands to tap."""
    shown = home.more(ENGLISH)
    assert [one.data for row in shown.rows for one in row] == [
        "voices:1",
        "lists:1",
        "sets:1.s",
        "plans:l.1",
        "report:today",
        "mynum:show",
    ]
    assert "/export" in shown.text
    for row in shown.rows:
        for one in row:
            tokens.split(one.data)


def test_the_panel() -> None:
    """Favourites of who asked for it first, then the others; results and a refresh."""
    found = Panelled(
        favourites=(launch("Shift", 1),),
        others=tuple(launch(f"Launch {i}", i) for i in range(2, 14)),
    )
    shown = home.panel(found, 1, ENGLISH)
    assert labels(shown)[0] == ["⭐ Shift", "Launch 2"]
    assert labels(shown)[-2:] == [["▶"], ["📊 Results", "🔄 Refresh"]]
    assert shown.rows[0][0].data == "panel:go.token-1"
    assert labels(home.panel(found, 2, ENGLISH))[-2] == ["◀"]
    empty = home.panel(Panelled(favourites=(), others=()), 1, ENGLISH)
    assert "No launch is saved yet." in empty.text
    assert labels(empty) == [["📊 Results", "🔄 Refresh"]]
    assert "newer panel" in home.panel_replaced(ENGLISH).text
    assert "let me pin" in home.panel_not_pinned(ENGLISH)
    assert "for groups" in home.panel_private(ENGLISH)
