"""Launches that are made later: when, the questions about a time that is due, and what was made.

A schedule is moved on, asks or ends in the transaction that makes its batch, and never goes back
from its end. The messages that show it are behind while their revision is not the shown one.
"""

SCHEDULES = (
    # `due_at` is the next time (UTC), or the one that is asked about.
    """
    CREATE TABLE schedules (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'asking', 'ended', 'cancelled')),
      author_id INTEGER NOT NULL,
      author_name TEXT NOT NULL,
      chat_id INTEGER NOT NULL,
      thread_id INTEGER,
      message_id INTEGER,
      made_at REAL NOT NULL,
      asked_by TEXT NOT NULL UNIQUE,
      content TEXT NOT NULL,
      list_ref INTEGER REFERENCES lists (id),
      weekdays INTEGER NOT NULL DEFAULT 0 CHECK (weekdays BETWEEN 0 AND 127),
      minute INTEGER NOT NULL CHECK (minute BETWEEN 0 AND 1439),
      due_at REAL NOT NULL,
      last_numbers TEXT,
      asked_why TEXT,
      asked_at REAL,
      waited_for REAL,
      closed_why TEXT CHECK (closed_why IN ('called', 'skipped', 'lapsed', 'cancelled')),
      closed_name TEXT,
      batch_id INTEGER REFERENCES batches (id),
      revision INTEGER NOT NULL DEFAULT 1,
      shown_revision INTEGER NOT NULL DEFAULT 0,
      broken TEXT,
      CHECK ((asked_why IS NOT NULL) = (state = 'asking')),
      CHECK ((asked_at IS NOT NULL) = (state = 'asking')),
      CHECK ((waited_for IS NOT NULL) = (state = 'asking')),
      CHECK ((closed_why IS NOT NULL) = (state IN ('ended', 'cancelled'))),
      CHECK (list_ref IS NULL OR weekdays > 0)
    ) STRICT
    """,
    "CREATE INDEX schedules_due ON schedules (due_at) WHERE state IN ('waiting', 'asking')",
    "CREATE INDEX schedules_asked ON schedules (asked_at) WHERE state = 'asking'",
    """
    CREATE INDEX schedules_behind ON schedules (id)
      WHERE shown_revision < revision AND message_id IS NOT NULL AND broken IS NULL
    """,
    """
    CREATE TRIGGER schedules_fixed BEFORE UPDATE OF id, author_id, made_at, asked_by, content,
      list_ref ON schedules
    BEGIN SELECT RAISE(ABORT, 'schedule: what was asked for is fixed'); END
    """,
    """
    CREATE TRIGGER schedules_over BEFORE UPDATE OF state, due_at, weekdays, minute ON schedules
    WHEN OLD.state IN ('ended', 'cancelled')
    BEGIN SELECT RAISE(ABORT, 'schedule: it is over'); END
    """,
    # One message for each who is asked about one due time; the answer closes all of them.
    """
    CREATE TABLE schedule_asks (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      schedule_id INTEGER NOT NULL REFERENCES schedules (id),
      due_at REAL NOT NULL,
      chat_id INTEGER NOT NULL,
      thread_id INTEGER,
      reply_to INTEGER,
      message_id INTEGER,
      answer TEXT CHECK (answer IN (
        'called', 'skipped', 'lapsed', 'moved', 'cancelled', 'withdrawn')),
      answered_name TEXT,
      batch_id INTEGER REFERENCES batches (id),
      revision INTEGER NOT NULL DEFAULT 1,
      shown_revision INTEGER NOT NULL DEFAULT 0,
      broken TEXT
    ) STRICT
    """,
    """
    CREATE INDEX schedule_asks_behind ON schedule_asks (id)
      WHERE shown_revision < revision AND broken IS NULL
    """,
    "CREATE INDEX schedule_asks_message ON schedule_asks (message_id)",
    "CREATE INDEX schedule_asks_open ON schedule_asks (schedule_id) WHERE answer IS NULL",
    # What the board of a batch says of the schedule that made it.
    """
    CREATE TABLE schedule_runs (
      schedule_id INTEGER NOT NULL REFERENCES schedules (id),
      due_at REAL NOT NULL,
      batch_id INTEGER NOT NULL UNIQUE REFERENCES batches (id),
      recent INTEGER NOT NULL,
      added INTEGER NOT NULL,
      removed INTEGER NOT NULL,
      missed INTEGER NOT NULL,
      PRIMARY KEY (schedule_id, due_at)
    ) STRICT, WITHOUT ROWID
    """,
)
