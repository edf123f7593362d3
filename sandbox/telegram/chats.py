"""The methods that tell of chats and their members, and the one that leaves a chat."""

from collections.abc import Collection

from sandbox.telegram.content import quoted
from sandbox.telegram.errors import bad_request
from sandbox.telegram.params import Params
from sandbox.telegram.people import Chat, Json, Message, Person
from sandbox.telegram.world import World

RIGHTS = [
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
]
PERMISSIONS = [
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
]
GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)
OUTSIDE = {"left", "kicked"}


def get_chat(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#getchat."""
    chat = world.chat(params.get("chat_id"))
    full = chat.as_json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }
    if "username" in full:
        full["active_usernames"] = [full["username"]]
    if chat.type in {"group", "supergroup"}:
        full["permissions"] = dict.fromkeys(PERMISSIONS, True)
    pinned = chat.find(max(chat.pinned)) if chat.pinned else None
    return full | ({"pinned_message": quoted(pinned)} if pinned else {})


def as_member(user: Person, status: str, withheld: Collection[str] = ()) -> Json:
    """Return the `ChatMember` of a user with this status, and without some rights."""
    found: Json = {"status": status, "user": user.as_json()}
    if status == "creator":
        found["is_anonymous"] = False
    elif status == "administrator":
        found |= {right: right not in withheld for right in RIGHTS}
        found |= {"is_anonymous": False, "can_be_edited": False}
    elif status == "kicked":
        found["until_date"] = 0
    return found


def member(world: World, chat: Chat, user_id: int) -> Json:
    """Return the `ChatMember` of a person that the server knows."""
    is_bot = user_id == world.bot.id
    user = world.bot if is_bot else world.people[user_id]
    status = chat.bot_status if is_bot else chat.members.get(user_id, "left")
    withheld = chat.withheld if is_bot else ()
    return as_member(user, "member" if chat.person is not None else status, withheld)


def get_chat_member(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#getchatmember."""
    chat = world.chat(params.get("chat_id"))
    user_id = params.integer("user_id")
    if user_id is None or (user_id not in world.people and user_id != world.bot.id):
        raise bad_request("invalid user_id specified")
    return member(world, chat, user_id)


def get_chat_administrators(world: World, params: Params) -> list[Json]:
    """https://core.telegram.org/bots/api#getchatadministrators."""
    chat = world.chat(params.get("chat_id"))
    if chat.person is not None:
        raise bad_request("there are no administrators in the private chat")
    people = [*chat.members, world.bot.id]
    found = [member(world, chat, user_id) for user_id in people]
    return [one for one in found if one["status"] in {"creator", "administrator"}]


def get_chat_member_count(world: World, params: Params) -> int:
    """https://core.telegram.org/bots/api#getchatmembercount."""
    chat = world.chat(params.get("chat_id"))
    if chat.person is not None:
        return 2
    return sum(status not in OUTSIDE for status in [*chat.members.values(), chat.bot_status])


def leave_chat(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#leavechat."""
    chat = world.writable(params.get("chat_id"))
    if chat.person is not None:
        raise bad_request("chat member status can't be changed in private chats")
    old, chat.bot_status = chat.bot_status, "left"
    world.journal.touch("chats")
    left = Message({"message_id": chat.next_id(), "from": world.bot.as_json(), "date": world.now})
    left |= {"chat": chat.as_json(), "left_chat_member": world.bot.as_json()}
    if chat.type != "channel":
        world.store(chat, left)
        world.updates.add("message", left)
    world.updates.add("my_chat_member", moved(world, chat, world.bot, old, "left"))
    return True


def moved(world: World, chat: Chat, by: Person, old: str, new: str) -> Json:
    """Return the `ChatMemberUpdated` of a change of the bot's own place, made by somebody."""
    return {
        "chat": chat.as_json(),
        "from": by.as_json(),
        "date": world.now,
        "old_chat_member": as_member(world.bot, old),
        "new_chat_member": as_member(world.bot, new, chat.withheld),
    }
