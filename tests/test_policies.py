"""What a newsroom lets stand."""

from __future__ import annotations

from datetime import date

import pytest

from mtaudit.analysis import Engines, analyse
from mtaudit.lang import LANGUAGES
from mtaudit.model import Analysis, Article, Issue, Severity, Span
from mtaudit.policies import Dismissal, Override, Policy, _matches


def analysis_of(text: str, name: str = "sport/une.txt", outlet: str | None = None) -> Analysis:
    [(analysis, _)] = analyse([Article(name, text, path=name, outlet=outlet)], Engines(LANGUAGES["fr"]))
    return analysis


def issue(analysis: Analysis, words: str, rule: str = "fr/calques/sense") -> Issue:
    start = analysis.text.index(words)
    return Issue(rule, Span(start, start + len(words)), "", "style/calque", Severity.MINOR)


def left(policy: Policy, analysis: Analysis, *words: str) -> list[str]:
    return [analysis.text[slice(*one.span)] for one in policy.filter(analysis, [issue(analysis, w) for w in words])]


def test_a_rule_is_silent_on_the_paths_and_outlets_it_is_left_off_for() -> None:
    policy = Policy(overrides=(Override(frozenset({"fr/calques/sense"}), ("sport/**",), ("Le Courrier",)),))
    assert left(policy, analysis_of("Cela fait sens."), "fait sens") == []
    assert left(policy, analysis_of("Cela fait sens.", "monde/a.txt"), "fait sens") == ["fait sens"]
    assert left(policy, analysis_of("Cela fait sens.", "monde/a.txt", "Le Courrier"), "fait sens") == []


@pytest.mark.parametrize(
    ("path", "pattern", "fits"),
    [
        ("sport/une.txt", "sport/**", True),
        ("sport/foot/une.txt", "sport/**/*.txt", True),
        ("/srv/copy/sport/une.txt", "sport/**", True),
        ("sport/une.txt", "*.md", False),
        ("sport/une.md", "*.md", True),
        ("transport/une.txt", "sport/**", False),
        ("sport/une.txt", "sport", True),
        ("sport/foot/une.txt", "sport/*.txt", False),
        ("copy\\sport\\une.txt", "sport/*.txt", True),
    ],
)
def test_patterns_of_paths(path: str, pattern: str, fits: bool) -> None:
    assert _matches(path, pattern) is fits


def test_a_word_of_the_house_is_accepted_whatever_rule_minds_it() -> None:
    policy = Policy(words=frozenset({"newsletter", "l'open data"}))
    analysis = analysis_of("La Newsletter vante l’open data et le wording.")
    assert left(policy, analysis, "Newsletter", "l’open data", "wording") == ["wording"]


def test_what_is_slight_is_let_stand_where_the_house_says_so() -> None:
    minor = Override(frozenset(), outlets=("Le Courrier",), min_severity=Severity.MAJOR)
    here = analysis_of("Cela fait sens.", "monde/a.txt", "Le Courrier")
    assert left(Policy(overrides=(minor,)), here, "fait sens") == []
    assert left(Policy(overrides=(minor,)), analysis_of("Cela fait sens.", "monde/a.txt"), "fait sens") == ["fait sens"]
    words = Override(frozenset(), paths=("sport/**",), words=frozenset({"fair-play"}))
    text = "Le fair-play a payé."
    assert left(Policy(overrides=(words,)), analysis_of(text), "fair-play") == []
    assert left(Policy(overrides=(words,)), analysis_of(text, "monde/a.txt"), "fair-play") == ["fair-play"]


TEXT = """\
Cela fait sens.

<!-- mtaudit: ignore fr/calques formule de la source -->

Elle a dit que cela faisait sens. Et puis cela fera sens.

Cela fait sens encore. <!-- mtaudit: ignore style/calque, fr/grammar repris du titre -->
Un dernier sens.
"""


def test_a_remark_silences_its_paragraph_or_the_next_one() -> None:
    policy = Policy()
    analysis = analysis_of(TEXT)
    assert left(policy, analysis, "fait sens", "faisait sens", "fera sens", "fait sens encore", "dernier sens") == [
        "fait sens",
        "dernier sens",
    ]
    assert policy.faults == []
    assert left(policy, analysis, "mtaudit: ignore") == [], "nobody audits the remark itself"


def test_remarks_that_are_of_no_use_are_reported() -> None:
    policy = Policy()
    text = "<!-- mtaudit: ignore fr/calques -->\nCela fait sens.\n\n<!-- mtaudit: off -->\n\n"
    analysis = analysis_of(text + "<!-- mtaudit: ignore fr/names nom de marque -->\nRien ici.")
    assert left(policy, analysis, "fait sens") == ["fait sens"], "a remark without a reason silences nothing"
    for fault, reason in zip(policy.faults, ("no reason", "not of the form", "silences nothing"), strict=True):
        assert reason in fault


def test_a_dismissal_holds_for_its_sentence_until_its_day() -> None:
    known = Dismissal(
        "fr/calques/sense", "Cela « fait sens » aujourd’hui.", "slogan", "sport/une.txt", date(2026, 12, 1)
    )
    text = "Rien.\n\nCela «\u00a0fait  sens\u00a0» aujourd'hui. Cela fait sens."
    analysis = analysis_of(text)
    for today, expected in ((date(2026, 12, 1), []), (date(2026, 12, 2), ["fait  sens"])):
        policy = Policy(dismissals={known.key: known}, today=today)
        assert left(policy, analysis, "fait  sens") == expected
    assert list(policy.unused()) == [
        "sport/une.txt: the dismissal of fr/calques/sense in « Cela « fait sens » aujourd’hui. » ended on 2026-12-01"
    ]


def test_a_dismissal_that_silences_nothing_is_reported_when_its_article_was_audited() -> None:
    known = Dismissal("fr/calques/sense", "Cela fait sens.", "slogan", "sport/une.txt")
    policy = Policy(dismissals={known.key: known})
    assert left(policy, analysis_of("Cela a du sens.", "autre.txt"), "sens") == ["sens"]
    assert list(policy.unused()) == []
    assert left(policy, analysis_of("Cela a du sens."), "sens") == ["sens"]
    assert [line.endswith("silences nothing; remove it") for line in policy.unused()] == [True]
