"""Why the team was not changed, or an invite made nobody a member: a sentence each."""

from markupsafe import Markup

from bot.calling.errors import InviteError, TeamError
from bot.calling.problems import InviteProblem, TeamProblem
from bot.texts.language import Language


def error(problem: TeamError | InviteError, lang: Language) -> Markup:
    """The words for an error of one of the two kinds."""
    if isinstance(problem, TeamError):
        return _team(problem, lang)
    return _invite(problem, lang)


def _team(problem: TeamError, lang: Language) -> Markup:
    name = lang.name(problem.value) or lang.say("This person")
    return {
        TeamProblem.NO_ADMIN: lang.say(
            "Only admins may do this; nothing was done. An admin can change your role with /team."
        ),
        TeamProblem.IN_ADMIN_IDS: lang.say(
            "{name} stands in ADMIN_IDS and is always an admin; nothing was changed.", name=name
        ),
        TeamProblem.ONESELF: lang.say(
            "Nobody changes their own role; nothing was changed. Ask another admin."
        ),
        TeamProblem.LAST_ADMIN: lang.say(
            "{name} is the only admin there is; nothing was changed. Make another admin first.",
            name=name,
        ),
        TeamProblem.UNKNOWN_MEMBER: lang.say("This person is no member; nothing was changed."),
        TeamProblem.NO_ROLE: lang.say(
            "There is no role {name}; nothing was changed. Roles are viewer, launcher, manager "
            "and admin.",
            name=name,
        ),
        TeamProblem.NO_PERSON: lang.say(
            "This was not written by a person, but by a bot or a channel; nothing was changed."
        ),
        TeamProblem.IS_SO: lang.say(
            "This is so already for {name}; nothing was changed.", name=name
        ),
    }[problem.problem]


def _invite(problem: InviteError, lang: Language) -> Markup:
    return {
        InviteProblem.UNKNOWN: lang.say("I do not know this invite; nothing was changed."),
        InviteProblem.USED: lang.say(
            "This invite was used already; each works once. Ask an admin for another one."
        ),
        InviteProblem.LATE: lang.say(
            "This invite is over; each lasts for 24 hours. Ask an admin for another one."
        ),
        InviteProblem.TAKEN_BACK: lang.say(
            "This invite was taken back. Ask an admin for another one."
        ),
        InviteProblem.NOT_NEEDED: lang.say(
            "You may do all of this already, so the invite stays unused."
        ),
        InviteProblem.SUSPENDED: lang.say(
            "You cannot use an invite, and this one stays unused. Ask an admin."
        ),
        InviteProblem.OLDER: lang.say(
            "This invite was made before you were taken off the team, so it stays unused. Ask an "
            "admin for a new one."
        ),
    }[problem.problem]
