"""The contrast of texts as a screenshot shows them: styles are not always what is seen.

axe computes it from styles, and passes over a text whose background it cannot find.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

#: WCAG 2.2, 1.4.3: for texts, and for large ones (24 px, or bold from 18.66 px).
ENOUGH, ENOUGH_FOR_LARGE = 4.5, 3.0
# Strokes thinner than a pixel are mixed with their background: a text may look this much paler.
BLUR = 0.93

_SCRIPT = Path(__file__).with_suffix(".js").read_text("utf-8")


class Contrasts:
    """Measures the texts of pages. It draws screenshots in a window of its own."""

    def __init__(self, browser: Browser) -> None:
        self._window = browser.new_context().new_page()
        self._window.evaluate(_SCRIPT)

    def close(self) -> None:
        self._window.context.close()

    def pale(self, page: Page) -> list[str]:
        """The texts of a page, in its present colours, that have too little contrast."""
        size = page.viewport_size
        assert size is not None
        # `elementFromPoint` sees only what is in the window.
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": height})
        page.evaluate(_SCRIPT)
        texts: list[dict[str, Any]] = page.evaluate("texts()")
        image = (
            "data:image/png;base64,"
            + base64.b64encode(page.screenshot(animations="disabled")).decode()
        )
        scale = page.evaluate("devicePixelRatio")
        page.set_viewport_size(size)
        ratios: list[float] = self._window.evaluate("measure", [image, texts, scale])
        return [
            f"{ratio:.2f}:1 {text['text']!r}"
            for text, ratio in zip(texts, ratios, strict=True)
            if ratio < BLUR * (ENOUGH_FOR_LARGE if text["large"] else ENOUGH)
        ]
