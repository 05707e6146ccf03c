"""The NLI models that are known by a short name, and where models lie on this machine.

Nothing is imported or fetched here for any of them.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

EMBEDDED = "embedded"


@dataclass(frozen=True, slots=True)
class Profile:
    """A model that is known by a short name.

    Attributes:
        name: The short name, for ``model=``.
        source: ``embedded`` (its files come with `package`) or its name on the hub.
        licence: SPDX identifier of the weights' licence.
        parameters: Number of weights.
        bytes: Size of its files; None where it is not known.
        revision: The hub revision it is pinned to; None is the newest.
        figures: Published accuracies by data set, 0 to 1; empty where none is certain.
        note: What else helps to choose.
        package: For an embedded one, the distribution that brings its files.
        default: Whether it is what ``model=None`` loads.
    """

    name: str
    source: str
    licence: str
    parameters: int
    bytes: int | None = None
    revision: str | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
    package: str = "contradict-claims"
    default: bool = False


def list_profiles() -> tuple[Profile, ...]:
    """The models known by a short name, the default first; imports and fetches nothing."""
    data = json.loads((Path(__file__).parent / "profiles.json").read_text("utf-8"))
    profiles = []
    for entry in data["profiles"]:
        profile = Profile(**entry, default=entry["name"] == data["default"])
        folder = embedded_folder(profile.name) if profile.source == EMBEDDED else None
        if (
            folder
        ):  # measured rather than stated, so that it cannot go stale when the weights are replaced
            size = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
            profile = Profile(**{**entry, "bytes": size}, default=profile.default)
        profiles.append(profile)
    return tuple(sorted(profiles, key=lambda profile: not profile.default))


def local_folder(model: str | os.PathLike[str] | None = None) -> Path | None:
    """The folder that a model would be loaded from; None where a hub would have to be asked, or there is none."""
    profiles = {profile.name: profile for profile in list_profiles()}
    default = next(name for name, profile in profiles.items() if profile.default)
    name = default if model is None else os.fspath(model)
    profile = profiles.get(name) if model is None or isinstance(model, str) else None
    if profile:
        return embedded_folder(name) if profile.source == EMBEDDED else None
    folder = path_of(name)
    return folder.resolve() if name and folder.is_dir() else None


def path_of(name: str) -> Path:
    """A name as the path of a folder, whether or not there is one."""
    try:
        return Path(name).expanduser()
    except RuntimeError:  # "~" with a name that is no user's
        return Path(name)


def embedded_folder(name: str) -> Path | None:
    """The folder of a model that comes with the library, in a checkout or as installed."""
    package = Path(__file__).resolve().parent
    folders = (
        package / "models" / name,
        package.parent / "models" / name,
    )  # installed, then checkout
    return next((folder for folder in folders if folder.is_dir()), None)
