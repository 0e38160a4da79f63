import socket

import pytest

import voicenb as vn
from voicenb.service.address import Address
from voicenb.service.identify import identified, notice_of
from voicenb.session.opening import locate
from voicenb.widgets.shown import service_state


def of(place, path="/v1/ws"):
    return Address(f"ws{place.host.removeprefix('http')}{path}", key="k")


def test_an_emulator_on_this_machine_is_known_by_what_it_says(place):
    place.answer(200, {"service": "voicenb emulator", "profile": "live", "brain": "rules"})
    address = identified(of(place))
    assert address == Address(of(place).url, key="k", kind="emulator", profile="live", brain="rules")
    [(method, path, query, _, headers)] = place.requests
    assert (method, path, query) == ("GET", "/", {})
    assert "k" not in headers.values()  # whoever it is, the key is not its business yet


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"service": "another"}),
        (200, {"service": "voicenb emulator", "profile": 7}),
        (200, ["voicenb emulator"]),
        (200, "a page"),
        (404, {"service": "voicenb emulator", "profile": "live", "brain": "rules"}),
        (500, None),
    ],
)
def test_whoever_says_something_else_stays_unknown(place, status, body):
    place.answer(status, body)
    assert identified(of(place)) == of(place)


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as there:
        port = there.getsockname()[1]
    address = Address(f"ws://127.0.0.1:{port}/v1/ws", key="k")
    assert identified(address) == address


def test_one_who_never_answers_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as there:
        address = Address(f"ws://127.0.0.1:{there.getsockname()[1]}/v1/ws", key="k")
        assert identified(address, patience=0.05) == address


@pytest.mark.parametrize(
    "address",
    [
        Address("wss://agents.example/v1/ws"),
        Address("ws://192.0.2.1:1/v1/ws"),
        Address("ws://127.0.0.1:0/v1/ws", kind="emulator", profile="live"),
    ],
)
def test_nobody_else_is_asked(address):
    assert identified(address) is address


@pytest.mark.parametrize("named", ["ws", "hosted"])
def test_an_emulator_that_is_named_by_its_address_says_what_it_is(named):
    with vn.Emulator(brain="rules", profile="live") as emulator:
        service = emulator.url if named == "ws" else vn.Hosted("k", host=emulator.url)
        address, _ = locate(service)
        assert service_state(address) == {
            "service": "emulator",
            "profile": "live",
            "brain": emulator.address().brain,
            "cost_rate": 0.0,
        }


def test_an_emulator_tells_what_it_lacks(place):
    about = {"service": "voicenb emulator", "profile": "live", "brain": "rules", "notice": "No ears."}
    known = Address(of(place).url, key="k", kind="emulator", profile="live", brain="rules")
    for address in (of(place), known):
        place.answer(200, about)
        assert notice_of(address) == "No ears."
    assert [(method, path) for method, path, *_ in place.requests] == [("GET", "/")] * 2
    assert not any("k" in headers.values() for *_, headers in place.requests)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"service": "another", "notice": "Buy."}),
        (200, {"service": "voicenb emulator", "notice": 7}),
        (200, {"service": "voicenb emulator"}),  # an older one
        (200, None),
        (500, {"service": "voicenb emulator", "notice": "No ears."}),
    ],
)
def test_whoever_tells_nothing_of_the_kind_lacks_nothing(place, status, body):
    place.answer(status, body)
    assert notice_of(of(place)) == ""


@pytest.mark.parametrize(
    "address",
    [
        Address("wss://agents.example/v1/ws", kind="hosted"),
        Address("ws://192.0.2.1:1/v1/ws"),
        Address("ws://127.0.0.1:0/v1/ws", kind="emulator", profile="live"),
    ],
)
def test_nobody_else_is_asked_what_it_lacks(address):
    assert notice_of(address) == ""
