"""The draft: what would be called, why it is asked first, and its two buttons."""

from markupsafe import Markup

from bot.calling.drafts import Ask, Closed, Content
from bot.calling.numbers import Reason, Uncallable
from bot.texts import calls
from bot.texts.cards import Button, Card, Verb, button, plain
from bot.texts.language import Language
from storage.models import Draft, DraftState

FIRST = 3  # numbers shown on the card
LISTED = 20  # entries that cannot be called, listed on the card; the rest is counted


def draft(content: Content, token: str, lang: Language, now: float) -> Card:
    """The card of an open draft."""
    count = len(content.numbers)
    parts = [
        lang.count(
            "📋 <b>Call one number?</b> Nothing is sent yet.",
            "📋 <b>Call {n} numbers?</b> Nothing is sent yet.",
            count,
        ),
        _how(content, lang),
        _first(content, lang),
        *(_why(ask, content, lang, now) for ask in content.asks),
        _repeated(content, lang),
        *uncallable(content.uncallable, lang),
    ]
    call = lang.say("✅ Call {n}", n=lang.number(count))
    rows: tuple[tuple[Button, ...], ...] = (
        (button(call, Verb.CONFIRM, token),),
        (button(lang.say("✖️ Cancel"), Verb.CANCEL, token),),
    )
    return Card(Markup("\n").join(part for part in parts if part), rows)


def _how(content: Content, lang: Language) -> Markup:
    retry = lang.count("one retry", "{n} retries", content.retry_count)
    if content.retry_count == 0:
        retry = lang.say("no retry")
    if content.server_id is None:
        return lang.say("🔊 <code>{voice}</code> · {retry}", voice=content.voice, retry=retry)
    return lang.say(
        "🔊 <code>{voice}</code> · {retry} · dialer <code>{server}</code>",
        voice=content.voice,
        retry=retry,
        server=content.server_id,
    )


def _first(content: Content, lang: Language) -> Markup:
    """The first numbers, so that a wrong list can be seen before it is called."""
    shown = ", ".join(calls.number(number) for number in content.numbers[:FIRST])
    more = len(content.numbers) - FIRST
    if more <= 0:
        return lang.say("📞 {numbers}", numbers=shown)
    return lang.count(
        "📞 {numbers} and one more", "📞 {numbers} and {n} more", more, numbers=shown
    )


def _why(ask: Ask, content: Content, lang: Language, now: float) -> Markup:
    if ask is Ask.DUPLICATE:
        return lang.say(
            "⚠️ Launched as #b{id} {ago} by {who}. Call them again?",
            id=content.duplicate_of,
            ago=lang.ago(now - (content.duplicate_at or now)),
            who=lang.name(content.duplicate_by or "?"),
        )
    if ask is Ask.REPLY and content.reply_left_out:
        return lang.say(
            "↩️ The numbers that you typed; those of the message that you replied to are left out."
        )
    return {
        Ask.VOICE: lang.say(
            "⚠️ <code>{voice}</code> does not look like a voice id (32 hex digits). Call with it "
            "all the same?",
            voice=content.voice,
        ),
        Ask.REPLY: lang.say("↩️ The numbers of the message that you replied to."),
        Ask.LONG: lang.say("✂️ Your text was long; what followed within 3 seconds is joined."),
        Ask.REST_UNSEEN: lang.say(
            "✂️ The text is so long that Telegram may have cut it. A rest could not be seen here: "
            "check the count."
        ),
        Ask.TRY_AGAIN: lang.say(
            "🔁 These surely did not ring. What rings after all until then is skipped."
        ),
    }.get(ask, Markup())


def _repeated(content: Content, lang: Language) -> Markup:
    if not content.repeated:
        return Markup()
    return lang.count(
        "🔁 One repeated number is called only once.",
        "🔁 {n} repeated numbers are called only once.",
        content.repeated,
    )


def uncallable(entries: tuple[Uncallable, ...], lang: Language) -> list[Markup]:
    """What cannot be called, each with its line and the reason."""
    if not entries:
        return []
    lines = [
        lang.count(
            "⛔ One entry cannot be called:", "⛔ {n} entries cannot be called:", len(entries)
        )
    ]
    lines.extend(
        lang.say(
            "  line {line}: <code>{text}</code> – {why}",
            line=lang.number(entry.line),
            text=entry.text,
            why=reason(entry.reason, lang),
        )
        for entry in entries[:LISTED]
    )
    if len(entries) > LISTED:
        lines.append(
            lang.count(
                "  and one more, see the file",
                "  and {n} more, see the file",
                len(entries) - LISTED,
            )
        )
    return lines


def uncallable_file(entries: tuple[Uncallable, ...], lang: Language) -> bytes:
    """All that cannot be called, one a line, for a list that is too long for a message."""
    lines = [
        lang.say(
            "line {line}: {text} – {why}",
            line=lang.number(entry.line),
            text=entry.text,
            why=reason(entry.reason, lang),
        )
        for entry in entries
    ]
    return plain(Markup("\n").join(lines)).encode()


def uncallable_caption(entries: tuple[Uncallable, ...], lang: Language) -> Markup:
    """Below that file."""
    return lang.count(
        "⛔ One entry cannot be called.", "⛔ {n} entries cannot be called.", len(entries)
    )


def reason(why: Reason, lang: Language) -> Markup:
    """Why something cannot be called."""
    return {
        Reason.UNREADABLE: lang.say("cannot be read"),
        Reason.WRONG_LENGTH: lang.say("wrong length"),
        Reason.FOREIGN: lang.say("a number of another country"),
        Reason.KIND: lang.say("this kind of number may not be called"),
        Reason.SHORT: lang.say("an emergency or short number"),
        Reason.LETTERS: lang.say("letters"),
        Reason.EXTENSION: lang.say("has an extension"),
        Reason.AMBIGUOUS: lang.say("can be read in two ways"),
    }[why]


def closed(of: Draft, lang: Language) -> Card:
    """What stands in place of a draft that became nothing."""
    if of.state is DraftState.EXPIRED:
        text = lang.say("⌛ Cancelled after 15 minutes without an answer: nothing was called.")
    elif of.closed_why == Closed.EVIDENCE:
        text = lang.say(
            "✖️ Cancelled: word has come that some of these numbers may have rung after all. "
            "Nothing was called. Their batch says more."
        )
    elif of.closed_why == Closed.NOTHING_LEFT:
        text = lang.say(
            "✖️ Nothing was called: all of it was tried again by somebody else, or may have rung "
            "after all."
        )
    else:
        text = lang.say("✖️ Cancelled by {who}: nothing was called.", who=lang.name(of.author_name))
    return Card(text)
