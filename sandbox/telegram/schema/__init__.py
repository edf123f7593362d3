"""The Bot API in machine-readable form, cut down to what the sandbox supports, and its checks.

Owns `botapi.json` (see `README.md` for where it comes from), and tells whether requests, answers
and updates keep to it. Knows nothing of the simulated world.
"""

from sandbox.telegram.schema.checking import Schema

__all__ = ["Schema"]
