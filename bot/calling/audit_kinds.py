"""Kinds of deeds, by which the audit is narrowed."""

from collections.abc import Mapping
from enum import StrEnum

from bot.calling.audit import Deed


class Kind(StrEnum):
    """Kinds of deeds, as they stand in a button."""

    LAUNCHES = "l"
    DECISIONS = "d"
    APPROVALS = "a"
    PLANS = "p"
    TEAM = "t"
    DO_NOT_CALL = "n"
    LIMITS = "m"
    LISTS = "i"
    VOICES = "v"
    SAVED = "s"
    DATA = "e"
    REFUSALS = "r"


KINDS: Mapping[Kind, tuple[Deed, ...]] = {
    Kind.LAUNCHES: (
        Deed.LAUNCHED,
        Deed.CALLED_OUTSIDE,
        Deed.GATEWAY_REFUSED,
        Deed.NOT_SENT,
        Deed.BECAME_UNKNOWN,
    ),
    Kind.DECISIONS: (
        Deed.HELD,
        Deed.SENT_ON,
        Deed.SENT_ON_AT_OPENING,
        Deed.STOPPED,
        Deed.UNDONE,
        Deed.RANG,
        Deed.DID_NOT_RING,
        Deed.LEFT,
        Deed.IDS_GIVEN,
        Deed.IDS_ADOPTED,
        Deed.IDS_PICKED,
        Deed.IDS_DISAGREE,
        Deed.PAUSED,
        Deed.UNPAUSED,
    ),
    Kind.APPROVALS: (
        Deed.APPROVAL_ASKED,
        Deed.APPROVED,
        Deed.DECLINED,
        Deed.WITHDRAWN,
        Deed.APPROVAL_LAPSED,
        Deed.APPROVAL_VOID,
    ),
    Kind.PLANS: (
        Deed.PLANNED,
        Deed.PLAN_MOVED,
        Deed.PLAN_SKIPPED,
        Deed.PLAN_CANCELLED,
        Deed.PLAN_ASKED,
        Deed.PLAN_LAPSED,
        Deed.PLAN_WITHDRAWN,
    ),
    Kind.TEAM: (
        Deed.MEMBER_ADDED,
        Deed.ROLE_CHANGED,
        Deed.MEMBER_SUSPENDED,
        Deed.SUSPENSION_ENDED,
        Deed.MEMBER_REMOVED,
        Deed.INVITE_MADE,
        Deed.INVITE_TAKEN_BACK,
        Deed.INVITE_USED,
        Deed.CHAT_ALLOWED,
        Deed.CHAT_TAKEN_OFF,
        Deed.CHAT_MOVED,
    ),
    Kind.DO_NOT_CALL: (
        Deed.DO_NOT_CALL_ADDED,
        Deed.DO_NOT_CALL_IMPORTED,
        Deed.DO_NOT_CALL_REMOVED,
    ),
    Kind.LIMITS: (Deed.LIMIT_SET,),
    Kind.LISTS: (
        Deed.LIST_CREATED,
        Deed.LIST_ADDED,
        Deed.LIST_TAKEN_OFF,
        Deed.LIST_UNDONE,
        Deed.LIST_RENAMED,
        Deed.LIST_MERGED,
        Deed.LIST_REMOVED,
    ),
    Kind.VOICES: (
        Deed.VOICE_ADDED,
        Deed.VOICE_RENAMED,
        Deed.VOICE_REMOVED,
        Deed.VOICE_SAMPLED,
    ),
    Kind.SAVED: (
        Deed.LAUNCH_SAVED,
        Deed.LAUNCH_RENAMED,
        Deed.LAUNCH_REMOVED,
        Deed.PANEL_POSTED,
    ),
    Kind.DATA: (
        Deed.EXPORTED,
        Deed.NUMBER_SHARED,
        Deed.NUMBER_FORGOTTEN,
        Deed.REDACTION_BEGUN,
        Deed.REDACTED,
    ),
    Kind.REFUSALS: (Deed.LAUNCH_REFUSED, Deed.SKIPPED, Deed.TURNED_AWAY),
}
"""Every deed is of one kind."""
