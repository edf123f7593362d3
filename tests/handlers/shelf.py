"""Voices, lists and launches that stand ready, for tests that tap them."""

from bot.calling.naming import name_key
from storage.models import NewLaunch, Person
from storage.stores import Stores
from tests.handlers.house import VOICE, Running

SARA = Person(id=500001, name="Sara")


async def voice(bot: Running, name: str = "Shift call", voice_id: str = VOICE) -> int:
    """A saved voice."""
    return await bot.house.database.write(
        lambda tx: tx.voices.add(voice_id, name, name_key(name), by=SARA, now=0.0)
    )


async def number_list(bot: Running, name: str = "Drivers", count: int = 3) -> int:
    """A saved list."""

    def work(tx: Stores) -> int:
        made = tx.lists.create(name, name_key(name), by=SARA, now=0.0)
        tx.lists.add(made, [f"+98912{i:06d}0" for i in range(count)], {})
        return made

    return await bot.house.database.write(work)


async def launch(bot: Running, name: str = "Shift", *, count: int = 3) -> str:
    """A saved launch of a voice of its own to a list of its own; returns its token."""
    digest = f"{abs(hash(name)):032x}"[:32]
    voice_ref = await voice(bot, f"Voice of {name}", digest)
    list_ref = await number_list(bot, f"List of {name}", count)
    token = f"{name.replace(' ', '-')}-token"
    new = NewLaunch(
        token=token,
        name=name,
        name_key=name_key(name),
        by=SARA,
        voice_ref=voice_ref,
        list_ref=list_ref,
    )
    await bot.house.database.write(lambda tx: tx.launches.create(new, 0.0))
    return token


async def favourite(bot: Running, launch_id: int) -> None:
    """Bob has this launch as a favourite, behind his others."""
    await bot.house.database.write(lambda tx: tx.favourites.add(bot.town.bob.id, launch_id))


async def drafts(bot: Running) -> int:
    """How many drafts there ever were."""
    return await bot.house.database.read(
        lambda tx: int(tx.db.execute("SELECT count(*) FROM drafts").fetchone()[0])
    )
