"""What was wrong with somebody's input, what was not done, and what to do next.

By subject; a new subject is a function of its own in the list of `problem`.
"""

from markupsafe import Markup

from bot.calling.errors import NameTakenError, UsageError
from bot.calling.problems import Problem
from bot.texts import anyway, dnc, files, list_changes, moments, taking, uncallable, voices
from bot.texts.language import Language

# Nobody's numbers: as markup they are shown where those of people are masked.
EXAMPLE = Markup("/call 08e815cbcd724386805103ac0d45e4c2 09120000001 09120000002")

SAY_EXAMPLE = Markup("/say 09120000001 09120000002\nThe shift begins at six.")


def problem(of: UsageError, lang: Language) -> Markup:
    """What was wrong with the input, what was not done, and what to do next."""
    for subject in (
        _launch,
        voices.problem,
        list_changes.problem,
        taking.problem,
        files.problem,
        _option,
        _name,
        _spoken,
        _range,
        moments.problem,
        _saved,
        dnc.problem,
        anyway.problem,
    ):
        said = subject(of, lang)
        if said is not None:
            return said
    raise LookupError(of.problem)


def _launch(problem: UsageError, lang: Language) -> Markup | None:
    match problem.problem:
        case Problem.NO_ARGUMENTS:
            return lang.say(
                "Send a voice and the numbers, for example:\n<code>{example}</code>",
                example=EXAMPLE,
            )
        case Problem.VOICE_FIRST:
            return lang.say(
                "The voice comes first, then the numbers; nothing was called. For example:\n"
                "<code>{example}</code>",
                example=EXAMPLE,
            )
        case Problem.NO_NUMBER:
            return lang.say(
                "There is no number in your text, and nothing was called. Send the numbers after "
                "the voice, or reply with /call to a message that holds them."
            )
        case Problem.NOTHING_CALLABLE:
            why = lang.say("None of this can be called, and nothing was called.")
            return uncallable.refused(why, problem.uncallable, lang)
        case Problem.TOO_MANY:
            return lang.say(
                "These are {n} numbers, and one batch may have {limit} at most; nothing was "
                "called. Send them in several batches.",
                n=lang.number(int(problem.value)),
                limit=lang.number(problem.limit),
            )
        case Problem.REDACTED:
            return lang.say(
                "These numbers are not in the record any more: they were redacted, so nobody of "
                "them can be called again. Send the numbers anew."
            )
        case Problem.NO_IDS:
            return lang.say(
                "There is no call id in your reply; nothing was changed. An id has 32 hex digits."
            )
        case _:
            return None


def _option(problem: UsageError, lang: Language) -> Markup | None:
    match problem.problem:
        case Problem.BAD_RETRY:
            return lang.say(
                "<code>retry={value}</code> is not a number from 0 to {limit}; nothing was "
                "called. Send it again with one of these, or without <code>retry=</code>.",
                value=problem.value,
                limit=lang.number(problem.limit),
            )
        case Problem.BAD_SERVER:
            return lang.say(
                "<code>server=</code> needs the id of a dialer, 64 characters at most; nothing "
                "was called."
            )
        case Problem.OPTION_TWICE:
            return lang.say(
                "<code>{value}</code> stands there twice; nothing was called. Send it once.",
                value=problem.value,
            )
        case Problem.UNKNOWN_OPTION:
            return lang.say(
                "I do not know the option <code>{value}</code>; nothing was called. There are "
                "<code>retry=</code> and <code>server=</code>.",
                value=problem.value,
            )
        case Problem.NO_EVENT:
            return lang.say("This is no event of the gateway; nothing was kept.")
        case _:
            return None


def _name(problem: UsageError, lang: Language) -> Markup | None:
    match problem.problem:
        case Problem.NAME_EMPTY:
            return lang.say(
                "A name needs a sign that can be seen; nothing was changed. Send another one."
            )
        case Problem.NAME_TOO_LONG:
            return lang.say(
                "This name has more than {limit} characters; nothing was changed. Send a shorter "
                "one.",
                limit=lang.number(problem.limit),
            )
        case Problem.NAME_BEGINS:
            return lang.say(
                "A name does not begin with a digit or a plus, or it would be taken for a number; "
                "nothing was changed. Send one that begins with a letter."
            )
        case Problem.NAME_TAKEN:
            return _taken(problem, lang)
        case _:
            return None


def _taken(problem: UsageError, lang: Language) -> Markup:
    name = lang.name(problem.value)
    match problem.what if isinstance(problem, NameTakenError) else None:
        case "voice":
            return lang.say(
                "{name} is the name of another voice; nothing was changed. Send a different name.",
                name=name,
            )
        case "list":
            return lang.say(
                "{name} is the name of another list; nothing was changed. Send a different name.",
                name=name,
            )
        case _:
            return lang.say(
                "{name} is the name of another launch; nothing was changed. Send a different "
                "name.",
                name=name,
            )


def _spoken(problem: UsageError, lang: Language) -> Markup | None:
    match problem.problem:
        case Problem.SAY_NO_NUMBER:
            return lang.say(
                "There is no number behind /say, and nothing was called. The numbers stand on the "
                "first line, the text on the next ones, for example:\n<code>{example}</code>",
                example=SAY_EXAMPLE,
            )
        case Problem.TEXT_EMPTY:
            return lang.say(
                "There is no text that could be read out, and nothing was called. The text begins "
                "on the line after /say and the numbers, for example:\n<code>{example}</code>",
                example=SAY_EXAMPLE,
            )
        case Problem.TEXT_TOO_LONG:
            return lang.say(
                "This text has {n} characters, and {limit} can be read out at most; nothing was "
                "called. Send a shorter one.",
                n=lang.number(int(problem.value)),
                limit=lang.number(problem.limit),
            )
        case _:
            return None


def _range(problem: UsageError, lang: Language) -> Markup | None:
    match problem.problem:
        case Problem.BAD_RANGE:
            return lang.say(
                "<code>{value}</code> names no days. Send <code>today</code>, "
                "<code>yesterday</code>, <code>7d</code>, <code>30d</code>, or dates such as "
                "<code>2025-06-01..2025-06-15</code>.",
                value=problem.value[:64],
            )
        case Problem.BAD_SUBJECT:
            return lang.say(
                "<code>{value}</code> is nothing that the audit is about. Send for example "
                "/audit, <code>/audit b12</code>, <code>/audit list 5</code>, "
                "<code>/audit today</code> or <code>/audit 2025-06-01..2025-06-15</code>.",
                value=problem.value[:64],
            )
        case Problem.RANGE_BACKWARDS:
            return lang.say(
                "<code>{value}</code> ends before it begins. Send the earlier date first.",
                value=problem.value,
            )
        case Problem.BAD_FORMAT:
            return lang.say(
                "Name one format only: <code>csv</code>, <code>xlsx</code> or <code>json</code>."
            )
        case _:
            return None


def _saved(problem: UsageError, lang: Language) -> Markup | None:
    if problem.problem is Problem.LAUNCH_WITHOUT_VOICE:
        return lang.say(
            "Its voice has no name yet, and nothing was saved. Give the voice a name in /voices "
            "first."
        )
    if problem.problem in UNREADY:
        why, after = _unready(problem.problem, problem.value, problem.limit, lang)
        return lang.say("{why} Nothing was called. {next}", why=why, next=after)
    return None


UNREADY = (
    Problem.LAUNCH_GONE,
    Problem.LAUNCH_VOICE_GONE,
    Problem.LAUNCH_LIST_GONE,
    Problem.LAUNCH_LIST_EMPTY,
    Problem.LAUNCH_TOO_LARGE,
)


def unready(why: Problem, name: str, most: int, lang: Language) -> Markup:
    """Why a saved launch cannot be launched now, and what to do next."""
    return Markup(" ").join(_unready(why, name, most, lang))


def _unready(why: Problem, name: str, most: int, lang: Language) -> tuple[Markup, Markup]:
    """The same in two parts: what was not done stands between them."""
    shown = lang.name(name)
    anew = lang.say("Make a new launch in /launch.")
    match why:
        case Problem.LAUNCH_VOICE_GONE:
            return lang.say("The voice of {name} was removed.", name=shown), anew
        case Problem.LAUNCH_LIST_GONE:
            return lang.say("The list of {name} was removed.", name=shown), anew
        case Problem.LAUNCH_LIST_EMPTY:
            what = lang.say("The list of {name} is empty.", name=shown)
            return what, lang.say("Add numbers in /lists.")
        case Problem.LAUNCH_TOO_LARGE:
            what = lang.say(
                "The list of {name} is too large: one batch may have {limit} numbers at most.",
                name=shown,
                limit=lang.number(most),
            )
            return what, lang.say("Make smaller lists in /lists.")
        case _:
            return lang.say("This launch was removed."), lang.say("/launch shows all.")
