"""The action for GitHub does what its inputs say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from mtaudit.exits import Exit

ROOT = Path(__file__).resolve().parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


def run_step(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The last step as the runner runs it, with the inputs given and the defaults of the others."""
    step = ACTION["runs"]["steps"][-1]
    given = {
        name: inputs.get(name.replace("-", "_"), about.get("default", "")) for name, about in ACTION["inputs"].items()
    }
    environment = {
        name: given[value.removeprefix("${{ inputs.").removesuffix(" }}")] for name, value in step["env"].items()
    }
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder,
        env=os.environ | environment | {"PATH": programs},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parser
def test_the_step_annotates_writes_the_log_and_fails_as_asked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Le pays a dépensé 3,5 billions d’euros en 2020.\n", encoding="utf-8")
    done = run_step(tmp_path, paths="a.txt", sarif="audit.sarif", arguments="--select fr/locale")
    assert done.returncode == Exit.ISSUES, done.stderr
    assert "::warning file=a.txt" in done.stdout
    assert json.loads((tmp_path / "audit.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    quiet = run_step(tmp_path, paths="a.txt", fail_on="never", arguments="--select fr/locale")
    assert quiet.returncode == Exit.CLEAN, quiet.stderr


def test_an_input_is_never_read_as_part_of_the_script(tmp_path: Path) -> None:
    done = run_step(tmp_path, paths="$(touch${IFS}seized) `touch seized`", arguments="--select fr/locale; touch seized")
    assert done.returncode != Exit.CLEAN
    assert not (tmp_path / "seized").exists()
    assert all("${{" not in step.get("run", "") for step in ACTION["runs"]["steps"])
