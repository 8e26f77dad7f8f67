"""What the README shows is what the command prints.

`MTAUDIT_UPDATE_GOLDEN=1 pytest tests/test_readme.py` writes the report into the README again.
"""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest

from mtaudit.analysis import Engines
from mtaudit.examples import check_examples
from mtaudit.pipeline import prepare
from mtaudit.readers import read_paths
from mtaudit.reports import WRITERS
from mtaudit.rulefile import parse_rule
from mtaudit.rules import RuleSet
from mtaudit.selection import select_rules

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"(?<=<!-- report -->\n```text\n).*?(?=```\n<!-- /report -->)", re.DOTALL)


@pytest.mark.parser
def test_the_report_in_the_readme_is_the_one_that_is_printed(
    ruleset: RuleSet, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    run = prepare(ruleset, select_rules(ruleset.rules), engines=engines)
    stream = io.StringIO()
    articles = list(read_paths(["seeds/004_ef748b7bdb1f2511.txt"]))
    WRITERS["terminal"].write(run.run(articles), stream, width=100, colour=False)  # type: ignore[arg-type]
    printed = stream.getvalue().strip("\n") + "\n"
    readme = README.read_text(encoding="utf-8")
    if os.environ.get("MTAUDIT_UPDATE_GOLDEN"):
        README.write_text(BLOCK.sub(lambda _: printed, readme), encoding="utf-8")
    else:
        found = BLOCK.search(readme)
        assert found is not None
        assert found.group() == printed


@pytest.mark.parser
def test_the_rule_in_the_readme_does_what_it_says() -> None:
    found = re.search(r"```yaml\n(check:.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    rule = parse_rule("fr/own/courriel", "README.md", found.group(1))
    assert list(check_examples(RuleSet((rule,), "readme"), [rule])) == []


def test_every_command_in_the_readme_exists() -> None:
    from typer.main import get_command

    from mtaudit.cli import app

    group = get_command(app)
    known = set(getattr(group, "commands", {}))
    used = set(re.findall(r"^    mtaudit (\w+)", README.read_text(encoding="utf-8"), re.MULTILINE))
    assert used <= known
    assert used >= {"audit", "explain", "rules", "eval"}
