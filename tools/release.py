"""Checks that a release can be made of a checkout, and prints what is new in it.

    python -m tools.release check TAG [ADDRESS]    everything is in step, with TAG and with the repository's ADDRESS
    python -m tools.release notes                  this version's section of the CHANGELOG

Exit codes: 0 it can be made; 1 it can't, and why; 2 usage.
"""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from post_renderer import __version__

ROOT = Path(__file__).parents[1]
HEADING = re.compile(r"^## \[(?P<version>[^\]]+)\](?: - (?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}))?$", re.MULTILINE)
ADDRESS = re.compile(r'^Repository = "([^"]+)"$', re.MULTILINE)
PATCH = "examples/argocd/repo-server-patch.yaml"
CHECK, NOTES = "check", "notes"


def main(arguments: list[str]) -> int:
    """Run a command; return the exit code."""
    match arguments:
        case [command] if command == NOTES:
            sys.stdout.write(notes())
            return 0
        case [command, tag, *address] if command == CHECK and len(address) <= 1:
            found = [*problems(), *_of_the_checkout(tag), *_of_the_address(*address)]
            sys.stderr.writelines(f"release: {each}\n" for each in found)
            return 1 if found else 0
    sys.stderr.write(f"{__doc__}\n")
    return 2


def problems() -> Iterator[str]:
    """What is not in step with the version, a sentence each."""
    for name, version in versions().items():
        if version != __version__:
            yield f"{name} has the version {version}, and post_renderer/__init__.py has {__version__}"
    newest = _newest_release()
    if newest.get("version") != __version__ or not newest.get("date"):
        yield f"the newest release in CHANGELOG.md must be `## [{__version__}] - DATE`"


def versions() -> dict[str, str]:
    """The files with a version, which all releases have in common."""
    paths = [*sorted(ROOT.glob("charts/*/Chart.yaml")), ROOT / "examples" / "kustomize" / "plugin.yaml"]
    found = {str(path.relative_to(ROOT)): str(yaml.safe_load(path.read_bytes())["version"]) for path in paths}
    return {**found, PATCH: _tag((ROOT / PATCH).read_bytes())}


def _tag(patch: bytes) -> str:
    """The version of our image in the patch of Argo CD's repo-server."""
    (container,) = yaml.safe_load(patch)["spec"]["template"]["spec"]["containers"]
    return str(container["image"]).rpartition(":")[2]


def address() -> str:
    """The repository's address, which is in pyproject.toml alone."""
    found = ADDRESS.search((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert found, "pyproject.toml has [project.urls]"
    return found[1]


def notes() -> str:
    """The section of this version, without its heading."""
    text = _changelog()
    starts = {found["version"]: found for found in HEADING.finditer(text)}
    start = starts[__version__].end()
    following = HEADING.search(text, start)
    return text[start : following.start() if following else None].strip() + "\n"


def _newest_release() -> Mapping[str, str]:
    headings = (found.groupdict() for found in HEADING.finditer(_changelog()))
    return next((each for each in headings if each["version"] != "Unreleased"), {})


def _changelog() -> str:
    return (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def _of_the_checkout(tag: str) -> Iterator[str]:
    """What git says: another tag, changes that are not committed."""
    if tag != f"v{__version__}":
        yield f"the tag is {tag}, and this is v{__version__}"
    if _git("status", "--porcelain"):
        yield "files are changed, or not committed"


def _of_the_address(given: str = "") -> Iterator[str]:
    """A release is made where pyproject.toml says that the repository is: its packages name this address."""
    if given and given != address():
        yield f"this is {given}, and pyproject.toml names {address()}"


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
