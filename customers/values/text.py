"""Characters that no one sees: what they do to identifiers, email addresses and other texts.

The rule follows PRECIS (RFC 8264), which allows no controls, ignorable characters or noncharacters
in an identifier: they are refused, so that two that look alike are one. Around an email address,
and around an identifier that a person brings in a file, they are trimmed as white space is. Names
and other texts keep them, since some scripts need joiners; a text of nothing else is absent.
"""

from __future__ import annotations

import re

# Unicode's Default_Ignorable_Code_Point, marks of direction among them, and the format characters
# of annotations.
IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_CONTROLS = "\x00-\x1f\x7f-\x9f\u2028\u2029"
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)

# What changes the direction of a text until it is ended, with what ends it (UAX #9).
_END_OF_EMBEDDING, _END_OF_ISOLATE = "\u202c", "\u2069"
_ENDS = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", _END_OF_EMBEDDING),
    **dict.fromkeys("\u2066\u2067\u2068", _END_OF_ISOLATE),
}

_UNSEEN = re.compile(f"[{_CONTROLS}{IGNORABLE}{_NONCHARACTERS}]")
# The blank pattern of Braille looks like a space, though Unicode calls it a symbol.
_BLANK = re.compile(rf"[\s{IGNORABLE}\u2800]*")


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen."""
    return _BLANK.fullmatch(text) is not None


def trimmed(text: str) -> str:
    """The text without white space and unseen characters around it."""
    start = _BLANK.match(text)
    assert start is not None  # it matches nothing as well
    rest = text[start.end() :]
    return rest[: len(rest) - _unseen_at_end(rest)]


def has_unseen(text: str) -> bool:
    """Whether there is a character in the text that cannot be seen, and is no space."""
    return _UNSEEN.search(text) is not None


def balanced(text: str) -> str:
    """The text, with an end for each change of direction in it that has none.

    What is shown after it keeps its direction, where there is no markup to isolate the text: in a
    page's title, in a sentence of the admin.
    """
    ends: list[str] = []
    for character in text:
        if end := _ENDS.get(character):
            ends.append(end)
        elif character == _END_OF_EMBEDDING and ends[-1:] == [character]:
            ends.pop()
        elif character == _END_OF_ISOLATE and character in ends:
            while ends.pop() != character:  # it ends the embeddings in the isolate too
                pass
    return text + "".join(reversed(ends))


def _unseen_at_end(text: str) -> int:
    match = _BLANK.match(text[::-1])
    assert match is not None
    return match.end()
