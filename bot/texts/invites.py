"""Invites in words: the menu of those that are open, a new one, and what it became."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.calling.invites import MadeInvite, Used
from bot.calling.rights import ROLES, Role
from bot.texts.cards import Card, Verb, button
from bot.texts.language import Language
from bot.texts.team import PICK, role_word
from storage.models import Invite

START = "i_"  # begins the payload of an invite's link
SHOWN = 10  # open invites in the menu


def menu(
    invites: Sequence[Invite], now: float, lang: Language, said: Markup | None = None
) -> Card:
    """The invites that are open, newest first, each with *Take back*."""
    parts = [*((said,) if said is not None else ()), _head(len(invites), lang)]
    rows = []
    for invite in invites[:SHOWN]:
        role = role_word(ROLES[invite.role], lang)
        parts.append(
            lang.say(
                "#{id} · {role} · by {who} · until {when}",
                id=invite.id,
                role=role,
                who=lang.name(invite.by_name),
                when=lang.hour(invite.expires_at, now),
            )
        )
        label = lang.say("✖️ Take back #{id} · {role}", id=invite.id, role=role)
        rows.append((button(label, Verb.INVITE_BACK, invite.id),))
    rows.append((button(lang.say("✉️ New invite"), Verb.INVITE, PICK),))
    rows.append((button(lang.say("◀ Team"), Verb.TEAM, 1),))
    return Card(Markup("\n").join(parts), tuple(rows))


def _head(count: int, lang: Language) -> Markup:
    if not count:
        return lang.say(
            "✉️ <b>Invites</b>\nNone is open. An invite is a link that makes one person a member; "
            "it works once, for 24 hours."
        )
    return lang.count("✉️ <b>Invites</b> · one is open", "✉️ <b>Invites</b> · {n} are open", count)


def to_what(lang: Language) -> Markup:
    """Asks what an invite makes of a person."""
    return lang.say("✉️ What does the invite make of whoever opens it?")


def made(invite: MadeInvite, bot_name: str, now: float, lang: Language) -> Card:
    """A new invite and its link, which is shown this once."""
    text = lang.say(
        "✉️ Send this link to one person: whoever opens it first becomes {role}. It works once, "
        "until {when}.\n{link}",
        role=role_word(invite.role, lang),
        when=lang.hour(invite.expires_at, now),
        link=f"https://t.me/{bot_name}?start={START}{invite.secret}",
    )
    return Card(text, ((button(lang.say("✉️ Open invites"), Verb.INVITES, 1),),))


def taken_back(invite_id: int, lang: Language) -> Markup:
    """After *Take back*."""
    return lang.say("✖️ Invite #{id} was taken back.", id=invite_id)


def welcome(used: Used, lang: Language) -> Markup:
    """The first words to a new member, who may call, or may only look."""
    if used.role is Role.VIEWER:
        return lang.say(
            "👋 Welcome, {name}. You are {role} now: you may look, but not call. /batches and "
            "/report show what was called, /status finds a number; /help shows all you can do.",
            name=lang.name(used.person.name),
            role=role_word(used.role, lang),
        )
    return lang.say(
        "👋 Welcome, {name}. You are {role} now. To call, paste the numbers, or send a file or a "
        "contact; then tap a voice. /help shows all you can do.",
        name=lang.name(used.person.name),
        role=role_word(used.role, lang),
    )


def joined(used: Used, lang: Language) -> Markup:
    """What the one is told who made the invite."""
    return lang.say(
        "✅ {name} (<code>{id}</code>) has used your invite: {role}.",
        name=lang.name(used.person.name),
        id=used.person.id,
        role=role_word(used.role, lang),
    )
