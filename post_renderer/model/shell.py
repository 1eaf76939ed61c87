"""Writes words for a shell: what reports tell a person to type."""


def quoted(path: str) -> str:
    """A path as one word of a shell."""
    import shlex  # only reports need it

    return shlex.quote(path)
