"""The executable: the filter or a command, and the one place that decides exit codes."""

import gc
import os
import sys
from collections.abc import Callable
from typing import NamedTuple, TextIO

from post_renderer.model.errors import OutputLost, UserError
from post_renderer.model.options import HELM4, TRUE, parse

ABOUT = ("--help", "-h", "--version", "--install-completion", "--show-completion")
COMMANDS = ("check", "explain", "gate", "generate", "plugin", "pre-commit", "rotate", "scaffold", "why", *ABOUT)
COMPLETION = "_HEIMDALL_PR_COMPLETE"  # the variable by which a shell asks for completions
OK, REFUSED, BUG, INTERRUPTED = 0, 1, 3, 130


class End(NamedTuple):
    """How a run ended: the exit code and what to say.

    `lost`: standard output holds a part of the stream; `notes`: a success has more to say than that it is one.
    """

    code: int = OK
    text: str = ""
    lost: bool = False
    notes: bool = False


def main() -> int:
    """Runs what the command line asks for; returns 0 ok, 1 refused, 2 usage, 3 our own bug, 130 interrupted."""
    argv = sys.argv[1:]
    _hold_standard_streams()
    if COMPLETION in os.environ or (argv and (argv[0] in COMMANDS or not argv[0].startswith("-"))):
        end = _guarded(_command)
        _print(end.text)
        return end.code
    gc.disable()  # a run ends before a collection pays: they are a tenth of it, as is the interpreter's own at its end
    end = _guarded(lambda: _filter(argv))
    _keep(argv, end.text)
    if HELM4 in argv and end.code and not end.lost:
        end = _guarded(lambda: _refuse_helm4(end.text))
    if end.code or not _told_past_helm(argv, end):
        _print(end.text)
    gc.freeze()
    return end.code


def _hold_standard_streams() -> None:
    """A standard stream that is closed leads nowhere: else the next file opened would be taken for it."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _command() -> End:
    from post_renderer import cli

    return End(cli.run())


def _filter(argv: list[str]) -> End:
    """One run of the filter: writes the stream only where nothing is wrong."""
    options = parse(argv, os.environ)
    from post_renderer import filter as edge
    from post_renderer.report import text

    outcome = edge.run(options)
    if outcome.report.ok:
        edge.write(outcome.pieces)
    return End(OK if outcome.report.ok else REFUSED, text.render(outcome.report), notes=bool(outcome.report.findings))


def _refuse_helm4(report: str) -> End:
    """Helm 4 swallows standard error and prints what it can't parse: so this failure exits with 0."""
    from post_renderer.adapters.helm4 import channel
    from post_renderer.filter import write

    write((channel.refusal(report),))
    return End()


def _guarded(run: Callable[[], End]) -> End:
    """The end of a run, whatever happens in it."""
    try:
        return run()
    except UserError as error:
        return End(error.code, _told(error), lost=isinstance(error, OutputLost))
    except KeyboardInterrupt:
        return End(INTERRUPTED, "heimdall-pr: interrupted: nothing was installed\n")
    except Exception as error:  # noqa: BLE001  # our own bug: its message may hold a value, so only its type is told
        return End(BUG, _bug(error))


def _told(error: UserError) -> str:
    from post_renderer.report.text import plain

    fix = f"        fix       {plain(str(error.fix))}\n" if error.fix else ""
    details = f"\n{error.details}" if error.details else ""
    return f"heimdall-pr: {plain(error.message)}\n{fix}{details}"


def _bug(error: Exception) -> str:
    name = type(error).__name__
    if "--debug" not in sys.argv and os.environ.get("HEIMDALL_PR_DEBUG", "").lower() not in TRUE:
        return (
            f"heimdall-pr: internal error ({name}): nothing was installed; HEIMDALL_PR_DEBUG=true says where it arose\n"
        )
    import traceback

    frames = (f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__))
    return "".join(f"{line}\n" for line in (f"heimdall-pr: internal error ({name})", *frames))


def _keep(argv: list[str], text: str) -> None:
    """Keeps the report for `heimdall-pr why`; that it can't be kept is never an error."""
    from post_renderer.adapters import report_store

    try:
        explicit = parse(argv, os.environ).report_file
    except UserError:
        explicit = ""
    try:
        report_store.write(report_store.path(os.environ, explicit), text)
    except OSError as error:
        if explicit:
            _print(f"heimdall-pr: the report can't be kept in {explicit}: {os.strerror(error.errno or 0)}\n")


def _told_past_helm(argv: list[str], end: End) -> bool:
    """Tells a success's notes to Helm's standard error, as ours is shown on failure alone; whether Helm is there."""
    from post_renderer.adapters.helm4 import channel

    if HELM4 not in argv and not channel.parent_is_helm():
        return False
    if end.notes and (descriptor := channel.open_parent()) is not None:
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as stream:
            _print(end.text, stream)
    return True


def _print(text: str, stream: TextIO | None = None) -> None:
    """To standard error or another stream, in colour where a person looks; that nobody takes it is no error."""
    target = stream or sys.stderr
    if not text or target is None:
        return
    if target.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb":
        from post_renderer.report.text import coloured

        text = coloured(text)
    try:
        target.write(text)
        target.flush()
    except OSError:  # what is left leads nowhere: the last flush would fail again, and change the exit code
        os.dup2(os.open(os.devnull, os.O_WRONLY), target.fileno())


if __name__ == "__main__":
    sys.exit(main())
