"""Asks the port how the program is: `python -m bot.web.probe`, the container's health check.

Exits with 0 if all is well, or if there is no port to ask; otherwise with 1, and says why.
"""

import http.client
import ipaddress
import json
import os
import sys
from pathlib import Path
from typing import Final

from bot.settings import Settings, SettingsError, load_settings

SECONDS: Final = 10.0


def ask(settings: Settings) -> tuple[bool, str]:
    """Whether the program with these settings is well, and what it says of itself."""
    if settings.http_port is None:
        return True, "HTTP_PORT is not set: there is nothing to ask."
    connection = http.client.HTTPConnection(
        reachable(settings.http_host), settings.http_port, timeout=SECONDS
    )
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        said = json.loads(answer.read())
        return answer.status == http.client.OK, said["reason"] or "All is well."
    except (OSError, http.client.HTTPException, ValueError, LookupError) as error:
        return False, f"no answer: {type(error).__name__}"
    finally:
        connection.close()


def reachable(host: str) -> str:
    """An address under which what listens on this one can be reached."""
    ip = ipaddress.ip_address(host)
    if not ip.is_unspecified:
        return host
    return "127.0.0.1" if isinstance(ip, ipaddress.IPv4Address) else "::1"


def main() -> int:
    """Say how the program is, and return the exit code."""
    try:
        well, words = ask(load_settings(os.environ, Path(".env")))
    except SettingsError as error:
        well, words = False, str(error)
    sys.stdout.write(f"{words}\n")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
