"""`/audit`: who did what, to what, from where and when, in sentences; and its pick lists."""

import re
from collections.abc import Mapping
from dataclasses import replace

from markupsafe import Markup

from bot.calling.audit import Deed
from bot.calling.audit_kinds import Kind
from bot.calling.audit_trail import AuditPage, Narrow, People
from bot.calling.limits import Limit
from bot.texts import limits, voices
from bot.texts.audit_words import OF_AN_OLDER_VERSION, SENTENCES
from bot.texts.batch_list import span
from bot.texts.cards import Button, Card, Verb, button, too_long
from bot.texts.language import Language
from storage.models import AuditEntry

ANY = "x"  # in a token: not narrowed by this
NEWEST, OLDER, NEWER = "n", "o", "e"  # before the id of the entry behind which a page begins
WHO, WHAT = "p", "k"
LABEL = 24  # characters of a name on a button
SHOWN = 100  # characters of what it was, and of what it is now
_NO_WORDS: Mapping[Verb, str] = {}
_PERSON = re.compile(r"u[1-9][0-9]*")
# The id before a name: whoever wants it narrows by *Who*, or looks at the team.
_NAMED = re.compile(r"(?:^|(?<=: ))(?:u|c-?)[1-9][0-9]* (?=\S)")


def token_of(narrow: Narrow) -> tuple[str, str, str, str]:
    """What is shown, for callback data: person, kind, days, subject."""
    return (
        ANY if narrow.by_id is None else str(narrow.by_id),
        ANY if narrow.kind is None else narrow.kind.value,
        ANY if narrow.days is None else narrow.days.token,
        ANY if narrow.about is None else narrow.about.replace(" ", "_"),
    )


def page(
    found: AuditPage, lang: Language, now: float, does: Mapping[Verb, str] = _NO_WORDS
) -> Card:
    """Some entries, newest first; as many as a message holds, the rest is on the next page.

    Args:
        found: the entries.
        lang: for whom.
        now: UTC seconds.
        does: what each button does, for those that somebody was refused.
    """
    head = _head(found, lang)
    if not found.entries:
        return Card(_lines([*head, _nothing(found.narrow, lang)]), _rows(found, None, lang))
    shown: list[AuditEntry] = []
    parts = head
    for entry in found.entries:
        more = [*parts, line(entry, found, lang, now, does)]
        if shown and too_long(_lines(more)):
            break
        shown.append(entry)
        parts = more
    cut = replace(found, entries=tuple(shown), older=found.older or shown != [*found.entries])
    return Card(_lines(parts), _rows(cut, shown[-1], lang))


def line(
    entry: AuditEntry,
    found: AuditPage,
    lang: Language,
    now: float,
    does: Mapping[Verb, str] = _NO_WORDS,
) -> Markup:
    """One entry as a sentence."""
    said = lang.say(
        _sentence(entry.deed),
        who=lang.name(entry.by_name),
        what=_subject(entry.about, lang, does),
        deed=entry.deed.replace("_", " "),
    )
    said = Markup(said.rstrip(": "))  # noqa: S704 -- escaped before; it may be about nothing
    parts = [lang.say("{at} {said}", at=lang.hour(entry.at, now), said=said)]
    before, after = (
        part and voices.cut(_by_name(part, lang), SHOWN) for part in (entry.before, entry.after)
    )
    if before and after:
        parts.append(lang.say("{before} → {after}", before=before, after=after))
    elif before or after:
        parts.append(lang.say("{detail}", detail=after or before))
    if entry.chat_id is not None:
        parts.append(_place(entry.chat_id, found, lang))
    return Markup(" · ").join(parts)


def _sentence(deed: str) -> str:
    try:
        return SENTENCES[Deed(deed)]
    except ValueError:
        return OF_AN_OLDER_VERSION


def _subject(about: str, lang: Language, does: Mapping[Verb, str] = _NO_WORDS) -> str:
    """A batch as a hashtag, which can be tapped; people and groups by name; a button's deed."""
    if about.startswith("b") and about[1:].isdecimal():
        return f"#{about}"
    kind_of, _, rest = about.partition(" ")
    if kind_of == "button":
        said = does.get(Verb(rest), about) if rest in set(Verb) else about
        return voices.cut(said.replace("*", ""), SHOWN)
    return voices.cut(_by_name(_NAMED.sub("", about), lang), SHOWN)


def _by_name(text: str, lang: Language) -> str:
    """The text, a limit in front of it by its name."""
    word, mark, rest = text.partition(":")
    if word not in set(Limit):
        return text
    called = limits.name(Limit(word), lang)
    return f"{called}{mark}{rest}"


def _nothing(narrow: Narrow, lang: Language) -> Markup:
    """Where nothing is found: of a person only what was done to them was looked for."""
    if narrow.about is not None and _PERSON.fullmatch(narrow.about):
        return lang.say(
            "No entries about this person. What they did themselves is below <b>By them</b>."
        )
    return lang.say("No entries.")


def _place(chat_id: int, found: AuditPage, lang: Language) -> Markup:
    if chat_id > 0:  # Telegram: a private chat has the id of its person
        return lang.say("in private")
    title = found.chats.get(chat_id, f"c{chat_id}")
    return lang.say("in {chat}", chat=lang.name(voices.cut(title, LABEL)))


def _head(found: AuditPage, lang: Language) -> list[Markup]:
    """By what the entries are narrowed, in words."""
    narrow, parts = found.narrow, []
    if narrow.by_id is not None:
        name = found.name or f"u{narrow.by_id}"
        parts.append(lang.say("by {who}", who=lang.name(voices.cut(name, SHOWN))))
    if narrow.kind is not None:
        parts.append(kind(narrow.kind, lang))
    if narrow.about is not None:
        parts.append(lang.say("{what}", what=_subject(narrow.about, lang)))
    if narrow.days is not None:
        parts.append(span(narrow.days, lang))
    return [lang.say("🔎 {what}", what=Markup(" · ").join(parts))] if parts else []


def _rows(
    found: AuditPage, last: AuditEntry | None, lang: Language
) -> tuple[tuple[Button, ...], ...]:
    token = token_of(found.narrow)
    turn: list[Button] = []
    if found.newer and found.entries:
        first = found.entries[0].id
        turn.append(button(lang.say("◀ Newer"), Verb.AUDIT, f"{NEWER}{first}", *token))
    if found.older and last is not None:
        turn.append(button(lang.say("Older ▶"), Verb.AUDIT, f"{OLDER}{last.id}", *token))
    pick = [
        button(lang.say("👤 Who"), Verb.AUDIT_PICK, WHO, 1, *token),
        button(lang.say("🗂 What"), Verb.AUDIT_PICK, WHAT, 1, *token),
    ]
    about = found.narrow.about or ""
    if _PERSON.fullmatch(about):
        by_them = Narrow(by_id=int(about[1:]))
        turn.append(button(lang.say("👤 By them"), Verb.AUDIT, NEWEST, *token_of(by_them)))
    if found.narrow != Narrow():
        pick.append(button(lang.say("✖️ All"), Verb.AUDIT, NEWEST, *token_of(Narrow())))
    days = tuple(
        button(label, Verb.AUDIT, NEWEST, token[0], token[1], word, token[3])
        for label, word in (
            (lang.say("Today"), "today"),
            (lang.say("Yesterday"), "yesterday"),
            (lang.say("7 days"), "7d"),
        )
    )
    return tuple(row for row in (tuple(turn), tuple(pick), days) if row)


def people(found: People, lang: Language) -> Card:
    """Whose deeds are to be shown."""
    rows: list[tuple[Button, ...]] = [
        (
            button(
                voices.cut(lang.free(name), LABEL),
                Verb.AUDIT,
                NEWEST,
                *token_of(replace(found.narrow, by_id=by_id)),
            ),
        )
        for by_id, name in found.people
    ]
    around = (
        *((found.page - 1, "◀"),) * (found.page > 1),
        *((found.page + 1, "▶"),) * found.more,
    )
    token = token_of(found.narrow)
    turn = tuple(button(sign, Verb.AUDIT_PICK, WHO, to, *token) for to, sign in around)
    rows = [*rows, turn, _back(found.narrow, lang)]
    return Card(lang.say("Whose deeds?"), tuple(row for row in rows if row))


def kinds(narrow: Narrow, lang: Language) -> Card:
    """Which kind of deeds is to be shown."""
    offered = [
        button(kind(of, lang), Verb.AUDIT, NEWEST, *token_of(replace(narrow, kind=of)))
        for of in Kind
    ]
    rows = [tuple(offered[start : start + 2]) for start in range(0, len(offered), 2)]
    return Card(lang.say("Which deeds?"), (*rows, _back(narrow, lang)))


def kind(of: Kind, lang: Language) -> Markup:
    """What a kind of deeds is called."""
    return {
        Kind.LAUNCHES: lang.say("launches"),
        Kind.DECISIONS: lang.say("decisions"),
        Kind.APPROVALS: lang.say("approvals"),
        Kind.PLANS: lang.say("schedules"),
        Kind.TEAM: lang.say("team and chats"),
        Kind.DO_NOT_CALL: lang.say("do not call"),
        Kind.LIMITS: lang.say("limits"),
        Kind.LISTS: lang.say("lists"),
        Kind.VOICES: lang.say("voices"),
        Kind.SAVED: lang.say("saved launches"),
        Kind.DATA: lang.say("personal data"),
        Kind.REFUSALS: lang.say("refusals"),
    }[of]


def _back(narrow: Narrow, lang: Language) -> tuple[Button, ...]:
    return (button(lang.say("↩️ Back"), Verb.AUDIT, NEWEST, *token_of(narrow)),)


def _lines(parts: list[Markup]) -> Markup:
    return Markup("\n").join(parts)
