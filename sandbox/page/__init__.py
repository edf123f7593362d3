"""The demo's page: chats in which the real bot answers, and the simulated gateway beside them.

`stage.py` is what it shows, `views.py` how that is told to the page, `live.py` the stream of
changes, `deeds.py` what people do there, `gateway_deeds.py` what they tell the gateway, `app.py`
puts it on the wire. The page itself is in `static/`. Imports nothing of `bot` or `storage`.
"""

from sandbox.page.app import build_app
from sandbox.page.stage import Cast, Contact, Example, Role, Stage, Voice

__all__ = ["Cast", "Contact", "Example", "Role", "Stage", "Voice", "build_app"]
