"""Who and what is there in the demo: people, their chats and phone book, voices, what to try."""

import secrets
import time

from sandbox.bitel import BitelSandbox
from sandbox.page import Cast, Contact, Example, Role, Stage, Voice
from sandbox.serving import HOST, free_port
from sandbox.telegram import TelegramSandbox

TELEGRAM_TOKEN = "100200300:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDemo0"  # noqa: S105  a token of nothing
BITEL_TOKEN = "the-gateway-of-the-demo"  # noqa: S105  the same
GROUP_ID = -1001234567890
DRIVERS, PAYMENTS = 2, 3
TIMEZONE = "Asia/Tehran"
EPOCH = 1_700_000_000  # ids count on from the seconds since then
SPEED = 3.0  # a call leaves the queue, and rings, after a second
SHIFT = Voice("08e815cbcd724386805103ac0d45e4c2", "Shift call")
PAYMENT = Voice("5f2c9a1e7b3d4c60a8e4d17b92f0c365", "Payment due")
SPOKEN = "The shift of tonight begins at ten. Please be at the gate a quarter of an hour before."
CONTACTS = (
    Contact("Reza", ("+989120000601",), "Ahmadi"),
    Contact("نگار", ("+989120000602", "+982100000602")),
    Contact("Kian", ("+989120000603",)),
)
_PERSIAN_DIGITS = {
    ord("0") + digit: ord("\N{EXTENDED ARABIC-INDIC DIGIT ZERO}") + digit for digit in range(10)
}
_PERSIAN = "0912 000 0401".translate(_PERSIAN_DIGITS)


def build_stage(*, seed: int | None = None, started: float | None = None) -> Stage:
    """Return the stage of a demo.

    Args:
        seed: repeats the ids of its calls; None gives others each time.
        started: epoch seconds from which the ids of messages and updates are made; now by
            default. A demo that is kept starts again and again, and repeats none.
    """
    seconds = time.time() if started is None else started
    tg = TelegramSandbox(token=TELEGRAM_TOKEN, ids_after=int(seconds) - EPOCH)
    bitel = BitelSandbox(token=BITEL_TOKEN, speed=SPEED, seed=seed)
    roles = _people(tg)
    group = tg.add_group(
        GROUP_ID,
        "Night shift",
        members=[role.person for role in roles],
        topics={DRIVERS: "Drivers", PAYMENTS: "Payments"},
        bot_status="left",
    )
    admin = next(role.person for role in roles if role.name == "admin")
    tg.promote_bot(admin, group)  # so that it may pin its panel
    cast = Cast(roles, (SHIFT, PAYMENT), _examples(), TIMEZONE, CONTACTS)
    return Stage(tg=tg, bitel=bitel, cast=cast)


def settings(stage: Stage, telegram_url: str, bitel_url: str) -> dict[str, str]:
    """Return what the bot must be told to be the bot of this stage, by variable."""
    ids: dict[str, list[str]] = {"admin": [], "member": [], "stranger": []}
    for role in stage.cast.roles:
        ids[role.name].append(str(role.person.id))
    return {
        "TELEGRAM_TOKEN": TELEGRAM_TOKEN,
        "TELEGRAM_API_URL": telegram_url,
        "BITEL_TOKEN": BITEL_TOKEN,
        "BITEL_API_URL": bitel_url,
        "ADMIN_IDS": ",".join(ids["admin"]),
        "ALLOWED_IDS": ",".join(ids["member"]),
        "TIMEZONE": stage.cast.timezone,
        "WINDOW": "off",  # it is tried out at any hour
        "BITEL_TIMEOUT": "10",  # nobody waits longer to see how an unknown outcome looks
        "POLL_FIRST": "5",  # the demo's gateway is in a hurry, and so are those who watch it
        "POLL_MAX": "20",
        "POLL_RATE": "20",
    }


def take_events(stage: Stage) -> dict[str, str]:
    """Let the gateway report to the bot, and return what the bot must be told for that."""
    port, secret = free_port(), secrets.token_urlsafe(24)
    stage.bitel.events_url = f"http://{HOST}:{port}/bitel/{secret}"
    return {"HTTP_PORT": str(port), "BITEL_WEBHOOK_SECRET": secret}


def _people(tg: TelegramSandbox) -> tuple[Role, ...]:
    sara = tg.add_person(500001, "Sara", username="sara_nightshift", started=False)
    omid = tg.add_person(500002, "Omid", last_name="کریمی", language_code="fa", started=False)
    mina = tg.add_person(500003, "Mina", started=False)
    return (
        Role(sara, "admin", "may call, and unpause", "+989120000101"),
        Role(omid, "member", "may call", "+989120000102"),
        Role(mina, "stranger", "is not known to the bot", "+989120000103"),
    )


def _numbers(first: int, count: int) -> str:
    return " ".join(f"0912{number:07}" for number in range(first, first + count))


def _paste() -> str:
    """Seven people in the spellings of chats and sheets, one of them twice, and half a number."""
    persian = "0912 000 0702".translate(_PERSIAN_DIGITS)
    return (
        f"0912 000 0701\n{persian}\n+98 912 000 0703, 00989120000704\n"
        "98912-000-0705\n9120000706\n(0912) 000.07.07\n09120000701\n"
        "0912 000 07"
    )


def _named_list() -> str:
    lines = ("0912 000 0501 Ali", "0912 000 0502 مریم", "0912 000 0503 Hossein", "09120000504")
    return "\n".join(("/lists new Drivers", *lines))


def _examples() -> tuple[Example, ...]:
    return (
        Example("Call three", f"/call {SHIFT.id} {_numbers(11, 3)}"),
        Example("Every outcome", f"/call {PAYMENT.id} 09120000201 {_numbers(205, 4)} 09120000299"),
        Example("Call forty", f"/call {SHIFT.id} {_numbers(1000, 40)}"),
        Example("No answer", f"/call {PAYMENT.id} 09120000305"),
        Example(
            "Mixed spellings",
            f"/call {SHIFT.id}\n{_PERSIAN}\n+98 912 000 0402\n0912-000-0403, 00989120000404",
        ),
        Example("Name Shift call", f"/voices add {SHIFT.id} {SHIFT.name}"),
        Example("Name Payment due", f"/voices add {PAYMENT.id} {PAYMENT.name}"),
        Example("Paste numbers", _paste(), "private"),
        Example("A list with names", _named_list()),
        Example("Call by name", f"/call {SHIFT.name} {_numbers(21, 3)}"),
        Example("Read out a text", f"/say {_numbers(31, 3)}\n{SPOKEN}"),
        Example("/again", "/again"),
        Example("/panel", "/panel", "group"),
        Example("/voices", "/voices"),
        Example("/lists", "/lists"),
        Example("/launch", "/launch"),
        Example("/schedule", "/schedule"),
        Example("/status", "/status"),
        Example("/batches", "/batches"),
        Example("/help", "/help"),
        Example("/start", "/start", "private"),
        Example("/id", "/id", "private"),
    )
