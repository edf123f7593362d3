"""What stands below a message: its buttons, or what the app of the person then offers."""

from telegram import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

from bot.texts.cards import Card, Keyboard, Question


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
                [
                    [
                        KeyboardButton(label, request_contact=label == keyboard.contact or None)
                        for label in row
                    ]
                    for row in keyboard.rows
                ],
                is_persistent=True,
                resize_keyboard=True,
                input_field_placeholder=keyboard.placeholder or None,
            )
        case _:
            return None
