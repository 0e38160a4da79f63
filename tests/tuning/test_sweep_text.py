"""A sweep, read."""

from dataclasses import replace

from tests.tuning.calls import HAND, F, heard, sweep_of
from voicenb.tuning.scores import Heard
from voicenb.tuning.sweep_text import HEADINGS, html, text, title


def test_it_reads_as_a_table(sweep):
    told = repr(sweep)
    title = "7 settings · 1 call · 4 turns of the caller's · 2 mid-turn pauses · 1 doubtful end · built"
    assert told.splitlines()[0] == title
    assert "adaptive default" in told
    assert "no call was held with it" in told
    assert "Not observed" in told
    page = sweep._repr_html_()
    # In text six lines are no rows: the title, what is inconclusive, and four below.
    assert page.count("<tr") == len(told.splitlines()) - 6
    table = sweep.to_dataframe()
    assert len(table) == 2 + 3 + 7
    assert table.policy[0].startswith("adaptive default")
    assert [each.partition(",")[0] for each in table.policy[2:5]] == ["recommended", "dictation", "patient"]
    assert table.pauses_cut.tolist()[5:] == [2, 2, 1, 1, 1, 0, 0]
    assert table.agreement.tolist()[5:] == table.compared.tolist()[5:] == [6] * 7


def test_one_is_not_told_as_several():
    assert title(sweep_of([HAND], min_silence=500)) == (
        "1 setting · 1 call · 2 turns of the caller's · 1 mid-turn pause · 0 doubtful ends · built"
    )
    alone = heard([(20, 100)], replies=[(70, 110)], decided=[60])
    assert " · 1 turn of the caller's · 0 mid-turn pauses · " in title(sweep_of([alone, alone][:1]))


def test_columns_stand_below_their_headings():
    lines = text(sweep_of([HAND], min_silence=[400, 900])).splitlines()
    heading = lines[2]
    assert heading.split("  ")[0] == "policy"
    row = next(line for line in lines if line.startswith("400 to 3000"))
    for name in ("pauses cut", "turns cut", "EOT latency", "response"):
        end = heading.index(name) + len(name)
        assert row[end - 1] not in " "
        assert row[end : end + 2].strip() == ""
    shown = [name for name in HEADINGS if name not in ("doubtful", "p90")]
    cells = dict(zip(shown, [each.strip() for each in row.split("  ") if each.strip()], strict=False))
    assert cells["pauses cut"] == "1 of 1"
    assert f"{13 * F:.2f}" in row


def test_of_a_long_front_some_are_told_and_the_table_has_all():
    # A pause of every length from 7 to 56 frames: each longer silence cuts one less.
    many = [heard([(20, n), (20, 100)], replies=[(n + 100, n + 140)]) for n in range(7, 57)]
    sweep = sweep_of(many, min_silence=range(200, 1900, 32))
    assert len(sweep.frontier(observed=False)) > 40
    rows = text(sweep).partition("- the front")[2].splitlines()
    rows = [line for line in rows if " ms at " in line or " to 3000" in line]
    assert 6 <= len(rows) <= 12


def test_what_was_not_observed_is_faded_and_said():
    told = html(sweep_of([HAND], min_silence=[400, 1500]))
    front = told.partition("the front")[2]
    assert front.count(";opacity:.7'") == 1
    assert "not observed: 2 of 2 ends" in front
    assert "Not observed: it decides later" in told


def test_what_is_inconclusive_is_said_above():
    told = text(sweep_of([HAND], min_silence=400)).splitlines()
    assert told[1].startswith("Inconclusive: to tell false-cutoff rates of 5% and 10% apart takes about 432 ")
    assert told[1] in html(sweep_of([HAND], min_silence=400))
    quiet = heard([(20, 100)], replies=[(70, 110)], decided=[60])
    assert "without a mid-turn pause nothing tells" in text(sweep_of([quiet], min_silence=400))
    enough = text(sweep_of([HAND] * 432, min_silence=400)).splitlines()[1]
    assert enough.startswith("Enough calls")


def test_names_from_outside_are_no_markup():
    call = Heard(replace(HAND.evidence, service="<b>me & you</b>"), HAND.turns)
    told = html(sweep_of([call], min_silence=500))
    assert "&lt;b&gt;me &amp; you&lt;/b&gt;" in told
    assert "<b>" not in told


def test_columns_that_tell_nothing_are_left_out(sweep):
    told = text(sweep_of([HAND], min_silence=400)).splitlines()[2]
    assert "doubtful" not in told
    assert "p90" not in told
    assert "doubtful" in repr(sweep).splitlines()[2]
    many = sweep_of([HAND] * 12, min_silence=400)
    assert "p90" in text(many).splitlines()[2]
    assert ">p90</th>" in html(many)


def test_the_public_benchmarks_points_from_ten_pauses_up():
    sweep = sweep_of([HAND] * 10, min_silence=range(200, 1300, 100))
    assert (
        "Operating points: within 0.3 s of EOT latency 100% of the pauses are cut, within 0.6 s 100%; "
        f"5% take {29 * F:.2f} s, 10% {29 * F:.2f} s." in text(sweep)
    )
    hasty = sweep_of([HAND] * 10, min_silence=400)
    assert "within 0.3 s no setting" in text(hasty)
    assert "5% no setting keeps to" in text(hasty)
    assert "Operating points" not in text(sweep_of([HAND], min_silence=400))
