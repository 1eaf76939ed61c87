"""The executable: the filter or a command, and the one place that decides exit codes."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable

from post_renderer import __version__
from post_renderer.adapters import streams
from post_renderer.model.errors import OutputLost, UserError
from post_renderer.model.options import HELM4, TRUE, parse
from post_renderer.model.record import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import TextIO

VERSION = "--version"
HELP = ("--help", "-h", "--install-completion", "--show-completion")  # what Typer answers without a command
REPORTING = ("check",)  # commands whose report has what others print
COMPLETION = "_HEIMDALL_PR_COMPLETE"  # the variable by which a shell asks for completions
OK, REFUSED, BUG, INTERRUPTED = 0, 1, 3, 130


class End(NamedTuple):
    """How a run ended.

    Attributes:
        code: The exit code.
        text: The report.
        lost: Whether standard output has only a part of the stream.
        notes: Whether a success has findings to report.
        release: The chart and the release that the report is about, if they are known.
    """

    code: int = OK
    text: str = ""
    lost: bool = False
    notes: bool = False
    release: str = ""


def main() -> int:
    """Run what the command line asks for; returns 0 ok, 1 refused, 2 usage, 3 internal error, 130 interrupted."""
    argv = sys.argv[1:]
    streams.hold()
    if COMPLETION not in os.environ and argv[:1] == [VERSION]:
        return _reported(_guarded(_version))
    if COMPLETION in os.environ or (argv and (argv[0] in HELP or not argv[0].startswith("-"))):
        return _reported(_guarded(_command))
    return _post_render(argv)


def _post_render(argv: list[str]) -> int:
    """Run the filter."""
    gc.disable()  # a run ends before a collection pays: they are a tenth of it, as is the interpreter's own at its end
    end = _guarded(lambda: _filter(argv))
    _keep(argv, end)
    if HELM4 in argv and end.code and not end.lost:
        end = _guarded(lambda: _refuse_helm4(end.text))
    if end.code or not _sent_past_helm(argv, end):
        _print(end.text)
    gc.freeze()
    return end.code


def _version() -> End:
    """Print the version; Typer would take forty times as long to do it."""
    streams.write((f"heimdall-pr {__version__}\n".encode(),))
    return End()


def _command() -> End:
    """Run a command, but not with a typo in a variable of ours: it would do something else than it was asked."""
    from post_renderer import cli
    from post_renderer.adapters import own_variables

    if COMPLETION not in os.environ and not set(HELP).intersection(sys.argv):
        unread = own_variables.findings(os.environ)
        if unread and sys.argv[1] not in REPORTING:
            from post_renderer.report import text

            _print("".join(f"heimdall-pr: {text.shown(each.message)}\n" for each in unread))
    return End(cli.run())


def _filter(argv: list[str]) -> End:
    """One run of the filter, which writes the stream only if there is no error."""
    options = parse(argv, os.environ)
    from post_renderer import filter as edge
    from post_renderer.report import text

    outcome = edge.run(options)
    if outcome.report.ok:
        streams.write(outcome.pieces)
    report = outcome.report
    code = OK if report.ok else REFUSED
    return End(code, text.render(report), notes=bool(report.findings), release=report.release)


def _refuse_helm4(report: str) -> End:
    """Refuse with exit code 0: Helm 4 drops standard error, but prints output that it can't parse."""
    from post_renderer.adapters.helm4 import channel

    streams.write((channel.refusal(report),))
    return End()


def _guarded(run: Callable[[], End]) -> End:
    """The end of a run, whatever happens in it."""
    try:
        return run()
    except UserError as error:
        return End(error.code, _refusal(error), lost=isinstance(error, OutputLost))
    except KeyboardInterrupt:
        return End(INTERRUPTED, "heimdall-pr: interrupted: nothing was installed\n")
    except Exception as error:  # noqa: BLE001  # our own bug: its message may hold a value, so only its type is shown
        return End(BUG, _bug(error))


def _refusal(error: UserError) -> str:
    """The report of an error that the user can fix."""
    from post_renderer.report import text

    fix = f"        fix       {text.fix(error.fix)}\n" if error.fix else ""
    found = error.details
    below = text.lines(found) if isinstance(found, str) else "\n".join(text.findings(found))
    details = f"\n{below}" if found else ""
    return f"heimdall-pr: {text.shown(error.message)}\n{fix}{details}"


def _bug(error: Exception) -> str:
    """The report of an internal error; where it occurred is shown only if the user asks for it."""
    name = type(error).__name__
    if "--debug" not in sys.argv and os.environ.get("HEIMDALL_PR_DEBUG", "").lower() not in TRUE:
        return (
            f"heimdall-pr: internal error ({name}): nothing was installed; HEIMDALL_PR_DEBUG=true shows where it"
            " occurred\n"
        )
    import traceback

    frames = (f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__))
    return "".join(f"{line}\n" for line in (f"heimdall-pr: internal error ({name})", *frames))


def _keep(argv: list[str], end: End) -> None:
    """Keep the report for `heimdall-pr why`; a report that can't be kept is no error."""
    from post_renderer.adapters import report_store

    try:
        explicit = parse(argv, os.environ).report_file
    except UserError:
        explicit = ""
    try:
        report_store.write(report_store.path(os.environ, explicit), f"{_dated(end.release)}\n{end.text}")
    except OSError as error:
        if explicit:
            from post_renderer.report.text import shown

            reason = os.strerror(error.errno or 0)
            _print(f"heimdall-pr: the report can't be kept in {shown(explicit)}: {reason}\n")


def _dated(release: str) -> str:
    """The first line of a kept report: when it was made, and of what."""
    when = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
    return f"heimdall-pr: {when}" + (f": {release}" if release else "")


def _sent_past_helm(argv: list[str], end: End) -> bool:
    """Send a success's findings to Helm's own standard error, since Helm shows ours only after a failure.

    Returns:
        Whether Helm runs this process.
    """
    from post_renderer.adapters.helm4 import channel

    if HELM4 not in argv and not channel.parent_is_helm():
        return False
    if end.notes and (descriptor := channel.open_parent()) is not None:
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as stream:
            _print(end.text, stream)
    return True


def _reported(end: End) -> int:
    """Print what a command ended with; returns the exit code."""
    _print(end.text)
    return end.code


def _print(text: str, stream: TextIO | None = None) -> None:
    """Print to standard error or another stream, in colour on a terminal; a stream that takes nothing is no error."""
    target = stream or sys.stderr
    if not text or target is None:
        return
    if target.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb":
        from post_renderer.report.text import coloured

        text = coloured(text)
    try:
        target.write(text)
        target.flush()
    except OSError:
        streams.drop(target.fileno())


if __name__ == "__main__":
    sys.exit(main())
