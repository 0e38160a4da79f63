"""One answer of a model, at a real socket."""

import json

import pytest
from endpoint import Endpoint as Server

from voicenb.errors import ServiceError
from voicenb.extraction.completion import Model
from voicenb.extraction.endpoint import Endpoint
from voicenb.extraction.wanted import wanted

SCHEMA = {"title": "Booking", "type": "object", "properties": {"people": {"type": "integer"}}}
ASKED = [{"role": "user", "content": "Hello"}]


def said(content, **more):
    choice = {"message": {"role": "assistant", "content": content}, **more}
    return 200, json.dumps({"choices": [choice]}).encode()


@pytest.fixture
def server():
    with Server() as running:
        yield running


@pytest.fixture
def model(server):
    return Model(Endpoint(f"{server.url}/v1"), "tiny", wanted(SCHEMA), timeout=5)


def bodies(server):
    return [json.loads(asked["body"]) for asked in server.asked]


def test_what_is_asked_fits_the_contract(server, model, contract):
    server.answers = [said("{}")]
    model.max_tokens = 200
    assert model.answer(ASKED) == "{}"
    (body,) = bodies(server)
    contract("GatewayRequest").validate(body)
    assert (body["model"], body["messages"], body["max_tokens"]) == ("tiny", ASKED, 200)
    form = body["response_format"]
    assert (form["type"], form["json_schema"]["name"]) == ("json_schema", "Booking")
    assert form["json_schema"]["schema"] == SCHEMA
    assert server.asked[0]["path"] == "/v1/chat/completions"


@pytest.mark.parametrize("status", [400, 422])
def test_a_format_that_is_refused_is_not_asked_for_again(server, model, status):
    server.answers = [(status, b'{"error": {"message": "response_format?"}}'), said("{}"), said("{}")]
    assert model.answer(ASKED) == "{}"
    assert model.answer(ASKED) == "{}"
    assert ["response_format" in body for body in bodies(server)] == [True, False, False]
    assert "max_tokens" not in bodies(server)[0]


def test_a_refusal_of_something_else_is_told(server, model):
    server.answers = [(400, b'{"error": {"message": "no such model"}}')] * 2
    with pytest.raises(ServiceError, match="no such model") as caught:
        model.answer(ASKED)
    assert caught.value.status == 400
    server.answers = [(404, b'{"error": {"message": "nowhere"}}')]
    with pytest.raises(ServiceError, match="nowhere"):
        model.answer(ASKED)
    assert len(server.asked) == 3


def test_a_text_in_parts(server, model):
    server.answers = [
        said([{"type": "text", "text": '{"a":'}, {"type": "image"}, {"type": "text", "text": "1}"}])
    ]
    assert model.answer(ASKED) == '{"a":1}'


@pytest.mark.parametrize(
    "answer",
    [
        said(None, finish_reason="length"),
        said("  "),
        said([]),
        (200, b"{}"),
        (200, b"[]"),
        (200, b'{"choices": []}'),
        (200, b'{"choices": [null]}'),
        (204, b""),
    ],
    ids=range(8),
)
def test_an_answer_without_a_text(server, model, answer):
    server.answers = [answer]
    with pytest.raises(ServiceError, match="answered without a text") as caught:
        model.answer(ASKED)
    assert caught.value.code == "empty_answer"
    assert ("(length)" in caught.value.message) == ("max_tokens" in caught.value.remedy)
