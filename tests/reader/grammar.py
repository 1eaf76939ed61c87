"""Random streams of YAML, in the ways of writing on which readers disagree."""

import base64
from collections.abc import Callable, Sequence
from random import Random

BREAKS: tuple[str, ...] = ("\n", "\r\n", "\r", "\x85", "\u2028", "\u2029")
ANCHORS: tuple[str, ...] = ("a", "b", "c")
KEYS: tuple[str, ...] = (
    "JWT_SECRET",
    "API_KEY_SECRET",
    "DATABASE_PASSWORD",
    "yes",
    "on",
    "1",
    "0x10",
    "true",
    "null",
    "<<",
    "é",
)
ODD: tuple[str, ...] = (
    "",
    "~",
    "null",
    "Null",
    "yes",
    "True",
    "on",
    "no",
    "n",
    "1",
    "0x10",
    "1_0",
    "_1",
    "+_1",
    "1.5",
    "2001-01-01",
)
ODD += ("1:30", "=", ".5", "<<", "!x y", "! yes", "!!str yes", "!!bool yes", "!!int 3", "!!null ''", "!!float 1", "-")
APPLICATIONS: tuple[str, ...] = ("v1", "v1", "v1", "apps/v1", "example.com/v1", "batch/v1", "external-secrets.io/v1")
KINDS: tuple[str, ...] = (
    "Secret",
    "Secret",
    "Secret",
    "ConfigMap",
    "Deployment",
    "Pod",
    "Job",
    "List",
    "SecretList",
    "Role",
)
KINDS += ("ExternalSecret", "SealedSecret")
ROOTS: tuple[str, ...] = (
    "data",
    "data",
    "stringData",
    "metadata",
    "spec",
    "items",
    "kind",
    "apiVersion",
    "<<",
    "DATA",
    "Kind",
    "type",
)
NAMES: tuple[str, ...] = ("x", "h-secrets", "heimdall.mitre.org/secrets-contract", "optional", "name", "env", "image")
HOOKS: tuple[str, ...] = ("test", "pre-install", "post-delete", "Pre-Install", "", "pre-install,post-install", "foo")
JUNK: tuple[str, ...] = (
    "\ufeff",
    "\x85",
    "\u2028",
    "\r",
    "\r\r\n",
    "---\n",
    "--- ",
    "...\n",
    "---#x\n",
    "---\u00a0\n",
    "\t",
    " ",
    "&a ",
)
JUNK += (
    "*a",
    "<<: *a\n",
    "<<: {kind: Secret}\n",
    "kind: Secret\n",
    "? ",
    ": ",
    "- ",
    "# c\n",
    "'",
    '"',
    "\\",
    "{",
    "}",
)
JUNK += (
    "[",
    "]",
    ",",
    "!!binary ",
    "! ",
    "%TAG ! tag:yaml.org,2002:\n",
    "|\n",
    "items: []\n",
    "\n",
    "\n\n",
    "\x7f",
    "!<!!str> ",
)


class Writer:
    """Writes one stream."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 (the same streams for the same seed)
        self.known: list[str] = []
        self.mappings: list[str] = []

    def one(self, *some: str) -> str:
        return self.random.choice(some)

    def rarely(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def stream(self) -> bytes:
        """Some documents, and in one of four a few pieces that do not belong there."""
        number = self.random.choice((1, 1, 1, 2, 3))
        parts = []
        for index in range(number):
            self.known, self.mappings = [], []
            parts.append(("---\n" if index or self.rarely(50) else "") + self.document())
        text = self.one(*["\n"] * 30, "\r\n", "\r\n", "\r").join("".join(parts).split("\n"))
        if self.rarely(25):
            text = self.damaged(text)
        if self.rarely(3):
            text = "\ufeff" + text
        if self.rarely(5):
            text = text.rstrip("\n")
        return text.encode("utf-8", "surrogatepass")

    def damaged(self, text: str) -> str:
        for _ in range(self.random.randint(1, 3)):
            at, cut = self.random.randrange(len(text) + 1), self.random.choice((0, 0, 0, 1, 5))
            if self.rarely(50):
                at = text.find("\n", at) + 1 or at
            text = text[:at] + self.one(*JUNK) + text[at + cut :]
        return text

    def document(self) -> str:
        """An object: its usual keys in any order, some of them twice, some by a merge key."""
        if self.rarely(8):
            return self.flow(self.fields(), 0) + "\n"
        indent = "  " if self.rarely(3) else ""
        return "".join(self.pair(key, value, indent) for key, value in self.fields())

    def fields(self) -> list[tuple[str, "Value"]]:
        found: list[tuple[str, Value]] = [
            ("apiVersion", lambda *_: self.scalar(self.one(*APPLICATIONS))),
            ("kind", lambda *_: self.scalar(self.one(*KINDS))),
            ("metadata", self.metadata),
        ]
        if self.rarely(12):
            self.random.shuffle(found)
        keys = [self.one(*ROOTS) for _ in range(self.random.randint(1, 3))]
        found += [(key, self.value(key)) for key in keys]
        if self.rarely(6):
            found.insert(self.random.randrange(len(found)), found.pop())
        return found

    def value(self, key: str) -> "Value":
        makers: dict[str, Value] = {
            "metadata": self.metadata,
            "spec": self.spec,
            "items": self.items,
            "kind": lambda *_: self.scalar(self.one(*KINDS)),
            "apiVersion": lambda *_: self.scalar(self.one(*APPLICATIONS)),
            "<<": self.merged,
        }
        return makers.get(key, self.mapping)

    def metadata(self, indent: str, flow: bool) -> str:
        pairs: list[tuple[str, Value]] = [("name", lambda *_: self.scalar(self.one(*NAMES[:2])))]
        if self.rarely(20):
            pairs.append(("namespace", lambda *_: self.scalar(self.one("ns", "~", "null", ""))))
        if self.rarely(20):
            labels: list[tuple[str, Value]] = [(NAMES[2], lambda *_: self.scalar("v1"))]
            pairs.append(("labels", self.made(labels)))
        if self.rarely(10):
            hooks: list[tuple[str, Value]] = [("helm.sh/hook", lambda *_: self.quoted(self.one(*HOOKS)))]
            if self.rarely(40):
                policy = self.one("hook-succeeded", "before-hook-creation", "Hook-Succeeded")
                hooks.append(("helm.sh/hook-delete-policy", lambda *_: policy))
            pairs.append(("annotations", self.made(hooks)))
        return self.collected(pairs, indent, flow)

    def spec(self, indent: str, flow: bool) -> str:
        env = self.listed(*[self.variable] * self.random.randint(1, 3))
        container: list[tuple[str, Value]] = [
            ("name", lambda *_: self.scalar("x")),
            ("image", lambda *_: self.scalar("mitre/heimdall2")),
            ("env", env),
        ]
        if self.rarely(30):
            container.append((self.one("<<", "name", "env"), self.merged))
        one = self.made(container)
        containers: list[tuple[str, Value]] = [("containers", self.listed(one))]
        inner_spec = self.made(containers)
        template: list[tuple[str, Value]] = [("spec", inner_spec)]
        outer: list[tuple[str, Value]] = [("template", self.made(template))]
        return self.collected(self.random.choice((outer, containers)), indent, flow)

    def variable(self, indent: str, flow: bool) -> str:
        reference: list[tuple[str, Value]] = [
            ("name", lambda *_: self.scalar("h-secrets")),
            ("key", lambda *_: self.scalar(self.one(*KEYS))),
            ("optional", lambda *_: self.one("true", "True", "yes", "on", "no", "'true'", "!!bool yes", "~", "n")),
        ]
        source: list[tuple[str, Value]] = [("secretKeyRef", self.made(reference))]
        pairs: list[tuple[str, Value]] = [("name", lambda *_: self.scalar(self.one(*KEYS)))]
        pairs.append(("valueFrom", self.made(source)))
        if self.rarely(25):
            pairs.append((self.one("<<", "name", "value"), self.merged))
        return self.collected(pairs, indent, flow)

    def items(self, indent: str, flow: bool) -> str:
        made = [self.made(self.fields()) for _ in range(self.random.randint(0, 2))]
        return self.sequence(made, indent, flow)

    def merged(self, indent: str, flow: bool) -> str:
        """What a merge key brings, or anything."""
        if self.rarely(40) and self.mappings:
            return f"*{self.one(*self.mappings)}"
        if self.rarely(20):
            return self.sequence([self.one_merged] * self.random.randint(1, 3), indent, True)
        return self.one_merged(indent, True) if self.rarely(97) else self.mapping(indent, flow)

    def one_merged(self, indent: str, _flow: bool) -> str:
        """A mapping, or an alias of one."""
        if self.rarely(40) and self.mappings:
            return f"*{self.one(*self.mappings)}"
        return self.collected(self.entries(), indent, True)

    def mapping(self, indent: str, flow: bool) -> str:
        if self.rarely(8) and self.known:
            return f"*{self.one(*self.known)}"
        if self.rarely(4):
            return self.one(*ODD)
        return self.collected(self.entries(), indent, flow)

    def entries(self) -> "list[tuple[str, Value]]":
        """Keys that may be there twice, among them merge keys."""
        pairs: list[tuple[str, Value]] = []
        for _ in range(self.random.randint(0, 4)):
            key = self.one("<<", *KEYS) if self.rarely(30) else self.one(*KEYS[:3])
            pairs.append((key, self.merged if key == "<<" else self.leaf))
        return pairs

    def leaf(self, indent: str, flow: bool) -> str:
        if self.rarely(10):
            return self.mapping(indent, flow)
        if self.rarely(10) and self.known:
            return f"*{self.one(*self.known)}"
        if self.rarely(20):
            return self.anchored(self.one(*ODD), self.one(*ANCHORS))
        if not flow and self.rarely(15):
            return self.block(indent)
        return self.scalar(base64.b64encode(self.random.randbytes(self.random.randint(0, 6))).decode())

    def block(self, indent: str) -> str:
        head, lines = (
            self.one("|", ">", "|-", ">+", "|2", "|+"),
            self.one("aGk=", "a\n\n b", "", "\u2028x", "a\tb", "  x"),
        )
        return head + "\n" + "\n".join(f"{indent}  {line}" if line else "" for line in lines.split("\n"))

    def anchored(self, text: str, name: str) -> str:
        self.known.append(name)
        self.mappings = [each for each in self.mappings if each != name]
        return f"&{name} {text}"

    def made(self, pairs: "Sequence[tuple[str, Value]]") -> "Value":
        """What writes a mapping."""
        return lambda indent, flow: self.collected(pairs, indent, flow)

    def listed(self, *makers: "Value") -> "Value":
        """What writes a sequence."""
        return lambda indent, flow: self.sequence(makers, indent, flow)

    def collected(self, pairs: "Sequence[tuple[str, Value]]", indent: str, flow: bool) -> str:
        """A mapping, after its key; an anchor counts from its start, so that aliases in it come before its end."""
        name = self.one(*ANCHORS) if self.rarely(12) else ""
        if name and self.rarely(5):
            self.known.append(name)
        pairs = [*pairs, self.random.choice(pairs)] if pairs and self.rarely(6) else pairs
        if flow or not pairs or self.rarely(15):
            text = self.flow(pairs, len(indent))
        else:
            text = "\n" + "".join(self.pair(key, value, indent + "  ") for key, value in pairs).rstrip("\n")
        if not name:
            return text
        self.mappings.append(name)
        self.known.append(name)
        return f"&{name} {text}"

    def flow(self, pairs: "Sequence[tuple[str, Value]]", depth: int) -> str:
        comma = self.one(", ", ",", ",\n" + " " * (depth + 4))
        return "{" + comma.join(f"{self.key(key)}: {value('', True)}" for key, value in pairs) + "}"

    def sequence(self, makers: "Sequence[Value]", indent: str, flow: bool) -> str:
        if flow or not makers or self.rarely(10):
            return "[" + ", ".join(make("", True) for make in makers) + "]"
        return "\n" + "\n".join(f"{indent}- {make(indent + '  ', False)}" for make in makers)

    def pair(self, key: str, value: "Value", indent: str) -> str:
        if self.rarely(2):
            return f"{indent}? {self.key(key)}\n{indent}: {value(indent + '  ', False)}\n"
        space = "" if self.rarely(1) else " "
        return f"{indent}{self.key(key)}:{space}{value(indent, False)}{self.one(*[''] * 20, ' # c')}\n"

    def key(self, key: str) -> str:
        if key == "<<":
            return self.one(*["<<"] * 20, '"<<"', "'<<'", "!!merge <<", "! <<", '! "<<"', "!!str <<")
        if self.rarely(90):
            return key
        if self.rarely(3) and self.known:
            return f"*{self.one(*self.known)} "
        text = self.quoted(key, is_key=True)
        return self.anchored(text, self.one(*ANCHORS)) if self.rarely(10) else text

    def scalar(self, text: str) -> str:
        """A text in one of the ways to write it."""
        if self.rarely(75):
            return text
        if self.rarely(15):
            return self.anchored(self.quoted(text), self.one(*ANCHORS))
        return self.quoted(text)

    def quoted(self, text: str, is_key: bool = False) -> str:
        way = self.random.choice((0, 1, 2, 4, 5, 6, 7)) if is_key else self.random.randrange(8)
        if way == 0:
            return "'" + text.replace("'", "''") + "'"
        if way == 1:
            return "!!binary " + (base64.b64encode(text.encode()).decode() or "''")
        if way == 2:
            return f'!!str "{text}"'
        if way == 3 and text:
            at = self.random.randrange(len(text) + 1)
            return f'"{text[:at]}\\{self.one(*BREAKS)}  {text[at:]}"'
        if way == 4 and text:
            at = self.random.randrange(len(text))
            code = self.one(f"\\x{ord(text[at]) & 255:02x}", f"\\u{ord(text[at]):04x}", f"\\U{ord(text[at]):08x}")
            return f'"{text[:at]}{code}{text[at + 1 :]}"'
        return f'"{text}"' if way > 5 else f'! "{text}"' if way == 5 else text


Value = Callable[[str, bool], str]


def stream(seed: int) -> bytes:
    """The stream of a number."""
    return Writer(seed).stream()
