"""One request and what becomes of it, at a real socket; what is asked for in test_hosted.py."""

import socket
import threading

import pytest

from voicenb.errors import InvalidConfiguration, ServiceError, ServiceUnreachable
from voicenb.service.place import Place
from voicenb.service.rest import Rest, segment
from voicenb.service.retries import Retries

KEY = "a-secret-key"


@pytest.fixture
def slept():
    return []


@pytest.fixture
def rest(place, slept):
    return Rest(Place.named(place.host, None), key=KEY, timeout=5, retries=Retries(2, slept.append))


def test_a_fault_that_stays_is_told_after_the_last_attempt(rest, place, slept):
    for n in range(3):
        place.answer(500, {"code": "internal_error", "message": f"Fault {n}."})
    with pytest.raises(ServiceError, match="refused with 500: Fault 2") as caught:
        rest.ask("GET", "/v1/agents")
    assert caught.value.code == "internal_error"
    assert len(slept) == 2


def test_a_refusal_is_told_at_once(rest, place, slept):
    place.answer(422, {"code": "validation_error", "message": "No.", "param": "url"})
    with pytest.raises(ServiceError) as caught:
        rest.ask("GET", "/v1/agents")
    assert (caught.value.code, caught.value.param, caught.value.status) == ("validation_error", "url", 422)
    assert slept == []


def test_a_server_that_wants_a_long_rest_is_not_asked_again(rest, place, slept):
    place.answer(429, {"message": "Later."}, [("Retry-After", "3600")])
    with pytest.raises(ServiceError, match="429: Later"):
        rest.ask("GET", "/v1/agents")
    assert slept == []


def test_deleting_what_a_broken_attempt_had_deleted_is_done(rest, place, slept):
    place.answer(502, "")
    place.answer(404, {"code": "agent_not_found", "message": "Agent not found"})
    assert rest.ask("DELETE", "/v1/agents/a") is None
    place.answer(429, "")  # which did nothing
    place.answer(404, {"code": "agent_not_found", "message": "Agent not found"})
    with pytest.raises(ServiceError, match="not found"):
        rest.ask("DELETE", "/v1/agents/a")


@pytest.fixture
def dropping():
    """A server that hangs up on the first connections, without a word, and then answers."""
    listening = socket.create_server(("127.0.0.1", 0))
    met = []

    def serve():
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                met.append(connection.recv(65_536))
                if len(met) > 2:
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}", met
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join(5)


@pytest.mark.off_the_contract
def test_a_connection_that_breaks_is_tried_again_where_that_does_no_harm(dropping, slept):
    host, met = dropping
    rest = Rest(Place.named(host, None), key=KEY, timeout=5, retries=Retries(2, slept.append))
    with pytest.raises(ServiceUnreachable):
        rest.ask("POST", "/v1/agents", body={})
    assert len(met) == 1
    assert rest.ask("GET", "/v1/agents") == {}
    assert (len(met), len(slept)) == (3, 1)


def test_a_host_that_is_not_there_is_told_at_once(slept):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        place = Place.named(f"http://127.0.0.1:{taken.getsockname()[1]}", None)
        rest = Rest(place, key=KEY, timeout=2, retries=Retries(2, slept.append))
        with pytest.raises(ServiceUnreachable) as caught:
            rest.ask("GET", "/v1/agents")
    assert caught.value.__context__ is None
    assert slept == []


def test_pages_are_asked_for_as_they_are_wanted(rest, place):
    place.answer(200, {"a": [{"n": 1}, "?"], "has_more": True, "response_metadata": {"next_cursor": "x"}})
    entries = rest.pages("/v1/a", "a", {"limit": 2, "status": None})
    assert next(entries) == {"n": 1}
    assert len(place.requests) == 1
    place.answer(200, {"a": [{"n": 2}], "has_more": False, "response_metadata": {"next_cursor": "y"}})
    assert list(entries) == [{"n": 2}]
    assert [request[2] for request in place.requests] == [{"limit": "2"}, {"limit": "2", "cursor": "x"}]


@pytest.mark.parametrize("answer", [{}, {"a": None}, [], None, {"a": [], "has_more": True}])
def test_lists_without_anything(rest, place, answer):
    place.answer(200, answer)
    assert list(rest.pages("/v1/a", "a")) == []


def test_pages_that_go_round_in_a_circle_end(rest, place):
    for cursor in ("x", "y", "x"):
        place.answer(200, {"a": [], "has_more": True, "response_metadata": {"next_cursor": cursor}})
    assert list(rest.pages("/v1/a", "a")) == []


def test_a_link_is_followed_without_the_key(rest, place):
    place.answer(200, "sound")
    assert rest.file(f"{place.host}/artifacts/signed") == b"sound"
    assert "Authorization" not in place.requests[0][4]


def test_a_link_that_is_refused_is_not_shown(rest, place):
    place.answer(403, {"code": "link_expired", "message": "This link has expired"})
    with pytest.raises(ServiceError, match="This link has expired") as caught:
        rest.file(f"{place.host}/artifacts/signed-canary?sig=canary")
    assert "canary" not in str(caught.value)
    assert caught.value.code == "link_expired"


@pytest.mark.parametrize("url", ["http://example.com/a", "file:///etc/passwd", "ftp://x/a", ""])
def test_links_out_of_the_encrypted_web_are_not_followed(rest, url):
    with pytest.raises(ServiceError, match="not followed") as caught:
        rest.file(url)
    assert "the host and port that host= names" in caught.value.remedy


def test_a_link_to_the_place_itself_is_followed_on_whatever_machine_that_is(monkeypatch):
    import httpx

    asked = []

    def request(method, url, **more):
        asked.append((url, more.get("headers")))
        return httpx.Response(200, content=b"sound", request=httpx.Request(method, url))

    monkeypatch.setattr(httpx, "request", request)
    elsewhere = Rest(Place.named("http://emulator.lab:8765", None), key=KEY, timeout=1, retries=Retries(0))
    assert elsewhere.file("http://emulator.lab:8765/artifacts/signed") == b"sound"
    assert asked == [("http://emulator.lab:8765/artifacts/signed", None)]
    with pytest.raises(ServiceError, match=r"to http://other\.lab; it is not followed"):
        elsewhere.file("http://other.lab:8765/artifacts/signed-canary")


def test_what_must_not_come_back_does_not(rest, place):
    place.answer(422, {"message": f"bad secret-canary, {KEY}"})
    with pytest.raises(ServiceError) as caught:
        rest.ask("POST", "/v1/x", body={}, secrets=["secret-canary"])
    assert "canary" not in str(caught.value)
    assert KEY not in str(caught.value)
    assert KEY not in repr(rest)


def test_identifiers_as_parts_of_a_path():
    assert segment("agent_0a", "an agent") == "agent_0a"
    assert segment("a/../b?c", "an agent") == "a%2F..%2Fb%3Fc"
    for wrong in ("", "..", " . ", None, 5):
        with pytest.raises(InvalidConfiguration, match="no id of an agent"):
            segment(wrong, "an agent")
