"""How to put a finding right: prose, or a command that is quoted for a shell here and nowhere else."""

from __future__ import annotations

from post_renderer.model.record import TYPE_CHECKING, NamedTuple


class Substitution(NamedTuple):
    """A word of a command that a shell completes: `"PREFIX$(COMMAND)"`. The prefix is shown quoted, too."""

    prefix: str
    command: tuple[str, ...]


class Assignment(NamedTuple):
    """A word `NAME="$(COMMAND)"`, as `export` takes it."""

    name: str
    command: tuple[str | Substitution, ...]


class Variable(NamedTuple):
    """A word `NAME=VALUE`, before a command or as `export` takes it: the name is ours, the value may be foreign."""

    name: str
    value: str


SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%_+=:,./-")  # in a word without quotes


class Command(NamedTuple):
    """A command that a person can paste.

    Attributes:
        pipeline: Argument lists, each fed into the next one.
        note: Prose that belongs to it, such as when the command is the right one.
        then: Pipelines to run afterwards, each only if the one before it succeeds.
        subshell: Whether it runs in a shell of its own, which keeps its variables from the user's.
    """

    pipeline: Pipeline
    note: str = ""
    then: tuple[Pipeline, ...] = ()
    subshell: bool = False

    def __str__(self) -> str:
        """The command in the syntax of bash and other POSIX shells, every word quoted, then the note."""
        line = " && ".join(" | ".join(join(argv) for argv in pipeline) for pipeline in (self.pipeline, *self.then))
        line = f"({line})" if self.subshell else line
        return f"{line}, {self.note}" if self.note else line


class Ways(NamedTuple):
    """Several fixes, any of which is enough; a report shows each in a line of its own if they are long."""

    ways: tuple[str | Command, ...]

    def __str__(self) -> str:
        return "; ".join(map(str, self.ways))


if TYPE_CHECKING:
    Word = str | Substitution | Assignment | Variable
    Argv = tuple[Word, ...]
    Pipeline = tuple[Argv, ...]
    Fix = str | Command | Ways
else:
    Word = Argv = Pipeline = Fix = None  # nothing evaluates a type


def command(*words: Word, note: str = "") -> Command:
    """One argument list."""
    return Command((words,), note)


def steps(*commands: Command, note: str = "", subshell: bool = False) -> Command:
    """Several commands, each run only if the one before it succeeds; their own notes are dropped."""
    assert not any(each.subshell for each in commands), "a subshell within steps"
    first, *others = [pipeline for each in commands for pipeline in (each.pipeline, *each.then)]
    return Command(first, note, tuple(others), subshell)


def operand(path: str) -> str:
    """A path as a word that no program takes for an option."""
    return f"./{path}" if path.startswith("-") else path


def join(words: Argv) -> str:
    """An argument list as one line of a POSIX shell."""
    return " ".join(_word(word) for word in words)


def quoted(text: str) -> str:
    """A text as one word of a POSIX shell; what no terminal should be sent is written as `$'…'` escapes.

    A log of a CI service may obey `##[` in any line (report/text.py). Two quotes between the signs change no word.
    """
    if text and SAFE.issuperset(text):
        return text
    if text.isprintable():
        import shlex  # most words need no quotes

        return shlex.quote(text).replace("##", "#''#").replace("##", "#''#")  # twice: `###` has two pairs
    return "$'" + "".join(_escaped(char) for char in text) + "'"


def _escaped(char: str) -> str:
    if char in "\\'":
        return f"\\{char}"
    if char.isprintable() and char != "#":
        return char
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape"))


def _word(word: Word) -> str:
    if isinstance(word, Assignment):
        return f'{quoted(word.name)}="$({join(word.command)})"'
    if isinstance(word, Variable):
        return f"{word.name}={quoted(word.value)}"
    if isinstance(word, Substitution):
        inner = f"$({join(word.command)})"
        if word.prefix.replace("_", "").isalnum():
            return f'"{word.prefix}{inner}"'
        return f'{quoted(word.prefix)}"{inner}"'
    return quoted(word)
