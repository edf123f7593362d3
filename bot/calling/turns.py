"""Whose turn it is: what the gateway is to be asked about, in turns over the batches."""

from itertools import zip_longest

from storage.stores import Stores


def due(
    tx: Stores, now: float, after: int, count: int, busy: set[str]
) -> tuple[list[str], int, float | None]:
    """So many calls that are due, in turns over the batches.

    Calls of which an event has come after they were final go first.

    Args:
        tx: the stores.
        now: UTC seconds.
        after: the batch that came last; the next one begins.
        count: how many calls at most.
        busy: ids that are being asked about.

    Returns:
        The ids, the batch that came last, and when something else will be due, if it is known.
    """
    told = [event.gateway_id for event in tx.events.due(now, count + len(busy))]
    found = list(dict.fromkeys(i for i in told if i not in busy))[:count]
    heads = tx.open_calls.heads()
    ready = [batch_id for batch_id, at in heads if at <= now]
    later = [at for _, at in heads if at > now]
    if (asked := tx.events.next_due_at()) is not None and asked > now:
        later.append(asked)
    turns = [*(b for b in ready if b > after), *(b for b in ready if b <= after)][:count]
    each = -(-count // max(1, len(turns))) + len(busy)
    by_batch = (tx.open_calls.due(batch_id, now, each) for batch_id in turns)
    ids = [[c.gateway_id for c in calls if c.gateway_id not in busy] for calls in by_batch]
    for row in zip_longest(*ids):
        for batch_id, gateway_id in zip(turns, row, strict=True):
            if gateway_id is not None and gateway_id not in found and len(found) < count:
                found.append(gateway_id)
                after = batch_id
    return found, after, min(later, default=None)
