"""The second person: what is asked, of whom, what became of it, and what the board says of it."""

from markupsafe import Markup

from bot.calling.approvals import Seen, waits
from bot.calling.drafts import Ask, Closed, Content
from bot.calling.errors import (
    ApprovalNeededError,
    AuthorGoneError,
    CallingError,
    ChatOffError,
    ManagerNeededError,
    OwnApprovalError,
    WaitsError,
)
from bot.calling.limits import Limit
from bot.calling.rights import Role
from bot.texts import dnc, draft_end, replies, spoken, voices
from bot.texts.cards import Button, Card, Verb, button, too_long
from bot.texts.language import Language
from storage.models import ApprovalAsk, Batch, Draft, DraftState, Person

ABOUT = (
    WaitsError,
    ApprovalNeededError,
    OwnApprovalError,
    ManagerNeededError,
    AuthorGoneError,
    ChatOffError,
)
"""The errors whose words are here."""


def request(ask: ApprovalAsk, seen: Seen, lang: Language, now: float) -> Card:
    """What one who may approve is asked in private, or what became of it.

    Args:
        ask: the message.
        seen: the draft.
        lang: the reader's language.
        now: UTC seconds.
    """
    draft = seen.draft
    if waits(draft) and draft.approval_asked_at == ask.asked_at:
        return Card(_fitting(seen, lang, now), (_approve(seen, lang), (_decline(seen, lang),)))
    return Card(Markup("\n").join([_became(ask, seen, lang), _what(seen.content, lang)]))


def waiting(seen: Seen, lang: Language, now: float) -> Card:
    """The draft's own message while it waits: what was asked, by whom, when, until when."""
    told = _unreached(seen, lang)
    text = _fitting(seen, lang, now)
    return Card(Markup("\n").join([text, told]) if told else text, _rows(seen, lang))


def word(seen: Seen, lang: Language) -> Card:
    """What the author is told aloud, in reply to the draft's message."""
    return Card(Markup("\n").join([_word(seen.draft, lang), _what(seen.content, lang)]))


def _word(draft: Draft, lang: Language) -> Markup:
    who = lang.name(draft.decided_name or "?")
    if draft.state is DraftState.CONFIRMED:
        return lang.say(
            "✅ <b>{who} approved what you asked for:</b> see #b{id}.", who=who, id=draft.batch_id
        )
    match draft.closed_why:
        case Closed.DECLINED:
            return lang.say(
                "✖️ <b>{who} declined what you asked for:</b> nobody was called.", who=who
            )
        case Closed.PERSON:
            return lang.say(
                "✖️ <b>{who} cancelled what you asked for:</b> nobody was called.", who=who
            )
        case Closed.NOT_APPROVED:
            return lang.say(
                "⌛ <b>Nobody else approved within 15 minutes what you asked for:</b> nobody was "
                "called."
            )
        case Closed.AUTHOR_GONE:
            return lang.say(
                "✖️ <b>You may not launch any more:</b> what you asked for was cancelled, and "
                "nobody was called."
            )
        case _:
            return lang.say(
                "🔁 <b>Something has come up since you asked for a second person.</b> Nobody was "
                "called: look at the card above, and ask again if it still holds."
            )


def _fitting(seen: Seen, lang: Language, now: float) -> Markup:
    text = _asked(seen, lang, now)
    return _asked(seen, lang, now, whole=False) if too_long(text) else text


def _asked(seen: Seen, lang: Language, now: float, *, whole: bool = True) -> Markup:
    draft, content = seen.draft, seen.content
    heading = lang.count(
        "👥 <b>{who} asks for a second person: call one number?</b> Nothing is sent yet.",
        "👥 <b>{who} asks for a second person: call {n} numbers?</b> Nothing is sent yet.",
        len(content.numbers),
        who=lang.name(draft.author_name),
    )
    until = lang.say(
        "🕘 Asked at {at}. Another manager or admin has to approve it until {until}; otherwise it "
        "is cancelled.",
        at=lang.hour(draft.approval_asked_at or now, now),
        until=lang.hour(draft.expires_at, now),
    )
    parts = [
        heading,
        _what(content, lang),
        *(_why_needed(need, lang) for need in seen.needs),
        _timing(content, lang, now),
        dnc.left_out(content, lang),
        _recent(content, lang),
        until,
        _spoken(content, lang, whole=whole),
    ]
    return Markup("\n").join(part for part in parts if part)


def _what(content: Content, lang: Language) -> Markup:
    """With what they are called, from which list, and for how much."""
    parts = [
        voices.signed(content, lang),
        lang.count("📞 one number", "📞 {n} numbers", len(content.numbers)),
    ]
    if content.list_name is not None:
        parts.append(lang.say("📇 list “{name}”", name=lang.name(content.list_name)))
    if content.estimate is not None:
        parts.append(lang.say("💰 ≈ {mean}", mean=lang.money(content.estimate.mean)))
    return Markup(" · ").join(parts)


def _why_needed(need: Limit, lang: Language) -> Markup:
    return {
        Limit.APPROVE_NUMBERS: lang.say("⚠️ It has more numbers than one person launches alone."),
        Limit.APPROVE_COST: lang.say("⚠️ It may cost more than one person launches alone."),
        Limit.APPROVE_WINDOW: lang.say("⚠️ It goes out outside the calling hours."),
    }.get(need, Markup())


def _timing(content: Content, lang: Language, now: float) -> Markup:
    if content.window_reason is not None:
        return lang.say(
            "🌙 Now, although the calling hours are over: {why}", why=content.window_reason
        )
    if content.goes_at is not None:
        return lang.say("🕘 Goes out at {at}.", at=lang.hour(content.goes_at, now))
    return Markup()


def _recent(content: Content, lang: Language) -> Markup:
    if not content.recent:
        return Markup()
    return lang.count(
        "⚠️ One of them got this voice in the last 24 hours, may have, or is about to.",
        "⚠️ {n} of them got this voice in the last 24 hours, may have, or are about to.",
        len(content.recent),
    )


def _spoken(content: Content, lang: Language, *, whole: bool) -> Markup:
    if content.spoken is None:
        return Markup()
    return spoken.paragraph(content.spoken, lang, whole=whole)


def _unreached(seen: Seen, lang: Language) -> Markup:
    """That nobody could be asked in private, and who could approve; nothing if somebody was."""
    if seen.draft.chat_id < 0 or len(seen.unreached) < seen.asked:
        return Markup()
    if not seen.asked:
        return lang.say(
            "❗ Nobody else here is a manager or an admin, so nobody could be asked. An admin "
            "makes one with /team."
        )
    names = Markup(", ").join(_named(person, lang) for person in seen.unreached)
    return lang.count(
        "❗ Nobody could be asked: {names} could approve it, and has not started me.",
        "❗ Nobody could be asked: {names} could approve it, and have not started me.",
        len(seen.unreached),
        names=names,
    )


def _named(person: Person, lang: Language) -> Markup:
    return lang.say("{who}", who=lang.name(person.name))


def _rows(seen: Seen, lang: Language) -> tuple[tuple[Button, ...], ...]:
    """In private only its author sees the card; in a group it serves everybody."""
    cancel = button(lang.say("✖️ Cancel"), Verb.WITHDRAW, seen.draft.token)
    if seen.draft.chat_id > 0:
        return ((cancel,),)
    return (_approve(seen, lang), (_decline(seen, lang), cancel))


def _approve(seen: Seen, lang: Language) -> tuple[Button, ...]:
    label = lang.say("✅ Approve {n}", n=lang.number(len(seen.content.numbers)))
    return (button(label, Verb.APPROVE, seen.draft.token),)


def _decline(seen: Seen, lang: Language) -> Button:
    return button(lang.say("⛔ Decline"), Verb.DECLINE, seen.draft.token)


def _became(ask: ApprovalAsk, seen: Seen, lang: Language) -> Markup:
    """What became of a request; the buttons are gone with it."""
    draft = seen.draft
    if draft.approval_asked_at != ask.asked_at:
        return lang.say(
            "🔁 Something had come up, so {who} was asked about it again; this request is over.",
            who=lang.name(draft.author_name),
        )
    if draft.state is DraftState.CONFIRMED:
        return lang.say(
            "✅ Approved by {who} at {at}: see #b{id} of {author}.",
            who=lang.name(draft.decided_name or "?"),
            at=lang.hour(draft.decided_at or 0.0),
            id=draft.batch_id,
            author=lang.name(draft.author_name),
        )
    return draft_end.closed(draft, lang).text


def confirm_label(content: Content, lang: Language) -> Markup:
    """What the button below a draft says: that it calls, or that it asks for a second person."""
    n = lang.number(content.called)
    if Ask.APPROVAL in content.asks:
        return lang.say("👥 Ask to call {n}", n=n)
    return lang.say("✅ Call {n}", n=n)


def why(lang: Language) -> Markup:
    """On a draft that needs a second person."""
    return lang.say(
        "👥 Another manager or admin has to approve this. Your tap asks them; nothing is sent "
        "before."
    )


def paragraph(batch: Batch, lang: Language, now: float) -> Markup:
    """On the board of a batch: who launched it, who approved it, and when."""
    if batch.approved_at is None:
        return Markup()
    return lang.say(
        "👥 Launched by {author} {asked}, approved by {who} {at}",
        author=lang.name(batch.author_name),
        asked=lang.hour(batch.approval_asked_at or batch.created_at, now),
        who=lang.name(batch.approved_name or "?"),
        at=lang.hour(batch.approved_at, now),
    )


def refusal(problem: CallingError, lang: Language) -> Markup:
    """Why a press about a second person changes nothing."""
    match problem:
        case WaitsError():
            return lang.say(
                "This waits for a second person, so nothing about it can be changed. Cancel it on "
                "its card to begin anew."
            )
        case OwnApprovalError():
            return lang.say(
                "Nobody approves their own launch: another manager or admin has to. Nothing was "
                "done."
            )
        case AuthorGoneError():
            return lang.say(
                "{who}, who asked for this, may not launch it any more: it was cancelled, and "
                "nobody was called.",
                who=lang.name(problem.name),
            )
        case ChatOffError():
            return lang.say(
                "The group where this was asked for was taken off the groups where I work, so "
                "nobody was called. An admin can allow it again."
            )
        case ManagerNeededError():
            return replies.role_needed(Role.MANAGER, lang)
        case _:
            return lang.say(
                "This call alone needs another manager's or admin's approval, and nothing was "
                "called. Ask for all of it with the button that calls."
            )
