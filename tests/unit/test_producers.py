"""The objects that make Secrets: which keys each is known to bring, to lack, or may bring."""

import textwrap

import pytest

from post_renderer import pipeline
from post_renderer.model.settings import Settings
from post_renderer.producers import PRODUCERS
from post_renderer.producers.product import matches
from tests.unit.streams import SOUND, contract, encoded, output, rules_of, run, secret, workload

KEYS = tuple(SOUND)
ESO, SEALED, VSO, CSI = (
    "external-secrets.io/v1",
    "bitnami.com/v1alpha1",
    "secrets.hashicorp.com/v1beta1",
    "secrets-store.csi.x-k8s.io/v1",
)
STREAM = contract("existing", secret="made")
SEAL = "QUdCLi4u"
EVERY = "".join(f"  - {{secretKey: {key}, remoteRef: {{key: heimdall, property: {key}}}}}\n" for key in KEYS)
DATA = f"spec:\n  data:\n{EVERY}"
TEMPLATE = "".join(f"        {key}: '{{{{ .{key} }}}}'\n" for key in KEYS)
TEMPLATED = f"spec:\n  data:\n{EVERY}  target:\n    template:\n      data:\n{TEMPLATE}"
VAULT_TEMPLATES = "".join(f"        {key}: {{{{text: '{{{{{{{{ get .Secrets \"{key}\" }}}}}}}}'}}}}\n" for key in KEYS)
VAULT = "spec:\n  destination:\n    name: made\n    create: true\n"
TRANSFORMED = VAULT + "    transformation:\n      {}: ['{}']\n      templates:\n" + VAULT_TEMPLATES
MERGED = "spec:\n  target: {name: made, creationPolicy: Merge}\n"
ONE = "  data: [{secretKey: JWT_SECRET, remoteRef: {key: other, property: jwt}}]\n"
OBJECTS = "".join(f"    - {{key: {key}, objectName: {key}}}\n" for key in KEYS)
NAMED = ", ".join(f"{{objectName: {key}, secretPath: secret/data/heimdall, secretKey: {key}}}" for key in KEYS)
CLASS = (
    "spec:\n  provider: vault\n  parameters: {objects: '[" + NAMED + "]'}\n"
    "  secretObjects:\n  - secretName: made\n    type: Opaque\n    data:\n" + OBJECTS
)


def made(kind: str, spec: str, version: str = ESO, name: str = "made", namespace: str = "ns") -> str:
    """An object that makes Secrets."""
    return f"---\napiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}, namespace: {namespace}}}\n{spec}"


def sealed(**values: str) -> str:
    """The spec of a SealedSecret, with each of the four keys or what replaces its value."""
    lines = "".join(f"    {key}: {value}\n" for key, value in {**dict.fromkeys(KEYS, SEAL), **values}.items())
    return f"spec:\n  encryptedData:\n{lines}"


# Each brings all four; without ADMIN_PASSWORD it is refused, and the line of what lacks it is named.
PROVIDED = [
    ("external secret", made("ExternalSecret", DATA)),
    ("external secret, v1beta1", made("ExternalSecret", DATA, "external-secrets.io/v1beta1")),
    ("external secret, in flow style", made("ExternalSecret", DATA).replace("spec:", '"spec":')),
    ("external secret, target.name", made("ExternalSecret", DATA + "  target: {name: made}\n", name="other")),
    ("external secret, creationPolicy Orphan", made("ExternalSecret", DATA + "  target: {creationPolicy: Orphan}\n")),
    ("external secret, a template replaces", made("ExternalSecret", TEMPLATED + "  dataFrom: [{extract: {key: x}}]\n")),
    (
        "external secret, a template without data",
        made("ExternalSecret", DATA + "  target: {template: {type: Opaque}}\n"),
    ),
    (
        "external secret, a template of labels",
        made(
            "ExternalSecret",
            TEMPLATED
            + "      templateFrom: [{target: Labels, literal: 'a: b'}]\n"
            + "  dataFrom: [{extract: {key: x}}]\n",
        ),
    ),
    (
        "external secret, two parts merged",
        made(
            "ExternalSecret",
            DATA.replace("secretKey: JWT_SECRET", "secretKey: signing")
            + "  target: {template: {mergePolicy: Merge, data: {JWT_SECRET: '{{ .signing }}'}}}\n",
        ),
    ),
    (
        "external secret, templates in files",
        made(
            "ExternalSecret",
            "spec:\n  dataFrom: [{extract: {key: x}}]\n  target:\n    template:\n      templateFrom:\n"
            "      - configMap:\n          name: x\n          items:\n"
            + "".join(f"          - {{key: {key}}}\n" for key in KEYS),
        ),
    ),
    ("external secret, CreateOrMerge", made("ExternalSecret", DATA + "  target: {creationPolicy: CreateOrMerge}\n")),
    (
        "external secret, CreateOrMerge, and Merge beside it",
        made("ExternalSecret", DATA.replace("JWT_SECRET", "signing") + "  target: {creationPolicy: CreateOrMerge}\n")
        + made("ExternalSecret", MERGED + ONE, name="more"),
    ),
    (
        "cluster external secret, for named namespaces",
        made(
            "ClusterExternalSecret",
            "spec:\n  externalSecretName: made\n  namespaces: [other, ns]\n  externalSecretSpec:\n    data:\n"
            + textwrap.indent(EVERY, "  "),
            name="all",
            namespace="''",
        ),
    ),
    (
        "cluster external secret, for all namespaces, target.name",
        made(
            "ClusterExternalSecret",
            "spec:\n  namespaceSelectors: [{}]\n  externalSecretSpec:\n    target: {name: made}\n    data:\n"
            + textwrap.indent(EVERY, "  "),
            name="all",
        ),
    ),
    (
        "cluster external secret, for a namespace by its label",
        made(
            "ClusterExternalSecret",
            "spec:\n  namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ns}}\n  externalSecretSpec:\n"
            "    target: {name: made}\n    data:\n" + textwrap.indent(EVERY, "  "),
            name="all",
        ),
    ),
    ("sealed secret", made("SealedSecret", sealed(), SEALED)),
    (
        "sealed secret, another name in the template",
        made("SealedSecret", sealed() + "  template: {metadata: {name: x}}\n", SEALED),
    ),
    (
        "sealed secret, templates",
        made(
            "SealedSecret",
            sealed().replace("JWT_SECRET", "signing") + "  template: {data: {JWT_SECRET: '{{ .signing }}'}}\n",
            SEALED,
        ),
    ),
    (
        "vault, templates alone",
        made("VaultStaticSecret", TRANSFORMED.format("excludes", ".*"), VSO, "x"),
    ),
    (
        "vault, dynamic, templates and what is in Vault",
        made("VaultDynamicSecret", TRANSFORMED.format("includes", "^x$"), VSO, "x"),
    ),
    ("csi", made("SecretProviderClass", CLASS, CSI, "x")),
    ("csi, v1alpha1", made("SecretProviderClass", CLASS, "secrets-store.csi.x-k8s.io/v1alpha1", "x")),
]


@pytest.mark.parametrize("manifest", [row[1] for row in PROVIDED], ids=[row[0] for row in PROVIDED])
def test_provided(manifest: str) -> None:
    """The keys are said to come, never that they are ok; --strict puts up with it: no render can see the values."""
    for stream in (STREAM + manifest, manifest + STREAM):
        outcome = run(stream, Settings(strict=True))
        assert rules_of(outcome) == []
        assert rules_of(outcome, "note") == ["values-unseen"]
        assert output(outcome) == stream
        (judged,) = outcome.report.judged
        assert (judged.seen, bool(judged.provider)) == (False, True)
    lacking = "\n".join(line for line in manifest.split("\n") if "ADMIN_PASSWORD" not in line or "parameters" in line)
    outcome = run(STREAM + lacking)
    assert rules_of(outcome) == ["missing-key"]
    (finding,) = (each for each in outcome.report.findings if each.rule == "missing-key")
    assert "ADMIN_PASSWORD is missing" in finding.message
    assert str(finding.where).startswith(manifest.partition("kind: ")[2].partition("\n")[0])
    assert finding.where.line > STREAM.count("\n")
    assert "ADMIN_PASSWORD" in finding.expected + str(finding.fix)
    assert run(STREAM + lacking.replace("name: made", "name: elsewhere").replace("secretName: made", "secretName: y")
               .replace("externalSecretName: made", "externalSecretName: y")).report.ok  # fmt: skip  # one thing


FROM = "spec:\n  dataFrom: [{extract: {key: x}}]\n"
FILES = (
    "spec:\n  target: {template: {templateFrom: [{secret: {name: x, items: [{key: y, templateAs: KeysAndValues}]}}]}}\n"
)
PATTERNS = "    transformation: {includes: ['^(a+)+$'], excludes: ['[A-Z]_x']}\n"
OTHERS = "    transformation: {excludes: ['.*'], transformationRefs: [{name: x}]}\n"
UNKNOWN = [
    ("dataFrom", made("ExternalSecret", FROM), "spec.dataFrom"),
    ("dataFrom, find", made("ExternalSecret", "spec:\n  dataFrom: [{find: {name: {regexp: .*}}}]\n"), "spec.dataFrom"),
    (
        "dataFrom, merged",
        made("ExternalSecret", FROM + "  target: {template: {mergePolicy: Merge, data: {x: '{{ .y }}'}}}\n"),
        "spec.dataFrom",
    ),
    (
        "templateFrom a text",
        made("ExternalSecret", "spec:\n  target: {template: {templateFrom: [{literal: '{{ .x }}'}]}}\n"),
        "templateFrom",
    ),
    (
        "templateFrom a file of keys and values",
        made("ExternalSecret", FILES),
        "templateFrom",
    ),
    (
        "namespaces that labels choose",
        made(
            "ClusterExternalSecret",
            "spec:\n  namespaceSelectors: [{matchLabels: {team: x}}]\n  externalSecretSpec:\n    data:\n"
            + textwrap.indent(EVERY, "  "),
        ),
        "chooses namespaces by labels",
    ),
    (
        "two makers, one of which has all keys",
        made("ExternalSecret", DATA) + made("ExternalSecret", "spec:\n  target: {name: made}\n" + ONE, name="half"),
        "which of the objects makes the Secret is not known",
    ),
    ("a later version", made("ExternalSecret", DATA, "external-secrets.io/v3"), "apiVersion"),
    ("sealed in one text", made("SealedSecret", "spec:\n  data: QUdCLi4u\n", SEALED), "one sealed text"),
    ("vault", made("VaultStaticSecret", VAULT, VSO), "that are in Vault"),
    ("vault, a filter that is not read", made("VaultStaticSecret", VAULT + PATTERNS, VSO), "in Vault"),
    (
        "vault, templates of others",
        made("VaultStaticSecret", VAULT + OTHERS, VSO),
        "transformationRefs",
    ),
]


@pytest.mark.parametrize(("manifest", "reason"), [row[1:] for row in UNKNOWN], ids=[row[0] for row in UNKNOWN])
def test_not_to_be_known(manifest: str, reason: str) -> None:
    """Not checked here, never ok; with --strict an error."""
    outcome = run(STREAM + manifest)
    (note,) = (each for each in outcome.report.findings if each.rule != "two-makers")
    assert (note.severity, note.rule) == ("note", "not-checked")
    assert "not checked here" in note.message
    assert reason in note.message
    (judged,) = outcome.report.judged
    assert (judged.seen, judged.provider) == (False, "")
    assert "not-checked" in rules_of(run(STREAM + manifest, Settings(strict=True)))


REFUSED = [
    ("nothing at all", made("ExternalSecret", "spec: {}\n"), ["missing-key"] * 4),
    (
        "manifests of another kind",
        made("ExternalSecret", DATA + "  target: {manifest: {apiVersion: v1, kind: ConfigMap}}\n"),
        [],
    ),
    (
        "a template that leaves keys out",
        made("ExternalSecret", DATA + "  target: {template: {data: {JWT_SECRET: '{{ .JWT_SECRET }}'}}}\n"),
        ["missing-key"] * 3,
    ),
    (
        "a template that is empty",
        made("ExternalSecret", TEMPLATED.replace("'{{ .JWT_SECRET }}'", "''")),
        ["missing-key"],
    ),
    (
        "a legacy name",
        made("ExternalSecret", DATA.replace("secretKey: JWT_SECRET", "secretKey: jwtSecret")),
        ["missing-key"],
    ),
    ("sealed: a placeholder", made("SealedSecret", sealed(JWT_SECRET="<kubeseal>"), SEALED), ["not-sealed"]),
    (
        "sealed: dropped by the template",
        made("SealedSecret", sealed() + "  template: {data: {JWT_SECRET: null}}\n", SEALED),
        ["missing-key"],
    ),
    (
        "vault: filtered out",
        made("VaultStaticSecret", VAULT + "    transformation: {excludes: [^JWT]}\n", VSO),
        ["missing-key"],
    ),
    (
        "vault: not let in",
        made("VaultStaticSecret", VAULT + "    transformation: {includes: [_SECRET$]}\n", VSO),
        ["missing-key"] * 2,
    ),
    (
        "csi: no keys",
        made("SecretProviderClass", "spec: {secretObjects: [{secretName: made, type: Opaque, data: []}]}\n", CSI),
        ["missing-key"] * 4,
    ),
]


@pytest.mark.parametrize(("manifest", "expected"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(manifest: str, expected: list[str]) -> None:
    outcome = run(STREAM + manifest)
    assert rules_of(outcome) == expected
    assert all(str(finding.where) and finding.expected and finding.fix for finding in outcome.report.findings)


MOUNT = (
    "      volumes:\n      - name: s\n        csi:\n          driver: secrets-store.csi.k8s.io\n"
    "          volumeAttributes: {secretProviderClass: made}\n"
)
WARNED = [
    (
        "a value in plaintext",
        made("ExternalSecret", TEMPLATED.replace("'{{ .JWT_SECRET }}'", "hunter2")),
        ["clear-value"],
    ),
    ("two that make it", made("ExternalSecret", DATA) + made("SealedSecret", sealed(), SEALED), ["two-makers"]),
    ("a near miss", made("ExternalSecret", DATA + "  - {secretKey: LDAP_PASWORD}\n"), ["near-miss"]),
    ("csi: not mounted", made("SecretProviderClass", CLASS, CSI) + workload("made"), ["not-mounted"]),
    (
        "a template of what dataFrom may bring",
        made(
            "ExternalSecret",
            TEMPLATED.replace("{{ .JWT_SECRET }}", "{{ .JWT }}") + "  dataFrom: [{extract: {key: x}}]\n",
        ),
        [],
    ),
    ("csi: mounted", made("SecretProviderClass", CLASS, CSI) + workload("made") + MOUNT, []),
    ("csi: a pod that needs nothing of it", made("SecretProviderClass", CLASS, CSI) + workload("other"), []),
]


@pytest.mark.parametrize(("manifest", "expected"), [row[1:] for row in WARNED], ids=[row[0] for row in WARNED])
def test_warned(manifest: str, expected: list[str]) -> None:
    outcome = run(STREAM + manifest)
    assert rules_of(outcome) == []
    assert rules_of(outcome, "warning") == expected
    assert "hunter2" not in repr(outcome.report)


LEFT_ALONE = [
    ("of another name", made("ExternalSecret", DATA, name="other")),
    ("of another's group", made("ExternalSecret", DATA, "kubernetes-client.io/v1")),
    ("of another's group that starts alike", made("SealedSecret", sealed(), "bitnami.com.example.org/v1")),
    ("without a spec", made("SealedSecret", "", SEALED)),
    ("a spec that is none", made("VaultStaticSecret", "spec: [destination]\n", VSO)),
    ("with a spec of other shapes", made("SecretProviderClass", "spec: {secretObjects: {made: x}}\n", CSI)),
]


@pytest.mark.parametrize("manifest", [row[1] for row in LEFT_ALONE], ids=[row[0] for row in LEFT_ALONE])
def test_leaves_alone(manifest: str) -> None:
    outcome = run(STREAM + manifest)
    assert [finding.message for finding in outcome.report.findings] == [
        "Secret ns/made: not checked here; it is not in the stream"
    ]
    assert output(outcome) == STREAM + manifest


def test_a_secret_in_the_stream_is_checked_itself() -> None:
    """And a note says that two make it."""
    outcome = run(STREAM + made("ExternalSecret", "spec: {}\n") + secret(SOUND, "made", "stringData"))
    assert (rules_of(outcome), rules_of(outcome, "warning")) == ([], ["two-makers"])
    assert outcome.report.judged[0].seen
    merging = "spec:\n  target: {creationPolicy: Merge}\n"
    outcome = run(STREAM + made("ExternalSecret", merging) + secret(SOUND, "made", "stringData"))
    assert rules_of(outcome, "warning") == [], "one that only adds to it is no second maker"


def test_the_name_of_an_unknown_key_is_not_shown() -> None:
    for spec in (sealed(hunter2canary="x"), sealed() + "  template: {data: {hunter2canary: ''}}\n"):
        assert "hunter2" not in repr(run(STREAM + made("SealedSecret", spec, SEALED)).report)


@pytest.mark.parametrize(("kind", "group"), [(kind, group) for kind, (group, _) in PRODUCERS.items()])
def test_each_kind_is_read(kind: str, group: str) -> None:
    """Its documents are found by their bytes, and its module is there; one of another group makes nothing."""
    stream = (
        OTHERS
        + STREAM
        + made(kind, "spec: {target: {name: made}, destination: {name: made, create: true}}\n", f"{group}/v1")
    )
    assert any(resource.kind == kind for resource in pipeline.plan(stream.encode(), Settings()).objects.resources)
    other = stream.replace(group, "example.com")
    assert rules_of(run(other), "note") == ["not-checked"]


CLUSTER = "postgresql.cnpg.io/v1"
KEYED = contract("existing", sources="DATABASE_PASSWORD=pg-app/{}") + secret(encoded(SOUND))
DATABASES = [
    ("its application's user", "spec: {instances: 3}\n", "password", ["values-unseen"]),
    ("a key that it may have", "spec: {instances: 3}\n", "other", ["not-checked"]),
    (
        "a copy that stays one",
        "spec: {bootstrap: {recovery: {}}, replica: {enabled: true}}\n",
        "password",
        ["not-checked"],
    ),
    ("a copy that becomes its own", "spec: {bootstrap: {recovery: {}}}\n", "password", ["values-unseen"]),
    (
        "an import of whole users",
        "spec: {bootstrap: {initdb: {import: {type: monolith}}}}\n",
        "password",
        ["not-checked"],
    ),
    (
        "a Secret that a copy names",
        "spec: {bootstrap: {recovery: {secret: {name: mine}}}}\n",
        "password",
        ["not-checked"],
    ),
    (
        "a Secret that the user names",
        "spec: {bootstrap: {initdb: {secret: {name: mine}}}}\n",
        "password",
        ["not-checked"],
    ),
]


@pytest.mark.parametrize(("spec", "key", "notes"), [row[1:] for row in DATABASES], ids=[row[0] for row in DATABASES])
def test_a_database_makes_a_secret(spec: str, key: str, notes: list[str]) -> None:
    stream = KEYED.format(key) + made("Cluster", spec, CLUSTER, name="pg")
    outcome = run(stream)
    assert (rules_of(outcome), rules_of(outcome, "note")) == ([], notes)
    (finding,) = outcome.report.findings
    assert ("Cluster ns/pg" in finding.message) == (notes != ["not-checked"] or key == "other")


ISSUED = [
    ("what Vault answers", VAULT, "private_key", ["values-unseen"]),
    ("of the type tls", VAULT + "    type: kubernetes.io/tls\n", "tls.key", ["values-unseen"]),
    ("not of the type tls", VAULT, "tls.key", []),
    ("a key of its own", VAULT, "JWT_SECRET", []),
]


@pytest.mark.parametrize(("spec", "key", "notes"), [row[1:] for row in ISSUED], ids=[row[0] for row in ISSUED])
def test_vaults_certificates(spec: str, key: str, notes: list[str]) -> None:
    """A VaultPKISecret brings what Vault issues, and nothing else."""
    stream = contract("existing", sources=f"DATABASE_PASSWORD=made/{key}") + secret(encoded(SOUND))
    outcome = run(stream + made("VaultPKISecret", spec, VSO))
    assert (rules_of(outcome), rules_of(outcome, "note")) == ([] if notes else ["missing-key"], notes)


MATCHES = [
    ("JWT_SECRET", "JWT_SECRET", True),
    ("SECRET", "JWT_SECRET", True),
    ("^SECRET", "JWT_SECRET", False),
    ("SECRET$", "JWT_SECRET", True),
    ("^JWT_SECRET$", "JWT_SECRETS", False),
    (".*", "JWT_SECRET", True),
    ("^.+$", "JWT_SECRET", True),
    ("", "JWT_SECRET", True),
    ("^(a+)+$", "a" * 50 + "!", None),
    ("[", "JWT_SECRET", None),
]


@pytest.mark.parametrize(("pattern", "key", "expected"), MATCHES)
def test_matches(pattern: str, key: str, expected: bool | None) -> None:
    assert matches(pattern, key) is expected
