import pytest

from voicenb.loopback import is_loopback


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.10", "::1"])
def test_this_machine(host):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [None, "", "127.0.0.1.example.com", "127.example.com", "localhost.example.com", "10.0.0.1", "::"],
)
def test_somebody_else(host):
    assert not is_loopback(host)
