"""*See / remove*: the numbers of a draft, ten a page; and its list's name."""

from markupsafe import Markup

from bot.calling.drafts import Content
from bot.calling.results import Asked
from bot.texts import calls
from bot.texts.cards import Card, Verb, button, plain
from bot.texts.language import Language, clean_name
from bot.texts.list_changes import suggested
from bot.texts.lists import NUMBER_LABEL

A_PAGE = 10  # numbers, each a button


def numbers(asked: Asked, page: int, lang: Language) -> Card:
    """A page of them, each a button that takes it off; beyond the last one, the last one."""
    content, token = asked.content, asked.token
    pages = max(1, -(-len(content.numbers) // A_PAGE))
    page = max(1, min(page, pages))
    text = lang.count(
        "✏️ <b>One number</b>, page {page} of {pages}. Nothing is sent yet.\nA tap takes a number "
        "off.",
        "✏️ <b>{n} numbers</b>, page {page} of {pages}. Nothing is sent yet.\nA tap takes a number "
        "off.",
        len(content.numbers),
        page=lang.number(page),
        pages=lang.number(pages),
    )
    first = (page - 1) * A_PAGE
    rows = [
        (button(_off(content, index, lang), Verb.TAKE_OFF, token, index, page),)
        for index in range(first, min(first + A_PAGE, len(content.numbers)))
    ]
    turn = tuple(
        button(sign, Verb.SEE, token, to)
        for sign, to in (("◀", page - 1), ("▶", page + 1))
        if 1 <= to <= pages
    )
    back = (button(lang.say("↩️ Back"), Verb.CARD, token),)
    return Card(text, tuple(row for row in (*rows, turn, back) if row))


def _off(content: Content, index: int, lang: Language) -> str:
    number = content.numbers[index]
    name = clean_name(content.names.get(number, ""), NUMBER_LABEL)
    if not name:
        return plain(lang.say("✖️ {number}", number=calls.number(number)))
    return plain(
        lang.say("✖️ {number} · {name}", number=calls.number(number), name=lang.name(name))
    )


def ask_list_name(asked: Asked, number: int, lang: Language) -> Card:
    """What the list of a draft's numbers is called; the suggested name is one tap."""
    text = lang.count(
        "💾 What is the list of this one number called? Reply to this message with a name, or tap "
        "this one:",
        "💾 What is the list of these {n} numbers called? Reply to this message with a name, or "
        "tap this one:",
        len(asked.content.numbers),
    )
    take = button(suggested(number, lang), Verb.KEEP_AS, asked.token, number)
    return Card(text, ((take,),))


def list_saved(name: str, count: int, lang: Language) -> Markup:
    """After the numbers of a draft were saved as a list."""
    return lang.count(
        "💾 Saved as list <b>{name}</b>, with one number.",
        "💾 Saved as list <b>{name}</b>, with {n} numbers.",
        count,
        name=lang.name(name),
    )


def goes_on(lang: Language) -> Card:
    """In place of a draft's card that is now shown below."""
    return Card(lang.say("📋 This draft goes on below."))
