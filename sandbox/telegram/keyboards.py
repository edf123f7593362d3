"""The control interface, third part: reply keyboards, and what their buttons share."""

from typing import Any

from sandbox.telegram.acting import Acting
from sandbox.telegram.people import Chat, Json, Message, Person
from sandbox.telegram.population import ChatRef


class Keyboards(Acting):
    """Lets people use the keyboard that the bot shows in place of their own."""

    def keyboard(self, chat: ChatRef) -> list[list[str]]:
        """Return the labels of the reply keyboard that is shown in a chat, by row."""
        shown = self._shown(self.chat(chat))
        rows = [] if shown is None else (shown.markup or {})["keyboard"]
        return [[_button(one)["text"] for one in row] for row in rows]

    def tap(self, person: Person, chat: ChatRef, label: str) -> Message:
        """Tap a button of the reply keyboard: its label is sent, or the own contact card."""
        where = self.chat(chat)
        button, message = self._find(where, lambda one: one["text"] == label)
        if button.get("request_contact"):
            return self.share_contact(person, where)
        reply_to = message if where.person is None else None
        return self.send(person, where, button["text"], reply_to=reply_to)

    def share_contact(self, person: Person, chat: ChatRef) -> Message:
        """Answer a button with `request_contact`, with the own card."""
        _, message = self._find(self.chat(chat), lambda one: bool(one.get("request_contact")))
        if person.phone is None:
            raise ValueError(f"{person.first_name} has no phone number")
        names = {"last_name": person.last_name} if person.last_name is not None else {}
        card: Json = {"phone_number": person.phone.lstrip("+"), "first_name": person.first_name}
        card |= names | {"user_id": person.id}
        return self._incoming.message(person, self.chat(chat), {"contact": card}, reply_to=message)

    def share_users(self, person: Person, chat: ChatRef, *users: Person) -> Message:
        """Answer a button with `request_users`, with people of that person's choice."""
        button, _ = self._find(self.chat(chat), lambda one: "request_users" in one)
        wanted = button["request_users"]
        most = wanted.get("max_quantity", 1)
        if not 1 <= len(users) <= most:
            raise ValueError(f"1 to {most} people can be shared, not {len(users)}")
        shared = {
            "request_id": wanted["request_id"],
            "users": [_shared(user, wanted) for user in users],
        }
        return self._incoming.message(person, self.chat(chat), {"users_shared": shared})

    def _shown(self, chat: Chat) -> Message | None:
        """Return the message whose reply keyboard is shown: the last that set or removed it."""
        for message in reversed(chat.messages):
            markup = message.markup or {}
            if "keyboard" in markup and not message.deleted:
                return message
            if markup.get("remove_keyboard"):
                return None
        return None

    def _find(self, chat: Chat, fits: Any) -> tuple[Json, Message]:
        message = self._shown(chat)
        rows = [] if message is None else (message.markup or {})["keyboard"]
        for one in (_button(one) for row in rows for one in row):
            if message is not None and fits(one):
                return one, message
        raise AssertionError(f"no such button in the keyboard {self.keyboard(chat)}")


def _button(button: Json | str) -> Json:
    return {"text": button} if isinstance(button, str) else button


def _shared(user: Person, wanted: Json) -> Json:
    """Return a `SharedUser`, with the names that were asked for."""
    shared: Json = {"user_id": user.id}
    if wanted.get("request_name"):
        shared["first_name"] = user.first_name
        if user.last_name is not None:
            shared["last_name"] = user.last_name
    if wanted.get("request_username") and user.username is not None:
        shared["username"] = user.username
    return shared
