"""What all questions have in common: *Cancel*."""

from dataclasses import replace

from bot.texts.cards import Card, Verb, button
from bot.texts.language import Language

THIS = "x"  # the token of *Cancel*: the message that it is on is the question


def cancellable(card: Card, lang: Language) -> Card:
    """The card of a question with *Cancel* below all other buttons."""
    cancel = button(lang.say("✖️ Cancel"), Verb.UNASK, THIS)
    return replace(card, rows=(*card.rows, (cancel,)))


def cancelled(lang: Language) -> Card:
    """In place of a question that was taken back."""
    return Card(lang.say("✖️ Cancelled; nothing was changed."))
