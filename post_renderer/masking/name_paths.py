"""Which texts of a user's values are names that a message may show: of Secrets, of their keys, of kinds.

Reports name them in any case. A text in such a place is one only if it is made of words, as people write names: what
was generated, and pasted there by mistake, is not.
"""

from __future__ import annotations

import re

LONGEST = 63  # characters
INDEX = r"(?:\[\d*\])?"
EXISTING = r"existing\w*[sS]ecret\w*|existingSecret\w*"
# The name of a Secret or of one of its keys, as charts and Kubernetes' own objects have it.
NAMED = re.compile(
    rf"""(?:^|\.)(?:
        {EXISTING} | \w*[sS]ecretName | kind | apiVersion |
        (?:metadata | secretKeyRef | secretRef | \w+SecretRef | {EXISTING} | imagePullSecrets){INDEX}\.name |
        (?:secretKeyRef | {EXISTING})\.key
    ){INDEX}$""",
    re.VERBOSE,
)
WITHIN_SECRETS = re.compile(r"\.(?:secrets|data|stringData)\.")  # a key of a Secret may be called `existingSecret`
# In our charts, `keys.NAME` beside `existingSecret` says by these fields where a key is.
BLOCK, MAPPED, FIELDS = "existingSecret", "keys", frozenset(("secret", "key"))
WORDS = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_./][A-Za-z0-9]+)*")
TURNS = re.compile(r"(?<=\d)[A-Za-z]|(?<=[A-Za-z])\d|(?<=[a-z])[A-Z]")
MOST_TURNS = 2  # in a word: `postgresql15` has one, 16 random hexadecimal digits have seven


def is_name(path: str, text: str) -> bool:
    """Whether a text of the values is a name that may be shown, as long as no secret is the same text."""
    return bool(NAMED.search(path)) and not WITHIN_SECRETS.search(path) and _is_of_words(text)


def of_keys(path: str, block: dict[str, object]) -> frozenset[str]:
    """The names in the `keys` of a block of values that chooses a Secret, as our charts have it."""
    keys = block.get(MAPPED)
    if BLOCK not in block or not isinstance(keys, dict) or WITHIN_SECRETS.search(f"{path}."):
        return frozenset()
    entries = [entry for entry in keys.values() if isinstance(entry, dict) and FIELDS.issuperset(entry)]
    texts = [text for entry in entries for text in entry.values() if isinstance(text, str)]
    return frozenset(filter(_is_of_words, texts)) if len(entries) == len(keys) else frozenset()


def _is_of_words(text: str) -> bool:
    return len(text) <= LONGEST and bool(WORDS.fullmatch(text)) and all(map(_is_word, re.split(r"[-_./]", text)))


def _is_word(part: str) -> bool:
    return len(TURNS.findall(part)) <= MOST_TURNS
