"""The private chat's home keyboard and the group's panel: launching without typing."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.calling.favourites import Panelled
from bot.texts import replies
from bot.texts.cards import Button, Card, Keyboard, Verb, button
from bot.texts.language import Language
from bot.texts.launches import START
from bot.texts.period import TODAY
from bot.texts.rows import SHORT, paired
from bot.texts.schedules import LIST as PLANNED
from storage.models import SavedLaunch

STAR = "⭐ "
ON_PANEL = 10  # launches on a page of the panel
PAGE, GO, RESULTS = "p", "go", "results"


def launch_label(lang: Language) -> str:
    """The label that opens the launches."""
    return str(lang.say("🚀 Launch"))


def results_label(lang: Language) -> str:
    """The label that shows the newest batches."""
    return str(lang.say("📊 Results"))


def more_label(lang: Language) -> str:
    """The label that shows all else."""
    return str(lang.say("☰ More"))


def not_now_label(lang: Language) -> str:
    """The label that gives the home keyboard back while another one is in its place."""
    return str(lang.say("✖️ Not now"))


def favourite_label(launch: SavedLaunch) -> str:
    """What a favourite's key says; no two launches have one name, so it names one of them."""
    return f"{STAR}{launch.name}"


def is_label(text: str, lang: Language) -> bool:
    """Whether a text is a key of somebody's home keyboard, now or at an earlier time."""
    fixed = (launch_label(lang), results_label(lang), more_label(lang), not_now_label(lang))
    return text in fixed or text.startswith(STAR)


def is_launching(text: str, lang: Language) -> bool:
    """Whether it is one of those keys that launch: all launches, or a favourite."""
    return text == launch_label(lang) or text.startswith(STAR)


def keyboard(favourites: Sequence[SavedLaunch], lang: Language, *, calls: bool = True) -> Keyboard:
    """The member's favourites, two a row where they are short, and the three fixed keys.

    Who may not call has those two keys alone that show something.
    """
    if not calls:
        return Keyboard(((results_label(lang), more_label(lang)),))
    rows: list[tuple[str, ...]] = []
    for launch in favourites:
        label = favourite_label(launch)
        pair = rows and len(rows[-1]) == 1 and len(rows[-1][0]) <= SHORT + len(STAR)
        if pair and len(launch.name) <= SHORT:
            rows[-1] = (*rows[-1], label)
        else:
            rows.append((label,))
    fixed = (launch_label(lang), results_label(lang), more_label(lang))
    return Keyboard((*rows, fixed), str(lang.say("Paste numbers here…")))


def home(
    name: str, favourites: Sequence[SavedLaunch], lang: Language, *, calls: bool = True
) -> Card:
    """The reply to /start in a private chat, for a person who may call, or may only look."""
    if not calls:
        return with_keyboard(replies.looks(name, lang), (), lang, calls=False)
    text = lang.say(
        "Hello {name}. I place batches of phone calls and keep a record of each. To call, paste "
        "the numbers, or send a file or a contact; then tap a voice. The keys below start what is "
        "saved; /help shows all I can do.",
        name=lang.name(name),
    )
    return Card(text, below=keyboard(favourites, lang))


def with_keyboard(
    text: Markup, favourites: Sequence[SavedLaunch], lang: Language, *, calls: bool = True
) -> Card:
    """Any answer, with the home keyboard as it is now."""
    return Card(text, below=keyboard(favourites, lang, calls=calls))


def not_now(lang: Language) -> Markup:
    """After *Not now*: the keyboard is back, and nothing else has happened."""
    return lang.say("Your keyboard is back; nothing was kept or called.")


def stale_label(label: str, lang: Language) -> Markup:
    """For a key of a favourite that was renamed or removed meanwhile."""
    return lang.say(
        "{name} is none of your favourites now: the launch was renamed or removed. Nothing was "
        "called. Your keyboard is up to date again; /launch shows all.",
        name=lang.name(label.removeprefix(STAR)[:64]),
    )


def more(lang: Language) -> Card:
    """All that has no key of its own; each button turns this message into what it names."""
    offered = [
        button(lang.say("🔊 Voices"), Verb.VOICES, 1),
        button(lang.say("📇 Lists"), Verb.LISTS, 1),
        button(lang.say("🚀 Launches"), Verb.LAUNCHES, 1, START),
        button(lang.say("🕘 Schedules"), Verb.PLANS, PLANNED, 1),
        button(lang.say("📈 Report"), Verb.REPORT, TODAY),
        button(lang.say("📱 My number"), Verb.MY_NUMBER, "show"),
    ]
    rows = tuple(tuple(offered[at : at + 2]) for at in range(0, len(offered), 2))
    text = lang.say(
        "☰ What do you want to see?\n/export sends calls as a file, /help shows all I can do."
    )
    return Card(text, rows)


def panel(of: Panelled, page: int, lang: Language) -> Card:
    """A group's launches as buttons, for every member who may launch."""
    starred = [(f"{STAR}{one.name}", one) for one in of.favourites]
    every = [*starred, *((one.name, one) for one in of.others)]
    start = (page - 1) * ON_PANEL
    shown = every[start : start + ON_PANEL]
    rows = paired(
        [(label, button(lang.free(label), Verb.PANEL, GO, one.token)) for label, one in shown]
    )
    around = (
        *((page - 1, "◀"),) * (page > 1),
        *((page + 1, "▶"),) * (len(every) > start + ON_PANEL),
    )
    turn = tuple(button(sign, Verb.PANEL, PAGE, other) for other, sign in around)
    last: tuple[Button, ...] = (
        button(results_label(lang), Verb.PANEL, RESULTS, 1),
        button(lang.say("🔄 Refresh"), Verb.PANEL, PAGE, page),
    )
    text = lang.say(
        "🚀 <b>Launches of this team</b>\nA tap shows you what would be called; nothing is called "
        "yet."
    )
    if not every:
        text = lang.say("No launch is saved yet. /launch makes one.")
    return Card(text, tuple(row for row in (*rows, turn, last) if row))


def panel_private(lang: Language) -> Markup:
    """For /panel in a private chat, which has the keyboard."""
    return lang.say("A panel is for groups. Here you have the keyboard below:")


def panel_not_pinned(lang: Language) -> Markup:
    """Where the bot may not pin its panel."""
    return lang.say(
        "I may not pin messages here. Pin the panel yourself, or let me pin messages and send "
        "/panel again."
    )


def panel_replaced(lang: Language) -> Card:
    """What an older panel says after a newer one was posted."""
    return Card(lang.say("🚀 A newer panel of this chat has taken the place of this one."))
