"""What Callboard remembers: one SQLite file through sqlite-utils.

Owns the connection and its threads, the migrations, the recorded models and all SQL, one store per
subject.
The state tables of the design are enforced in the schema: a move that they do not know raises.
Imports nothing of `bot` or `sandbox`.
"""
