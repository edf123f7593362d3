"""The child's side of the workshop: takes one job from stdin, answers on stdout, and ends.

Imports little, because every job begins with it.
"""

import contextlib
import os
import pickle
import struct
import sys
import threading
import traceback

LENGTH = struct.Struct("!Q")  # before the pickled job
NICE = 10  # the program itself goes first


def serve() -> None:
    """Do the job that stands on stdin; what it prints goes to stderr.

    The answer is a pickled pair: True and what the job returned, or False and its traceback.
    """
    with os.fdopen(os.dup(1), "wb") as answer:
        os.dup2(2, 1)
        os.nice(NICE)
        (length,) = LENGTH.unpack(sys.stdin.buffer.read(LENGTH.size))
        order = sys.stdin.buffer.read(length)
        threading.Thread(target=_end_with_the_program, daemon=True).start()
        with contextlib.suppress(BrokenPipeError):
            answer.write(_done(order))


def _done(order: bytes) -> bytes:
    try:
        job, arguments, named = pickle.loads(order)  # noqa: S301 -- written by our own parent
        return pickle.dumps((True, job(*arguments, **named)))
    except Exception:  # noqa: BLE001 -- whatever a job raises is its answer
        return pickle.dumps((False, traceback.format_exc()))


def _end_with_the_program() -> None:
    """Nobody waits for the answer once stdin has ended, also after a `kill -9` of the program."""
    os.read(0, 1)  # unbuffered: a thread that holds the buffer's lock would spoil the exit
    os._exit(1)
