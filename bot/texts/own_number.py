"""The member's own number: asked for, shown, replaced and forgotten."""

from markupsafe import Markup

from bot.texts import calls
from bot.texts.cards import Card, Keyboard, Verb, button
from bot.texts.home import not_now_label
from bot.texts.language import Language

SHOW, NEW, FORGET = "show", "new", "forget"  # steps of `Verb.MY_NUMBER`


def unknown(lang: Language) -> Markup:
    """In a group, where a number cannot be shared; at most 200 characters, for an alert."""
    return lang.say(
        "I do not know your number yet; nothing was called. Open our private chat, send /number "
        "there and share it. Then press this again."
    )


def private_only(lang: Language) -> Markup:
    """For /number in a group: a number is nobody else's business."""
    return lang.say(
        "Your number is not shown or shared in a group. Open our private chat and send /number "
        "there."
    )


def ask(lang: Language) -> Card:
    """After *Call me first*: a button that shares the own number, and one that does not."""
    text = lang.say(
        "I do not know your number yet, and nothing was called. Share it with the button below; "
        "it is kept for <b>Call me first</b> alone. Then press that again."
    )
    return Card(text, below=_keyboard(lang))


def ask_any_time(lang: Language) -> Card:
    """The same where no draft waits for it."""
    text = lang.say(
        "Share your number with the button below; it is kept for <b>Call me first</b> alone. "
        "Nothing is called by that."
    )
    return Card(text, below=_keyboard(lang))


def not_yours(lang: Language) -> Card:
    """After somebody else's card."""
    text = lang.say(
        "This is not your own card; nothing was kept, and nothing is called. Tap <b>Share my "
        "number</b> below. To call the number of this card, tap <b>Not now</b> and send the card "
        "again."
    )
    return Card(text, below=_keyboard(lang))


def kept(number: str, lang: Language, said: Markup | None = None) -> Card:
    """Which number is kept, and what can be done with it; `said` comes first."""
    text = lang.say(
        "📱 Your number is {number}. It is kept for <b>Call me first</b> alone.",
        number=calls.number(number),
    )
    row = (
        button(lang.say("🔁 Another number"), Verb.MY_NUMBER, NEW),
        button(lang.say("🗑 Forget it"), Verb.MY_NUMBER, FORGET),
    )
    return Card(text if said is None else Markup("\n").join([said, text]), (row,))


def forgotten(lang: Language) -> Card:
    """After *Forget it*."""
    text = lang.say("🗑 Your number is forgotten. <b>Call me first</b> asks for it again.")
    row = (button(lang.say("📱 Share a number"), Verb.MY_NUMBER, NEW),)
    return Card(text, (row,))


def _keyboard(lang: Language) -> Keyboard:
    share = str(lang.say("📱 Share my number"))
    return Keyboard(((share,), (not_now_label(lang),)), contact=share)
