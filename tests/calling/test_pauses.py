"""A pause holds until its own cure works, also where its row could not be written."""

import httpx
import pytest

from bot.calling.pauses import Cure
from storage.errors import DiskRefusesError
from storage.models import PauseReason
from tests.calling.house import ANN, Fault, House
from tests.calling.switchboard import refusal

UNAUTHORISED, DISK = PauseReason.UNAUTHORISED, PauseReason.DISK


async def pause(house: House, reason: PauseReason) -> None:
    """Pause launching."""
    await house.database.write(lambda tx: tx.pauses.begin(reason, "why", house.clock()))


async def test_once_per_reason(house: House) -> None:
    """A reason that holds already is no second pause."""
    await pause(house, UNAUTHORISED)
    await pause(house, UNAUTHORISED)
    await pause(house, DISK)
    assert await house.pauses_open() == [UNAUTHORISED, DISK]


@pytest.mark.parametrize(
    "said",
    [refusal(401, "x"), httpx.ConnectError("down"), httpx.Response(200, content=b"<p>hello")],
)
async def test_gateway_still_refuses(house: House, said: httpx.Response | Exception) -> None:
    """A 401 pause stays until the gateway answers the check as it is documented."""
    await pause(house, UNAUTHORISED)
    house.board.questions = said
    [cure] = await house.pauses.check(ANN)
    assert (cure.reason, cure.ended, bool(cure.why)) == (UNAUTHORISED, False, True)
    assert await house.pauses_open() == [UNAUTHORISED]
    house.board.questions = None
    assert await house.pauses.check(ANN) == [Cure(reason=UNAUTHORISED, ended=True)]
    assert await house.pauses_open() == []


async def test_each_by_its_own_cure(house: House) -> None:
    """The cure of one reason does not end the other."""
    await pause(house, UNAUTHORISED)
    await pause(house, DISK)
    house.board.questions = refusal(401, "x")
    cures = await house.pauses.check(ANN)
    assert [(cure.reason, cure.ended) for cure in cures] == [(UNAUTHORISED, False), (DISK, True)]
    assert await house.pauses_open() == [UNAUTHORISED]


async def test_who_ended_it(house: House) -> None:
    """The record keeps who ended a pause, or that the program did at its start."""
    for by in (ANN, None):
        await pause(house, UNAUTHORISED)
        await house.pauses.check(by)
    rows = await house.database.read(
        lambda tx: tx.db.execute("SELECT ended_by, ended_name FROM pauses ORDER BY id").fetchall()
    )
    assert rows == [(1, "Ann"), (None, None)]


async def test_disk_pause_in_memory(house: House) -> None:
    """A refusing disk pauses at once; the row follows when it takes writes, and holds on."""
    house.database.faults.extend([Fault.DISK, Fault.DISK])
    with pytest.raises(DiskRefusesError):
        await pause(house, UNAUTHORISED)
    assert [found.reason for found in await house.pauses.current()] == [DISK]
    await house.pauses.write_down()
    assert await house.pauses_open() == []
    await house.pauses.write_down()
    assert await house.pauses_open() == [DISK]
    assert [found.reason for found in await house.pauses.current()] == [DISK]
    async with house.after_kill() as second:
        assert [found.reason for found in await second.pauses.current()] == [DISK]


async def test_disk_cure(house: House) -> None:
    """The disk's cure is a test write that is taken, and leaves nothing behind."""
    house.database.faults.append(Fault.DISK)
    with pytest.raises(DiskRefusesError):
        await pause(house, UNAUTHORISED)
    house.database.faults.append(Fault.DISK)
    [cure] = await house.pauses.check(ANN)
    assert (cure.ended, "disk" in cure.why) == (False, True)
    house.database.faults.extend([None, Fault.BEFORE])
    assert not (await house.pauses.check(ANN))[0].ended
    house.database.faults.extend([None, None, Fault.BEFORE])
    assert not (await house.pauses.check(ANN))[0].ended
    assert await house.pauses.check(ANN) == [Cure(reason=DISK, ended=True)]
    assert (await house.pauses.current(), house.pauses.disk) == ([], None)
    left = await house.database.read(
        lambda tx: tx.db.execute("SELECT count(*) FROM probes").fetchone()[0]
    )
    assert left == 0


async def test_refused_in_between(house: House) -> None:
    """A disk that refuses again is a new pause."""
    house.database.faults.append(Fault.DISK)
    with pytest.raises(DiskRefusesError):
        await pause(house, UNAUTHORISED)
    await house.pauses.check(ANN)
    house.database.faults.append(Fault.DISK)
    with pytest.raises(DiskRefusesError):
        await pause(house, UNAUTHORISED)
    await house.pauses.write_down()
    assert await house.pauses_open() == [DISK]
