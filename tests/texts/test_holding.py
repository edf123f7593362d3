"""What the board says of a batch that waits for its first wave, or was held for it."""

import pytest

from bot.texts.board import board
from storage.models import BatchState, HoldReason, SubmissionState
from storage.stores.waves import FirstWave
from tests.texts.scenes import ENGLISH, NOW, lines_of, part, view_of

S = SubmissionState
HELD = {"state": BatchState.HELD, "hold_no": 1, "hold_reason": HoldReason.FAILING}


def wave(final: int = 0, failed: int = 0) -> FirstWave:
    """Fifty calls at the gateway, of which so many are over and so many have failed."""
    return FirstWave(submissions=1, ended_at=NOW, open=0, placed=50, final=final, failed=failed)


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        (
            160,
            (
                "🔎 The first 50 are at the gateway. The other 160 wait to see how they go, until "
                "18:07 at most."
            ),
        ),
        (
            1,
            (
                "🔎 The first 50 are at the gateway. The other one waits to see how they go, "
                "until 18:07 at most."
            ),
        ),
    ],
)
def test_the_rest_waits(rest: int, said: str) -> None:
    """While the first wave is awaited, the board says what waits, for what, and until when."""
    view = view_of(
        part(S.ACCEPTED, 50),
        part(S.QUEUED, rest, not_before=NOW + 180),
        batch={"first_wave": 50, "first_wait": 180.0, "first_share": 30},
        wave=wave(),
    )
    assert lines_of(board(view, ENGLISH, NOW))[1] == said


def test_a_later_part_waits_for_its_pause_alone() -> None:
    """Once the rest goes out, a pause between its parts is told as for any other batch."""
    view = view_of(
        part(S.ACCEPTED, 50),
        part(S.ACCEPTED, 100),
        part(S.QUEUED, 60, not_before=NOW + 60),
        batch={"first_wave": 50, "first_judged_at": NOW},
        wave=wave(50),
    )
    assert lines_of(board(view, ENGLISH, NOW))[1].endswith("The next 60 go out at 18:05.")


@pytest.mark.parametrize(
    ("final", "failed", "said"),
    [
        (41, 13, "⏸ Held: too many of the first calls failed: 13 of the 41 that are over."),
        (2, 1, "⏸ Held: too many of the first calls failed: one of the 2 that are over."),
    ],
)
def test_held_for_its_failures(final: int, failed: int, said: str) -> None:
    """A batch that was held for its first wave says how that stands, and what is not sent."""
    view = view_of(
        part(S.ACCEPTED, 50),
        part(S.QUEUED, 160),
        batch={**HELD, "first_wave": 50},
        wave=wave(final, failed),
    )
    lines = lines_of(board(view, ENGLISH, NOW))
    assert lines[1] == said
    assert "⏸ 160 numbers are not sent." in lines
