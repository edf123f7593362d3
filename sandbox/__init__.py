"""A simulated gateway and a simulated Telegram, to try and test Callboard without either account.

Shares no code with `bot` or `storage`: what imitates the outside must not inherit their mistakes.
"""
