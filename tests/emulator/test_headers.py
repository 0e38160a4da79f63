"""HTTP headers of stored tools: kept from write to write, and never read back with their values."""

from __future__ import annotations

import pytest

from voicenb.emulator.headers import MASK, merge_headers, read_headers


def kept(form, **values):
    return {
        "form": form,
        "values": {name: {"value": value, "last_set_at": "then"} for name, value in values.items()},
    }


def values(headers):
    return {name: (entry["value"], entry["last_set_at"]) for name, entry in headers["values"].items()}


def test_a_map_replaces_and_its_mask_keeps():
    headers = merge_headers(kept("map", A="1", B="2", C="3"), {"A": MASK, "B": "4", "D": "5"}, "now")
    assert headers["form"] == "map"
    assert values(headers) == {"A": ("1", "then"), "B": ("4", "now"), "D": ("5", "now")}


def test_a_mask_for_a_header_that_is_not_there_is_its_value():
    assert values(merge_headers(None, {"A": MASK}, "now")) == {"A": (MASK, "now")}


def test_a_list_changes_what_it_names():
    written = [
        {"name": "A", "value": "9"},
        {"name": "B"},
        {"name": "C", "remove": True},
        {"name": "E", "remove": True},
        {"name": "F"},
    ]
    headers = merge_headers(kept("map", A="1", B="2", C="3", D="4"), written, "now")
    assert headers["form"] == "list"
    assert values(headers) == {"A": ("9", "now"), "B": ("2", "then"), "D": ("4", "then")}


def test_what_was_kept_is_not_changed_by_a_write():
    before = kept("list", A="1")
    merge_headers(before, [{"name": "A", "remove": True}, {"name": "B", "value": "2"}], "now")
    assert before == kept("list", A="1")


def test_none_takes_them_away():
    assert merge_headers(kept("map", A="1"), None, "now") is None


@pytest.mark.parametrize(
    ("form", "as_list", "shown"),
    [
        ("map", False, {"A": MASK, "B": MASK}),
        ("map", True, [{"name": "A", "last_set_at": "then"}, {"name": "B", "last_set_at": "then"}]),
        ("list", False, [{"name": "A", "last_set_at": "then"}, {"name": "B", "last_set_at": "then"}]),
    ],
)
def test_read_back_without_values(form, as_list, shown):
    http = {"url": "https://api.example.com", "headers": kept(form, A="secret", B="secret")}
    assert read_headers(http, as_list=as_list) == {"url": "https://api.example.com", "headers": shown}


@pytest.mark.parametrize("headers", [None, {}])
def test_without_headers_the_field_is_left_out(headers):
    assert read_headers({"url": "u", "headers": headers}, as_list=True) == {"url": "u"}
    assert read_headers({"url": "u"}, as_list=False) == {"url": "u"}


@pytest.mark.parametrize("written", [{"AUTHORIZATION": MASK}, [{"name": "authorization"}]])
def test_a_name_is_the_same_in_whatever_letters(written):
    headers = merge_headers(kept("map", Authorization="1"), written, "now")
    assert [value for value, _ in values(headers).values()] == ["1"]
    again = merge_headers(headers, [{"name": "AuthorizatioN", "value": "2"}], "now")
    assert values(again) == {"AuthorizatioN": ("2", "now")}
    assert values(merge_headers(again, [{"name": "authorization", "remove": True}], "now")) == {}
