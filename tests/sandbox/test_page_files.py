"""What the page's server gives, and to whom."""

import json
import os
import pathlib
import re
from urllib.parse import quote

import httpx
import pytest

from sandbox.page.app import STATIC, TYPES
from tests.sandbox.page_rig import PageRig, page

FILES = sorted(path for path in STATIC.rglob("*") if path.is_file())


async def raw(r: PageRig, target: bytes) -> httpx.Response:
    """Ask for a target as it stands: a client would tidy it up."""
    url = r.client.base_url.copy_with(raw_path=target)
    return await r.client.send(httpx.Request("GET", url, headers={"host": url.netloc.decode()}))


async def test_every_file_of_the_page() -> None:
    """`/` is the page; each file of its folder is given with its type, to be asked for anew."""
    async with page() as r:
        index = await r.client.get("/")
        assert (index.status_code, index.headers["content-type"]) == (200, TYPES[".html"])
        assert FILES
        for path in FILES:
            answer = await r.client.get(f"/static/{path.relative_to(STATIC).as_posix()}")
            assert answer.content == path.read_bytes()
            assert answer.headers["content-type"] == TYPES[path.suffix]
            assert answer.headers["cache-control"] == "no-cache"


def test_the_page_needs_no_exception() -> None:
    """The page holds no script, style or handler within its HTML: the policy would stop it."""
    text = (STATIC / "index.html").read_text(encoding="utf-8")
    assert (
        re.findall(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text) == []
    )
    assert re.findall(r"""(?:src|href)=["'](?:https?:)?//""", text) == []


async def test_headers_of_every_answer() -> None:
    """Each answer, a refusal too, says that nothing foreign may run in it, or guess its type."""
    async with page() as r:
        for path in ("/", "/static/nothing.js", "/files/none", "/nothing"):
            headers = (await r.client.get(path)).headers
            policy = headers["content-security-policy"]
            assert "default-src 'self'" in policy
            assert "unsafe" not in policy
            assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        b"/static/nothing.js",
        b"/static/",
        b"/static/../app.py",
        b"/static/../../demo/cast.py",
        b"/static/%2e%2e/app.py",
        b"/static/..%2fapp.py",
        b"/static/%2e%2e%2f%2e%2e%2f%2e%2e%2fREADME.md",
        b"/static//etc/passwd",
        b"/static/%2fetc%2fpasswd",
        b"/static/js/../../__init__.py",
        b"/static/%00",
        b"/static/index.html%00.js",
        b"/app.py",
    ],
)
async def test_nothing_else_is_given(path: bytes) -> None:
    """What is not a file of the page's folder is not found, whatever its spelling."""
    async with page() as r:
        assert (await raw(r, path)).status_code == 404


@pytest.fixture
def outside(tmp_path: pathlib.Path) -> list[str]:
    """A file of a known type elsewhere: its whole path, and the way to it from the page's."""
    path = tmp_path / "outside.js"
    path.write_text("1")
    return [str(path), os.path.relpath(path, STATIC)]


async def test_nothing_outside_is_given(outside: list[str]) -> None:
    """A file elsewhere is not found, by its whole path or by the way to it."""
    async with page() as r:
        for spelling in outside:
            for target in (f"/static/{spelling}", f"/static/{quote(spelling, safe='')}"):
                assert (await raw(r, target.encode())).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "evil.example:80"},
        {"host": "127.0.0.1:1"},
        {"host": ""},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
    ],
)
async def test_foreign_requests(headers: dict[str, str]) -> None:
    """Another host (DNS rebinding) or another page's request is refused, and does nothing."""
    async with page() as r:
        for path in ("/", "/live", "/files/x", "/static/index.html"):
            assert (await r.client.get(path, headers=headers)).status_code == 403
        asked = {"person": r.sara.id, "chat": r.sara.id, "text": "Hi"}
        for path in ("/act/send", "/act/upload"):
            assert (await r.client.post(path, json=asked, headers=headers)).status_code == 403
        assert r.stage.tg.messages(r.sara) == []


async def test_the_pages_own_requests() -> None:
    """By address or by name, a request that names the page's own origin is served."""
    async with page() as r:
        port = r.client.base_url.port
        for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
            headers = {"host": host, "origin": f"http://{host}"}
            asked = {"person": r.sara.id, "chat": r.sara.id, "text": "Hi"}
            answer = await r.client.post("/act/send", json=asked, headers=headers)
            assert answer.status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_form_is_no_deed(kind: str) -> None:
    """What a foreign form could send without being asked is no deed."""
    async with page() as r:
        body = json.dumps({"person": r.sara.id, "chat": r.sara.id, "text": "Hi"})
        answer = await r.client.post("/act/send", content=body, headers={"content-type": kind})
        assert answer.status_code == 415
        assert r.stage.tg.messages(r.sara) == []


async def test_files_of_the_chats() -> None:
    """A file of a chat is given as it is, to be shown or kept, and nothing in it ever runs."""
    async with page() as r:
        world = r.stage.tg.world
        stored = world.keep_file("گزارش 1.csv", "text/csv", b"a,b\n")
        shown = await r.client.get(f"/files/{stored.file_id}")
        assert (shown.content, shown.headers["content-type"]) == (
            b"a,b\n",
            "text/csv; charset=utf-8",
        )
        name = "%DA%AF%D8%B2%D8%A7%D8%B1%D8%B4%201.csv"
        assert shown.headers["content-disposition"] == f"inline; filename*=UTF-8''{name}"
        assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
        kept = await r.client.get(
            f"/files/{stored.file_id}", params={"download": 1, "name": 'a"\n'}
        )
        assert kept.headers["content-disposition"] == "attachment; filename*=UTF-8''a%22%0A"
        assert (await r.client.get("/files/none")).status_code == 404
