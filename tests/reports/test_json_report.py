from __future__ import annotations

import io
import json
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mtaudit import __version__
from mtaudit.categories import CATEGORIES
from mtaudit.errors import InputError
from mtaudit.model import Detection, Issue, Origin, Report, Rule, Severity, Span, Verdict
from mtaudit.positions import Positions
from mtaudit.reports.json_report import report_schema, write, write_lines
from mtaudit.translations import Hypothesis, RoundTrip, Scored, ScoredPiece
from tests.reports.newsdesk import N, abroad, clue, desk, judged_desk, report

SCHEMA = report_schema()
DOCUMENT = Draft202012Validator(SCHEMA)
LINE = Draft202012Validator({**SCHEMA["$defs"]["line"], "$defs": SCHEMA["$defs"]})


def document(reports: list[Report], **options: Any) -> dict[str, Any]:
    stream = io.StringIO()
    write(reports, stream, **options)
    parsed: dict[str, Any] = json.loads(stream.getvalue())
    DOCUMENT.validate(parsed)
    return parsed


def lines(reports: list[Report]) -> list[dict[str, Any]]:
    stream = io.StringIO()
    write_lines(reports, stream)
    parsed = [json.loads(line) for line in stream.getvalue().split("\n") if line]
    for line in parsed:
        LINE.validate(line)
    return parsed


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert set(SCHEMA["$defs"]["category"]["enum"]) == CATEGORIES


def test_every_sentence_is_listed_in_order_with_its_own_text() -> None:
    reports = desk()
    for made, article in zip(reports, document(reports)["articles"], strict=True):
        text = made.article.text
        assert [sentence["index"] for sentence in article["sentences"]] == list(range(len(made.sentences)))
        for sentence in article["sentences"]:
            assert text[sentence["start"] : sentence["end"]] == sentence["text"] != ""
            for issue in sentence["issues"]:
                assert text[issue["start"] : issue["end"]] == issue["text"] != ""
        assert sum(len(sentence["issues"]) for sentence in article["sentences"]) == len(made.issues)


def test_a_sentence_has_its_round_trip_where_there_is_one() -> None:
    made = desk()[0]
    sentence = made.article.text[slice(*made.sentences[0].span)]
    pivot, back = Hypothesis("The strike: the city hardens.", -7.5, 8), Hypothesis(f"{sentence} Et voilà.", -3.25, 9)
    scored = Scored((ScoredPiece(Span(0, 5), -1.5), ScoredPiece(Span(6, 9), -2.0)), -0.25)
    trips = (
        RoundTrip(sentence, "model", pivot, back, scored, 2 / 3),
        None,
        RoundTrip("12345", "model", reason="without a word that the model can read"),
        RoundTrip("x", "model", pivot, back),
    )
    whole = document([replace(made, round_trips=trips)])
    assert set(whole["similarity"]) == {"chrf", "bleu", "ter"}
    first, second, third, fourth, *rest = whole["articles"][0]["sentences"]
    assert first["round_trip"] == {
        "pivot": "The strike: the city hardens.",
        "back": f"{sentence} Et voilà.",
        "kept": 0.667,
        "similarity": first["round_trip"]["similarity"],
        "log_probability": -3.75,
        "pieces": 3,
    }
    assert 50 < first["round_trip"]["similarity"]["chrf"] < 100
    assert third["round_trip"] == {"reason": "without a word that the model can read"}
    assert "log_probability" not in fourth["round_trip"], "too long to be scored"
    assert not any("round_trip" in sentence for sentence in (second, *rest))
    (line,) = lines([replace(made, round_trips=trips)])
    assert (line["similarity"], line["sentences"]) == (whole["similarity"], whole["articles"][0]["sentences"])
    assert "similarity" not in document([made])


def test_an_issue_says_all_of_itself() -> None:
    sentences = document(desk())["articles"][0]["sentences"]
    (nonword,) = sentences[2]["issues"]
    assert nonword == {
        "rule": "fr/words/unknown",
        "category": "linguistic/nonword",
        "severity": "major",
        "confidence": 0.9,
        "start": 264,
        "end": 271,
        "text": "precisé",
        "line": 3,
        "column": 219,
        "message": f"«{N}precisé{N}» n’est pas un mot français.",
        "suggestions": ["précisé"],
        "evidence": {},
    }


def test_an_article_says_whether_a_machine_translated_it_and_why() -> None:
    text = "La mairie a déclaré hier qu’elle fermait. Elle a déclaré forfait."
    told = Detection(
        0.93456,
        Verdict.LIKELY,
        "",
        {"phrasing": 1.23456, "issues": -0.1},
        (clue(text, "a déclaré", 0.98765),),
        Origin("en", 0.87654, {"en": 2}),
    )
    (article,) = document([replace(report("a.txt", text), detection=told)])["articles"]
    assert article["detection"] == {
        "probability": 0.9346,
        "verdict": "likely",
        "abstained": None,
        "signals": {"phrasing": 1.235, "issues": -0.1},
        "clues": [
            {
                "signal": "phrasing",
                "label": f"«{N}a déclaré{N}»",
                "weight": 0.988,
                "places": [
                    {"start": 10, "end": 19, "text": "a déclaré"},
                    {"start": 47, "end": 56, "text": "a déclaré"},
                ],
            }
        ],
        "source_language": {"guess": "en", "confidence": 0.877, "votes": {"en": 2}},
    }


def test_where_nothing_is_said_of_a_machine_the_reason_is_told() -> None:
    articles = document([*judged_desk(), abroad()])["articles"]
    assert [article["detection"] and article["detection"]["verdict"] for article in articles] == [
        *("likely", "likely", None, "unclear", None)
    ]
    assert articles[2]["detection"] == {
        "probability": None,
        "verdict": None,
        "abstained": f"texte trop court (25{N}mots)",
        "signals": {},
        "clues": [],
        "source_language": None,
    }
    assert articles[4]["detection"] is None
    assert [line["detection"] for line in lines([*judged_desk(), abroad()])] == [one["detection"] for one in articles]


@pytest.mark.parametrize(
    ("key", "value"),
    [("probability", 1.2), ("verdict", "maybe"), ("abstained", ""), ("signals", {"phrasing": "much"}), ("extra", 1)],
)
def test_the_schema_refuses_a_detection_that_says_something_else(key: str, value: object) -> None:
    made = document(judged_desk())
    made["articles"][0]["detection"][key] = value
    assert not DOCUMENT.is_valid(made)
    del made["articles"][0]["detection"][key]
    assert DOCUMENT.is_valid(made) is (key == "extra"), "every field is always there"


def test_the_schema_describes_every_field_of_a_detection() -> None:
    for name in ("detection", "source_language"):
        fields = SCHEMA["$defs"][name]["properties"]
        assert all(field.get("description") for field in fields.values())
        assert set(SCHEMA["$defs"][name]["required"]) == set(fields)


def test_the_head_names_what_made_the_scores_and_what_is_missing() -> None:
    made = document(desk(), unreadable=[InputError("copie/vide.txt", "the file is empty")])
    assert list(made) == ["schema", "version", "signature", "skipped", "unreadable", "articles"]
    assert (made["schema"], made["version"]) == ("mtaudit.report/1", __version__)
    assert made["signature"] == desk()[0].score.signature
    assert made["skipped"] == [{"engine": "parser", "reason": "fr_core_news_md is not installed", "rules": 37}]
    assert made["unreadable"] == [{"path": "copie/vide.txt", "reason": "the file is empty"}]


def test_the_score_of_an_article() -> None:
    article = document(desk())["articles"][0]
    assert article["words"] == 412
    assert article["score"]["interval"] == [61.4, 1132.0]
    assert article["score"]["triage"] == "retranslate"
    assert list(article["score"]["by_category"]) == sorted(article["score"]["by_category"])


def test_french_is_written_as_french() -> None:
    stream = io.StringIO()
    write(desk(), stream)
    assert "La municipalité" in stream.getvalue()
    assert "\\u" not in stream.getvalue()


def test_a_line_says_its_schema_and_holds_one_article() -> None:
    made = lines(desk())
    assert [line["id"] for line in made] == [one.article.id for one in desk()]
    assert {line["schema"] for line in made} == {"mtaudit.report/1"}
    assert all(line["signature"] and line["version"] for line in made)
    assert [len(line["skipped"]) for line in made] == [1, 0, 0, 0]
    assert [line["sentences"] for line in made] == [one["sentences"] for one in document(desk())["articles"]]


def test_a_line_is_one_line_whatever_the_article_holds() -> None:
    text = "Un titre\u2028une suite\u2029et\x85 la fin\r\nVoilà.\n"
    stream = io.StringIO()
    write_lines([report("a.txt", text)], stream)
    assert stream.getvalue().count("\n") == 1
    assert json.loads(stream.getvalue())["sentences"][-1]["text"] == "Voilà."


def test_the_rules_that_fired_are_explained_on_demand() -> None:
    rules = {
        name: Rule(
            name, "words", "Unknown word", "{match}", "Mot absent du lexique.", "linguistic/nonword", Severity.MAJOR
        )
        for name in ("fr/words/unknown", "fr/words/other")
    }
    made = document(desk(), rules=rules)["rules"]
    assert made == {
        "fr/words/unknown": {
            "title": "Unknown word",
            "why": "Mot absent du lexique.",
            "category": "linguistic/nonword",
            "severity": "major",
            "references": [],
        }
    }


def test_evidence_may_hold_what_checks_use() -> None:
    evidence = {"languages": frozenset({"pt", "es"}), "rank": (("pt", 0.9),), "more": MappingProxyType({"n": 1})}
    issue = Issue("fr/fragments/word", Span(0, 4), "m", "accuracy/untranslated", Severity.MAJOR, evidence=evidence)
    made = document([replace(report("a.txt", "Sanções"), issues=(issue,))])
    assert made["articles"][0]["sentences"][0]["issues"][0]["evidence"] == {
        "languages": ["es", "pt"],
        "rank": [["pt", 0.9]],
        "more": {"n": 1},
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [("severity", "grave"), ("category", "style/other"), ("confidence", 2), ("line", 0), ("extra", 1)],
)
def test_the_schema_refuses_what_the_contract_does(key: str, value: object) -> None:
    made = document(desk())
    made["articles"][0]["sentences"][1]["issues"][0][key] = value
    assert not DOCUMENT.is_valid(made)


@given(
    text=st.text(alphabet=st.sampled_from("aé’ .\u00a0\r\n\t😀e\u0301«»\u2028"), min_size=1, max_size=60),
    spans=st.lists(st.tuples(st.integers(0, 59), st.integers(1, 9)), max_size=6),
)
def test_spans_hold_on_any_text(text: str, spans: list[tuple[int, int]]) -> None:
    issues = tuple(
        Issue("fr/x/y", Span(start, min(len(text), start + size)), "m", "style/calque", Severity.MINOR)
        for start, size in spans
        if start < len(text)
    )
    made = replace(report("a.txt", text), issues=issues)
    (article,) = document([made])["articles"]
    found = [issue for sentence in article["sentences"] for issue in sentence["issues"]]
    assert len(found) == len(issues)
    for issue in found:
        assert text[issue["start"] : issue["end"]] == issue["text"]
        assert Positions(text).offset(issue["line"], issue["column"]) == issue["start"]
