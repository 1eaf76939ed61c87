"""How to put a finding right: prose, or a command that is quoted for a shell here and nowhere else."""

from typing import NamedTuple, Union


class Substitution(NamedTuple):
    """A word of a command that a shell completes: `"PREFIX$(COMMAND)"`. The prefix is shown quoted, too."""

    prefix: str
    command: tuple[str, ...]


class Assignment(NamedTuple):
    """A word `NAME="$(COMMAND)"`, as `export` takes it."""

    name: str
    command: tuple[Union[str, Substitution], ...]


Word = Union[str, Substitution, Assignment]
Argv = tuple[Word, ...]


class Command(NamedTuple):
    """A command that a person can paste: argument lists, each fed into the next one.

    `note` is prose that belongs to it, such as when the command is the right one.
    """

    pipeline: tuple[Argv, ...]
    note: str = ""

    def __str__(self) -> str:
        """The command in the syntax of a POSIX shell, every word quoted, then the note."""
        line = " | ".join(join(argv) for argv in self.pipeline)
        return f"{line}, {self.note}" if self.note else line


Fix = Union[str, Command]


def command(*words: Word, note: str = "") -> Command:
    """One argument list."""
    return Command((words,), note)


def join(words: Argv) -> str:
    """An argument list as one line of a POSIX shell."""
    return " ".join(_word(word) for word in words)


def quoted(text: str) -> str:
    """A text as one word of a POSIX shell; what no terminal should be sent is written as `$'…'` escapes."""
    import shlex  # only reports need it

    if text.isprintable():
        return shlex.quote(text)
    return "$'" + "".join(_escaped(char) for char in text) + "'"


def _escaped(char: str) -> str:
    if char in "\\'":
        return f"\\{char}"
    if char.isprintable():
        return char
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape"))


def _word(word: Word) -> str:
    if isinstance(word, Assignment):
        return f'{quoted(word.name)}="$({join(word.command)})"'
    if isinstance(word, Substitution):
        inner = f"$({join(word.command)})"
        if word.prefix.replace("_", "").isalnum():
            return f'"{word.prefix}{inner}"'
        return f'{quoted(word.prefix)}"{inner}"'
    return quoted(word)
