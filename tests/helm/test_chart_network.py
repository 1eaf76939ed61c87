"""How users come to it, and who can reach what."""

import pytest

from tests.charts import Document, Values, config, existing, one, refused, render, some
from tests.helms import Helm

HOSTS = {"enabled": True, "hosts": ["h.example.com", "other.example.com"]}
ROUTE = {"enabled": True, "parentRefs": [{"name": "public"}], "hostnames": ["h.example.com"]}

URLS: list[tuple[str, Values, str | None]] = [
    ("none", existing(), None),
    ("given", existing(heimdall__externalUrl="http://localhost:3000"), "http://localhost:3000"),
    ("an Ingress", existing(ingress=HOSTS), "http://h.example.com"),
    ("an Ingress with TLS", existing(ingress={**HOSTS, "tls": [{"secretName": "t"}]}), "https://h.example.com"),
    ("an HTTPRoute", existing(httpRoute=ROUTE), "https://h.example.com"),
    ("switched off", existing(ingress={**HOSTS, "enabled": False}), None),
    (
        "given, and served",
        existing(ingress=HOSTS, heimdall__externalUrl="https://Other.example.com:8443"),
        "https://Other.example.com:8443",
    ),
    (
        "given, and served by a wildcard",
        existing(ingress={"enabled": True, "hosts": ["*.example.com"]}, heimdall__externalUrl="https://x.example.com"),
        "https://x.example.com",
    ),
    (
        "given, and served by a route's wildcard, which matches any number of labels",
        existing(httpRoute={**ROUTE, "hostnames": ["*.example.com"]}, heimdall__externalUrl="https://a.b.example.com"),
        "https://a.b.example.com",
    ),
    (
        "given, and served by a route for any host beside an Ingress",
        existing(ingress=HOSTS, httpRoute={**ROUTE, "hostnames": []}, heimdall__externalUrl="https://x.example.org"),
        "https://x.example.org",
    ),
    (
        "given, and a listener's hosts",
        existing(httpRoute={**ROUTE, "hostnames": []}, heimdall__externalUrl="https://x.example.com"),
        "https://x.example.com",
    ),
]


@pytest.mark.parametrize(("name", "values", "expected"), URLS, ids=[row[0] for row in URLS])
def test_external_url(helm: Helm, name: str, values: Values, expected: str | None) -> None:
    """The user's, else the first host's."""
    assert config(render(helm, values)).get("EXTERNAL_URL") == expected, name


NO_ADDRESS = "heimdall.externalUrl is not just a scheme and a host: write https://HOST or https://HOST:PORT"
URLS_REFUSED: list[tuple[str, Values, str]] = [
    (
        "a host with more",
        existing(ingress={"enabled": True, "hosts": ["https://a.b/x"]}),
        "ingress.hosts has an entry that is not just a host",
    ),
    (
        "a host in capitals",
        existing(httpRoute={**ROUTE, "hostnames": ["A.example.com"]}),
        "httpRoute.hostnames has an entry that is not just a host",
    ),
    *(
        (f"an address {name}", existing(heimdall__externalUrl=url), NO_ADDRESS)
        for name, url in (
            ("with a path", "https://h.example.com/heimdall"),
            ("with a '/'", "https://h.example.com/"),
            ("with a question", "https://h.example.com?x"),
            ("without a scheme", "h.example.com"),
            ("with an empty label", "https://.example.com"),
            ("of a hyphen", "https://-"),
            ("of another scheme", "ftp://h.example.com"),
            ("with a user", "https://CANARY@h.example.com"),
            ("of two lines", "https://h.example.com\n"),
        )
    ),
    (
        "another host than the Ingress's",
        existing(ingress=HOSTS, heimdall__externalUrl="https://x.example.com"),
        "heimdall.externalUrl is at x.example.com, which neither ingress.hosts nor httpRoute.hostnames serves",
    ),
    (
        "two labels for an Ingress's wildcard, which matches one",
        existing(
            ingress={"enabled": True, "hosts": ["*.example.com"]}, heimdall__externalUrl="https://a.b.example.com"
        ),
        "heimdall.externalUrl is at a.b.example.com",
    ),
    (
        "the name above a wildcard",
        existing(ingress={"enabled": True, "hosts": ["*.example.com"]}, heimdall__externalUrl="https://example.com"),
        "heimdall.externalUrl is at example.com",
    ),
    (
        "the name above a route's wildcard",
        existing(httpRoute={**ROUTE, "hostnames": ["*.example.com"]}, heimdall__externalUrl="https://example.com"),
        "heimdall.externalUrl is at example.com",
    ),
    (
        "a host that a wildcard does not hold",
        existing(ingress={"enabled": True, "hosts": ["*.example.com"]}, heimdall__externalUrl="https://example.org"),
        "heimdall.externalUrl is at example.org",
    ),
    ("an Ingress without hosts", existing(ingress={"enabled": True}), "ingress is enabled and has no hosts"),
    ("an HTTPRoute without a gateway", existing(httpRoute={"enabled": True}), "httpRoute is enabled and has no paren"),
    (
        "a wildcard first",
        existing(ingress={"enabled": True, "hosts": ["*.example.com"]}),
        "heimdall.externalUrl can't be made of *.example.com",
    ),
]


@pytest.mark.parametrize(("values", "message"), [row[1:] for row in URLS_REFUSED], ids=[row[0] for row in URLS_REFUSED])
def test_address_refused(helm: Helm, values: Values, message: str) -> None:
    """One sentence each."""
    refused(helm, values, message)


SERVICES: list[tuple[str, Values, Document]] = [
    ("default", {}, {"type": "ClusterIP", "port": 3000, "nodePort": None}),
    ("another port", {"port": 80}, {"type": "ClusterIP", "port": 80, "nodePort": None}),
    ("a node's port", {"type": "NodePort", "nodePort": 30080}, {"type": "NodePort", "port": 3000, "nodePort": 30080}),
    ("no port of a node", {"type": "ClusterIP", "nodePort": 30080}, {"type": "ClusterIP", "nodePort": None}),
]


@pytest.mark.parametrize(("name", "values", "expected"), SERVICES, ids=[row[0] for row in SERVICES])
def test_service(helm: Helm, name: str, values: Values, expected: Document) -> None:
    """It leads to the pod's port by name."""
    documents = render(helm, existing(service=values))
    service = next(each for each in some(documents, "Service") if each["metadata"]["name"] == "r-heimdall")
    (port,) = service["spec"]["ports"]
    found = {"type": service["spec"]["type"], "port": port["port"], "nodePort": port.get("nodePort")}
    assert found.items() >= expected.items(), name
    assert port["targetPort"] == "http"
    labels = one(documents, "Deployment")["spec"]["template"]["metadata"]["labels"]
    assert labels.items() >= service["spec"]["selector"].items()


def test_ingress(helm: Helm) -> None:
    """Each host leads to the Service; a certificate without hosts is for all of them."""
    tls = [{"secretName": "all"}, {"secretName": "one", "hosts": ["h.example.com"]}]
    annotations = {"cert-manager.io/cluster-issuer": "letsencrypt"}
    values = existing(ingress={**HOSTS, "tls": tls, "className": "nginx", "annotations": annotations})
    ingress = one(render(helm, values), "Ingress")
    assert [rule["host"] for rule in ingress["spec"]["rules"]] == HOSTS["hosts"]
    assert [each["hosts"] for each in ingress["spec"]["tls"]] == [HOSTS["hosts"], ["h.example.com"]]
    backends = [path["backend"] for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]]
    assert backends == [{"service": {"name": "r-heimdall", "port": {"name": "http"}}}] * 2
    assert (ingress["spec"]["ingressClassName"], ingress["metadata"]["annotations"]) == ("nginx", annotations)


def test_route(helm: Helm) -> None:
    """To the Service's own port."""
    route = one(render(helm, existing(httpRoute=ROUTE, service={"port": 80})), "HTTPRoute")
    assert route["apiVersion"] == "gateway.networking.k8s.io/v1"
    assert route["spec"]["parentRefs"] == [{"name": "public"}]
    assert route["spec"]["hostnames"] == ["h.example.com"]
    assert route["spec"]["rules"] == [{"backendRefs": [{"name": "r-heimdall", "port": 80}]}]


def test_off_by_default(helm: Helm) -> None:
    """Nothing is opened that nobody asked for."""
    assert {d["kind"] for d in render(helm, existing())}.isdisjoint({"Ingress", "HTTPRoute", "PodDisruptionBudget"})


FROM = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress"}}}]
POLICIES: list[tuple[str, Values, int, int | None]] = [
    ("open", {}, 0, None),
    ("from one", {"from": FROM}, 2, None),
    ("to some", {"egress": [{"ports": [{"port": 443}]}]}, 0, 3),
]


@pytest.mark.parametrize(("name", "values", "peers", "rules"), POLICIES, ids=[row[0] for row in POLICIES])
def test_policy_of_the_application(helm: Helm, name: str, values: Values, peers: int, rules: int | None) -> None:
    """Who may come, with the pod of `helm test`; and what may be reached, with names and the database."""
    documents = render(helm, existing(networkPolicy={"enabled": True, **values}))
    spec = next(d for d in some(documents, "NetworkPolicy") if d["metadata"]["name"] == "r-heimdall")["spec"]
    (rule,) = spec["ingress"]
    assert rule["ports"] == [{"port": "http", "protocol": "TCP"}]
    assert len(rule.get("from", [])) == peers, name
    assert (len(spec["egress"]) if "egress" in spec else None) == rules
    assert ("Egress" in spec["policyTypes"]) == ("egress" in spec)
    if peers:
        test = one(documents, "Pod")["metadata"]["labels"]
        assert test.items() >= rule["from"][-1]["podSelector"]["matchLabels"].items()


def test_external_database_is_the_users_rule(helm: Helm) -> None:
    """The chart can't know its address."""
    policy = {"enabled": True, "egress": [{"ports": [{"port": 5432}]}]}
    documents = render(helm, existing(networkPolicy=policy, externalDatabase={"host": "h"}))
    assert len(one(documents, "NetworkPolicy")["spec"]["egress"]) == 2
