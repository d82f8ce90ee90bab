"""Firefox, driven through the Marionette protocol that it has built in.

Playwright drives only a Firefox of its own making, and Selenium needs geckodriver, which Debian
does not have. A message is `LENGTH:[kind, id, …]`, kind 0 a command and kind 1 its answer:
https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from itertools import count
from pathlib import Path
from typing import Any

from deploy.cluster.processes import free_port

PROGRAMS = ("firefox-esr", "firefox")
ENTER = "\ue007"
START_TIMEOUT = 60  # seconds
PAGE_TIMEOUT = 20


def program() -> str | None:
    """Where Firefox is."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class Firefox:
    """A headless Firefox with a new profile in `folder`."""

    def __init__(self, firefox: str, folder: Path) -> None:
        port = free_port()
        preferences = {"marionette.port": port, "datareporting.policy.dataSubmissionEnabled": False}
        lines = (
            f"user_pref({json.dumps(name)}, {json.dumps(value)});"
            for name, value in preferences.items()
        )
        (folder / "user.js").write_text("\n".join(lines), "utf-8")
        self._process = subprocess.Popen(
            [firefox, "--headless", "--marionette", "--no-remote", "--profile", str(folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._ids = count(1)
        self._connection = self._connect(port)
        self._read()  # it introduces itself
        self.send("WebDriver:NewSession")

    def quit(self) -> None:
        self._connection.close()
        self._process.kill()
        self._process.wait()

    def send(self, command: str, **parameters: Any) -> Any:
        """Give a command and return its answer. Raises RuntimeError if it fails."""
        message = json.dumps([0, next(self._ids), command, parameters]).encode()
        self._connection.sendall(b"%d:%s" % (len(message), message))
        _kind, _id, error, answer = self._read()
        if error:
            raise RuntimeError(f"{command}: {error['message']}")
        return answer

    def goto(self, address: str) -> None:
        self.send("WebDriver:Navigate", url=address)

    def back(self) -> None:
        self.send("WebDriver:Back")

    def run(self, script: str) -> Any:
        """What a script on the page returns."""
        return self.send("WebDriver:ExecuteScript", script=f"return {script}", args=[])["value"]

    def wait_for(self, condition: str) -> None:
        """Wait until a page is loaded on which a script's expression is true."""
        until = time.monotonic() + PAGE_TIMEOUT
        while not self.run(f"document.readyState == 'complete' && ({condition})"):
            if time.monotonic() > until:
                raise TimeoutError(condition)
            time.sleep(0.05)

    def type(self, selector: str, text: str) -> None:
        """Put a text into a field in place of what it holds."""
        self.send("WebDriver:ElementClear", id=self._find(selector))
        self.send("WebDriver:ElementSendKeys", id=self._find(selector), text=text)

    def press_enter(self, selector: str) -> None:
        """Press Enter in a field."""
        self.send("WebDriver:ElementSendKeys", id=self._find(selector), text=ENTER)

    def _find(self, selector: str) -> str:
        found = self.send("WebDriver:FindElement", using="css selector", value=selector)
        return str(next(iter(found["value"].values())))

    def _connect(self, port: int) -> socket.socket:
        until = time.monotonic() + START_TIMEOUT
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=30)
            except OSError:
                if time.monotonic() > until or self._process.poll() is not None:
                    raise
                time.sleep(0.1)

    def _read(self) -> Any:
        length = b""
        while (byte := self._connection.recv(1)) != b":":
            length += byte
        message = b""
        while len(message) < int(length):
            message += self._connection.recv(int(length) - len(message))
        return json.loads(message)
