"""What the product is about: numbers, batches, the dialer, and the rules between them.

Imports the models of `storage` and of `gateway`; no Telegram, no httpx, no SQL.
"""
