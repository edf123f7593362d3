"""The schema: a list that is only appended to, plain SQL because of its triggers and CHECKs.

The moves of the state tables stand in `batch_moves`, `submission_moves` and `draft_moves`, and
triggers look them up: a move that is not in there raises, whoever writes it.
"""

from sqlite_utils import Database, Migrations

schema = Migrations("callboard")

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


def _run(db: Database, statements: tuple[str, ...]) -> None:
    """Execute one by one: `executescript` would commit the migration's transaction."""
    for statement in statements:
        db.execute(statement)


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


_NUMBER = (
    "((number GLOB '+[1-9]*' AND length(number) BETWEEN 8 AND 16"
    " AND substr(number, 2) NOT GLOB '*[^0-9]*') OR number GLOB '#*')"
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
      number TEXT NOT NULL CHECK {_NUMBER},
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
    _run(db, _SAFETY[:2])  # the claim's trigger reads the pauses
    _run(db, _BATCHES)
    _run(db, _SUBMISSIONS)
    _run(db, _CALLS)
    _run(db, _CHAT)
    _run(db, _SAFETY[2:])
    _moves(db, "batch", BATCH_MOVES)
    _moves(db, "submission", SUBMISSION_MOVES)
    _moves(db, "draft", DRAFT_MOVES)


_TRACKING = (
    # Until when a call is asked about, and since when its word is final: NULL means not (yet).
    "ALTER TABLE calls ADD COLUMN tracked_since REAL",
    "ALTER TABLE calls ADD COLUMN status_since REAL",
    "ALTER TABLE calls ADD COLUMN tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0)",
    "ALTER TABLE calls ADD COLUMN next_poll_at REAL",
    "ALTER TABLE calls ADD COLUMN final_at REAL",
    """
    UPDATE calls SET tracked_since = coalesce(updated_at, 0),
      status_since = coalesce(updated_at, 0), tries = status IN ('no_answer', 'user_busy')
    WHERE gateway_id IS NOT NULL
    """,
    # A busy or unanswered call that the gateway was to try again may have changed since.
    """
    UPDATE calls SET final_at = updated_at
    WHERE status IN ('normal', 'expired', 'error', 'unknown')
      OR (status IN ('no_answer', 'user_busy')
        AND (SELECT retry_count FROM batches WHERE id = batch_id) = 0)
    """,
    """
    UPDATE calls SET next_poll_at = 0
    WHERE gateway_id IS NOT NULL AND final_at IS NULL AND status <> 'no_result'
    """,
    "CREATE INDEX calls_open ON calls (batch_id, next_poll_at) WHERE next_poll_at IS NOT NULL",
    """
    CREATE TRIGGER calls_tracked BEFORE UPDATE OF next_poll_at, status, final_at ON calls
    WHEN NEW.next_poll_at IS NOT NULL AND (NEW.gateway_id IS NULL OR NEW.final_at IS NOT NULL
      OR NEW.status = 'no_result')
    BEGIN SELECT RAISE(ABORT, 'call: nothing to ask about'); END
    """,
    """
    CREATE TRIGGER calls_final BEFORE UPDATE OF final_at ON calls
    WHEN OLD.final_at IS NOT NULL AND NEW.final_at IS NULL
    BEGIN SELECT RAISE(ABORT, 'call: final stays final'); END
    """,
    "DROP TRIGGER calls_revision",
    """
    CREATE TRIGGER calls_revision
    AFTER UPDATE OF status, word, gateway_id, bill_sec, price, final_at ON calls
    WHEN OLD.status IS NOT NEW.status OR OLD.word IS NOT NEW.word
      OR OLD.gateway_id IS NOT NEW.gateway_id OR OLD.bill_sec IS NOT NEW.bill_sec
      OR OLD.price IS NOT NEW.price OR OLD.final_at IS NOT NEW.final_at
    BEGIN UPDATE batches SET revision = revision + 1 WHERE id = NEW.batch_id; END
    """,
    """
    CREATE TABLE events (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 16),
      gateway_id TEXT NOT NULL,
      word TEXT NOT NULL,
      number TEXT,
      bill_sec INTEGER,
      price INTEGER,
      request_date INTEGER,
      campaign_id TEXT,
      received_at REAL NOT NULL,
      times INTEGER NOT NULL DEFAULT 1 CHECK (times > 0),
      state TEXT NOT NULL CHECK (state IN ('hint', 'agreed', 'disagreed', 'evidence')),
      next_ask_at REAL CHECK (next_ask_at IS NULL OR state = 'hint'),
      body BLOB NOT NULL
    ) STRICT
    """,
    "CREATE INDEX events_gateway_id ON events (gateway_id)",
    "CREATE INDEX events_asked ON events (next_ask_at) WHERE next_ask_at IS NOT NULL",
    "CREATE INDEX events_agreed ON events (received_at) WHERE state = 'agreed'",
)

_REPORTS = (
    """
    CREATE TABLE reports (
      batch_id INTEGER NOT NULL REFERENCES batches (id),
      kind TEXT NOT NULL CHECK (kind IN ('end', 'held', 'deadline')),
      hold_no INTEGER NOT NULL DEFAULT 0,
      due_at REAL NOT NULL,
      message_id INTEGER,
      sent_at REAL,
      chart_sent INTEGER NOT NULL DEFAULT 0,
      revision INTEGER NOT NULL DEFAULT 1,
      shown_revision INTEGER NOT NULL DEFAULT 0,
      broken TEXT,
      PRIMARY KEY (batch_id, kind, hold_no)
    ) STRICT
    """,
    "CREATE INDEX reports_due ON reports (due_at) WHERE sent_at IS NULL AND broken IS NULL",
    """
    CREATE INDEX reports_behind ON reports (batch_id) WHERE kind <> 'deadline'
      AND sent_at IS NOT NULL AND broken IS NULL AND shown_revision < revision
    """,
    "CREATE INDEX reports_message ON reports (message_id) WHERE message_id IS NOT NULL",
    """
    CREATE INDEX reports_chart ON reports (batch_id)
    WHERE kind = 'end' AND chart_sent = 0 AND sent_at IS NOT NULL AND broken IS NULL
    """,
    # Every hold is told of, whoever holds.
    """
    CREATE TRIGGER batches_held AFTER UPDATE OF hold_no ON batches WHEN NEW.hold_no > OLD.hold_no
    BEGIN INSERT INTO reports (batch_id, kind, hold_no, due_at, revision)
      VALUES (NEW.id, 'held', NEW.hold_no, NEW.held_at, NEW.revision); END
    """,
    """
    CREATE TRIGGER reports_revision AFTER UPDATE OF revision ON batches
    BEGIN UPDATE reports SET revision = NEW.revision
      WHERE batch_id = NEW.id AND kind <> 'deadline'; END
    """,
    # What ended before there were reports is not told of a day late.
    """
    INSERT INTO reports (batch_id, kind, due_at, broken)
    SELECT id, 'end', ended_at, 'before reports' FROM batches
    WHERE ended_at < CAST(strftime('%s', 'now') AS REAL) - 86400
    """,
    # What is over by now and ended today is; what is not over yet is told of when it is.
    """
    INSERT OR IGNORE INTO reports (batch_id, kind, due_at, revision)
    SELECT id, 'end', ended_at, revision FROM batches b WHERE ended_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM calls WHERE batch_id = b.id AND next_poll_at IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM submissions WHERE batch_id = b.id AND state = 'sending')
    """,
    "ALTER TABLE boards ADD COLUMN shown_status TEXT",
    "CREATE INDEX batches_created ON batches (created_at)",
    "CREATE INDEX batches_author ON batches (author_id, id)",
    "CREATE INDEX batches_voice ON batches (voice, id)",
)


# For people who browse the file with a program of their own: words, local time, Toman.
_OUTCOME = """
  CASE c.status
    WHEN 'normal' THEN 'answered'
    WHEN 'no_answer' THEN 'no answer'
    WHEN 'user_busy' THEN 'busy'
    WHEN 'error' THEN 'failed'
    WHEN 'unknown' THEN 'the gateway does not know'
    WHEN 'no_result' THEN 'no result'
    WHEN 'not_confirmed' THEN 'not confirmed'
    WHEN 'other' THEN c.word
    WHEN 'planned' THEN CASE s.state
      WHEN 'accepted' THEN 'not confirmed'
      WHEN 'unsent' THEN 'not sent'
      WHEN 'unknown' THEN 'may have rung'
      WHEN 'left' THEN 'may have rung'
      WHEN 'released' THEN 'did not ring'
      ELSE s.state END
    ELSE c.status END
"""
_VIEWS = (
    f"""
    CREATE VIEW calls_view AS
    SELECT
      'b' || c.batch_id AS batch,
      c.position AS position,
      c.number AS number,
      {_OUTCOME} AS outcome,
      c.bill_sec AS talk_seconds,
      c.price / 1000.0 AS cost_toman,
      c.gateway_id AS call_id,
      c.word AS gateway_status,
      b.voice AS voice,
      b.author_name AS launched_by,
      datetime(b.created_at, 'unixepoch', 'localtime') AS launched_at,
      datetime(c.request_date, 'unixepoch', 'localtime') AS requested_at,
      datetime(c.execution_date, 'unixepoch', 'localtime') AS executed_at,
      datetime(c.updated_at, 'unixepoch', 'localtime') AS changed_at,
      datetime(c.final_at, 'unixepoch', 'localtime') AS final_at,
      s.position AS part,
      s.state AS part_state,
      s.campaign_id AS campaign_id
    FROM calls c
    JOIN submissions s ON s.id = c.submission_id
    JOIN batches b ON b.id = c.batch_id
    """,
    """
    CREATE VIEW batches_view AS
    SELECT
      'b' || b.id AS batch,
      b.state AS state,
      b.voice AS voice,
      b.author_name AS launched_by,
      datetime(b.created_at, 'unixepoch', 'localtime') AS launched_at,
      datetime(b.ended_at, 'unixepoch', 'localtime') AS ended_at,
      b.numbers AS numbers,
      (SELECT count(*) FROM calls c WHERE c.batch_id = b.id
        AND c.gateway_id IS NOT NULL) AS placed,
      (SELECT count(*) FROM calls c WHERE c.batch_id = b.id
        AND c.status = 'normal') AS answered,
      (SELECT count(*) FROM calls c WHERE c.batch_id = b.id
        AND c.status = 'no_answer') AS no_answer,
      (SELECT count(*) FROM calls c WHERE c.batch_id = b.id
        AND c.status = 'user_busy') AS busy,
      (SELECT count(*) FROM calls c WHERE c.batch_id = b.id
        AND c.gateway_id IS NOT NULL AND c.final_at IS NULL
        AND c.status <> 'no_result') AS open,
      (SELECT sum(c.bill_sec) FROM calls c WHERE c.batch_id = b.id) AS talk_seconds,
      (SELECT sum(c.price) / 1000.0 FROM calls c WHERE c.batch_id = b.id) AS cost_toman,
      b.hold_reason AS hold_reason,
      b.stop_reason AS stop_reason,
      'b' || b.follows AS follows,
      b.followed_as AS followed_as,
      b.retry_count AS retry_count,
      b.server_id AS server_id,
      b.chat_id AS chat_id
    FROM batches b
    """,
)

# How many there are of each state, kept by whoever moves one: counting a million calls takes long.
# One row a table and a column a word: a row a word costs each move three times as much (measured).
_TALLIED = (
    ("batches", "state", ("running", "held", "finished", "stopped")),
    (
        "submissions",
        "state",
        (
            *("queued", "sending", "accepted", "refused", "unsent", "unknown", "released"),
            *("left", "cancelled"),
        ),
    ),
    (
        "calls",
        "status",
        (
            *("planned", "skipped", "not_confirmed", "waiting", "normal", "no_answer"),
            *("user_busy", "expired", "error", "unknown", "other", "no_result"),
        ),
    ),
)


def _tally(table: str, column: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """Statements that count a table by a column, now and from now on."""
    columns = ", ".join(f'"{word}" INTEGER NOT NULL' for word in words)
    counts = ", ".join(f"coalesce(sum({column} = '{word}'), 0)" for word in words)
    moved = ", ".join(
        f"\"{word}\" = \"{word}\" + (NEW.{column} = '{word}') - (OLD.{column} = '{word}')"
        for word in words
    )
    often = " AND NOT (OLD.status = 'planned' AND NEW.status = 'waiting')"
    return (
        f"CREATE TABLE {table}_tally (id INTEGER PRIMARY KEY CHECK (id = 1), {columns}) STRICT",
        f"INSERT INTO {table}_tally SELECT 1, {counts} FROM {table}",
        (
            f"CREATE TRIGGER {table}_tally_moves AFTER UPDATE OF {column} ON {table}"
            f" WHEN OLD.{column} IS NOT NEW.{column}{often if table == 'calls' else ''}"
            f" BEGIN UPDATE {table}_tally SET {moved} WHERE id = 1; END"
        ),
    )


_TALLIES = (
    *(statement for tallied in _TALLIED for statement in _tally(*tallied)),
    # The move that every answer of the gateway makes a hundred times.
    """
    CREATE TRIGGER calls_tally_placed AFTER UPDATE OF status ON calls
    WHEN OLD.status = 'planned' AND NEW.status = 'waiting' BEGIN
      UPDATE calls_tally SET planned = planned - 1, waiting = waiting + 1 WHERE id = 1; END
    """,
    # A batch is made with all of its submissions and calls, in one transaction.
    """
    CREATE TRIGGER batches_tally_begin AFTER INSERT ON batches BEGIN
      UPDATE batches_tally SET running = running + 1 WHERE id = 1;
      UPDATE submissions_tally SET queued = queued + NEW.submissions WHERE id = 1;
      UPDATE calls_tally SET planned = planned + NEW.numbers WHERE id = 1;
    END
    """,
)


@schema()
def m002_tracking(db: Database) -> None:
    """Calls followed to their end, the gateway's events, and what a chat is told of a batch."""
    _run(db, _TRACKING)
    _run(db, _REPORTS)
    _run(db, _VIEWS)
    _run(db, _TALLIES)
