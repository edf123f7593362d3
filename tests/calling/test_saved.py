"""Saved launches and favourites, as their service makes and reads them."""

import pytest

from bot.calling.drafts import Content
from bot.calling.errors import ExpiredError, NotYoursError, UsageError
from bot.calling.favourites import Favourites
from bot.calling.naming import name_key
from bot.calling.problems import Problem
from bot.calling.results import Asked
from bot.calling.saved import SavedLaunches
from bot.calling.saving import Recipe
from storage.models import Panel
from storage.stores import Stores
from tests.calling.house import ANN, BEN, ROOM, VOICE, House, numbers

MOST = 5  # numbers in one batch


@pytest.fixture
def saved(house: House) -> SavedLaunches:
    """The service, on the house's record."""
    return SavedLaunches(
        database=house.database,
        blank=house.launches.blank,
        max_numbers=MOST,
        clock=house.clock,
    )


@pytest.fixture
def favourites(house: House) -> Favourites:
    """The favourites, on the same record."""
    return Favourites(house.database)


async def make(house: House, count: int = 2) -> str:
    """A voice and a list of so many numbers, as `<voice>.<list>`."""

    def work(tx: Stores) -> str:
        known = tx.voices.of(VOICE)
        voice = (
            known.id
            if known
            else tx.voices.add(VOICE, "Shift call", "shift call", by=ANN, now=0.0)
        )
        name = f"Drivers {chr(97 + len(tx.lists.names()))}"
        made = tx.lists.create(name, name_key(name), by=ANN, now=0.0)
        tx.lists.add(made, numbers(count), {numbers(1)[0]: "Ali"})
        return f"{voice}.{made}"

    return await house.database.write(work)


async def drafted(house: House, **what: object) -> str:
    """The token of a draft of Ann's."""
    given: dict[str, object] = {"voice": VOICE, "numbers": numbers(2)}
    content = house.launches.blank(**(given | what))
    asked = await house.launches.draft(content, by=ANN, place=ROOM, asked_by=f"test:{len(what)}")
    assert isinstance(asked, Asked)
    return asked.token


async def refused(saved: SavedLaunches, token: str) -> Problem:
    """Why a launch cannot be launched."""
    with pytest.raises(UsageError) as caught:
        await saved.content(token)
    view_says = None
    if caught.value.problem is not Problem.LAUNCH_GONE:
        view_says = (await saved.get(token, ANN.id)).problem
        assert view_says is caught.value.problem
    return caught.value.problem


async def test_save_by_taps(house: House, saved: SavedLaunches) -> None:
    """A voice and a list become a launch, which launches what the list holds at that moment."""
    source = await make(house)
    token = await saved.save(source, "  Shift   call → Drivers ", by=ANN)
    content = await saved.content(token)
    assert content == Content(
        voice=VOICE,
        voice_name="Shift call",
        retry_count=house.launches.blank(voice=None, numbers=()).retry_count,
        server_id=None,
        numbers=numbers(2),
        names={numbers(1)[0]: "Ali"},
        list_ref=int(source.partition(".")[2]),
        list_name="Drivers a",
        launch_ref=1,
    )
    ref = int(source.partition(".")[2])
    await house.database.write(lambda tx: tx.lists.add(ref, numbers(4), {}))
    assert (await saved.content(token)).numbers == numbers(4)
    view = await saved.get(token, ANN.id)
    assert (view.launch.name, view.count, view.place) == ("Shift call → Drivers", 4, None)


async def test_save_a_draft(house: House, saved: SavedLaunches) -> None:
    """A draft's voice, numbers with names, retries and dialer are saved as its card shows them."""
    await make(house)
    names = {numbers(2)[1]: "Sara"}
    token = await drafted(house, names=names, retry_count=4, server_id="s1")
    recipe = await saved.recipe(token, by=ANN)
    assert recipe.count == 2
    launch = await saved.save(token, "Ours", by=ANN)
    content = await saved.content(launch)
    assert (content.numbers, content.names, content.list_ref) == (numbers(2), names, None)
    assert (content.retry_count, content.server_id, content.voice_name) == (4, "s1", "Shift call")


async def test_save_a_spoken_text(house: House, saved: SavedLaunches) -> None:
    """A text that is read out is saved in full, and is the same voice each time."""
    token = await drafted(house, voice="text:0", spoken="Come at 8")
    launch = await saved.save(token, "Eight", by=ANN)
    first, second = await saved.content(launch), await saved.content(launch)
    assert (first.spoken, first.voice_name) == ("Come at 8", None)
    assert first.voice == second.voice
    assert str(first.voice).startswith("text:")


async def test_a_draft_of_a_whole_list_is_saved_with_its_list(
    house: House, saved: SavedLaunches
) -> None:
    """A draft that was thinned out is saved with its own numbers, not with all of the list."""
    ref = int((await make(house)).partition(".")[2])
    whole = await drafted(house, list_ref=ref, list_name="Drivers a")
    thinned = await drafted(
        house, list_ref=ref, list_name="Drivers a", numbers=numbers(1), repeated=1
    )
    recipes = [await saved.recipe(token, by=ANN) for token in (whole, thinned)]
    assert [recipe.number_list is not None for recipe in recipes] == [True, False]
    assert recipes[1].numbers == ((numbers(1)[0], None),)


async def test_what_cannot_be_saved(house: House, saved: SavedLaunches) -> None:
    """A voice without a name, somebody else's draft, one that is not there, a removed list."""
    token = await drafted(house)
    with pytest.raises(UsageError) as caught:
        await saved.recipe(token, by=ANN)
    assert caught.value.problem is Problem.LAUNCH_WITHOUT_VOICE
    source = await make(house)
    with pytest.raises(NotYoursError):
        await saved.recipe(token, by=BEN)
    for gone in ("nothing", "9.1", "1.9"):
        with pytest.raises(ExpiredError):
            await saved.recipe(gone, by=ANN)
    await house.database.write(lambda tx: tx.lists.remove(1, now=1.0))
    with pytest.raises(ExpiredError):
        await saved.save(source, "name", by=ANN)
    assert await saved.all() == []


async def test_names(house: House, saved: SavedLaunches) -> None:
    """A name is one launch's; a suggested one that is taken gets a number."""
    source = await make(house)
    await saved.save(source, "Shift", by=ANN)
    with pytest.raises(UsageError) as caught:
        await saved.save(source, "SHIFT", by=BEN)
    assert (caught.value.problem, caught.value.value) == (Problem.NAME_TAKEN, "Shift")
    for _ in range(2):
        await saved.save(source, "Shift", by=BEN, numbered=True)
    await saved.save(source, "x" * 40, by=BEN)
    await saved.save(source, "x" * 40, by=BEN, numbered=True)
    assert {one.name for one in await saved.all()} == {
        "Shift",
        "Shift 2",
        "Shift 3",
        "x" * 40,
        "x" * 38 + " 2",
    }
    for name, problem in (("", Problem.NAME_EMPTY), ("y" * 41, Problem.NAME_TOO_LONG)):
        with pytest.raises(UsageError) as caught:
            await saved.save(source, name, by=BEN)
        assert caught.value.problem is problem


async def test_rename(house: House, saved: SavedLaunches) -> None:
    """A launch may get its own name in another spelling, but not another's."""
    source = await make(house)
    one = await saved.save(source, "one", by=ANN)
    await saved.save(source, "two", by=ANN)
    await saved.rename(one, "ONE", by=ANN)
    with pytest.raises(UsageError, match="name_taken"):
        await saved.rename(one, "Two", by=ANN)
    assert {launch.name for launch in await saved.all()} == {"ONE", "two"}


async def test_named(house: House, saved: SavedLaunches) -> None:
    """A launch is found by its name in any spelling; otherwise the nearest are offered."""
    token = await saved.save(await make(house), "Shift call", by=ANN)
    found, near = await saved.named("SHIFT  call")
    assert (found and found.token, near) == (token, [])
    found, near = await saved.named("shift cal")
    assert (found, [launch.name for launch in near]) == (None, ["Shift call"])
    assert await saved.named("zzz") == (None, [])


async def test_why_a_launch_cannot_be_launched(house: House, saved: SavedLaunches) -> None:
    """Each reason is its own error, and the launch's card knows the same one."""
    token = await saved.save(await make(house, MOST + 1), "large", by=ANN)
    assert await refused(saved, token) is Problem.LAUNCH_TOO_LARGE
    empty = await saved.save(await make(house, 0), "empty", by=ANN)
    assert await refused(saved, empty) is Problem.LAUNCH_LIST_EMPTY
    source = await make(house)
    listless = await saved.save(source, "listless", by=ANN)
    ref = int(source.partition(".")[2])
    await house.database.write(lambda tx: tx.lists.remove(ref, now=1.0))
    assert await refused(saved, listless) is Problem.LAUNCH_LIST_GONE
    await house.database.write(lambda tx: tx.voices.remove(1, now=1.0))
    assert await refused(saved, listless) is Problem.LAUNCH_VOICE_GONE
    assert (await saved.remove(listless, by=ANN)).name == "listless"
    assert await refused(saved, listless) is Problem.LAUNCH_GONE
    assert await refused(saved, "never-was") is Problem.LAUNCH_GONE
    for change in (saved.remove(listless, by=ANN), saved.rename(listless, "x", by=ANN)):
        with pytest.raises(UsageError, match="launch_gone"):
            await change


async def test_favourites(house: House, saved: SavedLaunches, favourites: Favourites) -> None:
    """A member's own, in the member's order; a panel begins with those of who asked for it."""
    source = await make(house)
    one, two, three = [await saved.save(source, name, by=ANN) for name in ("a", "b", "c")]
    assert [await favourites.add(token, ANN.id) for token in (one, two, two)] == [
        True,
        True,
        False,
    ]
    assert await favourites.move_up(two, ANN.id)
    assert (await saved.get(one, ANN.id)).place == 2
    assert (await saved.get(one, BEN.id)).place is None
    panelled = await favourites.panelled(ANN.id)
    assert [launch.name for launch in panelled.favourites] == ["b", "a"]
    assert [launch.name for launch in panelled.others] == ["c"]
    assert await favourites.remove(two, ANN.id)
    assert [launch.token for launch in await favourites.of(ANN.id)] == [one]
    await saved.remove(three, by=ANN)
    for change in (favourites.add, favourites.remove, favourites.move_up):
        with pytest.raises(UsageError, match="launch_gone"):
            await change(three, ANN.id)


async def test_picking(house: House, saved: SavedLaunches) -> None:
    """Voices, and pages of lists with one list more; a removed voice cannot be picked."""
    for _ in range(3):
        await make(house)
    (voice,) = await saved.voices()
    picked, lists = await saved.lists_for(voice.id, 1, 2)
    assert (picked, len(lists)) == (voice, 3)
    assert len((await saved.lists_for(voice.id, 2, 2))[1]) == 1
    await house.database.write(lambda tx: tx.voices.remove(voice.id, now=1.0))
    with pytest.raises(ExpiredError):
        await saved.lists_for(voice.id, 1, 2)


async def test_panels(favourites: Favourites) -> None:
    """A newer panel takes the place of the one before, which is returned."""
    old = Panel(chat_id=-100, thread_id=0, message_id=1, user_id=ANN.id)
    new = Panel(chat_id=-100, thread_id=0, message_id=2, user_id=BEN.id)
    assert await favourites.replace_panel(old, by=ANN) is None
    assert await favourites.replace_panel(new, by=BEN) == old
    assert await favourites.panel(-100, None) == new


def test_recipe_counts() -> None:
    """A recipe without a list counts its own numbers."""
    assert Recipe(spoken="x", numbers=((numbers(1)[0], None),)).count == 1
