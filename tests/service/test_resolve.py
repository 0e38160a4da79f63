import pytest

import voicenb as vn
from voicenb.errors import InvalidConfiguration
from voicenb.service.address import Address
from voicenb.service.hosted import Hosted
from voicenb.service.resolve import check_service, read_address, resolve, with_key


@pytest.fixture(autouse=True)
def no_key(monkeypatch):
    monkeypatch.delenv("ASSEMBLYAI_API_KEY", raising=False)


def test_nothing_named_and_no_key_asks_for_an_emulator():
    assert resolve(None) is None


def test_nothing_named_with_a_key_is_hosted(monkeypatch):
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", "k")
    service = resolve(None)
    assert isinstance(service, Hosted)
    assert service.address().kind == "hosted"


def test_the_two_words_of_the_command_line_are_no_hosts(monkeypatch):
    with pytest.raises(InvalidConfiguration, match="needs an API key"):
        resolve("hosted")
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", "k")
    assert resolve("hosted").address().kind == "hosted"
    assert resolve("emulator") is None, "an emulator is to be started, whether there is a key or not"


def test_a_service_is_itself():
    hosted = Hosted("k")
    assert resolve(hosted) is hosted


def test_an_address_is_where_it_says():
    address = Address("ws://127.0.0.1:1/v1/ws", key="k")
    assert resolve(address).address() is address


@pytest.mark.parametrize(
    ("text", "url", "key", "kind"),
    [
        ("ws://127.0.0.1:8765", "ws://127.0.0.1:8765/v1/ws", "local", "address"),
        ("127.0.0.1:8765", "ws://127.0.0.1:8765/v1/ws", "local", "address"),
        ("http://localhost:8765/", "ws://localhost:8765/v1/ws", "local", "address"),
        ("ws://[::1]:8765", "ws://[::1]:8765/v1/ws", "local", "address"),
        ("ws://127.0.0.1:8765/v1/realtime?token=k", "ws://127.0.0.1:8765/v1/realtime", "k", "address"),
        ("https://example.com", "wss://example.com/v1/ws", "", "address"),
        ("wss://agents.eu.assemblyai.com/v1/ws", "wss://agents.eu.assemblyai.com/v1/ws", "", "hosted"),
    ],
)
def test_text(text, url, key, kind):
    assert resolve(text).address() == Address(url, key=key, kind=kind)


def test_the_key_of_the_environment_goes_to_the_hosted_service_only(monkeypatch):
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", "secret")
    assert read_address("wss://agents.assemblyai.com").key == "secret"
    for elsewhere in (
        "ws://127.0.0.1:8765",
        "wss://example.com",
        "wss://agents.assemblyai.com.example.com",
        "wss://evilassemblyai.com",
    ):
        assert read_address(elsewhere).key != "secret"


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("agents.eu.assemblyai.com?token=k", "wss://agents.eu"),
        ("voice.example.com", "wss://"),
        ("voice.example.com:8443/v1/ws", "wss://"),
        ("192.168.1.7:8765", "ws://"),
        ("10.0.0.2", "ws://"),
        ("[::1]:8765", "ws://"),
        ("emulator:8765", "ws://"),
        ("studio.local:8765", "ws://"),
        ("8.8.8.8:8765", "wss://"),
    ],
)
def test_without_a_scheme_a_key_goes_encrypted_but_at_home(text, begins):
    assert read_address(text).url.startswith(begins)


@pytest.mark.parametrize("text", ["ws://agents.assemblyai.com", "http://agents.eu.assemblyai.com?token=k"])
def test_the_hosted_service_is_not_spoken_to_in_the_clear(text):
    with pytest.raises(vn.InvalidConfiguration, match="in the clear") as caught:
        read_address(text)
    assert "token" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "ftp://x", "wss://", "file:///etc", "wss://me:secret@example.com"])
def test_text_that_is_no_address(text):
    with pytest.raises(InvalidConfiguration, match="A service's address looks like") as caught:
        resolve(text)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("thing", [5, object(), Hosted])
def test_things_that_are_no_service(thing):
    with pytest.raises(
        InvalidConfiguration, match=r"is no service\. Pass \"hosted\", \"emulator\", an address like"
    ):
        resolve(thing)


def test_a_thing_that_is_no_service_is_not_shown():
    with pytest.raises(InvalidConfiguration, match="service=dict is no service") as caught:
        resolve({"url": "wss://x", "key": "a-secret-key"})
    assert "a-secret-key" not in str(caught.value)


def test_a_variable_with_nothing_but_a_line_break_is_no_key(monkeypatch):
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", "\n")
    assert resolve(None) is None
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", "a-secret-key\n")
    assert resolve(None).address().key == "a-secret-key"
    assert read_address("wss://agents.assemblyai.com").key == "a-secret-key"


@pytest.mark.parametrize("token", ["a-secret-key%0A", "a-secret-key\n", "%20a-secret-key"])
def test_a_token_is_cleaned(token):
    assert read_address(f"ws://127.0.0.1:8765?token={token}").key == "a-secret-key"


def test_a_plus_in_a_token_is_a_plus():
    assert read_address("ws://127.0.0.1:8765?token=a+b").key == "a+b"


@pytest.mark.parametrize("token", ["a-secret-key%0Ab", "a-secret-key%C3%A9"])
def test_a_token_that_cannot_be_is_not_shown(token):
    with pytest.raises(InvalidConfiguration, match="The API key holds") as caught:
        read_address(f"ws://127.0.0.1:8765?token={token}")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("text", ["ws://127.0.0.1:secret", "ws://[::1", "ws://me:secret@\u2100.example"])
def test_text_that_cannot_be_taken_apart(text):
    with pytest.raises(InvalidConfiguration, match="A service's address looks like") as caught:
        read_address(text)
    assert "secret" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("word", ["hostde", "emulater", "Hosted", "nowhere"])
def test_a_bare_word_is_a_mistake(word):
    for refuses in (resolve, check_service, read_address):
        with pytest.raises(InvalidConfiguration, match=rf"'{word}' is no address of a service"):
            refuses(word)


def test_what_can_be_a_service_passes_without_a_key():
    for service in (
        None,
        "hosted",
        "emulator",
        "localhost",
        "ws://127.0.0.1:1",
        Address("ws://x"),
        Hosted("k"),
    ):
        check_service(service)
    with pytest.raises(InvalidConfiguration, match="service=int is no service"):
        check_service(5)


def test_an_address_without_a_key_is_let_in_on_this_machine_as_a_text_is():
    assert resolve(Address("http://localhost:1")).address() == resolve("http://localhost:1").address()
    assert resolve(Address("https://example.com")).address().key == ""
    assert resolve(Address("http://localhost:1?token=t")).address().key == ""


# What the command line makes of --service and --key.


def test_a_key_goes_to_the_address_that_is_named(monkeypatch):
    assert with_key("http://localhost:1", "sesame") == Address("ws://localhost:1/v1/ws", key="sesame")
    assert with_key("http://localhost:1", None).key == "local"
    monkeypatch.setenv("VOICENB_KEY", "from-there")
    assert with_key("http://localhost:1", None).key == "from-there"
    assert with_key("http://localhost:1", "sesame").key == "sesame"
    assert with_key("http://localhost:1?token=t", None).key == "t"
    assert with_key("hosted", None) == "hosted", "the variable is for addresses only"
    assert with_key(None, None) is None
    assert with_key("emulator", None) == "emulator"


def test_a_key_without_an_address_is_the_hosted_service_s():
    for named in (None, "hosted"):
        assert with_key(named, "a-secret-key").address() == Hosted("a-secret-key").address()
    with pytest.raises(InvalidConfiguration, match="has a key of its own") as caught:
        with_key("emulator", "a-secret-key")
    assert "secret" not in str(caught.value)


def test_talk_and_session_say_so_when_they_are_made():
    for make in (vn.Talk, vn.Session):
        with pytest.raises(InvalidConfiguration, match=r"'emulater' is no address.*Did you mean 'emulator'"):
            make(vn.Agent(), service="emulater")
        with pytest.raises(InvalidConfiguration, match="service=int is no service"):
            make(vn.Agent(), service=5)
