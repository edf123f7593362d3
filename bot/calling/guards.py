"""What a person should know before they launch: who got this voice lately, and what it costs."""

from dataclasses import replace

from bot.calling.drafts import Content, Estimate
from storage.stores import Stores

LATELY = 86400.0  # seconds in which a number that got this voice is pointed out
BASIS = 5  # past batches with this voice that an estimate rests on


def with_warnings(
    tx: Stores, content: Content, *, now: float, follows: int | None = None
) -> Content:
    """The content with who of its numbers got this voice lately, and with its estimate.

    For a follow-up only what was called after the batch that it follows counts.
    """
    if content.voice is None:
        return replace(content, recent=(), estimate=None)
    called = tx.voice_calls.lately(content.voice, since=now - LATELY, after=follows or 0)
    return replace(
        content,
        recent=tuple(number for number in content.numbers if number in called),
        estimate=estimate(tx, content.voice, len(content.numbers)),
    )


def estimate(tx: Stores, voice: str, count: int) -> Estimate | None:
    """What so many numbers cost by the last five batches with this voice; None without any.

    The mean is the cost per number over all of them, the range that of the single batches.
    """
    return _by(tx.voice_calls.costs(voice, BASIS), count)


def expected_cost(tx: Stores, voice: str | None, count: int) -> int | None:
    """What so many numbers count for the limits of cost, in thousandths of a Toman.

    Without past batches of the voice the last ones of any voice say it; None as long as there are
    no prices at all.
    """
    about = None if voice is None else estimate(tx, voice, count)
    about = about or _by(tx.voice_calls.costs(None, BASIS), count)
    return None if about is None else about.mean


def _by(past: list[tuple[int, int]], count: int) -> Estimate | None:
    if not past:
        return None
    means = [price / numbers for price, numbers in past]
    total = sum(price for price, _ in past) / sum(numbers for _, numbers in past)
    return Estimate(
        mean=round(total * count),
        low=round(min(means) * count),
        high=round(max(means) * count),
        batches=len(past),
    )
