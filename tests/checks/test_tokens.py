"""The token check: spaCy patterns, marks, absence of dependants, dependency trees, exceptions, options."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from mtaudit.checks import tokens
from mtaudit.model import Analysis, Article, Need, Rule, Sentence, Severity, Span

spacy = pytest.importorskip("spacy")
VOCAB = spacy.blank("fr").vocab

#: form, lemma, part of speech, head, dependency
Row = tuple[str, str, str, int, str]

CONSULT: list[Row] = [
    ("Le", "le", "DET", 1, "det"),
    ("ministre", "ministre", "NOUN", 2, "nsubj"),
    ("consulte", "consulter", "VERB", 2, "ROOT"),
    ("sur", "sur", "ADP", 5, "case"),
    ("la", "le", "DET", 5, "det"),
    ("loi", "loi", "NOUN", 2, "obl:arg"),
    (".", ".", "PUNCT", 2, "punct"),
]
CONSULT_WHOM: list[Row] = [
    ("Le", "le", "DET", 1, "det"),
    ("ministre", "ministre", "NOUN", 2, "nsubj"),
    ("consulte", "consulter", "VERB", 2, "ROOT"),
    ("les", "le", "DET", 4, "det"),
    ("maires", "maire", "NOUN", 2, "obj"),
    ("sur", "sur", "ADP", 7, "case"),
    ("la", "le", "DET", 7, "det"),
    ("loi", "loi", "NOUN", 2, "obl:arg"),
]


def analysis_of(*parses: list[Row]) -> Analysis:
    docs = [
        spacy.tokens.Doc(
            VOCAB,
            words=[row[0] for row in rows],
            lemmas=[row[1] for row in rows],
            pos=[row[2] for row in rows],
            heads=[row[3] for row in rows],
            deps=[row[4] for row in rows],
        )
        for rows in parses
    ]
    text, sentences = "", []
    for index, doc in enumerate(docs):
        sentences.append(Sentence(index, Span(len(text), len(text) + len(doc.text))))
        text += doc.text + "\n"
    return Analysis(Article("test", text), tuple(sentences), (), text, text.lower(), (), parses=tuple(docs))


def found(options: dict[str, Any], *parses: list[Row]) -> list[tuple[str, tuple[str, ...]]]:
    rule = Rule("fr/test/rule", "tokens", "", "{match}", "", "style/calque", Severity.MINOR, options=options)
    analysis = analysis_of(*parses)
    issues = tokens.run(analysis, tokens.compile([rule]))
    return [(analysis.text[issue.span.start : issue.span.end], issue.suggestions) for issue in issues]


def test_marks_say_what_the_issue_covers() -> None:
    pattern: list[dict[str, Any]] = [
        {"LEMMA": "consulter", "mark": True},
        {"LOWER": "sur", "mark": True},
        {"POS": "DET", "OP": "?"},
        {"POS": "NOUN"},
    ]
    assert found({"patterns": [pattern]}, CONSULT_WHOM, CONSULT) == [("consulte sur", ())]
    plain = [{key: value for key, value in token.items() if key != "mark"} for token in pattern]
    assert found({"patterns": [plain]}, CONSULT) == [("consulte sur la loi", ())]


def test_suggestions_name_the_tokens() -> None:
    pattern = [{"POS": "NOUN"}, {"LEMMA": "consulter"}, {"POS": {"IN": ["ADP", "DET"]}, "OP": "+"}, {"POS": "NOUN"}]
    options = {"patterns": [pattern], "suggestions": ["{0} va {1.lemma} {2} {3}", "rien"]}
    assert found(options, CONSULT) == [
        ("ministre consulte sur la loi", ("ministre va consulter sur la loi", "rien")),
    ]


def test_without_asks_for_the_absence_of_a_dependant() -> None:
    pattern = [{"LEMMA": "consulter", "without": ["obj"], "mark": True}, {"OP": "*"}, {"LOWER": "sur"}]
    assert found({"patterns": [pattern]}, CONSULT_WHOM) == []
    assert found({"patterns": [pattern]}, CONSULT) == [("consulte", ())]


def test_dependency_patterns() -> None:
    nodes = [
        {"RIGHT_ID": "verb", "RIGHT_ATTRS": {"LEMMA": "consulter"}, "mark": True, "without": ["obj"]},
        {"LEFT_ID": "verb", "REL_OP": ">", "RIGHT_ID": "law", "RIGHT_ATTRS": {"DEP": "obl:arg"}},
        {"LEFT_ID": "law", "REL_OP": ">", "RIGHT_ID": "on", "RIGHT_ATTRS": {"LOWER": "sur"}, "mark": True},
    ]
    options = {"dependency": [nodes], "suggestions": ["mener des consultations {on} {law.lemma}"]}
    assert found(options, CONSULT_WHOM, CONSULT) == [("consulte sur", ("mener des consultations sur loi",))]


def test_unless_silences_the_sentence_and_only_it() -> None:
    options = {"patterns": [[{"LEMMA": "consulter"}]], "unless": [[{"POS": "DET"}, {"LEMMA": "maire"}]]}
    assert found(options, CONSULT_WHOM, CONSULT) == [("consulte", ())]


def test_the_longest_of_overlapping_matches_counts() -> None:
    pattern = [{"LEMMA": "consulter"}, {"OP": "*", "IS_PUNCT": False}]
    assert found({"patterns": [pattern]}, CONSULT) == [("consulte sur la loi", ())]


def test_a_pattern_runs_only_where_its_words_are() -> None:
    rule = Rule(
        "fr/test/rule", "tokens", "", "", "", "style/calque", Severity.MINOR,
        options={"patterns": [[{"LEMMA": {"IN": ["gagner", "perdre"]}}, {"POS": "ADV", "OP": "?"}, {"POS": "PROPN"}]]},
    )  # fmt: skip
    compiled = tokens.compile([rule])
    assert dict(compiled.index) == {"gagner": (0,), "perdre": (0,)}
    assert list(tokens.run(analysis_of(CONSULT), compiled)) == []
    assert compiled.matchers == {}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "needs `patterns`"),
        ({"patterns": [[]]}, "needs tokens"),
        ({"patterns": [[{"LEMA": "a"}]]}, "unknown token attribute 'LEMA'"),
        ({"patterns": [[{"LEMMA": {"INN": ["a"]}}]]}, "unknown predicate"),
        ({"patterns": [[{"LEMMA": ["a"]}]]}, "takes a string"),
        ({"patterns": [[{"OP": "**"}]]}, "unknown OP"),
        ({"patterns": [[{"mark": "yes"}]]}, "true or false"),
        ({"patterns": [[{"without": "obj"}]]}, "list of dependencies"),
        ({"patterns": [[{"POS": "NOUN"}]], "suggestions": ["{1}"]}, "names '1'"),
        ({"dependency": [[{"RIGHT_ID": "a"}]]}, "node 0"),
        ({"dependency": [[{"RIGHT_ID": "a", "RIGHT_ATTRS": {}}, {"LEFT_ID": "b", "REL_OP": ">", "RIGHT_ID": "c",
          "RIGHT_ATTRS": {}}]]}, "not known"),
        ({"unless": [[{"X": 1}]], "patterns": [[{"POS": "NOUN"}]]}, "unknown token attribute"),
    ],
)  # fmt: skip
def test_bad_options_are_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises((ValueError, msgspec.ValidationError), match=reason):
        msgspec.convert(options, tokens.Options)


def test_needs_the_parser() -> None:
    rule = Rule("fr/test/rule", "tokens", "", "", "", "style/calque", Severity.MINOR)
    assert tokens.needs(rule) == {Need.TOKENS}
