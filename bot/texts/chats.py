"""Chats in words: allowed, not allowed, taken off."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.texts.cards import Card, Verb, button
from bot.texts.language import Language
from storage.models import AllowedChat

PER_PAGE = 8
ASK, SURE = "ask", "sure"  # steps of `Verb.CHAT_OFF`
_LABEL = 32  # characters of a title on a button


def title(chat: AllowedChat) -> str:
    """A chat's title, or its id where none is known."""
    return chat.title or f"c{chat.chat_id}"


def not_allowed(chat_id: int, lang: Language) -> Card:
    """For an admin in a group that is not allowed."""
    text = lang.say(
        "This chat is not allowed yet, and nothing was done. Everybody in it would see what is "
        "launched here, with the numbers."
    )
    return Card(text, ((button(lang.say("✅ Allow this chat"), Verb.CHAT_ALLOW, chat_id),),))


def not_allowed_alert(lang: Language) -> Markup:
    """The same as the answer to a press."""
    return lang.say("This chat is not allowed; nothing was done.")


def leaving(lang: Language) -> Markup:
    """The last sentence in a group that no admin has allowed."""
    return lang.say("No admin of mine has allowed this chat, so I leave it.")


def taken_off_here(lang: Language) -> Markup:
    """The last sentence in a group that an admin takes off."""
    return lang.say("An admin has taken this chat off, so I leave it.")


def greeting(lang: Language) -> Markup:
    """The first sentence in a group to which an admin has added the bot."""
    return lang.say("👋 This chat is allowed. /call calls from here; /help shows all I can do.")


def allowed(name: str, lang: Language) -> Card:
    """What the card becomes after *Allow this chat*."""
    return Card(lang.say("✅ {who} allowed this chat.", who=lang.name(name)))


def menu(
    chats: Sequence[AllowedChat], page: int, lang: Language, said: Markup | None = None
) -> Card:
    """The chats in which the bot works; a page beyond the last is the last."""
    pages = max(1, -(-len(chats) // PER_PAGE))
    page = min(max(1, page), pages)
    shown = chats[(page - 1) * PER_PAGE : page * PER_PAGE]
    rows = [
        (
            button(
                lang.say("🚪 {title}", title=_label(one, chats)), Verb.CHAT_OFF, one.chat_id, ASK
            ),
        )
        for one in shown
    ]
    around = ((page - 1, "◀"),) * (page > 1) + ((page + 1, "▶"),) * (page < pages)
    turn = tuple(button(sign, Verb.CHATS, other) for other, sign in around)
    text = lang.say(
        "💬 <b>Chats</b>\nI work in these groups and leave all others. To allow one more, add me "
        "to it yourself. Tap one to take it off."
    )
    if not chats:
        text = lang.say(
            "💬 <b>Chats</b>\nNo group is allowed yet, and I leave them all. To allow one, add me "
            "to it yourself."
        )
    back = (button(lang.say("◀ Team"), Verb.TEAM, 1),)
    parts = [*((said,) if said is not None else ()), text]
    return Card(Markup("\n").join(parts), tuple(row for row in (*rows, turn, back) if row))


def _label(chat: AllowedChat, chats: Sequence[AllowedChat]) -> str:
    """A title, with the chat's id where another chat has the same one."""
    shown = title(chat)
    if sum(title(one) == shown for one in chats) == 1:
        return shown[:_LABEL]
    return f"{shown[: _LABEL // 2]} · c{chat.chat_id}"


def sure(chat: AllowedChat, lang: Language) -> Card:
    """Asks once more before a chat is taken off."""
    text = lang.say(
        "🚪 Take off {title}? I leave it at once. What was launched there goes on, but nobody "
        "there is told of it any more.",
        title=title(chat),
    )
    row = (
        button(lang.say("🚪 Take it off"), Verb.CHAT_OFF, chat.chat_id, SURE),
        button(lang.say("◀ Back"), Verb.CHATS, 1),
    )
    return Card(text, (row,))


def taken_off(chat: AllowedChat, lang: Language) -> Markup:
    """After *Take it off*."""
    return lang.say("🚪 {title} is taken off, and I leave it.", title=title(chat))


def no_channels(lang: Language) -> Markup:
    """For an admin who has added the bot to a channel."""
    return lang.say("I work in groups and private chats, and leave channels.")
