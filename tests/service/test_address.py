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
