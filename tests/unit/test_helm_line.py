"""The namespace on a command line of Helm, as Helm itself reads it."""

import pytest

from post_renderer.adapters import helm_line

Environ = dict[str, str]
NONE: Environ = {}
NAMED: list[tuple[str, str, Environ, str]] = [
    ("long", "install r chart --namespace apps", NONE, "apps"),
    ("glued", "install r chart --namespace=apps --wait", NONE, "apps"),
    ("short", "-n apps upgrade r chart", NONE, "apps"),
    ("short and glued", "upgrade r chart -napps", NONE, "apps"),
    ("short with a sign", "upgrade r chart -n=apps", NONE, "apps"),
    ("the last one counts", "install r chart -n a --namespace b", NONE, "b"),
    ("the flag wins", "install r chart -n a", {"HELM_NAMESPACE": "b"}, "a"),
    ("by the environment", "install r chart", {"HELM_NAMESPACE": "b"}, "b"),
]
UNNAMED: list[tuple[str, str, Environ]] = [
    ("no flag", "install r chart", NONE),
    ("of something else", "install r chart --post-renderer x --post-renderer-args --namespace=a", NONE),
    ("of something else, two words", "install r chart --post-renderer-args -n --post-renderer-args a", NONE),
    ("a value", "install r chart --set --namespace=a", NONE),
    ("another flag", "install r chart --namespaces=a --no-hooks", NONE),
    ("no Helm", "", {"HELM_NAMESPACE": "b"}),
]


@pytest.mark.parametrize(("line", "environ", "name"), [row[1:] for row in NAMED], ids=[row[0] for row in NAMED])
def test_named(line: str, environ: Environ, name: str) -> None:
    assert helm_line.namespace(line.split(), environ) == name


@pytest.mark.parametrize(("line", "environ"), [row[1:] for row in UNNAMED], ids=[row[0] for row in UNNAMED])
def test_unnamed(line: str, environ: Environ) -> None:
    assert not helm_line.namespace(line.split(), environ)
