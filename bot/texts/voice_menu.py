"""The menu of voices: all of them, each one's card, and what is asked and answered there."""

import re
from collections.abc import Sequence

from markupsafe import Markup

from bot.calling.voices import Shown, VoicePage
from bot.texts.cards import Button, Card, Question, Verb, button
from bot.texts.language import Language
from bot.texts.voices import cut

LABEL = 15  # characters of a name on a button that shares its row, at phone width
LONG_LABEL = 34  # on a button that has the row for itself

_CARD = re.compile(r"\A🔊 .*\n([0-9a-f]{32})(?:\n|\Z)")


def menu(found: VoicePage, lang: Language, said: Markup | None = None) -> Card:
    """All voices, those used last first, two a row; `said` is what has just been done."""
    add = (button(lang.say("➕ Add a voice"), Verb.VOICE_ADD, found.page),)
    if not found.total:
        nothing = lang.say(
            "No voice has a name yet. Add one by its id, and /call takes its name from then on."
        )
        return Card(_lines(said, nothing), (add,))
    text = lang.count(
        "🔊 One voice. Tap it to hear, rename or remove it.",
        "🔊 {n} voices, those used last first. Tap one to hear, rename or remove it.",
        found.total,
    )
    if any(voice.id == found.default for voice in found.voices):
        text = _lines(text, lang.say("📌 is your default."))
    names = [
        (
            f"📌 {lang.free(voice.name)}" if voice.id == found.default else lang.free(voice.name),
            button("", Verb.VOICE, voice.id).data,
        )
        for voice in found.voices
    ]
    return Card(_lines(said, text), (*_paired(names), *_turn(found), add))


def card(of: Shown, lang: Language, now: float, said: Markup | None = None) -> Card:
    """One voice: its id to copy, and what can be done with it."""
    voice = of.voice
    used = lang.say("not used yet")
    if voice.used_at is not None:
        used = lang.say("used last {at}", at=lang.hour(voice.used_at, now))
    sample = lang.say(
        "🎧 Reply to this message with a voice note or an audio file, to keep what it sounds like."
    )
    if voice.sample is not None:
        sample = lang.say("🎧 Reply with another voice note or audio file to replace the sample.")
    text = lang.say(
        "🔊 <b>{name}</b>\n<code>{id}</code>\nadded by {who}, {at} · {used}",
        name=lang.name(voice.name),
        id=voice.voice_id,
        who=lang.name(voice.made_name),
        at=lang.hour(voice.made_at, now),
        used=used,
    )
    mine = lang.say("📌 Your default voice.") if of.default else None
    return Card(_lines(text, mine, sample, said), _card_rows(of, lang))


def _card_rows(of: Shown, lang: Language) -> tuple[tuple[Button, ...], ...]:
    ref = of.voice.id
    default = lang.say("📌 Not my default") if of.default else lang.say("📌 My default")
    choose = button(default, Verb.VOICE_MINE, ref, int(not of.default))
    hear = (button(lang.say("▶️ Listen"), Verb.VOICE_HEAR, ref),) if of.voice.sample else ()
    return (
        (*hear, choose),
        (
            button(lang.say("✏️ Rename"), Verb.VOICE_NAME, ref),
            button(lang.say("🗑 Remove"), Verb.VOICE_DROP, ref),
        ),
        (button(lang.say("↩️ All voices"), Verb.VOICES, 1),),
    )


def card_of(text: str) -> str | None:
    """The voice id that a card shows, by its text as Telegram gives it back; None if it is none.

    The reverse of `card`: an answer to the card is about this voice.
    """
    match = _CARD.match(text)
    return match[1] if match else None


def ask_id(lang: Language) -> Card:
    """Asks for the id of a voice that is to be added."""
    return Card(
        lang.say(
            "➕ Reply with the voice's id: the 32 hex digits that the gateway's panel shows."
        ),
        below=Question("08e815cbcd724386805103ac0d45e4c2"),
    )


def ask_name(voice_id: str, number: int, lang: Language, why: Markup | None = None) -> Card:
    """Asks for the name of a new voice; a name is suggested, one tap away.

    `why`: what was wrong with the name that was sent before.
    """
    asked = lang.say(
        "✏️ Reply with a name for <code>{id}</code>, or take this one. It may not begin "
        "with a digit or a plus.",
        id=voice_id,
    )
    return Card(
        _lines(why, asked),
        ((button(suggested(number, lang), Verb.VOICE_TAKE, voice_id, number),),),
    )


def suggested(number: int, lang: Language) -> str:
    """A name for a new voice."""
    return str(lang.say("Voice {n}", n=number))


def ask_new_name(of: Shown, lang: Language) -> Card:
    """Asks for another name."""
    return Card(
        lang.say("✏️ Reply with the new name of {name}.", name=lang.name(of.voice.name)),
        below=Question(of.voice.name),
    )


def ask_removal(of: Shown, lang: Language) -> Card:
    """Asks once more before a voice is removed."""
    text = lang.say(
        "🗑 <b>Remove {name}?</b> It leaves the menu, and is nobody's default any more. Batches "
        "keep its name; it can be added again by its id:\n<code>{id}</code>",
        name=lang.name(of.voice.name),
        id=of.voice.voice_id,
    )
    return Card(
        text,
        (
            (button(lang.say("🗑 Remove it"), Verb.VOICE_GONE, of.voice.id),),
            (button(lang.say("↩️ Keep it"), Verb.VOICE, of.voice.id),),
        ),
    )


def added(lang: Language) -> Markup:
    """After a voice was added."""
    return lang.say("✅ Added: /call takes this name.")


def renamed(before: str, lang: Language) -> Markup:
    """After a voice was renamed."""
    return lang.say("✅ It was {before}; batches keep that name.", before=lang.name(before))


def removed(name: str, lang: Language) -> Markup:
    """After a voice was removed."""
    return lang.say("🗑 {name} is removed.", name=lang.name(name))


def no_card(lang: Language) -> Markup:
    """For a sound that answers no voice's card, in a private chat."""
    return lang.say(
        "I cannot read numbers from a sound, and nothing was called or kept. To give a voice its "
        "sample, open its card in /voices and reply to that."
    )


def attached(lang: Language) -> Markup:
    """After a sample was kept."""
    return lang.say("✅ The sample is kept.")


def sample_gone(lang: Language) -> Markup:
    """For a sample that Telegram no longer sends."""
    return lang.say(
        "The sample could not be sent. Reply to the voice's card with a new one if this goes on."
    )


def _turn(found: VoicePage) -> tuple[tuple[Button, ...], ...]:
    if found.pages == 1:
        return ()
    back = found.page - 1 if found.page > 1 else found.pages
    on = found.page + 1 if found.page < found.pages else 1
    return (
        (
            button("◀", Verb.VOICES, back),
            button(f"{found.page}/{found.pages}", Verb.VOICES, found.page),
            button("▶", Verb.VOICES, on),
        ),
    )


def _paired(named: Sequence[tuple[str, str]]) -> tuple[tuple[Button, ...], ...]:
    """Two buttons a row in their order; a name that is too long for that has its row alone."""
    rows: list[tuple[Button, ...]] = []
    for name, data in named:
        made = Button(cut(name, LONG_LABEL), data)
        fits = len(name) <= LABEL
        if fits and rows and len(rows[-1]) == 1 and len(rows[-1][0].label) <= LABEL:
            rows[-1] = (*rows[-1], made)
        else:
            rows.append((made,))
    return tuple(rows)


def _lines(*parts: Markup | None) -> Markup:
    return Markup("\n").join(part for part in parts if part)
