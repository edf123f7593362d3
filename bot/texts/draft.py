"""The draft: what would be called, what is to be known first, and its buttons."""

from markupsafe import Markup

from bot.calling.drafts import Ask, Content
from bot.calling.results import Asked
from bot.texts import (
    approvals,
    draft_facts,
    spoken,
    voices,
    window,
)
from bot.texts.cards import Button, Card, Verb, button, too_long
from bot.texts.language import Language
from bot.texts.rows import paired
from bot.texts.voices import cut
from storage.models import DraftKind

VOICES = 6  # on one page of the card that asks for the voice
LABEL = 32  # characters of a voice's name on a button; a long one has a phone's row for itself


def card(asked: Asked, lang: Language, now: float, page: int = 1) -> Card:
    """The card of an open draft: it asks for the voice, or else for the last word.

    Args:
        asked: the draft.
        lang: the reader's language.
        now: UTC seconds.
        page: of the voices that can be chosen.
    """
    if asked.content.above is not None:
        return _too_many(asked, asked.content.above, lang)
    if asked.content.voice is None:
        return which_voice(asked, lang, now, page)
    return confirm(asked, lang, now)


def confirm(asked: Asked, lang: Language, now: float) -> Card:
    """Names all that the next tap does."""
    call = approvals.confirm_label(asked.content, lang)
    first: list[tuple[Button, ...]] = [(button(call, Verb.CONFIRM, asked.token),)]
    if asked.outside is not None:
        first = window.draft_rows(asked, asked.outside, lang, now)
    rows = [*first, *_more(asked, lang)]
    text = _confirm(asked, lang, now)
    if too_long(text):
        text = _confirm(asked, lang, now, whole=False)
    return Card(text, tuple(row for row in rows if row))


def _too_many(asked: Asked, limit: int, lang: Language) -> Card:
    """More numbers than one batch may have; a list may have more."""
    text = lang.say(
        "These are {n} numbers, and one batch may have {limit} at most; nothing was called. Send "
        "them in several batches, or keep them as a list.",
        n=lang.number(len(asked.content.numbers)),
        limit=lang.number(limit),
    )
    save = button(lang.say("💾 Save as list"), Verb.SAVE_LIST, asked.token)
    cancel = button(lang.say("✖️ Cancel"), Verb.CANCEL, asked.token)
    return Card(text, ((save, cancel),))


def text_file(asked: Asked, lang: Language, now: float) -> bytes | None:
    """The spoken text for a file, where the card cannot hold all of it."""
    text = asked.content.spoken
    return lang.free(text).encode() if text and too_long(_confirm(asked, lang, now)) else None


def _confirm(asked: Asked, lang: Language, now: float, *, whole: bool = True) -> Markup:
    """All that the next tap does; of a spoken text its beginning alone, if not the whole."""
    heading = lang.count(
        "📋 <b>Call one number?</b> Nothing is sent yet.",
        "📋 <b>Call {n} numbers?</b> Nothing is sent yet.",
        len(asked.content.numbers),
    )
    parts = [
        heading,
        _how(asked, lang, now),
        *draft_facts.listed(asked, lang, now),
        _spoken(asked.content, lang, whole=whole),
    ]
    return Markup("\n").join(part for part in parts if part)


def which_voice(asked: Asked, lang: Language, now: float, page: int = 1) -> Card:
    """How many numbers, and a button for each voice; one that was chosen before is named."""
    content, token = asked.content, asked.token
    heading = lang.count(
        "📋 <b>One number.</b> Which voice? Nothing is sent yet.",
        "📋 <b>{n} numbers.</b> Which voice? Nothing is sent yet.",
        len(content.numbers),
    )
    if not asked.voices:
        heading = lang.count(
            "📋 <b>One number.</b> Nothing is sent yet. No voice has a name here so far: add one "
            "with /voices, or speak a text.",
            "📋 <b>{n} numbers.</b> Nothing is sent yet. No voice has a name here so far: add one "
            "with /voices, or speak a text.",
            len(content.numbers),
        )
    parts = [
        heading,
        _so_far(content, lang),
        _list(content, lang),
        *draft_facts.listed(asked, lang, now),
    ]
    text = Markup("\n").join(part for part in parts if part)
    pages = max(1, -(-len(asked.voices) // VOICES))
    page = max(1, min(page, pages))
    shown = asked.voices[(page - 1) * VOICES : page * VOICES]
    pairs = paired(
        [
            (v.name, button(f"🔊 {lang.free(cut(v.name, LABEL))}", Verb.CHOOSE, token, v.id))
            for v in shown
        ]
    )
    turn = tuple(
        button(sign, Verb.CHOICES, token, to)
        for sign, to in (("◀", page - 1), ("▶", page + 1))
        if 1 <= to <= pages
    )
    speak = button(lang.say("🗣 Speak a text"), Verb.SPEAK, token)
    keep = (
        () if content.list_ref else (button(lang.say("💾 Save as list"), Verb.SAVE_LIST, token),)
    )
    see = button(lang.say("✏️ See / remove"), Verb.SEE, token, 1)
    back = () if content.voice is None else (button(lang.say("↩️ Back"), Verb.CARD, token),)
    last = (*keep, *back, button(lang.say("✖️ Cancel"), Verb.CANCEL, token))
    rows = [*pairs, turn, (speak, see), last[:2], last[2:]]
    return Card(text, tuple(row for row in rows if row))


def _so_far(content: Content, lang: Language) -> Markup:
    """The voice that another one would take the place of."""
    if content.voice is None:
        return Markup()
    return lang.say("Chosen so far: {voice}", voice=voices.signed(content, lang))


def _more(asked: Asked, lang: Language) -> list[tuple[Button, ...]]:
    """What else can be done with a draft than to call."""
    content, token = asked.content, asked.token
    cancel = button(lang.say("✖️ Cancel"), Verb.CANCEL, token)
    if asked.kind is not DraftKind.CALL:
        return [(cancel,)]
    skip: tuple[Button, ...] = ()
    if content.recent and len(content.recent) < len(content.numbers):
        label = lang.say(
            "⏭ Skip those {n} → {left}",
            n=lang.number(len(content.recent)),
            left=lang.number(len(content.numbers) - len(content.recent)),
        )
        skip = (button(label, Verb.SKIP, token),)
    shut = content.first is not None or asked.outside is not None
    first = () if shut else (button(lang.say("📞 Call me first"), Verb.FIRST, token),)
    see = button(lang.say("✏️ See / remove"), Verb.SEE, token, 1)
    save = button(lang.say("💾 Save as launch"), Verb.SAVE, token)
    later: tuple[Button, ...] = (button(lang.say("🕘 Later"), Verb.LATER, token),)
    other: tuple[Button, ...] = (button(lang.say("➕ Other voice"), Verb.CHOICES, token, 1),)
    if Ask.REDIAL in content.asks:
        later = ()  # until then some of them may be reached
        other = ()  # it goes on with what they did not hear
    return [
        skip,
        (*first, *later),
        (see, save),
        (*other, cancel),
    ]


def _how(asked: Asked, lang: Language, now: float) -> Markup:
    """With what they are called, from which list, when and for how much."""
    content = asked.content
    retry = lang.count("one retry", "{n} retries", content.retry_count)
    if content.retry_count == 0:
        retry = lang.say("no retry")
    parts = [voices.signed(content, lang)]
    if content.list_name is not None:
        parts.append(_list(content, lang))
    parts.append(retry)
    if content.server_id is not None:
        parts.append(lang.say("dialer <code>{server}</code>", server=content.server_id))
    first = Markup(" · ").join(parts)
    second = Markup(" · ").join([window.goes(asked, lang, now), _cost(content, lang)])
    return Markup("\n").join([first, second])


def _list(content: Content, lang: Language) -> Markup:
    """Where the numbers are from."""
    if content.list_name is None:
        return Markup()
    return lang.say("📇 list “{name}”", name=lang.name(content.list_name))


def _cost(content: Content, lang: Language) -> Markup:
    """What it may cost, and what that rests on."""
    about = content.estimate
    if about is None:
        return lang.say("💰 no estimate yet")
    if about.batches == 1 or about.low == about.high:
        return lang.count(
            "💰 ≈ {mean} (from one past batch)",
            "💰 ≈ {mean} (from {n} past batches)",
            about.batches,
            mean=lang.money(about.mean),
        )
    return lang.say(
        "💰 ≈ {mean}, {low} to {high} (from {n} past batches)",
        mean=lang.money(about.mean),
        low=lang.number(round(about.low / 1000)),
        high=lang.number(round(about.high / 1000)),
        n=lang.number(about.batches),
    )


def _spoken(content: Content, lang: Language, *, whole: bool = True) -> Markup:
    if content.spoken is None:
        return Markup()
    return spoken.paragraph(content.spoken, lang, whole=whole)
