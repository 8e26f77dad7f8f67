"""The action for GitHub does what its inputs say, and so do the jobs that the README shows."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from mtaudit.exits import Exit

ROOT = Path(__file__).resolve().parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
#: The jobs of the README; `on:` is a boolean for YAML 1.1.
GITHUB, GITLAB = (
    yaml.safe_load(block)
    for block in re.findall(r"```yaml\n((?:on|wire):\n.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
)
FEED = """<rss version="2.0"><channel><title>Le Courrier</title>
<item><guid>a</guid><title>Le port rouvre lundi.</title></item>
<item><guid>b</guid><title>Le pays a dépensé 3,5 billions d’euros en 2020.</title></item>
</channel></rss>"""


def run_step(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The last step as the runner runs it, with the inputs given and the defaults of the others."""
    step = ACTION["runs"]["steps"][-1]
    given = {
        name: inputs.get(name.replace("-", "_"), about.get("default", "")) for name, about in ACTION["inputs"].items()
    }
    environment = {
        name: given[value.removeprefix("${{ inputs.").removesuffix(" }}")] for name, value in step["env"].items()
    }
    return run_script(folder, step["run"], environment)


def run_script(folder: Path, script: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
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


@pytest.mark.parser
def test_the_job_for_a_feed_on_github_annotates_once_and_keeps_its_state(tmp_path: Path) -> None:
    (tmp_path / "flux.xml").write_text(FEED, encoding="utf-8")
    restore, audit, save = GITHUB["jobs"]["wire"]["steps"]
    given = audit["with"]
    assert given.keys() <= ACTION["inputs"].keys()
    assert restore["with"]["path"] == save["with"]["path"]
    assert save["if"] == "always()", "the state of a run that found something has to be kept too"
    inputs = given | {"paths": "flux.xml"}
    first = run_step(tmp_path, **inputs)
    assert first.returncode == Exit.ISSUES, first.stderr
    assert "::warning file=flux.xml" in first.stdout
    assert (tmp_path / save["with"]["path"]).is_file()
    again = run_step(tmp_path, **inputs)
    assert (again.returncode, "::warning" in again.stdout) == (Exit.CLEAN, False)


@pytest.mark.parser
def test_the_job_for_a_feed_on_gitlab_leaves_what_it_names(tmp_path: Path) -> None:
    (tmp_path / "flux.xml").write_text(FEED, encoding="utf-8")
    job = GITLAB["wire"]
    install, audit = job["script"]
    assert install.startswith("pip install ")
    done = run_script(tmp_path, audit.replace("https://courrier.example/rss", "flux.xml"), {})
    assert done.returncode == Exit.ISSUES, done.stderr
    kept = [*job["cache"]["paths"], *job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]]
    assert {path.name for path in tmp_path.iterdir()} == {"flux.xml", *kept}
