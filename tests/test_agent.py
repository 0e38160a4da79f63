import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.agent import Agent
from voicenb.errors import ImmutableField, InvalidConfiguration, ToolError
from voicenb.protocol.settings import check_update, merge
from voicenb.tools import HttpTool, Tool
from voicenb.turn_detection import TurnDetection
from voicenb.voices import VOICES


def lido(**changes):
    settings = {
        "name": "Lido",
        "system_prompt": "You take bookings for Lido. Short and warm.",
        "greeting": "Lido, good evening.",
        "voice": "ivy",
        "keyterms": ["Lido", "gnocchi"],
    }
    return Agent(**{**settings, **changes})


def free_tables(day: str, people: int) -> list[str]:
    """Get the free times on a day."""
    return ["19:00", "20:30"]


FULL = {
    "turn_detection": TurnDetection.recommended(),
    "tools": [free_tables],
    "transcription_mode": "max_accuracy",
    "transcription_prompt": "Bookings.",
    "language_codes": ["en", "it"],
    "voice_focus": "far-field",
    "voice_focus_threshold": 0.7,
    "volume": 80,
    "input_format": "audio/pcmu",
    "output_format": "audio/pcma",
}


def test_the_session_that_opens_with_it(contract):
    session = lido(tools=[free_tables]).to_session()
    assert session == {
        "system_prompt": "You take bookings for Lido. Short and warm.",
        "greeting": "Lido, good evening.",
        "input": {"keyterms": ["Lido", "gnocchi"]},
        "output": {"voice": "ivy"},
        "tools": [Tool.of(free_tables).to_wire()],
    }
    contract("SessionUpdateFirst").validate({"type": "session.update", "session": session})


def test_turn_detection_is_left_to_the_service_unless_it_is_set():
    assert "turn_detection" not in lido().to_session()["input"]
    td = lido(turn_detection=TurnDetection.recommended()).to_session()["input"]["turn_detection"]
    assert td["min_silence"] == 1400


def test_formats_of_the_telephone():
    agent = lido(input_format="pcmu", output_format={"encoding": "audio/pcma", "sample_rate": 8000})
    assert (agent.input_format, agent.output_format) == ("audio/pcmu", "audio/pcma")
    session = agent.to_session()
    assert session["input"]["format"] == {"encoding": "audio/pcmu"}
    assert session["output"]["format"] == {"encoding": "audio/pcma"}
    told = {"encoding": "audio/pcm", "sample_rate": 24_000}
    assert Agent.from_session({"input": {"format": told}, "output": {"format": told}}) == Agent()
    with pytest.raises(InvalidConfiguration, match="'opus' is no audio format"):
        lido(input_format="opus")


def test_a_bare_agent_sends_nothing():
    assert Agent().to_session() == {}


def test_everything_set_is_the_contract_s(contract):
    agent = lido(**FULL)
    contract("SessionUpdateFirst").validate({"type": "session.update", "session": agent.to_session()})
    contract("AgentCreate").validate(agent.to_resource())
    check_update(agent.to_session(), first=True)


@pytest.mark.parametrize("changes", [{}, FULL], ids=["few", "all"])
def test_it_comes_back_from_both_shapes(changes):
    agent = lido(**changes)
    assert Agent.from_session(agent.to_session(), name="Lido") == agent
    assert Agent.from_resource(agent.to_resource()) == agent


def test_the_resource_as_the_service_stores_it():
    stored = {
        "id": "agent_0a",
        "name": "Lido",
        "system_prompt": "Short.",
        "voice": {"voice_id": "alba"},
        "greeting": None,
        "tools": [
            {"name": "book", "http": {"url": "https://x.y", "http_method": "POST", "headers": {"A": "***"}}}
        ],
        "input": {"type": "audio", "format": {}, "turn_detection": None, "keyterms": None},
        "output": {"type": "audio", "voice": "ivy", "format": {}, "volume": None},
        "llm": [],
        "created_at": "2026-09-01T10:00:00",
    }
    agent = Agent.from_resource(stored)
    assert agent == Agent(
        name="Lido",
        system_prompt="Short.",
        voice="alba",
        id="agent_0a",
        tools=[HttpTool(name="book", url="https://x.y", headers={"A": "***"})],
    )
    assert Agent.from_resource({**stored, "voice": "alba"}).voice == "alba"


def test_of_tools_that_are_told_oddly_those_with_a_name_are_read():
    told = {"tools": [{"type": "function", "function": {"name": "find"}}, {"description": "?"}, "x"]}
    assert [tool.name for tool in Agent.from_session(told).tools] == ["find"]


@pytest.mark.parametrize(
    ("wire", "param"),
    [
        ({"input": ["x"]}, "input"),
        ({"output": "x"}, "output"),
        ({"input": {"turn_detection": "x"}}, "input.turn_detection"),
        ({"tools": [{"name": "f", "http": "x"}]}, "tools"),
        ({"input": {"format": ["x"]}}, "input_format"),
    ],
)
@pytest.mark.parametrize("read", [Agent.from_session, Agent.from_resource])
def test_what_is_no_agent_is_told_by_its_place(read, wire, param):
    with pytest.raises(InvalidConfiguration) as caught:
        read(wire)
    assert caught.value.facts["param"] == param


@pytest.mark.parametrize("read", [Agent.from_session, Agent.from_resource])
@pytest.mark.parametrize(
    ("wire", "param", "words"),
    [
        ({"system_promt": "x"}, "system_promt", "Did you mean 'system_prompt'"),
        ({"input": {"keyterm": ["x"]}}, "input.keyterm", "Its input has no keyterm. Did you mean 'keyterms'"),
        ({"output": {"volum": 3}}, "output.volum", "Did you mean 'volume'"),
        (
            {"input": {"turn_detection": {"min_silense": 900}}},
            "input.turn_detection.min_silense",
            "Did you mean 'min_silence'",
        ),
        ({"keyterms": ["Lido"]}, "keyterms", r'It stands in "input": \{"keyterms": …\}'),
        ({"min_silence": 900}, "min_silence", r'"input": \{"turn_detection": \{"min_silence": …\}\}'),
        ({"input": {"turn_detection": {"min_silence": 9}}}, "input.turn_detection.min_silence", "within 50"),
        ({"output": {"volume": 300}}, "output.volume", "within 0 to 100"),
    ],
)
def test_what_a_person_misspells_is_not_dropped(read, wire, param, words):
    with pytest.raises(InvalidConfiguration, match=words) as caught:
        read(wire)
    assert caught.value.facts["param"] == param


NEWER = {
    "mood": "calm",
    "input": {"mood": 1, "turn_detection": {"min_silence": 20_000, "mood": 2}, "transcription_mode": "fast"},
    "output": {"mood": 3, "volume": 300, "format": {"encoding": "audio/opus"}},
    "tools": [{"name": "b ook", "http": {"url": "http://192.168.0.1"}, "mood": 4}, {"name": "b ook"}],
}


@pytest.mark.parametrize("read", [Agent.from_session, Agent.from_resource])
def test_what_a_newer_service_tells_is_taken_where_it_is_said_so(read):
    with pytest.raises(InvalidConfiguration, match=r"no mood.*known=False leaves out what is newer"):
        read(NEWER)
    agent = read(NEWER, known=False)
    assert (agent.transcription_mode, agent.volume, agent.output_format) == ("fast", 300, "audio/opus")
    assert agent.turn_detection.min_silence == 20_000
    assert [tool.name for tool in agent.tools] == ["b ook", "b ook"]
    with pytest.raises(InvalidConfiguration, match="keyterms must be a list"):
        read({"input": {"keyterms": 5}}, known=False)


def test_what_a_service_has_for_later_it_writes_as_null():
    echo = {"system_prompt": "x", "mood": None, "input": {"mood": None}, "llm": [], "id": "sess_1"}
    assert Agent.from_session(echo) == Agent(system_prompt="x")


def test_a_stored_agent_is_bound_and_nothing_else():
    assert lido(id="agent_0a").to_session() == {"agent_id": "agent_0a"}
    assert Agent.from_session({"agent_id": "agent_0a"}).id == "agent_0a"


@pytest.mark.parametrize("missing", ["system_prompt", "voice"])
def test_what_a_stored_agent_needs(missing):
    with pytest.raises(InvalidConfiguration, match=f"A stored agent needs a {missing}"):
        lido(**{missing: "" if missing == "system_prompt" else None}).to_resource()


def test_http_tools_need_a_stored_agent(contract):
    agent = lido(tools=[HttpTool(name="book", url="https://x.y", headers={"K": "secret"})])
    contract("AgentCreate").validate(agent.to_resource())
    with pytest.raises(InvalidConfiguration, match=r"Hosted\(\)\.create"):
        agent.to_session()


# Tools.


def test_the_decorator_leaves_the_function_as_it_is():
    agent = lido()

    @agent.tool
    def book(day: str) -> str:
        """Book a table."""
        return f"Booked on {day}."

    assert book("Friday") == "Booked on Friday."
    (tool,) = agent.tools
    assert tool.call({"day": "Friday"}) == "Booked on Friday."


def test_the_decorator_with_arguments():
    agent = lido()

    @agent.tool(timeout_seconds=30, execution_mode="hold")
    async def book(day: str) -> str:
        """Book a table."""
        return day

    (tool,) = agent.tools
    assert (tool.timeout_seconds, tool.execution_mode, tool.is_async) == (30, "hold", True)


def test_a_cell_that_runs_again_replaces_its_tool():
    agent = lido(tools=[free_tables])

    def again():
        @agent.tool
        def book(day: str) -> str:
            """Book a table."""
            return day

        return book

    again()
    newest = again()
    assert [tool.name for tool in agent.tools] == ["free_tables", "book"]
    assert agent.tools[1].function is newest


def test_two_functions_of_one_name_are_warned_of():
    agent = lido()

    @agent.tool
    def book(day: str) -> str:
        """Book a table."""
        return day

    with pytest.warns(UserWarning, match="a second tool called 'book'; it takes the place") as caught:

        @agent.tool
        def book(day: str, people: int) -> str:
            """Book a table for some people."""
            return day

    assert caught[0].filename == __file__
    assert [tool.description for tool in agent.tools] == ["Book a table for some people."]
    with pytest.warns(UserWarning, match="a second tool called 'book'"):
        agent.tool(name="book")(free_tables)


def test_a_cell_that_was_edited_replaces_its_tool():
    agent = lido()
    for cell, lines in (("cell-1.py", 1), ("cell-2.py", 5)):
        space = {"agent": agent, "__name__": "__main__"}
        source = '@agent.tool\ndef book(day: str) -> str:\n    "Book a table."\n    return day\n'
        exec(compile("\n" * lines + source, cell, "exec"), space)
    assert agent.tools[0].function is space["book"]


def test_a_replaced_agent_has_tools_of_its_own():
    agent = lido()
    other = agent.replace(name="Other")
    other.tool(free_tables)
    assert agent.tools == ()
    assert [tool.name for tool in other.tools] == ["free_tables"]


def test_a_tool_that_cannot_be_told_says_which():
    def book(day):
        """Book a table."""

    with pytest.raises(ToolError, match="book: the parameter 'day' has no type"):
        lido().tool(book)


# What cannot work.


@pytest.mark.parametrize(
    ("changes", "words", "param"),
    [
        ({"name": None}, "name must be text, not None", "name"),
        ({"greeting": 5}, "greeting must be text, not 5", "greeting"),
        ({"voice": {"voice_id": "ivy"}}, "voice must be text", "voice"),
        ({"keyterms": "Lido"}, r"keyterms must be a list of texts, not 'Lido'", "input.keyterms"),
        ({"keyterms": 5}, "keyterms must be a list of texts", "input.keyterms"),
        ({"keyterms": [5]}, "keyterms must be a list of texts", "input.keyterms"),
        ({"keyterms": ["x"] * 101}, "101 keyterms; the service takes at most 100", "input.keyterms"),
        ({"language_codes": "en"}, "language_codes must be a list of texts", "input.language_codes"),
        (
            {"turn_detection": {"min_silense": 1}},
            "TurnDetection has no min_silense",
            "input.turn_detection.min_silense",
        ),
        ({"turn_detection": 1400}, "must be a TurnDetection or a dict, not int", "input.turn_detection"),
        ({"transcription_mode": "fast"}, "'fast' is none of min_latency", "input.transcription_mode"),
        ({"voice_focus_threshold": 2}, "is not within 0 to 1", "input.voice_focus_threshold"),
        ({"volume": 200}, "volume 200 is not within 0 to 100", "output.volume"),
        ({"tools": "free_tables"}, "tools must be a list of functions", "tools"),
        ({"tools": free_tables}, "tools must be a list of functions", "tools"),
        ({"tools": [5]}, "5 is neither a function nor a tool", "tools"),
        ({"tools": [free_tables, free_tables]}, "Two tools are called 'free_tables'", "tools"),
    ],
)
def test_what_cannot_work_is_said_at_once(changes, words, param):
    with pytest.raises(InvalidConfiguration, match=words) as caught:
        lido(**changes)
    assert caught.value.facts["param"] == param


@pytest.mark.parametrize("misspelt", [lido().replace, lido], ids=["replaced", "called"])
def test_a_misspelt_setting_is_named_with_those_that_exist(misspelt):
    words = r"An agent has no greetings\. Did you mean 'greeting'\? It has name, system_prompt"
    with pytest.raises(InvalidConfiguration, match=words):
        misspelt(greetings="Hi.")


def test_a_setting_of_the_turn_detection_is_told_where_it_belongs():
    with pytest.raises(InvalidConfiguration, match=r"turn_detection=vn\.TurnDetection\(min_silence=…\)"):
        lido(min_silence=1400)


def test_settings_have_names():
    with pytest.raises(InvalidConfiguration, match=r"Write Agent\(name=…\)"):
        Agent("Lido")


# Voices.


def test_every_known_voice_passes():
    for voice in VOICES:
        lido(voice=voice)


@pytest.mark.parametrize(
    ("voice", "meant"),
    [("ivvy", "Did you mean 'ivy'"), ("Ivy", "Did you mean 'ivy'"), ("nosuch", r"vn\.VOICES lists")],
)
def test_an_unknown_voice_is_warned_of_and_kept(voice, meant):
    with pytest.warns(UserWarning, match=rf"knows of no voice '{voice}'\. {meant}") as caught:
        agent = lido(voice=voice)
    assert agent.to_session()["output"] == {"voice": voice}
    assert caught[0].filename == __file__


def test_a_language_that_the_service_may_not_understand_is_warned_of_and_kept():
    with pytest.warns(UserWarning, match=r"the language 'tlh'.*Known are en, es") as caught:
        agent = lido(language_codes=["de", "tlh"])
    assert agent.to_session()["input"]["language_codes"] == ["de", "tlh"]
    assert caught[0].filename == __file__


def test_the_service_s_own_word_on_a_voice_is_taken():
    stored = {"id": "agent_0a", "name": "Lido", "voice": {"voice_id": "newest"}}
    agent = Agent.from_resource(stored)
    assert agent.voice == "newest"
    assert agent.changes_to(agent.replace(system_prompt="New.")) == {"system_prompt": "New."}


# Changes while talking.


def test_only_what_changed_is_sent():
    agent = lido(turn_detection=TurnDetection(vad_threshold=0.5))
    other = agent.replace(system_prompt="New.", turn_detection=TurnDetection.recommended())
    assert agent.changes_to(other) == {
        "system_prompt": "New.",
        "input": {"turn_detection": TurnDetection.recommended().whole().to_wire()},
    }
    assert agent.changes_to(agent.replace()) == {}


def test_turn_detection_goes_out_whole_and_stays_as_it_was_written_here():
    agent = lido(voice="ivy", turn_detection={"min_silence": 600}, transcription_mode="min_latency")
    whole = {
        "vad_threshold": 0.5,
        "min_silence": 600,
        "max_silence": 3000,
        "interrupt_response": True,
        "interruption_delay": 0,
    }
    assert agent.to_session()["input"]["turn_detection"] == whole
    assert agent.to_resource()["input"]["turn_detection"] == whole
    assert agent.turn_detection == TurnDetection(min_silence=600)
    assert "turn_detection" not in lido().to_session().get("input", {})
    # Another mode brings another delay, and the running session is told of both.
    assert agent.changes_to(agent.replace(transcription_mode="balanced")) == {
        "input": {
            "transcription_mode": "balanced",
            "turn_detection": {**whole, "interruption_delay": 500},
        }
    }


def test_turn_detection_that_was_sent_whole_comes_back_as_the_same():
    agent = lido(voice="ivy", turn_detection={"min_silence": 600}, transcription_mode="min_latency")
    for again in (Agent.from_session(agent.to_session()), Agent.from_resource(agent.to_resource())):
        assert not agent.replace(name=again.name).diff(again)
        assert again.turn_detection.interruption_delay is None, "still the mode's"
        assert again.to_session()["input"] == agent.to_session()["input"]


def test_a_difference_of_turn_detection_is_told_by_what_counts():
    found = {
        each.place: (each.left, each.right)
        for each in lido(turn_detection={}).diff(
            lido(turn_detection={"min_silence": 600, "max_silence": 3000})
        )
    }
    assert found == {"input.turn_detection.min_silence": (1000, 600)}


def test_lists_go_whole():
    agent = lido(tools=[free_tables])
    other = agent.replace(keyterms=["Lido", "tiramisu"])
    assert agent.changes_to(other) == {"input": {"keyterms": ["Lido", "tiramisu"]}}

    @other.tool
    def book(day: str) -> str:
        """Book a table."""
        return day

    assert [tool["name"] for tool in agent.changes_to(other)["tools"]] == ["free_tables", "book"]


def test_what_is_frozen_is_in_the_changes_and_refused_before_it_is_sent():
    changes = lido().changes_to(lido(voice="alba"))
    assert changes == {"output": {"voice": "alba"}}
    with pytest.raises(ImmutableField):
        check_update(changes, first=False)


def test_a_session_cannot_forget():
    agent = lido(turn_detection=TurnDetection.recommended())
    with pytest.raises(InvalidConfiguration, match=r"cannot forget input\.turn_detection"):
        agent.changes_to(agent.replace(turn_detection=None))


def test_all_tools_and_keyterms_can_be_taken_away():
    agent = lido(tools=[free_tables])
    assert agent.changes_to(agent.replace(tools=(), keyterms=())) == {"tools": [], "input": {"keyterms": []}}


def test_a_bound_agent_changes_like_any_other():
    agent = lido(id="agent_0a")
    assert agent.changes_to(agent.replace(system_prompt="New.")) == {"system_prompt": "New."}


texts = st.text(max_size=10)
agents = st.builds(
    lido,
    system_prompt=texts.filter(bool),
    keyterms=st.lists(texts, max_size=3),
    turn_detection=st.sampled_from([TurnDetection.recommended(), TurnDetection.patient()]),
    volume=st.floats(0, 100),
)


@given(agents, agents)
def test_the_changes_make_one_agent_of_the_other(one, other):
    changed = merge(one.to_session(), one.changes_to(other))
    assert Agent.from_session(changed, name="Lido") == other


# What people see.


def test_reprs_are_short_and_keep_secrets():
    agent = lido(tools=[HttpTool(name="book", url="https://x.y", headers={"K": "secret"})], id="agent_0a")
    assert repr(agent) == "Agent('Lido', id='agent_0a', tools=[book])"
    assert repr(Agent(name="Lido")) == "Agent('Lido')"


def test_an_agent_does_not_change_under_one_s_hands():
    with pytest.raises(AttributeError):
        lido().voice = "alba"
    assert lido() == lido()
    assert lido().keyterms == ("Lido", "gnocchi")
