"""`python -m sandbox.bitel`: the simulated gateway as a process of its own."""

import asyncio
import signal

import click

from sandbox.bitel import BitelSandbox


@click.command()
@click.option("--port", default=0, show_default="a free one", help="Port on 127.0.0.1.")
@click.option("--token", required=True, help="The bearer token that is taken.")
@click.option("--latency", default=0, show_default=True, help="Milliseconds before each answer.")
@click.option("--speed", default=1.0, show_default=True, help="Simulated seconds in a second.")
@click.option("--seed", type=int, help="Repeat the call ids of an earlier run.")
def main(port: int, token: str, latency: int, speed: float, seed: int | None) -> None:
    """Serve a simulated Bitel gateway until Ctrl-C or SIGTERM.

    The first line on stdout is its base URL; /control/state tells what it saw.
    """
    bitel = BitelSandbox(token=token, latency=latency / 1000, speed=speed, seed=seed)
    asyncio.run(_serve(bitel, port))


async def _serve(bitel: BitelSandbox, port: int) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with bitel.serve(port) as url:
        click.echo(url)
        await ended.wait()


if __name__ == "__main__":
    main(prog_name="python -m sandbox.bitel")
