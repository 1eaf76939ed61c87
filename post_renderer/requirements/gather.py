"""Reads the objects of the stream that can matter."""

from __future__ import annotations

from post_renderer.document import nodes, stream
from post_renderer.document.stream import Document
from post_renderer.kube import manifest
from post_renderer.kube.manifest import Resource
from post_renderer.kube.objects import Objects
from post_renderer.model.finding import ERROR, NOTE, Finding, Place
from post_renderer.model.fix import command
from post_renderer.model.record import NamedTuple
from post_renderer.model.settings import Settings
from post_renderer.producers import MARKS, PRODUCERS
from post_renderer.requirements import contract, reach

SLOW_CAP = 1 << 20  # bytes: without libyaml, PyYAML reads 1 MB a second


class Gathered(NamedTuple):
    """The objects of a stream, and what could not be read."""

    objects: Objects
    findings: list[Finding]


def gather(data: bytes, starts: list[int], settings: Settings) -> Gathered:
    """Read the documents that could be ours or an application's, then those that these name."""
    documents = stream.candidates(data, starts, (*reach.words(settings), *MARKS))
    hidden = any(stream.is_hidden(data, document) for document in documents)
    resources, findings = _read(data, documents)
    release = manifest.release_namespace(resources, settings.namespace)
    resources = manifest.in_release(resources, release)
    known = {document.number for document in documents}
    for reached in (reach.takers, reach.pods, reach.config_maps):
        objects = Objects(data, resources, hidden)
        further = {each.number: each for each in reached(objects, starts, settings) if each.number not in known}
        more, unread = _read(data, list(further.values()))
        resources += manifest.in_release(more, release)
        findings += unread
        known |= further.keys()
    return Gathered(Objects(data, resources, hidden), findings)


def _read(data: bytes, documents: list[Document]) -> tuple[list[Resource], list[Finding]]:
    """The objects in the candidates; what can't be read leaves as it came, with a finding."""
    resources: list[Resource] = []
    findings: list[Finding] = []
    if sum(document.end - document.start for document in documents) > SLOW_CAP and _is_slow():
        return resources, [_too_much(documents)]
    for document in documents:
        try:
            resources += filter(_counts, manifest.read(data, document, PRODUCERS))
        except nodes.Unreadable as error:
            findings.append(_unreadable(data, document, error))
    return resources, findings


def _is_slow() -> bool:
    from post_renderer.document import parse  # with PyYAML, as in manifest.py

    return not parse.IS_FAST


def _too_much(documents: list[Document]) -> Finding:
    message = f"{len(documents):,} documents are too much to read: PyYAML has no libyaml here, and reads 1 MB a second"
    fix = "install a PyYAML with libyaml: all of its wheels have it, and `python -c 'import yaml._yaml'` works then"
    return Finding(ERROR, "no-libyaml", Place("the stream"), message, f"at most {SLOW_CAP:,} bytes", fix)


def _counts(resource: Resource) -> bool:
    """Whether an object will be there for pods: hooks of other phases are not, but are pods themselves."""
    return resource.kind in manifest.POD_OWNERS or resource.lives


def _unreadable(data: bytes, document: Document, error: nodes.Unreadable) -> Finding:
    place = Place(f"document {document.number}", line=error.line)
    if error.differs:
        message = f"a document {error.problem}: Kubernetes and other readers of YAML may read it in two ways"
        expected = "what every reader reads in one way"
        return Finding(ERROR, "read-in-two-ways", place, message, expected, "write it in plain YAML, in one document")
    text = data[document.start : document.end]
    if any(label.encode() in text for label in manifest.CONTRACT_LABELS):
        message = f"a contract {error.problem}: is the stream cut off?"
        return Finding(ERROR, "contract-damaged", place, message, "the contract as rendered", contract.REINSTALL)
    message = f"a document {error.problem}: it is not checked here"
    fix = command("helm", "template", "RELEASE", "CHART", note="and look at that line")
    return Finding(NOTE, "unreadable", place, message, "one document of YAML", fix)
