import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from sandbox.serving import CutConnection, serve


def app_of(arrived: asyncio.Event) -> Starlette:
    """Return an app whose paths end in each way."""

    async def hang(_: Request) -> Response:
        arrived.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def half(_: Request) -> Response:
        async def body() -> AsyncIterator[bytes]:
            yield b"x"
            arrived.set()
            await asyncio.Event().wait()

        return StreamingResponse(body())

    def path(name: str, response: Response) -> Route:
        async def handle(_: Request) -> Response:
            return response

        return Route(name, handle)

    return Starlette(
        routes=[
            Route("/hang", hang),
            Route("/half", half),
            path("/well", PlainTextResponse("well")),
            path("/cut", CutConnection()),
            path("/part", CutConnection(sent=b"{")),
            path("/reset", CutConnection(reset=True)),
        ]
    )


async def test_a_cut_connection_is_an_error_of_the_wire() -> None:
    """A cut shows as a disconnect, amid an answer as an incomplete body, or as a reset."""
    async with (
        serve(app_of(asyncio.Event())) as url,
        httpx.AsyncClient(base_url=url, trust_env=False) as client,
    ):
        assert (await client.get("/well")).text == "well"
        with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
            await client.get("/cut")
        with pytest.raises(
            httpx.RemoteProtocolError, match="without sending complete message body"
        ):
            await client.get("/part")
        with pytest.raises(httpx.ReadError):
            await client.get("/reset")


@pytest.mark.parametrize("path", ["/hang", "/half"])
async def test_the_end_does_not_wait_for_requests(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A request that would last for ever ends with the server, without a complaint."""
    arrived = asyncio.Event()
    async with httpx.AsyncClient(trust_env=False) as client:
        async with serve(app_of(arrived)) as url:
            request = asyncio.create_task(client.get(url + path))
            await arrived.wait()
        try:
            response = await request
        except httpx.RemoteProtocolError:
            assert path == "/half"
        else:
            assert response.status_code == 503
    assert caplog.messages == []


async def test_a_port_can_be_named() -> None:
    """The port is the one asked for, and free again afterwards."""
    async with serve(app_of(asyncio.Event())) as url:
        port = int(url.rpartition(":")[2])
    async with serve(app_of(asyncio.Event()), port) as again:
        assert again == url


async def test_other_cancellations_pass() -> None:
    """A request that is cancelled for another reason is left to the server."""

    async def cancelled(_: Request) -> Response:
        raise asyncio.CancelledError

    async with (
        serve(Starlette(routes=[Route("/", cancelled)])) as url,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        assert (await client.get(url)).status_code == 500


async def test_a_request_that_will_not_end_is_cut() -> None:
    """A request that ignores its cancellation loses its connection after the grace time."""
    arrived, released = asyncio.Event(), asyncio.Event()

    async def stubborn(_: Request) -> Response:
        arrived.set()
        with contextlib.suppress(asyncio.CancelledError):
            await released.wait()
        await released.wait()
        return Response()

    async with httpx.AsyncClient(trust_env=False) as client:
        async with serve(Starlette(routes=[Route("/", stubborn)]), grace=0.01) as url:
            request = asyncio.create_task(client.get(url))
            await arrived.wait()
        with pytest.raises(httpx.RemoteProtocolError):
            await request
        released.set()


async def test_a_port_that_is_taken_is_told() -> None:
    """A second server on a port fails."""
    async with serve(app_of(asyncio.Event())) as url:
        with pytest.raises(OSError, match="in use"):
            async with serve(app_of(asyncio.Event()), int(url.rpartition(":")[2])):
                pass
