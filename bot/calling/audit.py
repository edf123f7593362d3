"""The audit's words: what was done, each recorded in the transaction of the deed itself.

No entry holds a full number: numbers are shown by their ends, and the store masks all else. No
deed is what one person alone sees: a default voice, favourites, a draft that came to nothing.
"""

from enum import StrEnum

from storage.masking import ends, masked
from storage.models import NewBatch, Person

__all__ = [
    "PROGRAM",
    "Deed",
    "counted",
    "ends",
    "launch_in_words",
    "masked",
    "of_chat",
    "of_draft",
    "of_invite",
    "of_list",
    "of_person",
    "of_plan",
    "of_saved",
    "of_voice",
]

PROGRAM = Person(id=0, name="Callboard")  # who does what no person has asked for at that moment


class Deed(StrEnum):
    """What was done; `about` of the entry says to what."""

    # Launches
    LAUNCHED = "launched"
    LAUNCH_REFUSED = "launch_refused"
    CALLED_OUTSIDE = "called_outside"
    GATEWAY_REFUSED = "gateway_refused"
    NOT_SENT = "not_sent"
    BECAME_UNKNOWN = "became_unknown"
    SKIPPED = "skipped"

    # The second person
    APPROVAL_ASKED = "approval_asked"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    APPROVAL_LAPSED = "approval_lapsed"
    APPROVAL_VOID = "approval_void"

    # Decisions about a batch
    HELD = "held"
    SENT_ON = "sent_on"
    SENT_ON_AT_OPENING = "sent_on_at_opening"
    STOPPED = "stopped"
    UNDONE = "undone"
    RANG = "rang"
    DID_NOT_RING = "did_not_ring"
    LEFT = "left"
    IDS_GIVEN = "ids_given"
    IDS_ADOPTED = "ids_adopted"
    IDS_PICKED = "ids_picked"
    IDS_DISAGREE = "ids_disagree"
    PAUSED = "paused"
    UNPAUSED = "unpaused"

    # Schedules
    PLANNED = "planned"
    PLAN_MOVED = "plan_moved"
    PLAN_SKIPPED = "plan_skipped"
    PLAN_CANCELLED = "plan_cancelled"
    PLAN_ASKED = "plan_asked"
    PLAN_LAPSED = "plan_lapsed"
    PLAN_WITHDRAWN = "plan_withdrawn"

    # Lists
    LIST_CREATED = "list_created"
    LIST_ADDED = "list_added"
    LIST_TAKEN_OFF = "list_taken_off"
    LIST_UNDONE = "list_undone"
    LIST_RENAMED = "list_renamed"
    LIST_MERGED = "list_merged"
    LIST_REMOVED = "list_removed"

    # Voices
    VOICE_ADDED = "voice_added"
    VOICE_RENAMED = "voice_renamed"
    VOICE_REMOVED = "voice_removed"
    VOICE_SAMPLED = "voice_sampled"

    # Saved launches and panels
    LAUNCH_SAVED = "launch_saved"
    LAUNCH_RENAMED = "launch_renamed"
    LAUNCH_REMOVED = "launch_removed"
    PANEL_POSTED = "panel_posted"

    # Limits
    LIMIT_SET = "limit_set"

    # The do-not-call list
    DO_NOT_CALL_ADDED = "do_not_call_added"
    DO_NOT_CALL_IMPORTED = "do_not_call_imported"
    DO_NOT_CALL_REMOVED = "do_not_call_removed"

    # People and their data
    NUMBER_SHARED = "number_shared"
    NUMBER_FORGOTTEN = "number_forgotten"
    EXPORTED = "exported"
    TURNED_AWAY = "turned_away"
    REDACTION_BEGUN = "redaction_begun"
    REDACTED = "redacted"

    # The team, its invites and its chats
    MEMBER_ADDED = "member_added"
    ROLE_CHANGED = "role_changed"
    MEMBER_SUSPENDED = "member_suspended"
    SUSPENSION_ENDED = "suspension_ended"
    MEMBER_REMOVED = "member_removed"
    INVITE_MADE = "invite_made"
    INVITE_TAKEN_BACK = "invite_taken_back"
    INVITE_USED = "invite_used"
    CHAT_ALLOWED = "chat_allowed"
    CHAT_TAKEN_OFF = "chat_taken_off"
    CHAT_MOVED = "chat_moved"


def counted(numbers: int) -> str:
    """How many numbers, for an entry."""
    return "one number" if numbers == 1 else f"{numbers:,} numbers"


def of_voice(ref: int) -> str:
    """What the entries about a voice are about."""
    return f"voice {ref}"


def of_list(list_id: int) -> str:
    """What the entries about a list are about."""
    return f"list {list_id}"


def of_saved(launch_id: int) -> str:
    """What the entries about a saved launch are about."""
    return f"launch {launch_id}"


def of_plan(schedule_id: int) -> str:
    """What the entries about a schedule are about."""
    return f"schedule {schedule_id}"


def of_person(person: Person) -> str:
    """What the entries about a person are about."""
    return f"u{person.id} {person.name}"


def of_chat(chat_id: int, title: str) -> str:
    """What the entries about a group are about."""
    return f"c{chat_id} {title}".rstrip()


def of_draft(draft_id: int) -> str:
    """What the entries about a draft that waited for a second person are about."""
    return f"draft {draft_id}"


def of_invite(invite_id: int) -> str:
    """What the entries about an invite are about; nothing of its secret is in it."""
    return f"invite {invite_id}"


def launch_in_words(new: NewBatch, count: int) -> str:
    """A launch for the audit: how many, what, and where it comes from; never to whom."""
    spoken = new.spoken is not None
    parts = [counted(count), "a text" if spoken else f"voice {new.voice_name or new.voice}"]
    if new.list_name is not None:
        parts.append(f"list {new.list_name}")
    if new.follows is not None:
        parts.append(f"{str(new.followed_as).replace('_', ' ')} of b{new.follows}")
    kind, _, of = new.asked_by.partition(":")
    if kind == "schedule":
        parts.append(of_plan(int(of.partition(":")[0])))
    return ", ".join(parts)
