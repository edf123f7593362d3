"""`python -m sandbox.demo`: the demo's servers and its page, without the bot."""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator

from sandbox.demo.cast import build_stage, settings, take_events
from sandbox.page import Stage, build_app
from sandbox.serving import serve

PORTS_TRIED = 50
MOST_PORTS = 65_536


async def run(port: int) -> None:
    """Serve until SIGTERM, Ctrl-C, or the end of stdin: it never outlives who started it.

    The one line on stdout is a JSON object: `page` is the address to open, `settings` what the
    bot must be told, by variable. A line on stdin is the id of a process that shall not outlive
    the starter either: it gets SIGTERM when stdin ends.
    """
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    stage = build_stage()
    async with (
        _until_stdin_ends(ended),
        stage.tg.serve() as telegram_url,
        stage.bitel.serve() as bitel_url,
        serve_page(stage, port) as page_url,
    ):
        told_to_bot = settings(stage, telegram_url, bitel_url) | take_events(stage)
        told = {"page": page_url, "settings": told_to_bot}
        print(json.dumps(told), flush=True)  # noqa: T201  the one line that tells the addresses
        await ended.wait()


@contextlib.asynccontextmanager
async def serve_page(stage: Stage, port: int, *, tried: int = PORTS_TRIED) -> AsyncIterator[str]:
    """Serve the page until the block ends, and give its address.

    Args:
        stage: what it shows.
        port: the first that is tried; 0 takes any.
        tried: how many, one after the other, until one is free.

    Raises:
        SystemExit: none of them is.
    """
    async with contextlib.AsyncExitStack() as stack:
        for number in range(port, min(port + tried, MOST_PORTS) if port else 1):
            with contextlib.suppress(OSError):
                url = await stack.enter_async_context(serve(build_app(stage), number))
                break
        else:
            raise SystemExit(f"no port from {port} on is free")
        watching = asyncio.create_task(stage.watch_bot())
        stack.callback(watching.cancel)
        yield url


@contextlib.asynccontextmanager
async def _until_stdin_ends(ended: asyncio.Event) -> AsyncIterator[None]:
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )

    async def watch() -> None:
        companions = [int(line) async for line in reader]
        for process_id in companions:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process_id, signal.SIGTERM)
        ended.set()

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        transport.close()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of the page; 0 takes a free one")
    asyncio.run(run(parser.parse_args().port))


if __name__ == "__main__":
    main()
