"""Reads the objects of the stream that can matter."""

from typing import NamedTuple

from post_renderer.document import nodes, stream
from post_renderer.document.stream import Document
from post_renderer.kube import manifest
from post_renderer.kube.manifest import Resource
from post_renderer.model.finding import ERROR, NOTE, Finding, Place
from post_renderer.model.settings import Settings
from post_renderer.requirements import contract, reach


class Gathered(NamedTuple):
    """The objects, what could not be read, and whether Helm left Secrets out."""

    resources: list[Resource]
    findings: list[Finding]
    hidden: bool


def objects(data: bytes, starts: list[int], settings: Settings) -> Gathered:
    """The objects of the documents that could be ours or could be an application's, and of those that these name."""
    documents = stream.candidates(data, starts, reach.words(settings))
    resources, findings = _read(data, documents)
    resources += _further(data, starts, resources, {document.number for document in documents}, settings)
    return Gathered(resources, findings, any(stream.is_hidden(data, document) for document in documents))


def _further(
    data: bytes, starts: list[int], resources: list[Resource], known: set[int], settings: Settings
) -> list[Resource]:
    """The objects that matter by what others name: what takes a Secret whole, then what that takes from."""
    found: list[Resource] = []
    for reached in (reach.takers, reach.config_maps):
        documents = {each.number: each for each in reached(data, starts, [*resources, *found], settings)}
        found += _read(data, [each for number, each in documents.items() if number not in known])[0]
        known |= documents.keys()
    return found


def _read(data: bytes, documents: list[Document]) -> tuple[list[Resource], list[Finding]]:
    """The objects in the candidates; what can't be read leaves as it came, and is said."""
    resources: list[Resource] = []
    findings = []
    for document in documents:
        try:
            resources += manifest.read(data, document)
        except nodes.Unreadable as error:
            findings.append(_unreadable(data, document, error))
    return resources, findings


def _unreadable(data: bytes, document: Document, error: nodes.Unreadable) -> Finding:
    place = Place(f"document {document.number}", line=error.line)
    if data.find(manifest.CONTRACT_LABEL.encode(), document.start, document.end) >= 0:
        message = f"a contract {error.problem}: is the stream cut off?"
        return Finding(ERROR, "contract-damaged", place, message, "the contract as rendered", contract.REINSTALL)
    message = f"a document {error.problem}: it is passed on as it came, not checked here"
    fix = "helm template RELEASE CHART, and look at that line"
    return Finding(NOTE, "unreadable", place, message, "one document of YAML", fix)
