"""The control interface over HTTP: small JSON below `/control`.

For benchmarks and people who try the bot.
POST `person`, `group`, `send`, `press`, `away`; GET `messages?chat=…&after=…`, `state`.
It needs no token, and is never offered on anything but loopback.
"""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox.telegram.control import Control
from sandbox.telegram.people import Json, Message
from sandbox.telegram.server import answer

Act = Callable[[Control, Json], Any]


def add_person(tg: Control, given: Json) -> Json:
    """`{"id", "first_name", …}`."""
    person_id, first_name = given.pop("id"), given.pop("first_name")
    return tg.add_person(person_id, first_name, **given).as_json()


def add_group(tg: Control, given: Json) -> Json:
    """`{"id", "title", "members": [ids], "supergroup", "topics": {id: name}, "bot_status"}`."""
    group_id, title = given.pop("id"), given.pop("title")
    members = [tg.world.people[member] for member in given.pop("members", [])]
    topics = {int(thread): name for thread, name in given.pop("topics", {}).items()}
    return tg.add_group(group_id, title, members=members, topics=topics, **given).as_json()


def send(tg: Control, given: Json) -> Message:
    """`{"person", "chat", "text", "reply_to", "thread"}`; the private chat by default."""
    person = tg.world.people[given["person"]]
    chat = tg.chat(given.get("chat", person))
    reply_to = chat.by_id[given["reply_to"]] if given.get("reply_to") else None
    return tg.send(person, chat, given["text"], reply_to=reply_to, thread=given.get("thread"))


def press(tg: Control, given: Json) -> Json:
    """`{"person", "chat", "message", "button" or "data"}`."""
    person = tg.world.people[given["person"]]
    message = tg.chat(given.get("chat", person)).by_id[given["message"]]
    if "data" in given:
        return {"callback_id": tg.press_data(person, message, given["data"])}
    return {"callback_id": tg.press(person, message, given["button"])}


def away(tg: Control, given: Json) -> Json:
    """`{"how": "closed" or "502"}`; null brings it back."""
    if given.get("how"):
        tg.go_away(given["how"])
    else:
        tg.heal()
    return {}


def control_routes(tg: Control) -> list[BaseRoute]:
    """Return the paths of the control interface."""

    def post(path: str, act: Act) -> Route:
        async def handle(request: Request) -> Response:
            try:
                return answer(act(tg, await request.json()))
            except (AssertionError, LookupError, TypeError, ValueError) as error:
                return answer({"error": f"{type(error).__name__}: {error}"}, 400)

        return Route(f"/control/{path}", handle, methods=["POST"])

    async def messages(request: Request) -> Response:
        chat = tg.world.chats.get(int(request.query_params.get("chat", "0")))
        if chat is None:
            return answer({"error": "no such chat"}, 404)
        after = int(request.query_params.get("after", "0"))
        return answer([_shown(m) for m in tg.messages(chat) if m.id > after])

    async def state(_: Request) -> Response:
        return answer(_state(tg))

    acts = {"person": add_person, "group": add_group, "send": send, "press": press, "away": away}
    return [
        *(post(path, act) for path, act in acts.items()),
        Route("/control/messages", messages),
        Route("/control/state", state),
    ]


def _shown(message: Message) -> Json:
    """Return a message with what the API does not tell: markup, the HTML as sent, edits."""
    own = {"html": message.html, "markup": message.markup, "edits": len(message.versions) - 1}
    return {**message, "sandbox": own}


def _state(tg: Control) -> Json:
    world = tg.world
    return {
        "bot": world.bot.as_json(),
        "people": [person.as_json() for person in world.people.values()],
        "chats": [{**chat.as_json(), "last": chat.last_id} for chat in world.chats.values()],
        "pending_updates": len(world.updates.pending),
        "calls": len(world.calls),
        "answers": [
            {"id": one.id, "text": one.text, "show_alert": one.show_alert} for one in world.answers
        ],
        "away": world.away,
    }
