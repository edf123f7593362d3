"""The view of calls, anew: it says why a number was skipped, in the bot's own words."""

from storage.migrations.m002_tracking import OUTCOME
from storage.migrations.m003_views import VIEWS

_SKIPPED = """
    WHEN 'skipped' THEN CASE c.skip_reason
      WHEN 'rang' THEN 'skipped: it may have rung before'
      WHEN 'do_not_call' THEN 'skipped: do not call'
      WHEN 'daily_limit' THEN 'skipped: called as often as one day allows'
      ELSE 'skipped' END
    ELSE c.status END
"""
_HEAD, _, _ = OUTCOME.rpartition("ELSE c.status END")
CALLS_VIEW = (
    "DROP VIEW calls_view",
    *(sql.replace(OUTCOME, _HEAD + _SKIPPED) for sql in VIEWS if "VIEW calls_view AS" in sql),
)
