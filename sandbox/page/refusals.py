"""What is raised where the page asks for something that cannot be."""


class DeedError(Exception):
    """A deed that cannot be done; the text is a sentence for whoever asked for it."""
