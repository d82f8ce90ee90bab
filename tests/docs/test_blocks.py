"""What the documentation shows is found: no command escapes the tests."""

from __future__ import annotations

import re

import pytest

from tests.docs.blocks import Block, blocks
from tests.docs.shapes import differences

INCLUDED = "{include} ../CHANGELOG.md"
#: Blocks that have no commands.
OTHERS = {"text", "json", "python", "ini", "yaml", "javascript", "php", "{toctree}", INCLUDED}
COMMAND = re.compile(r"^ *(\$|curl|make|pip|python|manage\.py|DEBUG=1|docker) ", re.MULTILINE)
MARKED = [each for each in blocks() if re.search("(?i)tested", each.text)]


def test_every_block_says_what_it_is() -> None:
    unsaid = [
        str(each) for each in blocks() if not each.has_commands and each.language not in OTHERS
    ]

    assert unsaid == [], "Say `sh` or `console` for commands, and `text` for what is neither."


def test_a_block_that_has_commands_says_so() -> None:
    assert [
        str(each) for each in blocks() if not each.has_commands and COMMAND.search(each.text)
    ] == []


@pytest.mark.parametrize("block", MARKED, ids=lambda block: f"{block}: {block.not_tested}")
def test_a_block_that_is_not_tested_here_says_why(block: Block) -> None:
    assert block.has_commands
    assert block.not_tested, "Begin with `# Not tested:` or `# Tested elsewhere:` and a sentence."


def test_commands_are_read_with_what_they_print() -> None:
    text = "$ curl -i \\\n    http://x/\nHTTP/1.1 200 OK\n\n{}\n$ true\n"
    shown = list(Block("page", 1, "console", text).commands())

    assert shown == [("curl -i      http://x/", "HTTP/1.1 200 OK\n\n{}"), ("true", "")]
    assert list(Block("page", 1, "sh", "# one\ntrue  # yes\n\nfalse\n").commands()) == [
        ("true  # yes", ""),
        ("false", ""),
    ]


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ('{"id": "1", "…": "…"}', '{"id": "2", "name": null}'),
        ('{"data": [{"id": "…"}]}', '{"data": [{"id": 7}, {"id": 8, "more": 1}]}'),
        (
            'HTTP/1.1 201 Created\nETag: "1"\n\n{}',
            'HTTP/1.1 201 Created\r\netag: "1"\r\nx: y\r\n\r\n{}',
        ),
        ("Added … customers", "hello\nAdded 5 customers\n"),
    ],
)
def test_an_answer_of_the_same_shape_is_none_the_worse(shown: str, printed: str) -> None:
    assert differences(shown, printed) == []


@pytest.mark.parametrize(
    ("shown", "printed", "reported"),
    [
        ('{"id": "1"}', '{"id": 2}', ['answer.id is 2, not like "1"']),
        ('{"id": "1"}', "{}", ["answer has no id"]),
        ('{"id": "1"}', '{"id": "1", "name": ""}', ["answer also has name"]),
        ('{"data": [{}]}', '{"data": []}', ["answer.data has 0 elements, not 1"]),
        ("HTTP/1.1 201 Created", "HTTP/1.1 200 OK\r\n\r\n", ["no HTTP/1.1 201 Created"]),
        ("Added … customers", "Added no users", ["no Added … customers"]),
    ],
)
def test_a_difference_is_named(shown: str, printed: str, reported: list[str]) -> None:
    assert differences(shown, printed) == reported
