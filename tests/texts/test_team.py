"""The team, its invites and its chats in words."""

import pytest

from bot.calling.errors import InviteError, TeamError
from bot.calling.problems import InviteProblem, TeamProblem
from bot.calling.rights import ROLES, Role
from bot.calling.team import Change, Seat, Source
from bot.texts import chats, errors, invites, team
from bot.texts.cards import Card, Keyboard, Verb, plain
from storage.models import AllowedChat, Invite, Person
from tests.texts.scenes import ENGLISH, HOSTILE

ADA = Person(id=7, name="Ada")
ESCAPED = "&lt;b&gt;Sara&lt;/b&gt; &amp; &#34;Bob&#34; {who}"


def seat(
    role: Role,
    source: Source = Source.CHAT,
    *,
    suspended: bool = False,
    person: Person = ADA,
) -> Seat:
    """What a person is; their role was given by Sara."""
    return Seat(person=person, role=role, source=source, suspended=suspended, by_name="Sara")


def labels(card: Card) -> list[str]:
    """The labels of a card, in order."""
    return [button.label for row in card.rows for button in row]


STRANGER = seat(Role.STRANGER, Source.NOWHERE)
VIEWER, MANAGER = seat(Role.VIEWER), seat(Role.MANAGER)
OFF = seat(Role.MANAGER, suspended=True)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (STRANGER, VIEWER, "✅ Sara added Ada: viewer."),
        (VIEWER, MANAGER, "✅ Sara changed Ada: manager (was viewer)."),
        (MANAGER, OFF, "⛔ Sara suspended Ada (manager)."),
        (OFF, MANAGER, "✅ Sara let Ada back in: manager (was manager, suspended)."),
        (OFF, VIEWER, "✅ Sara let Ada back in: viewer (was manager, suspended)."),
        (MANAGER, STRANGER, "🗑 Sara removed Ada (manager)."),
    ],
)
def test_what_a_change_has_done(before: Seat, after: Seat, sentence: str) -> None:
    """Who did it, to whom, what they were and are."""
    assert plain(team.done(Change(before=before, after=after), "Sara", ENGLISH)) == sentence


def test_chats_of_one_title() -> None:
    """Are told apart by their ids; one whose title is its own needs none."""
    every = [
        AllowedChat(chat_id=-n, title=title, added_at=0.0, by_id=1, by_name="Sara")
        for n, title in ((11, "Team"), (12, "Team"), (13, "Drivers"))
    ]
    assert labels(chats.menu(every, 1, ENGLISH))[:3] == [
        *("🚪 Team · c-11", "🚪 Team · c-12", "🚪 Drivers")
    ]


def test_somebody_suspended_in_the_menu() -> None:
    """Is called so in words, not by a sign alone."""
    assert labels(team.menu([MANAGER, OFF], 1, ENGLISH))[:2] == [
        *("🗂 Ada · manager", "⛔ Ada · manager, suspended")
    ]


def test_removing_one_of_allowed_ids() -> None:
    """It says that it is a suspension, and why; anybody else is removed."""
    off = seat(Role.LAUNCHER, suspended=True)
    said = "⛔ Sara suspended Ada (launcher): they stand in ALLOWED_IDS, and would be back at once"
    allowed = seat(Role.LAUNCHER, Source.ALLOWED_IDS)
    change = Change(before=allowed, after=off)
    assert plain(team.removed(change, "Sara", ENGLISH)).startswith(said)
    gone = Change(before=MANAGER, after=STRANGER)
    assert plain(team.removed(gone, "Sara", ENGLISH)) == "🗑 Sara removed Ada (manager)."


@pytest.mark.parametrize(
    ("of", "own", "words", "buttons"),
    [
        (
            VIEWER,
            False,
            "By Sara.",
            ["🚀 Launcher", "🗂 Manager", "👑 Admin", "⛔ Suspend", "🗑 Remove", "◀ Team"],
        ),
        (OFF, False, "manager, suspended", ["▶️ End the suspension", "🗑 Remove", "◀ Team"]),
        (seat(Role.ADMIN, Source.ADMIN_IDS), False, "Stands in ADMIN_IDS", ["◀ Team"]),
        (seat(Role.ADMIN), True, "This is you", ["◀ Team"]),
        (
            seat(Role.LAUNCHER, Source.ALLOWED_IDS),
            False,
            "Stands in ALLOWED_IDS",
            ["👁 Viewer", "🗂 Manager", "👑 Admin", "⛔ Suspend", "🗑 Remove", "◀ Team"],
        ),
    ],
)
def test_a_members_card(of: Seat, own: bool, words: str, buttons: list[str]) -> None:
    """Where the role is from, and only the buttons that can do something."""
    card = team.card(of, ENGLISH, own=own)
    assert words in plain(card.text)
    assert labels(card) == buttons


def test_the_key_that_picks_a_person() -> None:
    """It names the role by its number, and *Not now* stands below."""
    card = team.pick(Role.MANAGER, ENGLISH)
    assert card.below == Keyboard(
        (("👤 Pick a person",), ("✖️ Not now",)), people=("👤 Pick a person", 3)
    )


def test_roles_as_buttons() -> None:
    """Each role once, by its word."""
    card = team.roles(Verb.INVITE, invites.to_what(ENGLISH), ENGLISH)
    assert [b.data for row in card.rows[:2] for b in row] == [f"invite:{word}" for word in ROLES]


@pytest.mark.parametrize("problem", TeamProblem)
def test_why_the_team_was_not_changed(problem: TeamProblem) -> None:
    """A sentence each, which says that nothing was done, with what was given escaped."""
    said = errors.error(TeamError(problem, HOSTILE), ENGLISH)
    assert "nothing was changed" in said or "nothing was done" in said
    assert HOSTILE not in said


def test_who_is_not_named() -> None:
    """A refusal that names nobody still reads as a sentence."""
    said = errors.error(TeamError(TeamProblem.IS_SO), ENGLISH)
    assert said == "This is so already for This person; nothing was changed."


@pytest.mark.parametrize("problem", InviteProblem)
def test_why_an_invite_was_not_taken(problem: InviteProblem) -> None:
    """A sentence each, all different, and none names a person or a role."""
    said = plain(errors.error(InviteError(problem), ENGLISH))
    others = {
        plain(errors.error(InviteError(other), ENGLISH))
        for other in InviteProblem
        if other is not problem
    }
    assert said not in others
    assert not any(word in said for word in ("viewer", "launcher", "manager"))


def test_names_are_escaped() -> None:
    """Names of people and titles of chats are shown, and never are markup."""
    person = Person(id=7, name=HOSTILE)
    card = team.card(seat(Role.VIEWER, person=person), ENGLISH, own=False)
    assert ESCAPED in card.text
    chat = AllowedChat(chat_id=-1, title=HOSTILE, added_at=0.0, by_id=1, by_name="Sara")
    assert ESCAPED in chats.sure(chat, ENGLISH).text
    assert ESCAPED in chats.allowed(HOSTILE, ENGLISH).text
    invite = Invite(
        id=1,
        digest="",
        role="viewer",
        created_at=0.0,
        expires_at=86400.0,
        by_id=1,
        by_name=HOSTILE,
        ended_at=None,
        used_by=None,
        used_name=None,
    )
    menu = invites.menu([invite] * 12, 0.0, ENGLISH)
    assert ESCAPED in menu.text
    assert len(menu.rows) == invites.SHOWN + 2
