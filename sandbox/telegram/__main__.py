"""`python -m sandbox.telegram --port 8081 --token 1:secret`: the simulated server by itself."""

import argparse
import asyncio
import contextlib
import signal
import time

from sandbox.telegram.simulated import TelegramSandbox
from sandbox.telegram.world import DEFAULT_TOKEN

EPOCH = 1_700_000_000  # ids count on from the seconds since then: a new start repeats none


async def run(port: int, token: str) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    tg = TelegramSandbox(token=token, ids_after=int(time.time()) - EPOCH)
    async with tg.serve(port) as url:
        print(url, flush=True)  # noqa: T201  the one line that tells the address
        await stop.wait()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--token", default=DEFAULT_TOKEN, help="the token that the bot must use")
    arguments = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(arguments.port, arguments.token))


if __name__ == "__main__":
    main()
