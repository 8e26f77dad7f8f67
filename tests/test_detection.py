"""Was it a machine? On articles like those of a news desk, parsed by the real parser."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import pytest

from mtaudit.analysis import Engines, analyse
from mtaudit.detection import DATA, ByLength, DetectionModel, detect, packaged_model, passages_of
from mtaudit.lang import LANGUAGES
from mtaudit.model import Analysis, Article, Detection, Issue, Need, Rule, Severity, Span, Verdict
from mtaudit.pipeline import Audit, prepare
from mtaudit.rules import RuleSet
from mtaudit.selection import select_rules

pytestmark = pytest.mark.parser

#: Written by hand, in the manner of a regional paper.
LOCAL = (
    "On s'y attendait un peu depuis la rentrée. La piscine du quartier des Tilleuls ne rouvrira pas avant le printemps."
    " D'après l'adjoint aux sports, il faudra encore refaire le carrelage et changer deux pompes, qui dataient de 1978."
    " « On ne va pas bricoler, il en va de la sécurité des gosses », dit-il. Les clubs, eux, font grise mine : les"
    " nageurs iront s'entraîner à trente kilomètres de là, deux soirs par semaine, en car. Quant aux scolaires, on leur"
    " cherche un bassin. La commune voisine veut bien prêter le sien, mais à des heures dont personne ne voulait. Bref,"
    " l'hiver s'annonce long pour qui aime l'eau. Le maire, lui, promet que la facture ne dépassera pas 12 % du budget."
)
#: The same, in the manner of a machine.
TRANSLATED = (
    "La piscine du quartier des Tilleuls ne sera pas rouverte avant le printemps prochain, a déclaré mardi le maire"
    " adjoint chargé des sports. Cependant, le carrelage doit également être remplacé et deux pompes, qui ont été"
    " installées en 1978, doivent être changées, a-t-il ajouté. « Nous ne pouvons pas prendre de risques avec la"
    " sécurité des enfants », a-t-il déclaré. Les clubs ont également exprimé leur déception, car les nageurs devront"
    " s'entraîner à trente kilomètres de là deux fois par semaine. En outre, les écoles sont actuellement à la"
    " recherche d'une autre piscine. La municipalité voisine a déclaré qu'elle était prête à mettre la sienne à"
    " disposition, mais seulement à certaines heures. Le maire a également déclaré que le coût total ne dépassera pas"
    " 12 % du budget."
)
NOTICE = "Cet article a été traduit automatiquement depuis l'anglais."

Judge = Callable[[str], tuple[Analysis, Detection]]


@pytest.fixture(scope="module")
def audit(ruleset: RuleSet, engines: Engines) -> Audit:
    return prepare(ruleset, select_rules(ruleset.rules), engines=engines)


@pytest.fixture(scope="module")
def judge(audit: Audit) -> Judge:
    def judged(text: str) -> tuple[Analysis, Detection]:
        ((analysis, _),) = analyse([Article("a", text)], audit.engines)
        (report,) = audit.run([Article("a", text)])
        return analysis, detect(analysis, report.issues, audit.rules)

    return judged


def test_seeds(judge: Judge, seeds: Path) -> None:
    said = {path.name[:3]: judge(path.read_text(encoding="utf-8"))[1] for path in sorted(seeds.glob("*.txt"))}
    assert said["003"].verdict is said["004"].verdict is Verdict.LIKELY
    assert said["000"].verdict in (Verdict.LIKELY, Verdict.UNCLEAR)
    assert said["002"].verdict in (Verdict.LIKELY, Verdict.UNCLEAR)
    assert said["001"].verdict is not Verdict.LIKELY


def test_a_local_paper_and_a_machine_lie_on_two_sides(judge: Judge) -> None:
    human, machine = judge(LOCAL)[1], judge(TRANSLATED)[1]
    assert human.probability is not None
    assert machine.probability is not None
    assert human.verdict is not Verdict.LIKELY
    assert machine.verdict is not Verdict.NO_SIGN
    assert human.probability < 0.5 < machine.probability
    assert machine.clues[0].weight > 0


def test_signals_add_up_to_the_probability(judge: Judge) -> None:
    analysis, said = judge(TRANSLATED)
    assert said.probability is not None
    model = packaged_model()
    words = sum(token.text[0].isalnum() for passage in passages_of(analysis, []) for token in passage.tokens)
    logit = model.bias.of(words) + sum(said.signals.values())
    assert math.isclose(said.probability, 1 / (1 + math.exp(-logit)), rel_tol=1e-9)


def test_clues_are_phrases_of_the_text_where_it_has_them(judge: Judge) -> None:
    text = "🏊 " + TRANSLATED.replace("'", "’").replace("a déclaré", "a\u00a0déclaré").replace(" %", "\u202f%")
    analysis, said = judge(text)
    phrases = [clue for clue in said.clues if clue.signal == "phrasing"]
    assert phrases
    assert "«\u00a0a déclaré\u00a0»" in {clue.label for clue in phrases}
    for clue in phrases:
        assert clue.places
        for place in clue.places:
            shown = analysis.text[slice(*place)].lower().replace("\u00a0", " ")
            assert f"«\u00a0{shown}\u00a0»" == clue.label
        assert " " in clue.label.strip("«»\u00a0") or clue.label.strip("«»\u00a0").isalpha()


def test_typography_does_not_move_the_probability(judge: Judge) -> None:
    _, plain = judge(TRANSLATED)
    assert plain.probability is not None
    for one, other in (
        ("'", "’"),
        (" %", "\u00a0%"),
        (" %", " pour cent"),
        (" %", "%"),
        (" », a-t-il", "\u00a0», a-t-il"),
        ("En outre", "En\u202foutre"),
    ):
        assert one in TRANSLATED
        _, said = judge(TRANSLATED.replace(one, other))
        assert said.probability is not None
        assert abs(_logit(said.probability) - _logit(plain.probability)) < 0.15, (one, other)
    straight = TRANSLATED.replace("« ", '"').replace(" »", '"')
    curly = TRANSLATED.replace("« ", "“").replace(" »", "”")
    for text in (straight, curly):
        _, said = judge(text)
        assert said.probability is not None
        assert abs(_logit(said.probability) - _logit(plain.probability)) < 0.3


def test_capitals_without_accents_do_not_move_the_probability(judge: Judge) -> None:
    text = LOCAL.replace("Quant aux scolaires", "À Saint-Denis, l'État attend ; quant aux scolaires")
    _, with_accents = judge(text)
    _, without = judge(text.replace("À", "A").replace("État", "Etat"))
    assert with_accents.probability is not None
    assert without.probability is not None
    assert abs(_logit(with_accents.probability) - _logit(without.probability)) < 0.3


def test_short_texts_are_not_judged(judge: Judge) -> None:
    _, said = judge("Le marché de Noël ouvrira samedi place de la Liberté, a annoncé la mairie.")
    assert said.probability is None
    assert said.verdict is None
    assert said.abstained == "texte trop court (14 mots)"
    assert not said.clues
    assert not said.signals


def test_nothing_and_a_heading_are_not_judged(judge: Judge) -> None:
    for text in ("", "\n \n", "Météo"):
        _, said = judge(text)
        assert said.verdict is None
        assert said.abstained


def test_a_disclaimer_is_enough(judge: Judge) -> None:
    _, said = judge(f"Le marché de Noël ouvrira samedi, a annoncé la mairie.\n\n{NOTICE}")
    assert said.verdict is Verdict.LIKELY
    assert said.probability is not None
    assert said.probability > 0.99
    assert set(said.signals) == {"disclaimer"}
    (clue,) = said.clues
    assert clue.signal == "disclaimer"
    assert said.origin is not None
    assert said.origin.guess == "en"


def test_a_disclaimer_outweighs_a_human_manner(judge: Judge) -> None:
    analysis, said = judge(f"{LOCAL}\n\n{NOTICE}")
    assert said.verdict is Verdict.LIKELY
    assert said.clues[0].signal == "disclaimer"
    assert NOTICE[:20] in analysis.text[slice(*said.clues[0].places[0])]


def test_a_list_of_results_is_not_judged(judge: Judge) -> None:
    rows = "\n".join(f"Brest Plouzané Guipavas Landerneau Lesneven Carhaix Morlaix {n} - {n + 3}" for n in range(30))
    _, said = judge(rows)
    assert said.verdict is None
    assert said.abstained == "vocabulaire trop éloigné de celui de la presse"


def test_without_a_parser_nothing_is_said(ruleset: RuleSet) -> None:
    engines = Engines(LANGUAGES["fr"], disabled=frozenset({Need.TOKENS}))
    audit = prepare(ruleset, select_rules(ruleset.rules), disabled=frozenset({Need.TOKENS}), engines=engines)
    (report,) = audit.run([Article("a", TRANSLATED)])
    said = report.detection
    assert said is not None
    assert said.verdict is None
    assert said.probability is None
    assert said.abstained == "analyse grammaticale indisponible"


def test_furniture_is_not_the_story(judge: Judge) -> None:
    _, alone = judge(LOCAL)
    _, framed = judge(f"2022-02-14T14:18+0100\n\n{LOCAL}\n\nLire aussi : Les nageurs ont également déclaré forfait")
    assert alone.probability is not None
    assert framed.probability is not None
    assert abs(_logit(alone.probability) - _logit(framed.probability)) < 0.5


def issue(rule: str, category: str, severity: Severity) -> Issue:
    return Issue(rule=rule, span=Span(0, 2), message="message", category=category, severity=severity)


def test_a_grave_fault_forbids_no_sign(judge: Judge, audit: Audit) -> None:
    analysis, said = judge(LOCAL)
    lenient = msgspec.structs.replace(packaged_model(), no_sign=1.0, likely=1.1)
    rules: Mapping[str, Rule] = audit.rules
    assert detect(analysis, [], rules, lenient).verdict is Verdict.NO_SIGN
    for category in ("accuracy/untranslated", "accuracy/contradiction"):
        fault = issue("fr/coherence/weather", category, Severity.CRITICAL)
        assert detect(analysis, [fault], rules, lenient).verdict is Verdict.UNCLEAR
    small = issue("fr/spacing/glued-bracket", "linguistic/spacing", Severity.MAJOR)
    assert detect(analysis, [small], rules, lenient).verdict is Verdict.NO_SIGN
    assert said.verdict is not Verdict.LIKELY


def test_typography_is_no_evidence(judge: Judge, audit: Audit) -> None:
    analysis, _ = judge(LOCAL)
    marks = [
        issue(rule.id, rule.category, Severity.MAJOR)
        for rule in audit.rules.values()
        if rule.id.startswith(("fr/punctuation/", "fr/spacing/", "fr/locale/", "fr/consistency/"))
    ]
    assert len(marks) > 30
    bare, marked = detect(analysis, [], audit.rules), detect(analysis, marks, audit.rules)
    assert bare.probability == marked.probability


def test_fragments_left_in_another_language_are_not_phrasing(judge: Judge) -> None:
    analysis, _ = judge(LOCAL)
    first = analysis.sentences[0]
    left = Issue("fr/fragments/foreign-sentence", first.span, "…", "accuracy/untranslated", Severity.CRITICAL)
    kept = list(passages_of(analysis, [left]))
    assert len(kept) == len(list(passages_of(analysis, []))) - 1
    assert all(passage.start != first.span.start for passage in kept)


def test_the_coefficients_say_where_they_come_from() -> None:
    assert DATA.stat().st_size < 3_000_000
    model = msgspec.json.decode(DATA.read_bytes(), type=DetectionModel)
    assert (DATA.parent.parent.parent / model.script).is_file()
    assert "WMT 2008-11" in model.data
    assert model.date.startswith("20")
    assert 0.5 < model.likely < 1
    assert 0 < model.no_sign < 0.5
    assert all(weight >= 0 for weight in (*model.issues.values(), *model.evidence.values()))
    assert not {"punctuation", "spacing", "locale", "consistency"} & set(model.issues)


def test_coefficients_are_constant_beyond_the_lengths_that_were_seen() -> None:
    own = ByLength(at=2.0, growth=0.5, words=200, shortest=50, longest=400)
    assert own.of(200) == 2.0
    assert own.of(10) == own.of(50) < 2.0 < own.of(400) == own.of(4000)


def test_it_is_fast(audit: Audit) -> None:
    ((analysis, _),) = analyse([Article("a", TRANSLATED * 2)], audit.engines)
    packaged_model()
    started = time.process_time()
    detect(analysis, [], audit.rules)
    assert time.process_time() - started < 0.2


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))
