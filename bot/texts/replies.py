"""Replies to commands and presses that are not a board or a draft."""

from markupsafe import Markup

from bot.calling.decisions import Left
from bot.calling.fitting import Disagreement
from bot.calling.pauses import Cure
from bot.calling.rights import Role
from bot.texts import board, errors, problems
from bot.texts.cards import Card, Verb, button
from bot.texts.language import Language
from storage.models import Pause, PauseReason, Person


def stranger(user_id: int, lang: Language) -> Markup:
    """All that somebody learns who may not use the bot."""
    return lang.say(
        "Your id is <code>{id}</code>. This bot is for its team: ask an admin.", id=user_id
    )


def own_id(user_id: int, chat_id: int, lang: Language) -> Markup:
    """A member's id, and that of the chat."""
    return lang.say(
        "Your id is <code>{id}</code>, and that of this chat <code>{chat}</code>.",
        id=user_id,
        chat=chat_id,
    )


def welcome(name: str, lang: Language, *, calls: bool = True) -> Markup:
    """The reply to /start, for a person who may call, or may only look."""
    if not calls:
        return looks(name, lang)
    return lang.say(
        "Hello {name}. I place batches of phone calls and keep a record of each. To call, reply "
        "with /call to the message, file or contact that holds the numbers; then tap a voice. Or "
        "type it:\n<code>{example}</code>\n/help shows all I can do.",
        name=lang.name(name),
        example=problems.EXAMPLE,
    )


def no_command(lang: Language) -> Markup:
    """For a command that does not exist, in a private chat."""
    return lang.say("I do not know this command. /help shows all I can do.")


def plain_text(lang: Language) -> Markup:
    """For a text without a command or a number, in a private chat."""
    return lang.say(
        "Nothing was called. To call, paste the numbers, or send a file or a contact; then tap a "
        "voice. /help shows all I can do."
    )


def looks(name: str, lang: Language) -> Markup:
    """Hello to a person who may look, but not call."""
    return lang.say(
        "Hello {name}. I place batches of phone calls and keep a record of each. You may look, "
        "but not call: /batches and /report show what was called, /status finds a number. /help "
        "shows all you can do.",
        name=lang.name(name),
    )


def command_in_caption(command: str, lang: Language) -> Markup:
    """For a file, a contact or a text that somebody sent with a command as its caption."""
    return lang.say(
        "A caption is no command, and nothing was done with this. Send it without one, then reply "
        "to it with <code>/{command}</code>.",
        command=command[:32],
    )


def no_source(lang: Language) -> Markup:
    """For a photo, a sticker or the like, in a private chat."""
    return lang.say(
        "I cannot read numbers from this, and nothing was called. Paste the numbers, or send a "
        "file or a contact."
    )


def by_reply(lang: Language) -> Markup:
    """After a wrong answer to a question that takes nothing but replies from then on."""
    return lang.say("Send it in reply to the question; anything else is no answer to it now.")


def left(what: Left, lang: Language) -> Markup:
    """After *Hold*, *Stop* or *Undo*: what was not sent, and what may ring all the same."""
    if what.undone_by is not None:
        return board.undone(what.undone_by, lang)
    not_sent = lang.count("One number is not sent.", "{n} numbers are not sent.", what.not_sent)
    if not what.not_sent:
        not_sent = lang.say("Nothing was left to send.")
    if what.under_way:
        still = lang.count(
            "One was on its way already and may still ring.",
            "{n} went out before: they have rung or may still ring.",
            what.under_way + what.at_gateway,
        )
    else:
        still = lang.count(
            "One is at the gateway already: it has rung or may still ring.",
            "{n} are at the gateway already: they have rung or may still ring.",
            what.at_gateway,
        )
    if not what.under_way and not what.at_gateway:
        return not_sent
    return Markup(" ").join([not_sent, still])


def addressed(person: Person, text: Markup, lang: Language) -> Markup:
    """A text that names whom it is for, so that their app opens the answer."""
    mention = Markup('<a href="tg://user?id={id}">{name}</a>')
    return Markup("\n").join([mention.format(id=person.id, name=lang.free(person.name)), text])


def working(lang: Language) -> Markup:
    """The neutral word with which a press is answered before anything is written."""
    return lang.say("One moment…")


def prompt_for_ids(batch_id: int, *, decided: bool, lang: Language) -> Markup:
    """Asks for ids in reply; with `decided`, the submission counts as rung already."""
    if decided:
        return lang.say(
            "#b{id}: noted that it rang. If you have the ids of these calls, reply to this "
            "message with them; each is checked with the gateway.",
            id=batch_id,
        )
    return lang.say(
        "#b{id}: reply to this message with the ids of the calls that did ring; each is checked "
        "with the gateway. Until then nothing changes.",
        id=batch_id,
    )


def ids_taken(
    adopted: int, refused: list[tuple[str, str | None]], waiting: int, lang: Language
) -> Markup:
    """What became of ids that were given."""
    parts = []
    if adopted:
        parts.append(lang.count("✅ One call did ring.", "✅ {n} calls did ring.", adopted))
    parts.extend(_not_taken(gateway_id, why, lang) for gateway_id, why in refused)
    if waiting:
        parts.append(
            lang.count(
                "⏳ One id is kept and still being checked: its batch shows the call once the "
                "gateway has confirmed it. Until then nothing of that part is called again.",
                "⏳ {n} ids are kept and still being checked: their batch shows a call once the "
                "gateway has confirmed it. Until then nothing of that part is called again.",
                waiting,
            )
        )
    return Markup("\n").join(parts)


def _not_taken(gateway_id: str, why: str | None, lang: Language) -> Markup:
    match why:
        case Disagreement.NOT_FOUND:
            return lang.say("✖️ <code>{id}</code>: the gateway does not know it.", id=gateway_id)
        case Disagreement.KNOWN:
            return lang.say("✖️ <code>{id}</code>: it is in the record already.", id=gateway_id)
        case Disagreement.NO_NUMBER:
            return lang.say("✖️ <code>{id}</code>: the gateway names no number.", id=gateway_id)
        case Disagreement.NO_FIT:
            return lang.say(
                "✖️ <code>{id}</code>: its number and time fit nothing that is open.",
                id=gateway_id,
            )
        case _:
            return lang.say(
                "🔎 <code>{id}</code>: it may belong to several batches; their boards ask which.",
                id=gateway_id,
            )


def fell_out(count: int, lang: Language) -> Markup:
    """What a *Try again* could not take any more."""
    return lang.count(
        "One part fell out: it was tried again by somebody else, or may have rung after all.",
        "{n} parts fell out: they were tried again by somebody else, or may have rung after all.",
        count,
    )


def pause_notice(pause: Pause, lang: Language) -> Card:
    """What admins are told in private when launching is paused."""
    return Card(
        lang.say("⏸ {why}", why=errors.paused(pause, lang)),
        ((button(lang.say("Check and unpause"), Verb.UNPAUSE, pause.id),),),
    )


def cures(tried: list[Cure], lang: Language) -> Markup:
    """What came of *Check and unpause*."""
    if not tried:
        return lang.say("Launching is not paused.")
    return Markup("\n").join(_cure(cure, lang) for cure in tried)


def restored(pause_id: int, lang: Language) -> Card:
    """What an older database means, and the button that launches on with it."""
    return Card(
        lang.say(
            "⚠️ This database is older than the last one that ran here. What was launched after "
            "it was saved is missing from it: batches may be unknown to me, and numbers that it "
            "calls not sent may have rung. All that was not finished is on hold.\n"
            "Compare with the boards in the chats before you launch again. Batches on hold still "
            "wait for their own button."
        ),
        ((button(lang.say("Launch again"), Verb.LAUNCH_AGAIN, pause_id),),),
    )


def launching_again(name: str, lang: Language) -> Markup:
    """After *Launch again*."""
    return lang.say(
        "▶️ {who} launches on with this database. Batches on hold wait for a person.",
        who=lang.name(name),
    )


def _cure(cure: Cure, lang: Language) -> Markup:
    if cure.ended and cure.reason is PauseReason.UNAUTHORISED:
        return lang.say("✅ The gateway takes our token again. Batches on hold wait for a person.")
    if cure.ended:
        return lang.say("✅ The disk takes writes again. Batches on hold wait for a person.")
    if cure.reason is PauseReason.RESTORED:
        return lang.say("⏸ Still paused: an older database was put in place.")
    if cure.reason is PauseReason.UNAUTHORISED:
        return lang.say("⏸ Still paused: the gateway does not take our token, or does not answer.")
    return lang.say("⏸ Still paused: the disk refuses writes.")


def role_needed(role: Role, lang: Language) -> Markup:
    """For a member who asked for what needs another role."""
    return {
        Role.ADMIN: lang.say(
            "Only admins may do this; nothing was done. An admin can change your role with /team."
        ),
        Role.MANAGER: lang.say(
            "Only managers and admins may do this; nothing was done. An admin can change your "
            "role with /team."
        ),
        Role.LAUNCHER: lang.say(
            "You may look, but not call; nothing was done. An admin can change your role with "
            "/team."
        ),
    }[role]


def not_a_member(lang: Language) -> Markup:
    """For a press by somebody who may not use the bot."""
    return lang.say("This bot is for its team: ask an admin.")
