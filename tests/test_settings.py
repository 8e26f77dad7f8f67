"""The configuration, and the commands that show it and write dismissals."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from mtaudit.cli import app
from mtaudit.errors import UsageError
from mtaudit.exits import Exit
from mtaudit.policies import Dismissal
from mtaudit.settings import add_dismissals, find_configuration, option_defaults, read_dismissals

OVERRIDE = '[[overrides]]\nignore = ["fr/calques"]\npaths = ["sport/**"]\n'
CALQUE = "Les enquêteurs ont refusé d’être nommés.\n"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def test_the_nearest_configuration_is_taken(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", '[tool.mtaudit]\nignore = ["style"]\n')
    write(tmp_path / "a/pyproject.toml", "[project]\nname = 'x'\n")
    inner = tmp_path / "a/b/c"
    inner.mkdir(parents=True)
    assert find_configuration(inner).settings.ignore == ["style"], "the nearer one is not about mtaudit"
    write(tmp_path / "a/b/mtaudit.toml", 'fail-on = "never"\nrules = ["maison"]\n')
    found = find_configuration(inner)
    assert (found.settings.ignore, found.settings.fail_on) == ([], "never")
    assert option_defaults(found) == {
        "min_severity": "minor",
        "fail_on": "never",
        "profile": "wmt",
        "rules": [str(tmp_path / "a/b/maison")],
        "french": "fr",
    } | {key: value for key, value in option_defaults(found).items() if key == "min_confidence"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('ingore = ["style"]', "unknown setting 'ingore'; did you mean 'ignore'"),
        ('fail-on = "often"', "fail-on"),
        ("min-confidence = 3", "min-confidence"),
        ("ignore = style", "Invalid value"),
        ('[[overrides]]\npaths = ["a"]', "ignore"),
        ('[[overrides]]\nignore = ["style"]', "paths"),
        ('[[overrides]]\npaths = ["a"]\nmin-severity = "grave"', "min-severity"),
    ],
)
def test_a_wrong_configuration_stops_the_run_in_one_line(tmp_path: Path, content: str, reason: str) -> None:
    path = write(tmp_path / "mtaudit.toml", content)
    with pytest.raises(UsageError) as caught:
        find_configuration(tmp_path)
    assert str(path) in str(caught.value)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_config_shows_what_is_set_and_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("config")
    assert (code, "no configuration found" in out) == (Exit.CLEAN, True)
    write(
        tmp_path / "mtaudit.toml", 'min-severity = "major"\n[[overrides]]\nignore = ["style"]\npaths = ["sport/**"]\n'
    )
    code, out, _ = run("config")
    assert 'min-severity = "major"  # set' in out
    assert 'paths = ["sport/**"]' in out
    assert 'fail-on = "major"\n' in out


@pytest.mark.parser
def test_settings_are_defaults_of_options_and_options_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.txt", CALQUE)
    write(tmp_path / "mtaudit.toml", 'select = ["fr/calques"]\nfail-on = "minor"\n')
    assert run("audit", "a.txt")[0] == Exit.ISSUES
    assert run("audit", "a.txt", "--fail-on", "never")[0] == Exit.CLEAN
    assert run("--no-config", "audit", "a.txt", "--select", "fr/calques")[0] == Exit.CLEAN
    accepted = 'words = ["ont refusé d’être nommés"]\n'
    other = write(tmp_path / "other.toml", 'select = ["fr/calques"]\nfail-on = "minor"\n' + accepted)
    assert run("--config", str(other), "audit", "a.txt")[0] == Exit.CLEAN


@pytest.mark.parser
def test_rules_are_off_for_a_path_and_words_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "sport/a.txt", CALQUE)
    write(tmp_path / "monde/b.txt", CALQUE)
    write(tmp_path / "lexique.txt", "# termes maison\nont refusé d’être nommés  # formule maison\n")
    write(tmp_path / "mtaudit.toml", 'select = ["fr/calques"]\n' + OVERRIDE)
    found = json.loads(run("audit", "sport", "monde", "-f", "json")[1])
    assert [sum(len(s["issues"]) for s in article["sentences"]) for article in found["articles"]] == [0, 1]
    write(tmp_path / "mtaudit.toml", 'select = ["fr/calques"]\nword-files = ["lexique.txt"]\n')
    found = json.loads(run("audit", "monde", "-f", "json")[1])
    assert found["articles"][0]["score"]["penalty"] == 0


@pytest.mark.parser
def test_how_input_is_read_is_configured_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "archive.csv", f"numero,corps\n1,{CALQUE}")
    write(tmp_path / "mtaudit.toml", 'select = ["fr/calques"]\nfail-on = "minor"\ncolumn = ["text=corps"]\n')
    assert run("audit", "archive.csv")[0] == Exit.ISSUES
    assert run("baseline", "archive.csv")[0] == Exit.CLEAN
    assert run("audit", "archive.csv", "--baseline", "mtaudit-baseline.sarif")[0] == Exit.CLEAN
    write(tmp_path / "mtaudit.toml", "max-bytes = 10\n")
    write(tmp_path / "a.txt", CALQUE)
    code, _, err = run("audit", "a.txt")
    assert code == Exit.INCOMPLETE
    assert "raise --max-bytes" in err


def test_an_override_of_no_rule_is_a_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.txt", CALQUE)
    write(tmp_path / "mtaudit.toml", 'select = ["fr/calques"]\n[[overrides]]\nignore = ["fr/calque"]\npaths = ["*"]\n')
    code, _, err = run("audit", "a.txt")
    assert code == Exit.USAGE
    assert "did you mean 'fr/calques'" in err


def test_dismissals_survive_writing_and_reading(tmp_path: Path) -> None:
    path = tmp_path / "mtaudit-dismissed.toml"
    first = Dismissal("fr/a/b", 'Il a dit : "Non",\n\tdeux fois \\ trois.', "citation", "a.txt", date(2027, 1, 2))
    second = Dismissal("fr/a/c", "Tout va bien.", "slogan")
    add_dismissals(path, [first])
    add_dismissals(path, [second])
    assert read_dismissals(path) == [first, second]
    write(path, "[[dismissed]]\nrule = 3\n")
    with pytest.raises(UsageError, match=r"mtaudit-dismissed\.toml"):
        read_dismissals(path)


@pytest.mark.parser
def test_dismiss_lets_a_sentence_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.txt", "Le budget est voté.\n" + CALQUE)
    rule = json.loads(run("audit", "a.txt", "--select", "fr/calques", "-f", "json")[1])["articles"][0]["sentences"][-1]
    name = rule["issues"][0]["rule"]
    assert run("dismiss", "a.txt", name, "--reason", "slogan", "--line", "1")[0] == Exit.USAGE
    code, _, err = run("dismiss", "a.txt", name, "--reason", "slogan de campagne", "--line", "2")
    assert (code, "1 sentence added" in err) == (Exit.CLEAN, True)
    assert "0 sentences added" in run("dismiss", "a.txt", name, "--reason", "slogan de campagne")[2]
    audit = ("audit", "a.txt", "--select", "fr/calques", "--fail-on", "minor")
    assert run(*audit)[0] == Exit.CLEAN
    write(tmp_path / "a.txt", "Le budget est voté.\n")
    code, _, err = run(*audit)
    assert code == Exit.CLEAN
    assert "silences nothing; remove it" in err


ROOT = Path(__file__).resolve().parent.parent


def test_the_configuration_of_the_readme_is_one(tmp_path: Path) -> None:
    block = re.search(r"```toml\n(fail-on.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block
    write(tmp_path / "mtaudit.toml", block[1])
    settings = find_configuration(tmp_path).settings
    assert settings.fail_on == "critical"
    assert settings.overrides[0].outlets == ["Le Courrier"]


@pytest.mark.parser
def test_the_hooks_for_pre_commit_run(tmp_path: Path) -> None:
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    path = write(tmp_path / "a.txt", "Il a présenté 3,5 billions d’euros lundi, 3 mai.\n")
    program, *arguments = hooks["mtaudit"]["entry"].split()
    assert program == "mtaudit"
    assert run("--no-config", *arguments, str(path))[0] == Exit.ISSUES
    assert run("--no-config", *hooks["mtaudit-fix"]["entry"].split()[1:], str(path))[0] == Exit.CLEAN
    assert path.read_text(encoding="utf-8") == "Il a présenté 3,5 billions d’euros lundi 3 mai.\n"


@pytest.mark.parser
def test_a_baseline_hides_what_was_there_and_shows_what_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.txt", CALQUE)
    chosen = ("--select", "fr/calques")
    assert run("baseline", "a.txt", *chosen)[0] == Exit.CLEAN
    write(tmp_path / "mtaudit.toml", 'baseline = "mtaudit-baseline.sarif"\nfail-on = "minor"\n')
    code, out, _ = run("audit", "a.txt", *chosen, "-f", "json")
    [article] = json.loads(out)["articles"]
    assert (code, article["sentences"][0]["issues"]) == (Exit.CLEAN, [])
    assert article["score"]["penalty"] == 1, "it is counted all the same"
    write(tmp_path / "a.txt", "Le budget est voté.\n" + CALQUE + "Deux témoins ont refusé d’être nommés.\n")
    code, out, _ = run("audit", "a.txt", *chosen, "-f", "json")
    assert code == Exit.ISSUES
    assert [len(sentence["issues"]) for sentence in json.loads(out)["articles"][0]["sentences"]] == [0, 0, 1]
    results = json.loads(run("audit", "a.txt", *chosen, "-f", "sarif")[1])["runs"][0]["results"]
    assert [result["baselineState"] for result in results] == ["unchanged", "new"]
    code, _, err = run("audit", "a.txt", "--baseline", "none.sarif")
    assert (code, "mtaudit baseline" in err) == (Exit.USAGE, True)


def test_a_baseline_is_made_by_the_engines_of_the_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.txt", CALQUE)
    write(tmp_path / "mtaudit.toml", 'select = ["fr/calques", "fr/government"]\nno-engine = ["parser"]\n')
    assert run("baseline", "a.txt")[0] == Exit.CLEAN
    [log] = json.loads((tmp_path / "mtaudit-baseline.sarif").read_text(encoding="utf-8"))["runs"]
    told = [note["message"]["text"] for note in log["invocations"][0]["toolExecutionNotifications"]]
    assert any(text.startswith("parser: switched off") for text in told)
    assert run("audit", "a.txt", "--fail-on", "minor", "--baseline", "mtaudit-baseline.sarif")[0] == Exit.CLEAN
