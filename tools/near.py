"""Patterns of near misses: the texts that are at most so many edits away from a name, as `policy.distance` counts."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import product

from post_renderer.rules import policy

# Swapping two neighbours changes both parts if the cut is between them; every other edit changes one part, or none.
PARTS_OF_AN_EDIT = 2


def pattern(name: str, edits: int) -> str:
    """The pattern of a name in any case.

    A name is cut in two, and its edits are shared out to both halves, and so on: at the cut that makes the shortest
    pattern. A name of 19 letters then takes 2.8 KB for two edits.

    Args:
        name: Letters, digits and `_` alone.
        edits: 1 or 2.
    """
    assert name.replace("_", "").isalnum() and name.isascii(), name
    return f"(?is)^{_near(name, edits)}$"


def parts(name: str) -> list[str]:
    """A name in parts of two letters, the last one of three if the number is odd: an edit leaves most of them whole."""
    cuts = [*range(0, len(name) - 1, 2)]
    return [name[at:to] for at, to in zip(cuts, [*cuts[1:], len(name)], strict=True)]


@cache
def _near(name: str, edits: int) -> str:
    """A pattern of the texts at most so many edits away."""
    if not edits:
        return name
    whole = [_near_short(name, edits)] if len(name) <= 2 else []
    return min(whole + [_cut(name, at, edits) for at in range(1, len(name))], key=len)


def _cut(name: str, at: int, edits: int) -> str:
    """The same by two halves: some edits in one, the rest in the other, or one swaps the letters at the cut."""
    left, right = name[:at], name[at:]
    ways = [_near(left, mine) + _near(right, edits - mine) for mine in range(edits + 1)]
    if left[-1] != right[0]:
        swapped = right[0] + left[-1]
        ways += [_near(left[:-1], mine) + swapped + _near(right[1:], edits - 1 - mine) for mine in range(edits)]
    return f"(?:{'|'.join(ways)})"


def _near_short(name: str, edits: int) -> str:
    """The same by looking at every text with any character (`.`) in place of those that are not the name's."""
    lengths = range(max(0, len(name) - edits), len(name) + edits + 1)
    every = ["".join(letters) for length in lengths for letters in product(f".{name}", repeat=length)]
    near = [text for text in dict.fromkeys(every) if policy.distance(text, name) <= edits]
    return any_of(text for text in near if not any(_covers(other, text) for other in near))


def _covers(general: str, text: str) -> bool:
    """Whether each text of a pattern of letters and `.` is one of a more general pattern."""
    same_length = len(general) == len(text) and general != text
    return same_length and all(one in (".", other) for one, other in zip(general, text, strict=True))


def any_of(texts: Iterable[str]) -> str:
    """A pattern of these texts alone, what they begin with alike written once."""
    by_first: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        by_first[text[:1]].append(text[1:])
    ends = by_first.pop("", []) != []
    ways = [first + any_of(rest) for first, rest in by_first.items()]
    if not ways:
        return ""
    if len(ways) == 1 and (not ends or len(ways[0]) == 1):
        return ways[0] + "?" * ends
    return f"(?:{'|'.join(ways)}){'?' * ends}"
