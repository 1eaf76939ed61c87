"""What the user asked for."""

from __future__ import annotations

from collections.abc import Mapping

from post_renderer.model.record import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # most runs have no contract file
    from post_renderer.model.contract_file import ContractFile


class Profile(NamedTuple):
    """An application whose secrets are asked for, where no contract speaks for it.

    Its image's path ends in `image`, or its container is called `container`; `required` are variables, `lengths` what
    is recommended for them; `values_path` is where its values sit; `legacy` are the names that older charts have for
    the variables. A container that takes `enough` of them is one of the application's, whatever runs in it.
    """

    image: str
    required: tuple[str, ...]
    lengths: Mapping[str, int]
    values_path: str
    legacy: Mapping[str, str] = {}
    container: str = ""
    enough: int = 2

    @property
    def title(self) -> str:
        """What reports call the application."""
        name = self.image.rpartition("/")[2]
        return "Heimdall" if name == "heimdall2" else name


class Settings(NamedTuple):
    """What the user asked for that the decision depends on.

    `values` are what the user set, merged by helm (None: not known): they come before the plan, since the files that
    are to be fetched may be named in them. `exact`: they are surely those that the stream was rendered from. `profiles`
    are applications of the user's own, `contracts` the contract files; `namespace` is that of `live` Secrets whose
    contract has none; `skip` are workloads that are not judged, as `KIND/NAME`; `advice`: notes that need no action are
    reported, too. `env` are variables that `${NAME}` may read besides the usual ones; `any_env`: it may read each.
    """

    strict: bool = False
    redact: bool = False
    env: tuple[str, ...] = ()
    any_env: bool = False
    values: Mapping[str, object] | None = None
    exact: bool = False
    live: bool = False
    namespace: str = ""
    inject: bool = False
    ignore: Mapping[str, str] = {}
    profiles: tuple[Profile, ...] = ()
    contracts: tuple[ContractFile, ...] = ()
    skip: tuple[str, ...] = ()
    advice: bool = True
