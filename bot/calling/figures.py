"""What was launched in some days, in figures: in all, by voice, by person and by day."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.calling.days import Days, day_of
from storage.models import Played
from storage.stores.statistics import BatchFigures

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Some batches in figures: seconds of talk, cost in thousandths of a Toman.

    `placed` are the numbers that the gateway took, of which `answered` were.
    """

    batches: int = 0
    numbers: int = 0
    placed: int = 0
    answered: int = 0
    talk: int = 0
    cost: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was launched in some days; voices and persons with the most calls come first."""

    days: Days
    total: Figures
    by_voice: tuple[tuple[Played, Figures], ...]
    by_person: tuple[tuple[str, Figures], ...]
    by_day: tuple[tuple[date, Figures], ...]


def report(
    days: Days, found: list[BatchFigures], timezone: ZoneInfo, voices: Mapping[str, str]
) -> Report:
    """Sum up batches (oldest first).

    A person has the name of their newest one; a voice its name of `voices` (by gateway id), and
    that of its newest batch if it has none there.
    """
    names = {one.author_id: one.author_name for one in found}
    played = {one.played.voice: named(one.played, voices) for one in found}
    by_voice = _grouped((one.played.voice, one) for one in found)
    persons = _grouped((one.author_id, one) for one in found)
    return Report(
        days=days,
        total=_summed(found),
        by_voice=tuple((played[voice], figures) for voice, figures in _largest(by_voice)),
        by_person=_largest([(names[author_id], figures) for author_id, figures in persons]),
        by_day=tuple(
            sorted(
                _grouped((day_of(one.created_at, timezone), one) for one in found),
                key=lambda pair: pair[0],
            )
        ),
    )


def named(played: Played, voices: Mapping[str, str]) -> Played:
    """The same with the name that the voice has in `voices` (by gateway id), if it has one."""
    name = voices.get(played.voice)
    return played if name is None else replace(played, voice_name=name)


def _grouped(found: Iterable[tuple[K, BatchFigures]]) -> list[tuple[K, Figures]]:
    """The figures of each key, in the order in which the keys come."""
    groups: dict[K, list[BatchFigures]] = {}
    for key, one in found:
        groups.setdefault(key, []).append(one)
    return [(key, _summed(group)) for key, group in groups.items()]


def _summed(found: list[BatchFigures]) -> Figures:
    return Figures(
        batches=len(found),
        numbers=sum(one.numbers for one in found),
        placed=sum(one.placed for one in found),
        answered=sum(one.answered for one in found),
        talk=sum(one.talk for one in found),
        cost=sum(one.cost for one in found),
    )


def _largest(found: list[tuple[str, Figures]]) -> tuple[tuple[str, Figures], ...]:
    return tuple(sorted(found, key=lambda pair: (-pair[1].placed, pair[0])))
