"""The project's own frame: what is packaged, pinned, documented, and who may import whom."""

import ast
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import contradict
from contradict.profiles import list_profiles

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
REQUIREMENTS = [
    Requirement(line)
    for group in (
        PYPROJECT["project"]["dependencies"],
        *PYPROJECT["project"]["optional-dependencies"].values(),
    )
    for line in group
]
PINS = {
    canonicalize_name(name): version
    for name, _, version in (
        line.partition("==")
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
        if not line.startswith("#")
    )
}
SOURCES = {
    ".".join(path.relative_to(ROOT / "contradict").with_suffix("").parts): path
    for path in sorted((ROOT / "contradict").rglob("*.py"))
}
MODULES = {name.split(".")[0] for name in SOURCES}
MAY_IMPORT = {
    "torch": {"engines", "weights"},
    "transformers": {"weights"},
    "openvino": {"engines"},
    "spacy": {"language"},
    "datasets": {"documents", "evaluation"},
    "matplotlib": {"evaluation"},
    "starlette": {"review"},
    "uvicorn": {"review"},
    "ray": {"cluster"},
}
FRONT = {"__init__", "__main__"}  # entries of package and command: above the table


def layers() -> dict[str, int]:
    """The table of modules in CONTRIBUTING.md: module → layer."""
    rows = re.findall(
        r"^\| (\d) \| `(\w+)` \|", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE
    )
    return {module: int(layer) for layer, module in rows}


def imports(tree: ast.AST) -> Iterator[str]:
    """Full names of what run-time code imports; imports for type checkers only are left out."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        yield from imports(node)


def test_version() -> None:
    """What is built carries the version that the package states."""
    assert ProjectMetadata(str(ROOT), PluginManager()).version == contradict.__version__


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.name)
def test_requirement_is_pinned(requirement: Requirement) -> None:
    """Everything the project asks for is pinned to a version that it allows."""
    pin = PINS.get(canonicalize_name(requirement.name))
    assert pin, f"constraints.txt does not pin {requirement.name}"
    assert requirement.specifier.contains(pin)


def test_pins_are_portable() -> None:
    """Constraints are exact versions only: no local builds, options, links or paths."""
    assert PINS
    assert [name for name, pin in PINS.items() if not re.fullmatch(r"[\d.]+", pin)] == []


def test_packaged_paths_exist() -> None:
    """All that the wheel and the source distribution name is there; hatchling skips what is not."""
    targets = PYPROJECT["tool"]["hatch"]["build"]["targets"].values()
    named = {path for target in targets for path in target["only-include"]}
    assert {"models/attribution", "models/nli-base"} <= named
    assert {path for path in named if not (ROOT / path).exists()} == set()
    small = tomllib.loads((ROOT / "models/nli-mini/pyproject.toml").read_text("utf-8"))
    files = small["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    assert set(files) == {
        path.name
        for path in (ROOT / "models/nli-mini").iterdir()
        if path.is_file() and path.name != "pyproject.toml"
    }
    assert (ROOT / "models/nli-mini/LICENSE").read_text("utf-8") == (ROOT / "LICENSE").read_text(
        "utf-8"
    )
    assert [p.package for p in list_profiles() if p.name == "nli-mini"] == [
        small["project"]["name"]
    ]
    for model in ("attribution", "nli-base"):
        assert list((ROOT / "models" / model).glob("*.safetensors"))
    assert (ROOT / "contradict/py.typed").is_file()


@pytest.mark.parametrize(
    "name", ["scripts/setup", "scripts/demo", "scripts/test", "scripts/test_versions", ".ci/run"]
)
def test_scripts_can_be_run(name: str) -> None:
    """The scripts are executable and say what runs them."""
    assert os.access(ROOT / name, os.X_OK)
    assert (ROOT / name).read_text("utf-8").startswith("#!/usr/bin/env bash\n")


def test_every_module_is_documented() -> None:
    """The table of modules in CONTRIBUTING.md lists the modules there are, no more and no fewer."""
    assert set(layers()) == MODULES - FRONT


@pytest.mark.parametrize("source", sorted(SOURCES.keys() - FRONT))
def test_imports_respect_the_layers(source: str) -> None:
    """A module imports from its own layer and lower ones, heavy libraries where they belong."""
    table = layers()
    module = source.split(".")[0]
    tree = ast.parse(SOURCES[source].read_text("utf-8"))
    imported = [name.split(".") for name in imports(tree)]
    above = {
        parts[1]
        for parts in imported
        if parts[0] == "contradict" and len(parts) > 1 and table.get(parts[1], -1) > table[module]
    }
    assert above == set()
    heavy = {parts[0] for parts in imported if module not in MAY_IMPORT.get(parts[0], {module})}
    assert heavy == set()
