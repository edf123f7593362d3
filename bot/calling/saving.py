"""What a saved launch is made of and would launch now, inside one transaction."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.calling.drafts import Content, spoken_voice
from bot.calling.errors import ExpiredError, UsageError
from bot.calling.leaving_out import all_given
from bot.calling.problems import Problem
from storage.models import NumberList, SavedLaunch, Voice
from storage.stores import Stores

Blank = Callable[..., Content]  # a content with the settings filled in: `Launches.blank`


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What is to be saved: one of `voice` and `spoken`, one of `number_list` and `numbers`.

    Attributes:
        numbers: E.164, each with its name or None.
        retry_count: None for what the settings say when it is launched.
    """

    voice: Voice | None = None
    spoken: str | None = None
    number_list: NumberList | None = None
    numbers: tuple[tuple[str, str | None], ...] = ()
    retry_count: int | None = None
    server_id: str | None = None

    @property
    def count(self) -> int:
        """How many numbers it would call now."""
        return self.number_list.numbers if self.number_list else len(self.numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchView:
    """A saved launch as it is now, for one member.

    Attributes:
        voice: also one that was removed; None where a text is spoken.
        number_list: also one that was removed; None where it has numbers of its own.
        place: where it stands among the member's favourites, from 1; None if it is none.
        most: numbers that one batch may have.
    """

    launch: SavedLaunch
    voice: Voice | None
    number_list: NumberList | None
    place: int | None
    most: int

    @property
    def count(self) -> int:
        """How many numbers it would call now."""
        return self.number_list.numbers if self.number_list else self.launch.numbers or 0

    @property
    def problem(self) -> Problem | None:
        """Why it cannot be launched now."""
        if self.launch.removed_at is not None:
            return Problem.LAUNCH_GONE
        if self.voice is not None and self.voice.removed_at is not None:
            return Problem.LAUNCH_VOICE_GONE
        if self.number_list is not None and self.number_list.removed_at is not None:
            return Problem.LAUNCH_LIST_GONE
        if self.count == 0:
            return Problem.LAUNCH_LIST_EMPTY
        return Problem.LAUNCH_TOO_LARGE if self.count > self.most else None


def there(launch: SavedLaunch | None) -> SavedLaunch:
    """The launch, if it is there.

    Raises:
        UsageError: it was removed, or never was.
    """
    if launch is None or launch.removed_at is not None:
        raise UsageError(Problem.LAUNCH_GONE)
    return launch


def view_of(tx: Stores, launch: SavedLaunch, user_id: int, most: int) -> LaunchView:
    """The launch as it is now, for this member."""
    order = [favourite.id for favourite in tx.favourites.of(user_id)]
    return LaunchView(
        launch=launch,
        voice=None if launch.voice_ref is None else tx.voices.get(launch.voice_ref),
        number_list=None if launch.list_ref is None else tx.lists.get(launch.list_ref),
        place=order.index(launch.id) + 1 if launch.id in order else None,
        most=most,
    )


def content_of(tx: Stores, view: LaunchView, blank: Blank) -> Content:
    """What it launches now: its list is read at this moment.

    Raises:
        UsageError: its voice or its list was removed, or the list is empty or too large.
    """
    launch, voice, number_list = view.launch, view.voice, view.number_list
    if view.problem is not None:
        limit = view.most if view.problem is Problem.LAUNCH_TOO_LARGE else 0
        raise UsageError(view.problem, launch.name, limit)
    numbers = tx.launches.numbers(launch.id)
    if number_list is not None:
        numbers = [(one.number, one.name) for one in tx.lists.numbers(number_list.id)]
    given: dict[str, object] = {}
    if launch.retry_count is not None:
        given["retry_count"] = launch.retry_count
    if launch.server_id is not None:
        given["server_id"] = launch.server_id
    return blank(
        voice=voice.voice_id if voice else spoken_voice(launch.spoken or ""),
        voice_name=voice.name if voice else None,
        spoken=launch.spoken,
        numbers=tuple(number for number, _ in numbers),
        names={number: name for number, name in numbers if name},
        list_ref=number_list.id if number_list else None,
        list_name=number_list.name if number_list else None,
        launch_ref=launch.id,
        **given,
    )


def recipe_of(tx: Stores, content: Content) -> Recipe:
    """What a draft would launch, to be launched again and again.

    Its list is saved as a list only if the draft still is for all of it.

    Raises:
        ExpiredError: the draft's numbers were taken out of the record.
        UsageError: the draft has no voice, or one that has no name.
    """
    if content.is_redacted:
        raise ExpiredError
    voice = None
    if content.spoken is None:
        voice = tx.voices.of(content.voice) if content.voice else None
        if voice is None:
            raise UsageError(Problem.LAUNCH_WITHOUT_VOICE)
    number_list = _whole_list(tx, content)
    names = content.names
    return Recipe(
        voice=voice,
        spoken=content.spoken,
        number_list=number_list,
        numbers=() if number_list else tuple((n, names.get(n)) for n in content.numbers),
        retry_count=content.retry_count,
        server_id=content.server_id,
    )


def _whole_list(tx: Stores, content: Content) -> NumberList | None:
    found = None if content.list_ref is None else tx.lists.get(content.list_ref)
    whole = all_given(content)
    if found is None or found.removed_at is not None or found.numbers != len(whole):
        return None
    numbers = {one.number for one in tx.lists.numbers(found.id)}
    return found if numbers == whole else None
