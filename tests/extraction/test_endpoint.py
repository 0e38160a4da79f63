"""Where a model is asked."""

import json
import socket

import pytest
from endpoint import Endpoint as Server

from voicenb.errors import InvalidConfiguration, ServiceError, ServiceUnreachable, Unauthorized
from voicenb.extraction.endpoint import GATEWAYS, OPENAI, Endpoint


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in ("ASSEMBLYAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server():
    with Server() as running:
        yield running


def named(service=None, base_url=None, key=None, region=None):
    return Endpoint.named(service, base_url=base_url, key=key, region=region)


def test_the_gateway_takes_the_key_as_it_is(monkeypatch):
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", "canary-a")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    for endpoint in (named(), named("gateway"), named(region="us")):
        assert (endpoint.base, endpoint.key, endpoint.scheme) == (GATEWAYS["us"], "canary-a", "")
        assert "canary" not in repr(endpoint)
    assert named(region="eu").base == "https://llm-gateway.eu.assemblyai.com/v1"
    assert named("gateway", key="canary-b").key == "canary-b"


def test_what_openai_base_url_names(monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1/")
    monkeypatch.setenv("OPENAI_API_KEY", "canary-o")
    for endpoint in (named(), named("openai")):
        assert (endpoint.base, endpoint.key, endpoint.scheme) == (
            "http://127.0.0.1:1/v1",
            "canary-o",
            "Bearer",
        )
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", "canary-a")
    assert named().base == GATEWAYS["us"]
    assert named("openai").key == "canary-o"
    monkeypatch.delenv("OPENAI_BASE_URL")
    assert named("openai").base == OPENAI


def test_no_key_of_the_environment_goes_to_any_other(monkeypatch):
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", "canary-a")
    monkeypatch.setenv("OPENAI_API_KEY", "canary-o")
    assert named(base_url="http://127.0.0.1:1/v1").key == ""
    assert named(base_url="http://127.0.0.1:1/v1", key="mine").key == "mine"


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({}, r"needs an API key.*ASSEMBLYAI_API_KEY.*OPENAI_BASE_URL"),
        ({"service": "gateway"}, "needs an API key"),
        ({"service": "bard"}, "'bard' has no language models"),
        ({"service": "openai", "region": "eu"}, "Only the gateway has regions"),
        ({"region": "mars", "key": "k"}, "Unknown region 'mars'"),
        ({"base_url": "http://x/v1", "service": "openai"}, "not both"),
        ({"base_url": "x"}, "'x' is no address"),
        ({"base_url": "http://me:canary@x/v1"}, "is no address"),
        ({"base_url": "http://x:y/v1"}, "is no address"),
        ({"base_url": "http://x/v1?key=canary"}, "'http://x/v1' is no address"),
        ({"base_url": "http://x/v1", "key": "canary é"}, "key holds"),
    ],
    ids=range(11),
)
def test_what_cannot_be(how, why):
    with pytest.raises(InvalidConfiguration, match=why) as caught:
        named(**how)
    assert "canary" not in str(caught.value)


def test_the_header(server):
    Endpoint(f"{server.url}/v1", "canary").ask("GET", "/models", timeout=5)
    Endpoint(f"{server.url}/v1", "canary", scheme="").ask("GET", "/models", timeout=5)
    Endpoint(f"{server.url}/v1").ask("GET", "/models", timeout=5)
    assert [asked["headers"].get("Authorization") for asked in server.asked] == [
        "Bearer canary",
        "canary",
        None,
    ]
    assert {asked["path"] for asked in server.asked} == {"/v1/models"}


def test_a_key_that_is_refused(server):
    server.status, server.body = 401, b'{"error": {"message": "bad key canary-1", "code": "invalid_api_key"}}'
    with pytest.raises(Unauthorized, match=r"refuses the key.*OPENAI_API_KEY or pass key=") as caught:
        Endpoint(f"{server.url}/v1", "canary-1", variable="OPENAI_API_KEY").ask("GET", "/models", timeout=5)
    assert "canary" not in str(caught.value)
    assert caught.value.status == 401
    with pytest.raises(Unauthorized, match="wants a key"):
        Endpoint(f"{server.url}/v1").ask("GET", "/models", timeout=5)


def test_too_many_requests_are_waited_for(server):
    server.headers = {"Retry-After": "0"}
    server.answers = [(429, b'{"error": "rate limit", "status": 429}'), (200, b"{}")]
    assert Endpoint(f"{server.url}/v1").ask("POST", "/chat/completions", {}, timeout=5) == {}
    assert len(server.asked) == 2


def test_nobody_there():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        place = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        with pytest.raises(ServiceUnreachable, match="Is there a language model at") as caught:
            Endpoint(place).ask("GET", "/models", timeout=2)
    assert f"GET {place}/models did not answer" in caught.value.message


def test_a_web_page_is_no_language_model(server):
    server.answers = [(404, b"<!DOCTYPE html><h1>My shop</h1>")]
    with pytest.raises(
        ServiceError, match=r"/v1 answered with a web page \(404\).*base_url is what"
    ) as caught:
        Endpoint(f"{server.url}/v1").ask("GET", "/models", timeout=5)
    assert "shop" not in str(caught.value)


# Models.


def listed(*names):
    return json.dumps({"data": [{"id": name} for name in names]}).encode()


def test_the_only_model_that_there_is(server):
    server.body = listed("tiny")
    assert Endpoint(f"{server.url}/v1").model(None, timeout=5) == "tiny"


def test_a_named_one_is_not_looked_up(server, monkeypatch):
    monkeypatch.setenv("OPENAI_MODEL", "large")
    endpoint = Endpoint(f"{server.url}/v1", variable="OPENAI_API_KEY")
    assert endpoint.model("small", timeout=5) == "small"
    assert endpoint.model(None, timeout=5) == "large"
    assert server.asked == []


def test_of_several_one_must_be_named(server):
    server.body = listed(*(f"m{n}" for n in range(12)))
    with pytest.raises(
        InvalidConfiguration, match=r"has m0, .* m7 and 4 more\. Name one: model='m0'"
    ) as caught:
        Endpoint(f"{server.url}/v1").model(None, timeout=5)
    assert len(caught.value.facts["models"]) == 12


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"data": null}', b'{"data": [5, {}]}', b"5"])
def test_where_none_is_listed(server, body):
    server.body = body
    with pytest.raises(InvalidConfiguration, match=r"has none that it lists\. Name one with model="):
        Endpoint(f"{server.url}/v1").model(None, timeout=5)
    server.status = 404
    with pytest.raises(ServiceError):
        Endpoint(f"{server.url}/v1").model(None, timeout=5)
