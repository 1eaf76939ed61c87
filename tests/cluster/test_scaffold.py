"""The scaffolds that a real API server can judge: each is accepted by their real CRDs, with strict validation."""

from collections.abc import Iterator

import pytest

from post_renderer.scaffold import scaffold
from post_renderer.scaffold.systems import MADE
from tests import clusters, crds, helms
from tests.clusters import Cluster
from tests.crds import ESO, SEALED_SECRETS, Module
from tests.support import accepted

CUSTOM = [(system, ESO) for system in MADE if system.startswith("eso-")] + [("sealed-secrets", SEALED_SECRETS)]


@pytest.fixture
def defined(cluster: Cluster, module: Module) -> Iterator[Cluster]:
    """A cluster that knows these kinds; those that it did not know before, it does not know afterwards."""
    try:
        with clusters.defined(cluster, crds.fetch(module)):
            yield cluster
    except helms.Unavailable as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(("system", "module"), CUSTOM)
def test_accepted_with_strict_validation(defined: Cluster, system: str) -> None:
    text = scaffold.render(scaffold.filled(system, {"namespace": defined.namespace}))
    apply = ("apply", "--server-side", "--validate=strict", "--filename=-")
    accepted(defined.kubectl(*apply, input=text))
    spoiled = defined.kubectl(*apply, input=text.replace("\nspec:\n", "\nspec:\n  spelled-wrongly: x\n"))
    assert spoiled.returncode != 0
    assert "spelled-wrongly" in spoiled.stderr
