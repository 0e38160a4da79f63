"""A claim that a language model judges, at a real socket."""

import json

import pytest
from endpoint import Endpoint as Server

import voicenb as vn
from tests.testing.expectations.conftest import lacking

CLAIM = "the table is confirmed for Friday"


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    for name in ("ASSEMBLYAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VOICENB_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def server():
    with Server() as running:
        yield running


def says(server, *answers):
    server.answers = [
        (200, json.dumps({"choices": [{"message": {"content": answer}}]}).encode()) for answer in answers
    ]


def answer(verdict, reason="It says so.", **more):
    return json.dumps({"reason": reason, "verdict": verdict, **more})


def judged(server, call, **how):
    expected = vn.expect(call).judged(CLAIM, model="tiny", base_url=f"{server.url}/v1", **how)
    (verdict,) = expected.verdicts
    return verdict


def test_it_passes_with_a_reason_and_the_turns(server, booked):
    says(server, answer("true", "Seven is free.", lines=[3, 6, 6, 99]))
    told = judged(server, booked)
    assert (told.outcome, told.figure, told.n) == ("passed", "true, says tiny", 1)
    assert [each.turn.number for each in told.turns] == [2, 4]
    assert told.turns[0].note == "Seven is free."
    asked = json.loads(server.asked[0]["body"])
    assert asked["model"] == "tiny"
    user = asked["messages"][1]["content"]
    assert user.startswith(f"Claim: {CLAIM}\n\nMinutes:\n1. Agent: Lido, good evening.\n2. Caller: I would")
    assert "3. Tool called: free_tables(day='Friday', people=4)" in user


def test_it_fails_with_a_reason(server, booked):
    says(server, f"```json\n{answer('false', 'Nobody confirmed.')}\n```")
    told = judged(server, booked)
    assert (told.outcome, told.figure) == ("failed", "false, says tiny")
    assert told.turns[0].note == "Nobody confirmed."


def test_it_may_abstain(server, booked):
    says(server, answer("cannot tell", "It was left open."))
    told = judged(server, booked)
    assert (told.outcome, told.figure) == ("inconclusive", "tiny cannot tell")
    assert "It was left open." in told.why


def test_it_is_cached_by_content(server, booked, interrupted):
    says(server, answer("true"), answer("false"))
    assert judged(server, booked).outcome == "passed"
    assert judged(server, booked).outcome == "passed"  # the second answer is not asked for
    assert len(server.asked) == 1
    assert judged(server, interrupted).outcome == "failed"  # another call is another content
    assert judged(server, booked, cached=False).outcome == "failed"
    assert len(server.asked) == 3


def test_another_claim_is_another_question(server, booked):
    says(server, answer("true"), answer("false"))
    judged(server, booked)
    other = vn.expect(booked).judged("it is cheap", model="tiny", base_url=f"{server.url}/v1")
    assert other.outcome == "failed"


def test_what_does_not_fit_is_asked_for_once_more(server, booked):
    says(server, "Sure!", answer("true"))
    assert judged(server, booked).outcome == "passed"
    assert "does not fit" in json.loads(server.asked[1]["body"])["messages"][3]["content"]


def test_two_answers_that_do_not_fit_are_inconclusive_and_not_kept(server, booked):
    says(server, "Sure!", "Sure!", answer("true"))
    told = judged(server, booked)
    assert (told.outcome, told.figure, told.remedy) == (
        "inconclusive",
        "tiny did not answer",
        "Take a larger model.",
    )
    assert judged(server, booked).outcome == "passed"


def test_a_server_that_refuses_is_inconclusive(server, booked):
    server.status, server.body = 401, b'{"error": {"message": "no"}}'
    told = judged(server, booked)
    assert told.outcome == "inconclusive"
    assert "wants a key" in told.why


def test_without_a_model_it_is_inconclusive_with_the_remedy(booked):
    (told,) = vn.expect(booked).judged(CLAIM).verdicts
    assert (told.outcome, told.n) == ("inconclusive", 0)
    assert "No model is configured" in told.why
    assert "OPENAI_BASE_URL" in told.remedy


def test_the_environment_says_which(server, booked, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
    monkeypatch.setenv("OPENAI_MODEL", "house")
    says(server, answer("true"))
    assert vn.expect(booked).judged(CLAIM).passed
    assert json.loads(server.asked[0]["body"])["model"] == "house"


def test_several_calls(server, booked, interrupted):
    says(server, answer("true"), answer("false", "No."))
    told = judged(server, [booked, interrupted])
    assert (told.outcome, told.figure) == ("failed", "1 of 2 calls judged false by tiny")
    assert [(each.call, each.note) for each in told.turns] == [(1, "It says so."), (2, "No.")]


def test_call_by_call_nobody_is_asked_again(server, booked, interrupted):
    says(server, answer("true"), "Sure!", "Sure!", answer("true"))
    expected = vn.expect([booked, interrupted]).judged(
        CLAIM, model="tiny", base_url=f"{server.url}/v1", cached=False
    )
    assert expected.repeats.outcomes == ("passed", "inconclusive")
    assert len(server.asked) == 3


def test_a_call_without_words_is_not_asked_about(server, booked, tmp_path):
    assert judged(server, lacking(booked, tmp_path / "x", "words")).outcome == "inconclusive"
    assert server.asked == []


@pytest.mark.parametrize(
    "wrong", [{"base_url": "nowhere"}, {"service": "x"}, {"timeout": 0}, {"modle": "x"}, {"share": 7}]
)
def test_what_cannot_be(booked, wrong):
    with pytest.raises(vn.InvalidConfiguration):
        vn.expect(booked).judged(CLAIM, **wrong)
    with pytest.raises(vn.InvalidConfiguration):
        vn.expect(booked).judged(" ")
