"""Installs the plugin through which Helm 4 runs the post-renderer, unless a Helm 3 would break on it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from shlex import quote

import jinja2

import post_renderer
from post_renderer.adapters import child, disk, processes, system_errors
from post_renderer.model.errors import UserError
from post_renderer.model.fix import Command, Variable, command, steps
from post_renderer.model.options import HELM4
from post_renderer.model.record import NamedTuple

NAME = "heimdall-pr"
MANIFEST, LAUNCHER = "plugin.yaml", "run"
OURS = "# Written by `heimdall-pr plugin install`"
OWN_FOLDER = "~/.local/share/heimdall-pr/helm4-plugins"
HELMS = ("helm", "helm3")
TIME_LIMIT = 20  # seconds
MOST = 1 << 16  # bytes; helm prints a version, or a folder
PROGRAM = "import sys; sys.path.append({folder!r}); from post_renderer.__main__ import main; sys.exit(main())"


class Helm3(NamedTuple):
    """A Helm 3 on PATH, with the plugins folders it reads."""

    path: str
    version: str
    folders: tuple[str, ...]


def default_folder(environ: Mapping[str, str]) -> str:
    """Helm's plugins folder (https://helm.sh/docs/helm/helm/): the first one if HELM_PLUGINS names several."""
    if plugins := environ.get("HELM_PLUGINS"):
        return plugins.split(os.pathsep)[0]
    if data := environ.get("HELM_DATA_HOME"):
        return os.path.join(data, "plugins")
    home = "~/Library" if sys.platform == "darwin" else "~/.local/share"
    return os.path.join(environ.get("XDG_DATA_HOME") or os.path.expanduser(home), "helm", "plugins")


def install(folder: str, environ: Mapping[str, str]) -> Path:
    """Write the plugin into a plugins folder; return its own folder.

    Raises UserError if a Helm 3 reads the folder too, another plugin has the name, or it can't be written.
    """
    for helm in _helm3s(environ):
        if os.path.realpath(folder) in map(os.path.realpath, helm.folders):
            raise _shared(folder, helm, environ)
    target = Path(folder) / NAME
    _refuse_foreign(target)
    try:
        disk.make_folder(str(target), 0o755)  # whatever the umask is: Helm runs what is in it
        _write(target / LAUNCHER, _launcher(), 0o755)
        manifest = _render("plugin.yaml", name=NAME, version=post_renderer.__version__, launcher=LAUNCHER, flag=HELM4)
        _write(target / MANIFEST, manifest, 0o644)
    except OSError as error:
        raise UserError(f"{target}: {os.strerror(error.errno or 0)}", system_errors.fix(str(target), error)) from None
    return target


def is_installed(folder: str) -> bool:
    """Whether a plugins folder has the plugin."""
    manifest = Path(folder) / NAME / MANIFEST
    return manifest.is_file() and manifest.read_text(encoding="utf-8", errors="replace").startswith(OURS)


def uninstall(folder: str) -> Path:
    """Remove the plugin's files, and its folder if nothing else is in it. Raises UserError."""
    target = Path(folder) / NAME
    if not (target / MANIFEST).is_file():
        raise UserError(
            f"{target} is no plugin: nothing to remove",
            command("heimdall-pr", "plugin", "uninstall", "--plugins-dir", "DIR"),
        )
    _refuse_foreign(target)
    try:
        for name in (MANIFEST, LAUNCHER):
            (target / name).unlink(missing_ok=True)
        if not any(target.iterdir()):
            target.rmdir()
    except OSError as error:
        raise UserError(f"{target}: {os.strerror(error.errno or 0)}", system_errors.fix(str(target), error)) from None
    return target


def use(folder: str, environ: Mapping[str, str]) -> Command:
    """The command with which Helm 4, and only it, reads a plugins folder besides its own."""
    folders = [os.path.abspath(folder), *(environ.get("HELM_PLUGINS") or default_folder(environ)).split(os.pathsep)]
    plugins = Variable("HELM_PLUGINS", os.pathsep.join(dict.fromkeys(folders)))
    return command(plugins, "helm", "plugin", "list", note="and the same variable before each command of Helm 4")


def _shared(folder: str, helm: Helm3, environ: Mapping[str, str]) -> UserError:
    message = (
        f"{helm.path} is Helm {helm.version} and reads {folder} too: with a plugin of Helm 4 in it, Helm 3 loses"
        " all its plugins. Nothing was installed; Helm 3 needs no plugin, only --post-renderer heimdall-pr"
    )
    own = os.path.expanduser(OWN_FOLDER)
    then = use(own, environ)
    install = command("heimdall-pr", "plugin", "install", "--plugins-dir", own)
    there = command("heimdall-pr", "plugin", "uninstall", "--plugins-dir", folder) if is_installed(folder) else None
    return UserError(message, steps(*filter(None, (there, install, then)), note=then.note))


def _helm3s(environ: Mapping[str, str]) -> Iterator[Helm3]:
    """Every Helm 3 that PATH has, under its usual names."""
    seen = set()
    for folder in environ.get("PATH", "").split(os.pathsep):
        for name in HELMS:
            path = os.path.join(folder, name)
            if not os.access(path, os.X_OK) or os.path.isdir(path) or os.path.realpath(path) in seen:
                continue
            seen.add(os.path.realpath(path))
            version = _ask(path, "version", "--template", "{{.Version}}")
            if version.startswith("v3."):
                yield Helm3(path, version[1:], tuple(_ask(path, "env", "HELM_PLUGINS").split(os.pathsep)))


def _ask(*command: str) -> str:
    """What a program prints; empty if it can't be run."""
    try:
        done = processes.run(command, child.environment(os.environ), seconds=TIME_LIMIT, most=MOST)
        return os.fsdecode(done.out).strip()
    except (OSError, processes.TooSlow, processes.TooMuch):
        return ""


def _refuse_foreign(target: Path) -> None:
    """Refuse what has our name but is not ours; a link would make us write or remove in another folder."""
    manifest = target / MANIFEST
    is_ours = not manifest.exists() or manifest.read_text(encoding="utf-8", errors="replace").startswith(OURS)
    if target.is_symlink() or not is_ours:
        raise UserError(
            f"{target} is another plugin; it was left as it is", command("helm", "plugin", "uninstall", NAME)
        )


def _launcher() -> str:
    """What Helm runs; -I hides a package of the user's own site, so its folder or its single file is named."""
    package = Path(post_renderer.__file__).resolve().parent
    home = package.parent
    program = ("-c", PROGRAM.format(folder=str(home)))
    present, start = (home, (str(home),)) if home.is_file() else (package, program)
    parts = {"interpreter": quote(sys.executable), "present": quote(str(present)), "start": " ".join(map(quote, start))}
    return _render("plugin-run.sh", **parts)


def _render(template: str, **values: str) -> str:
    loader = jinja2.PackageLoader("post_renderer")
    environment = jinja2.Environment(loader=loader, undefined=jinja2.StrictUndefined, keep_trailing_newline=True)  # noqa: S701  # no HTML
    return environment.get_template(template).render(values)


def _write(path: Path, text: str, mode: int) -> None:
    disk.write(str(path), text.encode(), mode)
