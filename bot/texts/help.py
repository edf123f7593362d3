"""What each command does, in words: for /help, for Telegram's command menu and for the docs."""

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from bot.texts.language import Language

# What may follow, where some of it needs more than the command: each begins with its word.
_ONE_OF: Mapping[str, tuple[str, ...]] = {
    "lists": ("name", "new <name>"),
    "dnc": (
        "add <numbers…> [because <reason>]",
        "remove <number> <reason>",
        "check <number>",
        "import",
        "export [csv | xlsx]",
    ),
    "voices": ("add <id> [name]",),
    "limits": ("set <limit> <value>",),
}

May = Callable[[str], bool]
"""Whether the reader may use a sub-command, which is named with its command: `dnc add`."""


def summary(command: str, lang: Language) -> str:
    """One line for the command menu and for the docs."""
    return str(
        {
            "start": lang.say("Say hello"),
            "help": lang.say("Show what I can do"),
            "id": lang.say("Show your id and that of this chat"),
            "call": lang.say("Call numbers with a voice"),
            "lists": lang.say("Make, change and call lists of numbers"),
            "dnc": lang.say("See who is not to be called; check, add, remove"),
            "voices": lang.say("See the voices that have a name; add, rename, hear, remove"),
            "say": lang.say("Call numbers and read out a text"),
            "again": lang.say("Call the last batch of this chat again"),
            "launch": lang.say("Start a saved launch, or make one"),
            "panel": lang.say("Post this group's launches as buttons"),
            "schedule": lang.say("See what is planned; plan, move, skip, cancel"),
            "status": lang.say("Find a batch, a number or a call"),
            "batches": lang.say("Go through all batches, by person, voice or day"),
            "report": lang.say("Show what was launched in some days, in figures"),
            "export": lang.say("Get every call of some days as a file"),
            "number": lang.say("See, share or forget your own number"),
            "team": lang.say("See and change the team, its invites and its chats"),
            "limits": lang.say("See how much may be called, and how much of it is used; set it"),
            "audit": lang.say("See who did what, and when"),
            "unpause": lang.say("Check what paused launching, and go on"),
        }[command]
    )


def usage(command: str, may: May = bool) -> str:
    """What may follow the command, without what the reader may not use; all of it by default."""
    if command in _ONE_OF:
        parts = [part for part in _ONE_OF[command] if may(f"{command} {part.partition(' ')[0]}")]
        return f"[{' | '.join(parts)}]" if parts else ""
    return {
        "call": "<voice> <numbers…> [retry=N] [server=ID]",
        "say": "<numbers…>, the text from the next line on",
        "launch": "[name]",
        "report": "[today | yesterday | 7d | 30d | 2025-06-01..2025-06-15]",
        "audit": "[b12 | list 5 | u7 | today | 2025-06-01..2025-06-15]",
        "export": "[30d | all | 2025-06-01..2025-06-15] [csv | xlsx | json]",
        "team": "[role | suspend | restore | remove], in a group and by reply",
        "status": "[b12 | number | call id or its first 6+ characters]",
    }.get(command, "")


def help_text(commands: Sequence[str], lang: Language, may: May = bool) -> Markup:
    """The reply to /help: the commands and sub-commands that this person may use."""
    lines = [_first(lang)] if "call" in commands else []
    for command in commands:
        if usage(command, may):
            lines.append(
                lang.say(
                    "/{name} <code>{usage}</code>\n  {what}",
                    name=command,
                    usage=usage(command, may),
                    what=summary(command, lang),
                )
            )
        else:
            lines.append(lang.say("/{name}\n  {what}", name=command, what=summary(command, lang)))
    if "call" in commands:
        lines.append(_last(lang))
    return Markup("\n").join(lines)


def _first(lang: Language) -> Markup:
    """What most people come for; it stands above the commands."""
    return lang.say(
        "<b>To call</b>, paste the numbers in our private chat, or send a file or a contact "
        "there; then tap a voice. Nothing is sent before you tap <b>Call</b>."
    )


def _last(lang: Language) -> Markup:
    """What the usage of /call leaves open; it stands below the commands."""
    return lang.say(
        "A voice is its name from /voices, or 32 hex digits. You can also reply with /call to a "
        "message, a file or a contact that holds the numbers. Numbers may be in any spelling, on "
        "one line or on many."
    )
