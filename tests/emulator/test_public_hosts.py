"""Which addresses the service calls by itself, by what their names mean."""

from __future__ import annotations

import socket

import pytest

from voicenb.emulator.public_hosts import NOT_PUBLIC, UNKNOWN, why_not_public


def named(monkeypatch, *addresses):
    """A name server that knows every name."""

    def getaddrinfo(host, port, proto=0):
        if not addresses:
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, proto, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize(
    ("addresses", "why"),
    [
        (("8.8.8.8",), ""),
        (("8.8.8.8", "2606:4700::1111"), ""),
        (("127.0.0.1",), NOT_PUBLIC),
        (("8.8.8.8", "10.0.0.1"), NOT_PUBLIC),
        (("fe80::1%eth0",), NOT_PUBLIC),
        (("::ffff:192.168.0.1",), NOT_PUBLIC),
        ((), UNKNOWN),
    ],
)
def test_a_name_is_as_public_as_all_that_it_means(monkeypatch, addresses, why):
    named(monkeypatch, *addresses)
    assert why_not_public("https://api.example.com/x") == why


def test_no_name_server_is_asked_about_what_cannot_be_public():
    assert why_not_public("https://localhost:1/x") == NOT_PUBLIC


@pytest.mark.parametrize("url", ["https://api.example.com:99999/x", "https://[::1"])
def test_what_is_no_address(url):
    with pytest.raises(ValueError, match=r"Port|IPv6"):
        why_not_public(url)
