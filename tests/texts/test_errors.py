"""What was wrong, what was not done, and what to do next."""

from datetime import date
from typing import Literal

import pytest
from markupsafe import Markup

from bot.calling.days import Days
from bot.calling.errors import (
    AlreadyDoneError,
    CallingError,
    DrainingError,
    ExpiredError,
    NameTakenError,
    NothingFoundError,
    NothingLaunchedError,
    NotYoursError,
    PausedError,
    UsageError,
)
from bot.calling.numbers import Reason, Uncallable
from bot.calling.problems import Asked, Problem
from bot.gateway.errors import (
    CallNotFoundError,
    GatewayAnswerError,
    GatewayError,
    GatewayUnauthorisedError,
    GatewayUnreachableError,
)
from bot.texts import errors
from bot.texts.cards import plain
from tests.texts.file_words import FILE_WORDS
from tests.texts.scenes import ENGLISH, FULL, HOSTILE, PAUSED, draft_of
from tests.texts.time_words import TIME_WORDS

EXAMPLE = "/call 08e815cbcd724386805103ac0d45e4c2 09120000001 09120000002"
ESCAPED = "&lt;b&gt;Sara&lt;/b&gt; &amp; &#34;Bob&#34; {who}"
RENEW = (
    "Launching is paused: the gateway refuses our token. An admin renews BITEL_TOKEN, starts me "
    "again and sends /unpause."
)
ROOM = (
    "Launching is paused: the disk refuses writes, so that a call could not be recorded. An "
    "admin makes room and sends /unpause."
)
USAGE = {
    Problem.NO_ARGUMENTS: (
        UsageError(Problem.NO_ARGUMENTS),
        f"Send a voice and the numbers, for example:\n{EXAMPLE}",
    ),
    Problem.VOICE_FIRST: (
        UsageError(Problem.VOICE_FIRST),
        f"The voice comes first, then the numbers; nothing was called. For example:\n{EXAMPLE}",
    ),
    Problem.REASON_EMPTY: (
        UsageError(Problem.REASON_EMPTY),
        "This is no reason, and nothing was called. Write why it cannot wait.",
    ),
    Problem.REASON_TOO_LONG: (
        UsageError(Problem.REASON_TOO_LONG, "201", 200),
        "A reason has 200 characters at most, and nothing was called. Write it shorter.",
    ),
    Problem.NO_NUMBER: (
        UsageError(Problem.NO_NUMBER),
        (
            "There is no number in your text, and nothing was called. Send the numbers after "
            "the voice, or reply with /call to a message that holds them."
        ),
    ),
    Problem.NOTHING_CALLABLE: (
        UsageError(
            Problem.NOTHING_CALLABLE,
            uncallable=(Uncallable(text="<hi>", line=2, reason=Reason.LETTERS),),
        ),
        (
            "None of this can be called, and nothing was called.\n"
            "⛔ One entry cannot be called:\n"
            "  line 2: <hi> – letters\n"
            "Correct the numbers and send them again."
        ),
    ),
    Problem.TOO_MANY: (
        UsageError(Problem.TOO_MANY, "1001", 1000),
        (
            "These are 1,001 numbers, and one batch may have 1,000 at most; nothing was called. "
            "Send them in several batches."
        ),
    ),
    Problem.BAD_RETRY: (
        UsageError(Problem.BAD_RETRY, "11", 10),
        (
            "retry=11 is not a number from 0 to 10; nothing was called. Send it again with one of "
            "these, or without retry=."
        ),
    ),
    Problem.BAD_SERVER: (
        UsageError(Problem.BAD_SERVER, ""),
        "server= needs the id of a dialer, 64 characters at most; nothing was called.",
    ),
    Problem.BAD_VOICE: (
        UsageError(Problem.BAD_VOICE, "a=b"),
        (
            "a=b is no voice id, and nothing was changed. A voice id has 32 hex digits, as the "
            "gateway shows it: copy it from there."
        ),
    ),
    Problem.NO_VOICE_NAMED: (
        UsageError(Problem.NO_VOICE_NAMED, "shft", nearest=("Shift call", "Shift 2")),
        (
            "There is no voice of the name shft, and nothing was done. Did you mean "
            "Shift call · Shift 2?"
        ),
    ),
    Problem.VOICE_KNOWN: (
        UsageError(Problem.VOICE_KNOWN, "Shift call"),
        (
            "This voice is there already, as Shift call; nothing was changed. Rename it in "
            "/voices if you like."
        ),
    ),
    Problem.VOICE_GONE: (
        UsageError(Problem.VOICE_GONE, "Shift call"),
        "This voice was removed, and nothing was done. /voices shows those that there are.",
    ),
    Problem.UNKNOWN_OPTION: (
        UsageError(Problem.UNKNOWN_OPTION, "speed="),
        "I do not know the option speed=; nothing was called. There are retry= and server=.",
    ),
    Problem.OPTION_TWICE: (
        UsageError(Problem.OPTION_TWICE, "retry="),
        "retry= stands there twice; nothing was called. Send it once.",
    ),
    Problem.NO_IDS: (
        UsageError(Problem.NO_IDS),
        "There is no call id in your reply; nothing was changed. An id has 32 hex digits.",
    ),
    Problem.BAD_RANGE: (
        UsageError(Problem.BAD_RANGE, "<i>soon"),
        (
            "<i>soon names no days. Send today, yesterday, 7d, 30d, or dates such as "
            "2025-06-01..2025-06-15."
        ),
    ),
    Problem.RANGE_BACKWARDS: (
        UsageError(Problem.RANGE_BACKWARDS, "2025-06-15..2025-06-01"),
        ("2025-06-15..2025-06-01 ends before it begins. Send the earlier date first."),
    ),
    Problem.BAD_SUBJECT: (
        UsageError(Problem.BAD_SUBJECT, "<i>soon"),
        (
            "<i>soon is nothing that the audit is about. Send for example /audit, /audit b12, "
            "/audit list 5, /audit today or /audit 2025-06-01..2025-06-15."
        ),
    ),
    Problem.NO_EVENT: (
        UsageError(Problem.NO_EVENT),
        "This is no event of the gateway; nothing was kept.",
    ),
    Problem.BAD_FORMAT: (
        UsageError(Problem.BAD_FORMAT, "csv"),
        "Name one format only: csv, xlsx or json.",
    ),
    Problem.SAY_NO_NUMBER: (
        UsageError(Problem.SAY_NO_NUMBER),
        (
            "There is no number behind /say, and nothing was called. The numbers stand on the "
            "first line, the text on the next ones, for example:\n"
            "/say 09120000001 09120000002\nThe shift begins at six."
        ),
    ),
    Problem.TEXT_EMPTY: (
        UsageError(Problem.TEXT_EMPTY),
        (
            "There is no text that could be read out, and nothing was called. The text begins on "
            "the line after /say and the numbers, for example:\n"
            "/say 09120000001 09120000002\nThe shift begins at six."
        ),
    ),
    Problem.TEXT_TOO_LONG: (
        UsageError(Problem.TEXT_TOO_LONG, "2001", 2000),
        (
            "This text has 2,001 characters, and 2,000 can be read out at most; nothing was "
            "called. Send a shorter one."
        ),
    ),
}
USAGE |= {
    problem: (UsageError(problem, "XLS", 2_000_000), words)
    for problem, words in FILE_WORDS.items()
}

USAGE |= {
    problem: (UsageError(problem, "soon", 366), words) for problem, words in TIME_WORDS.items()
}
USAGE |= {
    Problem.NAME_EMPTY: (
        UsageError(Problem.NAME_EMPTY),
        "A name needs a sign that can be seen; nothing was changed. Send another one.",
    ),
    Problem.NAME_TOO_LONG: (
        UsageError(Problem.NAME_TOO_LONG, "x" * 40, 40),
        ("This name has more than 40 characters; nothing was changed. Send a shorter one."),
    ),
    Problem.NAME_BEGINS: (
        UsageError(Problem.NAME_BEGINS, "1a"),
        (
            "A name does not begin with a digit or a plus, or it would be taken for a number;"
            " nothing was changed. Send one that begins with a letter."
        ),
    ),
    Problem.NAME_TAKEN: (
        NameTakenError("list", "Drivers"),
        ("Drivers is the name of another list; nothing was changed. Send a different name."),
    ),
    Problem.ALL_DO_NOT_CALL: (
        UsageError(Problem.ALL_DO_NOT_CALL, limit=2),
        "All 2 numbers are on the do-not-call list, and nothing was called. /dnc tells why.",
    ),
    Problem.YOU_DO_NOT_CALL: (
        UsageError(Problem.YOU_DO_NOT_CALL),
        (
            "Your own number is on the do-not-call list, and nothing was called. A manager can "
            "take it off with /dnc."
        ),
    ),
    Problem.DNC_NO_NUMBER: (
        UsageError(Problem.DNC_NO_NUMBER),
        (
            "There is no number in this; the list is as before. Send numbers, contacts, or a file "
            "that holds them."
        ),
    ),
    Problem.DNC_NOTHING_CALLABLE: (
        UsageError(
            Problem.DNC_NOTHING_CALLABLE,
            uncallable=(Uncallable(text="<hi>", line=2, reason=Reason.LETTERS),),
        ),
        (
            "None of this can be called anyway; the list is as before.\n"
            "⛔ One entry cannot be called:\n"
            "  line 2: <hi> – letters\n"
            "Correct the numbers and send them again."
        ),
    ),
    Problem.DNC_ONE_NUMBER: (
        UsageError(Problem.DNC_ONE_NUMBER),
        "This is not one whole number; nothing was changed. Send one, in any spelling.",
    ),
    Problem.DNC_NOT_LISTED: (
        UsageError(Problem.DNC_NOT_LISTED, "+989120000001"),
        "09120000001 is not on the do-not-call list; nothing was changed.",
    ),
    Problem.DNC_NO_REASON: (
        UsageError(Problem.DNC_NO_REASON),
        "A reason needs words; nothing was changed. Send a few.",
    ),
    Problem.DNC_LONG_REASON: (
        UsageError(Problem.DNC_LONG_REASON, limit=200),
        "This reason has more than 200 characters; nothing was changed. Send a shorter one.",
    ),
    Problem.DNC_EMPTY: (
        UsageError(Problem.DNC_EMPTY),
        "Nobody is on the do-not-call list, so there is nothing to export.",
    ),
    Problem.DNC_BAD_FORMAT: (
        UsageError(Problem.DNC_BAD_FORMAT),
        "Name one format: csv or xlsx.",
    ),
    Problem.ONLY_YOU: (
        UsageError(Problem.ONLY_YOU),
        (
            "Your own number is the only one in this draft, so there is nobody to call after "
            "you; nothing was called. Press Call instead."
        ),
    ),
    Problem.LAST_NUMBER: (
        UsageError(Problem.LAST_NUMBER),
        ("This is the last number of the draft; it was not taken off. Cancel the draft instead."),
    ),
    Problem.LAUNCH_GONE: (
        UsageError(Problem.LAUNCH_GONE),
        ("This launch was removed. Nothing was called. /launch shows all."),
    ),
    Problem.LAUNCH_VOICE_GONE: (
        UsageError(Problem.LAUNCH_VOICE_GONE, "Shift"),
        ("The voice of Shift was removed. Nothing was called. Make a new launch in /launch."),
    ),
    Problem.LAUNCH_LIST_GONE: (
        UsageError(Problem.LAUNCH_LIST_GONE, "Shift"),
        ("The list of Shift was removed. Nothing was called. Make a new launch in /launch."),
    ),
    Problem.LAUNCH_LIST_EMPTY: (
        UsageError(Problem.LAUNCH_LIST_EMPTY, "Shift"),
        ("The list of Shift is empty. Nothing was called. Add numbers in /lists."),
    ),
    Problem.LAUNCH_TOO_LARGE: (
        UsageError(Problem.LAUNCH_TOO_LARGE, "Shift", 1000),
        (
            "The list of Shift is too large: one batch may have 1,000 numbers at most. "
            "Nothing was called. Make smaller lists in /lists."
        ),
    ),
    Problem.LAUNCH_WITHOUT_VOICE: (
        UsageError(Problem.LAUNCH_WITHOUT_VOICE),
        (
            "Its voice has no name yet, and nothing was saved. Give the voice a name in "
            "/voices first."
        ),
    ),
    Problem.REDACTED: (
        UsageError(Problem.REDACTED),
        (
            "These numbers are not in the record any more: they were redacted, so nobody of "
            "them can be called again. Send the numbers anew."
        ),
    ),
    Problem.NO_LIST_NAMED: (
        UsageError(Problem.NO_LIST_NAMED, "drvrs"),
        ("No list is called drvrs; nothing was done. /lists shows all lists."),
    ),
    Problem.LIST_NO_NUMBER: (
        UsageError(Problem.LIST_NO_NUMBER),
        (
            "There is no number in this; the lists are as before. Send numbers, contacts, or "
            "a file that holds them."
        ),
    ),
    Problem.LIST_NOTHING_CALLABLE: (
        UsageError(Problem.LIST_NOTHING_CALLABLE),
        (
            "None of this can be called; the lists are as before.\n"
            "Correct the numbers and send them again."
        ),
    ),
    Problem.LIST_EMPTY: (
        UsageError(Problem.LIST_EMPTY, "Drivers"),
        ("Drivers is empty; nothing was called. Add numbers to it first."),
    ),
    Problem.LIST_TOO_LARGE: (
        UsageError(Problem.LIST_TOO_LARGE, "Drivers", 1000),
        (
            "Drivers is too large; nothing was called. One batch may have 1,000 numbers at "
            "most: make smaller lists."
        ),
    ),
    Problem.LIST_FULL: (
        UsageError(Problem.LIST_FULL, "Drivers", 100000),
        (
            "Drivers would have more than 100,000 numbers; nothing was changed. Make another "
            "list for the rest."
        ),
    ),
}


def said(problem: CallingError | GatewayError) -> str:
    """The words as a person reads them."""
    return plain(errors.error(problem, ENGLISH))


@pytest.mark.parametrize("problem", list(Problem))
def test_each_problem_of_the_input(problem: Problem) -> None:
    """Every kind of bad input has its own sentence, which says that nothing was done."""
    error, words = USAGE[problem]
    assert said(error) == words


@pytest.mark.parametrize("what", ["voice", "list", "launch"])
def test_a_taken_name(what: Literal["voice", "list", "launch"]) -> None:
    """It says which kind of thing has the name."""
    assert said(NameTakenError(what, "Shift")) == (
        f"Shift is the name of another {what}; nothing was changed. Send a different name."
    )


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (PausedError([PAUSED]), f"⏸ Nothing was launched.\n{RENEW}"),
        (PausedError([PAUSED, FULL]), f"⏸ Nothing was launched.\n{RENEW}\n{ROOM}"),
        (
            DrainingError(),
            "🔄 I am about to restart, and nothing was launched. Send it again in a minute.",
        ),
        (
            ExpiredError(),
            "This button has expired, and nothing was done. /status shows how things are now.",
        ),
        (
            NotYoursError(draft_of()),
            "Only Sara, who made this draft, can confirm or cancel it.",
        ),
        (AlreadyDoneError(12, "Bob"), "Bob was first: see #b12. Nothing was done twice."),
        (AlreadyDoneError(12), "Nothing is left to do here: see #b12."),
        (AlreadyDoneError(), "Somebody was first, and nothing was done twice."),
        (
            NothingFoundError(""),
            "Nothing has been launched in this chat yet. /batches shows all.",
        ),
        (
            NothingFoundError("xyz"),
            (
                "Nothing is recorded under xyz. Send a batch (b12), a number, or at least the "
                "first 6 characters of a call's id."
            ),
        ),
        (
            NothingFoundError("b99", Asked.BATCH),
            "There is no batch b99. /batches shows all.",
        ),
        (
            NothingFoundError("09120000009", Asked.NUMBER),
            "No call to 09120000009 is recorded.",
        ),
        (
            NothingFoundError("0912", Asked.DIGITS),
            (
                "0912 cannot be read as a number, and no call has an id that begins so. Send "
                "the whole number, in any spelling."
            ),
        ),
        (
            NothingFoundError("abcdef", Asked.ID),
            "No call has an id that begins with abcdef.",
        ),
        (
            NothingLaunchedError(Days(date(2025, 6, 1), date(2025, 6, 15))),
            (
                "Nothing was launched from 1 Jun 2025 to 15 Jun 2025, so there is nothing to "
                "export."
            ),
        ),
        (
            GatewayUnauthorisedError(),
            "The gateway refuses our token; nothing was changed. Ask an admin to renew it.",
        ),
        (
            CallNotFoundError(),
            "The gateway does not know this call any more; nothing was changed.",
        ),
        (
            GatewayUnreachableError(),
            "The gateway does not answer now; nothing was changed. Try it again.",
        ),
        (
            GatewayAnswerError("odd"),
            "The gateway does not answer now; nothing was changed. Try it again.",
        ),
    ],
)
def test_each_error(problem: CallingError | GatewayError, words: str) -> None:
    """Every error of our own has its own words."""
    assert said(problem) == words


@pytest.mark.parametrize(
    "problem",
    [
        NotYoursError(draft_of(author_name=HOSTILE)),
        AlreadyDoneError(12, HOSTILE),
        NothingFoundError(HOSTILE),
        UsageError(Problem.BAD_RETRY, HOSTILE, 10),
        UsageError(Problem.UNKNOWN_OPTION, HOSTILE),
        UsageError(Problem.OPTION_TWICE, HOSTILE),
        UsageError(Problem.BAD_VOICE, HOSTILE),
        UsageError(Problem.NO_VOICE_NAMED, HOSTILE),
        UsageError(Problem.NO_VOICE_NAMED, "x", nearest=(HOSTILE,)),
        UsageError(Problem.VOICE_KNOWN, HOSTILE),
        UsageError(
            Problem.NOTHING_CALLABLE,
            uncallable=(Uncallable(text=HOSTILE, line=1, reason=Reason.UNREADABLE),),
        ),
    ],
)
def test_what_people_typed_is_escaped(problem: CallingError) -> None:
    """Nothing that stands in a name or in an input becomes markup."""
    assert ESCAPED in errors.error(problem, ENGLISH)


def test_a_long_question_is_not_repeated_whole() -> None:
    """What nothing was found for is shown up to 64 characters."""
    assert said(NothingFoundError("x" * 1000)).startswith(
        f"Nothing is recorded under {'x' * 64}. "
    )


def test_the_neutral_sentences() -> None:
    """What is none of our own errors says nothing of its inside, and what to look at."""
    words: list[Markup] = [
        errors.unexpected(ENGLISH),
        errors.too_old(ENGLISH),
        errors.database_busy(ENGLISH),
    ]
    assert words == [
        (
            "Something went wrong here, and it has been logged. Look at /batches before you try "
            "again."
        ),
        "I was away, and nothing was launched. Send it again if it still holds.",
        "The record cannot be written just now; nothing was launched or changed. Try it again.",
    ]
