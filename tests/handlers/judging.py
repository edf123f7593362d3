"""What somebody has changed in the record, and the least role that it takes.

Written by hand from the words of the documents; nothing here is made from the program's own table
of rights. Whole rows of every table are compared: a table or a column that is new is nobody's
until it is named here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bot.calling.rights import Role
from storage.stores import Stores

Row = dict[str, Any]
Snapshot = dict[str, dict[tuple[Any, ...], Row]]
Doers = Mapping[int, Role]


class Change(NamedTuple):
    """A row that came, went, or became another one."""

    table: str
    before: Row | None
    after: Row | None

    @property
    def row(self) -> Row:
        """As it is now, or was."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def columns(self) -> frozenset[str]:
        """What is different; nothing, if the row came or went."""
        if self.before is None or self.after is None:
            return frozenset()
        return frozenset(key for key, was in self.before.items() if was != self.after[key])


class Takes(NamedTuple):
    """What a change takes: at least this role, and of this person, if it names them."""

    role: Role
    user: int | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """What the changes of one table take.

    Attributes:
        role: for every change that nothing else here speaks of.
        made: for a new row, where that is different.
        more: columns that take more.
        doers: columns that say who did it: when they change, it was that person.
        maker: the column that says who has made a new row.
        owner: the column that says whose the row is: a change of another's takes a manager.
        program: columns that the program changes by itself.
    """

    role: Role
    made: Role | None = None
    more: Mapping[str, Role] = field(default_factory=dict)
    doers: tuple[str, ...] = ()
    maker: str | None = None
    owner: str | None = None
    program: frozenset[str] = frozenset()


VIEWER, LAUNCHER, MANAGER, ADMIN = Role.VIEWER, Role.LAUNCHER, Role.MANAGER, Role.ADMIN


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


# What the workers write, and what only follows a row of another table.
OF_THE_PROGRAM = _names(
    "calls unmatched_ids follow_ups seen_updates pause_notices probes evidence_fits batch_moves"
    " submission_moves draft_moves events reports batches_tally submissions_tally calls_tally"
    " schedule_runs approval_asks draft_sources sqlite_sequence _sqlite_migrations"
)
_SHOWN = _names("message_id reply_to shown_revision revision broken")

NEEDS: Mapping[str, Needs] = {
    "batches": Needs(
        LAUNCHER,
        more={"window_by": MANAGER, "window_name": MANAGER, "window_reason": MANAGER},
        doers=("hold_by", "stop_by", "resumed_by", "window_by"),
        program=frozenset(
            [
                "state",
                "event_at",
                "hold_no",
                "hold_reason",
                "held_at",
                "opens_at",
                "ended_at",
                "stop_reason",
                "revision",
                "day",
                "estimate",
                "first_judged_at",
            ]
        ),
    ),
    "submissions": Needs(
        LAUNCHER,
        doers=("decided_by",),
        program=frozenset(
            [
                "state",
                "attempts",
                "not_before",
                "claimed_at",
                "ended_at",
                "reason",
                "code",
                "http_status",
                "campaign_id",
                "body",
                "skipped",
            ]
        ),
    ),
    "boards": Needs(VIEWER, program=_SHOWN),
    "prompts": Needs(LAUNCHER),
    "drafts": Needs(
        LAUNCHER,
        more={"decided_by": MANAGER, "decided_name": MANAGER, "decided_at": MANAGER},
        doers=("decided_by",),
        maker="author_id",
        owner="author_id",
        program=_SHOWN | {"closed_shown"},
    ),
    "evidence": Needs(
        LAUNCHER,
        maker="given_by",
        program=frozenset(
            ["state", "settled_at", "detail", "submission_id", "number", "request_date"]
        ),
    ),
    "pauses": Needs(ADMIN, doers=("ended_by",), program=frozenset({"detail"})),
    "voices": Needs(MANAGER, maker="made_by", program=frozenset({"used_at"})),
    "choices": Needs(LAUNCHER, maker="user_id", owner="user_id"),
    "lists": Needs(
        MANAGER, maker="made_by", doers=("changed_by",), program=frozenset({"used_at"})
    ),
    "list_numbers": Needs(MANAGER),
    "list_taken_off": Needs(MANAGER),
    "launches": Needs(MANAGER, maker="made_by", program=frozenset({"used_at"})),
    "launch_numbers": Needs(MANAGER),
    "favourites": Needs(LAUNCHER, maker="user_id", owner="user_id"),
    "panels": Needs(MANAGER),
    "schedules": Needs(
        LAUNCHER,
        made=MANAGER,
        owner="author_id",
        program=_SHOWN | {"last_numbers"},
    ),
    "schedule_asks": Needs(LAUNCHER, program=_SHOWN),
    "questions": Needs(VIEWER, maker="user_id"),
    "members": Needs(ADMIN, doers=("by_id",)),
    "invites": Needs(ADMIN, maker="by_id", doers=("used_by",)),
    "chats": Needs(ADMIN, maker="by_id"),
    "do_not_call": Needs(MANAGER, maker="added_by", doers=("removed_by",)),
    "limits": Needs(MANAGER),
    "audit": Needs(VIEWER),
}

# What is asked of nobody who may not do what the answer does.
ASKED: Mapping[str, Role] = {"speak": LAUNCHER, "dnc_see": VIEWER}


def snapshot(tx: Stores) -> Snapshot:
    """Every row of every table but those of the program, by its key."""
    names = tx.db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    return {name: dict(_rows(tx, name)) for (name,) in names if name not in OF_THE_PROGRAM}


def _rows(tx: Stores, name: str) -> Iterator[tuple[tuple[Any, ...], Row]]:
    told = tx.db.execute(f"PRAGMA table_info({name})").fetchall()
    columns, keys = [one[1] for one in told], [one[1] for one in told if one[5]]
    for values in tx.db.execute(f"SELECT * FROM {name}").fetchall():  # noqa: S608 -- of the schema
        row = dict(zip(columns, values, strict=True))
        yield tuple(row[key] for key in keys), row


def changes(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    """Every row that is not as it was, but for what the program writes into it."""
    for table, now in after.items():
        was = before[table]
        for key in was.keys() | now.keys():
            change = Change(table, was.get(key), now.get(key))
            if (
                change.before is None
                or change.after is None
                or change.columns - NEEDS[table].program
            ):
                yield change


def takes(change: Change) -> Takes:
    """What a change takes, whatever else was changed with it."""
    special = SPECIAL.get(change.table)
    found = special(change) if special is not None else None
    return found or _takes(change, NEEDS[change.table])


def _takes(change: Change, needs: Needs) -> Takes:
    row = change.row
    if change.before is None:
        made = needs.made or needs.role
        return Takes(made, row[needs.maker] if needs.maker is not None else None)
    role = max([needs.role, *(needs.more.get(name, needs.role) for name in change.columns)])
    named = [row[name] for name in needs.doers if name in change.columns]
    return Takes(role, next((user for user in named if user is not None), None))


def _batch(change: Change) -> Takes | None:
    row = change.row
    if change.before is None:
        if row["approved_by"] is not None:
            assert row["approved_by"] != row["author_id"]
            return Takes(MANAGER, row["approved_by"])
        least = LAUNCHER if row["window_by"] is None else MANAGER
        return Takes(least, row["author_id"])
    left = change.columns - NEEDS["batches"].program
    if left <= {"hold_by", "hold_name"} and row["hold_by"] is None:
        return Takes(Role.STRANGER)  # the program holds it, after somebody had
    return None


def _pause(change: Change) -> Takes | None:
    """It begins by itself, and ends so where nobody is named."""
    if change.before is None or change.row["ended_by"] is None:
        return Takes(Role.STRANGER)
    return None


def _invite(change: Change) -> Takes | None:
    """Who has the link uses it; that it is over is seen by whoever tries it."""
    if change.before is not None and change.row["used_by"] is not None:
        return Takes(Role.STRANGER, change.row["used_by"])
    return None


def _question(change: Change) -> Takes | None:
    row = change.row
    if change.before is None:
        return Takes(ASKED.get(row["kind"], MANAGER), row["user_id"])
    return Takes(Role.STRANGER if change.after is None else VIEWER)


def _audit(change: Change) -> Takes | None:
    """Only added to; what a stranger does is that they join by an invite."""
    assert change.before is None
    row = change.row
    if row["by_id"] == 0 or row["deed"] in {"invite_used", "member_added", "role_changed"}:
        return Takes(Role.STRANGER)
    return None


SPECIAL: Mapping[str, Callable[[Change], Takes | None]] = {
    "batches": _batch,
    "pauses": _pause,
    "invites": _invite,
    "questions": _question,
    "audit": _audit,
}


def judge(before: Snapshot, after: Snapshot, doers: Doers) -> None:
    """Raise an AssertionError if something was changed that none of these people may change.

    Args:
        before: the record before they did it.
        after: the record afterwards.
        doers: who did something, with the role that they had when they began.
    """
    found = list(changes(before, after))
    assert sum(one.table == "batches" and one.before is None for one in found) <= len(doers)
    joined = {
        one.row["used_by"] for one in found if one.table == "invites" and "used_by" in one.columns
    }
    for change in found:
        if change.table == "members" and change.row["user_id"] in joined:
            continue  # the model of the roles says which role that gives
        assert any(_may(change, user, role) for user, role in doers.items()), (change, doers)


def _may(change: Change, user: int, role: Role) -> bool:
    least = takes(change)
    owner = NEEDS[change.table].owner
    if owner is not None and change.before is not None and change.row[owner] != user:
        least = Takes(max(least.role, MANAGER), least.user)
    return role >= least.role and least.user in {None, user}
