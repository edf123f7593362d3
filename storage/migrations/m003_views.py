"""The two views for people, anew: with the names of numbers, voices and lists."""

from storage.migrations.m002_tracking import OUTCOME

VIEWS = (
    "DROP VIEW calls_view",
    "DROP VIEW batches_view",
    f"""
    CREATE VIEW calls_view AS
    SELECT
      'b' || c.batch_id AS batch,
      c.position AS position,
      c.number AS number,
      c.name AS name,
      {OUTCOME} AS outcome,
      c.bill_sec AS talk_seconds,
      c.price / 1000.0 AS cost_toman,
      c.gateway_id AS call_id,
      c.word AS gateway_status,
      b.voice AS voice,
      b.voice_name AS voice_name,
      b.spoken AS spoken,
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
      b.voice_name AS voice_name,
      b.spoken AS spoken,
      b.author_name AS launched_by,
      datetime(b.created_at, 'unixepoch', 'localtime') AS launched_at,
      datetime(b.ended_at, 'unixepoch', 'localtime') AS ended_at,
      b.list_name AS list_name,
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
