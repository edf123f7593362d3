"""The views for people who browse the file: the same words as the bot's, local time, Toman."""

import json
import os
import subprocess
import sys
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.calling.views import CallLine
from bot.texts import calls
from bot.texts.cards import plain
from bot.texts.language import Language
from storage.models import CallStatus, SkipReason, SubmissionState
from storage.stores import Stores
from tests.record_file import add_called, record_at
from tests.storage.making import add, add_in, adopt, bring, call, news, numbers, part

S, C = SubmissionState, CallStatus
ENGLISH = Language("en", ZoneInfo("Asia/Tehran"))
NOON = 1_749_976_200.0  # 2025-06-15, 12:00 in Tehran, 08:30 UTC

READ = """
import json, sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.row_factory = sqlite3.Row
print(json.dumps([dict(row) for row in connection.execute(f"SELECT * FROM {sys.argv[2]}")]))
"""


def read(path: Path, view: str, zone: str) -> list[dict[str, object]]:
    """The rows that another program reads in this time zone."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path), view],
        env=os.environ | {"TZ": zone},
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def test_calls(tmp_path: Path) -> None:
    """A row a call, with its batch, in the hours of the program that reads it."""
    path = tmp_path / "callboard.db"
    with record_at(path) as tx:
        add_called(tx, 1, now=NOON)
    (row,) = read(path, "calls_view", "Asia/Tehran")
    assert [row[name] for name in ("batch", "number", "outcome", "call_id")] == [
        *("b1", "+989120000001", "answered", "00000000000000010000000000000001")
    ]
    assert [row[name] for name in ("talk_seconds", "cost_toman", "launched_by")] == [
        *(12, 34.2, "Ann")
    ]
    hours = ("launched_at", "requested_at", "changed_at", "final_at")
    assert {row[name] for name in hours} == {"2025-06-15 12:00:00"}
    (utc,) = read(path, "calls_view", "UTC")
    assert utc["launched_at"] == "2025-06-15 08:30:00"


def test_batches(tmp_path: Path) -> None:
    """A row a batch, with its calls in figures."""
    path = tmp_path / "callboard.db"
    with record_at(path) as tx:
        add_called(tx, 3, now=NOON)
        second = add_in(tx, S.ACCEPTED, now=NOON, follows=1, followed_as="redial")
        adopt(tx, call(tx, second, 1).id, news("aa", C.USER_BUSY), NOON)
        adopt(tx, call(tx, second, 2).id, news("ab", C.WAITING), NOON)
    first, later = read(path, "batches_view", "Asia/Tehran")
    assert [first[name] for name in ("batch", "state", "launched_at", "ended_at")] == [
        *("b1", "finished", "2025-06-15 12:00:00", "2025-06-15 12:00:00")
    ]
    figures = ("numbers", "placed", "answered", "no_answer", "busy", "open", "talk_seconds")
    assert [first[name] for name in figures] == [3, 3, 3, 0, 0, 0, 36]
    assert first["cost_toman"] == 102.6
    assert [later[name] for name in figures] == [2, 2, 0, 0, 1, 1, None]
    assert (later["follows"], later["followed_as"], first["follows"]) == ("b1", "redial", None)


def test_outcomes_are_said_as_the_bot_says_them(tx: Stores) -> None:
    """Every state of a part and every status of a call has the same words here and there."""
    silent = (C.PLANNED, C.SKIPPED, C.NOT_CONFIRMED)
    states = (s for s in S if s not in (S.QUEUED, S.SENDING))
    pairs = [*product(states, [C.PLANNED]), *((S.ACCEPTED, status) for status in C)]
    pairs += [(S.ACCEPTED, C.SKIPPED)] * (len(SkipReason) - 1)
    reasons = iter(SkipReason)
    for number, (state, status) in enumerate(pairs):
        batch_id = add(tx, (f"+98912{number:07d}",))
        bring(tx, part(tx, batch_id).id, state)
        made = call(tx, batch_id)
        if status is C.SKIPPED:
            tx.db.execute(
                "UPDATE calls SET status = 'skipped', skip_reason = ? WHERE id = ?",
                (next(reasons), made.id),
            )
        elif status is C.NOT_CONFIRMED:
            tx.calls.not_confirmed(part(tx, batch_id).id, NOON)
        elif status not in silent:
            first = C.WAITING if status is C.NO_RESULT else status
            adopt(tx, made.id, news(f"{number:032x}", first, word="RINGING"), NOON)
        if status is C.NO_RESULT:
            tx.db.execute(
                "UPDATE calls SET next_poll_at = NULL, status = 'no_result' WHERE id = ?",
                (made.id,),
            )
    for row in tx.db.execute("SELECT batch, outcome FROM calls_view").fetchall():
        batch_id = int(row[0][1:])
        line = CallLine(call=call(tx, batch_id), submission=part(tx, batch_id).state)
        assert row[1] == plain(calls.outcome(ENGLISH, line)[1])


def test_names(tmp_path: Path) -> None:
    """Both views tell the names that voice, list and numbers had when they were launched."""
    path = tmp_path / "callboard.db"
    (number,) = numbers(1)
    with record_at(path) as tx:
        add(tx, (number,), voice_name="Shift", list_name="Drivers", names={number: "Ann"})
        add(tx, (number,), voice="text:1", spoken="Hello")
    named, read_out = read(path, "calls_view", "UTC")
    assert (named["name"], named["voice_name"], named["spoken"]) == ("Ann", "Shift", None)
    assert (read_out["name"], read_out["voice_name"], read_out["spoken"]) == (None, None, "Hello")
    batch, other = read(path, "batches_view", "UTC")
    assert (batch["voice_name"], batch["list_name"], batch["spoken"]) == ("Shift", "Drivers", None)
    assert (other["voice"], other["spoken"]) == ("text:1", "Hello")
