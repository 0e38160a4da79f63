"""Places of the REST interface; which hosts are the service's own is in test_hosted.py."""

import pytest

from voicenb.errors import InvalidConfiguration
from voicenb.service.place import Place


@pytest.mark.parametrize(
    ("host", "region", "rest", "socket"),
    [
        (None, None, "https://agents.assemblyai.com", "wss://agents.assemblyai.com/v1/ws"),
        (None, "eu", "https://agents.eu.assemblyai.com", "wss://agents.eu.assemblyai.com/v1/ws"),
        ("http://127.0.0.1:1/", None, "http://127.0.0.1:1", "ws://127.0.0.1:1/v1/ws"),
        ("wss://example.com", None, "https://example.com", "wss://example.com/v1/ws"),
        ("wss://example.com/v1/ws", None, "https://example.com", "wss://example.com/v1/ws"),
        (
            "wss://hub.example/user/ada@lab/proxy/8765/v1/ws",
            None,
            "https://hub.example/user/ada@lab/proxy/8765",
            "wss://hub.example/user/ada@lab/proxy/8765/v1/ws",
        ),
    ],
)
def test_where_it_is(host, region, rest, socket):
    place = Place.named(host, region)
    assert (place.rest, place.socket) == (rest, socket)


def test_a_login_is_not_shown():
    place = Place.named("http://me:canary@127.0.0.1:1", None)
    assert "canary" not in repr(place)
    assert place.shown == "127.0.0.1:1"
    assert Place.named("me:canary@hub.example/user/ada@lab", None).shown == "hub.example/user/ada@lab"


@pytest.mark.parametrize(
    ("url", "has"),
    [
        ("http://10.0.0.5:8765/artifacts/x?sig=1", True),
        ("http://10.0.0.5:8766/artifacts/x", False),
        ("http://10.0.0.6:8765/artifacts/x", False),
        ("https://10.0.0.5:8765/artifacts/x", False),
    ],
)
def test_what_is_at_this_very_place(url, has):
    assert Place.named("http://me:canary@10.0.0.5:8765", None).has(url) == has


@pytest.mark.parametrize(
    "host",
    [
        "ftp://me:canary@x",
        "x/agents?token=canary",
        "me:canary@x y",
        "https://",
        "x/v1/agents",
        "x//y",
        "x/../y",
        "[x",
    ],
)
def test_what_is_no_host_is_refused_without_its_login(host):
    with pytest.raises(InvalidConfiguration) as caught:
        Place.named(host, None)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("where", [("x", "eu"), (None, "mars"), ("ftp://x", None)])
def test_places_that_cannot_be(where):
    with pytest.raises(InvalidConfiguration):
        Place.named(*where)


@pytest.mark.parametrize(
    "host",
    ["http://agents.assemblyai.com", "ws://Agents.EU.assemblyai.com:80", "http://agents.assemblyai.com./v1"],
)
def test_the_service_itself_is_not_asked_in_the_clear(host):
    with pytest.raises(InvalidConfiguration, match="in the clear"):
        Place.named(host, None)
