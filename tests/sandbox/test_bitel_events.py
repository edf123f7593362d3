"""The gateway's events: when they are sent, when they are not, and how they can go wrong."""

import asyncio
import logging

import pytest

from sandbox.bitel import EventManners, faults
from sandbox.bitel.ledger import KEPT
from sandbox.serving import free_port
from tests.sandbox.bitel_rig import ANSWERED, FAILED, Clock, Rig, rig
from tests.sandbox.event_receiver import receiver

FAST = 1000.0
NUMBERS = [f"0912{n:06d}7" for n in range(20)]  # all fail, 4 simulated seconds after their request


def results(r: Rig) -> list[str]:
    """How each event went, as a person is told, oldest first."""
    slots = [r.bitel.ledger.in_slot(slot) for slot in range(KEPT)]
    return [one.result for one in slots if one is not None and one.kind == "event"]


async def settled(r: Rig, count: int) -> list[str]:
    """The same, once there are so many and each has come to something."""
    await r.bitel.wait_for(lambda: len(results(r)) == count and "pending" not in results(r))
    return results(r)


async def test_one_event_for_each_call() -> None:
    """Each call that ends is told once, also where its status is set by hand later."""
    async with receiver() as events, rig(speed=FAST, events_url=events.url) as r:
        ids = await r.placed(*NUMBERS)
        got = [(await events.next())["requestId"] for _ in ids]
        assert sorted(got) == sorted(ids)
        r.bitel.set_status(ids[0], "NORMAL", bill_sec=12)
        (another,) = await r.placed(FAILED)
        assert (await events.next())["requestId"] == another
        assert await settled(r, len(ids) + 1) == ["sent"] * (len(ids) + 1)
        assert r.bitel.book.ended == {"ERROR": len(ids), "NORMAL": 1}
        assert len(events.got) == len(ids) + 1


async def test_an_end_by_hand_is_told() -> None:
    """A call that is given its final status is told with it at once, a waiting one is not."""
    async with receiver() as events, rig(clock=Clock(), events_url=events.url) as r:
        first, second = await r.placed(ANSWERED, FAILED)
        r.bitel.set_status(first, "WAITING")
        r.bitel.set_status(second, "NORMAL", bill_sec=10)
        event = await events.next()
        assert (event["requestId"], event["cause"]) == (second, "NORMAL")
        assert event["balanceSubtracted"] == 28.5
        assert len(events.got) == 1


async def test_no_event_where_none_is_wanted() -> None:
    """Events that are off are not sent later either; on again, the next ones are."""
    async with receiver() as events, rig(speed=FAST, events_url=events.url, events_on=False) as r:
        await r.placed(*NUMBERS)
        await r.bitel.wait_for(lambda: r.bitel.book.ended["ERROR"] == len(NUMBERS))
        r.bitel.events_on = True
        (call,) = await r.placed(FAILED)
        assert (await events.next())["requestId"] == call
        assert len(events.got) == 1


async def test_nowhere_to_send() -> None:
    """Without an address calls end, and nothing is sent."""
    async with rig(speed=FAST) as r:
        await r.placed(*NUMBERS)
        await r.bitel.wait_for(lambda: r.bitel.book.ended["ERROR"] == len(NUMBERS))
        assert results(r) == []


async def test_a_forgotten_call_is_not_told() -> None:
    """A call that the gateway no longer knows ends in silence."""
    clock = Clock()
    async with receiver() as events, rig(clock=clock, events_url=events.url) as r:
        gone, kept = await r.placed(*NUMBERS[:2])
        r.bitel.forget(gone)
        clock.now += 4
        r.bitel.book.timetable.wake()
        assert (await events.next())["requestId"] == kept
        assert len(events.got) == 1


async def test_an_event_is_not_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    """Refused, or with nobody there, it is noted, logged without its number, and given up."""
    async with receiver() as events, rig(speed=FAST, events_url=events.url) as r:
        events.status = 503
        await r.placed(FAILED)
        assert await settled(r, 1) == ["refused"]
        nowhere = (f"http://127.0.0.1:{free_port()}/", "http://[", "nonsense")
        for count, url in enumerate(nowhere, 2):
            r.bitel.events_url = url
            with caplog.at_level(logging.WARNING, "sandbox.bitel.events"):
                await r.placed(FAILED)
                await settled(r, count)
        assert results(r) == ["refused", *["not answered"] * 3]
        assert len(caplog.records) == 3
        assert FAILED not in caplog.text
        assert (events.status, len(events.got)) == (503, 1)


async def test_lost_events() -> None:
    """A share of the events is lost: about that many, and the same ones for the same seed."""
    sent = []
    for _ in range(2):
        async with rig(
            speed=FAST,
            seed=7,
            events_url=f"http://127.0.0.1:{free_port()}/",
            event_manners=EventManners(lost=0.5),
        ) as r:
            await r.placed(*NUMBERS)
            sent.append(await settled(r, len(NUMBERS)))
    assert sent[0].count("lost") == sent[1].count("lost")
    assert 0 < sent[0].count("lost") < len(NUMBERS)


async def test_repeated_events() -> None:
    """An event can come several times, the same each time."""
    manners = EventManners(repeat=3)
    async with (
        receiver() as events,
        rig(speed=FAST, events_url=events.url, event_manners=manners) as r,
    ):
        await r.placed(FAILED)
        first, *others = [await events.next() for _ in range(3)]
        assert others == [first, first]


async def test_late_events() -> None:
    """A late event comes its time after the end, and tells what the call came to then."""
    clock = Clock()
    manners = EventManners(delay=60)
    async with (
        receiver() as events,
        rig(clock=clock, events_url=events.url, event_manners=manners) as r,
    ):
        (call,) = await r.placed(FAILED)
        clock.now += 4
        r.bitel.book.timetable.wake()
        await r.bitel.wait_for(lambda: r.bitel.book.ended["ERROR"])
        clock.now += 59
        r.bitel.book.timetable.catch_up()
        assert results(r) == []
        clock.now += 1
        r.bitel.book.timetable.wake()
        event = await events.next()
        assert (event["requestId"], event["cause"]) == (call, "ERROR")


async def test_early_events() -> None:
    """An early event comes before the call has ended, even before the POST is answered; once."""
    clock = Clock()
    manners = EventManners(delay=-1000)
    async with (
        receiver() as events,
        rig(clock=clock, events_url=events.url, event_manners=manners) as r,
    ):
        r.bitel.fail_next(faults.hang())
        hanging = r.client.build_request(
            "POST", "/api/v2/voice/batch", json={"phoneNumbers": [ANSWERED], "voiceId": "v"}
        )
        sending = asyncio.create_task(r.client.send(hanging))
        event = await events.next()
        (call,) = r.bitel.calls_to(ANSWERED)
        assert (event["requestId"], event["cause"], event["billSec"]) == (call.id, "NORMAL", 12)
        assert r.bitel.progress(call).status == "WAITING"
        assert not sending.done()
        sending.cancel()
        clock.now += 20
        r.bitel.book.timetable.wake()
        await r.bitel.wait_for(lambda: r.bitel.book.ended["NORMAL"])
        assert len(events.got) == 1
