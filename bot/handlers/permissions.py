"""One table of rights: which command, which button, which answer needs what; nothing else does.

The door and the table of buttons look here, and `docs/security.md` is made from here. What is not
in a table is for nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.calling.rights import Role
from bot.texts import launches
from bot.texts.cards import Verb


class Where(StrEnum):
    """In which chats something works; elsewhere it is answered with where to go."""

    ANYWHERE = "anywhere"
    PRIVATE = "private"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Permission:
    """The least role, and in which chats.

    Attributes:
        role: who has at least this one may.
        where: elsewhere it does nothing, and says where it works.
        instead: the command that does it where it works, if that is to be named.
        outside: it works in a group that is not allowed, too.
    """

    role: Role
    where: Where = Where.ANYWHERE
    instead: str | None = None
    outside: bool = False

    def works_in(self, *, private: bool) -> bool:
        """Whether it works in a private chat, or in a group."""
        return self.where is Where.ANYWHERE or (self.where is Where.PRIVATE) == private


EVERYBODY = Permission(Role.STRANGER)
VIEWER = Permission(Role.VIEWER)
LAUNCHER = Permission(Role.LAUNCHER)
MANAGER = Permission(Role.MANAGER)
ADMIN = Permission(Role.ADMIN)
OWN_NUMBER = Permission(Role.LAUNCHER, Where.PRIVATE, "/number")
TEAM = Permission(Role.ADMIN, Where.PRIVATE, "/team")

# In the order in which /help shows them. `/start`, `/help` and `/id` answer a stranger, too: with
# their id and "ask an admin"; an invite in `/start` is the one thing that a stranger can use.
COMMANDS: Mapping[str, Permission] = {
    "call": LAUNCHER,
    "voices": VIEWER,
    "lists": VIEWER,
    "dnc": VIEWER,
    "say": LAUNCHER,
    "again": LAUNCHER,
    "launch": LAUNCHER,
    "panel": MANAGER,
    "schedule": VIEWER,
    "status": VIEWER,
    "batches": VIEWER,
    "report": VIEWER,
    "export": VIEWER,
    "number": OWN_NUMBER,
    "team": ADMIN,
    "limits": VIEWER,
    "unpause": ADMIN,
    "audit": ADMIN,
    "help": EVERYBODY,
    "id": EVERYBODY,
    "start": EVERYBODY,
}

# What a command may be followed by, where that needs more than the command itself.
FURTHER: Mapping[str, Permission] = {
    "voices add": MANAGER,
    "lists new": MANAGER,
    "start l_": LAUNCHER,  # the link of a saved launch
    "limits set": MANAGER,
    "dnc add": MANAGER,
    "dnc remove": MANAGER,
    "dnc import": MANAGER,
    "dnc export": MANAGER,
}

BUTTONS: Mapping[Verb, Permission] = {
    # A draft
    Verb.CONFIRM: LAUNCHER,
    Verb.CANCEL: LAUNCHER,
    Verb.CHOOSE: LAUNCHER,
    Verb.CHOICES: LAUNCHER,
    Verb.SKIP: LAUNCHER,
    Verb.FIRST: LAUNCHER,
    Verb.CARD: LAUNCHER,
    Verb.REMAKE: LAUNCHER,
    Verb.SEE: LAUNCHER,
    Verb.TAKE_OFF: LAUNCHER,
    Verb.SAVE_LIST: MANAGER,
    Verb.KEEP_AS: MANAGER,
    Verb.COLUMN: LAUNCHER,
    Verb.CALL_ONE: LAUNCHER,
    Verb.SPEAK: LAUNCHER,
    Verb.LATER: MANAGER,
    Verb.APPROVE: MANAGER,
    Verb.DECLINE: MANAGER,
    Verb.WITHDRAW: LAUNCHER,  # one's own; those of others need a manager
    Verb.OPENING: LAUNCHER,
    Verb.ANYWAY: MANAGER,
    # A batch
    Verb.PAGE: VIEWER,
    Verb.CSV: VIEWER,
    Verb.XLSX: VIEWER,
    Verb.NUMBERS: VIEWER,
    Verb.REFRESH: VIEWER,
    Verb.HOLD: LAUNCHER,
    Verb.SEND_REST: LAUNCHER,
    Verb.REST_AT: LAUNCHER,
    Verb.REST_ANY: MANAGER,
    Verb.STOP: LAUNCHER,
    Verb.UNDO: LAUNCHER,
    Verb.TRY_AGAIN: LAUNCHER,
    Verb.REDIAL: LAUNCHER,
    Verb.REDIAL_BY: LAUNCHER,
    Verb.REDIAL_DRAFT: LAUNCHER,
    Verb.RANG: LAUNCHER,
    Verb.DID_NOT_RING: LAUNCHER,
    Verb.LEAVE: LAUNCHER,
    Verb.IDS: LAUNCHER,
    Verb.PICK: LAUNCHER,
    # The record
    Verb.HISTORY: VIEWER,
    Verb.LIST: VIEWER,
    Verb.NARROW: VIEWER,
    Verb.REPORT: VIEWER,
    Verb.CHART: VIEWER,
    # Lists
    Verb.LISTS: VIEWER,
    Verb.LIST_CARD: VIEWER,
    Verb.LIST_SEE: VIEWER,
    Verb.LIST_FILE: VIEWER,
    Verb.LIST_CALL: LAUNCHER,
    Verb.LIST_NEW: MANAGER,
    Verb.LIST_NAME: MANAGER,
    Verb.LIST_ADD: MANAGER,
    Verb.LIST_DONE: MANAGER,
    Verb.LIST_OFF: MANAGER,
    Verb.LIST_UNDO: MANAGER,
    Verb.LIST_RENAME: MANAGER,
    Verb.LIST_MERGE: MANAGER,
    Verb.LIST_INTO: MANAGER,
    Verb.LIST_JOIN: MANAGER,
    Verb.LIST_COLUMN: MANAGER,
    Verb.LIST_REMOVE: MANAGER,
    Verb.LIST_SURE: MANAGER,
    Verb.LIST_INSTEAD: MANAGER,
    # The do-not-call list
    Verb.DNC: VIEWER,
    Verb.DNC_SEE: VIEWER,
    Verb.DNC_ADD: MANAGER,
    Verb.DNC_OFF: MANAGER,
    Verb.DNC_WHY: MANAGER,
    Verb.DNC_PART: MANAGER,
    Verb.DNC_FILE: MANAGER,
    # Voices
    Verb.VOICES: VIEWER,
    Verb.VOICE: VIEWER,
    Verb.VOICE_HEAR: VIEWER,
    Verb.VOICE_MINE: LAUNCHER,
    Verb.VOICE_ADD: MANAGER,
    Verb.VOICE_TAKE: MANAGER,
    Verb.VOICE_NAME: MANAGER,
    Verb.VOICE_DROP: MANAGER,
    Verb.VOICE_GONE: MANAGER,
    # Saved launches
    Verb.LAUNCH: LAUNCHER,
    Verb.LAUNCHES: LAUNCHER,
    Verb.LAUNCH_CARD: LAUNCHER,
    Verb.LAUNCH_DEED: LAUNCHER,
    Verb.NEW_LAUNCH: MANAGER,
    Verb.SAVE: MANAGER,
    Verb.SAVE_AS: MANAGER,
    Verb.SAVE_NAME: MANAGER,
    Verb.PANEL: Permission(Role.LAUNCHER, Where.GROUP),
    # Schedules
    Verb.PLANS: VIEWER,
    Verb.MOVE: MANAGER,
    Verb.SKIP_TIME: LAUNCHER,  # of one's own, as of *Cancel*; those of others need a manager
    Verb.UNPLAN: LAUNCHER,
    Verb.CALL_DUE: LAUNCHER,
    Verb.DUE_AT: LAUNCHER,
    # The team, its invites and its chats
    Verb.TEAM: TEAM,
    Verb.TEAM_MEMBER: TEAM,
    Verb.TEAM_ROLE: TEAM,
    Verb.TEAM_ASK: TEAM,
    Verb.TEAM_DO: TEAM,
    Verb.TEAM_ADD: TEAM,
    Verb.INVITES: TEAM,
    Verb.INVITE: TEAM,
    Verb.INVITE_BACK: TEAM,
    Verb.CHATS: TEAM,
    Verb.CHAT_OFF: TEAM,
    Verb.CHAT_ALLOW: Permission(Role.ADMIN, Where.GROUP, outside=True),
    # Limits
    Verb.LIMITS: VIEWER,
    Verb.LIMIT: MANAGER,
    Verb.LIMIT_SET: MANAGER,
    Verb.LIMIT_TYPE: MANAGER,
    # Oneself, and the program
    Verb.MY_NUMBER: OWN_NUMBER,
    Verb.UNASK: VIEWER,
    Verb.UNPAUSE: ADMIN,
    Verb.AUDIT: ADMIN,
    Verb.AUDIT_PICK: ADMIN,
    Verb.LAUNCH_AGAIN: ADMIN,
}

# A button whose token begins with a deed, where that needs more than the button itself.
DEEDS: Mapping[tuple[Verb, str], Permission] = {
    (Verb.LAUNCH_DEED, launches.NAME): MANAGER,
    (Verb.LAUNCH_DEED, launches.REMOVE): MANAGER,
    (Verb.LAUNCH_DEED, launches.SURE): MANAGER,
}

# Answers to questions, by the kind of the question.
ANSWERS: Mapping[str, Permission] = {
    "later": MANAGER,
    "move": MANAGER,
    "list_name": MANAGER,
    "list_rename": MANAGER,
    "list_fill": MANAGER,
    "list_more": MANAGER,
    "launch_name": MANAGER,
    "new_launch": MANAGER,
    "speak": LAUNCHER,
    "anyway": MANAGER,
    "rest_anyway": MANAGER,
    "draft_list": MANAGER,
    "dnc_add": MANAGER,
    "dnc_off": MANAGER,
    "dnc_why": MANAGER,
    "dnc_see": VIEWER,
    "voice_id": MANAGER,
    "voice_name": MANAGER,
    "voice_rename": MANAGER,
    "limit": MANAGER,
}

# What is sent without a command, and answers nothing.
SENT: Mapping[str, Permission] = {
    "numbers": Permission(Role.LAUNCHER, Where.PRIVATE),  # text, contact, forward or file
    "ids": LAUNCHER,  # in reply to the bot's question for the ids of an unknown
    "sample": MANAGER,  # in reply to a voice's card
    "people": TEAM,  # picked with the key of *Add*
    "key": Permission(Role.VIEWER, Where.PRIVATE),  # of the home keyboard
    "launching key": Permission(Role.LAUNCHER, Where.PRIVATE),  # *Launch*, or a favourite
    "anything else": Permission(Role.VIEWER, Where.PRIVATE),  # is answered with what could be sent
}


def of_command(command: str, text: str) -> Permission:
    """What a command needs, with what follows it; an unknown one is answered to members.

    Args:
        command: its name, without the slash.
        text: what follows.
    """
    first = next(iter(text.lower().split()), "")
    if first.startswith("l_"):
        first = "l_"
    needs = COMMANDS.get(command.lower(), VIEWER)
    return FURTHER.get(f"{command.lower()} {first}", needs)


def may_follow(further: str, role: Role) -> bool:
    """Whether a role may use a sub-command, named with its command as in `dnc add`."""
    needs = FURTHER.get(further)
    return needs is None or role >= needs.role


def of_button(verb: Verb, token: str) -> Permission:
    """What a press needs; a deed is named by the first part of the token.

    Raises:
        KeyError: it is in no table.
    """
    return DEEDS.get((verb, token.partition(".")[0]), BUTTONS[verb])
