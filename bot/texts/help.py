"""What each command does, in words: for /help, for Telegram's command menu and for the docs."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.texts.language import Language


def summary(command: str, lang: Language) -> str:
    """One line for the command menu and for the docs."""
    return str(
        {
            "start": lang.say("Say hello"),
            "help": lang.say("Show what I can do"),
            "id": lang.say("Show your id and that of this chat"),
            "call": lang.say("Call numbers with a voice"),
            "status": lang.say("Find a batch, a number or a call"),
            "batches": lang.say("Go through all batches, by person, voice or day"),
            "report": lang.say("Show what was launched in some days, in figures"),
            "export": lang.say("Get every call of some days as a file"),
            "unpause": lang.say("Check what paused launching, and go on"),
        }[command]
    )


def usage(command: str) -> str:
    """What may follow the command."""
    return {
        "call": "<voice> <numbers…> [retry=N] [server=ID]",
        "report": "[today | yesterday | 7d | 30d | 2025-06-01..2025-06-15]",
        "export": "[30d | all | 2025-06-01..2025-06-15] [csv | xlsx | json]",
        "status": "[b12 | number | call id or its first 6+ characters]",
    }.get(command, "")


def help_text(commands: Sequence[str], lang: Language) -> Markup:
    """The reply to /help: the commands that this person may use."""
    lines = []
    for command in commands:
        if usage(command):
            lines.append(
                lang.say(
                    "/{name} <code>{usage}</code>\n  {what}",
                    name=command,
                    usage=usage(command),
                    what=summary(command, lang),
                )
            )
        else:
            lines.append(lang.say("/{name}\n  {what}", name=command, what=summary(command, lang)))
    lines.append(
        lang.say(
            "You can also reply with /call and a voice to a message that holds the numbers. "
            "Numbers may be in any spelling, on one line or on many."
        )
    )
    return Markup("\n").join(lines)
