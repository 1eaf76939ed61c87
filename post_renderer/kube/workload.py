"""A container of a workload with what is asked of it, and where its variables come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from post_renderer.kube import environment
from post_renderer.kube.containers import Container
from post_renderer.kube.environment import Environment, Source
from post_renderer.kube.manifest import SECRET, Resource
from post_renderer.kube.objects import Objects
from post_renderer.model.finding import Place
from post_renderer.model.record import NamedTuple


class Workload(NamedTuple):
    """A container that runs a known application, with the variables that no contract speaks for.

    Attributes:
        objects: The objects of the stream.
        container: The container.
        wanted: The variables that the application needs.
        environment: Where its variables come from.
        expected: Where a contract says that variables come from: `SECRET/KEY` by variable.
        taken_for: What it was taken for, and why: `taken for Heimdall, because its image ends in heimdall2`.
    """

    objects: Objects
    container: Container
    wanted: tuple[str, ...]
    environment: Environment
    expected: Mapping[str, str] = {}
    taken_for: str = ""

    @property
    def data(self) -> bytes:
        """The stream."""
        return self.objects.data

    @property
    def place(self) -> Place:
        """Where the container is."""
        return environment.place_of(self.data, self.container, self.container.node)

    @property
    def namespace(self) -> str:
        """The namespace of its pod and so of all that it names."""
        return self.container.resource.namespace

    @property
    def required(self) -> tuple[str, ...]:
        """The variables that it has to have; one that runs to its end needs only what it takes."""
        variables = self.environment.variables
        return tuple(name for name in self.wanted if name in variables) if self.container.ends else self.wanted

    @property
    def sources(self) -> dict[str, Source]:
        """Where the required variables come from, as far as they come from somewhere."""
        return {name: self.environment.variables[name] for name in self.required if name in self.environment.variables}

    @property
    def nowhere(self) -> tuple[str, ...]:
        """The required variables that nothing brings, as far as that is known."""
        return tuple(name for name in self.required if name not in self.environment.variables)

    @property
    def secrets(self) -> tuple[Source, ...]:
        """A source for each Secret that required variables come from, or may come from."""
        found = [source for source in self.sources.values() if source.kind == SECRET and source.name]
        if self.nowhere:
            found += [each for each in (*self.environment.whole, *self.environment.unseen) if each.kind == SECRET]
        return tuple({source.name: source for source in reversed(found)}.values())[::-1]

    @property
    def main(self) -> Resource | None:
        """The Secret in the stream that most of the required variables come from."""
        targets = [target[0] for name in self.required if (target := self.target(name))]
        named = {resource.node.start: resource for resource in targets}
        most = Counter(resource.node.start for resource in targets).most_common(1)
        return named[most[0][0]] if most else None

    def title(self, source: Source) -> str:
        """What a source's object is called."""
        return f"{source.kind} {self.namespace}/{source.name}" if self.namespace else f"{source.kind} {source.name}"

    def target(self, variable: str) -> tuple[Resource, str] | None:
        """The Secret in the stream, and its key, that a variable comes from or would come from."""
        source = self.environment.variables.get(variable)
        if source is not None:
            return (source.resource, source.key) if source.kind == SECRET and source.resource else None
        for whole in reversed(self.environment.whole):
            if whole.kind == SECRET and whole.resource and variable.startswith(whole.prefix):
                return whole.resource, variable.removeprefix(whole.prefix)
        return None
