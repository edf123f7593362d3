"""Calls followed to their end, the gateway's events, what a chat is told, and views."""

from sqlite_utils import Database

from storage.migrations.schema import run, schema

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
OUTCOME = """
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
      {OUTCOME} AS outcome,
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
    run(db, _TRACKING)
    run(db, _REPORTS)
    run(db, _VIEWS)
    run(db, _TALLIES)
