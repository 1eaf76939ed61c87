"""One container of a chart that knows nothing of contracts, as it is judged: its profile and its variables."""

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from post_renderer.kube import environment as wires
from post_renderer.kube.environment import Environment, Source
from post_renderer.kube.manifest import SECRET, Resource
from post_renderer.kube.objects import Objects
from post_renderer.kube.workload import Container
from post_renderer.model.finding import Place
from post_renderer.model.settings import Profile
from post_renderer.requirements.contract import Contract

if TYPE_CHECKING:  # a module more costs a start, and few runs are told values
    from post_renderer.requirements.user_values import Section


class Unit(NamedTuple):
    """A container, what is asked of it, where its variables come from, what the user's values say of it.

    `hidden`: Helm left Secrets out of the stream.
    """

    objects: Objects
    container: Container
    profile: Profile
    environment: Environment
    hidden: bool
    section: "Section | None" = None

    @property
    def data(self) -> bytes:
        """The stream."""
        return self.objects.data

    @property
    def place(self) -> Place:
        """Where the container is."""
        return wires.place_of(self.data, self.container, self.container.node)

    @property
    def required(self) -> tuple[str, ...]:
        """The variables that it has to have; one that runs to its end needs only what it takes."""
        names = self.profile.required
        return tuple(name for name in names if name in self.environment.variables) if self.container.ends else names

    @property
    def sources(self) -> dict[str, Source]:
        """The required variables that come from somewhere, with where."""
        return {name: self.environment.variables[name] for name in self.required if name in self.environment.variables}

    @property
    def secrets(self) -> tuple[Source, ...]:
        """A source for each Secret that required variables come from, or may come from."""
        found = [source for source in self.sources.values() if source.kind == SECRET and source.name]
        if any(name not in self.environment.variables for name in self.required):
            found += [each for each in (*self.environment.whole, *self.environment.unseen) if each.kind == SECRET]
        return tuple({source.name: source for source in reversed(found)}.values())[::-1]

    @property
    def main(self) -> Resource | None:
        """The Secret in the stream that most of the required variables come from."""
        targets = [target[0] for name in self.required if (target := self.target(name))]
        named = {resource.node.start: resource for resource in targets}
        most = Counter(resource.node.start for resource in targets).most_common(1)
        return named[most[0][0]] if most else None

    @property
    def contract(self) -> Contract:
        """What a contract would say, had the chart one."""
        section = self.section
        approach = (section.winner if section else "") or ("inline" if self.main else "existing")
        return Contract(
            resource=self.container.resource,
            approach=approach,
            ignored=(),
            secret=self.main.name if self.main else "",
            required=self.required,
            elsewhere={},
            lengths=self.profile.lengths,
            files=section.files if section else (),
            verified=False,
            values_path=section.path if section else self.profile.values_path,
        )

    def title(self, source: Source) -> str:
        """What a source's object is called."""
        namespace = source.resource.namespace if source.resource else self.container.resource.namespace
        return f"{source.kind} {namespace}/{source.name}" if namespace else f"{source.kind} {source.name}"

    def target(self, variable: str) -> tuple[Resource, str] | None:
        """The Secret in the stream, and its key, that a variable comes from or would come from."""
        source = self.environment.variables.get(variable)
        if source is not None:
            return (source.resource, source.key) if source.kind == SECRET and source.resource else None
        for whole in reversed(self.environment.whole):
            if whole.kind == SECRET and whole.resource and variable.startswith(whole.prefix):
                return whole.resource, variable.removeprefix(whole.prefix)
        return None
