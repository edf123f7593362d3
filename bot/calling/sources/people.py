"""From contact cards to the one number of each that is called."""

from collections.abc import Iterable

from bot.calling.numbers import Numbers, Reason
from bot.calling.sources.contacts import Contact, Phone, contacts, is_contacts
from bot.calling.sources.found import Kind, NumberFile, Refusal, RefusedError
from bot.calling.sources.gathering import Gathering, Read, tidy
from bot.calling.sources.sheets import MOST_ROWS


def read_contacts(cards: Iterable[Contact], read: Read, mobile: Read) -> NumberFile:
    """One number of each card: a mobile before others, then what the card prefers.

    Args:
        cards: in their order.
        read: what can be called.
        mobile: what of that is a mobile.

    Raises:
        RefusedError: there are too many cards.
    """
    gathered = Gathering(read)
    left_out = 0
    for count, card in enumerate(cards, 1):
        if count > MOST_ROWS:
            raise RefusedError(Refusal.TOO_MANY_ROWS, limit=MOST_ROWS)
        left_out += _take(card, gathered, read, mobile)
    return gathered.file(Kind.CONTACTS, left_out=left_out)


def read_card(phone: str, name: str, vcard: str, read: Read, mobile: Read) -> NumberFile:
    """The number of a contact card that was sent in a chat.

    Args:
        phone: as Telegram gives it: with its country code, mostly without the plus sign.
        name: first and last name.
        vcard: what else the sender's phone knows; used where there is no other number or name.
        read: see `read_contacts`.
        mobile: see there.

    Returns:
        The number and its name, or one entry that cannot be called with the reason.
    """
    cards = list(contacts(vcard)) if is_contacts(vcard) else []
    card = cards[0] if cards else Contact(1)
    card.line = 1
    card.name = name.strip() or card.name
    if phone.strip():
        card.phones = [Phone(_with_plus(phone.strip(), read), mobile=True, preferred=True)]
    gathered = Gathering(read)
    left_out = _take(card, gathered, read, mobile)
    return gathered.file(Kind.CONTACTS, left_out=left_out)


def _take(card: Contact, gathered: Gathering, read: Read, mobile: Read) -> int:
    """Take one number of a card, or list why there is none; returns how many are left out."""
    name = tidy(card.name)
    if not card.phones:
        gathered.doubt(card.name or "?", card.line, Reason.NO_NUMBER)
        return 0
    usable = [phone for phone in card.phones if read(phone.text).numbers]
    if not usable:
        gathered.read(card.phones[0].text, card.line, name)
        return 0

    def rank(phone: Phone) -> tuple[bool, bool, bool]:
        return (not mobile(phone.text).numbers, not phone.mobile, not phone.preferred)

    best = min(usable, key=rank)
    (number, *_) = read(best.text).numbers
    gathered.take(number, card.line, name)
    others = {other for phone in usable for other in read(phone.text).numbers}
    return len(others - {number})


def _with_plus(phone: str, read: Read) -> str:
    """The number with a plus sign, if that tells of which country it is.

    Nothing becomes callable by it: numbers of the region are read without one.
    """
    if read(phone).numbers or not phone.isdecimal():
        return phone
    abroad = read(f"+{phone}")
    return f"+{phone}" if _is_foreign(abroad) else phone


def _is_foreign(found: Numbers) -> bool:
    return any(one.reason is Reason.FOREIGN for one in found.uncallable)
