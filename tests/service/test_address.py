import pytest

from voicenb.errors import InvalidConfiguration, ServiceError, Unauthorized
from voicenb.service.address import Address, Service
from voicenb.service.resolve import Fixed


def test_the_label_says_who_answers():
    assert (
        Address("ws://x", kind="emulator", profile="contract", brain="rules").label
        == "emulator · contract · rules"
    )
    assert Address("wss://x", kind="hosted").label == "hosted"


def test_the_key_is_in_the_header_and_in_no_repr():
    address = Address("wss://x", key="secret")
    assert address.headers == {"Authorization": "Bearer secret"}
    assert "secret" not in repr(address)
    assert Address("wss://x").headers == {}


def test_a_fixed_place_is_a_service():
    assert isinstance(Fixed(Address("wss://x")), Service)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("wss://x.example:1/v1/ws?token=secret", "wss://x.example:1/v1/ws"),
        ("wss://x.example/v1/ws#secret", "wss://x.example/v1/ws"),
        ("wss://me:secret@x.example/v1/ws", "wss://x.example/v1/ws"),
        ("ws://[::1]:8765/v1/ws", "ws://[::1]:8765/v1/ws"),
        ("wss://x.example?token=secret", "wss://x.example/v1/ws"),
    ],
)
def test_no_token_of_the_url_is_in_a_repr(url, shown):
    address = Address(url, kind="emulator", profile="live", brain="rules")
    for text in (repr(address), str(address), repr(Fixed(address))):
        assert f"Address({shown!r}, kind='emulator', profile='live', brain='rules')" in text
        assert "secret" not in text


def test_the_key_is_cleaned_or_refused():
    assert Address("wss://x", key="a-secret\n").key == "a-secret"
    for key in ("a-secret\nb", "a-sécret"):
        with pytest.raises(InvalidConfiguration, match="The API key holds") as caught:
            Address("wss://x", key=key)
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["ws://x:secret/v1/ws", "ws://[::1/v1", "wss://me:secret@x:none/"])
def test_a_url_that_cannot_be_taken_apart(url):
    with pytest.raises(InvalidConfiguration, match="no address of a socket") as caught:
        Address(url)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://localhost:8911", "ws://localhost:8911/v1/ws"),
        ("https://example.com/", "wss://example.com/v1/ws"),
        (" ws://127.0.0.1:8765/v1/ws ", "ws://127.0.0.1:8765/v1/ws"),
        ("127.0.0.1:8765", "ws://127.0.0.1:8765/v1/ws"),
        ("localhost", "ws://localhost/v1/ws"),
        ("wss://x.example/v1/realtime?token=t", "wss://x.example/v1/realtime?token=t"),
    ],
)
def test_an_address_is_written_as_for_service(text, url):
    assert Address(text).url == url
    assert Address(Address(text).url) == Address(text)


@pytest.mark.parametrize("word", ["hostde", "Hosted", "emulater"])
def test_a_bare_word_is_no_host(word):
    with pytest.raises(
        InvalidConfiguration, match=rf"'{word}' is no address.*Did you mean '(hosted|emulator)'"
    ):
        Address(word)


REFUSED = Unauthorized(
    "The service refused the key: Authentication failed.", code="unauthorized", session_id="s"
)


def test_the_remedy_of_a_refused_key_fits_where_the_key_came_from():
    error = Address("http://localhost:1").explained(REFUSED)
    assert str(error) == (
        "The service wants a key: Authentication failed. No key was given for this address: put ?token=… "
        "behind it, or write vn.Address(url, key=…). In the shell it is --key, or the variable VOICENB_KEY."
    )
    assert isinstance(error, Unauthorized)
    assert (error.code, error.facts["session_id"]) == ("unauthorized", "s")
    for address in (Address("http://localhost:1", key="k"), Address("http://localhost:1?token=k")):
        assert "Check the key that was given for this address" in address.explained(REFUSED).remedy
        assert address.explained(REFUSED).message == REFUSED.message
    assert Address("wss://agents.assemblyai.com", key="k", kind="hosted").explained(REFUSED) is REFUSED
    other = ServiceError("No.", code="forbidden")
    assert Address("http://localhost:1").explained(other) is other


@pytest.mark.parametrize("url", ["ws://agents.assemblyai.com/v1/ws", "http://agents.us.assemblyai.com."])
def test_the_service_itself_is_not_spoken_to_in_the_clear(url):
    with pytest.raises(InvalidConfiguration, match="in the clear") as caught:
        Address(url, key="canary-0123456789")
    assert "canary" not in str(caught.value)
