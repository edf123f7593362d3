"""A served page without a browser: a client that reads its stream as the page's scripts do."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from sandbox.demo.cast import build_stage
from sandbox.page import Stage, build_app
from sandbox.page.live import ALIVE_EVERY
from sandbox.serving import serve
from sandbox.telegram import Message, Person

Json = dict[str, Any]


@dataclass
class Known:
    """What a page knows: the patches that came, each thing by its key."""

    run: str = ""
    rev: int = 0
    fresh: int = 0
    whole: Json = field(default_factory=dict)
    things: dict[tuple[Any, ...], Json] = field(default_factory=dict)
    revisions: list[tuple[Any, ...]] = field(default_factory=list)

    def take(self, patch: Json) -> None:
        """Take a patch in, as the page does."""
        if patch.get("fresh"):
            self.fresh += 1
            self.things.clear()
            self.whole.clear()
        self.run, self.rev = patch["run"], patch["rev"]
        for name in ("cast", "menus", "pins", "gateway", "bot"):
            if name in patch:
                self.whole[name] = patch[name]
        for name, keys in KEYS.items():
            for thing in patch.get(name, []):
                key = (name, *(thing[part] for part in keys))
                self.things[key] = thing
                self.revisions.append((*key, thing["rev"]))

    def all(self, name: str) -> list[Json]:
        """All things of a kind."""
        return [thing for key, thing in self.things.items() if key[0] == name]


KEYS = {
    "messages": ("chat", "id"),
    "answers": ("id",),
    "typing": ("chat",),
    "requests": ("n",),
    "calls": ("id",),
}


@dataclass
class PageRig:
    """A stage, its page, and a client that is the page's own."""

    stage: Stage
    client: httpx.AsyncClient

    @property
    def sara(self) -> Person:
        """The admin."""
        return self.stage.cast.roles[0].person

    @property
    def omid(self) -> Person:
        """The member."""
        return self.stage.cast.roles[1].person

    async def act(self, deed: str, **asked: Any) -> httpx.Response:
        """Ask for a deed."""
        return await self.client.post(f"/act/{deed}", json=asked)

    async def done(self, deed: str, **asked: Any) -> Json:
        """Ask for a deed that is done."""
        answer = await self.act(deed, **asked)
        assert answer.status_code == 200, answer.text
        said: Json = answer.json()
        assert said.pop("ok") is True
        return said

    async def sent(self, deed: str, **asked: Any) -> Message:
        """Ask for a deed that makes one message, and return that."""
        said = await self.done(deed, **asked)
        (message_id,) = said["messages"]
        chat = asked.get("to", asked.get("chat", asked["person"]))
        return self.stage.tg.world.chats[chat].by_id[message_id]

    @contextlib.asynccontextmanager
    async def live(self, known: Known | None = None) -> AsyncIterator[AsyncIterator[Json]]:
        """Open the stream from where a page stands, and give its patches."""
        query = {"run": known.run, "after": str(known.rev)} if known and known.run else {}
        async with self.client.stream("GET", "/live", params=query) as response:
            assert response.headers["content-type"].startswith("text/event-stream")
            yield self._patches(response)

    async def _patches(self, response: httpx.Response) -> AsyncIterator[Json]:
        event: dict[str, str] = {}
        async for line in response.aiter_lines():
            name, _, value = line.partition(": ")
            if line:
                event[name] = value
            elif "data" in event:
                patch = json.loads(event["data"])
                assert event == {"id": str(patch["rev"]), "event": "patch", "data": event["data"]}
                event = {}
                yield patch
            else:
                event = {}

    async def follow(self, known: Known, until: Any) -> None:
        """Read the stream until something holds of what is known; then break it off."""
        async with asyncio.timeout(40), self.live(known) as patches:
            async for patch in patches:
                known.take(patch)
                if until(known):
                    return


@contextlib.asynccontextmanager
async def page(
    stage: Stage | None = None, *, alive_every: float = ALIVE_EVERY
) -> AsyncIterator[PageRig]:
    """Serve the page of a stage, without its servers."""
    own = stage or build_stage()
    async with (
        serve(build_app(own, alive_every=alive_every)) as url,
        httpx.AsyncClient(base_url=url, trust_env=False, timeout=20) as client,
    ):
        yield PageRig(own, client)


def picture() -> bytes:
    """A PNG of one pixel."""
    return bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    )
