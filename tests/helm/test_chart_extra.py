"""`extraObjects`: further objects of the release, as they are or as texts with templates."""

import pytest

from tests.charts import CANARY, Document, Values, existing, refused, render, some
from tests.helms import Helm

MORE: Document = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "r-more"}}
OTHER = "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}-other\n"
TEXT = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-more\n"
OBJECTS: list[tuple[str, object]] = [
    ("a list of objects", [MORE]),
    ("a map of objects", {"any": MORE}),
    ("a list of texts", [TEXT]),
    ("a map of texts", {"any": TEXT}),
    ("two in a text", [f"---\n{TEXT}--- # the second\n{OTHER}"]),
    ("switched off", {"any": TEXT, "off": None, "empty": "{{ if false }}x{{ end }}"}),
]


@pytest.mark.parametrize(("name", "objects"), OBJECTS, ids=[row[0] for row in OBJECTS])
def test_extra_objects(helm: Helm, name: str, objects: object) -> None:
    """The templates of texts are filled in."""
    documents = render(helm, existing(extraObjects=objects))
    assert [each["metadata"]["name"] for each in some(documents, "ConfigMap", "-more")] == ["r-more"], name
    assert len(some(documents, "Service", "-other")) == (OTHER in str(objects).replace("\\n", "\n"))


def test_templates_of_others(helm: Helm) -> None:
    """An object keeps its own, which the External Secrets Operator fills in; it may have no target."""
    template = {"data": {"DATABASE_URL": "postgres://{{ .user }}:{{ .password }}@db/x"}}
    kind = {"apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret"}
    objects = [
        {**kind, "metadata": {"name": "a"}, "spec": {"target": {"template": template}}},
        {**kind, "metadata": {"name": "b"}, "spec": {"target": None}},
    ]
    found = some(render(helm, existing(extraObjects=objects)), "ExternalSecret")
    assert found[0]["spec"]["target"]["template"] == template
    assert [each["metadata"]["name"] for each in found] == ["a", "b"]


OBJECTS_REFUSED: list[tuple[str, Values, str]] = [
    (
        "a text with a Secret, and templates",
        existing(extraObjects=[MORE, f'apiVersion: v1\n"kind": Secret\nstringData:\n  a: "{CANARY}{{{{x"\n']),
        "extraObjects[1] is a text with a Secret and templates in it",
    ),
    ("no object", existing(extraObjects=[{"kind": "ConfigMap"}]), "extraObjects has an entry that is not an object"),
    (
        "our own Secret",
        {
            "heimdall": {"secretsFiles": ["f"]},
            "extraObjects": [{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "r-heimdall-secrets"}}],
        },
        "extraObjects makes the Secret r-heimdall-secrets, which the chart makes itself",
    ),
]


@pytest.mark.parametrize(
    ("values", "message"), [row[1:] for row in OBJECTS_REFUSED], ids=[row[0] for row in OBJECTS_REFUSED]
)
def test_extra_objects_refused(helm: Helm, values: Values, message: str) -> None:
    """One sentence each."""
    refused(helm, values, message)
