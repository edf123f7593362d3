"""A program that Telegram does not let hear any more ends, instead of living on deaf."""

from sandbox.bitel import faults
from sandbox.telegram import Refused
from tests.e2e.harness import World, call


async def test_a_refused_token_while_polling_ends_the_program(world: World) -> None:
    """A 401 to a question for updates: it is logged, and the exit code is not zero."""
    bot = await world.start()
    await world.ask(world.sara, "/id")
    world.tg.fail("getUpdates", Refused(401, "Unauthorized"), times=None)
    world.tg.send(world.sara, world.sara, "/id")  # ends the question that is under way
    assert await bot.wait() == 1
    assert "polling has ended: Telegram refuses the token" in bot.log


async def test_what_is_under_way_is_recorded_before_the_end(world: World) -> None:
    """The end after a 401 is an orderly one, and the next process hears again."""
    bot = await world.start()
    world.bitel.fail_next(faults.delay(1))
    world.tg.send(world.sara, world.sara, call(world.numbers(1)))
    await world.bitel.wait_for(lambda: world.bitel.posts == 1)
    world.tg.fail("getUpdates", Refused(401, "Unauthorized"), times=None)
    world.tg.send(world.sara, world.sara, "/id")
    assert await bot.wait() == 1
    assert world.record.states(1) == ["accepted"]
    world.tg.heal()
    await world.start()
    assert "500001" in (await world.ask(world.sara, "/id")).text
    assert world.bitel.posts == 1
