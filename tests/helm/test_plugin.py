"""`heimdall-pr plugin install|uninstall`, seen by the Helms that read the plugins folder."""

import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests import helms
from tests.helms import HELM_PR, NEWEST, Helm, run
from tests.support import ROOT, UNPRIVILEGED, Desk, Done, accepted, documents, held, refused

MINE = "name: mine\nversion: 0.1.0\nusage: mine\ndescription: mine\ncommand: echo mine\n"

helm3 = pytest.mark.parametrize("every_helm", [NEWEST[3]], indirect=True)
each_helm4 = pytest.mark.parametrize(
    "every_helm", [version for version in helms.VERSIONS if helms.major(version) == 4], indirect=True
)
helm4 = pytest.mark.parametrize("every_helm", [NEWEST[4]], indirect=True)


def plugin(helm: Helm, *args: str, **env: str) -> Done:
    """`heimdall-pr plugin …` in that Helm's environment, whose plugins folder is the default then."""
    return run([str(HELM_PR), "plugin", *args], env={**helm.env, **env})


def on_path(helm: Helm, name: str) -> str:
    """PATH with that Helm under a name, our command and the system's."""
    folder = helm.home / "bin"
    folder.mkdir(exist_ok=True)
    (folder / name).symlink_to(helm.path)
    return os.pathsep.join((str(folder), str(HELM_PR.parent), os.defpath))


def without_helm() -> str:
    """PATH without any."""
    return os.pathsep.join((str(HELM_PR.parent), os.defpath))


def bring_mine(helm: Helm) -> None:
    """A plugin of the user's own in the folder."""
    (helm.plugins / "mine").mkdir(parents=True)
    (helm.plugins / "mine" / "plugin.yaml").write_text(MINE)


def listed(helm: Helm, **env: str) -> set[str]:
    """The plugins that this Helm knows; none where it can't load them."""
    done = helm.run("plugin", "list", env=env)
    return {line.split()[0] for line in done.stdout.splitlines()[1:] if line.strip()} if done.returncode == 0 else set()


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- the folder that Helm 3 reads too --------------------------------------------------------------------------------


@helm3
@pytest.mark.parametrize("name", ["helm", "helm3"])
@pytest.mark.parametrize("way", ["default", "named", "through a link"])
def test_a_folder_that_helm3_reads_is_refused(every_helm: Helm, tmp_path: Path, name: str, way: str) -> None:
    """Helm 3 keeps its plugins, and the message says what to do; that it would have lost them is shown too."""
    bring_mine(every_helm)
    (tmp_path / "link").symlink_to(every_helm.plugins)
    folders = {"default": [], "named": [str(every_helm.plugins)], "through a link": [str(tmp_path / "link")]}
    option = [f"--plugins-dir={folder}" for folder in folders[way]]
    before = contents(every_helm.plugins)
    done = refused(plugin(every_helm, "install", *option, PATH=on_path(every_helm, name)))
    assert done.returncode == 1
    assert f"is Helm {every_helm.version} and reads {(folders[way] or [str(every_helm.plugins)])[0]} too" in done.stderr
    assert "Helm 3 needs no plugin, only --post-renderer heimdall-pr" in done.stderr
    assert contents(every_helm.plugins) == before
    assert listed(every_helm) == {"mine"}
    accepted(plugin(every_helm, "install", PATH=without_helm()))
    assert listed(every_helm) == set()


@helm3
def test_the_fix_for_a_shared_folder(every_helm: Helm, tmp_path: Path) -> None:
    """Both commands that are printed do what they say, for Helm 3 and Helm 4 alike."""
    bring_mine(every_helm)
    path = on_path(every_helm, "helm")
    told = refused(plugin(every_helm, "install", PATH=path)).stderr
    fix, variable = re.findall(r"fix +(heimdall-pr .+) && HELM_PLUGINS=(\S+) helm plugin list, ", told)[0]
    accepted(run(["sh", "-ec", fix], env={**every_helm.env, "PATH": path}))
    helm4 = Helm(helms.fetch(NEWEST[4]), NEWEST[4], every_helm.home)
    assert listed(helm4, HELM_PLUGINS=variable) == {"mine", "heimdall-pr"}
    assert listed(every_helm) == {"mine"}
    desk = Desk(helm4, tmp_path / "desk")
    renderer = ["--post-renderer", "heimdall-pr"]
    whole = documents(desk.template(desk.file(), renderer=renderer, env={"HELM_PLUGINS": variable}))
    assert held(whole) == desk.secrets


@helm4
def test_a_folder_of_helm4_alone_is_fine(every_helm: Helm) -> None:
    """Though the `helm` on PATH reads it."""
    bring_mine(every_helm)
    accepted(plugin(every_helm, "install", PATH=on_path(every_helm, "helm")))
    assert listed(every_helm) == {"mine", "heimdall-pr"}


# --- what is installed -----------------------------------------------------------------------------------------------


@each_helm4
def test_install_twice_and_uninstall(every_helm: Helm, tmp_path: Path) -> None:
    """The second time changes nothing; removing it takes just that away, and then there is nothing to remove."""
    bring_mine(every_helm)
    accepted(plugin(every_helm, "install"))
    once = contents(every_helm.plugins)
    assert sorted(once) == ["heimdall-pr/plugin.yaml", "heimdall-pr/run", "mine/plugin.yaml"]
    accepted(plugin(every_helm, "install"))
    assert contents(every_helm.plugins) == once
    desk = Desk(every_helm, tmp_path / "desk")
    assert held(documents(desk.template(desk.file()))) == desk.secrets
    accepted(plugin(every_helm, "uninstall"))
    assert contents(every_helm.plugins) == {"mine/plugin.yaml": MINE.encode()}
    assert listed(every_helm) == {"mine"}
    assert not (every_helm.plugins / "heimdall-pr").exists()
    again = refused(plugin(every_helm, "uninstall"), "nothing to remove")
    assert again.returncode == 1


@helm4
def test_uninstall_leaves_what_is_not_ours(every_helm: Helm) -> None:
    """Also a file that somebody put beside it."""
    accepted(plugin(every_helm, "install"))
    (every_helm.plugins / "heimdall-pr" / "notes.txt").write_text("theirs")
    accepted(plugin(every_helm, "uninstall"))
    assert contents(every_helm.plugins) == {"heimdall-pr/notes.txt": b"theirs"}


@helm4
def test_folders_with_spaces(every_helm: Helm, tmp_path: Path) -> None:
    """The interpreter's and the plugins'."""
    python = interpreter(tmp_path / "a folder's")
    folder = tmp_path / "plug ins"
    install = [str(python), "-m", "post_renderer", "plugin", "install", "--plugins-dir", str(folder)]
    accepted(run(install, env=every_helm.env))
    assert str(python.parent) in (folder / "heimdall-pr" / "run").read_text().replace("'\"'\"'", "'")
    desk = Desk(every_helm, tmp_path / "desk")
    renderer = ["--post-renderer", "heimdall-pr"]
    done = desk.template(desk.file(), renderer=renderer, env={"HELM_PLUGINS": str(folder)})
    assert held(documents(done)) == desk.secrets


@helm4
@pytest.mark.parametrize("gone", ["the interpreter", "the package"])
def test_an_environment_that_is_gone(every_helm: Helm, tmp_path: Path, gone: str) -> None:
    """Helm says of a plugin that fails nothing but that it did; so this one does not fail."""
    python = interpreter(tmp_path / "venv")
    folder = tmp_path / "plugins"
    accepted(
        run([str(python), "-m", "post_renderer", "plugin", "install", "--plugins-dir", str(folder)], env=every_helm.env)
    )
    launcher = folder / "heimdall-pr" / "run"
    words = {"the interpreter": str(python), "the package": str(ROOT / "post_renderer")}
    launcher.write_text(launcher.read_text().replace(words[gone], f"{words[gone]}-moved"))
    desk = Desk(every_helm, tmp_path / "desk")
    renderer = ["--post-renderer", "heimdall-pr"]
    done = desk.template(desk.file(), renderer=renderer, env={"HELM_PLUGINS": str(folder)})
    refused(done, "is gone or was moved", "fix: heimdall-pr plugin install")
    assert done.stdout == ""


def interpreter(folder: Path) -> Path:
    """A Python of its own in that folder, with what this one has."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "ours.pth").write_text(f"{ROOT}\n{sysconfig.get_path('purelib')}\n")
    return folder / "bin" / "python"


@helm4
def test_path_does_not_matter(every_helm: Helm, tmp_path: Path) -> None:
    """Neither our command nor any Python is on it."""
    desk = Desk(every_helm, tmp_path / "desk")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "sh").symlink_to("/bin/sh")
    assert held(documents(desk.template(desk.file(), env={"PATH": str(tools)}))) == desk.secrets


# --- code that lies about --------------------------------------------------------------------------------------------

EVIL = "open({marker!r}, 'w').close()\nraise SystemExit(0)\n"
LURES = ["yaml.py", "re.py", "binascii.py", "sitecustomize.py", "usercustomize.py", "post_renderer/__init__.py"]


def lay_out(folder: Path, marker: Path) -> None:
    """Modules that take the place of ours and others, were the folder searched."""
    for lure in LURES:
        (folder / lure).parent.mkdir(parents=True, exist_ok=True)
        (folder / lure).write_text(EVIL.format(marker=str(marker)))


def test_code_in_the_working_directory_is_not_run(helm: Helm, tmp_path: Path) -> None:
    """A repository that is installed from can't take the tool over; nor, under Helm 4, can PYTHONPATH."""
    marker = tmp_path / "evil"
    desk = Desk(helm, tmp_path / "desk")
    lay_out(desk.folder, marker)
    lay_out(helm.home / ".local" / "lib", marker)
    env = {"PYTHONPATH": str(desk.folder)} if helm.major == 4 else {}
    assert held(documents(desk.template(desk.file(), env=env))) == desk.secrets
    accepted(desk.command("why"))
    accepted(run([str(HELM_PR), "plugin", "install", "--plugins-dir=plugins"], cwd=desk.folder, env=helm.env))
    assert not marker.exists()


def test_the_lures_work(tmp_path: Path) -> None:
    """Where the folder is searched, they are run: the test above would notice."""
    lay_out(tmp_path / "lures", tmp_path / "evil")
    run([sys.executable, "-m", "post_renderer"], cwd=tmp_path / "lures", env={"PATH": os.defpath})
    assert (tmp_path / "evil").exists()


# --- what is in the way ----------------------------------------------------------------------------------------------

FOREIGN = "apiVersion: v1\ntype: postrenderer/v1\nname: heimdall-pr\nversion: 9.9.9\n"


@pytest.mark.parametrize("command", ["install", "uninstall"])
def test_a_foreign_plugin_of_that_name_is_left_alone(helm: Helm, command: str) -> None:
    folder = helm.plugins / "heimdall-pr"
    folder.mkdir(parents=True)
    (folder / "plugin.yaml").write_text(FOREIGN)
    (folder / "run").write_text("theirs")
    done = refused(plugin(helm, command, PATH=without_helm()), "is another plugin; it was left as it is")
    assert done.returncode == 1
    assert contents(helm.plugins) == {"heimdall-pr/plugin.yaml": FOREIGN.encode(), "heimdall-pr/run": b"theirs"}


@pytest.mark.parametrize("command", ["install", "uninstall"])
def test_a_link_in_the_way_is_refused(helm: Helm, tmp_path: Path, command: str) -> None:
    """It would make us write or remove elsewhere, though what is there is ours."""
    elsewhere = tmp_path / "elsewhere"
    accepted(plugin(helm, "install", f"--plugins-dir={elsewhere}", PATH=without_helm()))
    before = contents(elsewhere)
    helm.plugins.mkdir()
    (helm.plugins / "heimdall-pr").symlink_to(elsewhere / "heimdall-pr")
    refused(plugin(helm, command, PATH=without_helm()), "it was left as it is")
    assert contents(elsewhere) == before
    assert (helm.plugins / "heimdall-pr").is_symlink()


@pytest.mark.needs(*UNPRIVILEGED[:1])
@pytest.mark.parametrize("obstacle", ["not writable", "a file in its place", "a file on the way"])
def test_a_folder_that_can_not_be_written(helm: Helm, tmp_path: Path, obstacle: str) -> None:
    """One line with the reason, no traceback, and nothing half written."""
    folder = tmp_path / "plugins"
    if obstacle == "not writable":
        folder.mkdir(mode=0o500)
    elif obstacle == "a file in its place":
        folder.mkdir()
        (folder / "heimdall-pr").touch()
    else:
        folder.touch()
    command = [*UNPRIVILEGED, str(HELM_PR), "plugin", "install", "--plugins-dir", str(folder)]
    done = refused(run(command, env={**helm.env, "PATH": f"{without_helm()}{os.pathsep}/usr/sbin"}))
    assert done.returncode == 1
    assert re.search(r"\Aheimdall-pr: \S+/heimdall-pr: .+\n +fix +ls -ld? ", done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    assert contents(tmp_path / "plugins") in ({}, {"heimdall-pr": b""})
