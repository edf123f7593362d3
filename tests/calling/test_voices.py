"""The menu of voices: added, renamed, removed, chosen, by several people at once."""

import asyncio
from collections.abc import Awaitable

import pytest

from bot.calling.errors import ExpiredError, UsageError
from bot.calling.naming import leading_name, name_key
from bot.calling.problems import Problem
from bot.calling.voices import PER_PAGE, Voices, read_voice_id
from storage.models import Person, SampleKind
from tests.calling.house import ANN, House, numbers

BEN = Person(id=2, name="Ben")
FIRST, SECOND = f"{1:032x}", f"{2:032x}"


@pytest.fixture
def voices(house: House) -> Voices:
    """The service on the house's record."""
    return Voices(database=house.database, clock=house.clock)


async def problem(asked: Awaitable[object]) -> tuple[Problem, str]:
    """Why something is refused, and the part that is wrong."""
    with pytest.raises(UsageError) as caught:
        await asked
    return caught.value.problem, caught.value.value


class TestAdding:
    """A voice by id and name."""

    async def test_added(self, voices: Voices) -> None:
        """It has its name as it was typed, in single spaces, and who added it."""
        made = await voices.add(FIRST, "  Shift   call ", by=ANN)
        assert (made.voice.name, made.voice.voice_id, made.voice.made_name) == (
            *("Shift call", FIRST, "Ann"),
        )
        assert not made.default
        assert await voices.all() == [made.voice]

    async def test_taken(self, voices: Voices) -> None:
        """A name in any spelling, and an id, can be there once; the sentence names the other."""
        await voices.add(FIRST, "Shift call", by=ANN)
        assert await problem(voices.add(SECOND, "SHIFT  call", by=BEN)) == (
            *(Problem.NAME_TAKEN, "Shift call"),
        )
        assert await problem(voices.add(FIRST, "Other", by=BEN)) == (
            *(Problem.VOICE_KNOWN, "Shift call"),
        )
        assert len(await voices.all()) == 1

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("", Problem.NAME_EMPTY),
            ("x" * 41, Problem.NAME_TOO_LONG),
            ("2nd", Problem.NAME_BEGINS),
            ("+x", Problem.NAME_BEGINS),
        ],
    )
    async def test_no_name(self, voices: Voices, name: str, expected: Problem) -> None:
        """What is no name is refused, for a new voice and for a known one."""
        ref = (await voices.add(FIRST, "Shift", by=ANN)).voice.id
        assert (await problem(voices.add(SECOND, name, by=ANN)))[0] is expected
        assert (await problem(voices.rename(ref, name, by=ANN)))[0] is expected
        assert [voice.name for voice in await voices.all()] == ["Shift"]

    async def test_two_people_at_once(self, voices: Voices) -> None:
        """Of two who add the same name, or the same id, one is told that it is there."""
        for ids, names, expected in (
            ((FIRST, SECOND), ("Shift", "shift"), Problem.NAME_TAKEN),
            ((f"{3:032x}", f"{3:032x}"), ("One", "Two"), Problem.VOICE_KNOWN),
        ):
            found = await asyncio.gather(
                voices.add(ids[0], names[0], by=ANN),
                voices.add(ids[1], names[1], by=BEN),
                return_exceptions=True,
            )
            (error,) = (one for one in found if isinstance(one, UsageError))
            assert error.problem is expected

    async def test_suggested_number(self, voices: Voices) -> None:
        """A name that nobody has, in the words of the reader; a known id needs none."""
        assert await voices.check_new(FIRST, "Voice {}".format) == 1
        await voices.add(SECOND, "voice 2", by=ANN)
        assert await voices.check_new(FIRST, "Voice {}".format) == 3
        assert (await problem(voices.check_new(SECOND, "Voice {}".format)))[0] is (
            Problem.VOICE_KNOWN
        )

    def test_ids(self) -> None:
        """32 hex digits in any case are an id; anything else is named, shortened."""
        assert read_voice_id(f" {FIRST.upper()} ") == FIRST
        with pytest.raises(UsageError) as caught:
            read_voice_id("x" * 99)
        assert (caught.value.problem, caught.value.value) == (Problem.BAD_VOICE, "x" * 40)


class TestChanging:
    """Rename, remove, default, sample."""

    async def test_renamed(self, voices: Voices) -> None:
        """Its own name in another spelling is free, that of another voice is not."""
        ref = (await voices.add(FIRST, "shift", by=ANN)).voice.id
        await voices.add(SECOND, "Other", by=ANN)
        assert (await voices.rename(ref, "Shift", by=BEN)).voice.name == "Shift"
        assert await problem(voices.rename(ref, "other", by=BEN)) == (Problem.NAME_TAKEN, "Other")

    async def test_two_renames_to_one_name(self, voices: Voices) -> None:
        """Of two who want one name for two voices, one is told."""
        refs = [(await voices.add(f"{n:032x}", f"v{n}", by=ANN)).voice.id for n in (1, 2)]
        found = await asyncio.gather(
            *(voices.rename(ref, "Shift", by=ANN) for ref in refs), return_exceptions=True
        )
        assert [isinstance(one, UsageError) for one in found].count(True) == 1

    async def test_removed_is_gone_for_everybody(self, voices: Voices) -> None:
        """Whatever is asked of a removed voice is answered with that, by its name."""
        ref = (await voices.add(FIRST, "Shift", by=ANN)).voice.id
        await voices.choose(ref, by=BEN, chosen=True)
        assert (await voices.remove(ref, by=ANN)).name == "Shift"
        gone = (Problem.VOICE_GONE, "Shift")
        assert await problem(voices.remove(ref, by=ANN)) == gone
        assert await problem(voices.get(ref, by=ANN)) == gone
        assert await problem(voices.rename(ref, "X", by=ANN)) == gone
        assert await problem(voices.choose(ref, by=ANN, chosen=True)) == gone
        attaching = voices.attach(FIRST, "f", SampleKind.VOICE, by=ANN)
        assert (await problem(attaching))[0] is Problem.VOICE_GONE
        with pytest.raises(ExpiredError):
            await voices.get(99, by=ANN)
        assert (await voices.page(1, by=BEN)).default is None
        assert (await voices.add(FIRST, "Shift", by=ANN)).voice.id != ref

    async def test_default(self, voices: Voices) -> None:
        """One voice is a member's default; only that one can be taken back."""
        first = (await voices.add(FIRST, "One", by=ANN)).voice.id
        second = (await voices.add(SECOND, "Two", by=ANN)).voice.id
        assert (await voices.choose(first, by=ANN, chosen=True)).default
        assert (await voices.choose(second, by=ANN, chosen=True)).default
        assert not (await voices.choose(first, by=ANN, chosen=False)).default
        assert (await voices.page(1, by=ANN)).default == second
        assert (await voices.page(1, by=BEN)).default is None
        await voices.choose(second, by=ANN, chosen=False)
        assert not (await voices.get(second, by=ANN)).default

    async def test_sample(self, voices: Voices) -> None:
        """What a voice sounds like is Telegram's id of it, and its kind."""
        await voices.add(FIRST, "One", by=ANN)
        kept = (await voices.attach(FIRST, "file1", SampleKind.AUDIO, by=BEN)).voice
        assert (kept.sample, kept.sample_kind) == ("file1", SampleKind.AUDIO)


class TestFinding:
    """The menu's pages, and a voice by its name."""

    async def test_pages(self, voices: Voices) -> None:
        """A page holds twelve, those used last first; one beyond the last is the last."""
        assert (await voices.page(1, by=ANN)).pages == 1
        for n in range(1, PER_PAGE + 2):
            await voices.add(f"{n:032x}", f"v{n}", by=ANN)
        first, last = await voices.page(0, by=ANN), await voices.page(9, by=ANN)
        assert (first.page, first.pages, first.total, len(first.voices)) == (1, 2, 13, 12)
        assert (last.page, [voice.name for voice in last.voices]) == (2, ["v1"])

    async def test_by_name(self, voices: Voices) -> None:
        """In any spelling; what is not there is answered with the nearest names."""
        made = await voices.add(FIRST, "Shift call", by=ANN)
        assert await voices.named(" SHIFT CALL", by=ANN) == made
        with pytest.raises(UsageError) as caught:
            await voices.named("shft cal", by=ANN)
        assert (caught.value.problem, caught.value.nearest) == (
            *(Problem.NO_VOICE_NAMED, ("Shift call",)),
        )

    async def test_a_launch_notes_the_use(self, house: House, voices: Voices) -> None:
        """The voice that is launched comes first from then on, and the batch keeps its name."""
        await voices.add("08e815cbcd724386805103ac0d45e4c2", "Shift", by=ANN)
        await voices.add(SECOND, "Later", by=ANN)
        assert [voice.name for voice in await voices.all()] == ["Later", "Shift"]
        await house.call(*numbers(1))
        assert [voice.name for voice in await voices.all()] == ["Shift", "Later"]
        assert (await voices.all())[0].used_at == voices.now


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("shift call 0912", ("shift call", " 0912")),
        ("shift  CALL: x", ("shift call", ": x")),
        ("shift\ncall", ("shift", "\ncall")),
        ("shift", ("shift", "")),
        ("shift,call", None),
        ("shifts", None),
        ("x shift", None),
        ("", None),
        (" " * 200 + "shift", None),
    ],
)
def test_leading_name(text: str, found: tuple[str, str] | None) -> None:
    """The longest name at the beginning of the first line, up to the end of a word."""
    keys = {name_key(name) for name in ("Shift", "Shift call")}
    assert leading_name(text, keys) == found
