"""The demo: people, chats and voices to try Callboard with, on simulated servers with a page.

`cast.py` is who and what is there, `__main__.py` serves it. The bot is not part of it: it is
started beside it, with the settings that the demo names. Imports nothing of `bot` or `storage`.
"""
