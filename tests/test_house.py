"""The house rules that a reviewer would otherwise have to remember."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import mtaudit

PACKAGE = Path(mtaudit.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

#: From what may import to what may be imported. Groups on one line never import one another.
LAYERS = (
    ("__main__",),
    ("cli",),
    ("feed_cli", "fix_cli", "house_cli", "languagetool_cli", "models_cli", "rules_cli"),
    ("options", "outputs"),
    ("console", "fixing", "settings", "subscriptions"),
    ("reports",),
    ("measures",),
    ("examples", "evaluation"),
    ("pipeline",),
    ("detection",),
    ("analysis", "policies", "selection", "refine", "mqm", "origin", "readers", "vernacular", "glosses"),
    ("rules",),
    ("rulefile",),
    ("checks", "engines", "lang"),
    ("clauses", "losses", "roundtrips"),
    ("repairs", "phrasing"),
    ("speechtags", "openings", "profiles", "inflection", "edits"),
    ("matching", "spelling", "elision", "derivations", "foreign", "speakers", "antecedents", "alternatives"),
    ("spacing", "neighbours", "quantities", "phraseology"),
    ("segmentation", "positions", "regexes", "determiners"),
    ("facts", "fingerprints", "regexwork", "rarity", "calibration", "literals", "wordpatterns", "sequences"),
    ("regextree",),
    ("errors", "model", "exits"),
    ("translations",),
    ("intervals", "categories", "memory", "resources", "similarity", "trust", "witnesses"),
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}


def imports(path: Path) -> Iterator[str]:
    """Dotted names that a module imports from mtaudit, below the package."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = (
                [f"{node.module}.{alias.name}" for alias in node.names] if node.module in PACKAGES else [node.module]
            )
        yield from (name.removeprefix("mtaudit.") for name in names if name.startswith("mtaudit."))


PACKAGES = {"mtaudit", *(f"mtaudit.{path.name}" for path in PACKAGE.iterdir() if (path / "__init__.py").exists())}


def group(dotted: str) -> str:
    return dotted.partition(".")[0]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    here = path.relative_to(PACKAGE).with_suffix("").parts
    mine = here[0]
    if mine == "__init__":
        assert not list(imports(path))
        return
    for name in imports(path):
        if name == "__version__":
            continue
        theirs = group(name)
        if theirs == mine:
            assert mine != "checks" or here[-1] == "__init__", f"{path.name} imports its neighbour {name}"
            continue
        assert RANK[theirs] > RANK[mine], f"{mine} must not import {theirs}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_are_short_and_named_after_what_they_hold(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    assert path.stem not in {"utils", "helpers", "misc", "common"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_command_line_and_the_reports_print(path: Path) -> None:
    if path.stem in {"cli", "__main__"} or "reports" in path.parts:
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    assert "print" not in calls


def test_checkers_keep_the_protocol() -> None:
    from mtaudit.checks import CHECKERS

    for kind, module in CHECKERS.items():
        assert module.__name__ == f"mtaudit.checks.{kind}"
        for name in ("Options", "needs", "compile", "run"):
            assert hasattr(module, name), f"{kind} has no {name}"
