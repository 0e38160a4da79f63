"""What ``service=`` may be, brought down to a Service."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlsplit, urlunsplit

from voicenb.errors import InvalidConfiguration
from voicenb.loopback import is_loopback
from voicenb.service.address import Address, Service
from voicenb.service.hosted import KEY_VARIABLE, Hosted
from voicenb.service.place import is_hosted

HOSTED, EMULATOR = "hosted", "emulator"
"""What may be written for the service and for an emulator of this machine."""

_SOCKET = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}


@dataclass(frozen=True, slots=True)
class Fixed:
    """A service that is simply at an address."""

    at: Address

    def address(self) -> Address:
        """Where sessions connect to."""
        return self.at


def resolve(service: Service | Address | str | None) -> Service | None:
    """The service that is meant.

    Args:
        service: a service, an address, text like ``"ws://127.0.0.1:8765"`` (``/v1/ws`` goes without
            saying; ``?token=…`` is taken as the key), or one of the words ``"hosted"`` and ``"emulator"``, as
            in the command line. None: hosted, where ``ASSEMBLYAI_API_KEY`` is set.

    Returns:
        The service; None where an emulator is to be started: it is asked for, or none is named and there is
        no key.

    Raises:
        InvalidConfiguration: nothing of the kind, or the hosted service without a key.
    """
    if service is None:
        service = HOSTED if os.environ.get(KEY_VARIABLE, "").strip() else EMULATOR
    if service == HOSTED:
        return Hosted()
    if service == EMULATOR:
        return None
    if isinstance(service, str):
        service = read_address(service)
    if isinstance(service, Address):
        return Fixed(service)
    if isinstance(service, Service) and not isinstance(service, type):
        return service
    # By its type: what it says of itself may hold a key.
    kind = f"the class {service.__name__}" if isinstance(service, type) else type(service).__name__
    raise InvalidConfiguration(
        f"service={kind} is no service.",
        remedy='Pass "hosted", "emulator", an address like "ws://127.0.0.1:8765", '
        "vn.Hosted(), vn.Emulator(), or nothing.",
    )


def read_address(text: str) -> Address:
    """An address from text. The key of the environment goes to the hosted service only, and only encrypted.

    Raises:
        InvalidConfiguration: it is no ``ws``, ``wss``, ``http`` or ``https`` URL, or its token is none.
    """
    parts = _split(text.strip() if "://" in text else f"ws://{text.strip()}")
    if parts is None or parts.scheme not in _SOCKET or not parts.hostname or parts.username:
        raise InvalidConfiguration(
            "A service's address looks like 'ws://127.0.0.1:8765' or 'wss://agents.assemblyai.com/v1/ws'.",
            remedy="A key goes behind it as '?token=…', or into vn.Hosted(key=…, host=…).",
        )
    scheme = _SOCKET[parts.scheme]
    own = f".{parts.hostname}".endswith(".assemblyai.com") and scheme == "wss"
    key = parse_qs(parts.query.replace("+", "%2B")).get("token", [""])[0]  # no key has a space
    if not key and own:
        key = os.environ.get(KEY_VARIABLE, "")
    if not key and is_loopback(parts.hostname):
        key = "local"  # on loopback an emulator takes any key, but not none
    path = parts.path if parts.path.strip("/") else "/v1/ws"
    url = urlunsplit((scheme, parts.netloc, path, "", ""))
    return Address(url, key=key, kind="hosted" if is_hosted(url) else "address")


def _split(text: str) -> SplitResult | None:
    """The parts of an address, or None where it has none; the words of the error might show a login."""
    try:
        parts = urlsplit(text)
        _ = parts.port  # which is read only when it is asked for
    except ValueError:
        return None
    return parts
