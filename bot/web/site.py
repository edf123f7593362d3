"""What is served: `/healthz`, `/metrics`, and the door for events behind every other path."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.health import Check
from bot.settings import Settings
from bot.web.events import EventDoor, TakesEvents
from bot.web.metrics import Metrics
from bot.web.port import Port


def build_port(
    settings: Settings,
    *,
    events: TakesEvents | None,
    checks: Callable[[], Awaitable[Sequence[Check]]],
    metrics: Metrics,
) -> Port | None:
    """The port that the settings ask for, not yet open; None if they ask for none."""
    if settings.http_port is None:
        return None
    door = EventDoor(secret=settings.bitel_webhook_secret, events=events, count=metrics.count)
    site = build_site(door=door, checks=checks, metrics=metrics)
    return Port(host=settings.http_host, port=settings.http_port, app=site)


def build_site(
    *,
    door: EventDoor,
    checks: Callable[[], Awaitable[Sequence[Check]]],
    metrics: Metrics,
) -> Starlette:
    """The ASGI application of the port.

    `/healthz` answers 200 if all is well, otherwise 503, as JSON: `ok`, `reason` (null, or what is
    wrong, in words) and `checks`, by name, each with `ok` and `words`. `/metrics` answers in the
    text format of Prometheus, or in OpenMetrics if that is asked for.
    """

    async def health(_: Request) -> Response:
        found = await checks()
        wrong = [check.words for check in found if not check.ok]
        said = {
            "ok": not wrong,
            "reason": "; ".join(wrong) or None,
            "checks": {check.name: {"ok": check.ok, "words": check.words} for check in found},
        }
        return JSONResponse(said, status_code=503 if wrong else 200)

    async def show_metrics(request: Request) -> Response:
        text, kind = await metrics.text(request.headers.get("accept", ""))
        return Response(text, headers={"Content-Type": kind})

    site = Starlette(routes=[Route("/healthz", health), Route("/metrics", show_metrics)])
    site.router.redirect_slashes = False  # a redirect would repeat the secret
    site.router.default = door
    return site
