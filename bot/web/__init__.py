"""The optional HTTP port: the gateway's events, health, metrics (Starlette on uvicorn).

Owns what comes in over HTTP: who is let in, how much and how slowly, and what is answered.
Imports neither Telegram nor handlers nor boards; what an event means belongs to `calling`.
"""
