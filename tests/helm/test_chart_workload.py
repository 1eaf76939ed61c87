"""The pod, its images, and what operations ask for."""

import pytest

from tests.charts import (
    CANARY,
    CI,
    Document,
    Values,
    container,
    existing,
    one,
    pod,
    read,
    refused,
    render,
    some,
    template,
    variables,
)
from tests.helms import Helm
from tests.support import CHART

# Whose image, and the values that hold it.
IMAGES = {"Deployment": "image", "StatefulSet": "postgresql__image", "Pod": "tests__image", "Job": "gate__image"}
DIGEST = f"sha256:{'0' * 64}"

SHAPES: list[tuple[str, Values, Values, str]] = [
    ("another", {"registry": "r.example.com", "repository": "a/b", "tag": "1"}, {}, "r.example.com/a/b:1"),
    ("a tag that is a number", {"registry": "r", "repository": "a", "tag": 3}, {}, "r/a:3"),
    ("a long number", {"registry": "r", "repository": "a", "tag": 20260101}, {}, "r/a:20260101"),
    ("digest", {"registry": "r", "repository": "a", "tag": "1", "digest": DIGEST}, {}, f"r/a@{DIGEST}"),
    ("no registry", {"registry": "", "repository": "a", "tag": "1"}, {}, "a:1"),
    ("a registry for all", {"registry": "r", "repository": "a", "tag": "1"}, {"imageRegistry": "g"}, "g/a:1"),
]


@pytest.mark.parametrize("kind", IMAGES)
@pytest.mark.parametrize(("name", "image", "shared", "expected"), SHAPES, ids=[row[0] for row in SHAPES])
def test_image(helm: Helm, kind: str, name: str, image: Values, shared: Values, expected: str) -> None:
    """One shape for every image of the chart."""
    documents = render(helm, existing(gate__enabled=True, **{IMAGES[kind]: image, "global": shared}))
    assert image_of(documents, kind) == expected, name


def image_of(documents: list[Document], kind: str) -> str:
    """Of the first container."""
    spec = one(documents, "Pod")["spec"] if kind == "Pod" else pod(documents, kind)
    return str(spec["containers"][0]["image"])


def test_image_of_the_application(helm: Helm) -> None:
    """Its tag is the chart's appVersion, unless one is given."""
    version = read(CHART / "Chart.yaml")["appVersion"]
    assert image_of(render(helm, existing()), "Deployment") == f"docker.io/mitre/heimdall2:{version}"


def test_set_image_tag_to_a_number(helm: Helm) -> None:
    """`--set image.tag=3` is how people write it."""
    documents = render(helm, existing(), "--set", "image.tag=3", "--set", "tests.image.tag=3.12")
    assert image_of(documents, "Deployment").endswith(":3")
    assert image_of(documents, "Pod").endswith(":3.12")


def test_pull_secrets_reach_every_pod(helm: Helm) -> None:
    """Once each, names and objects alike."""
    shared = {"imagePullSecrets": ["g", {"name": "o"}]}
    values = existing(imagePullSecrets=[{"name": "g"}, {"name": "own"}], gate__enabled=True, **{"global": shared})
    documents = render(helm, values)
    expected = [{"name": name} for name in ("g", "o", "own")]
    for spec in (
        *(pod(documents, kind) for kind in ("Deployment", "StatefulSet", "Job")),
        one(documents, "Pod")["spec"],
    ):
        assert spec["imagePullSecrets"] == expected
    assert "imagePullSecrets" not in pod(render(helm, existing()))


@pytest.mark.parametrize("name", CI)
def test_every_pod_is_restricted(helm: Helm, name: str) -> None:
    """No token, no root, no writable root, no capability, resources for each container of ours."""
    documents = render(helm, read(CI[name]))
    specs = [d["spec"]["template"]["spec"] for d in documents if d["kind"] in ("Deployment", "StatefulSet", "Job")]
    for spec in [*specs, *(d["spec"] for d in some(documents, "Pod"))]:
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        ours = [
            c for c in [*spec["containers"], *spec.get("initContainers", [])] if c["name"] not in ("first", "beside")
        ]
        for each in ours:
            assert each["securityContext"]["readOnlyRootFilesystem"] is True
            assert each["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert each["securityContext"]["allowPrivilegeEscalation"] is False
            assert set(each["resources"]) == {"requests", "limits"}


REPLICAS: list[tuple[str, object]] = [("two", 2), ("none", 0), ("a hundred", 100)]


@pytest.mark.parametrize("count", [row[1] for row in REPLICAS], ids=[row[0] for row in REPLICAS])
def test_replicas(helm: Helm, count: int) -> None:
    """One, and the reason."""
    refused(helm, existing(replicaCount=count), "replicaCount must be 1: each process has a session secret of its own")


def test_replicas_by_another_name(helm: Helm) -> None:
    """As many charts call it."""
    refused(helm, existing(replicas=2), "replicas is a value of an older chart. Leave it out: there is always one.")


# Values at the root, and where they end in the pod.
FIELDS: list[tuple[str, object]] = [
    ("nodeSelector", {"a": "b"}),
    ("affinity", {"nodeAffinity": {}}),
    ("tolerations", [{"operator": "Exists"}]),
    ("topologySpreadConstraints", [{"maxSkew": 1}]),
    ("priorityClassName", "high"),
    ("runtimeClassName", "gvisor"),
    ("hostAliases", [{"ip": "192.0.2.1", "hostnames": ["a"]}]),
    ("dnsConfig", {"options": [{"name": "ndots", "value": "2"}]}),
    ("terminationGracePeriodSeconds", 90),
    ("initContainers", [{"name": "x"}]),
]


@pytest.mark.parametrize(("name", "value"), FIELDS, ids=[row[0] for row in FIELDS])
def test_pod_field(helm: Helm, name: str, value: object) -> None:
    """As in Kubernetes; absent if it is not set."""
    alone: Values = {"waitForDatabase": {"enabled": False}}
    spec = pod(render(helm, existing(**alone, **{name: value})))
    assert spec[name] == value
    default = pod(render(helm, existing(**alone)))
    assert default.get(name) in (None, 30)


def test_user_containers_come_beside_ours(helm: Helm) -> None:
    """Init containers after the one that waits for the database, sidecars after the application."""
    documents = render(helm, existing(initContainers=[{"name": "i"}], sidecars=[{"name": "s"}]))
    assert [each["name"] for each in pod(documents)["initContainers"]] == ["wait-for-database", "i"]
    assert [each["name"] for each in pod(documents)["containers"]] == ["heimdall", "s"]


def test_a_quota_can_be_met(helm: Helm) -> None:
    """Every container's requests and limits are values; the one that waits takes what the application may."""
    quota = {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "1Gi"}}
    places = {f"{place}resources": quota for place in ("", "postgresql__", "tests__", "gate__")}
    documents = render(helm, existing(gate__enabled=True, **places))
    pods = [*(pod(documents, kind) for kind in ("Deployment", "StatefulSet", "Job")), one(documents, "Pod")["spec"]]
    every = [each for spec in pods for each in [*spec["containers"], *spec.get("initContainers", [])]]
    assert [each["resources"] for each in every] == [quota] * 5


def test_volumes(helm: Helm) -> None:
    """Beside those that the application writes to."""
    volume, mount = {"name": "v", "emptyDir": {}}, {"name": "v", "mountPath": "/v"}
    documents = render(helm, existing(extraVolumes=[volume], extraVolumeMounts=[mount]))
    assert pod(documents)["volumes"][-1] == volume
    assert container(documents)["volumeMounts"][-1] == mount


def test_extra_env(helm: Helm) -> None:
    """Literal values that are not secret, and sources."""
    field = {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}
    documents = render(helm, existing(extraEnv=[{"name": "A", "value": "b"}, field]))
    assert variables(documents)["A"] == "b"
    assert container(documents)["env"][-1] == field


EXTRA_ENV_REFUSED: list[tuple[str, Document, str]] = [
    ("a secret's name", {"name": "MY_TOKEN", "value": CANARY}, "its name is that of a secret: take it by valueFrom"),
    (
        "a source for a key that has one",
        {"name": "JWT_SECRET", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
        "extraEnv[0]: JWT_SECRET is taken from the Secret already: name another source, or write heimdall.keys.JWT_S",
    ),
    (
        "a variable that another value makes",
        {"name": "DATABASE_HOST", "value": "h"},
        "extraEnv[0]: DATABASE_HOST is made of another value: write externalDatabase.host.",
    ),
]


@pytest.mark.parametrize(
    ("entry", "message"), [row[1:] for row in EXTRA_ENV_REFUSED], ids=[row[0] for row in EXTRA_ENV_REFUSED]
)
def test_extra_env_refused(helm: Helm, entry: Document, message: str) -> None:
    """Nothing twice."""
    refused(helm, existing(extraEnv=[entry]), message)


def test_labels_and_annotations(helm: Helm) -> None:
    """The user's come beside the chart's, and take the place of none."""
    mine = {"team": "t", "app.kubernetes.io/name": "x"}
    values = existing(
        commonLabels=mine,
        podLabels={**mine, "tier": "web"},
        podAnnotations={"a": "b", "checksum/secrets": "x"},
        annotations={"c": "d"},
    )
    documents = render(helm, values)
    for document in documents:
        assert document["metadata"]["labels"]["team"] == "t", document["kind"]
        assert document["metadata"]["labels"]["app.kubernetes.io/name"] == "heimdall"
    deployment = one(documents, "Deployment")
    template = deployment["spec"]["template"]["metadata"]
    assert template["labels"] == {**deployment["spec"]["selector"]["matchLabels"], "team": "t", "tier": "web"}
    assert (template["annotations"]["a"], template["annotations"]["checksum/secrets"]) == ("b", "")
    assert deployment["metadata"]["annotations"] == {"c": "d"}
    assert "team" not in str(one(documents, "StatefulSet")["spec"]["volumeClaimTemplates"])


RELOADER = "secret.reloader.stakater.com/reload"
RELOADS: list[tuple[str, Values, str]] = [
    ("one Secret", existing(reloader={"enabled": True}), "live"),
    ("an authority", existing(reloader={"enabled": True}, heimdall__extraCa={"secret": "ca"}), "live,ca"),
    (
        "several",
        existing(reloader={"enabled": True}, heimdall__keys={"DATABASE_PASSWORD": {"secret": "pg", "key": "p"}}),
        "live,pg",
    ),
]


@pytest.mark.parametrize(("name", "values", "expected"), RELOADS, ids=[row[0] for row in RELOADS])
def test_reloader(helm: Helm, name: str, values: Values, expected: str) -> None:
    """Every Secret that the pod takes a key from."""
    assert one(render(helm, values), "Deployment")["metadata"]["annotations"] == {RELOADER: expected}, name
    assert "annotations" not in one(render(helm, existing()), "Deployment")["metadata"]


def test_probes(helm: Helm) -> None:
    """Their times are values, what they ask is not."""
    documents = render(helm, existing(probes={"startup": {"failureThreshold": 7}, "liveness": {"periodSeconds": 9}}))
    assert container(documents)["startupProbe"]["failureThreshold"] == 7
    assert container(documents)["livenessProbe"]["periodSeconds"] == 9
    assert container(documents)["livenessProbe"]["httpGet"] == {"path": "/server", "port": "http"}
    refused(helm, existing(probes={"liveness": {"path": "/"}}), "probes.liveness.path is not a value of this chart.")


def test_disruption_budget(helm: Helm) -> None:
    """Of the application's pod."""
    documents = render(helm, existing(podDisruptionBudget={"enabled": True, "maxUnavailable": 0}))
    spec = one(documents, "PodDisruptionBudget")["spec"]
    assert spec["maxUnavailable"] == 0
    assert spec["selector"] == one(documents, "Deployment")["spec"]["selector"]


def test_helm_test(helm: Helm) -> None:
    """The only hook there is; it asks the Service, and takes no secret."""
    documents = render(helm, existing(service={"port": 80}))
    hooks = [d for d in documents if "helm.sh/hook" in d["metadata"].get("annotations", {})]
    assert [(d["kind"], d["metadata"]["annotations"]["helm.sh/hook"]) for d in hooks] == [("Pod", "test")]
    (asks,) = hooks[0]["spec"]["containers"]
    assert asks["command"][-1] == "http://r-heimdall:80/server"
    assert "env" not in asks
    assert not some(render(helm, existing(tests={"enabled": False})), "Pod")


TLS = {"externalDatabase": {"host": "h", "tls": {"enabled": True, "ca": {"secret": "a"}}}}
CLASHES: list[tuple[str, Values, str]] = [
    ("of the chart's", existing(sidecars=[{"name": "heimdall", "image": "i"}]), "two containers are called heimdall."),
    (
        "before it",
        existing(initContainers=[{"name": "wait-for-database", "image": "i"}]),
        "two containers are called wait-for-database.",
    ),
    ("a certificate", existing(heimdall__keys={"DATABASE_SSL_CA": {"secret": "s", "key": "k"}}, **TLS), "mounted too"),
]


@pytest.mark.parametrize(("values", "message"), [row[1:] for row in CLASHES], ids=[row[0] for row in CLASHES])
def test_clashes(helm: Helm, values: Values, message: str) -> None:
    """What an API server would refuse, or would have no effect."""
    refused(helm, values, message)


def test_a_volume_of_ones_own(helm: Helm) -> None:
    """It takes the place of the chart's of that name."""
    own = {"name": "tmp", "emptyDir": {"sizeLimit": "5Gi"}}
    volumes = pod(render(helm, existing(extraVolumes=[own])))["volumes"]
    assert sorted(volume["name"] for volume in volumes) == ["cache", "tmp"]
    assert own in volumes


def test_a_release_that_begins_with_a_digit(helm: Helm) -> None:
    """A Service can't."""
    done = template(helm, existing(), release="1prod")
    assert "The objects would be called 1prod-heimdall" in done.stderr
    assert render(helm, existing(fullnameOverride="prod"), release="1prod")
