"""The rules about objects that make Secrets: each fires, and its near misses do not.

What is expected was held against the operators: the modules of post_renderer/producers/ name their sources.
"""

import textwrap

import pytest

from post_renderer.model.facts import LiveFact
from post_renderer.model.settings import Settings
from post_renderer.producers import mounted_files, templates
from tests.unit.streams import SOUND, contract, output, rules_of, run, secret, workload
from tests.unit.test_producers import CSI, DATA, EVERY, KEYS, SEALED, STREAM, VAULT, VSO, made, sealed

FIRST = "{secretKey: JWT_SECRET, remoteRef: {key: heimdall, property: JWT_SECRET}}"
TARGET = "  target: {template: {data: {JWT_SECRET: '{{ .JWT_SECRET }}'}, mergePolicy: Merge}}\n"
ONE_SOURCE = DATA.replace("property: API_KEY_SECRET", "property: JWT_SECRET")
OTHER_KEY = "spec:\n  data: [{secretKey: LDAP_PASSWORD, remoteRef: {key: heimdall, property: x}}]\n"
GENERATED = "  dataFrom: [{sourceRef: {generatorRef: {kind: Password, name: x}}}]\n"


def external(spec: str = DATA, name: str = "made", namespace: str = "ns") -> str:
    """An ExternalSecret."""
    return made("ExternalSecret", spec, name=name, namespace=namespace)


def templated(template: str, data: str = DATA) -> str:
    """An ExternalSecret that makes JWT_SECRET by a template."""
    return external(data + TARGET.replace("{{ .JWT_SECRET }}", template.replace("'", "''")))


def replaced(entry: str, everything: str = DATA) -> str:
    """An ExternalSecret with another entry for JWT_SECRET."""
    assert FIRST in everything
    return external(everything.replace(FIRST, entry))


def vault(template: str, key: str = "JWT_SECRET") -> str:
    """A VaultStaticSecret with a template."""
    text = template.replace("'", "''")
    return made("VaultStaticSecret", f"{VAULT}    transformation: {{templates: {{{key}: {{text: '{text}'}}}}}}\n", VSO)


def files(provider: str, parameters: str, name: str, extra: str = "    type: Opaque\n") -> str:
    """A SecretProviderClass that takes all four keys from one file."""
    data = "".join(f"    - {{key: {key}, objectName: {name}}}\n" for key in KEYS)
    return made(
        "SecretProviderClass",
        f"spec:\n  provider: {provider}\n  parameters:\n{textwrap.indent(parameters, '    ')}"
        f"  secretObjects:\n  - secretName: made\n{extra}    data:\n{data}",
        CSI,
    )


def cluster(selection: str, name: str = "made") -> str:
    """A ClusterExternalSecret for some namespaces."""
    data = textwrap.indent(EVERY, "  ")
    return made("ClusterExternalSecret", f"spec:\n{selection}  externalSecretSpec:\n    data:\n{data}", name=name)


AWS = "objects: |\n  - {objectName: a/b, objectType: secretsmanager, objectAlias: 'x/y'}\n"
AZURE = "objects: |\n  array:\n    - |\n      objectName: secret-1\n      objectType: secret\n"
BROKEN = "objects: |\n  array:\n    - objectName: secret-1\n"
HISTORY = "objects: |\n  array:\n    - |\n      objectName: s\n      objectVersionHistory: 3\n"
JMES = "objects: |\n  - {objectName: a, jmesPath: [{path: x, objectAlias: y}]}\n"
TLS = "    type: kubernetes.io/tls\n"

SAME = ["same-source"] * 3  # all four keys from one file

# name, manifest, errors, warnings
RULES = [
    # no-maker
    ("merge into nothing", external(DATA + "  target: {creationPolicy: Merge}\n"), ["no-maker"], []),
    ("policy None", external(DATA + "  target: {creationPolicy: None}\n"), ["no-maker"], []),
    ("policy Orphan", external(DATA + "  target: {creationPolicy: Orphan}\n"), [], []),
    ("an unknown policy", external(DATA + "  target: {creationPolicy: merge}\n"), ["makes-no-secret"], []),
    ("CreateOrMerge", external(DATA + "  target: {creationPolicy: CreateOrMerge}\n"), [], []),
    ("vault without create", made("VaultStaticSecret", VAULT.replace("    create: true\n", ""), VSO), ["no-maker"], []),
    ("vault, create: false", made("VaultStaticSecret", VAULT.replace("true", "false"), VSO), ["no-maker"], []),
    ("vault, create is a text", made("VaultStaticSecret", VAULT.replace("true", "'true'"), VSO), ["no-maker"], []),
    ("vault, create: True", made("VaultStaticSecret", VAULT.replace("true", "True"), VSO), [], []),
    ("selects no namespace", cluster(""), ["no-maker"], []),
    ("selects all namespaces", cluster("  namespaceSelectors: [{}]\n"), [], []),
    # two-makers
    (
        "Owner and Merge, half of the keys each",
        external("spec:\n  data:\n" + "".join(EVERY.splitlines(keepends=True)[:2]))
        + external("spec:\n  target: {name: made, creationPolicy: Merge}\n  data:\n"
                   + "".join(EVERY.splitlines(keepends=True)[2:]), "more"),
        ["missing-key"] * 2,
        ["two-makers"],
    ),
    (
        "two Owners, half of the keys each",
        external("spec:\n  data:\n" + "".join(EVERY.splitlines(keepends=True)[:2]))
        + external("spec:\n  target: {name: made}\n  data:\n" + "".join(EVERY.splitlines(keepends=True)[2:]), "more"),
        ["missing-key"] * 2,
        ["two-makers"],
    ),
    (
        "Owner with all keys, and Merge",
        external() + external("spec:\n  target: {name: made, creationPolicy: Merge}\n  data: []\n", "more"),
        [],
        ["two-makers"],
    ),
    (
        "CreateOrMerge and Merge, half of the keys each",
        external("spec:\n  target: {creationPolicy: CreateOrMerge}\n  data:\n"
                 + "".join(EVERY.splitlines(keepends=True)[:2]))
        + external("spec:\n  target: {name: made, creationPolicy: Merge}\n  data:\n"
                   + "".join(EVERY.splitlines(keepends=True)[2:]), "more"),
        [],
        [],
    ),
    ("two Owners of two Secrets", external() + external(name="more"), [], []),
    # generators
    (
        "a generator in data",
        replaced("{secretKey: JWT_SECRET, sourceRef: {generatorRef: {kind: Password, name: x}}}"),
        ["generator-in-data"],
        [],
    ),
    (
        "another store in data",
        replaced("{secretKey: JWT_SECRET, remoteRef: {key: x}, sourceRef: {storeRef: {name: x}}}"),
        [],
        [],
    ),
    ("a generator that refreshes", external(DATA + GENERATED), [], ["generator-refreshes"]),
    ("an interval", external(DATA + GENERATED + "  refreshInterval: 10m\n"), [], ["generator-refreshes"]),
    ("on each change", external(DATA + GENERATED + "  refreshPolicy: OnChange\n"), [], ["generator-refreshes"]),
    ("created once", external(DATA + GENERATED + "  refreshPolicy: CreatedOnce\n"), [], []),
    ("no interval", external(DATA + GENERATED + "  refreshInterval: 0s\n"), [], []),
    ("no interval, the number", external(DATA + GENERATED + "  refreshInterval: '0'\n"), [], []),
    ("no interval, written out", external(DATA + GENERATED + "  refreshInterval: 0h0m0s\n"), [], []),
    ("a token that has to be renewed", external(DATA + GENERATED.replace("Password", "ECRAuthorizationToken")), [], []),
    # decoded
    (
        "decodingStrategy Auto",
        replaced("{secretKey: JWT_SECRET, remoteRef: {key: x, decodingStrategy: Auto}}"),
        [],
        ["decoded"],
    ),
    ("decoding Base64", replaced("{secretKey: JWT_SECRET, remoteRef: {key: x, decodingStrategy: Base64}}"), [], []),
    (
        "Auto for a key that is not required",
        external(DATA + "  - {secretKey: x, remoteRef: {key: x, decodingStrategy: Auto}}\n"),
        [],
        [],
    ),
    (
        "Auto for all",
        external(DATA + "  dataFrom: [{extract: {key: x, decodingStrategy: Auto}}]\n"),
        [],
        ["decoded"],
    ),
    # same-source
    ("one property for two", replaced(FIRST.replace("property: JWT", "property: API_KEY")), [], ["same-source"]),
    ("no property", external(DATA.replace(", property: JWT_SECRET", "").replace(", property: API_KEY_SECRET", "")), [],
     ["same-source"]),
    (
        "no property for any",
        external("spec:\n  data:\n" + "".join(f"  - {{secretKey: {key}, remoteRef: {{key: a}}}}\n" for key in KEYS)),
        [],
        ["same-source"] * 3,
    ),
    (
        "a secret for each",
        external("spec:\n  data:\n" + "".join(f"  - {{secretKey: {it}, remoteRef: {{key: {it}}}}}\n" for it in KEYS)),
        [],
        [],
    ),
    (
        "a version for each",
        replaced("{secretKey: JWT_SECRET, remoteRef: {key: heimdall, property: API_KEY_SECRET, version: v2}}"),
        [],
        [],
    ),
    ("an alias", external(DATA + f"  - {FIRST.replace('secretKey: JWT_SECRET', 'secretKey: jwt')}\n"), [], []),
    ("one template for two", external(DATA + TARGET.replace("JWT_SECRET: '", "API_KEY_SECRET: '{{ .JWT_SECRET }}', "
     "JWT_SECRET: '")), [], ["same-source"]),
    ("a template for each", external(DATA + TARGET.replace("JWT_SECRET: '", "API_KEY_SECRET: '{{ .API_KEY_SECRET }}', "
     "JWT_SECRET: '")), [], []),
    ("a template and its alias", external(DATA + TARGET.replace("JWT_SECRET: '", "jwt: '{{ .JWT_SECRET }}', "
     "JWT_SECRET: '")), [], []),
    # key-twice
    ("a key twice", external(DATA + f"  - {FIRST.replace('heimdall', 'other')}\n"), [], ["key-twice"]),
    ("another key twice", external(DATA + "  - {secretKey: x}\n  - {secretKey: x}\n"), [], []),
    ("a key that dataFrom may bring", external(DATA + "  dataFrom: [{extract: {key: x}}]\n"), [], []),
    # templates of the External Secrets Operator
    ("a template", templated("{{ .JWT_SECRET }}"), [], []),
    ("not fetched", templated("{{ .JWT }}"), ["unfetched"], []),
    ("not fetched, in a function", templated("{{ trim .JWT }}"), ["unfetched"], []),
    ("not fetched, in a pipeline", templated('{{ printf "%s" (.JWT | trim) | upper }}'), ["unfetched"], []),
    ("not fetched, of the root", templated("{{ $.JWT }}"), ["unfetched"], []),
    ("not fetched, by index", templated('{{ index . "JWT" }}'), ["unfetched"], []),
    ("not fetched, by index in a function", templated('{{ trim (index $ "JWT") }}'), ["unfetched"], []),
    ("not fetched, if it is there", templated('{{ if index . "JWT" }}{{ .JWT }}{{ end }}'), [], ["unfetched"]),
    ("not fetched, with a default", templated('{{ index . "JWT" | default .JWT_SECRET }}'), [], []),
    ("fetched, by index", templated('{{ index . "JWT_SECRET" }}'), [], []),
    ("fetched, trimmed", templated("{{- trim .JWT_SECRET -}}"), [], []),
    ("of a variable", templated("{{ $x := fromJson .JWT_SECRET }}{{ $x.a.b }}{{ (fromJson .JWT_SECRET).c }}"), [], []),
    ("in a text and a comment", templated('{{/* .JWT */}}{{ print .JWT_SECRET ".JWT" }}'), [], []),
    ("in a loop", templated("{{ range fromJson .JWT_SECRET }}{{ .x }}{{ end }}"), [], []),
    ("not fetched, for a key that is not required", external(DATA + "  target: {template: {mergePolicy: Merge, data: "
     "{x: '{{ .JWT }}'}}}\n"), ["unfetched"], []),
    ("a template of nothing", external("spec:\n  target: {template: {data: {JWT_SECRET: '{{ now }}'}}}\n"),
     ["missing-key"] * 3 + ["makes-no-secret"], []),
    # what templates add
    ("a line break", external(DATA + "  target:\n    template:\n      mergePolicy: Merge\n      data:\n"
     "        JWT_SECRET: |\n          {{ .JWT_SECRET }}\n"), [], ["trailing-newline"]),
    ("a line break that is trimmed", external(DATA + "  target:\n    template:\n      mergePolicy: Merge\n      data:\n"
     "        JWT_SECRET: |\n          {{ .JWT_SECRET -}}\n"), [], []),
    ("a block without a line break", external(DATA + "  target:\n    template:\n      mergePolicy: Merge\n      data:\n"
     "        JWT_SECRET: |-\n          {{ .JWT_SECRET }}\n"), [], []),
    ("a line break in another key", external(DATA + "  target:\n    template:\n      mergePolicy: Merge\n      data:\n"
     "        x: |\n          {{ .JWT_SECRET }}\n"), [], []),
    ("encoded", templated("{{ .JWT_SECRET | b64enc }}"), [], ["double-base64"]),
    ("encoded, the function first", templated("{{ b64enc .JWT_SECRET }}"), [], ["double-base64"]),
    ("decoded", templated("{{ .JWT_SECRET | b64dec }}"), [], []),
    ("decoded and encoded", templated("{{ .JWT_SECRET | b64dec | b64enc }}"), [], []),
    ("a part that is encoded", templated("x:{{ .JWT_SECRET | b64enc }}"), [], []),
    ("quoted", templated("{{ .JWT_SECRET | quote }}"), [], ["template-quotes"]),
    ("in written quotes", templated('"{{ .JWT_SECRET }}"'), [], ["template-quotes"]),
    ("in a JSON text", templated('{"a": "{{ .JWT_SECRET }}"}'), [], []),
    # wrong-type
    ("type tls", external(DATA + "  target: {template: {type: kubernetes.io/tls}}\n"), ["wrong-type"], []),
    ("basic-auth", external(DATA + "  target: {template: {type: kubernetes.io/basic-auth}}\n"), ["wrong-type"], []),
    ("a type of one's own", external(DATA + "  target: {template: {type: example.com/heimdall}}\n"), [], []),
    ("type basic-auth with its key", external(DATA + "  - {secretKey: password, remoteRef: {key: x}}\n"
     "  target: {template: {type: kubernetes.io/basic-auth}}\n"), [], []),
    ("type tls, keys that may come", external(DATA + "  dataFrom: [{extract: {key: x}}]\n"
     "  target: {template: {type: kubernetes.io/tls}}\n"), [], []),
    ("sealed, type tls", made("SealedSecret", sealed() + "  template: {type: kubernetes.io/tls}\n", SEALED),
     ["wrong-type"], []),
    # sealed secrets
    ("sealed, a template of what is not sealed", made("SealedSecret", sealed()
     + "  template: {data: {JWT_SECRET: '{{ .JWT }}'}}\n", SEALED), ["unfetched"], []),
    ("sealed, an empty template over what is sealed", made("SealedSecret", sealed()
     + "  template: {data: {JWT_SECRET: ''}}\n", SEALED), ["missing-key"], []),
    ("sealed, a template", made("SealedSecret", sealed() + "  template: {data: {JWT_SECRET: 'x{{ .JWT_SECRET }}'}}\n",
     SEALED), [], []),
    # vault
    ("vault, an empty template", vault(""), ["missing-key"], []),
    ("vault, plaintext", vault("hunter2"), [], ["clear-value"]),
    ("vault, a template without a text", made("VaultStaticSecret", VAULT + "    transformation: {templates: "
     "{JWT_SECRET: {}}}\n", VSO), ["missing-key"], []),
    ("vault, not of .Secrets", vault("{{ .JWT_SECRET }}"), ["unfetched"], []),
    ("vault, of .Secrets", vault('{{ get .Secrets "JWT_SECRET" }}'), [], []),
    ("vault, a field of .Secrets", vault("{{- .Secrets.JWT_SECRET -}}"), [], []),
    ("vault, as scaffold writes it", vault('{{ if get .Secrets "A" }}{{ get .Secrets "A" }}{{ else }}{{ fail "A is not '
     'in Vault" }}{{ end }}'), [], []),
    # the files of a SecretProviderClass
    ("aws, the alias", files("aws", AWS, "x_y"), [], SAME),
    ("aws, the name beside an alias", files("aws", AWS, "a_b"), ["unknown-object"] * 4, SAME),
    ("aws, a slash", files("aws", AWS, "x/y"), ["unknown-object"] * 4, SAME),
    ("aws, a slash, not translated", files("aws", AWS + "pathTranslation: 'False'\n", "x/y"), [], SAME),
    ("aws, by jmesPath", files("aws", JMES, "y"), [], SAME),
    ("azure, the name", files("azure", AZURE, "secret-1"), [], SAME),
    ("azure, a part of the name", files("azure", AZURE, "secret"), ["unknown-object"] * 4, SAME),
    ("azure, an alias", files("azure", AZURE + "      objectAlias: JWT\n", "JWT"), [], SAME),
    ("azure, the name beside an alias", files("azure", AZURE + "      objectAlias: JWT\n", "secret-1"),
     ["unknown-object"] * 4, SAME),
    ("azure, objects that are no texts", files("azure", BROKEN, "secret-1"), ["makes-no-secret"], SAME),
    ("azure, a version", files("azure", HISTORY, "s/2"), [], SAME),
    ("azure, no version", files("azure", HISTORY, "s"), ["unknown-object"] * 4, SAME),
    ("gcp, the path", files("gcp", "secrets: |\n  - {resourceName: projects/p/secrets/a/versions/1, path: b}\n", "b"),
     [], SAME),
    ("gcp, the old name", files("gcp", "secrets: |\n  - {resourceName: a, fileName: b}\n", "b"), [], SAME),
    ("gcp, name", files("gcp", "secrets: |\n  - {resourceName: a, path: b}\n", "a"), ["unknown-object"] * 4, SAME),
    ("vault, the name", files("vault", "objects: '[{objectName: a, secretKey: b}]'\n", "a"), [], SAME),
    ("vault, key", files("vault", "objects: '[{objectName: a, secretKey: b}]'\n", "b"), ["unknown-object"] * 4, SAME),
    ("vault, no list", files("vault", "objects: 'objectName: a'\n", "a"), ["makes-no-secret"], SAME),
    ("vault, no YAML", files("vault", "objects: '[{'\n", "a"), ["makes-no-secret"], SAME),
    ("another provider", files("conjur", "secrets: 'a: x/y'\n", "a"), [], SAME),
    ("another provider, not named", files("conjur", "secrets: 'a: x/y'\n", "b"), [], ["unknown-object"] * 4 + SAME),
    ("no type", files("aws", AWS, "x_y", ""), ["makes-no-secret"], SAME),
    ("an empty type", files("aws", AWS, "x_y", "    type: ' '\n"), ["makes-no-secret"], SAME),
    ("type tls for other keys", files("aws", AWS, "x_y", TLS), ["wrong-type"], SAME),
]  # fmt: skip  # a row a case


@pytest.mark.parametrize(("manifest", "errors", "warnings"), [row[1:] for row in RULES], ids=[row[0] for row in RULES])
def test_rule(manifest: str, errors: list[str], warnings: list[str]) -> None:
    outcome = run(STREAM + manifest)
    assert (rules_of(outcome), rules_of(outcome, "warning")) == (errors, warnings)
    assert all(each.where.line and each.expected and each.fix for each in outcome.report.findings)
    assert "hunter2" not in repr(outcome.report)
    (judged,) = outcome.report.judged
    assert not judged.seen
    assert not (errors and judged.provider)


def pod(name: str) -> str:
    """A pod that takes JWT_SECRET from a Secret."""
    return workload(name)


# name, namespace and name of the object that makes a Secret, manifests beside it, whether it is named
NEAR = [
    ("in another namespace", "other", "heimdall-secrets", "", True),
    ("of another number", "ns", "heimdall-secret", "", True),
    ("one word more", "ns", "heimdall-production-secrets", "", True),
    ("one word less", "ns", "heimdall", "", True),
    ("another word", "ns", "heimdall-credentials", "", True),
    ("two words off", "ns", "production-credentials", "", False),
    ("another word, in another namespace", "other", "heimdall-credentials", "", False),
    ("taken by another pod", "ns", "heimdall-secret", pod("heimdall-secret"), False),
    ("not of the keys", "ns", "heimdall-tls", "", False),
]


@pytest.mark.parametrize(
    ("namespace", "name", "beside", "named"), [row[1:] for row in NEAR], ids=[row[0] for row in NEAR]
)
def test_a_secret_of_almost_that_name(namespace: str, name: str, beside: str, named: bool) -> None:
    spec = "spec:\n  data: [{secretKey: tls.crt}]\n" if name == "heimdall-tls" else DATA
    needed = contract("existing", secret="heimdall-secrets")
    outcome = run(needed + external(spec, name, namespace) + beside)
    assert rules_of(outcome, "warning") == ["near-secret"] * named
    assert rules_of(outcome, "note") == ["unused-contract"] * bool(beside) + ["not-checked"]
    if named:
        (finding,) = (each for each in outcome.report.findings if each.rule == "near-secret")
        assert f"ExternalSecret {namespace}/{name} makes Secret {namespace}/{name}" in finding.message
        assert rules_of(run(needed + external(spec, name, namespace) + beside, Settings(strict=True)))


def test_a_namespace_that_is_not_known() -> None:
    """A note, since the object may be in the release's namespace."""
    unknown = contract("existing", secret="made").replace("  namespace: ns\n", "")
    outcome = run(unknown + external())
    assert (rules_of(outcome, "warning"), rules_of(outcome, "note")) == ([], ["not-checked", "near-secret"])
    known = run(unknown + external(), Settings(namespace="ns"))
    assert rules_of(known, "note") == ["values-unseen"]


def test_namespaces_that_are_named_are_not_all() -> None:
    outcome = run(STREAM + cluster("  namespaces: [other]\n"))
    assert (rules_of(outcome), rules_of(outcome, "warning")) == ([], ["near-secret"])
    assert rules_of(run(STREAM + cluster("  namespaces: [other, ns]\n")), "warning") == []
    expression = "{key: kubernetes.io/metadata.name, operator: In, values: [a, ns]}"
    for operator, notes in (("In", ["values-unseen"]), ("NotIn", ["not-checked"])):
        selector = f"  namespaceSelector: {{matchExpressions: [{expression.replace('In,', operator + ',')}]}}\n"
        assert rules_of(run(STREAM + cluster(selector)), "note") == notes


def test_the_note_is_at_the_first_of_those_that_make_it_together() -> None:
    entries = EVERY.splitlines(keepends=True)
    first = external("spec:\n  target: {creationPolicy: CreateOrMerge}\n  data:\n" + "".join(entries[:2]))
    second = external(MERGING.partition("  data:")[0] + "  data:\n" + "".join(entries[2:]), "more")
    (note,) = (each for each in run(STREAM + first + second).report.findings if each.rule == "values-unseen")
    assert note.where.what == "ExternalSecret ns/made"


LACKING = {key: value for key, value in SOUND.items() if key != "JWT_SECRET"}


def annotated(annotation: str, values: dict[str, str] = LACKING) -> str:
    """A Secret of the stream with an annotation."""
    return secret(values, "made", "stringData").replace("metadata:\n", f"metadata:\n  annotations:\n    {annotation}\n")


KEPT = secret(LACKING, "made", "stringData")
MERGING = (
    "spec:\n  target: {name: made, creationPolicy: Merge}\n  data: [{secretKey: JWT_SECRET, remoteRef: {key: x}}]\n"
)
# name, the Secret and what is beside it, who fills it: empty if nobody does
FILLED = [
    ("by Merge", KEPT + external(MERGING, "x"), "ExternalSecret ns/x"),
    ("by CreateOrMerge", KEPT + external(MERGING.replace("Merge", "CreateOrMerge"), "x"), "ExternalSecret ns/x"),
    ("by Vault", KEPT + made("VaultStaticSecret", VAULT.replace("    create: true\n", ""), VSO, "x"),
     "VaultStaticSecret ns/x"),
    ("by Vault, which takes it over", KEPT + made("VaultStaticSecret", VAULT + "    overwrite: true\n", VSO, "x"),
     "VaultStaticSecret ns/x"),
    ("by Sealed Secrets", annotated("sealedsecrets.bitnami.com/managed: 'true'"), "Sealed Secrets"),
    ("by Sealed Secrets, patched", annotated("sealedsecrets.bitnami.com/patch: 'true'"), "Sealed Secrets"),
    ("by a SealedSecret",
     annotated("sealedsecrets.bitnami.com/managed: 'true'") + made("SealedSecret", sealed(), SEALED),
     "SealedSecret ns/made"),
    ("by Reflector", annotated("reflector.v1.k8s.emberstack.com/reflects: other/source"), "Reflector"),
    ("by Kubernetes Replicator", annotated("replicator.v1.mittwald.de/replicate-from: other/source"),
     "Kubernetes Replicator"),
    ("by Kubernetes Secret Generator", annotated("secret-generator.v1.mittwald.de/autogenerate: A, JWT_SECRET"),
     "Kubernetes Secret Generator"),
    ("by Internal Secrets Operator", annotated("iso.gtrfc.com/autogenerate: JWT_SECRET"), "Internal Secrets Operator"),
    ("by its replication", annotated("iso.gtrfc.com/replicate-from: a/b"), "Internal Secrets Operator"),
    ("an empty value", annotated("replicator.v1.mittwald.de/replicate-from: a/b", {**SOUND, "JWT_SECRET": ""}),
     "Kubernetes Replicator"),
    ("a source of Reflector", annotated("reflector.v1.k8s.emberstack.com/reflection-allowed: 'true'"), ""),
    ("a source of Kubernetes Replicator", annotated("replicator.v1.mittwald.de/replicate-to: x"), ""),
    ("not managed", annotated("sealedsecrets.bitnami.com/managed: 'false'"), ""),
    ("generated, another key", annotated("secret-generator.v1.mittwald.de/autogenerate: other"), ""),
    ("generated, keys of its own", annotated("secret-generator.v1.mittwald.de/type: ssh-keypair"), ""),
    ("Merge of another key", KEPT + external(MERGING.replace("JWT_SECRET", "x"), "x"), ""),
    ("Merge into another Secret", KEPT + external(MERGING.replace("made", "other"), "x"), ""),
    ("Reloader", annotated("reloader.stakater.com/match: 'true'"), ""),
]  # fmt: skip  # a row a case


@pytest.mark.parametrize(("manifest", "filler"), [row[1:] for row in FILLED], ids=[row[0] for row in FILLED])
def test_a_secret_that_is_filled(manifest: str, filler: str) -> None:
    """Its missing key is not missing but filled, and never seen."""
    stream = STREAM + manifest
    outcome = run(stream, Settings(strict=True))
    assert rules_of(outcome) == ([] if filler else ["missing-key"])
    assert rules_of(outcome, "note") == (["filled"] if filler else [])
    (judged,) = outcome.report.judged
    assert judged.seen is not bool(filler)
    states = {state.key: state.state for state in judged.keys}
    assert states["JWT_SECRET"] == ("not checked" if filler else "missing")
    assert states["ADMIN_PASSWORD"] == "ok"
    if filler:
        (finding,) = outcome.report.findings
        assert finding.message.endswith(f" filled by {filler}; values not seen")
        assert "JWT_SECRET" in finding.message
        assert output(outcome) == stream


def test_a_placeholder_is_not_filled() -> None:
    """It is a value: a pod that starts before the tool is there takes it."""
    for value, rule in (
        ("changeme", "placeholder"),
        ("<path:secret/data/heimdall#JWT_SECRET>", "unresolved-reference"),
    ):
        values = {**SOUND, "JWT_SECRET": value}
        outcome = run(STREAM + annotated("replicator.v1.mittwald.de/replicate-from: a/b", values))
        assert rules_of(outcome) == [rule]


LESS = "spec:\n  encryptedData:\n    JWT_SECRET: QUdCLi4u\n"
ONLY = VAULT.replace("    create: true\n", "") + (
    "    transformation: {excludes: ['.*'], templates: {JWT_SECRET: {text: '{{ .Secrets.a }}'}}}\n"
)
# name, the Secret and what is beside it, how many keys it lacks in the end
REPLACED = [
    ("by a SealedSecret", annotated("sealedsecrets.bitnami.com/managed: 'true'")
     + made("SealedSecret", LESS, SEALED), 3),
    ("by a SealedSecret that patches", annotated("sealedsecrets.bitnami.com/patch: 'true'")
     + made("SealedSecret", LESS, SEALED), 0),
    ("by Vault", KEPT + made("VaultStaticSecret", ONLY, VSO, "x"), 3),
    ("by Vault, with what is there",
     KEPT + made("VaultStaticSecret", ONLY.replace("excludes: ['.*'], ", ""), VSO, "x"), 0),
    ("by Merge", KEPT + external(MERGING, "x"), 0),
]  # fmt: skip  # a row a case


@pytest.mark.parametrize(("manifest", "lost"), [row[1:] for row in REPLACED], ids=[row[0] for row in REPLACED])
def test_a_secret_whose_keys_are_replaced(manifest: str, lost: int) -> None:
    """Some write their own keys and remove all others, whatever the stream has of them."""
    outcome = run(STREAM + manifest)
    assert rules_of(outcome) == ["missing-key"] * lost
    assert not outcome.report.judged[0].seen
    states = {state.key: state.state for state in outcome.report.judged[0].keys}
    assert (states["ADMIN_PASSWORD"] == "missing") is bool(lost)


def test_a_sealed_secret_that_may_not_touch_it() -> None:
    outcome = run(STREAM + KEPT + made("SealedSecret", sealed(), SEALED))
    assert (rules_of(outcome), rules_of(outcome, "warning")) == (["missing-key"], ["two-makers"])


@pytest.mark.parametrize(
    ("fact", "errors"),
    [
        (LiveFact({key: value.encode() for key, value in SOUND.items()}), []),
        (LiveFact({key: value.encode() for key, value in LACKING.items()}), []),
        (LiveFact(None, absent=True), ["no-maker"]),
    ],
    ids=["all there", "a key that is to be added", "absent"],
)
def test_what_is_in_the_cluster_needs_no_maker(fact: LiveFact, errors: list[str]) -> None:
    stream = STREAM + external(DATA + "  target: {creationPolicy: Merge}\n")
    assert rules_of(run(stream, Settings(live=True), live={"made": fact})) == errors


def test_a_chart_that_saw_the_secret_is_believed() -> None:
    """It is in the cluster, so an object that adds to it is no mistake; what it writes there nobody has judged."""
    seen = contract("existing", secret="made", verified="true", judged="true")
    outcome = run(seen + external(DATA + "  target: {creationPolicy: Merge}\n"))
    assert (rules_of(outcome), rules_of(outcome, "note")) == ([], ["values-unseen"])
    assert "what ExternalSecret ns/made writes into it was not seen" in str(outcome.report.findings)


BESIDE: list[tuple[str, str, list[str], list[str]]] = [
    ("one value for two keys", ONE_SOURCE, ["same-source"], ["values-unseen"]),
    ("another key", OTHER_KEY, [], ["checked-by-chart"]),
    ("a source for each key", DATA, [], ["values-unseen"]),
]


@pytest.mark.parametrize(("data", "warnings", "notes"), [row[1:] for row in BESIDE], ids=[row[0] for row in BESIDE])
def test_what_is_written_into_a_secret_that_the_chart_saw(data: str, warnings: list[str], notes: list[str]) -> None:
    """What is wrong with the object is reported, whatever the chart saw before."""
    seen = contract("existing", secret="made", verified="true", judged="true")
    outcome = run(seen + external(data + "  target: {creationPolicy: Merge}\n"))
    assert (rules_of(outcome), rules_of(outcome, "warning"), rules_of(outcome, "note")) == ([], warnings, notes)


@pytest.mark.parametrize(
    "text", ["{{" * 200_000, '{{ "' * 100_000, "{{ `" * 100_001, "{{/*" * 100_000, "{{ .a }}" * 50_000]
)
def test_costly_templates(text: str) -> None:
    """Each is read once: a reading that starts anew at each bracket would not end in the time of a test."""
    template = templates.parse(text)
    assert len(template.texts) == len(template.actions) + 1
    assert set(template.fields()) <= {"a"}


def test_as_many_versions_as_a_chart_likes() -> None:
    objects = "array:\n  - |\n    objectName: s\n    objectVersionHistory: 999999999\n"
    assert len(mounted_files.names("azure", {"objects": objects}) or ()) <= mounted_files.MOST_VERSIONS + 1
