"""The gateway at the far end of the wire: a transport under the real `Bitel`.

It keeps every POST that it was given, and each is answered as the test says: at once by a script,
or when the test chooses to.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.calling.numbers import national
from bot.gateway.bitel import Bitel
from tests.calling.courses import Course

Answer = httpx.Response | Exception
TIMEOUT = 30.0  # seconds, as in the settings' default


@dataclass(eq=False, slots=True, kw_only=True)
class Post:
    """One POST as the gateway read it.

    `numbers` are in E.164, `sent` is the whole JSON, `path` where it went. `left` tells that it
    surely left the program, which an answer in the class *unsent* takes back; `broken_off` that
    nobody waits for its answer any more.
    """

    path: str
    sent: dict[str, Any]
    numbers: tuple[str, ...]
    at: float
    answer: "asyncio.Future[Answer]"
    ids: tuple[str, ...] = ()
    left: bool = True
    refused: bool = False
    broken_off: bool = False

    @property
    def open(self) -> bool:
        """Whether the program still waits for an answer."""
        return not self.answer.done() and not self.broken_off


@dataclass(slots=True)
class Switchboard:
    """What the gateway has seen, and what it says.

    Attributes:
        script: answers of the next POSTs, each a function of its POST.
        holds: an unscripted POST waits for `answer`; otherwise all its numbers are accepted.
        calls: what a status call tells of each id.
        timeout: seconds that the program waits for an answer.
        courses: how the calls of each id go on; the others stay as they are in `calls`.
        questions: an error for every status call, while it is set.
        asked_at: when each status call came.
    """

    clock: Callable[[], float]
    received: Callable[[Post], None] = lambda _: None
    posts: list[Post] = field(default_factory=list)
    script: deque[Callable[[Post], Answer]] = field(default_factory=deque)
    holds: bool = False
    calls: dict[str, dict[str, Any]] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=dict)
    questions: Answer | None = None
    timeout: float = TIMEOUT
    asked: list[str] = field(default_factory=list)
    asked_at: list[float] = field(default_factory=list)
    answers_questions: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Questions are answered at once, until a test says otherwise."""
        self.answers_questions.set()

    def bitel(self) -> Bitel:
        """The program's own client, whose wire ends here."""
        return Bitel(
            base_url="http://gateway.test",
            token="token",
            timeout=self.timeout,
            transport=httpx.MockTransport(self.handle),
        )

    async def handle(self, request: httpx.Request) -> httpx.Response:
        """Be the gateway."""
        if request.method == "POST":
            return await self._post(request.url.path, json.loads(request.content))
        return await self._question(request.url.path.rpartition("/")[2])

    async def _post(self, path: str, sent: dict[str, Any]) -> httpx.Response:
        numbers = tuple("+98" + number[1:] for number in sent["phoneNumbers"])
        future = asyncio.get_running_loop().create_future()
        post = Post(path=path, sent=sent, numbers=numbers, at=self.clock(), answer=future)
        self.posts.append(post)
        self.received(post)
        if self.script:
            self.answer(post, self.script.popleft()(post))
        elif not self.holds:
            self.answer(post, self.accept(post))
        try:
            answer = await post.answer
        except asyncio.CancelledError:
            post.broken_off = True
            raise
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _question(self, call_id: str) -> httpx.Response:
        self.asked.append(call_id)
        self.asked_at.append(self.clock())
        await self.answers_questions.wait()
        if isinstance(self.questions, Exception):
            raise self.questions
        if self.questions is not None:
            return self.questions
        call = self.calls.get(call_id)
        if call is not None and call_id in self.courses:
            call = self.courses[call_id].at(call, self.clock() - call["requestDate"])
        return httpx.Response(200, json=call) if call else refusal(200, "NotFound")

    def answer(self, post: Post, answer: Answer) -> None:
        """Let a POST end so."""
        if isinstance(answer, httpx.ConnectError | httpx.ConnectTimeout):
            post.left = False
        elif isinstance(answer, httpx.Response) and b'"id"' in answer.content:
            post.ids = tuple(call["id"] for call in json.loads(answer.content)["result"])
        post.answer.set_result(answer)

    def place(
        self, number: str, *, at: float | None = None, status: str = "WAITING"
    ) -> dict[str, Any]:
        """Place a call to a number (E.164), and return it as the gateway tells of it."""
        call_id = f"{len(self.calls) + 1:032x}"
        call = {
            "id": call_id,
            "phoneNumber": national(number),
            "status": status,
            "billSec": 0,
            "requestDate": int(self.clock() if at is None else at),
            "executionDate": 0,
            "price": 0.0,
        }
        self.calls[call_id] = call
        return call

    def accept(self, post: Post, numbers: Sequence[str] | None = None) -> httpx.Response:
        """An answer with an id for each of these numbers, by default for all of the POST."""
        chosen = post.numbers if numbers is None else numbers
        return accepted([self.place(number, at=post.at) for number in chosen])

    def open_posts(self) -> list[Post]:
        """The POSTs that wait for an answer."""
        return [post for post in self.posts if post.open]


def accepted(calls: list[dict[str, Any]], http_status: int = 200) -> httpx.Response:
    """An answer that holds these calls."""
    body = json.dumps({"result": calls, "error": None})
    return httpx.Response(http_status, content=body.encode())


def refusal(http_status: int, code: str) -> httpx.Response:
    """An answer that says no, as documented."""
    return httpx.Response(http_status, json={"result": None, "error": code})


def refuse(post: Post, http_status: int = 400, code: str = "InvalidServer") -> httpx.Response:
    """Say no to a POST."""
    post.refused = True
    return refusal(http_status, code)


def not_connected(_: Post | None = None) -> Exception:
    """Nothing was sent."""
    return httpx.ConnectError("no route")


def cut(_: Post | None = None) -> Exception:
    """The connection broke while the answer was awaited."""
    return httpx.ReadError("reset")
