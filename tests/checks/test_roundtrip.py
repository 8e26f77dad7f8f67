"""What round trips made by hand say: repairs by their kind, improbable words, losses; thresholds and their model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from mtaudit.calibration import Calibration, Threshold
from mtaudit.checks import roundtrip
from mtaudit.edits import edits, share_kept, tokens
from mtaudit.errors import EngineError
from mtaudit.model import Issue, Rule, Span
from mtaudit.repairs import mended
from mtaudit.resources import LexiconEntry
from mtaudit.translations import Hypothesis, Repair, RoundTrip, Scored, ScoredPiece
from tests.checks.surface import FakeLexicon, analysis_of, rule_of

MODEL = "0123456789abcdef"
KINDS = ("agreement", "preposition", "nonword", "wrong-word", "order", "date")

_FORMS = {
    "le": "DET", "la": "DET", "les": "DET", "leur": "DET", "son": "DET", "une": "DET", "de": "ADP", "du": "ADP",
    "autour": "ADV", "a": "VERB", "ont": "VERB", "et": "CCONJ", "pour": "ADP", "en": "ADP", "hier": "ADV",
    "espagne": "PROPN", "huit": "DET", "deux": "DET", "mars": "NOUN", "juin": "NOUN", "ne": "ADV", "pas": "ADV",
}  # fmt: skip
_READINGS: Mapping[str, tuple[LexiconEntry, ...]] = {
    "important": (LexiconEntry("important", "ADJ", "m", "s"),),
    "importante": (LexiconEntry("important", "ADJ", "f", "s"),),
    "annonce": (LexiconEntry("annoncer", "VERB", "", "s"), LexiconEntry("annonce", "NOUN", "f", "s")),
    "annoncé": (LexiconEntry("annoncer", "VERB", "m", "s"),),
    "annoncera": (LexiconEntry("annoncer", "VERB", "", "s"),),
    "arrive": (LexiconEntry("arriver", "VERB", "", "s"),),
    "arrivent": (LexiconEntry("arriver", "VERB", "", "p"),),
    "cessions": (LexiconEntry("cession", "NOUN", "f", "p"),),
    "sessions": (LexiconEntry("session", "NOUN", "f", "p"),),
    "jolie": (LexiconEntry("joli", "ADJ", "f", "s"),),
    "ville": (LexiconEntry("ville", "NOUN", "f", "s"),),
}
_WORDS = "rappelé ambassadeur consultations budget débats repris vote décisif formation lieu eu lycée ministre plan"


class Words(FakeLexicon):
    """Knows the words of the tests, some with gender and number."""

    def __init__(self) -> None:
        super().__init__(_FORMS | dict.fromkeys(_WORDS.split(), "NOUN") | dict.fromkeys(_READINGS, "X"))

    def entries(self, form: str) -> tuple[LexiconEntry, ...]:
        return _READINGS.get(form) or super().entries(form)


LEXICON = Words()


def trip(sentence: str, back: str, pivot: str = "English.", doubts: Mapping[str, float] | None = None) -> RoundTrip:
    """A round trip, every edit of which forced decoding prefers by 10 nats; a word has the doubt given, else 2 nats."""
    sentence = sentence.replace("’", "'")
    words = tokens(sentence)
    return RoundTrip(
        sentence,
        MODEL,
        Hypothesis(pivot, -5.0, 6),
        Hypothesis(back, -5.0, 6),
        Scored(tuple(ScoredPiece(Span(w.start, w.end), -(doubts or {}).get(w.text, 2.0)) for w in words)),
        share_kept(words, tokens(back)),
        tuple(
            Repair(edit.span, edit.replacement, kind, 10.0)
            for edit in edits(sentence, back)
            if (kind := mended(sentence, edit, LEXICON))
        ),
    )


def rules() -> list[Rule]:
    made = [rule_of("roundtrip", "« {match} » : {pivot}", evidence="repair", kind=kind) for kind in KINDS]
    made += [rule_of("roundtrip", evidence=name) for name in ("improbable", "number", "name", "negation")]
    names = [*KINDS, "improbable", "number", "name", "negation"]
    return [_named(rule, name) for rule, name in zip(made, names, strict=True)]


def _named(rule: Rule, name: str) -> Rule:
    from msgspec.structs import replace as restruct

    return restruct(rule, id=f"fr/roundtrip/{name}")


@pytest.fixture(autouse=True)
def thresholds(monkeypatch: pytest.MonkeyPatch) -> None:
    """5 nats and 80 % of the words, of the model of the tests."""
    nats, share = Threshold(5.0, 0.8), Threshold(0.8, 0.6)
    table = {f"repair/{kind}": nats for kind in KINDS} | {"improbable": nats}
    table |= dict.fromkeys(("number", "name", "negation"), share)
    calibration = Calibration(1, MODEL, "notebooks/roundtrip.py", {}, table)
    monkeypatch.setattr(roundtrip, "calibration_of", lambda _: calibration)


def issues(text: str, *trips: RoundTrip | None) -> list[Issue]:
    analysis = replace(analysis_of(text, LEXICON), round_trips=trips)
    assert len(analysis.sentences) == len(trips)
    return list(roundtrip.run(analysis, roundtrip.compile(rules())))


def told(text: str, back: str, **more: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    found = issues(text, trip(text, back, **more))
    return [(one.rule.removeprefix("fr/roundtrip/"), text[slice(*one.span)], one.suggestions) for one in found]


@pytest.mark.parametrize(
    ("text", "back", "expected"),
    [
        (
            "L’Espagne a rappelé leur ambassadeur pour consultations.",
            "L'Espagne a rappelé son ambassadeur pour consultations.",
            ("agreement", "leur", ("son",)),
        ),
        (
            "La ville a eu un plan important hier.",
            "La ville a eu un plan importante hier.",
            ("agreement", "important", ("importante",)),
        ),
        (
            "Le ministre et la ville arrive hier.",
            "Le ministre et la ville arrivent hier.",
            ("agreement", "arrive", ("arrivent",)),
        ),
        (
            "Les débats autour le budget ont repris.",
            "Les débats autour du budget ont repris.",
            ("preposition", "le", ("du",)),
        ),
        (
            "Les débats autour l’ambassadeur ont repris.",
            "Les débats autour de l'ambassadeur ont repris.",
            ("preposition", "autour l’ambassadeur", ("autour de l’ambassadeur",)),
        ),
        ("Les cessions ont eu lieu hier.", "Les sessions ont eu lieu hier.", ("wrong-word", "cessions", ("sessions",))),
        ("Les sesions ont eu lieu hier.", "Les sessions ont eu lieu hier.", ("nonword", "sesions", ("sessions",))),
        (
            "Une ville jolie a eu lieu hier.",
            "Une jolie ville a eu lieu hier.",
            ("order", "ville jolie", ("jolie ville",)),
        ),
        ("Le vote du mars 16 a eu lieu.", "Le vote du 16 mars a eu lieu.", ("date", "mars 16", ("16 mars",))),
    ],
    ids=["possessive", "gender", "number", "article", "missing word", "look-alike", "nonword", "order", "date"],
)
def test_the_category_is_that_of_the_edit(text: str, back: str, expected: tuple[str, str, tuple[str, ...]]) -> None:
    assert told(text, back) == [expected]


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("Le ministre annonce le plan hier.", "Le ministre annoncera le plan hier."),
        ("Le ministre a repris le plan hier.", "Le ministre ne a pas repris le plan hier."),
    ],
    ids=["tense", "words put in"],
)
def test_a_paraphrase_is_no_repair(text: str, back: str) -> None:
    assert told(text, back) == []


def test_an_issue_carries_both_translations_and_what_was_measured_of_its_kind() -> None:
    text = "L’Espagne a rappelé leur ambassadeur pour consultations."
    back = "L'Espagne a rappelé son ambassadeur pour consultations."
    (issue,) = issues(text, trip(text, back, pivot="Spain recalled its ambassador for consultations."))
    assert issue.evidence == {
        "pivot": "Spain recalled its ambassador for consultations.",
        "round_trip": back,
        "margin": 10.0,
    }
    assert issue.message == "« leur » : Spain recalled its ambassador for consultations."
    assert issue.confidence == 0.8


def test_another_model_goes_by_thresholds_that_are_not_its_own_and_says_so() -> None:
    text, back = "Les cessions ont eu lieu hier.", "Les sessions ont eu lieu hier."
    (issue,) = issues(text, replace(trip(text, back), model="another"))
    assert issue.evidence["uncalibrated"] is True


def test_what_stays_below_the_threshold_is_not_said() -> None:
    text, back = "Les cessions ont eu lieu hier.", "Les sessions ont eu lieu hier."
    made = trip(text, back)
    weak = replace(made, repairs=tuple(repair._replace(gain=4.9) for repair in made.repairs))
    assert issues(text, weak) == []


def test_a_kind_without_a_threshold_is_never_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roundtrip, "calibration_of", lambda _: Calibration(1, MODEL, "", {}, {}))
    assert told("Les cessions ont eu lieu hier.", "Les sessions ont eu lieu hier.") == []


def test_a_word_that_the_model_would_hardly_write_is_improbable_unless_it_came_back() -> None:
    text = "La ville a rappelé le budget pour le lycée."
    doubts = {"budget": 20.0}
    assert told(text, "La ville a eu un plan pour une formation du lycée.", doubts=doubts) == [
        ("improbable", "budget", ())
    ]
    assert told(text, "La ville a un budget pour une formation du lycée.", doubts=doubts) == []
    # Where all words are unlikely, the model understood nothing, and none of them stands out.
    every = dict.fromkeys((word.text for word in tokens(text)), 20.0)
    assert told(text, "La ville a eu un plan pour une formation du lycée.", doubts=every) == []


def test_names_and_function_words_are_not_improbable() -> None:
    doubts = {"Zarkov": 30.0, "pour": 30.0}
    assert told("Le ministre Zarkov a repris le plan pour hier.", "Une ville.", doubts=doubts) == []


def test_a_loss_counts_where_nearly_all_the_rest_came_back() -> None:
    text = "Le ministre a rappelé les 450 sessions pour le lycée hier."
    back = "Le ministre a rappelé les sessions pour le lycée hier."
    (issue,) = issues(text, trip(text, back, pivot="The minister recalled the sessions."))
    assert (issue.rule, text[slice(*issue.span)]) == ("fr/roundtrip/number", "450")
    assert issue.evidence["kept"] == pytest.approx(0.91)
    assert told(text, "Le plan a eu lieu hier.", pivot="The minister recalled the sessions.") == []


def test_a_negation_and_a_name_that_are_lost() -> None:
    text = "Le ministre ne a pas rappelé le plan de la ville pour le lycée du budget hier."
    back = "Le ministre a rappelé le plan de la ville pour le lycée du budget hier."
    assert told(text, back, pivot="The minister recalled the plan.") == [("negation", "ne a pas", ())]
    text = "Hier le ministre Zarkov a rappelé le plan de la ville."
    assert told(text, "Hier le ministre a rappelé le plan de la ville.", pivot="x") == [("name", "Zarkov", ())]


def test_a_sentence_of_another_language_says_nothing() -> None:
    text = "The minister recalled the ambassador les cessions yesterday."
    assert told(text, "The minister recalled the ambassador les sessions yesterday.") == []


def test_sentences_without_a_round_trip_are_passed_over() -> None:
    text = "Les débats ont repris hier.\nLes cessions ont eu lieu hier.\n12345"
    second = trip("Les cessions ont eu lieu hier.", "Les sessions ont eu lieu hier.")
    (issue,) = issues(text, None, second, RoundTrip("12345", MODEL, reason="without a word"))
    assert text[slice(*issue.span)] == "cessions"


def test_where_the_translator_gave_up_the_rest_is_kept_and_it_is_said() -> None:
    text = "Les débats ont repris hier.\nLes cessions ont eu lieu hier."
    second = trip("Les cessions ont eu lieu hier.", "Les sessions ont eu lieu hier.")
    first = RoundTrip("Les débats ont repris hier.", MODEL, failure="memory ran short")
    analysis = replace(analysis_of(text, LEXICON), round_trips=(first, second))
    found = []
    with pytest.raises(EngineError, match="translator: an article went without it: memory ran short"):  # noqa: PT012
        for issue in roundtrip.run(analysis, roundtrip.compile(rules())):
            found.append(issue)
    assert [text[slice(*issue.span)] for issue in found] == ["cessions"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"evidence": "repair"}, "`kind` goes with `evidence: repair`"),
        ({"evidence": "number", "kind": "date"}, "`kind` goes with `evidence: repair`"),
        ({"evidence": "similarity"}, "evidence"),
        ({"evidence": "repair", "kind": "spelling"}, "kind"),
        ({"evidence": "number", "threshold": 3}, "threshold"),
    ],
)
def test_options_that_cannot_be(options: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        roundtrip.compile([rule_of("roundtrip", **options)])  # type: ignore[arg-type]


def test_two_rules_of_one_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="number is what fr/test/roundtrip tells already"):
        roundtrip.compile(
            [rule_of("roundtrip", evidence="number"), _named(rule_of("roundtrip", evidence="number"), "b")]
        )
