"""What is said of a file of calls."""

from datetime import date

from bot.calling.days import Days
from bot.texts import exports
from tests.texts.scenes import ENGLISH

JUNE = Days(date(2025, 6, 1), date(2025, 6, 15))


def test_while_it_is_made() -> None:
    """How far it is, then that it is on its way."""
    assert exports.making(40_000, 100_000, ENGLISH) == (
        "🗂 Making the file… 40,000 of 100,000 calls"
    )
    assert exports.making(0, 1, ENGLISH) == "🗂 Making the file… 0 of one call"
    assert exports.sending(1, 1, ENGLISH) == "🗂 Sending the file…"
    assert exports.sending(2, 3, ENGLISH) == "🗂 Sending file 2 of 3…"


def test_when_it_is_made() -> None:
    """How many calls of which days, in how many files; or that it was not."""
    assert exports.made(1, 1, JUNE, ENGLISH) == "🗂 1 Jun 2025 – 15 Jun 2025: one call."
    assert exports.made(9000, 3, JUNE, ENGLISH) == (
        "🗂 1 Jun 2025 – 15 Jun 2025: 9,000 calls in 3 files."
    )
    assert exports.not_made(ENGLISH) == (
        "The file could not be made, and it has been logged why. Try it again, or with fewer days."
    )


def test_captions() -> None:
    """Each file says what is in it, and which part it is where there are several."""
    assert exports.days_caption(JUNE, 1, 1, 1, ENGLISH) == "1 Jun 2025 – 15 Jun 2025: one call"
    assert exports.days_caption(JUNE, 5000, 2, 3, ENGLISH) == (
        "1 Jun 2025 – 15 Jun 2025: 5,000 calls, part 2 of 3"
    )
    assert exports.batch_caption(12, 1000, 1, 1, ENGLISH) == "#b12: 1,000 calls"
    assert exports.batch_caption(12, 1, 2, 2, ENGLISH) == "#b12: one call, part 2 of 2"
