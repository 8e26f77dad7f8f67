"""From raw issues to the list that is shown."""

from __future__ import annotations

import time
from dataclasses import replace

from msgspec import structs
from spacy.tokens import Doc
from spacy.vocab import Vocab

from mtaudit.model import Analysis, Article, Issue, Region, RegionKind, Rule, Sentence, Severity, Span, Word
from mtaudit.refine import WEAK_FROM, WORDS_A_WEAK, refine

TEXT = "Les relations se réchauffent. Read more about it. Partagez cet article."
ANALYSIS = Analysis(
    article=Article("a", TEXT),
    sentences=(
        Sentence(0, Span(0, 29)),
        Sentence(1, Span(30, 49)),
        Sentence(2, Span(50, 71), RegionKind.BOILERPLATE),
    ),
    regions=(Region(RegionKind.QUOTE, Span(4, 28)),),
    view=TEXT,
    lower=TEXT.lower(),
    words=(),
)
RULE = Rule("fr/a/one", "phrase", "t", "m", "w", "style/calque", Severity.MINOR)
RULES = {
    rule.id: rule
    for rule in (
        RULE,
        structs.replace(RULE, id="fr/a/two"),
        structs.replace(RULE, id="fr/a/quote", skip=(RegionKind.QUOTE,)),
        structs.replace(RULE, id="fr/a/page", skip=(RegionKind.BOILERPLATE,)),
        structs.replace(RULE, id="fr/a/weak", weak=True),
        structs.replace(RULE, id="fr/a/faint", weak=True),
        structs.replace(RULE, id="fr/a/common", common=True),
        structs.replace(RULE, id="fr/a/parsed", check="tokens"),
        structs.replace(RULE, id="fr/a/witness", check="languagetool"),
        structs.replace(RULE, id="fr/a/trip", check="roundtrip"),
    )
}


def issue(rule: str, start: int, end: int, category: str = "style/calque", **more: object) -> Issue:
    base = Issue(f"fr/a/{rule}", Span(start, end), "", category, Severity.MINOR)
    return replace(base, **more)  # type: ignore[arg-type]


def shown(*issues: Issue, **thresholds: object) -> list[tuple[str, int, int]]:
    kept = refine(issues, ANALYSIS, RULES, **thresholds)  # type: ignore[arg-type]
    return [(found.rule.removeprefix("fr/a/"), *found.span) for found in kept]


def headline(words: str, *morphs: str) -> Analysis:
    """A headline with the morphology that a parser gave its words."""
    doc = Doc(Vocab(), words=words.split(), morphs=list(morphs))
    sentence = Sentence(0, Span(0, len(words)), RegionKind.HEADLINE)
    return replace(ANALYSIS, article=Article("a", words), sentences=(sentence,), regions=(), parses=(doc,))


def test_of_a_headline_without_a_verb_the_parse_is_not_believed() -> None:
    told = [issue("parsed", 0, 5), issue("one", 6, 9)]
    verbless = headline("Grève des postiers annoncée", "", "", "", "VerbForm=Part")
    assert [found.rule for found in refine(told, verbless, RULES)] == ["fr/a/one"]
    told_of_verb = headline("Les postiers entrent en grève", "", "", "VerbForm=Fin", "", "")
    assert [found.rule for found in refine(told, told_of_verb, RULES)] == ["fr/a/parsed", "fr/a/one"]
    body = replace(verbless, sentences=(Sentence(0, Span(0, 27)),))
    assert len(refine(told, body, RULES)) == 2


def test_issues_come_out_in_order_of_place() -> None:
    assert shown(issue("two", 14, 28), issue("one", 0, 3)) == [("one", 0, 3), ("two", 14, 28)]


def test_a_rule_is_silent_in_the_regions_that_it_skips() -> None:
    assert shown(issue("quote", 4, 13)) == []
    assert shown(issue("quote", 0, 13)) == [("quote", 0, 13)]
    assert shown(issue("page", 50, 58)) == []
    assert shown(issue("one", 50, 58)) == [("one", 50, 58)]


def test_content_swallows_what_lies_inside_it() -> None:
    page = issue("page", 30, 49, "content/boilerplate")
    assert shown(page, issue("one", 30, 39, "accuracy/untranslated"), issue("two", 25, 35)) == [
        ("two", 25, 35),
        ("page", 30, 49),
    ]


def test_a_nonword_inside_a_foreign_span_says_nothing_new() -> None:
    foreign = issue("one", 30, 49, "accuracy/untranslated")
    assert shown(foreign, issue("two", 35, 39, "linguistic/nonword")) == [("one", 30, 49)]


def test_overlapping_issues_of_one_category_become_one_that_names_the_other() -> None:
    (kept,) = refine([issue("one", 0, 13), issue("two", 4, 28, severity=Severity.MAJOR)], ANALYSIS, RULES)
    assert kept.rule == "fr/a/two"
    assert kept.evidence["also"] == ["fr/a/one"]


def test_overlapping_issues_of_two_categories_both_stay() -> None:
    assert len(shown(issue("one", 0, 13), issue("two", 4, 28, "linguistic/agreement"))) == 2
    assert len(shown(issue("one", 0, 13), issue("two", 0, 13, "linguistic/agreement"))) == 1, "the very same span"


def test_thresholds() -> None:
    weak, strong = issue("one", 0, 3, confidence=0.4), issue("two", 4, 13, severity=Severity.MAJOR)
    assert shown(weak, strong, min_confidence=0.5) == [("two", 4, 13)]


def test_time_grows_with_the_number_of_issues_and_not_with_its_square() -> None:
    def spent(count: int) -> float:
        issues = [issue("one", 10 * n, 10 * n + 5) for n in range(count)]
        best = 9.0
        for _ in range(3):
            start = time.process_time()
            assert len(refine(issues, ANALYSIS, RULES)) == count
            best = min(best, time.process_time() - start)
        return best

    assert spent(8000) < 10 * spent(2000)


def test_a_weak_sign_is_shown_in_company_only() -> None:
    assert shown(issue("weak", 0, 3), issue("one", 14, 28)) == [("one", 14, 28)]
    assert shown(issue("weak", 0, 3), issue("faint", 14, 28)) == []
    assert len(shown(issue("weak", 0, 3), issue("faint", 14, 28), issue("weak", 30, 34))) == 3
    assert len(shown(*(issue("weak", start, start + 3) for start in (0, 4, 14)))) == 3


def test_a_weak_sign_is_shown_where_the_article_reads_like_a_machines() -> None:
    assert shown(issue("weak", 0, 3), probability=WEAK_FROM) == [("weak", 0, 3)]
    assert shown(issue("weak", 0, 3), probability=WEAK_FROM - 0.01) == []
    assert shown(issue("weak", 0, 3), probability=None) == []
    assert shown(issue("weak", 0, 3, confidence=0.2), probability=0.99, min_confidence=0.5) == []


def test_what_is_dropped_for_its_confidence_is_no_company() -> None:
    two = [issue("weak", 0, 3), issue("weak", 4, 13)]
    assert len(shown(*two, issue("faint", 14, 28, confidence=0.6), min_confidence=0.5)) == 3
    assert shown(*two, issue("faint", 14, 28, confidence=0.2), min_confidence=0.5) == []


def test_a_long_article_needs_more_of_them() -> None:
    words = tuple(Word("mot", 0, 3, 0) for _ in range(WORDS_A_WEAK * 3 + 1))
    long = replace(ANALYSIS, words=words)
    three = [issue("weak", 0, 3), issue("faint", 14, 20), issue("weak", 21, 28)]
    assert refine(three, long, RULES) == ()
    assert len(refine([*three, issue("weak", 40, 49)], long, RULES)) == 4


def test_a_common_fault_is_not_shown_in_an_article_that_reads_like_a_persons() -> None:
    assert shown(issue("common", 0, 3), probability=WEAK_FROM - 0.01) == []
    assert shown(issue("common", 0, 3), probability=WEAK_FROM) == [("common", 0, 3)]


def test_a_common_fault_is_shown_where_nothing_is_known_of_the_article() -> None:
    assert shown(issue("common", 0, 3), probability=None) == [("common", 0, 3)]


def test_a_common_fault_is_shown_beside_telling_ones() -> None:
    here = issue("common", 0, 3)
    other, weak, strange = issue("common", 4, 13), issue("weak", 14, 20), issue("one", 21, 25)
    assert shown(here, other, weak, strange, probability=0.1) == [("one", 21, 25)]
    assert len(shown(here, other, issue("two", 14, 20), strange, probability=0.1)) == 4


def test_a_weak_sign_behind_a_plain_issue_stays_in_its_evidence() -> None:
    (kept,) = refine([issue("one", 0, 13), issue("weak", 4, 8)], ANALYSIS, RULES)
    assert kept.evidence["also"] == ["fr/a/weak"]


def heard(*issues: Issue) -> list[tuple[str, object]]:
    """The rules shown, and what the witness says of each."""
    kept = refine(issues, ANALYSIS, RULES)
    return [(found.rule.removeprefix("fr/a/"), found.evidence.get("languagetool")) for found in kept]


def test_what_a_witness_found_too_is_evidence_of_ours() -> None:
    told = issue("witness", 4, 13, severity=Severity.MAJOR, suggestions=("x",), evidence={"advice": "Accord"})
    said = {"rule": "fr/a/witness", "advice": "Accord", "suggestions": ["x"]}
    assert heard(issue("one", 0, 13), told) == [("one", said)], "one category, whatever the severities"
    assert heard(issue("one", 4, 14, "linguistic/grammar"), told) == [("one", said)], "the same words"


def test_what_a_witness_found_alone_stays_its_own() -> None:
    told = issue("witness", 4, 13)
    assert heard(told) == [("witness", None)]
    assert heard(issue("one", 14, 28), told) == [("witness", None), ("one", None)], "elsewhere"
    assert heard(issue("one", 0, 29, "linguistic/grammar"), told) == [("one", None), ("witness", None)], (
        "a word in many"
    )


def test_two_witnesses_are_heard_each_for_itself() -> None:
    told = issue("witness", 4, 13, evidence={"advice": "Accord"})
    trip = issue("trip", 4, 13, evidence={"pivot": "The relations"})
    (kept,) = refine([told, trip, issue("one", 4, 13)], ANALYSIS, RULES)
    assert kept.evidence["languagetool"]["advice"] == "Accord"
    assert kept.evidence["roundtrip"]["pivot"] == "The relations"
    (kept,) = refine([told, trip], ANALYSIS, RULES)
    assert (kept.rule, kept.evidence["roundtrip"]["rule"]) == ("fr/a/witness", "fr/a/trip")
    (kept,) = refine([trip], ANALYSIS, RULES)
    assert kept.rule == "fr/a/trip"


def test_a_witness_does_not_go_with_a_weak_sign_that_is_not_shown() -> None:
    assert heard(issue("weak", 4, 13), issue("witness", 4, 13)) == [("witness", None)]


def test_a_witness_is_silent_about_furniture_and_disclaimers() -> None:
    page = issue("page", 30, 49, "content/boilerplate")
    assert heard(page, issue("witness", 35, 39)) == [("page", None)]
