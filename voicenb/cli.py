"""The ``voicenb`` command. Each verb imports what it needs when it runs, so that ``--help`` is quick."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from voicenb import __version__
from voicenb.emulator.faults_text import FORM
from voicenb.errors import AudioError, InvalidConfiguration, VoicenbError, how_to_install

CUT_OFF = 141
"""The exit code where whoever reads has gone: what a shell makes of SIGPIPE."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb.

    Args:
        arguments: what follows the command's name; the process's own when None.

    Returns:
        The exit code: 0 done, 1 something is not as it should be, 2 the call's words are off.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Written into a file on Windows, say: what the encoding lacks is spelled out.
        sys.stdout.reconfigure(errors="namereplace")
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.run is None:
        parser.print_help(sys.stderr)
        return 2
    try:
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except VoicenbError as error:
        print(f"voicenb: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read, as `head`, has had enough; what the buffer still holds would fail again at the end.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        return CUT_OFF


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="voicenb", description="Talk to voice agents inside a Jupyter notebook, and tune them."
    )
    parser.add_argument("--version", action="version", version=f"voicenb {__version__}")
    parser.set_defaults(run=None)
    verbs = parser.add_subparsers(title="verbs", metavar="VERB")

    demo = verbs.add_parser(
        "demo", help="copy the notebooks to a folder and open JupyterLab on the first; talks without a key"
    )
    demo.add_argument("folder", nargs="?", type=Path, default=Path("voicenb-notebooks"), metavar="FOLDER")
    demo.add_argument(
        "--no-browser", action="store_true", help="print the address instead of opening a browser"
    )
    demo.add_argument("--port", type=_port, help="port of JupyterLab (default: the first free from 8888)")
    demo.set_defaults(run=_demo)

    talk = verbs.add_parser("talk", help="talk to the agent of a JSON file in a browser tab, without Jupyter")
    talk.add_argument("file", type=Path, metavar="AGENT.json", help="a session object, or a stored agent")
    talk.add_argument(
        "--service", help='"hosted", "emulator", or an address (default: hosted with a key, else emulator)'
    )
    _add_key(talk)
    talk.add_argument(
        "--no-browser", action="store_true", help="print the address instead of opening a browser"
    )
    talk.set_defaults(run=_talk)

    lint = verbs.add_parser(
        "lint", help="look agents over: what the guides to prompts and tools advise against"
    )
    lint.add_argument(
        "files",
        nargs="+",
        metavar="AGENT.json",
        help='a session object, or a stored agent; "-" reads standard input',
    )
    lint.add_argument("--json", action="store_true", help="print the findings as JSON")
    lint.set_defaults(run=_lint)

    emulator = verbs.add_parser("emulator", help="run the local server that speaks the service's contract")
    emulator.add_argument("--host", default="127.0.0.1")
    emulator.add_argument("--port", type=_port, default=8765, help="0 takes a free one (default: 8765)")
    emulator.add_argument("--key", help="the only API key that passes (default: any, but one must be sent)")
    emulator.add_argument("--profile", choices=["contract", "live"], default="contract")
    emulator.add_argument(
        "--brain", help='"rules", "openai:MODEL", or a script.jsonl (default: what is found)'
    )
    emulator.add_argument("--mouth", choices=["piper", "espeak"], help="default: Piper where it is installed")
    emulator.add_argument("--voice", type=Path, metavar="FILE.onnx", help="any Piper voice")
    emulator.add_argument(
        "--store",
        type=Path,
        metavar="FILE",
        help="keep agents, sessions and webhook subscriptions in this file, secrets included (default: in "
        "memory, until it ends)",
    )
    emulator.add_argument(
        "--webhooks-outside",
        action="store_true",
        help="send webhooks to addresses beyond this machine too",
    )
    emulator.add_argument(
        "--local-tools",
        action="store_true",
        help="let HTTP tools and agents' own models be on this machine, which the service refuses",
    )
    emulator.add_argument(
        "--no-rate-limit",
        action="store_false",
        dest="rate_limit",
        help="take sound that comes faster than real time, whole files at once, say",
    )
    emulator.add_argument(
        "--smart-turn",
        action="store_true",
        help="let the sound of the caller's voice say that a turn looks complete, and not the words "
        "(extra smart-turn)",
    )
    emulator.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="FAULT",
        dest="faults",
        help="let something go wrong, to see what a program makes of it: once, unless times= says how often. "
        f"May be given more than once. The form is {FORM}",
    )
    emulator.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="tell on standard error of each session, of what is refused, and of keys that are ignored",
    )
    emulator.add_argument(
        "--announce",
        action="store_true",
        help=argparse.SUPPRESS,  # one JSON line, for Talk
    )
    emulator.add_argument("--parent-pipe", action="store_true", help=argparse.SUPPRESS)  # likewise
    emulator.set_defaults(run=_emulator)

    doctor = verbs.add_parser("doctor", help="what here would keep a microphone from reaching the kernel")
    doctor.add_argument(
        "--live",
        action="store_true",
        help="call the hosted service for some ten seconds (about two cents), and list what it does "
        "otherwise than the API's contract says",
    )
    doctor.add_argument(
        "--symptoms",
        nargs="?",
        const="",
        metavar="CALL",
        help="go through the service's table of troubles: what was checked for each, here and in a recorded "
        "call (default: the newest that nobody saved), and what was found",
    )
    doctor.add_argument(
        "--service", help='with --live: whom to call instead: "hosted", "emulator", or an address'
    )
    _add_key(doctor, "with --live: ")
    doctor.set_defaults(run=_doctor)

    guide = verbs.add_parser("guide", help="print the guide: the API on one page")
    guide.set_defaults(run=_guide)
    return parser


def _add_key(verb: argparse.ArgumentParser, when: str = "") -> None:
    verb.add_argument(
        "--key",
        help=f"{when}the key for the address, or for the hosted service; it is not shown again (default: the "
        "variable VOICENB_KEY for an address, ASSEMBLYAI_API_KEY for the hosted service)",
    )


def _port(text: str) -> int:
    """A port as it is written.

    Raises:
        ArgumentTypeError: it is none.
    """
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no port: they go from 1 to 65535, and 0 takes a free one"
        )
    return int(text)


def _demo(options: argparse.Namespace) -> int:
    from voicenb.demo import run_demo

    return run_demo(options.folder, browser=not options.no_browser, port=options.port)


def _talk(options: argparse.Namespace) -> int:
    from voicenb.doctor_live import has_service
    from voicenb.service.resolve import with_key
    from voicenb.tab_program import run_talk

    if options.service == "hosted" and not options.key and not has_service(None):
        raise InvalidConfiguration(
            "The hosted service needs an API key.",
            remedy="Set the environment variable ASSEMBLYAI_API_KEY to yours, or leave --service out: "
            "without a key an emulator on this machine answers.",
        )
    service = with_key(options.service, options.key)
    return run_talk(options.file, service=service, browser=not options.no_browser)


def _lint(options: argparse.Namespace) -> int:
    from voicenb.lint_program import run_lint

    return run_lint(options.files, as_json=options.json)


def _emulator(options: argparse.Namespace) -> int:
    try:
        from voicenb.emulator.serve import serve
    except ModuleNotFoundError as missing:
        from voicenb.errors import MissingExtra

        raise MissingExtra(
            f"The emulator needs {missing.name}.", remedy=f"{how_to_install('emulator')} brings it."
        ) from None
    try:
        return serve(
            host=options.host,
            port=options.port,
            key=options.key,
            profile=options.profile,
            brain=options.brain,
            mouth=options.mouth,
            voice=options.voice,
            store=options.store,
            webhooks_outside=options.webhooks_outside,
            local_tools=options.local_tools,
            rate_limit=options.rate_limit,
            smart_turn=options.smart_turn,
            faults=options.faults,
            verbose=options.verbose,
            announce=options.announce,
            parent_pipe=options.parent_pipe,
        )
    except (InvalidConfiguration, AudioError) as error:  # what was asked for cannot be, or is not there
        print(f"voicenb: {error}", file=sys.stderr)
        return 2


def _doctor(options: argparse.Namespace) -> int:
    from voicenb.doctor import examine

    if options.live:
        return _doctor_live(options.service, options.key)
    for option in ("service", "key"):
        if getattr(options, option) is not None:
            print(f"voicenb doctor: --{option} goes with --live.", file=sys.stderr)
            return 2
    if options.symptoms is not None:
        return _doctor_symptoms(options.symptoms)
    findings = examine()
    for finding in findings:
        print(finding)
    print("By symptom, with a look at the last call: voicenb doctor --symptoms")
    return int(any(finding.broken for finding in findings))


def _doctor_symptoms(call: str) -> int:
    from voicenb.doctor_symptoms import lines

    broken = False
    for line, is_sign in lines(call):
        print(line)
        broken |= is_sign
    return int(broken)


def _doctor_live(service: str | None, key: str | None) -> int:
    from voicenb.doctor_live import NO_KEY, examine_live, has_service
    from voicenb.service.resolve import with_key

    if not key and not has_service(service):
        print(NO_KEY)
        return 1
    failed = False
    for line, is_failure in examine_live(with_key(service, key)):
        print(line, flush=True)
        failed |= is_failure
    return int(failed)


def _guide(options: argparse.Namespace) -> int:
    del options
    print((Path(__file__).parent / "guide.md").read_text(encoding="utf-8"))
    return 0
