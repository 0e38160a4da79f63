from __future__ import annotations

import pytest

from voicenb.protocol.hosts import https_host, is_public


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.example.com/x?y=1", "api.example.com"),
        ("https://user:secret@API.example.com:8443", "api.example.com"),
        ("https://[::1]/", "::1"),
        ("http://api.example.com", ""),
        ("https:///x", ""),
        ("https://[::1", ""),
        ("api.example.com", ""),
    ],
)
def test_the_host_of_an_address(url: str, host: str) -> None:
    assert https_host(url) == host


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "a.localhost", "127.1", "0x7f000001", "10.0.0.1", "::1"]
)
def test_hosts_that_others_cannot_reach(host: str) -> None:
    assert not is_public(host)


@pytest.mark.parametrize("host", ["example.com", "localhost.example.com", "8.8.8.8", "2606:4700::1111"])
def test_hosts_that_anybody_may_reach(host: str) -> None:
    assert is_public(host)
