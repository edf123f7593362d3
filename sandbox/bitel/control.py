"""The control port: what a test or a person in another process tells the gateway over HTTP.

    POST /control/fault   {"fault": name or null, "times": 1, "always": false, "on": "post"} and
                          the fault's own arguments, `placed`, and `delayed` (seconds) -> the state
    POST /control/status  {"id": ..., "status": ..., "code": ..., "bill_sec": ...} -> the call
    POST /control/forget  {"id": ...} -> the state
    POST /control/reset   -> the state
    GET  /control/state   -> counts, and what is still to go wrong
    GET  /control/seen    -> {"posts": [...], "polls": [...]}

What cannot be done is answered 400, an unknown id 404, both as `{"error": "..."}`.
No token is asked for: the sandbox listens on loopback.
"""

import dataclasses
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.bitel.faults import named
from sandbox.bitel.gateway import WIRES, Gateway

Asked = dict[str, Any]


def control_routes(gateway: Gateway) -> list[Route]:
    """Return the paths under `/control/`."""
    control = _Control(gateway)
    posts = (control.fault, control.status, control.forget, control.reset)
    gets = (control.state, control.seen)
    return [_route("POST", deed) for deed in posts] + [_route("GET", deed) for deed in gets]


class _Control:
    """What can be asked of the control port; each method is a path."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def fault(self, asked: Asked) -> Asked:
        times, always, on = (asked.pop(*option) for option in _OPTIONS)
        if on not in WIRES or type(times) is not int:
            raise ValueError("on is post or poll, times is a number")
        fault = named(asked.pop("fault", None), asked)
        if always:
            self._gateway.always(fault, on=on)
        else:
            self._gateway.fail_next(fault, times, on=on)
        return self._gateway.state()

    def status(self, asked: Asked) -> Asked:
        call = self._gateway.calls[str(asked.pop("id", None))]
        self._gateway.set_status(call.id, **asked)
        return self._gateway.entry(call)

    def forget(self, asked: Asked) -> Asked:
        self._gateway.forget(str(asked.get("id")))
        return self._gateway.state()

    def reset(self, _: Asked) -> Asked:
        self._gateway.reset()
        return self._gateway.state()

    def state(self, _: Asked) -> Asked:
        return self._gateway.state()

    def seen(self, _: Asked) -> Asked:
        posts = [batch.as_json() for batch in self._gateway.seen]
        return {"posts": posts, "polls": [dataclasses.asdict(p) for p in self._gateway.polled]}


_OPTIONS: tuple[tuple[str, Any], ...] = (("times", 1), ("always", False), ("on", "post"))


def _route(method: str, deed: Callable[[Asked], Asked]) -> Route:
    async def answer(request: Request) -> Response:
        body = await request.body()
        try:
            asked = await request.json() if body else {}
            return JSONResponse(deed(asked))
        except KeyError as unknown:
            return JSONResponse({"error": f"unknown id {unknown}"}, 404)
        except (AttributeError, TypeError, ValueError) as wrong:
            return JSONResponse({"error": str(wrong)}, 400)

    return Route(f"/control/{deed.__name__}", answer, methods=[method])
