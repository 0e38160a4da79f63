import pytest

from voicenb.errors import InvalidConfiguration
from voicenb.tools import HttpTool


def made(**changes):
    return HttpTool(**{"name": "book", "url": "https://example.com/book", **changes})


def test_an_http_tool_is_data_for_a_stored_agent(contract):
    tool = made(headers={"Authorization": "Bearer secret"}, description="Book it.", timeout_seconds=30)
    resource = tool.to_resource()
    contract("StoredTool").validate(resource)
    assert resource == {
        "name": "book",
        "description": "Book it.",
        "parameters": {},
        "timeout_seconds": 30,
        "http": {
            "url": "https://example.com/book",
            "http_method": "POST",
            "headers": {"Authorization": "Bearer secret"},
        },
    }


def test_without_headers_none_are_sent():
    assert made(method="GET").to_resource()["http"] == {
        "url": "https://example.com/book",
        "http_method": "GET",
    }


def test_the_headers_of_a_new_tool_may_be_written_as_a_list(contract):
    resource = made(headers={"A": "secret"}, listed_headers=()).to_resource()
    assert resource["http"]["headers"] == [{"name": "A", "value": "secret"}]
    contract("StoredTool").validate(resource)


def test_an_inline_session_takes_none_and_says_what_to_do():
    with pytest.raises(InvalidConfiguration, match=r"'book' works only in a stored agent.*create\(agent\)"):
        made().to_wire()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "http://example.com"}, r"book: its url must begin with https://.*local_tools=True"),
        ({"url": "http://127.example.com/"}, "must begin with https://"),
        ({"url": "http://192.168.0.1/"}, "must begin with https://"),
        ({"url": "http://[::1/"}, "must begin with https://"),
        ({"url": None}, "must begin with https://"),
        ({"url": "example.com"}, "must begin with https://"),
        ({"url": ""}, "must begin with https://"),
        ({"url": "https://" + "x" * 2041}, "at most 2048"),
        ({"method": "BREW"}, "unknown method 'BREW'.*one of GET, POST"),
        ({"method": "post"}, "unknown method 'post'"),
        ({"name": ""}, "needs a name"),
        ({"timeout_seconds": 301}, "not within 1 to 300"),
    ],
)
def test_what_cannot_work(changes, words):
    with pytest.raises(InvalidConfiguration, match=words) as caught:
        made(**changes)
    assert caught.value.facts["param"] == "tools"


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]", "me:canary@localhost"])
def test_a_server_on_this_machine_needs_no_encryption(host):
    tool = made(url=f"http://{host}/book?key=canary", headers={"A": "canary"})
    assert tool.to_resource()["http"]["url"] == f"http://{host}/book?key=canary"
    assert repr(tool) == f"HttpTool(book, POST http://{host.rpartition('@')[2]}/book)"


def test_the_longest_url():
    assert len(made(url="https://" + "x" * 2040).url) == 2048


def test_headers_are_the_tool_s_own():
    headers = {"X": "1"}
    resource = made(headers=headers).to_resource()
    resource["http"]["headers"]["Y"] = "2"
    assert headers == {"X": "1"}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.com/book", "https://example.com/book"),
        ("https://example.com/book?key=canary&x=1", "https://example.com/book"),
        ("https://example.com/book#canary", "https://example.com/book"),
        ("https://me:canary@example.com:8443/book", "https://example.com:8443/book"),
        ("https://canary@example.com", "https://example.com"),
    ],
)
def test_the_repr_holds_no_secret(url, shown):
    assert repr(made(url=url, headers={"Authorization": "canary"})) == f"HttpTool(book, POST {shown})"
