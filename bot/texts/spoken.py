"""A spoken text: as it stands on the card of a draft, and what is said when one is asked for."""

from markupsafe import Markup

from bot.calling.saying import LONGEST
from bot.texts.cards import Card, Question
from bot.texts.language import Language

FOLDED = 200  # characters from which a tap opens the text
BEGINNING = 300  # characters on a card that cannot hold the text


def paragraph(spoken: str, lang: Language, *, whole: bool = True) -> Markup:
    """The text with its length; folded where it is long.

    Args:
        spoken: what is read out.
        lang: the reader's language.
        whole: in full; otherwise its beginning, and that the file holds all of it.
    """
    length = lang.count(
        "🗣 <b>One character is read out:</b>", "🗣 <b>{n} characters are read out:</b>", len(spoken)
    )
    if not whole:
        beginning = lang.say("<blockquote>{text}…</blockquote>", text=spoken[:BEGINNING].rstrip())
        rest = lang.say("The whole text is in the file below.")
        return Markup("\n").join([length, beginning, rest])
    quote = "<blockquote expandable>{text}</blockquote>"
    if len(spoken) <= FOLDED and spoken.count("\n") < 3:  # noqa: PLR2004 -- lines that Telegram shows of a folded quote
        quote = "<blockquote>{text}</blockquote>"
    return Markup("\n").join([length, lang.say(quote, text=spoken)])


def caption(spoken: str, lang: Language) -> Markup:
    """Below the file that holds a text which the card cannot."""
    return lang.count(
        "🗣 One character is read out.", "🗣 {n} characters are read out.", len(spoken)
    )


def ask(lang: Language) -> Card:
    """Asks for the text of a draft, to be sent in reply."""
    text = lang.say(
        "🗣 Which text is to be read out? Send it in reply to this message, {limit} characters at "
        "most. You see it on the card before anybody is called.",
        limit=lang.number(LONGEST),
    )
    return Card(text, below=Question(str(lang.say("The text that is read out"))))
