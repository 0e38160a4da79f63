"""Tools that the service runs by itself, by an HTTPS request."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from voicenb.errors import InvalidConfiguration
from voicenb.loopback import is_loopback
from voicenb.names import strict
from voicenb.tools.offer import Offer

KEPT = "***"
"""Stands for the value of a header that the service keeps and does not tell; sent back, it stays."""

_LONGEST = 2048

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@strict("An HTTP tool")
@dataclass(frozen=True, kw_only=True)
class HttpTool(Offer):
    """A tool of a stored agent that the service runs by an HTTPS request.

    Attributes:
        url: where, ``https://``, at most 2048 characters. ``http://`` is for a server on this machine, which
            an emulator with ``local_tools`` calls; the hosted service refuses it.
        method: GET and DELETE send the arguments as query parameters, the others as a JSON body.
        headers: kept secret by the service, whose tools come back with ``"***"`` for each value: sent back it
            means that the value stays. Not in any repr.
        listed_headers: names of the headers that the service has, where it told of them in a list, as newer
            ones do; such a service is told of them in a list too, and which ones to drop. ``()`` writes those
            of a new tool as a list.
    """

    url: str
    method: Method = "POST"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    listed_headers: tuple[str, ...] | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.url, str) or not (self.url.startswith("https://") or is_local(self.url)):
            raise InvalidConfiguration(
                f"{self.name}: its url must begin with https://.",
                remedy="http:// is for a server on this machine (localhost, 127.0.0.1), which the emulator "
                "calls with local_tools=True (voicenb emulator --local-tools); the service calls none.",
                param="tools",
            )
        if len(self.url) > _LONGEST:
            raise InvalidConfiguration(
                f"{self.name}: its url has {len(self.url)} characters; at most {_LONGEST}.",
                remedy="What is long belongs into its parameters.",
                param="tools",
            )
        if self.method not in typing.get_args(Method):
            raise InvalidConfiguration(
                f"{self.name}: unknown method {self.method!r}.",
                remedy=f"It is one of {', '.join(typing.get_args(Method))}.",
                param="tools",
            )

    def to_wire(self) -> dict[str, Any]:
        """Refused: inline sessions take no HTTP tools.

        Raises:
            InvalidConfiguration: always.
        """
        raise InvalidConfiguration(
            f"The HTTP tool {self.name!r} works only in a stored agent.",
            remedy="Store the agent with Hosted().create(agent) and talk to what it returns.",
            param="tools",
        )

    def to_resource(self) -> dict[str, Any]:
        """The definition in a stored agent."""
        http: dict[str, Any] = {"url": self.url, "http_method": self.method}
        if self.listed_headers is not None:
            http["headers"] = self._listed(self.listed_headers)
        elif self.headers:
            http["headers"] = dict(self.headers)
        return {**super().to_resource(), "http": http}

    @property
    def kept_headers(self) -> tuple[str, ...]:
        """Names of the headers whose values only the service knows."""
        return tuple(name for name, value in self.headers.items() if value == KEPT)

    def _listed(self, there: tuple[str, ...]) -> list[dict[str, Any]]:
        kept: list[dict[str, Any]] = [
            {"name": name} if value == KEPT else {"name": name, "value": value}
            for name, value in self.headers.items()
        ]
        return kept + [{"name": name, "remove": True} for name in there if name not in self.headers]

    def __repr__(self) -> str:
        return f"HttpTool({self.name}, {self.method} {self.place})"

    @property
    def place(self) -> str:
        """The URL as it may be shown: a login may stand before the host, and in the query."""
        url = self.url.partition("?")[0].partition("#")[0]
        scheme, mark, rest = url.partition("://")
        host, slash, path = rest.partition("/")
        return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}"


def is_local(url: str) -> bool:
    """Whether a URL is one of this machine's, without encryption."""
    try:
        return url.startswith("http://") and is_loopback(urlsplit(url).hostname)
    except ValueError:  # no host can be read in it
        return False
