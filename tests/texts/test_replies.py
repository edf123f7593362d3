"""Answers that are neither a board nor a draft."""

import pytest

from bot.calling.decisions import Left
from bot.calling.fitting import Disagreement
from bot.calling.pauses import Cure
from bot.calling.rights import Role
from bot.texts import replies
from bot.texts.cards import Button, plain
from storage.models import PauseReason
from tests.texts.scenes import (
    ENGLISH,
    FULL,
    HOSTILE,
    PAUSED,
    labels_of,
)

EXAMPLE = "/call 08e815cbcd724386805103ac0d45e4c2 09120000001 09120000002"


def test_a_stranger_learns_their_id_and_no_more() -> None:
    """Their id, and whom to ask."""
    assert plain(replies.stranger(7, ENGLISH)) == (
        "Your id is 7. This bot is for its team: ask an admin."
    )
    assert replies.not_a_member(ENGLISH) == "This bot is for its team: ask an admin."


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        (
            Role.ADMIN,
            (
                "Only admins may do this; nothing was done. An admin can change your role with "
                "/team."
            ),
        ),
        (
            Role.MANAGER,
            (
                "Only managers and admins may do this; nothing was done. An admin can change your "
                "role with /team."
            ),
        ),
        (
            Role.LAUNCHER,
            (
                "You may look, but not call; nothing was done. An admin can change your role with "
                "/team."
            ),
        ),
    ],
)
def test_a_role_that_is_needed(role: Role, sentence: str) -> None:
    """Who may not do it learns who may, and who could change that."""
    assert replies.role_needed(role, ENGLISH) == sentence


def test_ids_and_hints() -> None:
    """What /start, /id, an unknown command and a plain text are answered with."""
    assert plain(replies.own_id(7, -100, ENGLISH)) == ("Your id is 7, and that of this chat -100.")
    assert plain(replies.welcome("Sara", ENGLISH)) == (
        "Hello Sara. I place batches of phone calls and keep a record of each. To call, reply "
        "with /call to the message, file or contact that holds the numbers; then tap a voice. Or "
        f"type it:\n{EXAMPLE}\n/help shows all I can do."
    )
    assert "Hello &lt;b&gt;Sara" in replies.welcome(HOSTILE, ENGLISH)
    assert replies.no_command(ENGLISH) == ("I do not know this command. /help shows all I can do.")
    assert plain(replies.plain_text(ENGLISH)) == (
        "Nothing was called. To call, paste the numbers, or send a file or a contact; then tap a "
        "voice. /help shows all I can do."
    )


@pytest.mark.parametrize(
    ("not_sent", "under_way", "at_gateway", "words"),
    [
        (27, 0, 0, "27 numbers are not sent."),
        (1, 0, 0, "One number is not sent."),
        (0, 0, 0, "Nothing was left to send."),
        (
            27,
            0,
            8,
            (
                "27 numbers are not sent. 8 are at the gateway already: they have rung or may "
                "still ring."
            ),
        ),
        (
            27,
            0,
            1,
            (
                "27 numbers are not sent. One is at the gateway already: it has rung or may "
                "still ring."
            ),
        ),
        (
            1,
            1,
            0,
            "One number is not sent. One was on its way already and may still ring.",
        ),
        (
            0,
            100,
            8,
            "Nothing was left to send. 108 went out before: they have rung or may still ring.",
        ),
    ],
)
def test_what_hold_and_stop_have_left(
    not_sent: int, under_way: int, at_gateway: int, words: str
) -> None:
    """*Stop* says what it stopped, and never that something at the gateway was called back."""
    left = Left(batch_id=12, not_sent=not_sent, under_way=under_way, at_gateway=at_gateway)
    assert replies.left(left, ENGLISH) == words


def test_undone() -> None:
    """Nothing was sent and nothing will be: it says whose press that was."""
    left = Left(batch_id=12, not_sent=27, under_way=0, at_gateway=0, undone_by="Sara")
    assert replies.left(left, ENGLISH) == "↩️ Undone by Sara: nobody was called."


def test_prompts_for_ids() -> None:
    """They name the batch, and say what changes without an answer."""
    assert replies.prompt_for_ids(12, decided=True, lang=ENGLISH) == (
        "#b12: noted that it rang. If you have the ids of these calls, reply to this message with "
        "them; each is checked with the gateway."
    )
    assert replies.prompt_for_ids(12, decided=False, lang=ENGLISH) == (
        "#b12: reply to this message with the ids of the calls that did ring; each is checked "
        "with the gateway. Until then nothing changes."
    )


def test_what_became_of_ids() -> None:
    """Each id that does not count says why; what is adopted or waits is counted."""
    refused = [(f"id{n}", why) for n, why in enumerate([*Disagreement, None])]
    assert plain(replies.ids_taken(2, [*refused], 2, ENGLISH)).splitlines() == [
        "✅ 2 calls did ring.",
        "✖️ id0: the gateway does not know it.",
        "✖️ id1: it is in the record already.",
        "✖️ id2: the gateway names no number.",
        "✖️ id3: its number and time fit nothing that is open.",
        "🔎 id4: it may belong to several batches; their boards ask which.",
        (
            "⏳ 2 ids are kept and still being checked: their batch shows a call once the "
            "gateway has confirmed it. Until then nothing of that part is called again."
        ),
    ]
    assert replies.ids_taken(1, [], 0, ENGLISH) == "✅ One call did ring."
    assert replies.ids_taken(0, [], 1, ENGLISH) == (
        "⏳ One id is kept and still being checked: its batch shows the call once the gateway "
        "has confirmed it. Until then nothing of that part is called again."
    )


def test_what_fell_out_of_a_try_again() -> None:
    """Parts that could not be taken any more are counted, with the reason."""
    assert replies.fell_out(1, ENGLISH) == (
        "One part fell out: it was tried again by somebody else, or may have rung after all."
    )
    assert replies.fell_out(2, ENGLISH) == (
        "2 parts fell out: they were tried again by somebody else, or may have rung after all."
    )


def test_the_notice_of_a_pause() -> None:
    """Admins read why, what ends it, and have the button that tries it."""
    card = replies.pause_notice(PAUSED, ENGLISH)
    assert card.text == (
        "⏸ Launching is paused: the gateway refuses our token. An admin renews BITEL_TOKEN, "
        "starts me again and sends /unpause."
    )
    assert labels_of(card) == [["Check and unpause"]]
    assert card.rows[0][0].data == "unpause:1"
    assert "An admin makes room" in replies.pause_notice(FULL, ENGLISH).text


@pytest.mark.parametrize(
    ("reason", "ended", "words"),
    [
        (
            PauseReason.UNAUTHORISED,
            True,
            "✅ The gateway takes our token again. Batches on hold wait for a person.",
        ),
        (
            PauseReason.UNAUTHORISED,
            False,
            "⏸ Still paused: the gateway does not take our token, or does not answer.",
        ),
        (
            PauseReason.DISK,
            True,
            "✅ The disk takes writes again. Batches on hold wait for a person.",
        ),
        (PauseReason.DISK, False, "⏸ Still paused: the disk refuses writes."),
        (
            PauseReason.RESTORED,
            False,
            "⏸ Still paused: an older database was put in place.",
        ),
    ],
)
def test_cures(reason: PauseReason, ended: bool, words: str) -> None:
    """What *Check and unpause* found, pause by pause."""
    assert replies.cures([Cure(reason=reason, ended=ended)], ENGLISH) == words


def test_restored() -> None:
    """What an older database means is said before its button, which names the very pause."""
    card = replies.restored(7, ENGLISH)
    assert "numbers that it calls not sent may have rung" in card.text
    assert "Compare with the boards in the chats before you launch again" in card.text
    assert card.rows == ((Button("Launch again", "relaunch:7"),),)
    said = replies.launching_again("Ann <b>", ENGLISH)
    assert (
        said
        == "▶️ Ann &lt;b&gt; launches on with this database. Batches on hold wait for a person."
    )


def test_small_words() -> None:
    """Nothing paused, the neutral word."""
    assert replies.cures([], ENGLISH) == "Launching is not paused."
    assert replies.working(ENGLISH) == "One moment…"
