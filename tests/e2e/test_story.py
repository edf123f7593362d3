"""The main story of the product, by the real program, from `/call` to the record and back."""

from tests.e2e.harness import VOICE, World

ASKED = f"/call {VOICE} 09120000001 09120000002 +98 912 000 0003"


async def test_a_call_is_launched_recorded_and_found_again_after_kill_9(world: World) -> None:
    """The README's `/call` is answered with ids and statuses; `/status` has them ever after."""
    bot = await world.program()
    board = await world.ask(world.sara, ASKED)
    await world.shows(board, "All 3 numbers are at the gateway")

    (post,) = world.bitel.seen
    assert post.numbers == ("09120000001", "09120000002", "09120000003")
    assert (post.voice, post.retry) == (VOICE, 1)
    for number, call_id in zip(post.numbers, post.ids, strict=True):
        assert f"{number} · waiting · {call_id}" in board.text
        assert f"<code>{call_id}</code>" in (board.html or "")

    await bot.kill9()
    await world.program()
    again = await world.ask(world.sara, "/status")
    assert all(call_id in again.text for call_id in post.ids)
    found = await world.ask(world.bob, f"/status {post.ids[1][:8]}")
    assert "09120000002" in found.text
    assert "#b1" in found.text
    by_number = await world.ask(world.sara, "/status 0912 000 0003")
    assert post.ids[2] in by_number.text
    listed = await world.ask(world.bob, "/batches")
    assert "#b1" in listed.text
    assert world.bitel.posts == 1
