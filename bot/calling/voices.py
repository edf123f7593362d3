"""Saved voices: recordings at the gateway by names that people gave them."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.calling.audit import Deed, of_voice
from bot.calling.errors import ExpiredError, NameTakenError, UsageError
from bot.calling.naming import name_key, nearest, read_name
from bot.calling.problems import Problem
from storage.database import Database
from storage.models import Person, SampleKind, Voice
from storage.stores import Stores

PER_PAGE = 12  # voices on a page of the menu
SHOWN = 40  # letters of what was written that a person is shown again

_VOICE_ID = re.compile(r"[0-9a-fA-F]{32}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicePage:
    """A page of the voices, those used last first; `default` is the number of the reader's own."""

    voices: tuple[Voice, ...]
    default: int | None
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A voice, and whether it is the reader's default."""

    voice: Voice
    default: bool


def read_voice_id(text: str) -> str:
    """The voice id that a text is, in lower case as the gateway writes it.

    Raises:
        UsageError: it is anything but 32 hex digits.
    """
    given = text.strip()
    if not _VOICE_ID.fullmatch(given):
        raise UsageError(Problem.BAD_VOICE, given[:SHOWN])
    return given.lower()


def no_voice(asked: str, voices: Sequence[Voice]) -> UsageError:
    """That no voice has the name that was asked for, with the nearest ones that there are."""
    asked = " ".join(asked.split())[:SHOWN]
    names = tuple(nearest(asked, [voice.name for voice in voices]))
    return UsageError(Problem.NO_VOICE_NAMED, asked, nearest=names)


class Voices:
    """What any member who may launch can do with them; each deed is one transaction."""

    def __init__(self, *, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    @property
    def now(self) -> float:
        """The time by this program's clock, UTC seconds."""
        return self._clock()

    async def all(self) -> list[Voice]:
        """Every voice, those used last first."""
        return await self._database.read(lambda tx: tx.voices.all())

    async def page(self, page: int, *, by: Person) -> VoicePage:
        """A page of the menu; one beyond the last is the last."""

        def work(tx: Stores) -> VoicePage:
            found = tx.voices.all()
            pages = max(1, -(-len(found) // PER_PAGE))
            shown = min(max(1, page), pages)
            return VoicePage(
                voices=tuple(found[(shown - 1) * PER_PAGE : shown * PER_PAGE]),
                default=tx.choices.default_voice(by.id),
                total=len(found),
                page=shown,
                pages=pages,
            )

        return await self._database.read(work)

    async def get(self, ref: int, *, by: Person) -> Shown:
        """One voice.

        Raises:
            UsageError: it was removed.
            ExpiredError: there never was one of this number.
        """
        return await self._database.read(lambda tx: _shown(tx, ref, by))

    async def default(self, *, by: Person) -> Voice | None:
        """The voice that this person has marked as their own default, if it is still there."""

        def work(tx: Stores) -> Voice | None:
            ref = tx.choices.default_voice(by.id)
            voice = None if ref is None else tx.voices.get(ref)
            return None if voice is None or voice.removed_at is not None else voice

        return await self._database.read(work)

    async def named(self, name: str, *, by: Person) -> Shown:
        """The voice of this name.

        Raises:
            UsageError: there is none; the nearest names are in the error.
        """

        def work(tx: Stores) -> Shown:
            voice = tx.voices.named(name_key(name))
            if voice is None:
                raise no_voice(name, tx.voices.all())
            return _shown(tx, voice.id, by)

        return await self._database.read(work)

    async def check_new(self, voice_id: str, shape: Callable[[int], str]) -> int:
        """That a voice of this id can be added, and the number for a name that nobody has.

        Args:
            voice_id: 32 hex digits in lower case.
            shape: the name that is suggested with a number.

        Raises:
            UsageError: it is there already.
        """

        def work(tx: Stores) -> int:
            _check_id(tx, voice_id)
            taken = {voice.name_key for voice in tx.voices.all()}
            number = len(taken) + 1
            while name_key(shape(number)) in taken:
                number += 1
            return number

        return await self._database.read(work)

    async def add(
        self, voice_id: str, name: str, *, by: Person, chat_id: int | None = None
    ) -> Shown:
        """Keep a voice under a name.

        Raises:
            UsageError: the id is there already, the name is another voice's, or no name.
        """
        name = read_name(name)

        def work(tx: Stores) -> Shown:
            _check_id(tx, voice_id)
            _check_name(tx, name)
            now = self._clock()
            ref = tx.voices.add(voice_id, name, name_key(name), by=by, now=now)
            tx.audit.add(
                Deed.VOICE_ADDED, of_voice(ref), at=now, by=by, chat_id=chat_id, after=name
            )
            return _shown(tx, ref, by)

        return await self._database.write(work)

    async def rename(
        self, ref: int, name: str, *, by: Person, chat_id: int | None = None
    ) -> Shown:
        """Give a voice another name; batches keep the one that it had.

        Raises:
            UsageError: it was removed, or the name is another voice's, or no name.
        """
        name = read_name(name)

        def work(tx: Stores) -> Shown:
            was = _voice(tx, ref)
            _check_name(tx, name, but=ref)
            tx.voices.rename(ref, name, name_key(name))
            tx.audit.add(
                Deed.VOICE_RENAMED,
                of_voice(ref),
                at=self._clock(),
                by=by,
                chat_id=chat_id,
                before=was.name,
                after=name,
            )
            return _shown(tx, ref, by)

        return await self._database.write(work)

    async def remove(self, ref: int, *, by: Person, chat_id: int | None = None) -> Voice:
        """Take a voice off the menu; returns what was removed.

        Raises:
            UsageError: it was removed before.
        """

        def work(tx: Stores) -> Voice:
            voice = _voice(tx, ref)
            now = self._clock()
            tx.voices.remove(ref, now=now)
            tx.audit.add(
                Deed.VOICE_REMOVED,
                of_voice(ref),
                at=now,
                by=by,
                chat_id=chat_id,
                before=voice.name,
            )
            return voice

        return await self._database.write(work)

    async def choose(self, ref: int, *, by: Person, chosen: bool) -> Shown:
        """Make a voice this person's default, or no more.

        Raises:
            UsageError: it was removed.
        """

        def work(tx: Stores) -> Shown:
            _voice(tx, ref)
            if chosen or tx.choices.default_voice(by.id) == ref:
                tx.choices.choose_voice(by.id, ref if chosen else None)
            return _shown(tx, ref, by)

        return await self._database.write(work)

    async def attach(
        self,
        voice_id: str,
        sample: str,
        kind: SampleKind,
        *,
        by: Person,
        chat_id: int | None = None,
    ) -> Shown:
        """Keep what the voice of this gateway id sounds like: Telegram's file id, and its kind.

        Raises:
            UsageError: it was removed.
        """

        def work(tx: Stores) -> Shown:
            voice = tx.voices.of(voice_id)
            if voice is None:
                raise UsageError(Problem.VOICE_GONE)
            tx.voices.attach(voice.id, sample, kind)
            tx.audit.add(
                Deed.VOICE_SAMPLED,
                of_voice(voice.id),
                at=self._clock(),
                by=by,
                chat_id=chat_id,
                after=voice.name,
            )
            return _shown(tx, voice.id, by)

        return await self._database.write(work)


def _shown(tx: Stores, ref: int, by: Person) -> Shown:
    return Shown(voice=_voice(tx, ref), default=tx.choices.default_voice(by.id) == ref)


def _voice(tx: Stores, ref: int) -> Voice:
    voice = tx.voices.get(ref)
    if voice is None:
        raise ExpiredError
    if voice.removed_at is not None:
        raise UsageError(Problem.VOICE_GONE, voice.name)
    return voice


def _check_id(tx: Stores, voice_id: str) -> None:
    known = tx.voices.of(voice_id)
    if known is not None:
        raise UsageError(Problem.VOICE_KNOWN, known.name)


def _check_name(tx: Stores, name: str, but: int | None = None) -> None:
    known = tx.voices.named(name_key(name))
    if known is not None and known.id != but:
        raise NameTakenError("voice", known.name)
