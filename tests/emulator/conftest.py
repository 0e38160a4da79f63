"""The emulator of stand-ins and its client, for the tests of its parts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from theater import Client, Ears, Script, Stage, ToneMouth, clip

from voicenb.emulator.emulator import Emulator


@pytest.fixture
def stage() -> type[Stage]:
    return Stage


@pytest.fixture
def script() -> type[Script]:
    return Script


@pytest.fixture
def ears() -> type[Ears]:
    return Ears


@pytest.fixture
def say() -> Callable[..., bytes]:
    return clip


@pytest.fixture
def tone_mouth() -> type[ToneMouth]:
    return ToneMouth


@pytest.fixture
def client() -> type[Client]:
    return Client


@pytest.fixture
def plain_emulator() -> Callable[..., Emulator]:
    """Emulators of stand-ins without a server; for the REST side."""
    return lambda **options: Stage(**options).emulator
