"""Shell completion, asked for by the real shells."""

import os
from pathlib import Path

import pytest

from tests.helms import HELM_PR, run

WORDS = {"gen": ["generate"], "plugin un": ["uninstall"], "generate --allow": ["--allow-commit"]}
# The values of options, and rules.
WORDS |= {
    "check --format sar": ["sarif"],
    "check --ignore short-v": ["short-value="],
    "explain missing-": ["missing-key"],
    "generate --format k": ["k8s"],
    "init --approach ex": ["existing"],
    "init --manager eso-a": ["eso-aws", "eso-azure"],
    "contract show postgres": ["postgresql"],
    "contract policy graf": ["grafana"],
    "contract policy x --action A": ["Audit"],
    "check --contract graf": ["grafana"],
    "--ignore short-v": ["short-value="],
}
# What a shell runs: our script as it is shown, then the question for what follows `heimdall-pr WORDS`.
BASH = """
eval "$(heimdall-pr completion bash)"
COMP_WORDS=(heimdall-pr {words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 )); COMP_LINE="heimdall-pr {words}"
_heimdall_pr_completion heimdall-pr
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
ZSH = """
compdef() {{ :; }}
eval "$(heimdall-pr completion zsh)"
_arguments() {{ print -r -- ${{${{1#*\\(\\(}}%%:*}}; }} # *: :(("generate":"Make …"))
words=(heimdall-pr {words}); CURRENT=${{#words}}
_heimdall_pr_completion
"""
FISH = """
heimdall-pr completion fish | source
complete --do-complete 'heimdall-pr {words}'
"""
SHELLS = {"bash": ("--norc", BASH), "zsh": ("-f", ZSH), "fish": ("--no-config", FISH)}


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A user's."""
    path = os.pathsep.join([str(HELM_PR.parent), os.environ["PATH"]])
    libraries = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {"PATH": path, "HOME": str(tmp_path), "TERM": "dumb", "LANG": "C.UTF-8", **libraries}


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("shell", [pytest.param(name, marks=pytest.mark.needs(name)) for name in SHELLS])
def test_completion(env: dict[str, str], shell: str, words: str) -> None:
    flag, script = SHELLS[shell]
    done = run([shell, flag, "-c", script.format(words=words)], env=env)
    assert done.returncode == 0, done.stderr
    told = [line.replace('"', "").split("\t")[0].split(":")[0].strip() for line in done.stdout.splitlines()]
    assert told == WORDS[words], done.stdout + done.stderr


@pytest.mark.parametrize("shell", [pytest.param(name, marks=pytest.mark.needs(name)) for name in SHELLS])
def test_installed(env: dict[str, str], tmp_path: Path, shell: str) -> None:
    """As `--install-completion` leaves it, in each shell's own place."""
    done = run([shell, SHELLS[shell][0], "-c", "heimdall-pr --install-completion; true"], env=env)
    assert done.returncode == 0, done.stderr
    assert f"{shell} completion installed" in done.stdout
    written = [path for path in tmp_path.rglob("*") if path.is_file() and "heimdall_pr" in path.read_text().lower()]
    assert len(written) == 1
