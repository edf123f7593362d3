"""Batches, submissions, calls, and all that the chat needs: their tables and state tables."""

from sqlite_utils import Database

from storage.migrations.schema import NUMBER, run, schema

BATCH_MOVES = (
    ("running", "held"),
    ("running", "finished"),
    ("running", "stopped"),
    ("held", "running"),
    ("held", "finished"),
    ("held", "stopped"),
)
SUBMISSION_MOVES = (
    ("queued", "sending"),
    ("queued", "cancelled"),
    ("sending", "accepted"),
    ("sending", "refused"),
    ("sending", "unknown"),
    ("sending", "unsent"),
    ("sending", "queued"),
    ("sending", "cancelled"),
    ("unknown", "accepted"),
    ("unknown", "released"),
    ("unknown", "left"),
    ("released", "accepted"),
    ("left", "accepted"),
)
DRAFT_MOVES = (("open", "confirmed"), ("open", "cancelled"), ("open", "expired"))


def _moves(db: Database, table: str, moves: tuple[tuple[str, str], ...]) -> None:
    db.execute(
        f"CREATE TABLE {table}_moves (was TEXT NOT NULL, becomes TEXT NOT NULL,"
        " PRIMARY KEY (was, becomes)) STRICT, WITHOUT ROWID"
    )
    for was, becomes in moves:
        db.execute(f"INSERT INTO {table}_moves VALUES (?, ?)", (was, becomes))
    plural = {"batch": "batches"}.get(table, f"{table}s")
    db.execute(
        f"CREATE TRIGGER {plural}_move BEFORE UPDATE OF state ON {plural}"
        " WHEN OLD.state IS NOT NEW.state AND NOT EXISTS (SELECT 1 FROM"
        f" {table}_moves WHERE was = OLD.state AND becomes = NEW.state)"
        f" BEGIN SELECT RAISE(ABORT, '{table}: no such move'); END"
    )


_BATCHES = (
    """
    CREATE TABLE batches (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      state TEXT NOT NULL CHECK (state IN ('running', 'held', 'finished', 'stopped')),
      asked_by TEXT NOT NULL UNIQUE,
      voice TEXT NOT NULL CHECK (voice <> ''),
      retry_count INTEGER NOT NULL CHECK (retry_count BETWEEN 0 AND 10),
      server_id TEXT,
      author_id INTEGER NOT NULL,
      author_name TEXT NOT NULL,
      chat_id INTEGER NOT NULL,
      numbers INTEGER NOT NULL CHECK (numbers > 0),
      submissions INTEGER NOT NULL CHECK (submissions > 0),
      repeated INTEGER NOT NULL CHECK (repeated >= 0),
      fingerprint TEXT NOT NULL,
      follows INTEGER REFERENCES batches (id),
      followed_as TEXT CHECK (followed_as IN ('try_again', 'redial')),
      created_at REAL NOT NULL,
      event_at REAL NOT NULL,
      hold_no INTEGER NOT NULL DEFAULT 0,
      hold_reason TEXT,
      hold_by INTEGER,
      hold_name TEXT,
      held_at REAL,
      ended_at REAL,
      stop_reason TEXT,
      stop_by INTEGER,
      stop_name TEXT,
      resumed_by INTEGER,
      resumed_name TEXT,
      revision INTEGER NOT NULL DEFAULT 1,
      CHECK ((follows IS NULL) = (followed_as IS NULL)),
      CHECK (state <> 'held' OR (hold_reason IS NOT NULL AND held_at IS NOT NULL)),
      CHECK ((ended_at IS NOT NULL) = (state IN ('finished', 'stopped'))),
      CHECK ((stop_reason IS NOT NULL) = (state = 'stopped'))
    ) STRICT
    """,
    "CREATE INDEX batches_open ON batches (state) WHERE state IN ('running', 'held')",
    "CREATE INDEX batches_fingerprint ON batches (fingerprint, created_at)",
    "CREATE INDEX batches_chat ON batches (chat_id)",
    "CREATE INDEX batches_follows ON batches (follows) WHERE follows IS NOT NULL",
    """
    CREATE TRIGGER batches_begin BEFORE INSERT ON batches WHEN NEW.state <> 'running'
    BEGIN SELECT RAISE(ABORT, 'batch: begins as running'); END
    """,
    """
    CREATE TRIGGER batches_keep BEFORE DELETE ON batches
    BEGIN SELECT RAISE(ABORT, 'batch: never deleted'); END
    """,
    """
    CREATE TRIGGER batches_fixed BEFORE UPDATE OF id, asked_by, voice, retry_count, server_id,
      author_id, numbers, submissions, follows, followed_as, created_at ON batches
    BEGIN SELECT RAISE(ABORT, 'batch: what was asked for is fixed'); END
    """,
    """
    CREATE TRIGGER batches_end BEFORE UPDATE OF state ON batches
    WHEN NEW.state IN ('finished', 'stopped') AND EXISTS (
      SELECT 1 FROM submissions WHERE batch_id = NEW.id AND (state = 'queued'
        OR (state = 'sending' AND NEW.state = 'finished')))
    BEGIN SELECT RAISE(ABORT, 'batch: something is left to send'); END
    """,
)

_SUBMISSIONS = (
    """
    CREATE TABLE submissions (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      batch_id INTEGER NOT NULL REFERENCES batches (id),
      position INTEGER NOT NULL CHECK (position > 0),
      state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'accepted', 'refused', 'unsent',
        'unknown', 'released', 'left', 'cancelled')),
      numbers INTEGER NOT NULL CHECK (numbers BETWEEN 1 AND 100),
      attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts BETWEEN 0 AND 3),
      not_before REAL NOT NULL,
      claimed_at REAL,
      ended_at REAL,
      reason TEXT,
      code TEXT,
      http_status INTEGER,
      campaign_id TEXT,
      body BLOB,
      decided_by INTEGER,
      decided_name TEXT,
      decided_at REAL,
      UNIQUE (batch_id, position),
      CHECK (state NOT IN ('sending', 'accepted', 'refused', 'unsent', 'unknown', 'released',
        'left') OR (claimed_at IS NOT NULL AND attempts > 0)),
      CHECK ((code IS NOT NULL) = (state = 'refused'))
    ) STRICT
    """,
    """
    CREATE INDEX submissions_open ON submissions (batch_id, position)
    WHERE state IN ('queued', 'sending')
    """,
    """
    CREATE TRIGGER submissions_begin BEFORE INSERT ON submissions
    WHEN NEW.state <> 'queued' OR NEW.position > (
      SELECT submissions FROM batches WHERE id = NEW.batch_id)
    BEGIN SELECT RAISE(ABORT, 'submission: nothing is ever added to a batch'); END
    """,
    """
    CREATE TRIGGER submissions_keep BEFORE DELETE ON submissions
    BEGIN SELECT RAISE(ABORT, 'submission: never deleted'); END
    """,
    """
    CREATE TRIGGER submissions_fixed BEFORE UPDATE OF id, batch_id, position, numbers
    ON submissions
    BEGIN SELECT RAISE(ABORT, 'submission: its numbers are fixed'); END
    """,
    """
    CREATE TRIGGER submissions_claim BEFORE UPDATE OF state ON submissions
    WHEN NEW.state = 'sending' AND (
      (SELECT state FROM batches WHERE id = NEW.batch_id) <> 'running'
      OR EXISTS (SELECT 1 FROM pauses WHERE ended_at IS NULL)
      OR EXISTS (SELECT 1 FROM submissions WHERE batch_id = NEW.batch_id
        AND id <> NEW.id
        AND (state = 'sending' OR (state = 'queued' AND position < NEW.position)))
      OR NEW.attempts <> OLD.attempts + 1)
    BEGIN SELECT RAISE(ABORT, 'submission: may not be claimed'); END
    """,
    """
    CREATE TRIGGER submissions_requeue BEFORE UPDATE OF state ON submissions
    WHEN NEW.state = 'queued' AND OLD.state = 'sending' AND (NEW.attempts > 2
      OR (SELECT state FROM batches WHERE id = NEW.batch_id) NOT IN ('running', 'held'))
    BEGIN SELECT RAISE(ABORT, 'submission: may not be queued again'); END
    """,
    """
    CREATE TRIGGER submissions_revision AFTER UPDATE OF state, attempts ON submissions
    BEGIN UPDATE batches SET revision = revision + 1 WHERE id = NEW.batch_id; END
    """,
)

_CALLS = (
    f"""
    CREATE TABLE calls (
      id INTEGER PRIMARY KEY,
      batch_id INTEGER NOT NULL REFERENCES batches (id),
      submission_id INTEGER NOT NULL REFERENCES submissions (id),
      position INTEGER NOT NULL CHECK (position > 0),
      number TEXT NOT NULL CHECK {NUMBER},
      status TEXT NOT NULL CHECK (status IN ('planned', 'skipped', 'not_confirmed', 'waiting',
        'normal', 'no_answer', 'user_busy', 'expired', 'error', 'unknown', 'other', 'no_result')),
      word TEXT,
      gateway_id TEXT,
      bill_sec INTEGER,
      price INTEGER,
      request_date INTEGER,
      execution_date INTEGER,
      skip_reason TEXT,
      updated_at REAL,
      UNIQUE (batch_id, number),
      UNIQUE (batch_id, position),
      CHECK ((gateway_id IS NULL) = (status IN ('planned', 'skipped', 'not_confirmed'))),
      CHECK ((skip_reason IS NOT NULL) = (status = 'skipped')),
      CHECK (status <> 'other' OR word IS NOT NULL)
    ) STRICT
    """,
    "CREATE UNIQUE INDEX calls_gateway_id ON calls (gateway_id) WHERE gateway_id IS NOT NULL",
    "CREATE INDEX calls_number ON calls (number)",
    "CREATE INDEX calls_submission ON calls (submission_id)",
    """
    CREATE TRIGGER calls_begin BEFORE INSERT ON calls
    WHEN NEW.status <> 'planned' OR NEW.position > (
      SELECT numbers FROM batches WHERE id = NEW.batch_id)
    BEGIN SELECT RAISE(ABORT, 'call: nothing is ever added to a batch'); END
    """,
    """
    CREATE TRIGGER calls_keep BEFORE DELETE ON calls
    BEGIN SELECT RAISE(ABORT, 'call: never deleted'); END
    """,
    """
    CREATE TRIGGER calls_fixed BEFORE UPDATE ON calls
    WHEN NEW.id IS NOT OLD.id OR NEW.batch_id IS NOT OLD.batch_id
      OR NEW.submission_id IS NOT OLD.submission_id OR NEW.position IS NOT OLD.position
      OR (NEW.number IS NOT OLD.number AND NEW.number NOT GLOB '#*')
      OR (OLD.gateway_id IS NOT NULL AND NEW.gateway_id IS NOT OLD.gateway_id)
    BEGIN SELECT RAISE(ABORT, 'call: its number and its id are fixed'); END
    """,
    """
    CREATE TRIGGER calls_move BEFORE UPDATE OF status ON calls
    WHEN OLD.status IS NOT NEW.status AND (NEW.status = 'planned' OR OLD.status = 'skipped'
      OR (NEW.status = 'skipped' AND OLD.status <> 'planned')
      OR (NEW.status = 'not_confirmed' AND OLD.status <> 'planned')
      OR (NEW.status = 'no_result' AND OLD.status NOT IN ('waiting', 'other')))
    BEGIN SELECT RAISE(ABORT, 'call: no such move'); END
    """,
    """
    CREATE TRIGGER calls_revision AFTER UPDATE OF status, gateway_id, price ON calls
    BEGIN UPDATE batches SET revision = revision + 1 WHERE id = NEW.batch_id; END
    """,
    """
    CREATE TABLE unmatched_ids (
      submission_id INTEGER NOT NULL REFERENCES submissions (id),
      gateway_id TEXT NOT NULL,
      number TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('foreign', 'repeated', 'conflict')),
      word TEXT NOT NULL,
      PRIMARY KEY (submission_id, gateway_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX unmatched_ids_gateway_id ON unmatched_ids (gateway_id)",
    """
    CREATE TABLE follow_ups (
      source_id INTEGER PRIMARY KEY REFERENCES submissions (id),
      batch_id INTEGER NOT NULL REFERENCES batches (id)
    ) STRICT
    """,
    "CREATE INDEX follow_ups_batch ON follow_ups (batch_id)",
)

_CHAT = (
    "CREATE TABLE seen_updates (update_id INTEGER PRIMARY KEY, seen_at REAL NOT NULL) STRICT",
    "CREATE INDEX seen_updates_at ON seen_updates (seen_at)",
    """
    CREATE TABLE boards (
      batch_id INTEGER PRIMARY KEY REFERENCES batches (id),
      chat_id INTEGER NOT NULL,
      thread_id INTEGER,
      reply_to INTEGER,
      message_id INTEGER,
      page INTEGER NOT NULL DEFAULT 1 CHECK (page > 0),
      revision INTEGER NOT NULL DEFAULT 1,
      shown_revision INTEGER NOT NULL DEFAULT 0,
      broken TEXT
    ) STRICT
    """,
    "CREATE INDEX boards_message ON boards (chat_id, message_id)",
    # The revision of the batch, again: an index of what is behind needs both in one table.
    """
    CREATE TRIGGER boards_begin AFTER INSERT ON boards
    BEGIN UPDATE boards SET revision = (SELECT revision FROM batches WHERE id = NEW.batch_id)
      WHERE batch_id = NEW.batch_id; END
    """,
    """
    CREATE TRIGGER boards_revision AFTER UPDATE OF revision ON batches
    BEGIN UPDATE boards SET revision = NEW.revision WHERE batch_id = NEW.id; END
    """,
    """
    CREATE INDEX boards_behind ON boards (batch_id)
    WHERE shown_revision < revision AND broken IS NULL
    """,
    """
    CREATE TABLE prompts (
      chat_id INTEGER NOT NULL,
      message_id INTEGER NOT NULL,
      submission_id INTEGER NOT NULL REFERENCES submissions (id),
      PRIMARY KEY (chat_id, message_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE drafts (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      token TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL CHECK (kind IN ('call', 'try_again')),
      state TEXT NOT NULL CHECK (state IN ('open', 'confirmed', 'cancelled', 'expired')),
      asked_by TEXT NOT NULL UNIQUE,
      author_id INTEGER NOT NULL,
      author_name TEXT NOT NULL,
      chat_id INTEGER NOT NULL,
      thread_id INTEGER,
      reply_to INTEGER,
      message_id INTEGER,
      content TEXT NOT NULL,
      created_at REAL NOT NULL,
      expires_at REAL NOT NULL,
      source_batch_id INTEGER REFERENCES batches (id),
      closed_why TEXT,
      closed_shown INTEGER NOT NULL DEFAULT 0,
      batch_id INTEGER UNIQUE REFERENCES batches (id),
      CHECK ((state = 'confirmed') = (batch_id IS NOT NULL))
    ) STRICT
    """,
    "CREATE INDEX drafts_open ON drafts (expires_at) WHERE state = 'open' OR closed_shown = 0",
    """
    CREATE TABLE draft_sources (
      draft_id INTEGER NOT NULL REFERENCES drafts (id),
      source_id INTEGER NOT NULL REFERENCES submissions (id),
      PRIMARY KEY (draft_id, source_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX draft_sources_source ON draft_sources (source_id)",
)

_SAFETY = (
    """
    CREATE TABLE pauses (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      reason TEXT NOT NULL CHECK (reason IN ('unauthorised', 'disk', 'restored')),
      since REAL NOT NULL,
      detail TEXT NOT NULL,
      ended_at REAL,
      ended_by INTEGER,
      ended_name TEXT
    ) STRICT
    """,
    "CREATE UNIQUE INDEX pauses_open ON pauses (reason) WHERE ended_at IS NULL",
    "CREATE TABLE probes (id INTEGER PRIMARY KEY, filler BLOB NOT NULL) STRICT",
    """
    CREATE TABLE pause_notices (
      pause_id INTEGER NOT NULL REFERENCES pauses (id),
      admin_id INTEGER NOT NULL,
      sent_at REAL NOT NULL,
      PRIMARY KEY (pause_id, admin_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE evidence (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      gateway_id TEXT NOT NULL,
      submission_id INTEGER REFERENCES submissions (id),
      number TEXT,
      request_date INTEGER,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'adopted', 'ambiguous', 'disagrees')),
      given_by INTEGER NOT NULL,
      given_name TEXT NOT NULL,
      given_at REAL NOT NULL,
      settled_at REAL,
      detail TEXT
    ) STRICT
    """,
    """
    CREATE UNIQUE INDEX evidence_open ON evidence (gateway_id)
    WHERE state IN ('waiting', 'ambiguous')
    """,
    """
    CREATE TABLE evidence_fits (
      evidence_id INTEGER NOT NULL REFERENCES evidence (id),
      submission_id INTEGER NOT NULL REFERENCES submissions (id),
      PRIMARY KEY (evidence_id, submission_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX evidence_fits_submission ON evidence_fits (submission_id)",
)


@schema()
def m001_batches(db: Database) -> None:
    """Batches, submissions and calls with their state tables, and all that the chat needs."""
    run(db, _SAFETY[:2])  # the claim's trigger reads the pauses
    run(db, _BATCHES)
    run(db, _SUBMISSIONS)
    run(db, _CALLS)
    run(db, _CHAT)
    run(db, _SAFETY[2:])
    _moves(db, "batch", BATCH_MOVES)
    _moves(db, "submission", SUBMISSION_MOVES)
    _moves(db, "draft", DRAFT_MOVES)
