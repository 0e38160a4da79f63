import pytest

from voicenb.errors import ServiceError, Unauthorized
from voicenb.protocol.failures import FATAL, FATAL_IF_FIRST, RETRYABLE, is_fatal, service_error


@pytest.mark.parametrize("code", sorted(FATAL))
def test_some_codes_end_a_session(code):
    assert is_fatal(code, first=False)
    assert is_fatal(code.upper(), first=True)


@pytest.mark.parametrize("code", sorted(FATAL_IF_FIRST))
def test_some_end_it_at_its_beginning_only(code):
    assert is_fatal(code, first=True)
    assert not is_fatal(code, first=False)


@pytest.mark.parametrize(
    "code", ["invalid_format", "invalid_audio", "audio_rate_violation", "immutable_field", "new"]
)
def test_the_others_do_not(code):
    assert not is_fatal(code, first=True)


def test_the_codes_are_those_of_the_contract(contract):
    definitions = contract("FatalErrorCode").schema["$defs"]
    fatal = {code.lower() for code in definitions["FatalErrorCode"]["enum"]}
    assert fatal <= FATAL | FATAL_IF_FIRST
    assert RETRYABLE <= FATAL


def test_an_error_says_where_and_what_to_do():
    error = service_error("IMMUTABLE_FIELD", "Not now.", param="output.voice", session_id="s")
    assert type(error) is ServiceError
    assert (error.code, error.param, error.facts["session_id"]) == ("immutable_field", "output.voice", "s")
    assert str(error) == "Not now (output.voice). Set it in the agent before the session starts."


def test_a_path_that_is_in_the_words_is_not_repeated():
    assert str(service_error("x", "'output.voice' is bad", param="output.voice")) == "'output.voice' is bad"


@pytest.mark.parametrize("code", ["UNAUTHORIZED", "forbidden", "missing_authorization"])
def test_refused_keys_are_unauthorized(code):
    assert isinstance(service_error(code, ""), Unauthorized)
    assert isinstance(service_error("", "no", status=401), Unauthorized)


def test_an_error_without_a_word():
    assert str(service_error("weird", "")) == "weird"
    assert "without a word" in str(service_error("", ""))


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("validation_error", 422, "Correct the field"),
        ("", 429, "Too much was asked at once"),
        ("", 503, "Try again in a moment"),
        ("concurrency_exceeded", 429, "End another session first"),
        ("", 500, "The fault is the service's"),
        ("", 302, "on to another address"),
        ("", 418, ""),
        ("", 404, "Is the host right"),
    ],
)
def test_a_refusal_of_the_rest_interface_says_what_to_do(code, status, words):
    assert words in service_error(code, "No.", status=status).remedy
    assert bool(service_error(code, "No.", status=status).remedy) == bool(words)


def test_an_agent_that_is_not_there_is_told_for_where_it_was_asked_for():
    for status in (None, 1008):
        assert "A text in an agent's place" in service_error("agent_not_found", "No.", status=status).remedy
    error = service_error("agent_not_found", "Agent not found", status=404)
    assert str(error).startswith("Agent not found. Agents belong to one host")
    assert "A text" not in error.remedy
