"""The environment of programs that are started: without what may be a secret of the user's installation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from post_renderer.rules import policy


def environment(environ: Mapping[str, str], more: Iterable[str] = ()) -> dict[str, str]:
    """All but the variables of secrets, those that inline values may read, and `more`.

    Helm and kubectl start programs themselves (registry and cluster logins), which may need any of the others.
    """
    gone = {*policy.KEYS, *policy.OPTIONAL, *policy.LEGACY, *more}
    return {
        name: text for name, text in environ.items() if name not in gone and not name.startswith(policy.BUILT_IN_PREFIX)
    }
