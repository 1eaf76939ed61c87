"""What a contract file says: which Secrets it is about, and what is asked of their keys."""

from __future__ import annotations

from collections.abc import Mapping

from post_renderer.model.finding import Place
from post_renderer.model.record import NamedTuple
from post_renderer.model.settings import Profile
from post_renderer.model.terms import Terms


class ContractFile(NamedTuple):
    """A document of a contract file. It matches by the name of Secrets, by their labels, or by an image.

    Attributes:
        place: Where it is.
        application: What it is for.
        secret: The Secret's name, in which `{release}` and `*` stand for other texts; empty if it does not say it.
        labels: The labels of its Secrets; empty if it does not say them.
        images: The ends of the paths of the images whose containers take the keys, each with a slash before it; empty
            if it does not say one.
        profile: The application that a file of the first form is about, whose containers are looked at one by one.
        present: It is for what may be absent: nothing that it matches is no error.
        environment: The variables that `${NAME}` may read besides the usual ones.
        required: The keys that must be there.
        lengths: Recommended lengths.
        terms: What else is asked of the keys.
    """

    place: Place
    application: str = ""
    secret: str = ""
    labels: Mapping[str, str] = {}
    images: tuple[str, ...] = ()
    profile: Profile | None = None
    present: bool = False
    environment: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    lengths: Mapping[str, int] = {}
    terms: Terms = Terms()
