import logging
import socket

import pytest

from voicenb.agent import Agent
from voicenb.errors import InvalidConfiguration, ServiceError, ServiceUnreachable, Unauthorized
from voicenb.service.address import Address, Service
from voicenb.service.hosted import Hosted, StoredAgent
from voicenb.tools import HttpTool

KEY = "a-secret-key"


@pytest.fixture
def hosted(place):
    return Hosted(KEY, host=place.host)


@pytest.fixture
def lido():
    agent = Agent(name="Lido", system_prompt="You take bookings.", greeting="Good evening.", voice="ivy")

    @agent.tool
    def free_tables(day: str) -> list[str]:
        """Get the free times."""
        return [day]

    return agent


# Where it is.


def test_where_sessions_connect_to(monkeypatch):
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", "from-the-environment")
    address = Hosted().address()
    assert address == Address("wss://agents.assemblyai.com/v1/ws", key="from-the-environment", kind="hosted")
    assert Hosted(region="eu").address().url == "wss://agents.eu.assemblyai.com/v1/ws"
    assert Hosted(host="agents.us.assemblyai.com").address().url == "wss://agents.us.assemblyai.com/v1/ws"
    assert Hosted(host="http://127.0.0.1:8765/").address().url == "ws://127.0.0.1:8765/v1/ws"
    assert Hosted(host="wss://example.com").address().url == "wss://example.com/v1/ws"
    assert Hosted(KEY).address().key == KEY
    for own in ("agents.assemblyai.com", "agents.us.assemblyai.com", "wss://agents.eu.assemblyai.com:443"):
        assert Hosted(KEY, host=own).address().kind == "hosted"
    for other in (
        "http://127.0.0.1:8765",
        "wss://example.com",
        "assemblyai.com",
    ):
        assert Hosted(KEY, host=other).address().kind == "address"
    assert isinstance(Hosted(), Service)


def test_without_a_key_it_says_what_to_do(monkeypatch):
    monkeypatch.delenv("ASSEMBLYAI_API_KEY", raising=False)
    with pytest.raises(InvalidConfiguration, match=r"needs an API key.*ASSEMBLYAI_API_KEY.*vn\.Emulator"):
        Hosted()


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({"region": "mars"}, "Unknown region 'mars'. Known are us, eu"),
        ({"region": "eu", "host": "x"}, "either a host or a region"),
        ({"host": "ftp://x"}, "https or http"),
    ],
)
def test_places_that_cannot_be(where, words):
    with pytest.raises(InvalidConfiguration, match=words):
        Hosted(KEY, **where)


def test_the_key_is_in_no_repr():
    hosted = Hosted(KEY)
    for shown in (repr(hosted), str(hosted), repr(hosted.address()), str(hosted.address())):
        assert KEY not in shown
    assert repr(hosted) == "Hosted('agents.assemblyai.com')"


def test_a_key_that_no_header_can_hold_is_refused_without_showing_it(monkeypatch):
    for key in (f"{KEY}\nb", f"{KEY}é"):
        with pytest.raises(InvalidConfiguration, match="The API key holds") as caught:
            Hosted(key)
        assert KEY not in str(caught.value)
        monkeypatch.setenv("ASSEMBLYAI_API_KEY", key)
        with pytest.raises(InvalidConfiguration, match="The API key holds") as caught:
            Hosted()
        assert KEY not in str(caught.value)
    with pytest.raises(InvalidConfiguration, match="needs an API key"):
        Hosted("\n")


def test_a_line_break_behind_the_key_does_no_harm(place):
    hosted = Hosted(f" {KEY}\n", host=place.host)
    place.answer(200, {"token": "t"})
    assert hosted.token() == "t"
    assert place.requests[0][4]["Authorization"] == KEY
    assert hosted.address().key == KEY


@pytest.mark.parametrize("body", [{"code": "x", "message": f"No: {KEY}."}, f"no {KEY}", "-" * 195 + KEY])
def test_a_refusal_that_quotes_the_key_does_not_show_it(hosted, place, body):
    place.answer(401, body)
    with pytest.raises(ServiceError) as caught:
        hosted.token()
    assert KEY not in str(caught.value)
    assert KEY[:5] not in str(caught.value)


def test_the_login_of_a_proxy_is_not_shown(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "nonsense://me:secret@proxy.invalid")
    with pytest.raises(ServiceUnreachable) as caught:
        Hosted(KEY, host="http://service.invalid").token()
    assert "secret" not in str(caught.value)
    assert caught.value.__context__ is None


# What it does.


def test_what_has_no_method_of_its_own(hosted, place):
    place.answer(200, {"phone_numbers": []})
    place.answer(201, {"id": "call_1", "status": "dialing"})
    place.answer(204, None)
    assert hosted.request("GET", "/v1/phone-numbers", query={"limit": 5}) == {"phone_numbers": []}
    dial = {"from_number": "+15550100", "to_number": "+15550101", "agent_id": "agent_1"}
    assert hosted.request("post", "/v1/calls", body=dial)["status"] == "dialing"
    assert hosted.request("DELETE", "/v1/calls/call_1") is None
    listed, dialled, deleted = place.requests
    assert listed[:3] == ("GET", "/v1/phone-numbers", {"limit": "5"})
    assert (*dialled[:2], dialled[3]) == ("POST", "/v1/calls", dial)
    assert deleted[:2] == ("DELETE", "/v1/calls/call_1")
    assert dialled[4]["Authorization"] == KEY


def test_what_has_no_method_is_refused_as_all_else_is(hosted, place):
    place.answer(409, {"code": "phone_number_conflict", "message": "Taken.", "param": "number"})
    with pytest.raises(ServiceError) as caught:
        hosted.request("POST", "/v1/phone-numbers", body={"number": "+15550100"})
    assert (caught.value.code, caught.value.status, caught.value.param) == (
        "phone_number_conflict",
        409,
        "number",
    )


@pytest.mark.parametrize(
    "path",
    ["v1/calls", "@evil.example/v1/calls", "https://evil.example/v1/x", "/v1/calls?x=1", "/x", "/v1/a b", 5],
)
def test_the_key_goes_to_this_service_only(hosted, place, path):
    with pytest.raises(InvalidConfiguration, match="is no path"):
        hosted.request("GET", path)
    assert place.requests == []


def test_a_method_that_there_is_not(hosted, place):
    with pytest.raises(InvalidConfiguration, match="GET, POST, PUT, PATCH"):
        hosted.request("FETCH", "/v1/calls")
    assert place.requests == []


def test_a_token(hosted, place):
    place.answer(200, {"token": "t" * 2500, "expires_in_seconds": 60})
    place.answer(200, {"token": "u", "expires_in_seconds": 30})
    assert hosted.token() == "t" * 2500
    assert hosted.token(expires_in_seconds=30, max_session_duration_seconds=600) == "u"
    first, second = place.requests
    assert first[:3] == ("GET", "/v1/token", {"expires_in_seconds": "60"})
    assert second[2] == {"expires_in_seconds": "30", "max_session_duration_seconds": "600"}
    assert first[4]["Authorization"] == KEY


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"expires_in_seconds": 0}, "expires_in_seconds is a whole number from 1 to 600, not 0"),
        ({"expires_in_seconds": 601}, "from 1 to 600, not 601"),
        ({"expires_in_seconds": 2.5}, "from 1 to 600, not 2.5"),
        (
            {"max_session_duration_seconds": 59},
            "max_session_duration_seconds is a whole number from 60 to 10800",
        ),
        ({"max_session_duration_seconds": 10_801}, "from 60 to 10800, not 10801"),
        ({"max_session_duration_seconds": True}, "from 60 to 10800, not True"),
    ],
)
def test_a_token_that_cannot_be_is_not_asked_for(hosted, place, limits, words):
    with pytest.raises(InvalidConfiguration) as caught:
        hosted.token(**limits)
    assert words in str(caught.value)
    assert caught.value.facts["param"] in limits
    assert place.requests == []


def test_a_token_is_not_shown(hosted, place):
    place.answer(200, {"token": "token-canary"})
    token = hosted.token(expires_in_seconds=600, max_session_duration_seconds=60)
    assert "canary" not in repr(token)
    assert f"{token}" == "token-canary"


def test_neither_key_nor_token_gets_into_a_log(hosted, place, caplog):
    caplog.set_level(logging.DEBUG)
    place.answer(200, {"token": "token-canary"})
    assert hosted.token() == "token-canary"
    assert "/v1/token" in caplog.text  # the library's own lines
    assert KEY not in caplog.text
    assert "token-canary" not in caplog.text


def test_creating(hosted, place, lido, contract):
    place.answer(201, {"id": "agent_0a", "name": "Lido", "tools": []})
    stored = hosted.create(lido)
    ((method, path, _, body, headers),) = place.requests
    assert (method, path, headers["Authorization"]) == ("POST", "/v1/agents", KEY)
    contract("AgentCreate").validate(body)
    assert stored == lido.replace(id="agent_0a")
    assert stored.tools[0].call({"day": "Friday"}) == ["Friday"]
    assert lido.id is None


def test_getting(hosted, place):
    body = {
        "id": "agent_0a",
        "name": "Lido",
        "system_prompt": "Short.",
        "voice": {"voice_id": "alba"},
        "llm": [],
    }
    place.answer(200, body)
    assert hosted.get("agent_0a") == Agent(name="Lido", system_prompt="Short.", voice="alba", id="agent_0a")
    assert place.requests[0][:2] == ("GET", "/v1/agents/agent_0a")


def test_updating(hosted, place, lido, contract):
    place.answer(200, {})
    stored = lido.replace(id="agent_0a", system_prompt="New.")
    assert hosted.update(stored) is stored
    ((method, path, _, body, _),) = place.requests
    assert (method, path, body["system_prompt"]) == ("PUT", "/v1/agents/agent_0a", "New.")
    contract("AgentUpdate").validate(body)
    with pytest.raises(InvalidConfiguration, match=r"'Lido' is not stored.*create\(agent\)"):
        hosted.update(lido)


def test_what_is_not_set_any_more_is_told(hosted, place, lido, contract):
    place.answer(200, {})
    hosted.update(lido.replace(id="agent_0a", greeting=None, keyterms=()))
    body = place.requests[0][3]
    contract("AgentUpdate").validate(body)
    assert body["greeting"] is None
    assert body["input"] == {
        "format": {"encoding": "audio/pcm"},
        **dict.fromkeys(("turn_detection", "transcription_mode", "transcription_prompt")),
        **dict.fromkeys(("language_codes", "voice_focus", "voice_focus_threshold")),
        "keyterms": [],
    }
    assert body["output"] == {"volume": None, "format": {"encoding": "audio/pcm"}}


def test_a_part_of_a_stored_agent_is_changed_by_its_id(hosted, place, contract):
    place.answer(
        200, {"id": "agent_0a", "name": "Lido", "system_prompt": "New.", "voice": {"voice_id": "alba"}}
    )
    book = HttpTool(name="book", url="https://x.y", headers={"K": "header-canary"})
    agent = hosted.update("agent_0a", system_prompt="New.", tools=[book], turn_detection={"min_silence": 900})
    ((method, path, _, body, _),) = place.requests
    assert (method, path) == ("PUT", "/v1/agents/agent_0a")
    assert sorted(body) == ["input", "system_prompt", "tools"]
    assert body["input"] == {
        "turn_detection": {
            "vad_threshold": 0.5,
            "min_silence": 900,
            "max_silence": 3000,
            "interrupt_response": True,
            "interruption_delay": None,  # of the mode that is stored, which is not known here
        }
    }
    contract("AgentUpdate").validate(body)
    assert agent == Agent(name="Lido", system_prompt="New.", voice="alba", id="agent_0a")


def test_a_part_of_an_agent_at_hand_is_changed_there_too(hosted, place, lido):
    place.answer(200, {})
    agent = hosted.update(lido.replace(id="agent_0a"), volume=50, llm=[])
    assert place.requests[0][3] == {"output": {"volume": 50}, "llm": []}
    assert agent == lido.replace(id="agent_0a", volume=50)


STRANGE = {
    "id": "agent_0a",
    "name": "Lido",
    "mood": "calm",
    "system_prompt": "You book.",
    "voice": {"voice_id": "alba"},
    "output": {"volume": 300},
    "tools": [{"name": "book", "http": {"url": "http://192.168.0.1/book"}}],
}


def test_what_the_service_stores_is_read_whatever_it_is(hosted, place):
    for _ in range(3):
        place.answer(200, STRANGE)
    read = hosted.get("agent_0a")
    assert (read.volume, read.tools[0].url) == (300, "http://192.168.0.1/book")
    assert hosted.update("agent_0a", system_prompt="You book.") == read
    assert hosted.update(read, greeting="Hello.").greeting == "Hello."
    assert [request[3] for request in place.requests[1:]] == [
        {"system_prompt": "You book."},
        {"greeting": "Hello."},
    ]


def test_an_answer_that_is_no_agent_is_the_service_s_fault(hosted, place):
    place.answer(200, {**STRANGE, "tools": [], "input": {"keyterms": 5}})
    with pytest.raises(ServiceError, match=r"told of the agent agent_0a.* no agent: keyterms must be") as no:
        hosted.get("agent_0a")
    assert (no.value.code, no.value.param) == ("malformed", "input.keyterms")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "nothing to change"),
        ({"sytem_prompt": "x"}, "no sytem_prompt. Did you mean 'system_prompt'"),
        ({"id": "x"}, "no id"),
        ({"voice": None}, "needs a voice"),
        ({"volume": 101}, "not within 0 to 100"),
    ],
)
def test_a_change_that_cannot_be_is_not_sent(hosted, place, changes, words):
    with pytest.raises(InvalidConfiguration, match=words):
        hosted.update("agent_0a", **changes)
    assert place.requests == []


def test_what_only_stored_agents_have_is_stored_with_them(hosted, place, lido, contract):
    llm = [{"base_url": "https://x.y/v1", "model": "m", "api_key": "key-canary"}]
    place.answer(201, {"id": "agent_0a"})
    place.answer(422, {"code": "validation_error", "message": "No: key-canary.", "param": "llm"})
    hosted.create(lido, llm=llm)
    body = place.requests[0][3]
    contract("AgentCreate").validate(body)
    assert body["llm"] == llm
    with pytest.raises(ServiceError, match="redacted") as caught:
        hosted.create(lido, llm=llm)
    assert "canary" not in str(caught.value)
    with pytest.raises(InvalidConfiguration, match="no lmm"):
        hosted.create(lido, lmm=llm)


def test_a_refusal_that_quotes_a_header_does_not_show_it(hosted, place, lido):
    place.answer(422, {"code": "validation_error", "message": "No: header-canary.", "param": "tools"})
    tool = HttpTool(name="book", url="https://x.y", headers={"K": "header-canary"}, listed_headers=())
    with pytest.raises(ServiceError) as caught:
        hosted.create(lido.replace(tools=[tool]))
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("body", [None, [], {}, {"id": 5, "token": 5}, "nonsense"])
def test_an_answer_that_is_none_is_told_as_one(hosted, place, lido, body):
    asked = [hosted.token, lambda: hosted.create(lido)]
    if not isinstance(body, dict):
        asked.append(lambda: hosted.get("agent_0a"))
    for ask in asked:
        place.answer(200, body)
        with pytest.raises(ServiceError, match=r"Is the host right\?"):
            ask()


@pytest.mark.parametrize(
    ("scheme", "rest", "socket"),
    [
        (None, KEY, f"Bearer {KEY}"),
        ("", KEY, KEY),
        ("Bearer", f"Bearer {KEY}", f"Bearer {KEY}"),
    ],
)
def test_both_forms_of_the_authorization(place, scheme, rest, socket):
    hosted = Hosted(KEY, host=place.host, scheme=scheme)
    place.answer(200, {"token": "t"})
    hosted.token()
    assert place.requests[0][4]["Authorization"] == rest
    assert hosted.address().headers == {"Authorization": socket}
    with pytest.raises(InvalidConfiguration, match="scheme='Basic'"):
        Hosted(KEY, scheme="Basic")


def test_one_webhook_subscription(hosted, place):
    place.answer(200, {"id": "wh_1", "url": "https://x.y", "events": ["session.completed"]})
    assert hosted.webhook("wh_1").events == ("session.completed",)
    assert place.requests[0][:2] == ("GET", "/v1/webhook-subscriptions/wh_1")


def test_deleting(hosted, place, lido):
    place.answer(204)
    place.answer(204)
    hosted.delete("agent_0a")
    hosted.delete(lido.replace(id="agent_0b"))
    assert [request[:2] for request in place.requests] == [
        ("DELETE", "/v1/agents/agent_0a"),
        ("DELETE", "/v1/agents/agent_0b"),
    ]
    with pytest.raises(InvalidConfiguration, match="not stored"):
        hosted.delete(lido)


def entry(agent_id, **more):
    return {"id": agent_id, "name": agent_id.upper(), "created_at": "c", "updated_at": "u", **more}


def test_listing_turns_the_pages(hosted, place):
    place.answer(
        200, {"agents": [entry("a"), entry("b")], "has_more": True, "response_metadata": {"next_cursor": "x"}}
    )
    place.answer(200, {"agents": [entry("c")], "has_more": False, "response_metadata": {"next_cursor": ""}})
    assert [stored.id for stored in hosted.list()] == ["a", "b", "c"]
    assert [request[2] for request in place.requests] == [{}, {"cursor": "x"}]


def test_listing_takes_the_older_form(hosted, place):
    place.answer(200, [entry("a"), entry("b", deleted_at="now"), {"id": "c"}])
    assert hosted.list() == [StoredAgent("a", "A", "c", "u"), StoredAgent("c", "")]


def test_listing_does_not_go_round_in_circles(hosted, place):
    for _ in range(2):
        place.answer(200, {"agents": [], "has_more": True, "response_metadata": {"next_cursor": "x"}})
    assert hosted.list() == []


@pytest.mark.parametrize(
    "answer",
    [
        {"agents": [entry("a"), "x", {"name": "b"}], "has_more": True, "response_metadata": []},
        {"agents": [entry("a")], "has_more": True, "response_metadata": {"next_cursor": 5}},
        {"agents": [entry("a")], "has_more": True},
    ],
)
def test_listing_ends_where_the_service_says_nothing_of_a_next_page(hosted, place, answer):
    place.answer(200, answer)
    assert [stored.id for stored in hosted.list()] == ["a"]


# What goes wrong.


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, {"detail": "Unauthorized"}),
        (401, {"code": "unauthorized", "message": "Bad key.", "param": None, "request_id": "r"}),
        (404, {"detail": "Invalid API key"}),
        (422, {"detail": [{"type": "missing", "loc": ["header", "authorization"], "msg": "Field required"}]}),
        (403, ""),
    ],
    ids=str,
)
def test_a_bad_key_however_it_is_said(hosted, place, status, body):
    place.answer(status, body)
    with pytest.raises(Unauthorized, match="ASSEMBLYAI_API_KEY") as caught:
        hosted.token()
    assert caught.value.status == status
    assert KEY not in str(caught.value)


def test_the_newer_envelope(hosted, place, lido):
    body = {
        "code": "VALIDATION_ERROR",
        "message": "Validation failed",
        "param": None,
        "request_id": "req_1",
        "errors": [{"message": "unknown voice", "param": "voice.voice_id"}],
    }
    place.answer(422, body)
    with pytest.raises(ServiceError) as caught:
        hosted.create(lido)
    error = caught.value
    assert (error.code, error.param, error.status) == ("validation_error", "voice.voice_id", 422)
    assert error.facts["request_id"] == "req_1"
    assert str(error) == (
        "The agent 'Lido': POST /v1/agents was refused with 422: Validation failed (voice.voice_id: unknown "
        "voice). "
        "Correct the field that is named; nothing was changed."
    )


def test_what_is_said_twice_is_told_once(hosted, place, lido):
    errors = [{"message": "voice is unknown", "param": "voice"}, {"message": "too long", "param": "name"}]
    place.answer(422, {"code": "validation_error", "message": "voice is unknown", "errors": errors})
    with pytest.raises(ServiceError) as caught:
        hosted.create(lido)
    assert caught.value.message.endswith("with 422: voice is unknown (name: too long)")
    assert caught.value.param == "voice"


def test_the_older_envelopes(hosted, place):
    place.answer(
        422,
        {"detail": [{"loc": ["query", "expires_in_seconds"], "msg": "too large"}]},
        [("X-Request-Id", "q")],
    )
    place.answer(400, {"error": "Bad request", "code": 400, "details": "expires_in_seconds"})
    place.answer(400, {"error": "Bad request"})
    with pytest.raises(ServiceError, match=r"refused with 422: expires_in_seconds: too large") as caught:
        hosted.token(expires_in_seconds=600)
    assert (caught.value.param, caught.value.facts["request_id"]) == ("expires_in_seconds", "q")
    for _ in range(2):
        with pytest.raises(ServiceError, match="refused with 400: Bad request"):
            hosted.token()


def test_an_agent_that_this_host_does_not_have(hosted, place):
    place.answer(404, {"code": "agent_not_found", "message": "Agent not found", "param": "agent_id"})
    with pytest.raises(ServiceError, match="Agents belong to one host") as caught:
        hosted.get("agent_0a")
    assert caught.value.code == "agent_not_found"


@pytest.mark.parametrize("body", ["<html>Bad gateway</html>", "", "[1]"])
def test_an_answer_that_is_no_envelope(place, body):
    hosted = Hosted(KEY, host=place.host, retries=0)
    place.answer(502, body)
    with pytest.raises(ServiceError, match="GET /v1/token was refused with 502") as caught:
        hosted.token()
    assert caught.value.status == 502


def test_a_good_answer_that_is_not_json(hosted, place):
    place.answer(200, "Welcome to the hotel")
    with pytest.raises(ServiceError, match=r"something that is not JSON\. Is the host right"):
        hosted.token()


def test_what_may_pass_is_tried_again(hosted, place):
    place.answer(503, {"code": "internal_error", "message": "Sorry."})
    place.answer(429, {"code": "concurrency_exceeded", "message": "Full."}, [("Retry-After", "0")])
    place.answer(200, {"token": "t"})
    assert hosted.token() == "t"
    assert len(place.requests) == 3


def test_what_will_not_pass_is_asked_once(hosted, place, lido):
    for status in (400, 401, 403, 404, 422, 500, 503):
        place.answer(status, {"message": "No."})
        with pytest.raises(ServiceError) as caught:
            hosted.create(lido)  # after a fault nobody knows whether it was stored
        assert caught.value.status == status
    assert len(place.requests) == 7


@pytest.mark.parametrize("agent_id", ["", " ", "..", None, 5])
def test_an_id_that_is_none_is_not_asked_for(hosted, agent_id):
    with pytest.raises(InvalidConfiguration):
        hosted.get(agent_id)
    with pytest.raises(InvalidConfiguration):
        hosted.delete(agent_id)


def test_an_id_stays_in_its_place(hosted, place):
    place.answer(404, {"code": "agent_not_found", "message": "Agent not found"})
    with pytest.raises(ServiceError):
        hosted.get("../token?x=1")
    assert place.requests[0][1] == "/v1/agents/..%2Ftoken%3Fx%3D1"


def test_nobody_there():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        hosted = Hosted(KEY, host=f"http://127.0.0.1:{taken.getsockname()[1]}", timeout=2)
        with pytest.raises(ServiceUnreachable, match=r"did not answer \(ConnectError\)") as caught:
            hosted.token()
    assert KEY not in str(caught.value)
    assert f"GET http://{hosted.host}/v1/token" in caught.value.message
    assert "https" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_host_without_a_scheme_is_one_of_https(place):
    host = place.host.removeprefix("http://")
    with pytest.raises(ServiceUnreachable) as caught:
        Hosted(KEY, host=f"me:secret@{host}").list()
    assert f"GET https://{host}/v1/agents did not answer" in caught.value.message
    assert f"host='http://{host}'" in caught.value.remedy
    assert "secret" not in str(caught.value)
