"""An address of a service: where the socket is, how to log in, and what to call it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable
from urllib.parse import parse_qs, urlsplit, urlunsplit

from voicenb.errors import InvalidConfiguration, ServiceError, Unauthorized
from voicenb.names import did_you_mean
from voicenb.service.key import clean_key
from voicenb.service.place import refuse_in_the_clear

Kind = Literal["hosted", "emulator", "cassette", "address"]

ANY_KEY = "local"
"""Goes to an address of this machine for which no key was given: an emulator takes any, but not none."""

SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
"""How an address may begin, and how its socket's does."""

PATH = "/v1/ws"
"""Of the socket, where an address has none."""

_WORDS = ("hosted", "emulator", "localhost")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a session connects to.

    Attributes:
        url: the socket, e.g. ``"wss://agents.assemblyai.com/v1/ws"``; what is given as ``http://localhost:8765``,
            say, becomes one.
        key: API key; never in a repr, a trait, a log or a recording. Whitespace around it is dropped.
        kind: which sort of service answers there.
        profile: the emulator's profile, ``"contract"`` or ``"live"``; empty elsewhere.
        brain: what thinks behind an emulator, e.g. ``"rules"``; empty elsewhere.
        scheme: what stands before the key in the header; empty: nothing.
        child: whether it is an emulator that this process has started for its sessions.

    Raises:
        InvalidConfiguration: a key with something in it that no key has, a URL that is no socket's, or one
            of the service's own host without encryption.
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
        check_word(self.url)
        url = socket_url(self.url)
        if url is None:
            raise InvalidConfiguration(
                f"{self.place!r} is no address of a socket.", remedy="It should look like wss://host/v1/ws."
            )
        parts = urlsplit(url)
        refuse_in_the_clear(parts.hostname, secure=parts.scheme == "wss", param="service")
        object.__setattr__(self, "url", url)

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
    def has_key(self) -> bool:
        """Whether a key or a token was given for it."""
        return self.key not in ("", ANY_KEY) or bool(parse_qs(urlsplit(self.url).query).get("token"))

    def explained(self, error: ServiceError) -> ServiceError:
        """A refusal of the key with the remedy for where that came from; any other error as it is."""
        if error.code not in ("unauthorized", "missing_authorization") or self.kind == "hosted":
            return error
        told, what = error.message, "The service refused the key: "
        if self.has_key:
            remedy = (
                "Check the key that was given for this address (?token=… or key=…; vn.Hosted takes "
                "ASSEMBLYAI_API_KEY where it has none). Mint a temporary token right before connecting; it "
                "opens one session."
            )
        else:
            told = f"The service wants a key: {told.removeprefix(what)}"
            remedy = (
                "No key was given for this address: put ?token=… behind it, or write vn.Address(url, key=…). "
                "In the shell it is --key, or the variable VOICENB_KEY."
            )
        facts = {
            name: value for name, value in error.facts.items() if name not in ("code", "param", "status")
        }
        return Unauthorized(
            told, remedy=remedy, code=error.code, param=error.param, status=error.status, **facts
        )

    @property
    def label(self) -> str:
        """What the panel shows, e.g. ``"emulator · contract · rules"``."""
        return " · ".join(part for part in (self.kind, self.profile, self.brain) if part)


def with_scheme(text: str) -> str:
    """An address with the scheme that is meant where it has none.

    In a network of one's own (this machine, a private address, a name without a dot, ``.local``) that is
    ``ws``; elsewhere ``wss``, for a key may go with it.
    """
    bare = text.strip()
    if "://" in bare:
        return bare
    try:
        host = urlsplit(f"ws://{bare}").hostname or ""
    except ValueError:
        host = ""
    return f"{'ws' if _is_near(host) else 'wss'}://{bare}"


def _is_near(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost"))


def socket_url(text: str) -> str | None:
    """The socket's URL for an address as people write it; None for what is none.

    Args:
        text: of any of the :data:`SCHEMES`, or without one; with a path or without.
    """
    try:
        parts = urlsplit(with_scheme(text))
        _ = parts.port  # which is read only when it is asked for
    except ValueError:  # its words show what is wrong, a login perhaps
        return None
    if parts.scheme not in SCHEMES or not parts.hostname:
        return None
    path = parts.path if parts.path.strip("/") else PATH
    return urlunsplit(parts._replace(scheme=SCHEMES[parts.scheme], path=path))


def check_word(text: str) -> None:
    """Refuse a bare word: it is one of those that name a service, misspelt, and no host.

    Raises:
        InvalidConfiguration: it has no dot, no colon and no slash, and is not ``localhost``.
    """
    word = text.strip()
    if word and word != "localhost" and not set(word) & set(".:/"):
        raise InvalidConfiguration(
            f"{word!r} is no address of a service.",
            remedy=f'{did_you_mean(word, _WORDS)}Write "hosted", "emulator", or an address like '
            '"ws://127.0.0.1:8765"; a host without a dot needs its scheme or port.',
            param="service",
        )


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
