"""Who may call whom, when, and how much: members, chats, do-not-call, limits, and the audit.

Members and chats are what was said in the chat; the settings are never copied in here.
"""

from sqlite_utils import Database

from storage.migrations.m004_views import CALLS_VIEW
from storage.migrations.schema import NUMBER, run, schema

ROLES = "('viewer', 'launcher', 'manager', 'admin')"

_MEMBERS = (
    f"""
    CREATE TABLE members (
      user_id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      role TEXT NOT NULL CHECK (role IN {ROLES}),
      suspended_at REAL,
      since REAL NOT NULL,
      by_id INTEGER NOT NULL,
      by_name TEXT NOT NULL
    ) STRICT
    """,
    # An invite's secret is kept as its SHA-256: who reads the record cannot use it.
    f"""
    CREATE TABLE invites (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      digest TEXT NOT NULL UNIQUE,
      role TEXT NOT NULL CHECK (role IN {ROLES}),
      created_at REAL NOT NULL,
      expires_at REAL NOT NULL,
      by_id INTEGER NOT NULL,
      by_name TEXT NOT NULL,
      ended_at REAL,
      used_by INTEGER,
      used_name TEXT
    ) STRICT
    """,
    """
    CREATE TABLE chats (
      chat_id INTEGER PRIMARY KEY,
      title TEXT NOT NULL,
      added_at REAL NOT NULL,
      by_id INTEGER NOT NULL,
      by_name TEXT NOT NULL
    ) STRICT
    """,
    # Where a board is, the bot works already; so it does where something is planned or asked.
    """
    INSERT INTO chats (chat_id, title, added_at, by_id, by_name)
    SELECT chat_id, '', unixepoch(), 0, '' FROM (SELECT chat_id FROM boards
      UNION SELECT chat_id FROM schedules WHERE state IN ('waiting', 'asking')
      UNION SELECT chat_id FROM panels
      UNION SELECT chat_id FROM drafts WHERE state = 'open') WHERE chat_id < 0
    """,
)

# A number is on the list at most once; who took it off, and why, stays.
_DO_NOT_CALL = (
    f"""
    CREATE TABLE do_not_call (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      number TEXT NOT NULL CHECK {NUMBER},
      reason TEXT NOT NULL CHECK (reason <> ''),
      added_at REAL NOT NULL,
      added_by INTEGER NOT NULL,
      added_name TEXT NOT NULL,
      removed_at REAL,
      removed_by INTEGER,
      removed_name TEXT,
      removed_reason TEXT,
      CHECK ((removed_at IS NULL) = (removed_by IS NULL))
    ) STRICT
    """,
    "CREATE UNIQUE INDEX do_not_call_on ON do_not_call (number) WHERE removed_at IS NULL",
    "CREATE INDEX do_not_call_off ON do_not_call (number) WHERE removed_at IS NOT NULL",
    # Which lists hold a number is told when it is put on the list.
    "CREATE INDEX list_numbers_number ON list_numbers (number)",
    # The board of a planned batch says how many were left out.
    "ALTER TABLE schedule_runs ADD COLUMN do_not_call INTEGER NOT NULL DEFAULT 0",
)

# Whoever is not named here has its default; 0 is no limit.
_LIMITS = (
    """
    CREATE TABLE limits (
      name TEXT PRIMARY KEY CHECK (name IN ('batch_numbers', 'member_day', 'team_day', 'cost_day',
        'number_day', 'approve_numbers', 'approve_cost', 'approve_window', 'first_wave',
        'first_wait', 'first_share')),
      value INTEGER NOT NULL CHECK (value >= 0)
    ) STRICT, WITHOUT ROWID
    """,
)

# Only appended to; `hash` is made of the hash of the row before and of this row.
_AUDIT = (
    """
    CREATE TABLE audit (
      id INTEGER PRIMARY KEY,
      at REAL NOT NULL,
      by_id INTEGER NOT NULL,
      by_name TEXT NOT NULL,
      chat_id INTEGER,
      deed TEXT NOT NULL CHECK (deed <> ''),
      about TEXT NOT NULL,
      before TEXT,
      after TEXT,
      hash TEXT NOT NULL CHECK (length(hash) = 64)
    ) STRICT
    """,
    "CREATE INDEX audit_by ON audit (by_id, id)",
    "CREATE INDEX audit_deed ON audit (deed, id)",
    "CREATE INDEX audit_by_deed ON audit (by_id, deed, id)",
    "CREATE INDEX audit_about ON audit (about, id)",
    "CREATE INDEX audit_at ON audit (at)",
    """
    CREATE TRIGGER audit_follows BEFORE INSERT ON audit
    WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM audit)
    BEGIN SELECT RAISE(ABORT, 'audit: only appended to'); END
    """,
    """
    CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'audit: never changed'); END
    """,
    """
    CREATE TRIGGER audit_keep BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'audit: never deleted'); END
    """,
)

# `day` is the local day on which the batch's share is reserved (it moves on with the batch),
# `estimate` what all of it may cost, `goes_at` the opening that it was told to wait for. Who
# called outside the window, why, and until which opening that holds; who approved. The first
# wave: how many numbers, what it waits, the share of failures (percent) that holds the rest, and
# when it was judged.
_BATCHES = (
    "ALTER TABLE batches ADD COLUMN day TEXT",
    "ALTER TABLE batches ADD COLUMN estimate INTEGER",
    "ALTER TABLE batches ADD COLUMN goes_at REAL",
    "ALTER TABLE batches ADD COLUMN window_by INTEGER",
    "ALTER TABLE batches ADD COLUMN window_name TEXT",
    "ALTER TABLE batches ADD COLUMN window_reason TEXT",
    "ALTER TABLE batches ADD COLUMN window_until REAL",
    # While it is held outside the calling window: the opening that its rest can wait for.
    "ALTER TABLE batches ADD COLUMN opens_at REAL",
    "ALTER TABLE batches ADD COLUMN approval_asked_at REAL",
    "ALTER TABLE batches ADD COLUMN approved_by INTEGER CHECK (approved_by <> author_id)",
    "ALTER TABLE batches ADD COLUMN approved_name TEXT",
    "ALTER TABLE batches ADD COLUMN approved_at REAL",
    "ALTER TABLE batches ADD COLUMN first_wave INTEGER",
    "ALTER TABLE batches ADD COLUMN first_wait REAL",
    "ALTER TABLE batches ADD COLUMN first_share INTEGER",
    "ALTER TABLE batches ADD COLUMN first_judged_at REAL",
    "ALTER TABLE submissions ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0",
    """
    UPDATE submissions SET skipped = (SELECT count(*) FROM calls c
      WHERE c.submission_id = submissions.id AND c.status = 'skipped')
    WHERE id IN (SELECT submission_id FROM calls WHERE status = 'skipped')
    """,
    """
    CREATE TRIGGER calls_skipped AFTER UPDATE OF status ON calls
    WHEN NEW.status = 'skipped' AND OLD.status <> 'skipped'
    BEGIN UPDATE submissions SET skipped = skipped + 1 WHERE id = NEW.submission_id; END
    """,
    # What went out on a day is found by the time of its claim.
    "CREATE INDEX submissions_claimed ON submissions (claimed_at) WHERE claimed_at IS NOT NULL",
)

# A second person is asked: in the chat of the draft, and in private those who may approve it.
_APPROVALS = (
    "ALTER TABLE drafts ADD COLUMN approval_asked_at REAL",
    "ALTER TABLE drafts ADD COLUMN decided_by INTEGER CHECK (decided_by <> author_id)",
    "ALTER TABLE drafts ADD COLUMN decided_name TEXT",
    "ALTER TABLE drafts ADD COLUMN decided_at REAL",
    # While it waits nobody changes what it would launch.
    """
    CREATE TRIGGER drafts_wait BEFORE UPDATE OF content ON drafts
    WHEN OLD.state = 'open' AND OLD.approval_asked_at IS NOT NULL
      AND NEW.approval_asked_at IS NOT NULL AND NEW.content <> OLD.content
    BEGIN SELECT RAISE(ABORT, 'draft: it waits for a second person'); END
    """,
    # The draft's own message (`card`), a request to one who may approve it (`request`), and what
    # its author is told in answer to it (`word`).
    """
    CREATE TABLE approval_asks (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      draft_id INTEGER NOT NULL REFERENCES drafts (id),
      asked_at REAL NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('card', 'request', 'word')),
      chat_id INTEGER NOT NULL,
      thread_id INTEGER,
      reply_to INTEGER,
      message_id INTEGER,
      revision INTEGER NOT NULL DEFAULT 1,
      shown_revision INTEGER NOT NULL DEFAULT 0,
      broken TEXT,
      UNIQUE (draft_id, asked_at, kind, chat_id)
    ) STRICT
    """,
    """
    CREATE INDEX approval_asks_behind ON approval_asks (id)
      WHERE shown_revision < revision AND broken IS NULL
    """,
    # Whatever becomes of a draft is shown wherever it was asked about.
    """
    CREATE TRIGGER approval_asks_follow AFTER UPDATE OF state, approval_asked_at ON drafts
    WHEN OLD.approval_asked_at IS NOT NULL
    BEGIN UPDATE approval_asks SET revision = revision + 1 WHERE draft_id = NEW.id; END
    """,
)


# Numbers of what is long over become hashes (`callboard redact`), wherever they stand.
_REDACTION = (
    "DROP TRIGGER schedules_fixed",
    """
    CREATE TRIGGER schedules_fixed BEFORE UPDATE OF id, author_id, made_at, asked_by, list_ref
    ON schedules
    BEGIN SELECT RAISE(ABORT, 'schedule: what was asked for is fixed'); END
    """,
    """
    CREATE TRIGGER schedules_content BEFORE UPDATE OF content ON schedules
    WHEN OLD.state NOT IN ('ended', 'cancelled')
    BEGIN SELECT RAISE(ABORT, 'schedule: what was asked for is fixed'); END
    """,
    "DROP TRIGGER batches_fixed",
    """
    CREATE TRIGGER batches_fixed BEFORE UPDATE OF id, asked_by, voice, retry_count, server_id,
      author_id, numbers, submissions, follows, followed_as, created_at, list_ref, launch_ref,
      undo_until ON batches
    BEGIN SELECT RAISE(ABORT, 'batch: what was asked for is fixed'); END
    """,
    """
    CREATE TRIGGER batches_spoken BEFORE UPDATE OF spoken, voice_name, list_name ON batches
    WHEN OLD.state NOT IN ('finished', 'stopped')
    BEGIN SELECT RAISE(ABORT, 'batch: what was asked for is fixed'); END
    """,
    # Whoever may have offered it: a redacted number is never called.
    """
    CREATE TRIGGER submissions_redacted BEFORE UPDATE OF state ON submissions
    WHEN NEW.state = 'sending' AND EXISTS (
      SELECT 1 FROM calls WHERE submission_id = NEW.id AND number GLOB '#*')
    BEGIN SELECT RAISE(ABORT, 'submission: a redacted number is never called'); END
    """,
)


AUDIT_GUARDS = tuple(
    " ".join(statement.split()) for statement in _AUDIT if "CREATE TRIGGER" in statement
)
"""The triggers without which anybody could change the audit, each in one line."""


@schema()
def m004_safety(db: Database) -> None:
    """Rights, do-not-call, the window, limits, approvals, the first wave, and the audit."""
    run(db, _MEMBERS)
    run(db, _DO_NOT_CALL)
    run(db, _LIMITS)
    run(db, _AUDIT)
    run(db, _BATCHES)
    run(db, _APPROVALS)
    run(db, _REDACTION)
    run(db, CALLS_VIEW)
