"""The names of the files that a SecretProviderClass mounts: each provider reads its `parameters` in its own way."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from post_renderer.document import nodes, parse
from post_renderer.document.nodes import Mapping, Node, Scalar, Sequence

Names = frozenset[str]


class Unusable(Exception):
    """The provider can't read its parameters; the text says why."""


def names(provider: str, parameters: dict[str, str]) -> Names | None:
    """The files' names; None if the provider is not known here. Raises Unusable: the provider can't read them."""
    read = PROVIDERS.get(provider)
    return None if read is None else frozenset(read(parameters))


def _aws(parameters: dict[str, str]) -> Iterator[str]:
    """The alias, else the name, with `pathTranslation` for each slash; and the aliases under `jmesPath`.

    https://github.com/aws/secrets-store-csi-driver-provider-aws/blob/main/provider/secret_descriptor.go
    """
    slash = parameters.get("pathTranslation") or "_"
    for entry in _list(parameters, "objects"):
        for each in (entry, *entry.items("jmesPath")):
            name = each.text("objectAlias") or each.text("objectName")
            yield name.lstrip("/") if slash.lower() == "false" else name.replace("/", slash)


def _azure(parameters: dict[str, str]) -> Iterator[str]:
    """The alias, else the name; a number for each version of it; and the two parts of a certificate.

    https://github.com/Azure/secrets-store-csi-driver-provider-azure/blob/master/pkg/provider/provider.go
    """
    root = _read(parameters.get("objects", ""))
    array = root.get("array") if isinstance(root, Mapping) else None
    if not isinstance(array, Sequence):
        raise Unusable("objects has no list `array`")
    for item in array.items:
        entry = _read(item.text) if isinstance(item, Scalar) else None
        if not isinstance(entry, Mapping):
            raise Unusable("an entry of `array` is not a text with one object in it")
        name = entry.text("objectAlias").strip() or entry.text("objectName").strip()
        history = entry.text("objectVersionHistory").strip()
        if history.isdecimal() and int(history) > 1:
            yield from (f"{name}/{version}" for version in range(min(int(history), MOST_VERSIONS) + 1))
        else:
            yield from (name, f"{name}.crt", f"{name}.key")


def _gcp(parameters: dict[str, str]) -> Iterator[str]:
    """The path, else the old `fileName`.

    https://github.com/GoogleCloudPlatform/secrets-store-csi-driver-provider-gcp/blob/main/config/config.go
    """
    for entry in _list(parameters, "secrets"):
        yield entry.text("path") or entry.text("fileName")


def _vault(parameters: dict[str, str]) -> Iterator[str]:
    """The name.

    https://github.com/hashicorp/vault-csi-provider/blob/main/internal/config/config.go
    """
    for entry in _list(parameters, "objects"):
        yield entry.text("objectName")


# Google's managed add-on and OpenBao's provider read what the ones that they come from do.
PROVIDERS: dict[str, Callable[[dict[str, str]], Iterator[str]]] = {
    "aws": _aws,
    "azure": _azure,
    "gcp": _gcp,
    "gke": _gcp,
    "vault": _vault,
    "openbao": _vault,
}
MOST_VERSIONS = 1000  # of one object; a chart could ask for any number of them


def _list(parameters: dict[str, str], field: str) -> list[Mapping]:
    """The objects that a parameter lists, which is a text with YAML in it."""
    root = _read(parameters.get(field, ""))
    if not isinstance(root, Sequence):
        raise Unusable(f"{field} is not a list")
    return [each for each in root.items if isinstance(each, Mapping)]


def _read(text: str) -> Node | None:
    try:
        return parse.read(text.encode())
    except nodes.Unreadable:
        raise Unusable("it is not valid YAML") from None
