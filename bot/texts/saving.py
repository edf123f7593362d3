"""Saving a launch: which voice, which list, under which name."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.calling.naming import LONGEST
from bot.calling.saving import Recipe
from bot.texts import launches
from bot.texts.cards import Button, Card, Question, Verb, button
from bot.texts.language import Language
from bot.texts.rows import paired
from storage.models import NumberList, Voice

LISTED = 8  # voices or lists on a page
ARROW = " → "


def suggested(recipe: Recipe, lang: Language) -> str:
    """A name for a launch: its voice and whom it calls, each shortened as far as it must be."""
    if recipe.voice is not None:
        voice = recipe.voice.name
    else:  # words of a text may begin with a digit, which a name may not
        voice = f"🗣 {' '.join((recipe.spoken or '').split())}"
    if recipe.number_list is not None:
        whom = recipe.number_list.name
    else:
        whom = str(lang.count("one number", "{n} numbers", recipe.count))
    room = LONGEST - len(ARROW)
    half = room // 2
    voice = _cut(voice, max(half, room - len(whom)))
    return f"{voice}{ARROW}{_cut(whom, room - len(voice))}"


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"


def pick_voice(voices: Sequence[Voice], page: int, lang: Language) -> Card:
    """*New launch*, first step; last used first."""
    if not voices:
        return Card(lang.say("There is no voice yet. Add one in /voices, then make the launch."))
    start = (page - 1) * LISTED
    offered = [
        (voice.name, button(lang.free(voice.name), Verb.NEW_LAUNCH, voice.id, 1))
        for voice in voices[start : start + LISTED]
    ]
    turn = _turn("v", page, more=len(voices) > start + LISTED)
    back = (button(lang.say("↩️ Back"), Verb.LAUNCHES, 1, launches.START),)
    rows = (*paired(offered), turn, back)
    return Card(
        lang.say("➕ <b>New launch</b>\nWhich voice does it play?"),
        tuple(row for row in rows if row),
    )


def pick_list(
    voice: Voice, lists: Sequence[NumberList], page: int, lang: Language, *, more: bool
) -> Card:
    """*New launch*, second step; last used first."""
    if not lists:
        return Card(lang.say("There is no list yet. Make one in /lists, then make the launch."))
    offered = [
        (_named(one, lang), button(_named(one, lang), Verb.SAVE, voice.id, one.id))
        for one in lists
    ]
    back = (button(lang.say("↩️ Back"), Verb.NEW_LAUNCH, "v", 1),)
    rows = (*paired(offered), _turn(voice.id, page, more=more), back)
    return Card(
        lang.say(
            "➕ <b>New launch</b>\n🔊 {voice}\nWhich list does it call?",
            voice=lang.name(voice.name),
        ),
        tuple(row for row in rows if row),
    )


def _named(one: NumberList, lang: Language) -> str:
    return str(
        lang.say(
            "{name} · {n}",
            name=Markup(lang.free(one.name)),  # noqa: S704 -- a label is no HTML
            n=lang.number(one.numbers),
        )
    )


def _turn(what: object, page: int, *, more: bool) -> tuple[Button, ...]:
    around = (*((page - 1, "◀"),) * (page > 1), *((page + 1, "▶"),) * more)
    return tuple(button(sign, Verb.NEW_LAUNCH, what, other) for other, sign in around)


def preview(recipe: Recipe, source: str, lang: Language) -> Card:
    """What would be saved, and the name that is suggested for it."""
    plays = (
        lang.say("🔊 {voice}", voice=lang.name(recipe.voice.name))
        if recipe.voice
        else launches.spoken(recipe.spoken or "", lang)
    )
    name = recipe.number_list.name if recipe.number_list else None
    empty = lang.say(
        "⚠️ The list is empty: until numbers are added in /lists, this launch calls nobody."
    )
    parts = (
        lang.say("💾 <b>Save this launch?</b>"),
        plays,
        launches.called(name, recipe.count, lang),
        *((empty,) if not recipe.count else ()),
        launches.options(recipe.retry_count, recipe.server_id, lang),
        lang.say("Its name: <b>{name}</b>", name=lang.name(suggested(recipe, lang))),
    )
    return Card(
        Markup("\n").join(parts),
        (
            (button(lang.say("💾 Save under this name"), Verb.SAVE_AS, source),),
            (button(lang.say("✏️ Another name"), Verb.SAVE_NAME, source),),
        ),
    )


def ask_for_name(lang: Language) -> Card:
    """Asks for the name of a new launch."""
    return Card(
        lang.say("✏️ Write the name of the launch."),
        below=Question(str(lang.say("Name of the launch"))),
    )
