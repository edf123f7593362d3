"""Telegram in: one file per feature; an update is admitted, read, given to a service, answered.

Rights are checked in `door` at every command and every press, and fail closed.
Nothing here decides what a launch is; nothing here writes SQL.
"""
