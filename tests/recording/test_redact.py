"""Secrets are taken out, by the name of their field and by their text; what people say stays as it is."""

import copy
import json

import pytest

from voicenb.recording.redact import KEY_VARIABLE, MASK, Redaction

KEY = "aai-canary-5f0c2d7b9e"


@pytest.fixture(autouse=True)
def _no_key(monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)


def written(value, *secrets):
    """What is read back of ``value``."""
    return json.loads(Redaction(secrets).encode(value))


def spoken(text, kind="transcript.user", field="text"):
    return {"n": 0, "dir": "in", "type": kind, "msg": {"type": kind, field: text}}


def logged(text):
    return {"n": 0, "dir": "local", "type": "log", "msg": {"text": text}}


# --- by the name of the field -------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "token",
        "access_token",
        "resumeToken",
        "refresh-token",
        "api_key",
        "X-Api-Key",
        "Authorization",
        "Proxy-Authorization",
        "secret",
        "clientSecret",
        "signing_secret",
        "PASSWORD",
        "passwd",
        "authkey",
        "x-functions-key",
        "AccessKey",
        "db_password",
        "credentials",
        "webhook_auth_header_value",
        "headers_ciphertext",
    ],
)
def test_a_field_that_holds_a_secret(name):
    assert written({"config": [{name: "short"}]}) == {"config": [{name: MASK}]}


@pytest.mark.parametrize("name", ["tokens", "max_tokens", "secretary", "key", "authorized", "passwords_seen"])
def test_a_field_that_only_sounds_like_it(name):
    assert written({name: 12}) == {name: 12}


def test_headers_are_hidden_whatever_their_shape_but_for_their_names():
    table = {"headers": {"X-Key": "a", "X-Number": 7, "name": "h"}}
    assert written(table) == {"headers": {"X-Key": MASK, "X-Number": MASK, "name": "h"}}
    listed = {"headers": [{"name": "X-Key", "value": "a", "remove": False}, {"name": "B", "value": ["x"]}]}
    assert written(listed)["headers"] == [
        {"name": "X-Key", "value": MASK, "remove": False},
        {"name": "B", "value": [MASK]},
    ]


@pytest.mark.parametrize("nothing", [None, "", [], {}, True])
def test_nothing_stays_nothing(nothing):
    assert written({"resume_token": nothing}) == {"resume_token": nothing}


def test_sound_does_not_get_into_a_text():
    assert written({"a": b"RIFF", "b": [bytearray(b"x"), memoryview(b"y")]}) == {"a": MASK, "b": [MASK, MASK]}


# --- by its text ----------------------------------------------------------------


@pytest.mark.parametrize(("length", "speech", "elsewhere"), [(5, 0, 0), (6, 0, 1), (15, 0, 1), (16, 1, 1)])
def test_short_secrets_may_be_words_of_somebody_and_long_ones_are_none(length, speech, elsewhere):
    secret = "x" * length
    for value, masked in ((spoken(f"It is {secret}."), speech), (logged(f"It is {secret}."), elsewhere)):
        text = written(value, secret)["msg"]["text"]
        assert text == f"It is {MASK if masked else secret}."


@pytest.mark.parametrize("place", ["value", "name", "list", "address", "nested"])
def test_a_long_secret_is_found_wherever_it_stands(place):
    value = {
        "value": {"x": f"a {KEY} b {KEY}"},
        "name": {KEY: 1},
        "list": {"x": [[KEY]]},
        "address": {"url": f"wss://x/v1/ws?agent={KEY}"},
        "nested": {"result": json.dumps({"inner": KEY})},
    }[place]
    assert KEY.encode() not in Redaction([KEY]).encode(value)


@pytest.mark.parametrize(
    "secret", ['quo"ted-canary-5f0c2d', "back\\slash-canary-5f", "schlüssel-canary-€5f", "a\nb" * 6]
)
def test_a_secret_is_found_as_it_is_written_in_json(secret):
    assert written({"x": f"<{secret}>"}, secret) == {"x": f"<{MASK}>"}


def test_of_secrets_that_contain_each_other_nothing_remains():
    longer, shorter = f"{KEY}-and-more", KEY
    assert written({"x": f"{longer} {shorter}"}, shorter, longer) == {"x": f"{MASK} {MASK}"}
    assert written({"x": "blue-moon blue-m"}, "blue-m", "blue-moon") == {"x": f"{MASK} {MASK}"}


def test_the_key_in_the_environment_is_always_among_them(monkeypatch):
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    assert written(spoken(f"My key is {KEY}."))["msg"]["text"] == f"My key is {MASK}."
    monkeypatch.setenv(KEY_VARIABLE, "")
    assert written({"x": "nothing"}) == {"x": "nothing"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET wss://x/v1/ws?token=abc&day=1", f"GET wss://x/v1/ws?token={MASK}&day=1"),
        ("GET /?TOKEN=abc", f"GET /?TOKEN={MASK}"),
        ("my_token=abc my_key=d 1_secret=e", f"my_token={MASK} my_key={MASK} 1_secret={MASK}"),
        ("?resume_token=abc", f"?resume_token={MASK}"),
        ("?api_key=abc&apikey=d&key=e", f"?api_key={MASK}&apikey={MASK}&key={MASK}"),
        ("?x-api-key=abc", f"?x-api-key={MASK}"),
        ("client_secret=abc password=d", f"client_secret={MASK} password={MASK}"),
        ("Authorization: Bearer abc.def", f"Authorization: Bearer {MASK}"),
        ("authorization: bearer abc", f"authorization: bearer {MASK}"),
        ("see https://me:pass@x.y/z", f"see https://{MASK}@x.y/z"),
        ("see https://x.y/me@home and a@b.c", "see https://x.y/me@home and a@b.c"),
        ("?authkey=abc&auth_key=d", f"?authkey={MASK}&auth_key={MASK}"),
        ("?access_key=abc;accountkey=d", f"?access_key={MASK}"),
        ("POST https://x/api/look?code=abc==&day=1", f"POST https://x/api/look?code={MASK}&day=1"),
        ("?day=1&code=abc", f"?day=1&code={MASK}"),
        ("?sv=2024&sig=a%2Bb&signature=c", f"?sv=2024&sig={MASK}&signature={MASK}"),
        ("passwd=abc pwd=d passphrase=e", f"passwd={MASK} pwd={MASK} passphrase={MASK}"),
        ("Authorization: abc-def", f"Authorization: {MASK}"),
        ("Authorization: Basic bGlkbzp4", f"Authorization: Basic {MASK}"),
        ("authorization: Token abc", f"authorization: Token {MASK}"),
        ('Authorization: Digest username="me", response="abc"', f"Authorization: Digest {MASK}"),
        ("Proxy-Authorization: AWS4 of three words", f"Proxy-Authorization: {MASK}"),
        ("{'authorization': 'abc def'}", f"{{'authorization': '{MASK}"),
        ("authorization=abc", f"authorization={MASK}"),
        ("x-functions-key: abc", f"x-functions-key: {MASK}"),
        ("X-Api-Key:abc, next", f"X-Api-Key:{MASK} next"),
        ("{'x-auth-token': 'abc'}", f"{{'x-auth-token': '{MASK}"),
        ("sent Basic bGlkbzp4Zm9v to x", f"sent Basic {MASK} to x"),
        ("sent basic dXNlcjpwYXNz", f"sent basic {MASK}"),
        ("a basic idea, basic facts, the Basic one", "a basic idea, basic facts, the Basic one"),
        ("closed: code=1006, zip code=8000, postcode=9", "closed: code=1006, zip code=8000, postcode=9"),
        ("no authorization, a signal=3, design=4", "no authorization, a signal=3, design=4"),
        ("the key: none; turnkey: yes", "the key: none; turnkey: yes"),
        ("monkey=blue, turkey=red", "monkey=blue, turkey=red"),
        ("a token, a key and a bearer", "a token, a key and a bearer"),
    ],
)
def test_what_looks_like_a_login(text, shown):
    assert written(logged(text))["msg"]["text"] == shown
    assert written({"msg": {"message": text}})["msg"]["message"] == shown


# --- what people say ------------------------------------------------------------

SAID = "My secret is that Bearer bonds pay, key=value, mytoken=blue, see https://me:you@x.y/."


def test_room_for_a_secret_is_none():
    text = "Put ?token=… behind it, or write vn.Address(url, key=…)."
    assert Redaction().text(text) == text


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("transcript.user.delta", "text"),
        ("transcript.user", "text"),
        ("transcript.agent.delta", "delta"),
        ("transcript.agent", "text"),
        ("tool.call", "arguments"),
        ("tool.result", "result"),
        ("reply.create", "instructions"),
    ],
)
def test_what_people_say_is_not_taken_for_a_login(kind, field):
    said = {"note": [SAID], "token": "a blue one", "password": "swordfish"} if field == "arguments" else SAID
    assert written(spoken(said, kind, field), "secret")["msg"][field] == said
    assert KEY.encode() not in Redaction([KEY]).encode(spoken(f"It is {KEY}.", kind, field))


def test_what_the_agent_is_told_to_say_neither():
    told = {"name": SAID, "system_prompt": SAID, "greeting": SAID, "input": {"keyterms": ["token", SAID]}}
    tool = {"name": "look", "description": SAID, "parameters": {"properties": {"token": {"default": SAID}}}}
    value = {"agent": told | {"tools": [tool]}}
    assert written(value, "secret") == value


def test_the_text_of_a_log_is_nobody_s_speech():
    assert written(logged("key=value"))["msg"]["text"] == f"key={MASK}"
    assert written(spoken("key=value"))["msg"]["text"] == "key=value"


# --- the line -------------------------------------------------------------------


def test_it_is_one_line_and_what_was_given_stays_as_it_is():
    value = {"text": "two\nlines\r\n\u2028", "token": "t", "headers": {"a": "b"}, "list": [{"secret": "s"}]}
    before = copy.deepcopy(value)
    encoded = Redaction([KEY]).encode(value)
    assert encoded.splitlines() == [encoded]
    assert json.loads(encoded)["text"] == value["text"]
    assert value == before
