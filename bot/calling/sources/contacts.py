"""Contact cards, as phones and address books write them: vCard 2.1, 3.0 and 4.0.

The facts are those of RFC 2426 and RFC 6350; 2.1 is what Android writes, with names in
quoted-printable.
"""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from bot.calling.sources.decoding import decode

_BEGIN: Final = "BEGIN:VCARD"
_END: Final = "END:VCARD"
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_QUOTED: Final = re.compile(r"[^:]*QUOTED-PRINTABLE", re.IGNORECASE)
_PARAMETER: Final = re.compile(r';((?:[^;:"]|"[^"]*")*)')
_VALUES: Final = re.compile(r'[",\s]+')
_HEAD: Final = re.compile(r'(?:[\w-]+\.)?([A-Za-z-]+)((?:;(?:[^;:"]|"[^"]*")*)*):')
_ESCAPED: Final = re.compile(r"\\(.)")
_MOBILE: Final = frozenset({"cell", "iphone", "mobile"})


class Phone(NamedTuple):
    """A number of a card, as it is written there.

    Attributes:
        mobile: the card says that it is one.
        preferred: the card says so.
    """

    text: str
    mobile: bool
    preferred: bool


@dataclass(slots=True)
class Contact:
    """One card.

    Attributes:
        line: on which it begins, from 1.
        name: may be empty.
    """

    line: int
    name: str = ""
    phones: list[Phone] = field(default_factory=list)


def is_contacts(text: str) -> bool:
    """Whether a text is a file of contact cards."""
    return text.lstrip()[: len(_BEGIN)].upper() == _BEGIN


def contacts(text: str) -> Iterator[Contact]:
    """The cards of a file, in its order; one that is cut off at the end counts as well."""
    card: Contact | None = None
    names: dict[str, str] = {}
    for line, content in _lines(text):
        upper = content.strip().upper()
        if upper == _BEGIN and card is None:
            card, names = Contact(line), {}
        elif upper == _END and card is not None:
            card.name = _best(names)
            yield card
            card = None
        elif card is not None:
            _take(content, card, names)
    if card is not None:
        card.name = _best(names)
        yield card


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The logical lines, each with the number of the line on which it begins."""
    parts: list[str] = []
    began = 1
    for number, line in enumerate(_LINE_END.split(text), 1):
        if parts and line[:1] in {" ", "\t"}:
            parts.append(line[1:])
        elif parts and parts[-1].endswith("=") and _QUOTED.match(parts[0]):
            parts[-1] = parts[-1][:-1]
            parts.append(line)
        else:
            if parts:
                yield began, "".join(parts)
            parts, began = [line], number
    yield began, "".join(parts)


def _take(content: str, card: Contact, names: dict[str, str]) -> None:
    """What one line says of the card."""
    head = _HEAD.match(content)
    if head is None:
        return
    what, parameters = head[1].upper(), _parameters(head[2])
    if what not in {"FN", "N", "ORG", "NICKNAME", "TEL"}:
        return
    value = _value(content[head.end() :], parameters)
    if what == "TEL":
        kinds = parameters.get("TYPE", set()) | parameters.get("", set())
        phone = Phone(
            _dialled(value),
            mobile=bool(kinds & _MOBILE),
            preferred="pref" in kinds or "PREF" in parameters,
        )
        if phone.text:
            card.phones.append(phone)
    elif what == "N":
        parts = [_plain(part) for part in re.split(r"(?<!\\);", value)]
        names.setdefault("N", " ".join(filter(None, [*parts[1:2], *parts[:1]])))
    else:
        names.setdefault(what, _plain(value.replace(";", " ") if what == "ORG" else value))


def _parameters(text: str) -> dict[str, set[str]]:
    """By name, lower-case values; those of vCard 2.1 without a name stand under an empty one."""
    found: dict[str, set[str]] = {}
    for part in _PARAMETER.findall(text):
        name, equals, value = part.partition("=")
        if not equals:
            name, value = "", name
        values = {word for word in _VALUES.split(value.lower()) if word}
        found.setdefault(name.strip().upper(), set()).update(values)
    return found


def _value(text: str, parameters: dict[str, set[str]]) -> str:
    encodings = parameters.get("ENCODING", set()) | parameters.get("", set())
    if "quoted-printable" in encodings:
        return decode(quopri.decodestring(text.encode())) or ""
    return text


def _dialled(value: str) -> str:
    """A telephone number without what a URI has around it."""
    text = _plain(value)
    if text[:4].lower() != "tel:":
        return text
    number, _, rest = text[4:].partition(";")
    extension = re.search(r"(?:^|;)ext=([^;]+)", rest, re.IGNORECASE)
    return f"{number} ext {extension[1]}" if extension else number


def _plain(text: str) -> str:
    """A value in one line, without escapes."""
    unescaped = _ESCAPED.sub(lambda match: " " if match[1] in "nN" else match[1], text)
    return " ".join(unescaped.split())


def _best(names: dict[str, str]) -> str:
    return next((names[what] for what in ("FN", "N", "NICKNAME", "ORG") if names.get(what)), "")
