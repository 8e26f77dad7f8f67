from __future__ import annotations

import pytest

from mtaudit.fingerprints import fingerprint, fingerprints
from mtaudit.model import Issue, Sentence, Severity, Span

CALQUE = "fr/calques/make-sense"
SENTENCE = "La grève, dit-on à la mairie, fait sens ; l’accord fait sens aussi."


def issue(start: int, rule: str = CALQUE) -> Issue:
    return Issue(rule, Span(start, start + 9), "Calque.", "style/calque", Severity.MINOR)


@pytest.mark.parametrize(
    "changed",
    [
        SENTENCE.replace("’", "'"),
        SENTENCE.replace(" ;", "\u00a0;"),
        SENTENCE.replace("mairie, fait", "mairie,\nfait"),
        SENTENCE.replace("La grève", "LA GRÈVE"),
        SENTENCE.replace("è", "e\u0300"),
    ],
    ids=["apostrophe", "no-break space", "line end", "capitals", "combining accent"],
)
def test_typography_does_not_change_it(changed: str) -> None:
    assert changed != SENTENCE
    assert fingerprint(CALQUE, changed) == fingerprint(CALQUE, SENTENCE)


@pytest.mark.parametrize(
    "changed", [SENTENCE.replace("mairie", "préfecture"), SENTENCE.replace("l’accord", "1 accord")]
)
def test_words_do(changed: str) -> None:
    assert fingerprint(CALQUE, changed) != fingerprint(CALQUE, SENTENCE)
    assert fingerprint("fr/calques/other", SENTENCE) != fingerprint(CALQUE, SENTENCE)


def test_text_inserted_elsewhere_changes_nothing() -> None:
    places = [SENTENCE.index("fait sens"), SENTENCE.rindex("fait sens")]
    here = fingerprints(SENTENCE, [(Sentence(0, Span(0, len(SENTENCE))), [issue(place) for place in places])])
    before = "Le tribunal a rendu sa décision vendredi. "
    moved = [(Sentence(0, Span(0, len(before))), []), (Sentence(1, Span(len(before), len(before + SENTENCE))), here[0])]
    again = fingerprints(
        before + SENTENCE,
        [(sentence, [issue(place + len(before)) for place in places] if rows else []) for sentence, rows in moved],
    )
    assert again == [[], *here]


def test_two_issues_of_a_rule_in_a_sentence_are_told_apart_and_those_of_two_rules_are_not_counted_together() -> None:
    sentence = Sentence(0, Span(0, len(SENTENCE)))
    (row,) = fingerprints(SENTENCE, [(sentence, [issue(3, "fr/words/unknown"), issue(30), issue(51)])])
    assert len(set(row)) == 3
    assert row[1] == fingerprint(CALQUE, SENTENCE, 0)
