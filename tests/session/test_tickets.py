from __future__ import annotations

from voicenb.session.tickets import VALID, Ticket, Tickets

ORIGIN = "http://localhost:8888"


def tickets(now: list[float]) -> Tickets[str]:
    return Tickets(lambda: now[0])


def test_a_ticket_lets_one_page_in_once() -> None:
    office = tickets([0.0])
    ticket = office.issue("call", ORIGIN)
    assert office.redeem(ticket.secret, ticket.nonce, ORIGIN) is ticket
    assert office.redeem(ticket.secret, ticket.nonce, ORIGIN) is None


def test_origin_nonce_and_secret_must_be_right() -> None:
    office = tickets([0.0])
    for origin, nonce in (("http://evil", None), (None, None), (ORIGIN, "guessed")):
        ticket = office.issue("call", ORIGIN)
        assert office.redeem(ticket.secret, nonce or ticket.nonce, origin) is None
        assert office.redeem(ticket.secret, ticket.nonce, ORIGIN) is None, "it is used up"
    assert office.redeem("guessed", "guessed", ORIGIN) is None


def test_a_ticket_expires() -> None:
    now = [0.0]
    office = tickets(now)
    ticket = office.issue("call", ORIGIN)
    now[0] = VALID
    assert office.redeem(ticket.secret, ticket.nonce, ORIGIN) is None


def test_a_call_that_is_over_lets_nobody_in() -> None:
    office = tickets([0.0])
    ticket, other = office.issue("call", ORIGIN), office.issue("other", ORIGIN)
    office.withdraw("call")
    assert office.redeem(ticket.secret, ticket.nonce, ORIGIN) is None
    assert office.redeem(other.secret, other.nonce, ORIGIN) is other


def test_every_ticket_is_another_and_shows_nothing() -> None:
    office = tickets([0.0])
    one, other = office.issue("call", ORIGIN), office.issue("call", ORIGIN)
    assert len({one.secret, one.nonce, one.proof, other.secret, other.nonce, other.proof}) == 6
    assert one.secret not in repr(one)
    assert isinstance(one, Ticket)
