"""Where to go with what works only in a private chat, or only in a group."""

from markupsafe import Markup

from bot.texts import own_number, team
from bot.texts.language import Language


def said(instead: str | None, lang: Language, *, private: bool) -> Markup:
    """For what does not work in this chat.

    Args:
        instead: the command that does it where it works.
        lang: the reader's language.
        private: whether this is a private chat, so that it works only in a group.
    """
    if private:
        return lang.say("This works only in a group; nothing was done.")
    match instead:
        case "/number":
            return own_number.private_only(lang)
        case "/team":
            return team.private_only(lang)
        case _:
            return lang.say("This works only in our private chat; nothing was done.")
