"""The stream of changes, as server-sent events.

Each event is a patch that leads from one revision to the next, and whose id is the later one. A
page that was cut off names the last that it has: what it missed comes, once, and nothing more.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

from sandbox.page import views
from sandbox.page.stage import Stage

BURST = 0.03  # seconds after a change in which others become part of the same patch
ALIVE_EVERY = 10.0  # seconds
ALIVE = ": alive\n\n"


async def stream(
    stage: Stage, run: str | None, after: int | None, alive_every: float
) -> AsyncIterator[str]:
    """Give events until the reader leaves.

    Args:
        stage: what the page shows.
        run: the run of the server that the reader knows; another than this gets everything.
        after: the last revision that the reader has; None gets everything.
        alive_every: seconds of silence after which a comment is sent.
    """
    journal = stage.tg.world.journal
    if run != stage.run or after is None or not 0 <= after <= journal.revision:
        after = None
    while True:
        if after is None or journal.revision > after:
            told, after = views.patch(stage, after)
            yield f"id: {after}\nevent: patch\ndata: {json.dumps(told)}\n\n"
        elif await _change(stage, after, alive_every):
            await asyncio.sleep(BURST)
        else:
            yield ALIVE


async def _change(stage: Stage, after: int, seconds: float) -> bool:
    """Wait for a change, and tell whether there is one within these seconds."""
    world = stage.tg.world
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while world.journal.revision == after:
                await world.changes.wait()
    return world.journal.revision > after
