"""What was wrong, what was not done, and what to do next: one sentence or two for each error."""

from markupsafe import Markup

from bot.calling.errors import (
    AlreadyDoneError,
    CallingError,
    DrainingError,
    ExpiredError,
    InviteError,
    LimitError,
    LimitValueError,
    ListChangedError,
    ListGoneError,
    NothingFoundError,
    NothingLaunchedError,
    NotYoursError,
    OthersScheduleError,
    OutsideError,
    PausedError,
    PlanOutsideError,
    TeamError,
    UsageError,
)
from bot.calling.problems import Asked
from bot.gateway.errors import CallNotFoundError, GatewayError, GatewayUnauthorisedError
from bot.texts import approvals, hours, limits, list_changes, problems, team_errors
from bot.texts.language import Language
from storage.models import Pause, PauseReason


def error(problem: CallingError | GatewayError, lang: Language) -> Markup:
    """The words for one of our own errors."""
    match problem:
        case UsageError():
            return problems.problem(problem, lang)
        case PausedError():
            reasons = Markup("\n").join(paused(pause, lang) for pause in problem.pauses)
            return lang.say("⏸ Nothing was launched.\n{reasons}", reasons=reasons)
        case NotYoursError():
            return lang.say(
                "Only {who}, who made this draft, can confirm or cancel it.",
                who=lang.name(problem.draft.author_name),
            )
        case OthersScheduleError():
            return lang.say(
                "Only {who}, who planned this, or a manager or admin can change it; nothing was "
                "changed.",
                who=lang.name(problem.name),
            )
        case AlreadyDoneError():
            return _already(problem, lang)
        case ListChangedError():
            return list_changes.changed(problem, lang)
        case ListGoneError():
            return list_changes.gone(problem, lang)
        case NothingFoundError():
            return _nothing(problem, lang)
        case NothingLaunchedError():
            return lang.say(
                "Nothing was launched from {first} to {last}, so there is nothing to export.",
                first=lang.day(problem.days.first),
                last=lang.day(problem.days.last),
            )
        case _:
            return _who_may(problem, lang) or _plain(problem, lang)


def _who_may(problem: CallingError | GatewayError, lang: Language) -> Markup | None:
    """For what the team, its limits or a second person refuse; None for anything else."""
    match problem:
        case TeamError() | InviteError():
            return team_errors.error(problem, lang)
        case LimitError():
            return limits.refused(problem, lang)
        case LimitValueError():
            return limits.bad_value(problem, lang)
        case _:
            return None


def _nothing(problem: NothingFoundError, lang: Language) -> Markup:
    """What was asked for, and that nothing is recorded under it."""
    asked = problem.asked[:64]
    match problem.kind:
        case Asked.NOTHING:
            return lang.say("Nothing has been launched in this chat yet. /batches shows all.")
        case Asked.BATCH:
            return lang.say(
                "There is no batch <code>{asked}</code>. /batches shows all.", asked=asked
            )
        case Asked.NUMBER:
            return lang.say("No call to <code>{asked}</code> is recorded.", asked=asked)
        case Asked.DIGITS:
            return lang.say(
                "<code>{asked}</code> cannot be read as a number, and no call has an id that "
                "begins so. Send the whole number, in any spelling.",
                asked=asked,
            )
        case Asked.ID:
            return lang.say(
                "No call has an id that begins with <code>{asked}</code>.", asked=asked
            )
        case _:
            return lang.say(
                "Nothing is recorded under <code>{asked}</code>. Send a batch (b12), a number, "
                "or at least the first 6 characters of a call's id.",
                asked=asked,
            )


def _plain(problem: CallingError | GatewayError, lang: Language) -> Markup:
    """The errors that carry no facts of their own, and those about a second person."""
    if isinstance(problem, approvals.ABOUT):
        return approvals.refusal(problem, lang)
    match problem:
        case OutsideError() | PlanOutsideError():
            return hours.refused(problem, lang)
        case DrainingError():
            return lang.say(
                "🔄 I am about to restart, and nothing was launched. Send it again in a minute."
            )
        case ExpiredError():
            return expired(lang)
        case GatewayUnauthorisedError():
            return lang.say(
                "The gateway refuses our token; nothing was changed. Ask an admin to renew it."
            )
        case CallNotFoundError():
            return lang.say("The gateway does not know this call any more; nothing was changed.")
        case _:
            return lang.say("The gateway does not answer now; nothing was changed. Try it again.")


def _already(problem: AlreadyDoneError, lang: Language) -> Markup:
    if problem.batch_id is not None and problem.name:
        return lang.say(
            "{who} was first: see #b{id}. Nothing was done twice.",
            id=problem.batch_id,
            who=lang.name(problem.name),
        )
    if problem.batch_id is not None:
        return lang.say("Nothing is left to do here: see #b{id}.", id=problem.batch_id)
    if problem.name:
        return lang.say("{who} was first; nothing was done here.", who=lang.name(problem.name))
    return lang.say("Somebody was first, and nothing was done twice.")


def paused(pause: Pause, lang: Language) -> Markup:
    """Why launching is paused, and what ends it."""
    if pause.reason is PauseReason.UNAUTHORISED:
        return lang.say(
            "Launching is paused: the gateway refuses our token. An admin renews BITEL_TOKEN, "
            "starts me again and sends /unpause."
        )
    if pause.reason is PauseReason.RESTORED:
        return lang.say(
            "Launching is paused: an older database was put in place, so that what it calls not "
            "sent may have been sent. An admin looks at /batches and sends /unpause."
        )
    return lang.say(
        "Launching is paused: the disk refuses writes, so that a call could not be recorded. An "
        "admin makes room and sends /unpause."
    )


def expired(lang: Language) -> Markup:
    """For a button that names something which is over or has changed."""
    return lang.say(
        "This button has expired, and nothing was done. /status shows how things are now."
    )


def unexpected(lang: Language) -> Markup:
    """For what is none of our own errors: it is logged, and says nothing of its inside here."""
    return lang.say(
        "Something went wrong here, and it has been logged. Look at /batches before you try again."
    )


def too_old(lang: Language) -> Markup:
    """For a command that was sent more than ten minutes before it arrived."""
    return lang.say("I was away, and nothing was launched. Send it again if it still holds.")


def record_unsure(lang: Language, look: str = "/status") -> Markup:
    """For a change whose commit has failed: this command says whether it took effect."""
    return lang.say(
        "The record could not be written. Look at {look} before you try it again: it says how "
        "things are.",
        look=look,
    )


def database_busy(lang: Language) -> Markup:
    """For a write that the record could not take."""
    return lang.say(
        "The record cannot be written just now; nothing was launched or changed. Try it again."
    )
