"""Brings the pinned programs that the tests drive into the cache, once for a machine.

    python -m tests.bring          the newest Helm of each major (else the next that can be had), kubectl, sops,
                                   CRDs, Kubernetes' reader of YAML, the dependencies in heimdall-pr.pyz
    python -m tests.bring --all    every pinned Helm too, what installations of heimdall-pr need, and the programs that
                                   the tests in a cluster need

What can't be had is named, and is no failure: the tests that need it are skipped, and say so.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from tests import crds, helms, sealed, sopses, wheelhouse
from tests.reader import oracles
from tools import pyz

Bring = Callable[[], object]  # raises helms.Unavailable


def wanted(everything: bool) -> Iterator[Iterable[Bring]]:
    """What to bring, each as a choice: the first that can be had is enough."""
    for major in helms.NEWEST:
        yield [partial(helms.fetch, each) for each in reversed(helms.VERSIONS) if helms.major(each) == major]
    yield [partial(helms.fetch, "kubectl")]
    yield from ([partial(sopses.program, name)] for name in sopses.PINS)
    yield [pyz.wheels]
    yield from ([partial(crds.fetch, module)] for module in crds.MODULES)
    yield from ([partial(oracles.bring, version)] for version in oracles.VERSIONS)
    if everything:
        yield from ([partial(helms.fetch, version)] for version in helms.VERSIONS)
        yield [wheelhouse.fetch]
        yield from ([partial(sealed.program, name)] for name in sealed.PROGRAMS)


def main(arguments: list[str]) -> int:
    """Return 0, whatever can't be had; 2 if the command line is wrong."""
    if arguments not in ([], ["--all"]):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    for choice in wanted("--all" in arguments):
        for bring in choice:
            try:
                bring()
                break
            except helms.Unavailable as error:
                sys.stderr.write(f"bring: left out: {error}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
