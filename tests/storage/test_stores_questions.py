"""Questions that wait for what one person writes."""

from dataclasses import replace

from storage.models import Question
from storage.stores import Stores
from storage.stores.questions import KEPT

FIRST = Question(chat_id=-100, message_id=5, user_id=1, kind="name", about="7", asked_at=1000.0)


def test_it_is_found_by_its_message(tx: Stores) -> None:
    """As it was asked, and nowhere else."""
    tx.questions.ask(FIRST)
    assert tx.questions.at(-100, 5) == FIRST
    assert tx.questions.at(-100, 6) is None
    assert tx.questions.at(-101, 5) is None


def test_it_is_closed_once(tx: Stores) -> None:
    """The first answer counts; it remembers when."""
    tx.questions.ask(FIRST)
    assert tx.questions.close(-100, 5, 1001.0)
    assert not tx.questions.close(-100, 5, 1002.0)
    assert tx.questions.at(-100, 5) == replace(FIRST, answered_at=1001.0)
    assert not tx.questions.close(-100, 6, 1001.0)


def test_the_newest(tx: Stores) -> None:
    """Of this person in this chat; of two at one time the later message."""
    tx.questions.ask(FIRST)
    tx.questions.ask(replace(FIRST, message_id=6, asked_at=1001.0))
    tx.questions.ask(replace(FIRST, message_id=7, asked_at=1001.0))
    tx.questions.ask(replace(FIRST, message_id=8, asked_at=1002.0, user_id=2))
    tx.questions.ask(replace(FIRST, message_id=9, asked_at=1002.0, chat_id=-200))
    found = tx.questions.newest(-100, 1, 0.0)
    assert found is not None
    assert found.message_id == 7
    assert tx.questions.newest(-100, 1, 1001.5) is None
    assert tx.questions.newest(-100, 3, 0.0) is None


def test_an_answered_one_does_not_uncover_an_older_one(tx: Stores) -> None:
    """After its answer the next text is no answer to what was asked before it."""
    tx.questions.ask(FIRST)
    tx.questions.ask(replace(FIRST, message_id=6, asked_at=1001.0))
    tx.questions.close(-100, 6, 1002.0)
    assert tx.questions.newest(-100, 1, 0.0) is None


def test_the_same_message_asks_anew(tx: Stores) -> None:
    """It takes the place of what it asked before."""
    tx.questions.ask(FIRST)
    tx.questions.close(-100, 5, 1001.0)
    again = replace(FIRST, kind="time", asked_at=1002.0)
    tx.questions.ask(again)
    assert tx.questions.at(-100, 5) == again


def test_old_ones_are_forgotten(tx: Stores) -> None:
    """A week later, when the next one is asked."""
    tx.questions.ask(FIRST)
    tx.questions.ask(replace(FIRST, message_id=6, asked_at=1000.0 + KEPT))
    assert tx.questions.at(-100, 5) == FIRST
    tx.questions.ask(replace(FIRST, message_id=7, asked_at=1001.0 + KEPT))
    assert tx.questions.at(-100, 5) is None
    assert tx.questions.at(-100, 6) is not None


def test_one_that_was_left(tx: Stores) -> None:
    """It is open still, for a reply; a text without one answers neither it nor an older one."""
    tx.questions.ask(FIRST)
    tx.questions.ask(replace(FIRST, message_id=6, asked_at=1001.0))
    tx.questions.leave(-100, 6)
    assert tx.questions.newest(-100, 1, 0.0) is None
    left = tx.questions.at(-100, 6)
    assert left is not None
    assert (left.by_reply, left.answered_at) == (True, None)
