"""An address of a service: where the socket is, how to log in, and what to call it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable
from urllib.parse import urlsplit

from voicenb.errors import InvalidConfiguration
from voicenb.service.key import clean_key

Kind = Literal["hosted", "emulator", "address"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a session connects to.

    Attributes:
        url: the socket, e.g. ``"wss://agents.assemblyai.com/v1/ws"``.
        key: API key; never in a repr, a trait, a log or a recording. Whitespace around it is dropped.
        kind: which sort of service answers there.
        profile: the emulator's profile, ``"contract"`` or ``"live"``; empty elsewhere.
        brain: what thinks behind an emulator, e.g. ``"rules"``; empty elsewhere.
        scheme: what stands before the key in the header; empty: nothing.
        child: whether it is an emulator that this process has started for its sessions.

    Raises:
        InvalidConfiguration: a key with something in it that no key has, or a URL that cannot be taken apart.
    """

    url: str
    key: str = field(default="", repr=False)
    kind: Kind = "address"
    profile: str = ""
    brain: str = ""
    scheme: str = field(default="Bearer", repr=False)
    child: bool = field(default=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", clean_key(self.key))
        if not _can_be_split(self.url):
            raise InvalidConfiguration(
                f"{self.place!r} is no address of a socket.", remedy="It should look like wss://host/v1/ws."
            )

    def __repr__(self) -> str:
        return f"Address({self.place!r}, kind={self.kind!r}, profile={self.profile!r}, brain={self.brain!r})"

    @property
    def place(self) -> str:
        """The socket as it may be shown: a query may hold a token, and so may a name before the host."""
        place = self.url.partition("?")[0].partition("#")[0]
        scheme, mark, rest = place.rpartition("://")
        host, slash, path = rest.partition("/")
        return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}"

    @property
    def headers(self) -> dict[str, str]:
        """Headers of the upgrade request."""
        return {"Authorization": f"{self.scheme} {self.key}".strip()} if self.key else {}

    @property
    def label(self) -> str:
        """What the panel shows, e.g. ``"emulator · contract · rules"``."""
        return " · ".join(part for part in (self.kind, self.profile, self.brain) if part)


def _can_be_split(url: str) -> bool:
    try:
        _ = urlsplit(url).port  # which is read only when it is asked for
    except ValueError:  # its words show what is wrong, a login perhaps
        return False
    return True


@runtime_checkable
class Service(Protocol):
    """What ``service=`` takes beside a plain address: anything that can say where it listens."""

    def address(self) -> Address:
        """Where sessions connect to.

        Raises:
            ServiceUnreachable: the service is not running.
        """
        ...


@runtime_checkable
class InMemoryService(Service, Protocol):
    """A service that lives in this process as an ASGI app; the virtual clock needs one."""

    @property
    def app(self) -> Any:
        """The ASGI application."""
        ...
