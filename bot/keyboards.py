"""What stands below a message: its buttons, or what the app of the person then offers."""

from collections.abc import Awaitable, Callable

from telegram import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    KeyboardButtonRequestUsers,
    ReplyKeyboardMarkup,
)

from bot.texts.cards import Card, Keyboard, Question

Fit = Callable[[int, Card], Awaitable[Card]]
"""The card with those of its buttons that are meant for a chat, by its id."""


async def every_button(_: int, card: Card) -> Card:
    """Leaves a card as it is, whatever the chat."""
    return card


def inline(card: Card) -> InlineKeyboardMarkup | None:
    """The card's buttons; None if it has none."""
    if not card.rows:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=button.data) for button in row]
            for row in card.rows
        ]
    )


def markup(
    card: Card, *, private: bool
) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ForceReply | None:
    """What a new message carries: its buttons, or else what is `below`.

    In a private chat a question carries nothing: a `ForceReply` would take the place of the
    keyboard with the favourites, and Telegram's apps open it again at each start, long after the
    answer (tdlib/td issue 1277). There the next message is the answer, reply or not.
    """
    if card.rows:
        return inline(card)
    match card.below:
        case Question() if private:
            return None
        case Question(placeholder=words):
            return ForceReply(selective=True, input_field_placeholder=words or None)
        case Keyboard() as keyboard:
            return ReplyKeyboardMarkup(
                [[_key(label, keyboard) for label in row] for row in keyboard.rows],
                is_persistent=True,
                resize_keyboard=True,
                input_field_placeholder=keyboard.placeholder or None,
            )
        case _:
            return None


def _key(label: str, keyboard: Keyboard) -> KeyboardButton:
    """A key that sends its label, or shares what it says."""
    if keyboard.people is not None and label == keyboard.people[0]:
        wanted = KeyboardButtonRequestUsers(
            keyboard.people[1], user_is_bot=False, max_quantity=1, request_name=True
        )
        return KeyboardButton(label, request_users=wanted)
    return KeyboardButton(label, request_contact=label == keyboard.contact or None)
