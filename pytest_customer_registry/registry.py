"""The registry as a test sees it: its address, credentials, personas and faults."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit


class Refused(Exception):
    """The control address did not accept a request; the message says why."""


class Registry:
    """A registry that runs, for one test after the other."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.faults = Faults(self)

    @cached_property
    def keys(self) -> Keys:
        """API keys by name: `live`, `test`, `read_only`, `empty` and others."""
        return Keys({name: key["key"] for name, key in self.ask("GET", "keys").items()})

    @cached_property
    def oauth_clients(self) -> Mapping[str, OAuthClient]:
        """OAuth clients by name: `live`, `test`, `read_only`, `empty` and `revoked`."""
        found = self.ask("GET", "oauth_clients")
        return {name: OAuthClient(each["id"], each["secret"]) for name, each in found.items()}

    @cached_property
    def personas(self) -> Personas:
        """The customers of the cast, by name."""
        found = self.ask("GET", "personas")
        return Personas({name: Persona(name, **each) for name, each in found.items()})

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The requests since the last reset, each with its method, path, fault and status."""
        found: list[dict[str, Any]] = self.ask("GET", "requests")
        return found

    def reset(self) -> None:
        """Put the first state back, and forget faults and requests."""
        self.ask("POST", "reset")

    def ask(self, method: str, name: str, body: Any = None) -> Any:
        """What the control address answers.

        Raises:
            Refused: it does not accept the request.
        """
        place = urlsplit(self.url)
        connection = HTTPConnection(place.hostname or "", place.port, timeout=60)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, f"/_double/{name}", content)
            answer = connection.getresponse()
            read = answer.read()
        finally:
            connection.close()
        if answer.status >= 400:
            raise Refused(json.loads(read)["error"])
        return json.loads(read) if read else None


class Faults:
    """What the next requests meet."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def add(
        self,
        kind: str,
        *,
        contract: str | None = None,
        method: str | None = None,
        path: str | None = None,
        times: int = 1,
        seconds: float = 1,
    ) -> None:
        """Have the next requests of the contract, method and path meet a fault, so many times.

        The kinds: `rate-limited`, `unavailable`, `timeout`, `connection-reset`, `slow-body` and
        `lost-answer`. `path` is what the path begins with.

        Raises:
            Refused: there is no such kind or contract.
        """
        fault = {"kind": kind, "contract": contract, "method": method, "path": path}
        self._registry.ask("POST", "faults", {**fault, "times": times, "seconds": seconds})

    @property
    def coming(self) -> list[dict[str, Any]]:
        """Those that no request has met."""
        found: list[dict[str, Any]] = self._registry.ask("GET", "faults")
        return found

    def clear(self) -> None:
        """Forget those that no request has met."""
        self._registry.ask("DELETE", "faults")


class _Named:
    """Things that are attributes by their names."""

    def __init__(self, named: Mapping[str, Any]) -> None:
        self._named = dict(named)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_named"][name]
        except KeyError:
            raise AttributeError(f"There is no {name!r}, but {', '.join(self)}.") from None

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._named]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._named))

    def __len__(self) -> int:
        return len(self._named)


class Keys(_Named):
    """API keys: `keys.live`."""

    def __getattr__(self, name: str) -> str:
        found: str = super().__getattr__(name)
        return found


class Personas(_Named):
    """Customers of the cast: `personas.shares_a_timestamp`."""

    def __getattr__(self, name: str) -> Persona:
        found: Persona = super().__getattr__(name)
        return found


@dataclass(frozen=True)
class OAuthClient:
    """A client of the token endpoint, `/oauth/token`."""

    id: str
    secret: str


@dataclass(frozen=True)
class Persona:
    """A customer of the cast; what contracts say of it is by their names, such as `lago`."""

    name: str
    description: str
    key: str
    """The name of the API key that sees it."""
    ids: Mapping[str, str]
    paths: Mapping[str, str]
    answers: Mapping[str, Mapping[str, Any]]
    """What each contract shows of it."""
