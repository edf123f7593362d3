"""Limits raced by fifty people at once, against the real program (row 55).

Everybody asks for the same share, so that exactly as many launches fit as the limit has room for.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable

import pytest_asyncio

from sandbox.telegram import Message, Person
from storage.database import Database
from storage.models import Person as Recorded
from storage.stores import Stores
from tests.e2e.harness import World, call
from tests.e2e.record import RANG_OR_MAY_HAVE

PEOPLE = 50
EACH = 4  # numbers that everybody asks for
FIT = 20  # of them


class Crowd:
    """Fifty launchers, and limits that are set before the program starts."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people = [world.tg.add_person(600001 + i, f"Launcher {i + 1}") for i in range(PEOPLE)]

    async def write(self, work: Callable[[Stores], object]) -> None:
        """Change the record while no program runs."""
        database = await Database.open(self.world.record.path)
        try:
            await database.write(work)
        finally:
            await database.close()

    async def join(self, **limits: int) -> None:
        """Make all of them launchers, and set the limits."""
        sara = Recorded(id=self.world.sara.id, name="Sara")

        def work(tx: Stores) -> None:
            for one in self.people:
                person = Recorded(id=one.id, name=one.first_name)
                tx.members.put(person, "launcher", now=0.0, by=sara)
            for name, value in limits.items():
                tx.limits.put(name, value)

        await self.write(work)

    def all_at_once(self, count: int = EACH) -> list[Message]:
        """Everybody asks for so many numbers that nobody else calls."""
        return [
            self.world.tg.send(one, one, call(self.world.numbers(count))) for one in self.people
        ]

    async def answers(self, asked: list[Message]) -> list[Message]:
        """The first answer to each."""
        return [await self.world.answer_to(message, 60) for message in asked]

    def answered(self, asked: list[Message]) -> set[int]:
        """Who has an answer."""
        return {one.chat_id for one in asked if self.world.answers_to(one)}

    async def settled(self) -> None:
        """Wait until nothing is on its way to the gateway any more."""
        await self.world.until(
            lambda: not {"queued", "sending"} & set(self.world.record.states()), 60
        )

    @property
    def rang(self) -> list[str]:
        """Every number that the gateway has seen, as often as it has."""
        return [number for post in self.world.bitel.seen for number in post.numbers]


@pytest_asyncio.fixture
async def crowd(world: World) -> AsyncIterator[Crowd]:
    """Fifty more people, whom nobody knows yet."""
    yield Crowd(world)


def launched(answers: list[Message]) -> int:
    """How many of the answers are boards."""
    return sum("Today's limit" not in answer.text for answer in answers)


async def test_row_55_the_limit_of_the_team_raced_by_fifty(crowd: Crowd) -> None:
    """Exactly as many as fit are called; everybody else is told the limit and its use."""
    await crowd.join(team_day=FIT * EACH + 1)
    await crowd.world.start()
    answers = await crowd.answers(crowd.all_at_once())
    await crowd.settled()
    assert len(crowd.rang) == len(set(crowd.rang)) == FIT * EACH
    assert launched(answers) == FIT
    refused = {answer.text for answer in answers if "Today's limit" in answer.text}
    (told,) = refused
    assert told == (
        "🚦 Today's limit for the team is 81 numbers; 80 are used, this would be 4 more. Nobody "
        "was called. A manager can raise it with /limits."
    )
    noted = crowd.world.record.value("SELECT count(*) FROM audit WHERE deed = 'launch_refused'")
    assert noted == PEOPLE - FIT


async def test_row_55_the_limit_of_a_member_raced_by_one_and_by_all(crowd: Crowd) -> None:
    """Ten messages of each of five people: everybody has their own share, and all of it."""
    await crowd.join(member_day=3 * EACH)
    await crowd.world.start()
    five = crowd.people[:5]
    asked = [
        (one, crowd.world.tg.send(one, one, call(crowd.world.numbers(EACH))))
        for _ in range(10)
        for one in five
    ]
    answers = await crowd.answers([message for _, message in asked])
    await crowd.settled()
    assert len(crowd.rang) == len(set(crowd.rang)) == 5 * 3 * EACH
    by_person = Counter(
        one.id
        for (one, _), answer in zip(asked, answers, strict=True)
        if "Today's limit for you is 12 numbers; 12 are used" not in answer.text
    )
    assert by_person == {one.id: 3 for one in five}


async def test_row_55_the_limit_of_a_number_raced_by_fifty(crowd: Crowd) -> None:
    """Fifty people call the same number: it rings three times, and the others are told."""
    await crowd.join(number_day=3)
    await crowd.world.start()
    (number,) = crowd.world.numbers(1)
    asked = [
        crowd.world.tg.send(one, one, call([number, *crowd.world.numbers(1)]))
        for one in crowd.people
    ]
    await crowd.answers(asked)
    await crowd.settled()
    seen = Counter(crowd.rang)
    assert seen.pop(number) == 3
    assert list(seen.values()) == [1] * PEOPLE  # everybody's own number is called
    alone = await crowd.world.ask(crowd.people[0], call([number]))
    assert alone.text.startswith("🚦 This number was called 3 times today already")


async def test_row_55_the_limit_of_the_team_holds_across_kill_9(crowd: Crowd) -> None:
    """The program is killed in the middle of the race: what may have rung keeps its share.

    In the next life whoever had no answer asks again, and no permitted launch is refused.
    """
    await crowd.join(team_day=FIT * EACH)
    first = await crowd.world.start()
    asked = crowd.all_at_once()
    await crowd.world.until(lambda: len(crowd.world.record.batches()) >= FIT // 4)
    await first.kill9()
    kept = len(crowd.world.record.batches())
    assert kept < FIT
    await crowd.world.start()
    await crowd.world.until(lambda: len(crowd.answered(asked)) >= kept, 60)
    crowd.people = [one for one in crowd.people if one.id not in crowd.answered(asked)]
    await crowd.answers(crowd.all_at_once())
    await crowd.settled()
    late = crowd.people[0]
    told = await crowd.world.ask(late, call(crowd.world.numbers(EACH)))
    assert told.text.startswith("🚦 Today's limit for the team is 80 numbers; 80 are used")
    parts = crowd.world.record.rows("SELECT state, numbers FROM submissions")
    assert sum(row["numbers"] for row in parts if row["state"] in RANG_OR_MAY_HAVE) == FIT * EACH
    assert len(crowd.rang) == len(set(crowd.rang)) <= FIT * EACH


async def test_row_55_two_people_confirm_at_once(world: World) -> None:
    """Of two drafts that do not fit together one is launched, and the other one stays open."""
    crowd = Crowd(world)
    await crowd.write(lambda tx: tx.limits.put("team_day", 30))
    await world.start(CONFIRM_ABOVE="1")
    cards: list[tuple[Person, Message]] = [
        (one, await world.ask(one, call(world.numbers(20)))) for one in (world.sara, world.bob)
    ]
    pressed = [world.tg.press(one, card, "✅ Call 20") for one, card in cards]
    await asyncio.gather(*(world.tg.answer_of(press, 30) for press in pressed))
    await world.tg.wait_for(
        lambda: [
            message
            for one, _ in cards
            for message in world.tg.sent(one)
            if "20 are used, this would be 20 more" in message.text
        ],
        30,
    )
    await crowd.settled()
    assert len(crowd.rang) == 20
    assert sorted(row[0] for row in world.record.rows("SELECT state FROM drafts")) == [
        "confirmed",
        "open",
    ]
