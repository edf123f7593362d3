"""What saves typing: voices, lists, launches, favourites and schedules, by name.

What is removed keeps its row, because batches and schedules tell of it; its name is free again.
"""

from sqlite_utils import Database

from storage.migrations.m003_schedules import SCHEDULES
from storage.migrations.m003_views import VIEWS
from storage.migrations.schema import NUMBER, run, schema

_VOICES = (
    """
    CREATE TABLE voices (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      voice_id TEXT NOT NULL CHECK (length(voice_id) = 32
        AND voice_id NOT GLOB '*[^0-9a-f]*'),
      name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
      name_key TEXT NOT NULL CHECK (name_key <> ''),
      sample TEXT,
      sample_kind TEXT CHECK (sample_kind IN ('voice', 'audio')),
      made_by INTEGER NOT NULL,
      made_name TEXT NOT NULL,
      made_at REAL NOT NULL,
      used_at REAL,
      removed_at REAL,
      CHECK ((sample IS NULL) = (sample_kind IS NULL))
    ) STRICT
    """,
    "CREATE UNIQUE INDEX voices_name ON voices (name_key) WHERE removed_at IS NULL",
    "CREATE UNIQUE INDEX voices_voice_id ON voices (voice_id) WHERE removed_at IS NULL",
    """
    CREATE TRIGGER voices_fixed BEFORE UPDATE OF id, voice_id ON voices
    BEGIN SELECT RAISE(ABORT, 'voice: what it plays is fixed'); END
    """,
)

# What a member has chosen for themselves: the default voice, and the own number, shared once.
_CHOICES = (
    f"""
    CREATE TABLE choices (
      user_id INTEGER PRIMARY KEY,
      voice_ref INTEGER REFERENCES voices (id),
      number TEXT CHECK (number IS NULL OR {NUMBER})
    ) STRICT
    """,
)

_LISTS = (
    """
    CREATE TABLE lists (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
      name_key TEXT NOT NULL CHECK (name_key <> ''),
      numbers INTEGER NOT NULL DEFAULT 0 CHECK (numbers >= 0),
      version INTEGER NOT NULL DEFAULT 1,
      made_by INTEGER NOT NULL,
      made_name TEXT NOT NULL,
      made_at REAL NOT NULL,
      changed_by INTEGER NOT NULL,
      changed_name TEXT NOT NULL,
      changed_at REAL NOT NULL,
      added_after INTEGER,
      used_at REAL,
      removed_at REAL
    ) STRICT
    """,
    "CREATE UNIQUE INDEX lists_name ON lists (name_key) WHERE removed_at IS NULL",
    f"""
    CREATE TABLE list_numbers (
      list_id INTEGER NOT NULL REFERENCES lists (id),
      position INTEGER NOT NULL CHECK (position > 0),
      number TEXT NOT NULL CHECK {NUMBER},
      name TEXT,
      PRIMARY KEY (list_id, number),
      UNIQUE (list_id, position)
    ) STRICT, WITHOUT ROWID
    """,
)

# What the last change of a list took off, so that it can be put back.
_TAKEN_OFF = (
    f"""
    CREATE TABLE list_taken_off (
      list_id INTEGER NOT NULL REFERENCES lists (id),
      position INTEGER NOT NULL,
      number TEXT NOT NULL CHECK {NUMBER},
      name TEXT,
      PRIMARY KEY (list_id, number)
    ) STRICT, WITHOUT ROWID
    """,
)

# A launch is for a saved list, read when it is launched, or for numbers of its own.
_LAUNCHES = (
    """
    CREATE TABLE launches (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      token TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
      name_key TEXT NOT NULL CHECK (name_key <> ''),
      voice_ref INTEGER REFERENCES voices (id),
      spoken TEXT,
      list_ref INTEGER REFERENCES lists (id),
      numbers INTEGER CHECK (numbers > 0),
      retry_count INTEGER CHECK (retry_count BETWEEN 0 AND 10),
      server_id TEXT,
      made_by INTEGER NOT NULL,
      made_name TEXT NOT NULL,
      made_at REAL NOT NULL,
      used_at REAL,
      removed_at REAL,
      CHECK ((voice_ref IS NULL) <> (spoken IS NULL)),
      CHECK ((list_ref IS NULL) <> (numbers IS NULL))
    ) STRICT
    """,
    "CREATE UNIQUE INDEX launches_name ON launches (name_key) WHERE removed_at IS NULL",
    f"""
    CREATE TABLE launch_numbers (
      launch_id INTEGER NOT NULL REFERENCES launches (id),
      position INTEGER NOT NULL CHECK (position > 0),
      number TEXT NOT NULL CHECK {NUMBER},
      name TEXT,
      PRIMARY KEY (launch_id, number)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE favourites (
      user_id INTEGER NOT NULL,
      launch_id INTEGER NOT NULL REFERENCES launches (id),
      position INTEGER NOT NULL,
      PRIMARY KEY (user_id, launch_id)
    ) STRICT, WITHOUT ROWID
    """,
    # The newest panel of a chat and topic (0: no topic); an older one launches nothing.
    """
    CREATE TABLE panels (
      chat_id INTEGER NOT NULL,
      thread_id INTEGER NOT NULL,
      message_id INTEGER NOT NULL,
      user_id INTEGER NOT NULL,
      PRIMARY KEY (chat_id, thread_id)
    ) STRICT, WITHOUT ROWID
    """,
)

# What a person is asked to write in reply: a name, a time; `about` is what it is for.
_QUESTIONS = (
    """
    CREATE TABLE questions (
      chat_id INTEGER NOT NULL,
      message_id INTEGER NOT NULL,
      user_id INTEGER NOT NULL,
      kind TEXT NOT NULL,
      about TEXT NOT NULL,
      asked_at REAL NOT NULL,
      answered_at REAL,
      by_reply INTEGER NOT NULL DEFAULT 0 CHECK (by_reply IN (0, 1)),
      PRIMARY KEY (chat_id, message_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX questions_asked ON questions (asked_at)",
)

# A spoken text has no voice id: `voice` is then 'text:' and a digest, so that the same text is
# the same voice to every rule. `undo_until` is the time before which nothing of it is sent.
_BATCHES = (
    "ALTER TABLE batches ADD COLUMN voice_name TEXT",
    """
    ALTER TABLE batches ADD COLUMN spoken TEXT
      CHECK ((spoken IS NOT NULL) = (voice GLOB 'text:*'))
    """,
    "ALTER TABLE batches ADD COLUMN list_ref INTEGER REFERENCES lists (id)",
    "ALTER TABLE batches ADD COLUMN list_name TEXT",
    "ALTER TABLE batches ADD COLUMN launch_ref INTEGER REFERENCES launches (id)",
    "ALTER TABLE batches ADD COLUMN undo_until REAL",
    "ALTER TABLE calls ADD COLUMN name TEXT",
    # The newest batch of a topic is asked for by /again.
    "CREATE INDEX boards_topic ON boards (chat_id, thread_id)",
    "DROP TRIGGER batches_fixed",
    """
    CREATE TRIGGER batches_fixed BEFORE UPDATE OF id, asked_by, voice, retry_count, server_id,
      author_id, numbers, submissions, follows, followed_as, created_at, voice_name, spoken,
      list_ref, list_name, launch_ref, undo_until ON batches
    BEGIN SELECT RAISE(ABORT, 'batch: what was asked for is fixed'); END
    """,
)


@schema()
def m003_quick_launches(db: Database) -> None:
    """Everything that can be tapped in place of being typed."""
    run(db, _VOICES)
    run(db, _CHOICES)
    run(db, _LISTS)
    run(db, _TAKEN_OFF)
    run(db, _LAUNCHES)
    run(db, SCHEDULES)
    run(db, _QUESTIONS)
    run(db, _BATCHES)
    run(db, VIEWS)
