"""The least role for everything that anybody can ask of the bot, written by hand.

Compared with `bot.handlers.permissions`: a right that is changed there by mistake is not noticed
by tests that are made from it. Whoever changes a right on purpose changes it here, too.
"""

from collections.abc import Mapping

from bot.calling.rights import Role

# By kind, as `bot.handlers.matrix` calls them; words with blanks in them are parted by commas.
LEAST: Mapping[str, Mapping[Role, str]] = {
    "command": {
        Role.STRANGER: "help id start",
        Role.VIEWER: "voices lists dnc schedule status batches report export limits",
        Role.LAUNCHER: "call say again launch number",
        Role.MANAGER: "panel",
        Role.ADMIN: "team unpause audit",
    },
    "sub-command": {
        Role.LAUNCHER: "start l_,",
        Role.MANAGER: "voices add,lists new,limits set,dnc add,dnc remove,dnc import,dnc export",
    },
    "button": {
        Role.VIEWER: "page csv xlsx numbers fresh hist list narrow report chart lists lcard lsee"
        " lfile dnc dncsee voices voice vhear plans limits unask",
        Role.LAUNCHER: "ok no choose choices skip first card remake see off column callone speak"
        " withdraw opening hold rest restat stop undo again redial redialby redraft rang quiet"
        " leave ids pick lcall vmine go sets set setdo panel pass unplan due dueat mynum",
        Role.MANAGER: "keep keepas later move approve decline anyway restany"
        " lnew lname ladd ldone loff lundo lrename lmerge linto ljoin lcolumn lremove lsure"
        " linstead dncadd dncoff dncwhy dncpart dncfile vadd vtake vname vdrop vgone"
        " newset save saveas savename limit limset limtype",
        Role.ADMIN: "team member role teamask teamdo teamadd invites invite uninvite chats"
        " chatoff allow unpause audit auditby relaunch",
    },
    "deed": {Role.MANAGER: "setdo:name setdo:gone setdo:sure"},
    "answer": {
        Role.VIEWER: "dnc_see",
        Role.LAUNCHER: "speak",
        Role.MANAGER: "later move list_name list_rename list_fill list_more launch_name"
        " new_launch anyway rest_anyway draft_list dnc_add dnc_off dnc_why voice_id voice_name"
        " voice_rename limit",
    },
    "sent": {
        Role.VIEWER: "key,anything else",
        Role.LAUNCHER: "numbers,launching key,ids",
        Role.MANAGER: "sample",
        Role.ADMIN: "people",
    },
}
PRIVATE_ONLY = {
    "command": "number",
    "button": "team member role teamask teamdo teamadd invites invite uninvite chats chatoff"
    " mynum",
    "sent": "numbers,people,key,launching key,anything else",
}
GROUP_ONLY = {"button": "panel allow"}
OUTSIDE = {("button", "allow")}  # in a group that is not allowed


def names(words: str) -> set[str]:
    """The words of one line above."""
    return set(words.strip(",").split("," if "," in words else None))


def least() -> dict[tuple[str, str], Role]:
    """The least role, by kind and name."""
    found: dict[tuple[str, str], Role] = {}
    for kind, by_role in LEAST.items():
        for role, words in by_role.items():
            for name in names(words):
                assert (kind, name) not in found
                found[kind, name] = role
    return found


def only(places: Mapping[str, str]) -> set[tuple[str, str]]:
    """By kind and name, what works in one kind of chat alone."""
    return {(kind, name) for kind, words in places.items() for name in names(words)}
