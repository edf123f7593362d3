"""How what is played is told everywhere: by its name, its id, or the first words of a text."""

from collections.abc import Sequence
from typing import Protocol

from markupsafe import Markup

from bot.calling.errors import UsageError
from bot.calling.problems import Problem
from bot.texts.language import Language

ID = 32  # characters: what is longer is none of the gateway's ids
FIRST_WORDS = 24  # characters of a spoken text where it is only mentioned


class Sounding(Protocol):
    """What is played: a batch, a draft's content, or `Played`."""

    @property
    def voice(self) -> str | None:
        """The gateway's id, or the key of a spoken text; None where it is still to be chosen."""

    @property
    def voice_name(self) -> str | None:
        """The name of the recording, if it has one."""

    @property
    def spoken(self) -> str | None:
        """The text that is read out, in full."""


def shown(of: Sounding, lang: Language) -> Markup:
    """What is played in a few words: the name, the beginning of the text, or the id to copy."""
    if of.spoken is not None:
        return lang.say("🗣 {words}", words=lang.name(_first_words(of.spoken)))
    if of.voice_name is not None:
        return lang.say("{name}", name=lang.name(of.voice_name))
    if of.voice is None:
        return lang.say("no voice yet")
    return lang.say("<code>{voice}</code>", voice=cut(of.voice, ID))


def signed(of: Sounding, lang: Language) -> Markup:
    """The same with a sign that says that this is what is played."""
    if of.spoken is not None:
        return shown(of, lang)
    return lang.say("🔊 {voice}", voice=shown(of, lang))


def label(of: Sounding, limit: int) -> str:
    """The same for a button: plain, in so many characters at most."""
    if of.spoken is not None:
        return f"🗣 {cut(' '.join(of.spoken.split()), limit - 2)}"
    return cut(of.voice_name or of.voice or "", limit)


def choose_below(of: UsageError, lang: Language) -> Markup:
    """For a name that no voice has, above a draft of the numbers that were sent with it."""
    if of.nearest:
        return lang.say(
            "There is no voice of the name {value}, and nothing was called. Did you mean "
            "{nearest}? Choose the voice below.",
            value=lang.name(of.value),
            nearest=_or(of.nearest, lang),
        )
    return lang.say(
        "There is no voice of the name {value}, and nothing was called. Choose the voice below.",
        value=lang.name(of.value),
    )


def problem(of: UsageError, lang: Language) -> Markup | None:
    """What is wrong where a voice is meant; None for a problem of another subject."""
    match of.problem:
        case Problem.BAD_VOICE:
            return lang.say(
                "<code>{value}</code> is no voice id, and nothing was changed. A voice id has 32 "
                "hex digits, as the gateway shows it: copy it from there.",
                value=of.value,
            )
        case Problem.NO_VOICE_NAMED if of.nearest:
            return lang.say(
                "There is no voice of the name {value}, and nothing was done. Did you mean "
                "{nearest}?",
                value=lang.name(of.value),
                nearest=_or(of.nearest, lang),
            )
        case Problem.NO_VOICE_NAMED:
            return lang.say(
                "There is no voice of the name {value}, and nothing was done. "
                "/voices shows all; a voice without a name is called by its 32 hex digits.",
                value=lang.name(of.value),
            )
        case Problem.VOICE_KNOWN:
            return lang.say(
                "This voice is there already, as {name}; nothing was changed. Rename it in "
                "/voices if you like.",
                name=lang.name(of.value),
            )
        case Problem.VOICE_GONE:
            return lang.say(
                "This voice was removed, and nothing was done. /voices shows those that there are."
            )
        case _:
            return None


def _or(names: Sequence[str], lang: Language) -> Markup:
    """Names to choose from, each to copy."""
    return Markup(" · ").join(lang.say("<code>{name}</code>", name=name) for name in names)


def cut(text: str, limit: int) -> str:
    """A text in so many characters at most, marked as cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _first_words(text: str) -> str:
    """The beginning of a text, cut between words where there is room for one."""
    line = " ".join(text.split())
    whole, _, _ = line[:FIRST_WORDS].rpartition(" ")
    return f"{whole}…" if whole and len(line) > FIRST_WORDS else cut(line, FIRST_WORDS)
