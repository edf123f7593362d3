"""What saves a launch from being typed: a voice and whom to call, under a name."""

from dataclasses import dataclass

from storage.models.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLaunch:
    """A launch that is to be saved.

    Attributes:
        token: names it in buttons and links; nobody can guess it, and it opens nothing by itself.
        voice_ref: the saved voice; None where `spoken` is read out.
        list_ref: the saved list; None where it has `numbers` of its own.
        numbers: E.164, each with its name or None, in the order they were given.
        retry_count: None for what the settings say at that time.
    """

    token: str
    name: str
    name_key: str
    by: Person
    voice_ref: int | None = None
    spoken: str | None = None
    list_ref: int | None = None
    numbers: tuple[tuple[str, str | None], ...] = ()
    retry_count: int | None = None
    server_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedLaunch:
    """A saved launch; `numbers` counts those of its own, and is None where it has a list."""

    id: int
    token: str
    name: str
    name_key: str
    voice_ref: int | None
    spoken: str | None
    list_ref: int | None
    numbers: int | None
    retry_count: int | None
    server_id: str | None
    made_by: int
    made_name: str
    made_at: float
    used_at: float | None
    removed_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The newest panel of a chat and topic, and whose favourites it begins with."""

    chat_id: int
    thread_id: int
    message_id: int
    user_id: int
