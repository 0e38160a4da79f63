from voicenb.service.address import Address
from voicenb.session.limits import Limits


def test_an_emulator_may_load_its_models_first():
    there = Address("ws://127.0.0.1:1/v1/ws", kind="emulator")
    assert Limits.towards(there).ready > 5 * Limits().ready
    assert Limits.towards(there).update == Limits().update


def test_a_service_is_ready_soon():
    assert Limits.towards(Address("wss://agents.assemblyai.com/v1/ws", kind="hosted")) == Limits()
