"""Measures what a value has besides words that people write in place of a secret, and runs of a keyboard.

The words are of placeholders that documentation, tutorials and tests print. They are made ready at the first question:
most runs ask none. The gate carries this file: standard library only, Python 3.9.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

# Words that say "this is no secret". Each alone is a reason to look closer; none has fewer than four letters.
TELLING = (
    "abc123 admin administrator changeit changeme changethis credential deadbeef default demo dummy example fake "
    "fixme foobar heimdall insecure insert invalid keyboard letmein lorem mitre mock notreal notsecret passphrase "
    "passwd password passwort placeholder postgres qwerty redacted replace replaceme root sample secret string test "
    "tester testing todo token undefined unsafe unset value welcome xyz789 your"
)
# What is written beside them.
FILLING = (
    "123 321 abc access account actual added again and any api app application auth aws azure based before below "
    "bind bit bits byte bytes can change character characters chars ci client code complex config credit data "
    "database deploy dev development different docker edit enter env environment ever existing file fill folder for "
    "from generate generated github gitlab google guess guessable hard helm here hex hidden inline install instead "
    "jwt key keys kubernetes ldap least length letters like local long make master max min minimum must name names "
    "needs never new nobody not now oauth oidc okta oldest only openssl our pass path please postgresql priority "
    "private prod production provide public rand random randomly real run safe secure server service session set "
    "should sign signing some staging strong super text that the then this token top type unique use used user "
    "username valid values very with word words write xyz"
)
# What a finger runs along. Each is also read backwards.
ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertz")
ROWS_SHORTEST, ROWS_LONGEST = 4, 7  # characters; a longer run is several
SURE = 5  # characters; so many of a run are a reason to look closer
# Letters as people disguise them. Every other character of ASCII that is no letter or digit counts for nothing.
DISGUISES = {"a": "@4", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7"}

SHORT = 2  # letters; so short a word with letters before and after it is a part of another one
KEY = 2  # characters; by so many words and runs are looked up, and none has fewer
LONGEST = 1024  # characters; nobody writes a longer placeholder
LEFT = 8  # characters; below it a value is a placeholder, however long the words make it
LEFT_DIFFERENT = 4  # different characters; the same

Known = dict[str, list[str]]


def is_made_of_words(text: str) -> bool:
    """Whether a value is words and runs, and hardly anything else.

    At least one of them has to be telling, and they are twice as much as what is left: a passphrase of random words
    keeps most of its letters.
    """
    text = text.strip().lower()
    if not 0 < len(text) <= LONGEST or not _has_telling(text):
        return False
    left = _left(text)
    if left is None:
        return False
    removed = sum(map(_counts, text)) - len(left)
    return removed >= 2 * len(left) if len(left) < LEFT else len(set(left)) < LEFT_DIFFERENT


def _has_telling(text: str) -> bool:
    """Whether something telling is in a text at all: in most values it is not, and to find out is cheap."""
    folded = text.translate(_folding())
    rows = " ".join((*ROWS, *(row[::-1] for row in ROWS)))
    windows = (text[at : at + SURE] for at in range(len(text) - SURE + 1))
    return any(word in folded for word in TELLING.translate(_folding()).split()) or any(map(rows.__contains__, windows))


def _left(text: str) -> str | None:
    """The fewest characters that are left when words and runs are removed; None if none of them is telling.

    A path is the characters that are left, by the place in the text and by whether something telling was removed.
    """
    folded = text.translate(_folding())
    plain: list[str | None] = ["", *[None] * len(text)]
    telling: list[str | None] = [None] * (len(text) + 1)
    for at, char in enumerate(text):
        for paths in (plain, telling):
            if (path := paths[at]) is not None:
                _keep(paths, at + 1, path + char * _counts(char))
        for length, is_telling in _starting(text, folded, at):
            if (path := plain[at]) is not None:
                _keep(telling if is_telling else plain, at + length, path)
            if (path := telling[at]) is not None:
                _keep(telling, at + length, path)
    return telling[-1]


def _keep(paths: list[str | None], at: int, path: str) -> None:
    """Take a path if it is the first one to a place, or leaves fewer characters."""
    known = paths[at]
    if known is None or len(path) < len(known):
        paths[at] = path


def _starting(text: str, folded: str, at: int) -> Iterator[tuple[int, bool]]:
    """The length of each word or run that starts at a place, and whether it is telling."""
    disguised, plain = _known()
    for word in disguised.get(folded[at : at + KEY], ()):
        if folded.startswith(word, at):
            yield len(word), True
    for part in plain.get(text[at : at + KEY], ()):
        if text.startswith(part, at) and (len(part) > SHORT or _is_at_an_edge(text, at, at + len(part))):
            yield len(part), len(part) >= SURE and part in runs() and part != part[0] * len(part)


def _is_at_an_edge(text: str, start: int, end: int) -> bool:
    """Whether a part starts or ends where letters do: `ci` in `acid` is no word."""
    return not (text[start - 1 : start].isalpha() and text[end : end + 1].isalpha())


def _counts(char: str) -> bool:
    """Whether a character is more than punctuation."""
    return char.isalnum() or not char.isascii()


@lru_cache(maxsize=1)
def runs() -> frozenset[str]:
    """Every run, of the shortest length to the longest."""
    lengths = range(ROWS_SHORTEST, ROWS_LONGEST + 1)
    rows = [each for row in ROWS for each in (row, row[::-1])]
    along = {row[at : at + length] for row in rows for length in lengths for at in range(len(row) - length + 1)}
    same = {char * length for char in "abcdefghijklmnopqrstuvwxyz0123456789" for length in lengths}
    return frozenset(along | same)


@lru_cache(maxsize=1)
def _known() -> tuple[Known, Known]:
    """What is removed, by its first characters: telling words without their disguise; other words and runs."""
    disguised: Known = {}
    for word in TELLING.split():
        folded = word.translate(_folding())
        disguised.setdefault(folded[:KEY], []).append(folded)
    plain: Known = {}
    for part in (*FILLING.split(), *runs()):
        plain.setdefault(part[:KEY], []).append(part)
    return disguised, plain


@lru_cache(maxsize=1)
def _folding() -> dict[int, str]:
    return {ord(char): letter for letter, chars in DISGUISES.items() for char in chars}
