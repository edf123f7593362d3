"""The team in words: the menu of members, the card of each, and what a change has done."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bot.calling.rights import ROLES, Role
from bot.calling.team import Change, Seat, Source
from bot.texts.cards import Button, Card, Keyboard, Verb, button
from bot.texts.home import not_now_label
from bot.texts.language import Language

PER_PAGE = 8  # members on a page of the menu
PICK = "pick"  # the token of a button that asks for a role first
SUSPEND, RESTORE, REMOVE = "suspend", "restore", "remove"  # deeds of `Verb.TEAM_DO`
_LABEL = 32  # characters of a name on a button


def role_word(role: Role, lang: Language) -> Markup:
    """A role within a sentence."""
    return {
        Role.STRANGER: lang.say("no member"),
        Role.VIEWER: lang.say("viewer"),
        Role.LAUNCHER: lang.say("launcher"),
        Role.MANAGER: lang.say("manager"),
        Role.ADMIN: lang.say("admin"),
    }[role]


def role_label(role: Role, lang: Language) -> str:
    """A role on a button."""
    return str(
        {
            Role.VIEWER: lang.say("👁 Viewer"),
            Role.LAUNCHER: lang.say("🚀 Launcher"),
            Role.MANAGER: lang.say("🗂 Manager"),
            Role.ADMIN: lang.say("👑 Admin"),
        }[role]
    )


def state(seat: Seat, lang: Language) -> Markup:
    """What a person is, in words."""
    if seat.suspended:
        return lang.say("{role}, suspended", role=role_word(seat.role, lang))
    return role_word(seat.role, lang)


def menu(seats: Sequence[Seat], page: int, lang: Language) -> Card:
    """All members as buttons, and the ways to more of them; a page beyond the last is the last."""
    pages = max(1, -(-len(seats) // PER_PAGE))
    page = min(max(1, page), pages)
    shown = seats[(page - 1) * PER_PAGE : page * PER_PAGE]
    rows = [(button(_label(seat, lang), Verb.TEAM_MEMBER, seat.person.id),) for seat in shown]
    around = ((page - 1, "◀"),) * (page > 1) + ((page + 1, "▶"),) * (page < pages)
    turn = tuple(button(sign, Verb.TEAM, other) for other, sign in around)
    ways = (
        button(lang.say("➕ Add"), Verb.TEAM_ADD, PICK),
        button(lang.say("✉️ Invites"), Verb.INVITES, 1),
        button(lang.say("💬 Chats"), Verb.CHATS, 1),
    )
    text = lang.count("👥 <b>Team</b> · one member", "👥 <b>Team</b> · {n} members", len(seats))
    hint = lang.say("Tap a member to change their role. In a group, /team works by reply.")
    return Card(Markup("\n").join([text, hint]), tuple(row for row in (*rows, turn, ways) if row))


def card(seat: Seat, lang: Language, *, own: bool, said: Markup | None = None) -> Card:
    """One member, where the role is from, and what can be done.

    Args:
        seat: what they are.
        lang: the reader's language.
        own: whether it is the reader, who cannot change their own role.
        said: what has just happened, above all else.
    """
    head = lang.say(
        "👤 <b>{name}</b> · {state}\nid <code>{id}</code>",
        name=lang.name(seat.person.name),
        state=state(seat, lang),
        id=seat.person.id,
    )
    parts = [*((said,) if said is not None else ()), head]
    if seat.source is not Source.NOWHERE:
        parts.append(_origin(seat, lang))
    if own:
        parts.append(lang.say("This is you; another admin can change your role."))
    fixed = own or seat.source in (Source.ADMIN_IDS, Source.NOWHERE)
    rows = () if fixed else _deeds(seat, lang)
    return Card(Markup("\n").join(parts), (*rows, (_back(lang),)))


def sure(seat: Seat, deed: str, lang: Language) -> Card:
    """Asks once more before somebody is suspended or removed."""
    name, is_now = lang.name(seat.person.name), state(seat, lang)
    if deed == SUSPEND:
        text = lang.say(
            "⛔ Suspend {name} ({state})? They may do nothing until an admin ends it. What they "
            "have launched goes on.",
            name=name,
            state=is_now,
        )
        yes = lang.say("⛔ Suspend")
    else:
        text = lang.say(
            "🗑 Remove {name} ({state})? They may do nothing any more. What they have launched "
            "goes on.",
            name=name,
            state=is_now,
        )
        yes = lang.say("🗑 Remove")
    row = (
        button(yes, Verb.TEAM_DO, seat.person.id, seat.state, deed),
        button(lang.say("◀ Back"), Verb.TEAM_MEMBER, seat.person.id),
    )
    return Card(text, (row,))


def roles(verb: Verb, text: Markup, lang: Language) -> Card:
    """Asks for a role; the token of each button is its word."""
    buttons = [button(role_label(role, lang), verb, word) for word, role in ROLES.items()]
    return Card(text, (tuple(buttons[:2]), tuple(buttons[2:]), (_back(lang),)))


def whom(lang: Language) -> Markup:
    """Asks for the role of those who are added."""
    return lang.say(
        "➕ Add somebody as what?\n"
        "A <b>viewer</b> looks things up, a <b>launcher</b> calls as well, a <b>manager</b> also "
        "keeps lists, voices, launches and limits, an <b>admin</b> also the team."
    )


def pick(role: Role, lang: Language) -> Card:
    """Offers the key that lets an admin pick a person in Telegram."""
    label = str(lang.say("👤 Pick a person"))
    text = lang.say(
        "Tap <b>Pick a person</b> below: who you pick becomes {role}.",
        role=role_word(role, lang),
    )
    keys = ((label,), (not_now_label(lang),))
    return Card(text, below=Keyboard(keys, people=(label, int(role))))


def done(change: Change, by: str, lang: Language) -> Markup:
    """What a change has done."""
    before, after = change.before, change.after
    words = {
        "who": lang.name(by),
        "name": lang.name(before.person.name),
        "before": state(before, lang),
        "after": state(after, lang),
    }
    if after.suspended:
        return lang.say("⛔ {who} suspended {name} ({before}).", **words)
    if after.source is Source.NOWHERE:
        return lang.say("🗑 {who} removed {name} ({before}).", **words)
    if before.suspended:
        return lang.say("✅ {who} let {name} back in: {after} (was {before}).", **words)
    if before.source is Source.NOWHERE:
        return lang.say("✅ {who} added {name}: {after}.", **words)
    return lang.say("✅ {who} changed {name}: {after} (was {before}).", **words)


def removed(change: Change, by: str, lang: Language) -> Markup:
    """The same after *Remove*, which suspends who stands in `ALLOWED_IDS`."""
    if not change.after.suspended:
        return done(change, by, lang)
    return _still_allowed(
        {
            "who": lang.name(by),
            "name": lang.name(change.before.person.name),
            "before": state(change.before, lang),
        },
        lang,
    )


def told(role: Role, by: str, lang: Language) -> Markup:
    """What a person is told in private whose role was given or changed."""
    return lang.say(
        "👋 {who} made you {role}. /help shows all you can do here.",
        who=lang.name(by),
        role=role_word(role, lang),
    )


def told_off(seat: Seat, by: str, lang: Language) -> Markup:
    """What a person is told in private who may do nothing any more."""
    if seat.suspended:
        return lang.say(
            "⛔ {who} suspended you: you can do nothing here until an admin ends that. What you "
            "have launched goes on.",
            who=lang.name(by),
        )
    return lang.say(
        "🗑 {who} removed you from the team: you can do nothing here any more. What you have "
        "launched goes on.",
        who=lang.name(by),
    )


def private_usage(lang: Language) -> Markup:
    """For a /team with words in a private chat."""
    return lang.say(
        "Nothing was changed. Here send /team alone, and tap a member or <b>Add</b>; in a group "
        "reply to somebody with, for example, <code>/team launcher</code>."
    )


def group_help(lang: Language) -> Markup:
    """For /team alone in a group."""
    return lang.say(
        "👥 Reply to somebody's message with one of these:\n"
        "/team viewer, /team launcher, /team manager, /team admin: add them, or change their "
        "role\n"
        "/team suspend, /team restore, /team remove\n"
        "Members, invites and chats are shown in our private chat: send /team there."
    )


def reply_first(lang: Language) -> Markup:
    """For a /team with a word, but not in reply to anybody."""
    return lang.say(
        "Nothing was changed. Send this in reply to a message of the person whom it is about."
    )


def private_only(lang: Language) -> Markup:
    """For a button of the team's menu that stands in a group."""
    return lang.say("The team is managed in our private chat: send /team there.")


def _still_allowed(words: Mapping[str, str], lang: Language) -> Markup:
    return lang.say(
        "⛔ {who} suspended {name} ({before}): they stand in ALLOWED_IDS, and would be back at "
        "once if they were only removed.",
        **words,
    )


def _label(seat: Seat, lang: Language) -> str:
    sign = "⛔" if seat.suspended else role_label(seat.role, lang)[0]
    return f"{sign} {lang.free(seat.person.name)[:_LABEL]} · {state(seat, lang)}"


def _origin(seat: Seat, lang: Language) -> Markup:
    match seat.source:
        case Source.ADMIN_IDS:
            return lang.say(
                "Stands in ADMIN_IDS: always an admin, and cannot be changed, suspended or "
                "removed here."
            )
        case Source.ALLOWED_IDS:
            return lang.say(
                "Stands in ALLOWED_IDS: a launcher while that is so. What is given here wins."
            )
        case _:
            return lang.say("By {who}.", who=lang.name(seat.by_name))


def _deeds(seat: Seat, lang: Language) -> tuple[tuple[Button, ...], ...]:
    who, shown = seat.person.id, seat.state
    remove = button(lang.say("🗑 Remove"), Verb.TEAM_ASK, who, shown, REMOVE)
    if seat.suspended:
        back = button(lang.say("▶️ End the suspension"), Verb.TEAM_DO, who, shown, RESTORE)
        return ((back,), (remove,))
    others = [
        button(role_label(role, lang), Verb.TEAM_ROLE, who, shown, word)
        for word, role in ROLES.items()
        if role is not seat.role
    ]
    suspend = button(lang.say("⛔ Suspend"), Verb.TEAM_ASK, who, shown, SUSPEND)
    return (tuple(others[:2]), tuple(others[2:]), (suspend, remove))


def _back(lang: Language) -> Button:
    return button(lang.say("◀ Team"), Verb.TEAM, 1)
