from typing import Any

import pytest

from sandbox.telegram.entities import detect, formatted, written
from sandbox.telegram.errors import ApiError
from sandbox.telegram.html import parse_html


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("ü<x>", 'Unsupported start tag "x" at byte offset 2'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<x", "Unclosed start tag at byte offset 0"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x.org', "Unclosed start tag at byte offset 0"),
        ("<a href=x/>y</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<tg-emoji emoji-id=no>x</tg-emoji>", "Invalid custom emoji identifier specified"),
        (
            "&#xDFDF;",
            (
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            ),
        ),
    ],
)
def test_bad_html_is_refused(html: str, why: str) -> None:
    """What is no HTML to Telegram is refused with Telegram's words and byte offsets."""
    with pytest.raises(ApiError) as refused:
        parse_html(html)
    assert refused.value.description == f"Bad Request: can't parse entities: {why}"


@pytest.mark.parametrize(
    ("html", "text", "kinds"),
    [
        ("<b>a</b><strong>b</strong>", "ab", ["bold", "bold"]),
        ("<i>a</i><em>b</em>", "ab", ["italic", "italic"]),
        ("<u>a</u><ins>b</ins>", "ab", ["underline", "underline"]),
        ("<s>a</s><strike>b</strike><del>c</del>", "abc", ["strikethrough"] * 3),
        (
            "<tg-spoiler>a</tg-spoiler><span class='tg-spoiler'>b</span>",
            "ab",
            ["spoiler", "spoiler"],
        ),
        ("<blockquote>a</blockquote>", "a", ["blockquote"]),
        ("<blockquote expandable>a</blockquote>", "a", ["expandable_blockquote"]),
        ("<CODE>a</code>", "a", ["code"]),
        ("<b class=x>a</>", "a", ["bold"]),
        ("<b></b>x", "x", []),
        ("<i><b>a</b></i>", "a", ["bold", "italic"]),
    ],
)
def test_tags_become_entities(html: str, text: str, kinds: list[str]) -> None:
    """Each supported tag becomes its entity, an empty one none."""
    parsed, entities = parse_html(html)
    assert parsed == text
    assert [entity["type"] for entity in entities] == kinds


@pytest.mark.parametrize(
    ("html", "entity"),
    [
        (
            '<a href="https://x.org/?a=1&amp;b=2&x">y</a>',
            {"type": "text_link", "url": "https://x.org/?a=1&b=2&x"},
        ),
        ("<a href=x.org >y</a>", {"type": "text_link", "url": "http://x.org"}),
        (
            "<a href='tg://user?id=7'>y</a>",
            {"type": "text_mention", "user": {"id": 7, "is_bot": False, "first_name": ""}},
        ),
        (
            "<tg-emoji emoji-id='12'>y</tg-emoji>",
            {"type": "custom_emoji", "custom_emoji_id": "12"},
        ),
        ('<pre><code class="language-sh">y</code></pre>', {"type": "pre", "language": "sh"}),
        ('<code class="language-sh">y</code>', {"type": "code"}),
        ("<pre>y</pre>", {"type": "pre"}),
    ],
)
def test_attributes_are_kept(html: str, entity: dict[str, Any]) -> None:
    """Addresses, people, custom emoji and languages stand in the entity."""
    assert parse_html(html) == ("y", [{"offset": 0, "length": 1, **entity}])


def test_links_to_nowhere_lose_their_entity() -> None:
    """A link whose address is none leaves plain text; without an address its text is one."""
    assert parse_html("<a href=nowhere>y</a>") == ("y", [])
    assert parse_html("<a>x.org</a>")[1][0]["url"] == "http://x.org"


def test_references() -> None:
    """Four names and numbers are decoded, semicolon or not; the rest stands as written."""
    assert parse_html("&lt;&gt;&amp;&quot;&lt")[0] == '<>&"<'
    assert parse_html("&#65;&#x42;&#X43")[0] == "ABC"
    assert parse_html("&nbsp; & &; &#0; &#x110000;")[0] == "&nbsp; & &; &#0; &#x110000;"


def test_offsets_count_utf_16() -> None:
    """Offsets and lengths are in UTF-16 code units, decoded references included."""
    text, entities = parse_html("📋&#128203;ü <b>📋</b>")
    assert text == "📋📋ü 📋"
    assert entities == [{"type": "bold", "offset": 6, "length": 2}]


def test_text_is_trimmed_with_its_entities() -> None:
    """White space at the ends goes, and entities move or go with it."""
    assert formatted("  <b> a </b>\n<i>\n</i>", "HTML", None) == (
        "a",
        [{"type": "bold", "offset": 0, "length": 1}],
    )
    assert formatted("b", "", [{"type": "bold", "offset": 0, "length": 1}])[1][0]["type"] == "bold"


def test_what_telegram_finds_by_itself() -> None:
    """Commands, mentions, hashtags, addresses and numbers become entities."""
    text = "📋 /call@my_bot #b12 #12 @alice https://x.org/a. +989121234567 a/b"
    _, entities = written(text, [])
    found = {
        entity["type"]: text.encode("utf-16-le")[
            entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2
        ].decode("utf-16-le")
        for entity in entities
    }
    assert found == {
        "bot_command": "/call@my_bot",
        "hashtag": "#b12",
        "mention": "@alice",
        "url": "https://x.org/a",
        "phone_number": "+989121234567",
    }


def test_nothing_is_found_in_code() -> None:
    """Inside code and links Telegram looks for nothing."""
    assert detect("/a /b", [{"type": "code", "offset": 0, "length": 2}]) == [
        {"type": "bot_command", "offset": 3, "length": 2}
    ]


@pytest.mark.parametrize(
    ("mode", "why"),
    [("MarkdownV2", "the sandbox parses HTML only"), ("XML", "unsupported parse_mode")],
)
def test_other_parse_modes_are_refused(mode: str, why: str) -> None:
    """HTML is the only parse mode."""
    with pytest.raises(ApiError, match=why):
        formatted("x", mode, None)
