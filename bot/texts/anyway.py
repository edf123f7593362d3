"""*Now anyway*: why something goes out outside the calling hours."""

from markupsafe import Markup

from bot.calling.errors import UsageError
from bot.calling.outside import LONGEST_REASON
from bot.calling.problems import Problem
from bot.texts.cards import Card, Question, Verb, button
from bot.texts.language import Language


def reasons(lang: Language) -> tuple[str, ...]:
    """Those that can be tapped, in a fixed order."""
    return (
        str(lang.say("It is urgent")),
        str(lang.say("They asked for it")),
        str(lang.say("They are on duty now")),
    )


def ask_reason(verb: Verb, token: tuple[object, ...], lang: Language) -> Card:
    """Asks a manager why it is to go out now; the answer is a tap or a text."""
    rows = tuple(
        (button(reason, verb, *token, number),)
        for number, reason in enumerate(reasons(lang), start=1)
    )
    text = lang.say(
        "🌙 <b>Why now?</b> It is outside the calling hours. Tap a reason, or reply with one: it "
        "stands on the board and in the audit, and the calls go out at once."
    )
    return Card(text, rows, Question(str(lang.say("Why now?"))))


def given(reason: str, who: str, lang: Language, *, waits: bool = False) -> Card:
    """In place of the question, once it was answered; `waits` for a second person, if so."""
    if waits:
        return Card(
            lang.say(
                "🌙 Now anyway, says {who}: “{reason}”. A second person has to approve it.",
                who=lang.name(who),
                reason=reason,
            )
        )
    return Card(
        lang.say("🌙 Now anyway, says {who}: “{reason}”", who=lang.name(who), reason=reason)
    )


def problem(of: UsageError, lang: Language) -> Markup | None:
    """What is wrong with a reason; None for a problem of another subject."""
    match of.problem:
        case Problem.REASON_EMPTY:
            return lang.say("This is no reason, and nothing was called. Write why it cannot wait.")
        case Problem.REASON_TOO_LONG:
            return lang.say(
                "A reason has {limit} characters at most, and nothing was called. Write it "
                "shorter.",
                limit=lang.number(LONGEST_REASON),
            )
        case _:
            return None
