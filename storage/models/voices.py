"""Recordings at the gateway by the names that people gave them, and how a voice is told."""

from dataclasses import dataclass
from enum import StrEnum


class SampleKind(StrEnum):
    """As what Telegram keeps a sample."""

    VOICE = "voice"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A recording with its name; one that was removed keeps its row.

    Attributes:
        voice_id: the gateway's id, 32 hex digits in lower case.
        name_key: what names are compared by; unique among those that are not removed.
        sample: Telegram's file id of what it sounds like, if somebody has attached that.
        used_at: when it was launched last (UTC).
    """

    id: int
    voice_id: str
    name: str
    name_key: str
    sample: str | None
    sample_kind: SampleKind | None
    made_by: int
    made_name: str
    made_at: float
    used_at: float | None
    removed_at: float | None


@dataclass(frozen=True, slots=True)
class Played:
    """What is played to those who are called, as far as it is shown: by id, by name, or a text."""

    voice: str
    voice_name: str | None = None
    spoken: str | None = None
