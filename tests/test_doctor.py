from voicenb.doctor import Finding, examine


def test_on_a_machine_with_everything_nothing_is_broken():
    findings = examine()
    assert not [finding for finding in findings if finding.broken]
    told = "\n".join(map(str, findings))
    for word in ("ipykernel", "ears", "mouth", "loopback"):
        assert word in told


def test_the_key_is_never_shown(monkeypatch):
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", "canary-7f3a")
    told = "\n".join(map(str, examine()))
    assert "hosted" in told
    assert "canary" not in told


def test_a_finding_shows_its_remedy():
    assert str(Finding("no mouth", broken=True, remedy="install one")) == "✗ no mouth\n  → install one"
    assert str(Finding("fine")) == "✓ fine"
