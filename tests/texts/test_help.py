"""What each command does, in words."""

from bot.texts.cards import plain
from bot.texts.help import help_text, summary, usage
from tests.texts.scenes import ENGLISH


def test_help_lists_the_commands_it_is_given() -> None:
    """How to call, then each command with its usage and one line; then a call by a reply."""
    assert plain(help_text(["call", "unpause"], ENGLISH)).splitlines() == [
        (
            "To call, paste the numbers in our private chat, or send a file or a contact there; "
            "then tap a voice. Nothing is sent before you tap Call."
        ),
        "/call <voice> <numbers…> [retry=N] [server=ID]",
        "  Call numbers with a voice",
        "/unpause",
        "  Check what paused launching, and go on",
        (
            "A voice is its name from /voices, or 32 hex digits. You can also reply with /call to "
            "a message, a file or a contact that holds the numbers. Numbers may be in any "
            "spelling, on one line or on many."
        ),
    ]


def test_usage_is_escaped() -> None:
    """The angle brackets of the usage are text."""
    assert "<code>&lt;voice&gt; &lt;numbers…&gt; [retry=N] [server=ID]</code>" in help_text(
        ["call"], ENGLISH
    )


def test_every_summary_is_one_line() -> None:
    """Telegram's menu takes 256 characters on one line."""
    for name in ("start", "help", "id", "call", "status", "batches", "unpause"):
        assert 0 < len(summary(name, ENGLISH)) <= 60
        assert "\n" not in summary(name, ENGLISH)
        assert isinstance(usage(name), str)
