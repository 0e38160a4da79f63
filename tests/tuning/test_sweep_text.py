"""A sweep, read."""


def test_it_reads_as_a_table(sweep):
    told = repr(sweep)
    title = "7 settings · 1 call · 4 turns of the caller's · 2 mid-turn pauses · 1 doubtful end · built"
    assert told.splitlines()[0] == title
    assert "adaptive default" in told
    assert "no call was held with it" in told
    assert "Not observed" in told
    page = sweep._repr_html_()
    assert page.count("<tr") == len(told.splitlines()) - 3 + 0
    table = sweep.to_dataframe()
    assert len(table) == 2 + 7
    assert table.policy[0].startswith("adaptive default")
    assert table.pauses_cut.tolist()[2:] == [2, 2, 1, 1, 1, 0, 0]
