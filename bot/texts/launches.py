"""Saved launches: their menu, and the card of each."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.calling.saving import LaunchView
from bot.texts import problems
from bot.texts.cards import Button, Card, Verb, button
from bot.texts.language import Language
from bot.texts.rows import paired
from storage.models import SavedLaunch

LISTED = 8  # launches on a page
TEXT_SHOWN = 200  # characters of a spoken text on the card
START, CHANGE = "s", "c"  # what a tap in the menu does
STAR, UNSTAR, UP, NAME, LINK, REMOVE, SURE = "star", "plain", "up", "name", "link", "gone", "sure"


def already_shown(lang: Language) -> Markup:
    """For a second tap on the same launch right after the first, which has made its card."""
    return lang.say(
        "Its card is in this chat already, and no second one was made. Tap Call there."
    )


def menu(
    launches: Sequence[SavedLaunch], lang: Language, page: int = 1, mode: str = START
) -> Card:
    """A page of all launches; a tap starts one, or with `CHANGE` opens its card."""
    if not launches:
        return Card(
            lang.say(
                "No launch is saved yet. A launch is a voice and whom to call, under a name: one "
                "tap shows its card, the next one calls."
            ),
            ((_new(lang),),),
        )
    start = (page - 1) * LISTED
    shown = launches[start : start + LISTED]
    verb = Verb.LAUNCH if mode == START else Verb.LAUNCH_CARD
    rows = paired(
        [(launch.name, button(lang.free(launch.name), verb, launch.token)) for launch in shown]
    )
    around = (
        *((page - 1, "◀"),) * (page > 1),
        *((page + 1, "▶"),) * (len(launches) > start + LISTED),
    )
    turn = tuple(button(sign, Verb.LAUNCHES, other, mode) for other, sign in around)
    last: tuple[Button, ...]
    if mode == START:
        text = lang.say(
            "🚀 <b>Launches</b>\nA tap shows what would be called; nothing is called yet."
        )
        last = (_new(lang), button(lang.say("⚙️ Change one"), Verb.LAUNCHES, page, CHANGE))
    else:
        text = lang.say("⚙️ <b>Launches</b>\nWhich one do you want to look at or change?")
        last = (button(lang.say("↩️ Back"), Verb.LAUNCHES, page, START),)
    return Card(text, tuple(row for row in (*rows, turn, last) if row))


def _new(lang: Language) -> Button:
    return button(lang.say("➕ New launch"), Verb.NEW_LAUNCH, "v", 1)


def card(view: LaunchView, lang: Language) -> Card:
    """One launch: what it plays, whom it calls, who made it, and all that can be done with it."""
    launch = view.launch
    parts = [
        lang.say("🚀 <b>{name}</b>", name=lang.name(launch.name)),
        _plays(view, lang),
        _calls(view, lang),
        options(launch.retry_count, launch.server_id, lang),
        lang.say(
            "👤 Made by {who}, {at}",
            who=lang.name(launch.made_name),
            at=lang.hour(launch.made_at),
        ),
    ]
    if view.problem is not None:
        parts.append(
            lang.say("⚠️ {why}", why=problems.unready(view.problem, launch.name, view.most, lang))
        )
    return Card(Markup("\n").join(parts), _deeds(view, lang))


def _plays(view: LaunchView, lang: Language) -> Markup:
    if view.voice is not None:
        return lang.say("🔊 {voice}", voice=lang.name(view.voice.name))
    return spoken(view.launch.spoken or "", lang)


def spoken(text: str, lang: Language) -> Markup:
    """A text that is read out, as far as a card has room for it."""
    shown = text if len(text) <= TEXT_SHOWN else text[: TEXT_SHOWN - 1] + "…"
    return lang.say("🗣 <i>{text}</i>", text=lang.name(shown))


def _calls(view: LaunchView, lang: Language) -> Markup:
    return called(view.number_list.name if view.number_list else None, view.count, lang)


def called(list_name: str | None, count: int, lang: Language) -> Markup:
    """Who is called: a list and how many it has now, or so many numbers."""
    if list_name is None:
        return lang.count("📋 one number of its own", "📋 {n} numbers of its own", count)
    return lang.count(
        "📇 list {name}: now one number",
        "📇 list {name}: now {n} numbers",
        count,
        name=lang.name(list_name),
    )


def options(retry_count: int | None, server_id: str | None, lang: Language) -> Markup:
    """How often it is tried again, and by which dialer if one is named."""
    if retry_count is None:
        retry = lang.say("🔁 retries as in the settings")
    elif retry_count == 0:
        retry = lang.say("🔁 no retry")
    else:
        retry = lang.count("🔁 one retry", "🔁 {n} retries", retry_count)
    if server_id is None:
        return retry
    return lang.say("{retry} · dialer <code>{server}</code>", retry=retry, server=server_id)


def _deeds(view: LaunchView, lang: Language) -> tuple[tuple[Button, ...], ...]:
    token = view.launch.token

    def deed(label: Markup, which: str) -> Button:
        return button(label, Verb.LAUNCH_DEED, token, which)

    star = deed(lang.say("⭐ Favourite"), STAR)
    if view.place is not None:
        star = deed(lang.say("☆ No favourite"), UNSTAR)
    first = () if view.problem else (button(lang.say("🚀 Launch"), Verb.LAUNCH, token),)
    up = (deed(lang.say("⬆️ Move up"), UP),) if (view.place or 0) > 1 else ()
    rows = (
        first,
        (star, *up),
        (deed(lang.say("✏️ Rename"), NAME), deed(lang.say("🔗 Link"), LINK)),
        (
            deed(lang.say("🗑 Remove"), REMOVE),
            button(lang.say("📋 All launches"), Verb.LAUNCHES, 1, START),
        ),
    )
    return tuple(row for row in rows if row)
