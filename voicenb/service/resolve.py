"""What ``service=`` may be, brought down to a Service."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, parse_qs, urlsplit, urlunsplit

from voicenb.errors import InvalidConfiguration
from voicenb.loopback import is_loopback
from voicenb.service.address import ANY_KEY, PATH, SCHEMES, Address, Service, check_word, with_scheme
from voicenb.service.hosted import KEY_VARIABLE, Hosted
from voicenb.service.place import is_hosted, is_own, refuse_in_the_clear

HOSTED, EMULATOR = "hosted", "emulator"
"""What may be written for the service and for an emulator of this machine."""

ADDRESS_KEY_VARIABLE = "VOICENB_KEY"
"""The key that the command line takes for an address, unless it is told another."""


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
        return Fixed(_let_in(service))
    if isinstance(service, Service) and not isinstance(service, type):
        return service
    # By its type: what it says of itself may hold a key.
    kind = f"the class {service.__name__}" if isinstance(service, type) else type(service).__name__
    raise InvalidConfiguration(
        f"service={kind} is no service.",
        remedy='Pass "hosted", "emulator", an address like "ws://127.0.0.1:8765", '
        "vn.Hosted(), vn.Emulator(), or nothing.",
    )


def check_service(service: object) -> None:
    """Refuse what cannot be a service, before it is asked for; nobody is called.

    Raises:
        InvalidConfiguration: it is none.
    """
    if service not in (None, HOSTED, EMULATOR):
        resolve(service)  # type: ignore[arg-type]


def with_key(service: str | None, key: str | None) -> Service | Address | str | None:
    """What the command line names, with the key that it is given.

    Args:
        service: ``"hosted"``, ``"emulator"``, an address, or None.
        key: for it; None: for an address that of ``VOICENB_KEY``, where it has none of its own.

    Raises:
        InvalidConfiguration: that is no address or no key, or a key for an emulator of one's own.
    """
    if service in (None, HOSTED):
        return Hosted(key) if key else service
    if service == EMULATOR and key:
        raise InvalidConfiguration(
            "The emulator that is started here has a key of its own.",
            remedy="--key goes with an address or with the hosted service.",
            param="key",
        )
    if service == EMULATOR:
        return service
    address = read_address(str(service))
    own = key or ("" if address.has_key else os.environ.get(ADDRESS_KEY_VARIABLE, ""))
    return replace(address, key=own) if own.strip() else address


def read_address(text: str) -> Address:
    """An address from text. The key of the environment goes to the hosted service only, and only encrypted.

    Raises:
        InvalidConfiguration: it is no ``ws``, ``wss``, ``http`` or ``https`` URL, or its token is none.
    """
    check_word(text)
    parts = _split(with_scheme(text))
    if parts is None or parts.scheme not in SCHEMES or not parts.hostname or parts.username:
        raise InvalidConfiguration(
            "A service's address looks like 'ws://127.0.0.1:8765' or 'wss://agents.assemblyai.com/v1/ws'.",
            remedy="A key goes behind it as '?token=…', or into vn.Hosted(key=…, host=…).",
        )
    scheme = SCHEMES[parts.scheme]
    own = is_own(parts.hostname)
    refuse_in_the_clear(parts.hostname, secure=scheme == "wss", param="service")
    key = parse_qs(parts.query.replace("+", "%2B")).get("token", [""])[0]  # no key has a space
    if not key and own:
        key = os.environ.get(KEY_VARIABLE, "")
    path = parts.path if parts.path.strip("/") else PATH
    url = urlunsplit((scheme, parts.netloc, path, "", ""))
    return _let_in(Address(url, key=key, kind="hosted" if is_hosted(url) else "address"))


def _let_in(address: Address) -> Address:
    """The address with any key where it has none and is of this machine."""
    local = is_loopback(urlsplit(address.url).hostname)
    return address if address.has_key or not local else replace(address, key=ANY_KEY)


def _split(text: str) -> SplitResult | None:
    """The parts of an address, or None where it has none; the words of the error might show a login."""
    try:
        parts = urlsplit(text)
        _ = parts.port  # which is read only when it is asked for
    except ValueError:
        return None
    return parts
