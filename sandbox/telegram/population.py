"""The control interface, first part: who is there, and how that changes."""

from collections.abc import Iterable, Mapping
from typing import Unpack

from sandbox.telegram.incoming import ANONYMOUS_ADMIN, Incoming
from sandbox.telegram.people import Chat, ChatType, Message, Person, roster
from sandbox.telegram.world import Settings, World

ChatRef = Person | Chat | int
TOPIC_COLOUR = 0x6FB9F0  # https://core.telegram.org/bots/api#createforumtopic


class Population:
    """Adds people and chats to a simulated Telegram, and lets people come, go and block.

    Nothing here waits: the bot hears of what is done through its next getUpdates. Where a chat is
    asked for, a person means the private chat with the bot.

    Args:
        settings: arguments of `World`, which tells what they mean.
    """

    def __init__(self, **settings: Unpack[Settings]) -> None:
        self.world = World(**settings)
        self._incoming = Incoming(self.world)

    def add_person(
        self,
        person_id: int,
        first_name: str,
        *,
        username: str | None = None,
        last_name: str | None = None,
        language_code: str | None = "en",
        is_bot: bool = False,
        started: bool = True,
        phone: str | None = None,
    ) -> Person:
        """Add a person; with `started=False` the bot may not write first."""
        person = Person(
            person_id,
            first_name,
            username=username,
            last_name=last_name,
            language_code=language_code,
            is_bot=is_bot,
            started=started,
            phone=phone,
        )
        self.world.people[person_id] = person
        self.world.add_chat(
            Chat(person_id, "private", person=person, last_id=self.world.ids_after)
        )
        return person

    def add_group(
        self,
        group_id: int,
        title: str,
        *,
        members: Iterable[Person] = (),
        supergroup: bool = False,
        topics: Mapping[int, str] | None = None,
        bot_status: str = "member",
        username: str | None = None,
    ) -> Chat:
        """Add a group with the bot in it; the first member is its creator.

        Topics make it a supergroup with topics, each opened by a message of that id. As
        `bot_status="administrator"` the bot sees all messages, and may pin and delete.
        """
        kind: ChatType = "supergroup" if supergroup or topics else "group"
        people = list(members)
        chat = Chat(group_id, kind, title, members=roster(people), topics=dict(topics or {}))
        chat.bot_status, chat.username = bot_status, username
        self.world.add_chat(chat)
        for thread, name in sorted(chat.topics.items()):
            self._open_topic(chat, people[0] if people else ANONYMOUS_ADMIN, thread, name)
        chat.last_id = max(self.world.ids_after, *chat.topics, 0)
        return chat

    def add_channel(self, channel_id: int, title: str, *, username: str | None = None) -> Chat:
        """Add a channel with the bot as an administrator."""
        chat = Chat(channel_id, "channel", title, bot_status="administrator", username=username)
        chat.last_id = self.world.ids_after
        self.world.add_chat(chat)
        return chat

    def chat(self, ref: ChatRef) -> Chat:
        """Return the chat of a person, an id, or the chat itself."""
        if isinstance(ref, Chat):
            return ref
        return self.world.chats[ref.id if isinstance(ref, Person) else ref]

    def join(self, person: Person, group: Chat, *, added_by: Person | None = None) -> Message:
        """Let a person come into a group, alone or added by a member."""
        group.members[person.id] = "member"
        self.world.journal.touch("chats")
        content = {"new_chat_members": [person.as_json()]}
        return self._incoming.message(added_by or person, group, content)

    def leave(self, person: Person, group: Chat, *, removed_by: Person | None = None) -> Message:
        """Let a person go out of a group, alone or removed by a member."""
        group.members[person.id] = "left" if removed_by is None else "kicked"
        self.world.journal.touch("chats")
        content = {"left_chat_member": person.as_json()}
        return self._incoming.message(removed_by or person, group, content)

    def add_bot(self, person: Person, group: Chat) -> Message:
        """Let a person add the bot to a group that it is not in."""
        old, group.bot_status = group.bot_status, "member"
        self.world.journal.touch("chats")
        self._incoming.membership(person, group, old, "member")
        content = {"new_chat_members": [self.world.bot.as_json()]}
        return self._incoming.message(person, group, content)

    def promote_bot(self, person: Person, group: Chat, *, may_pin: bool = True) -> None:
        """Let a person make the bot an administrator, and let it pin messages or not."""
        old, group.bot_status = group.bot_status, "administrator"
        group.withheld = frozenset() if may_pin else frozenset({"can_pin_messages"})
        self.world.journal.touch("chats")
        self._incoming.membership(person, group, old, "administrator")

    def block(self, person: Person) -> None:
        """Let a person block the bot."""
        person.blocked = True
        self._incoming.membership(person, self.chat(person), "member", "kicked")

    def unblock(self, person: Person) -> None:
        """Let a person unblock the bot."""
        person.blocked = False
        self._incoming.membership(person, self.chat(person), "kicked", "member")

    def kick_bot(self, person: Person, group: Chat) -> None:
        """Let a person throw the bot out of a group."""
        old, group.bot_status = group.bot_status, "kicked"
        self.world.journal.touch("chats")
        self._incoming.membership(person, group, old, "kicked")

    def migrate(self, person: Person, group: Chat, supergroup_id: int) -> Chat:
        """Turn a group into a supergroup, which has a new id and no old messages.

        The bot is told as if that person had added it to the new one, and never that it left the
        old one (tdlib/telegram-bot-api issue 266).
        """
        chat = Chat(supergroup_id, "supergroup", group.title, members=dict(group.members))
        chat.bot_status = group.bot_status
        self.world.add_chat(chat)
        group.migrated_to = supergroup_id
        self._incoming.membership(person, chat, "left", chat.bot_status)
        self._incoming.message(person, group, {"migrate_to_chat_id": supergroup_id})
        self._incoming.message(person, chat, {"migrate_from_chat_id": group.id}, sender_chat=chat)
        return chat

    def _open_topic(self, chat: Chat, person: Person, thread: int, name: str) -> None:
        message = Message({"message_id": thread, "from": person.as_json()})
        message |= {"date": self.world.now, "chat": chat.as_json()}
        message |= {"message_thread_id": thread, "is_topic_message": True}
        message["forum_topic_created"] = {"name": name, "icon_color": TOPIC_COLOUR}
        self.world.store(chat, message)
