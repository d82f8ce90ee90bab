"""Sphinx's configuration: `make docs` builds this folder into `site/html`."""

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parent.parent
# Links to what a demo serves are written with the address of `make demo`, so that they also work
# where this folder is read as it is. The site is served by the same server, wherever that is.
DEMO = "http://127.0.0.1:8000"
# Why a block is not run by tests/docs, or what else runs it.
FOR_THE_TESTS = re.compile(r"\A# (?:Not tested|Tested elsewhere): .*\n")

project = "Customer registry"
extensions = ["myst_parser"]
exclude_patterns = ["theme", "examples"]
suppress_warnings = ["misc.highlighting_failure"]  # an ellipsis is not JSON

html_theme = "theme"
html_theme_path = ["."]
html_static_path = ["../customers/assets/registry.css", "../customers/assets/favicon.svg"]
html_title = project
html_permalinks = False
html_copy_source = False
html_use_index = False

myst_enable_extensions = ["substitution"]
myst_heading_anchors = 3
# What each OpenAPI document says of its API: `{{ lago }}`. Its home is the contract's package.
myst_substitutions = {
    path.stem.replace("-", "_"): json.loads(path.read_text("utf-8"))["info"]["description"]
    for path in (ROOT / "fixtures" / "openapi").glob("*.json")
}


def link_within_the_server(_app: Sphinx, doctree: nodes.document) -> None:
    for link in doctree.findall(nodes.reference):
        if link.get("refuri", "").startswith(f"{DEMO}/"):
            link["refuri"] = link["refuri"].removeprefix(DEMO)


def without_what_is_for_the_tests(_app: Sphinx, doctree: nodes.document) -> None:
    for block in doctree.findall(nodes.literal_block):
        text = FOR_THE_TESTS.sub("", block.rawsource)
        block.rawsource, block.children = text, [nodes.Text(text)]


def setup(app: Sphinx) -> None:
    app.connect("doctree-read", without_what_is_for_the_tests)
    app.connect("doctree-read", link_within_the_server)
