"""A served Bitel sandbox, a client that keeps no connection alive, the documented schemas."""

import contextlib
import json
import pathlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import yaml
from jsonschema import Draft202012Validator

from sandbox.bitel import BitelSandbox, Call
from sandbox.bitel.orders import ENDPOINTS

TOKEN = "jwt"
VOICE = "08e815cbcd724386805103ac0d45e4c2"
NOON = 1_564_643_999.0
ANSWERED, ALSO_ANSWERED, UNANSWERED = "09120000000", "09120000001", "09120000005"
BUSY, FAILED, EXPIRED, UNKNOWN = "09120000006", "09120000007", "09120000008", "09120000099"


@dataclass
class Clock:
    """A clock that goes when it is told to."""

    now: float = NOON

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@dataclass
class Rig:
    """The sandbox and a client with the right token."""

    bitel: BitelSandbox
    client: httpx.AsyncClient

    async def post(self, *numbers: str, path: str = "batch", **fields: Any) -> httpx.Response:
        """Place a batch of `numbers`; `fields` replace or add to the body's."""
        body = {"phoneNumbers": list(numbers), "voiceId": VOICE, **fields}
        return await self.client.post(f"/api/v2/voice/{path}", json=body)

    async def placed(self, *numbers: str, **fields: Any) -> list[str]:
        """Place a batch, and return the ids that the answer gives."""
        answer = await self.post(*numbers, **fields)
        return [call["id"] for call in answer.json()["result"]]

    async def status(self, call_id: str) -> httpx.Response:
        """Ask for a call's status."""
        return await self.client.get(f"/api/v2/voice/status/{call_id}")


@contextlib.asynccontextmanager
async def rig(**options: Any) -> AsyncIterator[Rig]:
    """Serve a sandbox with these options."""
    bitel = BitelSandbox(**{"token": TOKEN, **options})
    async with (
        bitel.serve() as url,
        httpx.AsyncClient(
            base_url=url,
            headers={"authorization": f"Bearer {TOKEN}"},
            limits=httpx.Limits(max_keepalive_connections=0),
            timeout=20,
            trust_env=False,
        ) as client,
    ):
        yield Rig(bitel, client)


def place(bitel: BitelSandbox, *numbers: str) -> list[Call]:
    """Place calls without the wire."""
    body = json.dumps({"phoneNumbers": numbers, "voiceId": VOICE}).encode()
    bitel.place(ENDPOINTS[0], f"Bearer {bitel.token}", body)
    return [bitel.calls_to(number)[-1] for number in numbers]


def documentation() -> dict[str, Any]:
    """The gateway's OpenAPI document, with its schemas as JSON Schema."""
    text = (pathlib.Path(__file__).parent.parent / "openapi.yaml").read_text()
    document: dict[str, Any] = _with_null(yaml.safe_load(text))
    return document


def assert_documented(schema: str | dict[str, Any], body: Any) -> None:
    """Assert that `body` is what the gateway's documentation calls `schema`, or this schema."""
    own = {"$ref": f"#/components/{schema}"} if isinstance(schema, str) else schema
    root = {"components": documentation()["components"], **own}
    Draft202012Validator(root).validate(body)


def _with_null(node: Any) -> Any:
    """Say OpenAPI 3.0's `nullable: true` in JSON Schema's way: null among the types."""
    if isinstance(node, list):
        return [_with_null(each) for each in node]
    if not isinstance(node, dict):
        return node
    plain = {name: _with_null(each) for name, each in node.items() if name != "nullable"}
    return {**plain, "type": [plain["type"], "null"]} if node.get("nullable") is True else plain
