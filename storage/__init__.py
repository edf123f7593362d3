"""What Callboard remembers: one SQLite file through sqlite-utils.

Owns the connection and its threads, the migrations, the recorded models and all SQL, one store per
subject.
The state tables of docs/architecture.md are enforced in the schema: any other move raises.
Imports nothing else of this project.
"""
