"""Telegram out: keeps each batch's message in step with the database, and tells of its end.

Imported by the handlers and the composition root; knows nothing of either.
"""
