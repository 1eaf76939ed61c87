"""The contract: a ConfigMap in which the chart says what it rendered and which secrets must be there."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from post_renderer.document.nodes import Scalar
from post_renderer.kube import manifest
from post_renderer.kube.manifest import Resource
from post_renderer.model.finding import ERROR, Finding
from post_renderer.rules import policy

VERSION = "v1"
MOST_KEYS = 100  # required ones; a chart could else make the checks take for ever
VALUES = {"existing": "existingSecret", "inline": "secrets", "files": "secretsFiles"}
FIELDS = ("approach", "ignored", "secret", "required", "lengths", "sources", "files", "verified", "valuesPath")
REINSTALL = "render it again with the chart as released: helm template RELEASE CHART"
UPGRADE = "pip install --upgrade heimdall-pr"


class Contract(NamedTuple):
    """What a chart asks for. `required` are the keys expected in `secret`; `elsewhere` come from other Secrets."""

    resource: Resource
    approach: str
    ignored: tuple[str, ...]
    secret: str
    required: tuple[str, ...]
    elsewhere: Mapping[str, str]
    lengths: Mapping[str, int]
    files: tuple[str, ...]
    verified: bool
    values_path: str

    @property
    def namespace(self) -> str:
        """The namespace that it and its Secret are in; empty where the chart leaves that to Helm."""
        return self.resource.namespace

    @property
    def title(self) -> str:
        """What the Secret is called."""
        return f"Secret {self.namespace}/{self.secret}" if self.namespace else f"Secret {self.secret}"

    def fills(self, other: "Contract") -> bool:
        """Whether it may name the same Secret as another: an unwritten namespace is the release's, as for objects."""
        is_there = not self.namespace or not other.namespace or self.namespace == other.namespace
        return is_there and self.secret == other.secret

    def secrets_in(self, resources: Iterable[Resource]) -> Iterator[Resource]:
        """The Secrets in the stream that may be the one it names."""
        of_kind = (resource for resource in resources if resource.kind == manifest.SECRET)
        return (resource for resource in of_kind if resource.same(self.namespace, self.secret))

    def value(self, key: str = "") -> str:
        """The values path of the approach, or of a key in it."""
        path = f"{self.values_path}.{VALUES[self.approach]}"
        return f"{path}.{key}" if key else path

    @property
    def is_inline(self) -> bool:
        """Whether values of the chart's own are rendered, in which exactly `${NAME}` is replaced."""
        return self.approach == "inline" and self.resource.kind == manifest.CONFIG_MAP

    def expects(self, key: str) -> str:
        """What a good value of a key is like."""
        length = self.lengths.get(key)
        return f"{length} characters" if length else "a value"

    def recipe(self, key: str) -> str:
        """The command that makes a value for a key."""
        return str(policy.recipe(key, self.lengths.get(key, 0)))


def read(data: bytes, resource: Resource) -> Contract | list[Finding]:
    """The contract, or everything that is wrong with it."""
    version = manifest.contract_version(resource)
    place = resource.place(data)
    if version != VERSION:
        expected = f"{manifest.CONTRACT_LABEL}: {VERSION}"
        return [Finding(ERROR, "contract-version", place, "the contract is of another version", expected, UPGRADE)]
    texts = _texts(resource)
    problems = _problems(texts)
    if problems:
        return [
            Finding(ERROR, "contract-damaged", place, problem, expected, REINSTALL) for problem, expected in problems
        ]
    return _contract(resource, texts)


def _texts(resource: Resource) -> dict[str, str]:
    block = resource.node.mapping("data")
    pairs = block.pairs if block else ()
    return {key.text: value.text for key, value in pairs if isinstance(key, Scalar) and isinstance(value, Scalar)}


def _problems(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is wrong, each with what was expected. The values of a contract are no secrets, but are not shown either."""
    found = [(f"the contract has no data.{name}", "a string") for name in FIELDS if name not in texts]
    if found:
        return found
    checks = (
        (texts["approach"] in VALUES, "approach", " or ".join(VALUES)),
        (all(name in VALUES.values() for name in split(texts["ignored"])), "ignored", "names of values"),
        (bool(texts["secret"]), "secret", "a Secret's name"),
        (
            are_keys(split(texts["required"])) and len(split(texts["required"])) <= MOST_KEYS,
            "required",
            "names of environment variables, comma-separated",
        ),
        (are_lengths(texts["lengths"]), "lengths", "KEY=NUMBER, comma-separated"),
        (_are_pairs(texts["sources"], _is_source), "sources", "KEY=SECRET/KEY, comma-separated"),
        (bool(lines(texts["files"])) == (texts["approach"] == "files"), "files", "paths, where files won"),
        (texts["verified"] in ("true", "false"), "verified", "true or false"),
        (bool(texts["valuesPath"]), "valuesPath", "a path in the values"),
    )
    return [
        (f"the contract's data.{name} can't be understood", expected) for good, name, expected in checks if not good
    ]


def _contract(resource: Resource, texts: Mapping[str, str]) -> Contract:
    elsewhere = pairs(texts["sources"])
    return Contract(
        resource=resource,
        approach=texts["approach"],
        ignored=split(texts["ignored"]),
        secret=texts["secret"],
        required=tuple(key for key in split(texts["required"]) if key not in elsewhere),
        elsewhere=elsewhere,
        lengths={key: int(length) for key, length in pairs(texts["lengths"]).items()},
        files=lines(texts["files"]),
        verified=texts["verified"] == "true",
        values_path=texts["valuesPath"],
    )


def split(text: str) -> tuple[str, ...]:
    """The parts of a comma-separated list."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def lines(text: str) -> tuple[str, ...]:
    """The lines of a text that are not empty."""
    return tuple(line for line in text.split("\n") if line.strip())


def pairs(text: str) -> dict[str, str]:
    """The KEY=VALUE pairs of a comma-separated list."""
    return {key: value for key, _, value in (part.partition("=") for part in split(text))}


def are_keys(names: tuple[str, ...]) -> bool:
    """Whether these are names of variables, at least one."""
    return bool(names) and all(policy.is_variable_name(name) for name in names)


def are_lengths(text: str) -> bool:
    """Whether a text says lengths of keys."""
    return _are_pairs(text, _is_length)


def _are_pairs(text: str, is_value: Callable[[str], bool]) -> bool:
    return all(policy.is_variable_name(key) and is_value(value) for key, value in pairs(text).items())


def _is_length(text: str) -> bool:
    return text.isdecimal() and len(text) < 6


def _is_source(text: str) -> bool:
    secret, _, key = text.partition("/")
    return bool(secret and key)
