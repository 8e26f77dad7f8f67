"""What `pip install` puts on a machine: the package with its rules, its schema and its model."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_wheel_holds_every_rule(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("mtaudit", "rules"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=source,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    rules = {path.relative_to(ROOT / "rules").as_posix() for path in (ROOT / "rules").rglob("*.*") if path.is_file()}
    assert {f"mtaudit/rules_data/{name}" for name in rules if name.endswith((".yml", ".tsv"))} <= names
    assert "mtaudit/reports/report.schema.json" in names
    page = {path.name for path in (ROOT / "mtaudit/reports/page").iterdir()}
    assert {f"mtaudit/reports/page/{name}" for name in page} <= names
    assert page >= {"page.html", "page.css", "page.js"}
    assert "mtaudit/py.typed" in names
    model = {path.name for path in (ROOT / "mtaudit" / "data" / "model").iterdir()}
    assert {f"mtaudit/data/model/{name}" for name in model} | {"mtaudit/data/model.sha256"} <= names
