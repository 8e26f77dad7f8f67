"""Loading of rule packs: every fault at once, at its line, and a fast second time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mtaudit.errors import RuleError
from mtaudit.model import RegionKind, Rule, Severity, Span, Status
from mtaudit.rulefile import marked
from mtaudit.rules import load_rules, packaged_rules

GOOD = """\
check: phrase
title: Calque of "at the end of the day"
message: "« {match} » : tournure calquée."
why: "« En fin de compte » est l’usage."
category: style/calque
severity: minor
options:
  phrases: ["à la fin de la journée politique"]
examples:
  bad: ["[[À la fin de la journée politique]], rien n’a changé.", "Et [[à la fin de la journée politique]], il a cédé."]
  good: ["En fin de compte, rien n’a changé.", "À la fin de la journée, il pleuvait."]
"""


def write(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def problems(root: Path, cache: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(RuleError) as caught:
        load_rules([root], cache)
    return [(Path(problem.path).name, problem.line, problem.reason) for problem in caught.value.problems]


def test_a_rule_takes_its_id_from_its_path(tmp_path: Path) -> None:
    write(tmp_path / "rules", "fr/calques/end-of-the-day.yml", GOOD)
    (rule,) = load_rules([tmp_path / "rules"], tmp_path / "cache", examples=True).rules
    assert rule.id == "fr/calques/end-of-the-day"
    assert rule.severity is Severity.MINOR
    assert rule.status is Status.STABLE
    assert rule.skip == (RegionKind.BOILERPLATE, RegionKind.METADATA, RegionKind.MARKUP, RegionKind.VERSE)
    assert rule.bad[0].text.startswith("À la fin de la journée politique, rien")
    assert rule.bad[0].spans == (Span(0, 32),)


def test_all_faults_of_all_files_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    root = tmp_path / "rules"
    write(root, "fr/calques/one.yml", GOOD.replace("severity: minor", "severty: minor"))
    write(
        root,
        "fr/calques/two.yml",
        GOOD.replace("style/calque", "style/calc").replace("check: phrase", "check: phrases"),
    )
    write(root, "fr/calques/three.yml", GOOD.replace("  phrases:", "  phrase:"))
    write(root, "fr/calques/four.yml", GOOD.replace("[[À la fin de la journée politique]]", "[[À la fin"))
    write(root, "fr/calques/five.yml", "check: [unclosed")
    write(root, "fr/Calques/six.yml", GOOD)
    write(root, "fr/calques/seven.yml", GOOD.replace("severity: minor", "severity: major\ncommon: true"))
    write(root, "fr/calques/eight.yml", GOOD.replace("severity: minor", "severity: minor\ncommon: true\nweak: true"))
    found = problems(root, tmp_path / "cache")
    assert ("one.yml", 6, "unknown key 'severty'; did you mean 'severity'?") in found
    assert ("one.yml", 1, "the key 'severity' is missing") in found
    assert ("two.yml", 5, "unknown category 'style/calc'; did you mean 'style/calque'?") in found
    assert ("two.yml", 1, "unknown kind of check 'phrases'; did you mean 'phrase'?") in found
    assert ("three.yml", 8, "unknown key 'phrase'; did you mean 'phrases'?") in found
    assert any(name == "four.yml" and line == 10 and "not closed" in reason for name, line, reason in found)
    assert any(name == "five.yml" for name, _, _ in found)
    assert any(name == "six.yml" and "lower case" in reason for name, _, reason in found)
    assert any(name == "seven.yml" and line == 7 and "only minor faults" in reason for name, line, reason in found)
    assert any(name == "eight.yml" and "that are not weak" in reason for name, _, reason in found)


def test_a_key_given_twice_is_a_fault(tmp_path: Path) -> None:
    write(tmp_path / "rules", "fr/calques/one.yml", GOOD + "severity: major\n")
    assert problems(tmp_path / "rules", tmp_path / "cache") == [("one.yml", 12, "the key 'severity' stands twice")]


def test_two_packs_cannot_share_an_id(tmp_path: Path) -> None:
    for name in ("first", "second"):
        write(tmp_path / name, "fr/calques/one.yml", GOOD)
    with pytest.raises(RuleError, match="is taken by"):
        load_rules([tmp_path / "first", tmp_path / "second"], tmp_path / "cache")


def test_a_folder_without_rules_and_no_folder_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(RuleError, match="no rules here"):
        load_rules([tmp_path / "empty"], tmp_path / "cache")
    with pytest.raises(RuleError, match="no such folder"):
        load_rules([tmp_path / "absent"], tmp_path / "cache")


def test_a_list_beside_a_rule_becomes_its_entries(tmp_path: Path) -> None:
    root = tmp_path / "rules"
    rule = GOOD.replace('options:\n  phrases: ["à la fin de la journée politique"]\n', "")
    write(root, "fr/calques/listed.yml", rule)
    rows = "phrase\tsuggestion\nà la fin de la journée politique\ten fin de compte\nprendre place demain\t\n"
    table = write(root, "fr/calques/listed.tsv", rows)
    (loaded,) = load_rules([root], tmp_path / "cache").rules
    assert loaded.entries == 2
    assert loaded.options["entries"][1] == {"phrase": "prendre place demain"}
    table.write_text(rows + "trois\tcolonnes\tici\n", encoding="utf-8")
    assert problems(root, tmp_path / "cache")[0][:2] == ("listed.tsv", 4)


def test_a_change_is_seen_and_an_unchanged_pack_is_not_parsed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, cache = tmp_path / "rules", tmp_path / "cache"
    path = write(root, "fr/calques/one.yml", GOOD)
    first = load_rules([root], cache)
    path.write_text(GOOD.replace("severity: minor", "severity: major"), encoding="utf-8")
    second = load_rules([root], cache)
    assert second.hash != first.hash
    assert second.rules[0].severity is Severity.MAJOR

    def refuse(*_: object) -> Rule:
        raise AssertionError("parsed again")

    monkeypatch.setattr("mtaudit.rules.parse_rule", refuse)
    assert load_rules([root], cache) == second
    path.touch()
    assert load_rules([root], cache) == second, "same contents under a new time"


def test_a_damaged_or_unwritable_cache_costs_only_time(tmp_path: Path) -> None:
    root, cache = tmp_path / "rules", tmp_path / "cache"
    write(root, "fr/calques/one.yml", GOOD)
    first = load_rules([root], cache)
    for kept in cache.iterdir():
        kept.write_bytes(b"\x93garbage")
    assert load_rules([root], cache) == first
    blocked = write(tmp_path, "file", "")
    assert load_rules([root], blocked / "below") == first


def test_two_thousand_rules_load_from_the_compiled_copy_in_a_thirtieth_of_the_time(tmp_path: Path) -> None:
    root, cache = tmp_path / "rules", tmp_path / "cache"
    for number in range(2000):
        write(root, f"fr/pack{number % 20}/rule-{number}.yml", GOOD.replace("journée", f"journée {number}"))
    spent = []
    for _ in range(8):
        start = time.process_time()
        assert len(load_rules([root], cache).rules) == 2000
        spent.append(time.process_time() - start)
    # A share of the first load and not milliseconds, which tell more of the machine than of the copy.
    assert min(spent[1:]) < spent[0] / 30, [f"{second * 1000:.0f} ms" for second in spent]


def test_marks_may_stand_anywhere() -> None:
    example = marked("[[Un|1]] deux [[trois]]")
    assert example.text == "Un deux trois"
    assert example.spans == (Span(0, 2), Span(8, 13))
    assert example.suggestions == ("1", None)
    with pytest.raises(ValueError, match="not closed"):
        marked("Un [[deux")


def test_the_packaged_rules_are_sound() -> None:
    rules = load_rules([packaged_rules()]).rules
    assert sum(rule.entries for rule in rules) >= 150
    assert all(rule.why.strip() and rule.title.strip() for rule in rules)


def test_examples_are_read_only_when_wanted(tmp_path: Path) -> None:
    root, cache = tmp_path / "rules", tmp_path / "cache"
    write(root, "fr/calques/one.yml", GOOD)
    assert load_rules([root], cache).rules[0].bad == ()
    for _ in range(2):
        assert len(load_rules([root], cache, examples=True).rules[0].bad) == 2
    next(cache.glob("examples-*")).unlink()
    assert len(load_rules([root], cache, examples=True).rules[0].good) == 2


@pytest.mark.parametrize(
    ("change", "line", "reason"),
    [
        (("« {match} » : tournure", "« {foo} » : tournure"), 3, "{foo} is not filled by this check"),
        (("« {match} »", "« {match.x} »"), 3, "is not filled"),
        (("« {match} »", "« {0} »"), 3, "is not filled"),
        (("« {match} »", "« {match »"), 3, "message:"),
    ],
)
def test_what_would_break_in_mid_run_is_refused_at_load(
    tmp_path: Path, change: tuple[str, str], line: int, reason: str
) -> None:
    write(tmp_path / "rules", "fr/calques/one.yml", GOOD.replace(*change))
    found = problems(tmp_path / "rules", tmp_path / "cache")
    assert (found[0][0], found[0][1]) == ("one.yml", line)
    assert reason in found[0][2]


def test_an_alias_of_itself_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "rules", "fr/calques/one.yml", GOOD.replace("options:", "references: &x [*x]\noptions:"))
    assert "inside what it repeats" in problems(tmp_path / "rules", tmp_path / "cache")[0][2]


def test_a_folder_named_like_a_rule_is_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "rules", "fr/calques/one.yml", GOOD)
    (tmp_path / "rules/fr/calques/odd.yml").mkdir()
    assert len(load_rules([tmp_path / "rules"], tmp_path / "cache").rules) == 1


def test_a_rule_keeps_the_path_as_its_folder_was_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "rules", "fr/calques/one.yml", GOOD)
    (tmp_path / "below").mkdir()
    for folder, named in ((tmp_path, "rules"), (tmp_path / "below", "../rules")):
        monkeypatch.chdir(folder)
        (rule,) = load_rules([Path(named)], tmp_path / "cache").rules
        assert Path(rule.path).is_file()
