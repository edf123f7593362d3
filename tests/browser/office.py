"""A team that has used the bot for a while: named voices, lists, launches, favourites, a past.

    @pytest.mark.parametrize("past", [make_office], indirect=True)

Everything is written into the record that the demo of a folder will open.
"""

import time
from pathlib import Path

from bot.calling.drafts import new_token
from bot.calling.naming import name_key
from storage.models import NewLaunch, Person
from storage.stores import Stores
from tests.browser.past import HOUR, OMID, PAYMENT, SARA, SHIFT, add_ended, make_past
from tests.record_file import record_at
from tests.storage.making import numbers

DRIVERS = numbers(38, 2000)
GUARDS = numbers(12, 3000)
UNPAID = numbers(60, 4000)
CALLED_TODAY = DRIVERS[:12]  # by the shift call, three hours ago
NAMES = ("Ali", "مریم", "Hossein", "Zahra Karimi", "Reza", "Sina", "نگار", "Kian")
REMINDER = "3d1f0a9b8c7e4f5a6b2c1d0e9f8a7b6c"
GATE = "9b8c7e4f5a6b2c1d0e9f8a7b6c3d1f0a"
LATE = "6b2c1d0e9f8a7b6c3d1f0a9b8c7e4f5a"
TEXT = "The gate closes at ten tonight. Please come before that."
LAUNCHES = ("Shift call", "Payment due", "شیفت شب", "Gate is closed", "Night guards, last call")


def make_office(folder: Path) -> None:
    """Write the team's week, and what it has saved, into the record of this folder."""
    make_past(folder)
    now = time.time()
    with record_at(folder / "callboard.db") as tx:
        voices = _voices(tx, now - 7 * 24 * HOUR)
        lists = _lists(tx, now - 7 * 24 * HOUR)
        launches = [
            _launch(tx, "Shift call", voice=voices[0], numbers_of=lists[0]),
            _launch(tx, "Payment due", voice=voices[1], numbers_of=lists[2]),
            _launch(tx, "شیفت شب", voice=voices[2], numbers_of=lists[1]),
            _launch(tx, "Gate is closed", spoken=TEXT, numbers_of=lists[1]),
            _launch(tx, "Night guards, last call", voice=voices[4], numbers_of=lists[1]),
        ]
        for favourite in launches[:2]:
            tx.favourites.add(SARA.id, favourite)
        add_ended(tx, CALLED_TODAY, OMID, SHIFT, now - 3 * HOUR, voice_name="Shift call")


def with_default(folder: Path) -> None:
    """The same, and the shift call is Sara's default voice."""
    make_office(folder)
    with record_at(folder / "callboard.db") as tx:
        voice = tx.voices.named(name_key("Shift call"))
        assert voice is not None
        tx.choices.choose_voice(SARA.id, voice.id)


def _voices(tx: Stores, at: float) -> list[int]:
    named = {
        "Shift call": SHIFT,
        "Payment due": PAYMENT,
        "یادآوری پرداخت": REMINDER,
        "Gate is closed": GATE,
        "Night shift, the last reminder": LATE,
    }
    made = [
        tx.voices.add(voice_id, name, name_key(name), by=SARA, now=at)
        for name, voice_id in named.items()
    ]
    for age, voice_id in enumerate((SHIFT, PAYMENT, REMINDER)):
        tx.voices.used(voice_id, at + (9 - age) * HOUR)
    return made


def _lists(tx: Stores, at: float) -> list[int]:
    made = []
    for name, of in (
        ("Drivers", DRIVERS),
        ("Night guards", GUARDS),
        ("Unpaid invoices, November", UNPAID),
    ):
        list_id = tx.lists.create(name, name_key(name), by=OMID, now=at)
        tx.lists.add(list_id, of, dict(zip(of, NAMES, strict=False)))
        made.append(list_id)
    return made


def _launch(
    tx: Stores, name: str, *, numbers_of: int, voice: int | None = None, spoken: str | None = None
) -> int:
    new = NewLaunch(
        token=new_token(),
        name=name,
        name_key=name_key(name),
        by=Person(id=OMID.id, name=OMID.name),
        voice_ref=voice,
        spoken=spoken,
        list_ref=numbers_of,
    )
    return tx.launches.create(new, time.time())
