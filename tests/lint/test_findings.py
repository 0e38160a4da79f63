"""Findings as a list, as text and as a table."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest

from voicenb.lint import Finding, Findings, examine
from voicenb.lint.finding import SEVERITIES, found, plain

REFERENCE = {
    "error": {"P1", "P15", "T7", "T13", "T14", "T15", "T17"},
    "warn": {"P2", "P3", "P4", "P5", "P8", "P12", "P18", "T1", "T2", "T4", "T8", "T9", "T10", "T18", "T19"},
    "info": {
        "P6",
        "P7",
        "P9",
        "P10",
        "P11",
        "P13",
        "P14",
        "P16",
        "P17",
        "T3",
        "T5",
        "T6",
        "T11",
        "T12",
        "T16",
    },
}
NASTY = "<script>alert('x')</script> & \"q\""


@pytest.fixture
def findings():
    wire = {
        "system_prompt": "Be kind!",
        "greeting": f"Greet the caller {NASTY}",
        "input": {"turn_detection": {}},
    }
    return examine(wire)


def test_every_rule_has_the_reference_s_severity():
    assert set().union(*REFERENCE.values()) == {rule for rule in SEVERITIES if rule[0] in "PT"}
    for severity, rules in REFERENCE.items():
        assert {SEVERITIES[rule] for rule in rules} == {severity}


def test_a_sequence_with_the_errors_first(findings):
    severities = [finding.severity for finding in findings]
    assert severities == sorted(severities, key=["error", "warn", "info"].index)
    assert len(findings) == len(list(findings)) > 3
    assert isinstance(findings[0], Finding)
    assert isinstance(findings[:2], Findings)
    assert findings[:2] == Findings(list(findings)[:2])
    assert [f.rule for f in findings.errors] == ["P15"]
    assert [f.rule for f in findings.warnings] == ["P3", "P4"]
    assert len(findings.errors) + len(findings.warnings) + len(findings.infos) == len(findings)


def test_text(findings):
    lines = repr(findings).splitlines()
    assert lines[0] == f"1 error, 2 warnings, {len(findings.infos)} infos."
    assert lines[1].startswith("error P15 greeting  “Greet the caller")
    assert lines[2].strip() == findings[0].reason
    assert lines[3].strip() == f"→ {findings[0].remedy}"
    assert str(findings[0]).startswith("error P15 greeting: “Greet")


def test_nothing():
    assert repr(Findings()) == "Nothing found."
    assert not Findings()
    assert "Nothing found" in Findings()._repr_html_()
    assert "<table" not in Findings()._repr_html_()


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.rows, self.open = [], 0, []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.open += [tag] if tag != "wbr" else []

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_table_holds_all_and_lets_nothing_in(findings):
    told = findings._repr_html_()
    reader = Reader()
    reader.feed(told)
    assert reader.open == []
    assert set(reader.tags) <= {
        "div",
        "b",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "span",
        "code",
        "q",
        "wbr",
    }
    assert reader.tags.count("tr") == len(findings) + 1
    assert "<script" not in told
    shown = html.unescape(re.sub("<[^>]+>", "", told))
    for finding in findings:
        assert finding.reason in shown
        assert finding.remedy in shown
        assert finding.place in shown


def test_the_table_s_colours_are_those_of_the_theme(findings):
    told = findings._repr_html_()
    assert "var(--jp-ui-font-color0" in told
    # A colour of its own is only what stands in where there is no theme.
    bare = re.sub(r"var\(--jp-[\w-]+, [^;\"]*", "", told)
    assert not re.search(r"#[0-9a-f]{3,6}\b|rgb", bare)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("short", "short"),
        ("two\n  lines", "two lines"),
        ("x" * 100, "x" * 59 + "…"),
        ("a\x1b[31mred\x07", "a [31mred"),
        ("half \ud83d", "half ?"),
    ],
)
def test_text_that_can_be_shown_anywhere(text, told):
    assert plain(text) == told


def test_what_is_found_is_shortened():
    finding = found("P1", "x" * 1000, "y" * 1000, text="z" * 1000)
    assert max(map(len, (finding.place, finding.reason))) <= 300
    assert len(finding.text) <= 60
    assert finding.severity == "error"
