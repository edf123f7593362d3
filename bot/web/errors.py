"""What can go wrong with the port.

PortError    it cannot be opened: taken by another program, forbidden, or no address of ours
"""


class PortError(Exception):
    """The HTTP port cannot be opened; the text says which and why."""
