"""Reads contract files: YAML, several documents in a file, each about the Secrets that it matches."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from post_renderer.document import nodes, parse, stream
from post_renderer.document.nodes import Mapping, Node, Scalar
from post_renderer.document.nodes import Sequence as List
from post_renderer.kube import names
from post_renderer.model.contract_file import ContractFile
from post_renderer.model.errors import UserError
from post_renderer.model.finding import ERROR, Finding, Place, capped
from post_renderer.requirements import profile, terms
from post_renderer.requirements.contract_schema import FIELDS, KEY_FIELDS, LENGTH_FIELDS
from post_renderer.rules import flat, policy
from post_renderer.rules.flat import Said

RULE = "contract-file"
HELP = "docs/contract.md has each field with an example; `heimdall-pr contract schema` is for editors"
MATCHES = ("secret", "labels", "image")
EXPECTED = "`secret`, `labels` or `image`"
PRESENT = "present"
# How a key's fields are called in the flat spelling, which has them for all keys at once.
FLAT = {"kind": "kinds", "length": "lengths", "format": "formats", "issuer": "issuers"}
SINGULAR = {name: field for field, name in FLAT.items()}
STARS = str.maketrans("", "", "*")
MOST_DOCUMENTS = 100


class Wrong(Exception):
    """A node is not what it should be: the node, the message, what was expected."""

    def __init__(self, node: Node, message: str, expected: str) -> None:
        super().__init__(message)
        self.node, self.message, self.expected = node, message, expected


class Mistakes(Exception):
    """All that is wrong with a document. As a context it collects what is raised within."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[Wrong] = []

    def __enter__(self) -> Mistakes:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, Wrong):
            self.wrong.append(error)
        return isinstance(error, Wrong)


def read(path: str, content: bytes, present: bool = False) -> list[ContractFile]:
    """The contracts of a file; `present`: they are for what may be absent. Raises UserError with all that is wrong."""
    starts = stream.cut(content)
    ends = [*starts[1:], len(content)]
    spans = list(zip(starts, ends, strict=True))[:MOST_DOCUMENTS]
    read = [_document(path, content, *span, present) for span in spans]
    found = [each for each in read if isinstance(each, ContractFile)]
    findings = [finding for each in read if isinstance(each, list) for finding in each]
    if len(starts) > MOST_DOCUMENTS:
        findings.append(_finding(path, 1, "the file has too many documents", f"at most {MOST_DOCUMENTS}"))
    elif not found and not findings:
        findings.append(_finding(path, 1, "the file has no contract", f"`keys`, and {EXPECTED}"))
    if findings:
        raise UserError(f"the contract {path} can't be used", HELP, capped(findings))
    return found


def _document(path: str, content: bytes, start: int, end: int, present: bool) -> ContractFile | list[Finding]:
    """The contract of one document, or all that is wrong with it; nothing if it is empty. Raises UserError."""
    try:
        root = _root(content, start, end)
        if root is None:
            return []
        if isinstance(root, Mapping) and isinstance(root.get("required"), Scalar):  # the first form of a file
            return ContractFile(Place(file=path, line=1), profile=profile.parse(path, content), present=present)
        return _contract(Place(file=path, line=stream.line_of(content, root.start)), root, present)
    except nodes.Unreadable as error:
        line = stream.line_of(content, start) + error.line - 1
        return [_finding(path, line, f"the contract {error.problem}", "YAML")]
    except Wrong as wrong:
        return [_of_node(path, content, wrong)]
    except Mistakes as mistakes:
        in_order = sorted(mistakes.wrong, key=lambda each: each.node.start)
        return [_of_node(path, content, each) for each in in_order]


def _of_node(path: str, content: bytes, wrong: Wrong) -> Finding:
    return _finding(path, stream.line_of(content, wrong.node.start), wrong.message, wrong.expected)


def _finding(path: str, line: int, message: str, expected: str) -> Finding:
    return Finding(ERROR, RULE, Place(file=path, line=line), message, expected, HELP)


def _root(content: bytes, start: int, end: int) -> Node | None:
    """A document's root; None if there is nothing in it. Raises Unreadable and Wrong."""
    text = content[start:end]
    if text.startswith(b"---"):
        text = b"   " + text[3:]
    root = parse.read(text if text.endswith(b"\n") else text + b"\n", start, whole=True)
    if root is None or (isinstance(root, Scalar) and root.plain and not root.value):
        return None
    _plain(root)
    return root


def _plain(node: Node) -> None:
    """Refuse what other readers of YAML may take for something else. Raises Wrong."""
    if node.anchored or node.tag:
        raise Wrong(node, "an anchor, an alias or a tag is in the contract", "plain YAML")
    if isinstance(node, Mapping):
        if knot := node.knot():
            raise Wrong(knot, "a key is there twice, or a merge key", "each key once")
        for pair in node.pairs:
            for each in pair:
                _plain(each)
    elif isinstance(node, List):
        for item in node.items:
            _plain(item)


def _contract(place: Place, root: Node, present: bool) -> ContractFile:
    """The contract that a document is. Raises Wrong or Mistakes."""
    mapping = _mapping(root, "the contract", ", ".join(FIELDS))
    mistakes = Mistakes()
    mistakes.wrong += _unknown(mapping, FIELDS)
    found = _matching(mapping, ContractFile(place, present=present), mistakes)
    with mistakes:
        asked, problems = terms.read(_said(mapping, mistakes))
        mistakes.wrong += [Wrong(_node(mapping, each), _message(each), _expected(each)) for each in problems]
        found = found._replace(required=asked.required, lengths=asked.lengths, terms=asked.terms)
    if mistakes.wrong:
        raise mistakes
    return found


def _matching(mapping: Mapping, found: ContractFile, mistakes: Mistakes) -> ContractFile:
    """The contract with all that is not about keys."""
    with mistakes:
        found = found._replace(application=_name(mapping, "application"))
    with mistakes:
        found = found._replace(secret=_secret(mapping))
    with mistakes:
        found = found._replace(labels=_labels(mapping))
    with mistakes:
        found = found._replace(images=_images(mapping))
    with mistakes:
        found = found._replace(present=found.present or _when(mapping))
    with mistakes:
        found = found._replace(environment=_environment(mapping))
    matches = {name for name in MATCHES if mapping.get(name) is not None}
    if len(matches) != 1 and matches != {"image", "secret"}:
        expected = f"{EXPECTED}, or `image` with `secret`"
        mistakes.wrong.append(Wrong(mapping, "what the contract matches by is not clear", expected))
    return found


# --- what is said of keys


def _said(mapping: Mapping, mistakes: Mistakes) -> Said:
    """What a document says of keys. Raises Wrong."""
    node = mapping.get("keys")
    if node is None:
        raise Wrong(mapping, "the contract has no `keys`", FIELDS["keys"])
    blocks = _mapping(node, "`keys`", FIELDS["keys"]).entries
    fields: dict[str, dict[str, list[str]]] = {name: {} for name in blocks}
    optional = []
    for name, (_, value) in blocks.items():
        with mistakes:
            block = _mapping(value, f"key {name}", ", ".join(KEY_FIELDS))
            mistakes.wrong += _unknown(block, KEY_FIELDS)
            optional += [name] * _is_optional(block)
            fields[name] = _fields(block)
    one_of, together, equal = _groups(mapping, mistakes)
    grouped = {key for group in (*one_of, together) for group_keys in group for key in group_keys}
    mistakes.wrong += [
        Wrong(_group(mapping, key), terms.unknown(key, blocks), "names of `keys`")
        for key in sorted(grouped - {*blocks})
    ]
    required = [name for name in blocks if name not in optional and name not in grouped]
    return Said(required, optional, one_of, together, equal, fields)


def _groups(
    mapping: Mapping, mistakes: Mistakes
) -> tuple[list[list[tuple[str, ...]]], list[tuple[str, ...]], list[tuple[str, str]]]:
    """Alternatives, keys that belong together, and pairs of equal keys."""
    one_of: list[list[tuple[str, ...]]] = []
    together: list[tuple[str, ...]] = []
    equal: list[tuple[str, str]] = []
    with mistakes:
        one_of = [[_keys(each, "oneOf") for each in _list(group, "`oneOf`")] for group in _lists(mapping, "oneOf")]
    with mistakes:
        together = [_keys(group, "together") for group in _lists(mapping, "together")]
    with mistakes:
        equal = list(_texts(mapping, "equal").items())
    return one_of, together, equal


def _group(mapping: Mapping, key: str) -> Node:
    """The node of a group's key."""
    nodes = [node for field in ("oneOf", "together") for node in _lists(mapping, field)]
    while nodes:
        node = nodes.pop(0)
        if isinstance(node, Scalar) and node.value == key:
            return node
        nodes += node.items if isinstance(node, List) else ()
    return mapping


def _is_optional(node: Mapping) -> bool:
    value = node.get("optional")
    if value is None:
        return False
    if not isinstance(value, Scalar) or value.truth is None:
        raise Wrong(value, "`optional` is neither true nor false", KEY_FIELDS["optional"])
    return value.truth


def _fields(node: Mapping) -> dict[str, list[str]]:
    """What is said of one key, in the flat spelling."""
    found: dict[str, list[str]] = {}
    for field, (_, value) in node.entries.items():
        if field == "length":
            found["lengths"] = list(_lengths(value))
        elif field == "forbidden":
            found[field] = [_text(each, field).strip() for each in _list(value, field)]
        elif field != "optional" and field in KEY_FIELDS:
            found[FLAT.get(field, field)] = [_text(value, f"`{field}`")]
    return found


def _lengths(node: Node) -> Iterator[str]:
    """The lengths of a key: a number, or a mapping of how each is meant."""
    if isinstance(node, Scalar):
        yield _text(node, "`length`")
        return
    block = _mapping(node, "`length`", KEY_FIELDS["length"])
    for wrong in _unknown(block, LENGTH_FIELDS):
        raise wrong
    if not block.entries:
        raise Wrong(node, "`length` has no length", KEY_FIELDS["length"])
    for how, (_, value) in block.entries.items():
        if how == "in":
            yield f"in:{'|'.join(_text(each, 'a length') for each in _list(value, '`in`'))}"
        else:
            prefix = "" if how == "recommended" else f"{how}:"
            yield prefix + _text(value, f"`{how}`")


def _message(problem: terms.Problem) -> str:
    """A problem's message, with the field as a file has it."""
    return problem.message.replace(f"`{problem.field}`", f"`{SINGULAR.get(problem.field, problem.field)}`")


def _expected(problem: terms.Problem) -> str:
    """What was expected, as a file has it."""
    return {**FIELDS, "lengths": KEY_FIELDS["length"]}.get(problem.field, problem.expected)


def _node(mapping: Mapping, problem: terms.Problem) -> Node:
    """The node that a problem is about: the key's, or its field's."""
    field = SINGULAR.get(problem.field, problem.field)
    key, keys = mapping.mapping("keys", problem.key), mapping.mapping("keys")
    places = [(key, field), (keys, problem.key), (mapping, "keys")]
    for block, name in [(mapping, field), *places] if field in flat.LISTS else places:
        if block and name in block.entries:
            return block.entries[name][0]
    return mapping


# --- what it matches


def _secret(mapping: Mapping) -> str:
    node = mapping.get("secret")
    if node is None:
        return ""
    text = _text(node, "`secret`")
    if not names.is_name(text.replace("{release}", "r").replace("*", "x")) or not text.replace("*", "").strip("-."):
        raise Wrong(node, "`secret` is no name of a Secret", FIELDS["secret"])
    return text


def _images(mapping: Mapping) -> tuple[str, ...]:
    """The ends of images' paths, each with a slash before it; none if there are none."""
    node = mapping.get("image")
    if node is None:
        return ()
    texts = [_text(each, "`image`").strip("/") for each in _list(node, "`image`")]
    if not all(texts) or not texts or not all(map(policy.DATA_KEY.union("/").issuperset, texts)):
        raise Wrong(node, "`image` is no path of an image", FIELDS["image"])
    return tuple(f"/{text}" for text in texts)


def _labels(mapping: Mapping) -> dict[str, str]:
    node = mapping.get("labels")
    labels = _texts(mapping, "labels")
    if node is not None and not labels:
        raise Wrong(node, "`labels` has no label", FIELDS["labels"])
    return labels


def _when(mapping: Mapping) -> bool:
    node = mapping.get("when")
    if node is not None and _text(node, "`when`") != PRESENT:
        raise Wrong(node, "`when` is not `present`", FIELDS["when"])
    return node is not None


def _environment(mapping: Mapping) -> tuple[str, ...]:
    node = mapping.get("environment")
    found = _keys(node, "environment") if node is not None else ()
    if not all(map(policy.is_variable_name, found)):
        raise Wrong(node or mapping, "`environment` has what is no variable's name", FIELDS["environment"])
    return tuple(found)


def _name(mapping: Mapping, field: str) -> str:
    node = mapping.get(field)
    text = _text(node, f"`{field}`") if node is not None else ""
    if len(text) > names.LABEL_LENGTH or not policy.DATA_KEY.issuperset(text):
        raise Wrong(node or mapping, f"`{field}` is no name", FIELDS[field])
    return text


# --- nodes


def _mapping(node: Node, what: str, expected: str = "a mapping") -> Mapping:
    """A node as a mapping; null is an empty one. Raises Wrong."""
    if isinstance(node, Scalar) and node.is_null:
        return Mapping(node.start, node.end, (), False)
    if not isinstance(node, Mapping):
        raise Wrong(node, f"{what} is no mapping", expected)
    return node


def _unknown(mapping: Mapping, fields: Collection[str]) -> list[Wrong]:
    """The fields that nobody knows."""
    strange = ((key, name) for name, (key, _) in mapping.entries.items() if name not in fields)
    return [Wrong(key, terms.unknown(name, fields, "field"), ", ".join(fields)) for key, name in strange]


def _list(node: Node, what: str) -> Sequence[Node]:
    """A node as a list, a text as one of one. Raises Wrong."""
    if isinstance(node, Mapping):
        raise Wrong(node, f"{what} is no list", "a list")
    return node.items if isinstance(node, List) else (node,)


def _lists(mapping: Mapping, field: str) -> Sequence[Node]:
    node = mapping.get(field)
    if node is not None and not isinstance(node, List):
        raise Wrong(node, f"`{field}` is no list", FIELDS[field])
    return node.items if isinstance(node, List) else ()


def _keys(node: Node, what: str) -> tuple[str, ...]:
    return tuple(_text(each, f"`{what}`") for each in _list(node, f"`{what}`"))


def _texts(mapping: Mapping, field: str) -> dict[str, str]:
    node = mapping.get(field)
    if node is None:
        return {}
    return {name: _text(value, f"`{field}`") for name, (_, value) in _mapping(node, f"`{field}`").entries.items()}


def _text(node: Node, what: str) -> str:
    """A node as a text, a number as its digits. Raises Wrong."""
    if not isinstance(node, Scalar) or node.is_null or (node.plain and node.truth is not None):
        raise Wrong(node, f"{what} is no text", "a text")
    return node.value
