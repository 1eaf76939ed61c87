"""Tells paths from other texts: a secret may be given where the path of a file should be."""

import re

LONGEST = 4096  # bytes of a path, its end included (PATH_MAX of linux/limits.h)
LONGEST_NAME = 255  # bytes of a name in it (NAME_MAX)
# `KEY: value`, `"KEY": "value"` and `KEY=value`: a line of a secrets file.
PAIR = r"""[A-Za-z_][A-Za-z0-9_.-]*["']?[ ]*:([ ]|$)|(export )?[A-Z_][A-Z0-9_]*=|[{}\[\]]$"""


def is_path(text: str) -> bool:
    """Whether a text can be meant as the path of a file: no content of one, which may be secret."""
    if not text.isprintable() or re.match(PAIR, text.lstrip(" \"'")):
        return False
    whole = text.encode(errors="surrogateescape")
    return len(whole) < LONGEST and all(len(name) <= LONGEST_NAME for name in whole.split(b"/"))
