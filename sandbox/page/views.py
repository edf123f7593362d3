"""How things are told to the page, each in the form that its scripts expect."""

from collections.abc import Callable
from typing import Any

from sandbox.bitel import Call
from sandbox.page.stage import Contact, Role, Stage
from sandbox.telegram import Chat

Json = dict[str, Any]
Key = tuple[str | int, ...]


def patch(stage: Stage, after: int | None) -> tuple[Json, int]:
    """Return what changed after a revision, and the revision that it leads to.

    Args:
        stage: what the page shows.
        after: None for everything.
    """
    journal = stage.tg.world.journal
    revision = journal.revision
    told: Json = {"run": stage.run, "rev": revision}
    if after is None:
        told |= {"fresh": True, "cast": cast(stage), "menus": menus(stage), "pins": pins(stage)}
        told |= {"gateway": gateway(stage), "bot": {"polling": stage.polling}}
    for key, rev in journal.since(after or 0):
        _add(told, stage, key, rev)
    return told, revision


def cast(stage: Stage) -> Json:
    """Return who is there, and what is offered to try."""
    known = stage.cast
    return {
        "bot": stage.tg.world.bot.as_json(),
        "timezone": known.timezone,
        "people": [_role(role) for role in known.roles],
        "chats": [_chat(chat) for chat in stage.tg.world.chats.values()],
        "examples": [{"label": e.label, "text": e.text, "chat": e.chat} for e in known.examples],
        "voices": [{"id": voice.id, "name": voice.name} for voice in known.voices],
        "contacts": [_contact(contact) for contact in known.contacts],
    }


def menus(stage: Stage) -> Json:
    """Return the bot's commands for each person in each chat that they are in."""
    world = stage.tg.world
    return {
        str(person.id): {
            str(chat.id): stage.tg.menu(person, chat)
            for chat in world.chats.values()
            if person.id in _members(chat)
        }
        for person in world.people.values()
    }


def pins(stage: Stage) -> Json:
    """Return the pinned messages of each chat that has any."""
    return {str(chat.id): chat.pinned for chat in stage.tg.world.chats.values() if chat.pinned}


def gateway(stage: Stage) -> Json:
    """Return how the gateway is told to behave, and what it counts."""
    bitel = stage.bitel
    return {
        "speed": bitel.speed,
        "answer_rate": bitel.answer_rate,
        "fault": bitel.plans["post"].shown,
        "events": {"available": bitel.events_url is not None, "on": bitel.events_on},
        "outage": bitel.outage,
        "totals": {"requests": bitel.ledger.count, **bitel.book.totals()},
    }


def _role(role: Role) -> Json:
    person = role.person
    told = {"id": person.id, "name": person.first_name, "username": person.username}
    return {**told, "role": role.name, "note": role.note, "phone": role.phone}


def _contact(contact: Contact) -> Json:
    name = f"{contact.first_name} {contact.last_name}".rstrip()
    return {"name": name, "phones": list(contact.phones)}


def _chat(chat: Chat) -> Json:
    told: Json = {"id": chat.id, "type": chat.type, "title": chat.name}
    topics = {str(thread): name for thread, name in chat.topics.items()}
    return {**told, "members": _members(chat), "topics": topics}


def _members(chat: Chat) -> list[int]:
    return list(chat.members) if chat.person is None else [chat.person.id]


def _add(told: Json, stage: Stage, key: Key, rev: int) -> None:
    """Put one thing that changed into a patch."""
    kind, *rest = key
    if kind in _WHOLE:
        told[_WHOLE[kind][0]] = _WHOLE[kind][1](stage)
        return
    name, view = _LISTED[str(kind)]
    found = view(stage, *rest)
    if found is not None:
        told.setdefault(name, []).append({"rev": rev, **found})


def _message(stage: Stage, chat_id: int, message_id: int) -> Json:
    message = stage.tg.world.chats[chat_id].by_id[message_id]
    told = {"chat": chat_id, "id": message_id, "deleted": message.deleted}
    return {**told, "silent": message.silent, "message": message, "markup": message.markup}


def _answer(stage: Stage, callback_id: str) -> Json | None:
    for answer in reversed(stage.tg.answers):
        if answer.id == callback_id:
            told = {"id": answer.id, "text": answer.text, "show_alert": answer.show_alert}
            return {**told, "url": answer.url}
    return None


def _typing(stage: Stage, chat_id: int) -> Json:
    """Return what the bot is seen doing in a chat, and until when; nothing ends it."""
    action, until = stage.tg.world.chats[chat_id].busy or (None, 0.0)
    return {"chat": chat_id, "action": action, "until": until}


def _request(stage: Stage, slot: int) -> Json | None:
    exchange = stage.bitel.ledger.in_slot(slot)
    return None if exchange is None else exchange.as_json()


def _call(stage: Stage, call_id: str) -> Json | None:
    call: Call | None = stage.bitel.calls.get(call_id)
    if call is None:
        return None
    phase, progress = stage.bitel.book.phase(call), stage.bitel.progress(call)
    ended = phase.name == "ended"
    return {
        "id": call.id,
        "number": call.number,
        "request": call.request,
        "phase": phase.name,
        "outcome": progress.status if ended else None,
        "sec": progress.bill_sec,
        "cost": progress.cost,
        "at": call.requested,
        "tries": phase.tries,
    }


_LISTED: dict[str, tuple[str, Callable[..., Json | None]]] = {
    "message": ("messages", _message),
    "answer": ("answers", _answer),
    "typing": ("typing", _typing),
    "request": ("requests", _request),
    "call": ("calls", _call),
}
_WHOLE: dict[str | int, tuple[str, Callable[[Stage], Json]]] = {
    "chats": ("cast", cast),
    "menus": ("menus", menus),
    "pins": ("pins", pins),
    "gateway": ("gateway", gateway),
    "bot": ("bot", lambda stage: {"polling": stage.polling}),
}
