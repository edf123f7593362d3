"""How a chain of follow-ups is walked, and what a call of it says of its number; SQL alone.

Each piece names the rows that it looks at: `e` is a call and `x` its submission, `c` the call that
is to be made, and `:batch` the batch from which the chain is looked at.
"""

# The first batch is found going up; then everything that follows it, going down. `chain_tries`
# goes back along *Try again* alone, to the batch that it began with: a first one, or a *Redial*.
# All walk along keys, so a look costs what the chain is long.
CHAIN = """
WITH RECURSIVE chain_up (id, follows) AS (
  SELECT id, follows FROM batches WHERE id = :batch
  UNION ALL SELECT b.id, b.follows FROM chain_up JOIN batches b ON b.id = chain_up.follows),
chain (id) AS (
  SELECT id FROM chain_up WHERE follows IS NULL
  UNION ALL SELECT b.id FROM chain JOIN batches b ON b.follows = chain.id),
chain_tries (id, follows, followed_as) AS (
  SELECT id, follows, followed_as FROM batches WHERE id = :batch
  UNION ALL SELECT b.id, b.follows, b.followed_as FROM chain_tries
  JOIN batches b ON b.id = chain_tries.follows WHERE chain_tries.followed_as = 'try_again')
"""

# Something was said of the submission that is not settled yet.
EVIDENCE_WAITS = """
EXISTS (SELECT 1 FROM evidence_fits f JOIN evidence v ON v.id = f.evidence_id
  WHERE f.submission_id = x.id AND v.state IN ('waiting', 'ambiguous'))
"""

# A submission of which *Try again* may take the numbers, as far as its own state says.
UNTAKEN = """
(x.state IN ('refused', 'unsent', 'released') OR (x.state = 'cancelled'
  AND (SELECT t.followed_as FROM batches t WHERE t.id = x.batch_id) = 'try_again'))
AND NOT EXISTS (SELECT 1 FROM follow_ups u WHERE u.source_id = x.id)
"""

# A call that is known to have reached nobody and to be over.
NOT_REACHED = (
    "e.status IN ('no_answer', 'user_busy', 'expired', 'error')"
    " AND e.final_at IS NOT NULL AND e.next_poll_at IS NULL"
)

# One that surely did not ring; `skipped` says nothing, what it was skipped for is in the chain.
NEVER_RANG = f"""
e.status = 'skipped' OR (e.status = 'planned'
  AND x.state IN ('refused', 'unsent', 'released', 'cancelled') AND NOT {EVIDENCE_WAITS})
"""

# Whether any other batch of the chain speaks against calling this number from `:batch` on. What
# reached nobody before its *Redial* is why that was made; whatever rang later speaks against it.
MAY_HAVE_RUNG = f"""
EXISTS (SELECT 1 FROM chain CROSS JOIN calls e ON e.batch_id = chain.id AND e.number = c.number
  JOIN submissions x ON x.id = e.submission_id
  WHERE chain.id <> :batch AND NOT (({NEVER_RANG})
    OR (chain.id < (SELECT min(id) FROM chain_tries) AND {NOT_REACHED})))
"""
