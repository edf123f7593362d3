"""The schema: a list that is only appended to, plain SQL because of its triggers and CHECKs.

The moves of the state tables stand in `batch_moves`, `submission_moves` and `draft_moves`, and
triggers look them up: a move that is not in there raises, whoever writes it.

One module a migration; importing them in order registers them.
"""

from storage.migrations.m001_batches import (
    BATCH_MOVES,
    DRAFT_MOVES,
    SUBMISSION_MOVES,
    m001_batches,
)
from storage.migrations.m002_tracking import m002_tracking
from storage.migrations.m003_quick_launches import m003_quick_launches
from storage.migrations.m004_safety import m004_safety
from storage.migrations.schema import schema

__all__ = [
    "BATCH_MOVES",
    "DRAFT_MOVES",
    "SUBMISSION_MOVES",
    "m001_batches",
    "m002_tracking",
    "m003_quick_launches",
    "m004_safety",
    "schema",
]
