"""Callboard, a Telegram bot that places batches of phone calls.

Owns everything that runs: Telegram in (`handlers`), Telegram out (`board`), what the product is
about (`calling`), the gateway (`gateway`) and the sentences a person reads (`texts`).
What is recorded belongs to the `storage` package; nothing here writes SQL.
"""
