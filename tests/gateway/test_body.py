"""One body, within bounds."""

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.bitel import Bitel
from bot.gateway.body import LIMIT, BoundedBody, TooLargeError, UndecodableError
from bot.gateway.models import Unknown, UnknownReason
from tests.gateway.conftest import NUMBERS, VOICE, RawServer, answer

MEGABYTE = 1_000_000


def packed_zeros(megabytes: int, wbits: int) -> bytes:
    """So many megabytes of zeros, packed without ever holding them."""
    packer = zlib.compressobj(9, wbits=wbits)
    parts = [packer.compress(bytes(MEGABYTE)) for _ in range(megabytes)]
    return b"".join(parts) + packer.flush()


def read(body: BoundedBody, data: bytes, step: int) -> bytes:
    """Feed it in pieces of this size and finish."""
    for start in range(0, len(data), step):
        body.feed(data[start : start + step])
    body.finish()
    return body.content


@given(st.binary(max_size=300_000), st.integers(1, 100_000), st.sampled_from([31, 15, -15]))
def test_packed_is_unpacked_in_any_pieces(data: bytes, step: int, wbits: int) -> None:
    """However the packed bytes are cut, what comes out is what went in."""
    coding = "gzip" if wbits == 31 else "deflate"
    packed = zlib.compress(data, wbits=wbits)
    assert read(BoundedBody(coding), packed, step) == data


@pytest.mark.parametrize("coding", ["", "gzip"])
@pytest.mark.parametrize("step", [1000, LIMIT * 2])
def test_limit_is_exact(coding: str, step: int) -> None:
    """A body of just the limit is whole, one byte more is too much, and what fits is kept."""
    pack = gzip.compress if coding else bytes
    assert len(read(BoundedBody(coding), pack(bytes(LIMIT)), step)) == LIMIT
    body = BoundedBody(coding)
    with pytest.raises(TooLargeError):
        read(body, pack(bytes(LIMIT + 1)), step)
    assert len(body.content) == LIMIT


@pytest.mark.parametrize(("coding", "wbits"), [("gzip", 31), ("deflate", 15), ("deflate", -15)])
def test_bomb_takes_no_memory(coding: str, wbits: int) -> None:
    """200 MB in a small packet never hold more than a few times the limit."""
    bomb = packed_zeros(200, wbits)
    body = BoundedBody(coding)
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError):
            read(body, bomb, len(bomb))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * LIMIT


def test_unpacking_ends_at_a_step() -> None:
    """Where the packed bytes are used up just as a step is full, the rest still comes out."""
    for extra in range(600):
        data = bytes(65_536 + extra)
        packed = zlib.compress(data, wbits=-15)
        assert read(BoundedBody("deflate"), packed, len(packed)) == data


def test_packed_data_that_unpacks_to_nothing_ends() -> None:
    """Bytes on the wire are bounded too: empty blocks without end are left at the limit."""
    packer = zlib.compressobj(wbits=31)
    start = packer.compress(b"x") + packer.flush(zlib.Z_FULL_FLUSH)
    nothing = b"\x00\x00\x00\xff\xff" * 200_000  # stored blocks of length 0
    body = BoundedBody("gzip")
    with pytest.raises(TooLargeError):
        read(body, start + nothing * 10, MEGABYTE)
    assert body.content == b"x"


@given(st.binary(), st.sampled_from(["gzip", "deflate", "br", "gzip, br", "x"]))
def test_junk_is_undecodable_or_read(data: bytes, coding: str) -> None:
    """Junk under any coding is read or undecodable, and nothing else."""
    body = BoundedBody(coding)
    try:
        read(body, data, 7)
    except UndecodableError:
        assert len(body.content) <= LIMIT


async def test_bomb_over_the_wire(bitel: Bitel, server: RawServer) -> None:
    """A launch that is answered with a bomb of 200 MB is unknown, and memory stays bounded."""
    server.reply = answer(packed_zeros(200, 31), "200 OK", "Content-Encoding: gzip")
    tracemalloc.start()
    try:
        outcome = await bitel.place_batch(
            voice_id=VOICE, numbers=NUMBERS, retry_count=1, server_id=None
        )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(outcome, Unknown)
    assert outcome.reason is UnknownReason.TOO_LARGE
    assert peak < 4 * LIMIT
