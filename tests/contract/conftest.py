"""The table of rules, the service that they are checked on, and how to ask for another one.

``pytest tests/contract`` checks the emulator. ``pytest tests/contract --hosted`` checks the hosted service,
with the key in ``ASSEMBLYAI_API_KEY``: it opens more than a hundred short sessions there, which are billed.
``--service URL`` checks whatever answers at that address instead, and ``--rules`` tells the table.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "aids"), str(HERE.parent / "session" / "aids")]
pytest.register_assert_rewrite("sections", "talkers", "world")

HOSTED = "https://agents.assemblyai.com"


@dataclass
class Target:
    """A service that is not our emulator."""

    host: str
    key: str


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contract")
    group.addoption("--hosted", action="store_true", help="check the hosted service; its sessions are billed")
    group.addoption(
        "--service", default="", help="check the service at this address, e.g. http://127.0.0.1:8765"
    )
    group.addoption("--rules", action="store_true", help="tell all rules, and check none")


def pytest_configure(config: pytest.Config) -> None:
    """Without a key nobody is asked, and that is told at once."""
    target(config)


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """With ``--rules``: the table, to be held beside the reference."""
    if not config.getoption("--rules", False):
        return None
    from rule import table

    for rule in table():
        asked = [way for way, check in (("socket", rule.socket), ("client", rule.by_client)) if check]
        notes = [f"emulator only: {rule.emulator}"] if rule.emulator else []
        notes += [rule.differs] if rule.differs else []
        print(rule.id, f"    {rule.says}", f"    {'; '.join([' and '.join(asked), *notes])}", sep="\n")
    return 0


def target(config: pytest.Config) -> Target | None:
    """What was asked for; None is the emulator.

    Raises:
        UsageError: there is no key for it.
    """
    from api_key import KEY

    hosted = bool(config.getoption("--hosted", False))
    host = str(config.getoption("--service", "") or "") or (HOSTED if hosted else "")
    if not host:
        return None
    if not KEY:
        raise pytest.UsageError(
            "The contract suite needs ASSEMBLYAI_API_KEY to check another service than ours."
        )
    return Target(host, KEY)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test for each rule and each way; those that only an emulator can be asked, for the emulator only."""
    if {"rule", "way"} <= set(metafunc.fixturenames):
        from rule import CLIENT, SOCKET, table

        elsewhere = target(metafunc.config) is not None
        cases = [
            pytest.param(rule, way, id=f"{rule.id}-{way}", marks=_marks(rule) if elsewhere else ())
            for rule in table()
            for way, check in ((SOCKET, rule.socket), (CLIENT, rule.by_client))
            if check is not None and not (elsewhere and rule.emulator)
        ]
        metafunc.parametrize(("rule", "way"), cases)


def _marks(rule: Any) -> Any:
    return pytest.mark.xfail(reason=f"{rule.differs} of the reference's register") if rule.differs else ()


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest) -> Target | None:
    """The service that was asked for, or None."""
    return target(request.config)


@pytest.fixture(scope="session")
def _server() -> Iterator[Any]:
    from endpoint import Endpoint

    with Endpoint() as made:
        yield made


@pytest.fixture
def endpoint(_server: Any) -> Any:
    """A server on loopback for HTTP tools and language models, as good as new."""
    _server.asked.clear()
    _server.status, _server.body, _server.headers, _server.answers = 200, b'{"free": 3}', {}, []
    return _server


@pytest.fixture(scope="session")
def _running() -> Iterator[Any]:
    from theater import Ears, ToneMouth
    from world import KEY

    import voicenb as vn

    with vn.Emulator(brain="rules", mouth=ToneMouth(), recognizer=Ears(), key=KEY) as emulator:
        yield emulator


@pytest.fixture
def hosted(request: pytest.FixtureRequest, elsewhere: Target | None) -> Any:
    """voicenb's client of the REST side: of an emulator at a real socket, or of what was asked for."""
    import voicenb as vn

    if elsewhere is not None:
        return vn.Hosted(key=elsewhere.key, host=elsewhere.host)
    emulator = request.getfixturevalue("_running")
    return vn.Hosted(key="right", host=emulator.url)


@pytest.fixture
def contract_conftest() -> Any:
    """This module."""
    return sys.modules[__name__]
