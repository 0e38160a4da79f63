"""What is expected, one thing after the other; and what that is in an assert."""

import json
import os
import subprocess
import sys

import pytest

import voicenb as vn
from tests.testing.expectations.conftest import lacking


def test_each_adds_a_verdict_and_changes_nothing_before(prompt):
    one = vn.expect(prompt).answers_within(2.1)
    two = one.answers_within(1.0)
    assert (len(one.verdicts), len(two.verdicts)) == (1, 2)
    assert one.passed
    assert (two.outcome, len(two.failed), two.inconclusive) == ("failed", 1, ())
    assert [concern.turn.number for concern in two.concerns] == [1, 3, 5]


def test_it_is_true_where_all_passed_and_says_nothing_then(prompt, capsys):
    assert vn.expect(prompt).answers_within(2.1).unanswered(at_most=0)
    assert capsys.readouterr() == ("", "")


def test_it_is_false_where_one_failed_and_says_so(prompt, capsys):
    expected = vn.expect(prompt).answers_within(1.0)
    assert not expected.passed
    assert capsys.readouterr().err == ""
    assert bool(expected) is False
    assert capsys.readouterr().err == f"{expected!r}\n"
    assert repr(expected).startswith("failed: 1 failed")


def test_it_is_false_where_one_is_inconclusive_and_says_the_word(prompt, capsys):
    assert not vn.expect(prompt).answers_within(2.1).yields_within(1.0)
    assert capsys.readouterr().err.startswith("inconclusive: 1 inconclusive, 1 passed")


def test_nothing_expected_is_not_passed(prompt):
    assert vn.expect(prompt).outcome == "inconclusive"
    assert "nothing was expected" in repr(vn.expect(prompt))


def test_a_call_that_has_not_ended_passes_nothing(prompt, tmp_path):
    torn = lacking(prompt, tmp_path / "torn", ended=None, absent={})
    expected = vn.expect(torn).answers_within(2.1)
    assert expected.outcome == "inconclusive"
    assert "has not ended" in expected.verdicts[0].why
    assert vn.expect(torn).answers_within(1.0).outcome == "failed"


def test_call_by_call(prompt, slow):
    repeats = vn.expect([prompt, slow]).answers_within(2.1).false_cutoffs(share=0.2).repeats
    assert repeats.outcomes == ("passed", "failed")  # a share is counted in one run
    assert repeats.distinct == 2
    (spread,) = repeats.spread
    assert (spread.lowest, spread.highest) == pytest.approx((2.0, 3.0), abs=0.05)


def test_in_plain_values(prompt, slow):
    told = vn.expect([prompt, slow]).answers_within(2.1).to_dict()
    assert json.loads(json.dumps(told)) == told
    assert (told["outcome"], told["services"]) == ("failed", ["built"])
    assert told["verdicts"][0]["turns"][0]["call"] == 2
    assert told["repeats"]["pass_k"] == {"1": 0.5, "2": 0.0}
    assert vn.expect(prompt).answers_within(2.1).to_dict()["repeats"] is None


def test_what_pytest_shows(prompt, tmp_path):
    """The repr is cut there; what stands on stderr is whole."""
    (tmp_path / "test_it.py").write_text(
        f"import voicenb as vn\ndef test_it():\n"
        f"    assert vn.expect({str(prompt.folder)!r}).answers_within(1.0).yields_within(1.0)\n",
        "utf-8",
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    bare = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=tmp_path, env=bare)
    assert done.returncode == 1, done.stdout
    assert "assert failed: 1 failed, 1 inconclusive" in done.stdout
    shown = done.stdout.partition("Captured stderr call")[2]
    assert 'turn 3, caller at 0:14.0, "Words.": after 2.00 s' in shown
    assert "Let a vn.BargeIn interrupt it" in shown


def test_a_tool_may_be_called_as_one_of_the_limits(prompt):
    expected = vn.expect(prompt).calls("book", arguments={"times": 2}, day="Friday")
    assert expected.verdicts[0].expectation == "calls book(times=2, day='Friday')"
