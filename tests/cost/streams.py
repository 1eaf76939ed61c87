"""Streams made to cost much: each of one construct, as often as is asked for, and as small as it can be."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence

from tests.unit.streams import SOUND, contract, encoded, heimdall, literal, mapped, secret, whole, workload

Make = Callable[[int], str]
KEYS = encoded(SOUND)
PADDING = "Ab1+" * 24  # 20,000 keys of it are 2 MB
REQUIRED = ",".join(f"{'A' * 30}{number:02}{'B' * 6}" for number in range(100))


def dumped(kind: str, name: str = "x", version: str = "v1", **fields: object) -> str:
    """An object of the namespace `ns`."""
    document = {"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": "ns"}, **fields}
    return f"---\n{json.dumps(document)}\n"


def pod(containers: Sequence[object], **spec: object) -> str:
    """A Deployment."""
    return dumped("Deployment", "w", "apps/v1", spec={"template": {"spec": {"containers": containers, **spec}}})


def container(number: int = 0, **fields: object) -> Mapping[str, object]:
    """One that is taken for Heimdall's."""
    return {"name": f"c{number}", "image": "mitre/heimdall2", **fields}


def laughs(depth: int, merge: bool) -> str:
    """Anchors of which each one refers to the one before nine times, by merge keys or in a list."""
    lines = ["a0: &a0 {x: y}"]
    for number in range(1, depth):
        others = ",".join([f"*a{number - 1}"] * 9)
        lines.append(f"a{number}: &a{number} " + (f"{{<<: [{others}]}}" if merge else f"[{others}]"))
    return "\n".join(lines)


def merged(count: int) -> str:
    """Secrets whose data is made of merge keys, 14 deep."""
    data = f"data: {{<<: *a13}}\n{laughs(14, merge=True)}\n"
    body = data.partition("\n")[2] + data.partition("\n")[0] + "\n"
    return "".join(f"---\nkind: Secret\nmetadata: {{name: s{n}, namespace: ns}}\n{body}" for n in range(count)) + (
        contract("existing", secret="s0")
    )


def merged_pods(count: int) -> str:
    """Pods whose containers are made of merge keys, 14 deep."""
    body = laughs(14, merge=True)
    spec = "spec: {template: {spec: {containers: [{image: mitre/heimdall2, <<: *a13}], <<: *a13}, <<: *a13}}"
    return "".join(
        f"---\n{body}\nkind: Deployment\nmetadata: {{name: w, namespace: ns}}\n{spec}\n" for _ in range(count)
    )


def chained(count: int) -> str:
    """A Secret in which each mapping merges the one before: as deep as there are lines."""
    lines = "".join(f"a{n}: &a{n} {{<<: *a{n - 1}, k{n}: v}}\n" for n in range(1, count))
    body = f"a0: &a0 {{x: y}}\n{lines}data: {{<<: *a{count - 1}}}\n"
    return f"---\nkind: Secret\nmetadata: {{name: s, namespace: ns}}\n{body}{contract('existing', secret='s')}"


def near(count: int) -> str:
    """Names near a hundred long required ones, or not quite near."""
    names = [f"{'A' * 14}x{'A' * 15}{n % 100:02}{'B' * (n % 4)}{n % 100_000:05}"[:39] for n in range(count)]
    return contract("existing", required=REQUIRED) + secret(dict.fromkeys(names, PADDING))


def near_known(count: int) -> str:
    """Names near the application's own."""
    return contract("existing") + secret({f"DATABASE_PASSW{n:05}": PADDING for n in range(count)})


def near_missing(count: int) -> str:
    """A hundred missing keys, for each of which a near one is looked for."""
    names = [f"KEY_OF_MY_APPLICATION_{n:02}" for n in range(100)]
    return contract("existing", required=",".join(names)) + secret({f"key_{n:06}": PADDING for n in range(count)})


def referenced(count: int) -> str:
    """A variable of 120 KB that others refer to."""
    env = [literal("BIG", "x" * 120_000), *(literal(f"V{n}", "a$(BIG)") for n in range(count))]
    return pod([container(env=[*env, *mapped()])])


def referencing(count: int) -> str:
    """A variable that refers to another one many times."""
    return pod([container(env=[literal("A", "x"), literal("B", "$(A)" * count), *mapped()])])


def doubling(count: int) -> str:
    """Each variable refers to the one before twice."""
    env = [literal("V0", "x"), *(literal(f"V{n}", f"$(V{n - 1})$(V{n - 1})") for n in range(1, count))]
    return pod([container(env=[*env, *mapped()])])


def unclosed(count: int) -> str:
    """A variable of references that never end."""
    return pod([container(env=[literal("A", "$(" * count), *mapped()])])


def contracts(count: int) -> str:
    """Contracts, each of its own Secret."""
    return "".join(contract("inline", f"h{n}") + secret(KEYS, f"h{n}-secrets") for n in range(count))


def contracts_of_one(count: int) -> str:
    """Contracts of one Secret with as many keys."""
    keys = {f"k{n}": "" for n in range(count * 20)}
    return secret({**KEYS, **keys}) + "".join(contract("existing", f"h{n}", secret="h-secrets") for n in range(count))


def of_keys(name: str) -> str:
    """A contract of version 2."""
    labels = {"secrets-contract.heimdall-pr/version": "v2"}
    metadata = {"name": f"{name}-contract", "namespace": "ns", "labels": labels}
    data = {"secret": name, "required": "a"}
    document = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}
    return f"---\n{json.dumps(document)}\n"


def contracts_of_keys(count: int) -> str:
    """Contracts of keys, and a pod for each that takes a file of its Secret; and as many whose Secret nothing takes."""
    found = []
    for name in (f"s{n}" for n in range(count)):
        file = {"name": "X_FILE", "value": f"/s/{name}"}
        one = {"name": "c", "env": [file], "volumeMounts": [{"name": "v", "mountPath": "/s"}]}
        volumes = [{"name": "v", "secret": {"secretName": name}}]
        found += [of_keys(name), of_keys(f"{name}-x"), pod([one], volumes=volumes)]
    return "".join(found)


def contract_of_files(count: int) -> str:
    """A contract of keys, and a container with as many variables of files as mounts."""
    env = [{"name": f"X{n}_FILE", "value": f"/s{n}/{'a/' * 20}k"} for n in range(count)]
    near = [{"name": f"Y{n}_FILE", "value": f"/s/k{n}"} for n in range(count)]
    mounted = [{"name": "v", "mountPath": path} for n in range(count) for path in (f"/s{n}", "/s")]
    volume = {"name": "v", "secret": {"secretName": "s"}}
    return of_keys("s") + pod([{"name": "c", "env": env + near, "volumeMounts": mounted}], volumes=[volume])


def contract_sources(count: int) -> str:
    """A contract that takes keys from other Secrets."""
    sources = ",".join(f"K{n}=s{n}/k" for n in range(count))
    return contract("existing", sources=sources) + "".join(secret({"k": ""}, f"s{n}") for n in range(count))


def contract_files(count: int) -> str:
    """A contract that names files."""
    return contract("files", files="\\n".join(f"f{n}" for n in range(count))) + secret(KEYS)


def ignored(count: int) -> str:
    """A contract with values that are ignored."""
    return contract("existing", ignored=",".join(["secrets"] * count)) + secret(KEYS)


def external(count: int) -> str:
    """ExternalSecrets, each asked for by a contract."""
    entries = [{"secretKey": key, "remoteRef": {"key": "a"}} for key in SOUND]
    return "".join(
        contract("existing", f"h{n}")
        + dumped("ExternalSecret", f"h{n}-secrets", "external-secrets.io/v1", spec={"data": entries})
        for n in range(count)
    )


def external_of_one(count: int) -> str:
    """ExternalSecrets of one Secret."""
    entries = [{"secretKey": key, "remoteRef": {"key": "a"}} for key in SOUND]
    spec = {"target": {"name": "h-secrets"}, "data": entries}
    many = (dumped("ExternalSecret", f"e{n}", "external-secrets.io/v1", spec=spec) for n in range(count))
    return contract("existing") + "".join(many)


def external_keys(count: int) -> str:
    """An ExternalSecret with many keys, and templates of things that are not fetched."""
    template = {"data": {f"K{n}": "{{ .absent }}" for n in range(count)}}
    spec = {"data": [{"secretKey": f"k{n}"} for n in range(count)], "target": {"template": template}}
    return contract("existing") + dumped("ExternalSecret", "h-secrets", "external-secrets.io/v1", spec=spec)


def braces_in_template(count: int) -> str:
    """A template of nothing but braces."""
    spec = {"target": {"template": {"data": {"JWT_SECRET": "{{" * count, "API_KEY_SECRET": "{{" + " " * count}}}}
    return contract("existing") + dumped("ExternalSecret", "h-secrets", "external-secrets.io/v1", spec=spec)


def classes(count: int) -> str:
    """SecretProviderClasses, and a pod for each."""
    spec = {"secretObjects": [{"secretName": "h-secrets", "data": [{"key": key, "objectName": key} for key in SOUND]}]}
    many = (dumped("SecretProviderClass", f"p{n}", "secrets-store.csi.x-k8s.io/v1", spec=spec) for n in range(count))
    return contract("existing") + "".join(many) + heimdall(mapped()) * count


def class_objects(count: int) -> str:
    """A SecretProviderClass with many objects and parameters."""
    objects = [{"secretName": "h-secrets", "data": [{"key": "k", "objectName": f"o{n}"}]} for n in range(count)]
    spec = {"parameters": {f"p{n}": f"o{n + 1}" for n in range(count)}, "secretObjects": objects}
    return contract("existing") + dumped("SecretProviderClass", "p", "secrets-store.csi.x-k8s.io/v1", spec=spec)


def vault(count: int) -> str:
    """A VaultStaticSecret with many filters, and many required keys."""
    filters = {"excludes": [f"x{n}" for n in range(count)], "includes": [f"y.{n}" for n in range(count)]}
    spec = {"destination": {"name": "h-secrets", "create": True, "transformation": filters}}
    required = ",".join(f"K{n}" for n in range(100))
    return contract("existing", required=required) + dumped(
        "VaultStaticSecret", "v", "secrets.hashicorp.com/v1beta1", spec=spec
    )


def sealed(count: int) -> str:
    """A SealedSecret with many keys."""
    spec = {"encryptedData": {f"k{n}": "AAAA" for n in range(count)}}
    return contract("existing") + dumped("SealedSecret", "h-secrets", "bitnami.com/v1alpha1", spec=spec)


def clusters(count: int) -> str:
    """Databases of CloudNativePG, each asked for by a contract."""
    return "".join(
        contract("existing", f"h{n}", secret=f"h{n}-app")
        + dumped("Cluster", f"h{n}", "postgresql.cnpg.io/v1", spec={"enableSuperuserAccess": True})
        for n in range(count)
    )


def containers(count: int) -> str:
    """A pod with many containers that take one Secret each key by itself."""
    return pod([container(n, env=mapped()) for n in range(count)]) + secret(KEYS)


def containers_of_many(count: int) -> str:
    """Containers that each take a Secret of many keys as a whole."""
    keys = {f"k{n}": "" for n in range(count * 10)}
    return pod([container(n, envFrom=[whole()]) for n in range(count)]) + secret({**KEYS, **keys})


def containers_of_each(count: int) -> str:
    """Containers that each take a Secret of their own."""
    pods = [container(n, env=mapped(source=f"s{n}")) for n in range(count)]
    return pod(pods) + "".join(secret(KEYS, f"s{n}") for n in range(count))


def env_from(count: int) -> str:
    """A container that takes many Secrets as a whole."""
    pods = [container(env=[], envFrom=[whole(f"s{n}") for n in range(count)])]
    return pod(pods) + "".join(secret({f"k{n}": ""}, f"s{n}") for n in range(count))


def env_from_one(count: int) -> str:
    """A container that takes one Secret as a whole, again and again."""
    keys = {f"k{n}": "" for n in range(count)}
    return pod([container(envFrom=[whole(prefix=f"p{n}_") for n in range(count)])]) + secret({**KEYS, **keys})


def env_from_unseen(count: int) -> str:
    """A container that takes Secrets as a whole that are not in the stream."""
    return pod([container(envFrom=[whole(f"s{n}") for n in range(count)])])


def config_maps(count: int) -> str:
    """A container that takes variables from many ConfigMaps."""
    env = [{"name": f"V{n}", "valueFrom": {"configMapKeyRef": {"name": f"m{n}", "key": "k"}}} for n in range(count)]
    many = (dumped("ConfigMap", f"m{n}", data={"k": ""}) for n in range(count))
    return pod([container(env=[*mapped(), *env])]) + "".join(many)


def secrets_of_two(count: int) -> str:
    """Secrets with two required keys, each of which some envFrom may take."""
    two = {key: KEYS[key] for key in ("JWT_SECRET", "API_KEY_SECRET")}
    return "".join(secret(two, f"s{n}") for n in range(count))


def secrets_of_two_and_takers(count: int) -> str:
    """The same, with documents that take other Secrets."""
    return secrets_of_two(count) + "---\nsecretRef: {name: t}\n" * count


def names_of_one_letter(count: int) -> str:
    """Secrets whose names are found everywhere."""
    two = {key: KEYS[key] for key in ("JWT_SECRET", "API_KEY_SECRET")}
    names = "abcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(secret(two, names[n % 36]) for n in range(36)) + "---\nsecretRef: {name: abc}\n" * count


def suffixes(count: int) -> str:
    """A Secret whose keys may be required ones with a prefix."""
    return secret({f"S{n}": "" for n in range(count)})


def broken(count: int) -> str:
    """Documents that are no YAML."""
    return "---\nkind: Secret\n{\n" * count


def broken_contracts(count: int) -> str:
    """Contracts that are no YAML."""
    return "---\nheimdall.mitre.org/secrets-contract\n{\n" * count


def damaged_contracts(count: int) -> str:
    """Contracts without data."""
    return contract("oops", "x").partition("data:")[0] * count


def documents(count: int) -> str:
    """Documents with nothing in them."""
    return "---\n" * count


def candidates(count: int) -> str:
    """The smallest documents that could be ours."""
    return "---\n!!a\n" * count


def small_secrets(count: int) -> str:
    """Secrets without a name."""
    return "---\nkind: Secret\n" * count


def secrets_of_a_name(count: int) -> str:
    """One Secret, many times."""
    return contract("existing") + secret({"JWT_SECRET": ""}) * count


def guards(count: int) -> str:
    """Guards."""
    return contract("existing") + (
        "---\nkind: NeedsPostRenderer\napiVersion: heimdall-pr.mitre.org/v1\nmetadata: {name: x}\n" * count
    )


def lists(count: int) -> str:
    """Lists of a Secret."""
    return "---\nkind: List\nitems: [{kind: Secret}]\n" * count


def items(count: int) -> str:
    """A List with many Secrets."""
    return contract("existing") + "---\nkind: SecretList\nitems: [" + "{metadata: {name: a}}," * count + "]\n"


def checksums(count: int) -> str:
    """Pods that wait for the checksum of a contract's Secret."""
    return secret(KEYS) + contract("inline") + workload() * count


def checksums_of_each(count: int) -> str:
    """Pods, each of which waits for another contract's."""
    return "".join(
        secret(KEYS, f"h{n}-secrets") + contract("inline", f"h{n}") + workload(f"h{n}-secrets") for n in range(count)
    )


def checksums_of_none(count: int) -> str:
    """Pods with many containers that take nothing from the contract's Secret."""
    one = workload("other")
    return secret(KEYS) + contract("inline") + one * count


def long_name(count: int) -> str:
    """A Secret whose name is as long as all of its keys."""
    name = "n" * (count * 100)
    resource = secret({**KEYS, **{f"k{n}": PADDING for n in range(count)}}, name)
    return pod([container(envFrom=[whole(name)])]) + resource


def long_container(count: int) -> str:
    """A container whose name is as long as all of its variables."""
    env = [literal(f"V{n}", "x" * 100) for n in range(count)]
    return pod([{**container(env=[*env, *mapped()]), "name": "n" * (count * 100)}])


def long_key(count: int) -> str:
    """A variable that is taken from a key as long as all of its variables."""
    ref = {"secretKeyRef": {"name": "h-secrets", "key": "k" * (count * 100)}}
    env = [{"name": f"JWT_SECRET{n}", "valueFrom": ref} for n in range(2)]
    return pod([container(env=[*env, *mapped()])]) + secret(KEYS)


def foreign(count: int) -> str:
    """Pods without a contract, each of its own Secret."""
    return "".join(
        pod([container(env=mapped(source=f"s{n}"), envFrom=[whole(f"s{n}")])]) + secret(KEYS, f"s{n}")
        for n in range(count)
    )


def redacted_pods(count: int) -> str:
    """Pods with values of their own."""
    env = [literal(key, text) for key, text in SOUND.items()]
    return "".join(pod([container(env=env)]) for _ in range(count))


def value(text: str) -> str:
    """A Secret in which JWT_SECRET is a text."""
    keys = {**KEYS, "JWT_SECRET": base64.b64encode(text.encode()).decode()}
    return contract("existing") + secret(keys)


def opened(mark: str) -> Make:
    """A value of one mark, many times."""
    return lambda count: value(mark * count)


def small_keys(count: int) -> str:
    """A Secret with more keys than are looked at."""
    return contract("existing") + secret({f"k{n}": "" for n in range(count)})


def keys(count: int) -> str:
    """A Secret with many keys."""
    return contract("existing") + secret({f"k{n}": PADDING for n in range(count)})


def keys_of_two_fields(count: int) -> str:
    """A Secret whose keys are there twice."""
    return contract("existing") + secret(KEYS) + '  JWT_SECRET: "QUFBQQ=="\n' * count


def bad_keys(count: int) -> str:
    """A Secret with keys that no Secret can have."""
    return contract("existing") + secret({**KEYS, **{f"k {n}": PADDING for n in range(count)}})


def shared(count: int) -> str:
    """A Secret and a workload that takes each key under many names."""
    env = [{"name": f"V{n}", "valueFrom": {"secretKeyRef": {"name": "h-secrets", "key": "V"}}} for n in range(count)]
    return pod([container(env=[*env, *mapped()])]) + secret(KEYS)


def references(count: int) -> str:
    """A contract's Secret with values that refer to variables which no chart may read."""
    return contract("inline") + secret({**KEYS, **{f"k{n}": f"${{PATH_{n}_{PADDING}}}" for n in range(count)}})


def dangerous(count: int) -> str:
    """A Secret of dangerous variables, taken as a whole."""
    return pod([container(envFrom=[whole()])]) + secret({**KEYS, **{f"LD_{n}": PADDING for n in range(count)}})


def nodes(count: int) -> str:
    """A list of many small nodes."""
    return "---\nkind: Secret\na: [" + "a," * count + "]\n"


def nested(count: int) -> str:
    """Lists in lists."""
    return "---\nkind: Secret\na: " + "[" * count + "]" * count + "\n"


def anchors(count: int) -> str:
    """Anchors, and an alias of each."""
    lines = "".join(f"a{n}: &a{n} x\nb{n}: *a{n}\n" for n in range(count))
    return f"---\nkind: Secret\n{lines}"


def wide(count: int) -> str:
    """A document that is not ASCII, so that characters are no bytes."""
    return contract("existing") + secret({f"k{n}": "é" for n in range(count)})


def wide_blocks(count: int) -> str:
    """The same, with collections whose start is far from their end."""
    return "---\nkind: Secret\nb: é\na:\n" + "  - - é\n    - [é, {é: é}]\n" * count


def flat(count: int) -> str:
    """A scalar of one line."""
    return "---\nkind: Secret\ndata: {a: " + "a" * count + "}\n"


def hidden(count: int) -> str:
    """Where Helm left Secrets out."""
    return "---\n# HIDDEN: The Secret output has been suppressed\n" * count


def text_keys(count: int) -> str:
    """A word that is nearly a kind, many times."""
    return "---\nkind: ConfigMap\na: " + "imagePullSecret " * count + "\n"


def dashes(count: int) -> str:
    """What is nearly the start of a document."""
    return "---\nkind: Secret\na: |\n" + "\n---a" * count + "\n"


MAKES: tuple[Make, ...] = (
    merged, merged_pods, near, near_known, near_missing, referenced, referencing, doubling, unclosed,
    contracts, contracts_of_one, contracts_of_keys, contract_of_files, contract_sources, contract_files,
    ignored, external, external_of_one,
    external_keys, braces_in_template, classes, class_objects, vault, sealed, clusters, containers,
    containers_of_many, containers_of_each, env_from, env_from_one, env_from_unseen, config_maps,
    secrets_of_two, secrets_of_two_and_takers, names_of_one_letter, suffixes, broken, broken_contracts,
    damaged_contracts, documents, candidates, small_secrets, secrets_of_a_name, guards, lists, items,
    checksums, checksums_of_each, checksums_of_none, keys, keys_of_two_fields, bad_keys, shared, references,
    dangerous, small_keys, long_name, long_container, long_key, foreign, redacted_pods, nodes, nested,
    anchors, wide, wide_blocks, flat, hidden, text_keys, dashes, chained,
)  # fmt: skip
MARKS = ("{", "{{", "${", "${A", "$(", "%a", "a{{}", "{{}", "<", "your here", "##", "::", "é", "\n", " ")
CASES: dict[str, Make] = {
    **{make.__name__: make for make in MAKES},
    **{f"value of {mark!r}": opened(mark) for mark in MARKS},
}


def sized(make: Make, size: int) -> bytes:
    """A stream of about that size."""
    each = max(1, (len(make(128)) - len(make(64))) // 64)
    count = max(1, (size - len(make(1))) // each)
    while len(make(count)) > size * 1.05 and count > 1:  # one that grows faster than its number
        count = count * 9 // 10
    return make(count).encode()
