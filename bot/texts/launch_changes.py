"""What is asked and said when a saved launch is looked for, renamed, starred, linked, removed."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.calling.saving import LaunchView
from bot.texts.cards import Card, Question, Verb, button
from bot.texts.language import Language
from bot.texts.launches import SURE
from storage.models import SavedLaunch


def no_such(name: str, near: Sequence[SavedLaunch], lang: Language) -> Card:
    """For `/launch` with a name that no launch has: those with the nearest names, to be tapped."""
    asked = lang.name(name[:64])
    if not near:
        text = lang.say(
            "There is no launch of the name {name}, and nothing was called. /launch shows all.",
            name=asked,
        )
        return Card(text)
    text = lang.say(
        "There is no launch of the name {name}, and nothing was called. Do you mean one of these? "
        "/launch shows all.",
        name=asked,
    )
    rows = tuple((button(lang.free(one.name), Verb.LAUNCH, one.token),) for one in near)
    return Card(text, rows)


def ask_for_name(name: str, lang: Language) -> Card:
    """Asks for another name of a launch."""
    return Card(
        lang.say("✏️ Write the new name of {name}.", name=lang.name(name)),
        below=Question(str(lang.say("New name"))),
    )


def sure(view: LaunchView, lang: Language) -> Card:
    """Asks before a launch is removed."""
    token = view.launch.token
    return Card(
        lang.say(
            "🗑 Remove the launch {name} for everybody? Its voice and its list stay.",
            name=lang.name(view.launch.name),
        ),
        (
            (
                button(lang.say("🗑 Remove"), Verb.LAUNCH_DEED, token, SURE),
                button(lang.say("↩️ Back"), Verb.LAUNCH_CARD, token),
            ),
        ),
    )


def removed(launch: SavedLaunch, who: str, lang: Language) -> Card:
    """After a launch was removed."""
    return Card(
        lang.say(
            "🗑 {who} removed the launch {name}.", who=lang.name(who), name=lang.name(launch.name)
        )
    )


def link(launch: SavedLaunch, bot_name: str, lang: Language) -> Card:
    """The link that opens this launch's confirm card in a member's private chat."""
    return Card(
        lang.say(
            "🔗 {name}: who may launch and opens this link sees what would be called, and can "
            "call it:\nhttps://t.me/{bot}?start=l_{token}",
            name=lang.name(launch.name),
            bot=bot_name,
            token=launch.token,
        )
    )


def starred(launch: SavedLaunch, lang: Language, *, star: bool) -> Markup:
    """After a launch became a favourite, or is none any more."""
    if star:
        return lang.say(
            "⭐ {name} is one of your favourites now: it is on the keyboard of our private chat.",
            name=lang.name(launch.name),
        )
    return lang.say("☆ {name} is no favourite of yours any more.", name=lang.name(launch.name))


def moved(launch: SavedLaunch, lang: Language) -> Markup:
    """After a favourite moved up."""
    return lang.say("⬆️ {name} has moved up on your keyboard.", name=lang.name(launch.name))


def renamed(launch: SavedLaunch, lang: Language) -> Markup:
    """After a favourite got another name."""
    return lang.say("✏️ Your keyboard says {name} now.", name=lang.name(launch.name))
