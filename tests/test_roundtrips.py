"""Round trips by the embedded model: of what can be translated, of what cannot, kept between runs, of many articles."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mtaudit.analysis import Engines, analyse
from mtaudit.cli import app
from mtaudit.edits import tokens
from mtaudit.engines.lexicon import load_lexicon
from mtaudit.engines.translation_cache import Remembering, TranslationCache
from mtaudit.engines.translator import Translator, packaged_folder
from mtaudit.errors import EngineError
from mtaudit.lang import LANGUAGES
from mtaudit.model import Article, Need, Region, RegionKind, Report, Rule, Severity, Span
from mtaudit.pipeline import prepare
from mtaudit.resources import Lexicon
from mtaudit.roundtrips import LEAST_DOUBT, LONGEST, MOST_SCORED, round_trips
from mtaudit.rules import RuleSet
from mtaudit.translations import Hypothesis, Scored, Translating, Way

pytestmark = pytest.mark.translator

SENTENCES = ["La commission a adopté le rapport.", "Les citoyens ont le droit de voter.", "Le maire n'a pas signé."]
RULE = Rule(
    "fr/roundtrip/number",
    "roundtrip",
    "t",
    "« {match} » : {pivot}",
    "w",
    "accuracy/mistranslation",
    Severity.MAJOR,
    options={"evidence": "number"},
)
CALQUE = Rule(
    "fr/own/vote", "phrase", "t", "« {match} »", "w", "style/calque", Severity.MINOR, options={"phrases": ["de voter"]}
)


@pytest.fixture(scope="module")
def translator() -> Translator:
    return Translator(packaged_folder())


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


class Watched:
    """A translator, and how often each of its methods was called, with how many texts."""

    def __init__(self, translator: Translating, fails: str = "") -> None:
        self.translator, self.digest, self.fails = translator, translator.digest, fails
        self.calls: list[tuple[str, int]] = []

    def translate(self, sentences: Sequence[str], way: Way, beam: int = 1, best: int = 1) -> list[list[Hypothesis]]:
        self.calls.append((way.value, len(sentences)))
        return self.translator.translate(sentences, way, beam, best)

    def score(self, sources: Sequence[str], targets: Sequence[str], way: Way) -> list[Scored]:
        if self.fails:
            raise EngineError("translator", self.fails)
        self.calls.append(("score", len(sources)))
        return self.translator.score(sources, targets, way)


def test_there_and_back_with_the_likelihood_of_what_stood_there(translator: Translator, lexicon: Lexicon) -> None:
    for sentence, trip in zip(SENTENCES, round_trips(SENTENCES, translator, lexicon), strict=True):
        assert (trip.sentence, trip.model, trip.is_whole) == (sentence, translator.digest, True)
        assert trip.pivot == translator.translate([sentence], Way.FR_EN)[0][0]
        assert trip.back.text == translator.translate([trip.pivot.text], Way.EN_FR)[0][0].text
        (scored,) = translator.score([trip.pivot.text], [sentence], Way.EN_FR)
        assert [piece.span for piece in trip.given.pieces] == [piece.span for piece in scored.pieces]
        assert trip.given.log_probability == pytest.approx(scored.log_probability, abs=0.05)
        assert 0 < trip.kept <= 1
        assert 0 < trip.similarity.chrf <= 100


def test_a_repair_is_scored_in_its_sentence(translator: Translator, lexicon: Lexicon) -> None:
    """The model says *Les citoyens ont le droit de voter* in its sleep: one word of it is wrong here."""
    sentence = "Les citoyens ont le droite de voter."
    (trip,) = round_trips([sentence], translator, lexicon)
    (repair,) = [one for one in trip.repairs if sentence[slice(*one.span)] == "droite"]
    assert (repair.replacement, repair.kind) == ("droit", "agreement")
    mended = sentence.replace("droite", "droit")
    better, worse = translator.score([trip.pivot.text] * 2, [mended, sentence], Way.EN_FR)
    assert repair.gain == pytest.approx(better.log_probability - worse.log_probability, abs=0.05)
    assert repair.gain > LEAST_DOUBT


def test_few_edits_are_scored_and_no_word_that_is_not_french(translator: Translator, lexicon: Lexicon) -> None:
    texts = [f"{one} {other}" for one in SENTENCES for other in SENTENCES] + ["Le zorglub a adopté le rapport."]
    trips = round_trips(texts, translator, lexicon)
    for trip in trips:
        assert len(trip.repairs) <= MOST_SCORED
        kept = {token.key for token in tokens(trip.sentence)}
        for word in (token.key for repair in trip.repairs for token in tokens(repair.replacement)):
            assert word in kept or word.endswith("'") or lexicon.knows(word)
    assert not any(trip.repairs for trip in round_trips(texts, translator, None)), "without a lexicon none is sought"


def test_each_step_is_asked_once_for_all_sentences(translator: Translator, lexicon: Lexicon) -> None:
    watched = Watched(translator)
    found = round_trips([*SENTENCES, *SENTENCES, "12345"], watched, lexicon)
    assert [name for name, _ in watched.calls] == ["fr-en", "en-fr", "score", "score"]
    assert watched.calls[0] == ("fr-en", 4), "what stands twice is asked once"
    assert watched.calls[2] == ("score", 3)
    assert found[:3] == found[3:6]


@pytest.mark.parametrize(
    "text", ["", "12 / 34 – 56", "🎉🎉 👍", "أعلن الوزير عن الميزانية الجديدة يوم الخميس", "部长星期四公布了新的预算"]
)
def test_what_no_model_of_french_can_read_is_left_out_and_named(
    text: str, translator: Translator, lexicon: Lexicon
) -> None:
    (trip,) = round_trips([text], translator, lexicon)
    assert (trip.reason, trip.is_whole) == ("without a word that the model can read", False)


def test_half_a_surrogate_pair_is_no_end_of_the_run(translator: Translator, lexicon: Lexicon) -> None:
    (trip,) = round_trips(["La commission a adopté \ud83d le rapport."], translator, lexicon)
    assert trip.is_whole
    assert len(trip.sentence) == len("La commission a adopté \ud83d le rapport.")


def test_long_sentences_are_translated_in_parts_or_left_out(translator: Translator, lexicon: Lexicon) -> None:
    long = "Le conseil a voté le budget, puis la commission a adopté le rapport ; " * 20
    endless = "Le conseil a voté le budget de la ville et " * 300
    assert len(long) < LONGEST < len(endless)
    in_parts, left = round_trips([long, endless], translator, lexicon)
    assert in_parts.is_whole
    assert in_parts.pivot.parts > 1
    assert not in_parts.given.pieces
    assert left.reason == f"of over {LONGEST} characters"


def test_a_translator_that_gives_up_is_no_end_of_the_run(translator: Translator, lexicon: Lexicon) -> None:
    found = round_trips([*SENTENCES, "x" * 6000], Watched(translator, fails="memory ran short"), lexicon)
    assert [trip.failure for trip in found] == ["memory ran short"] * 3 + [""]
    assert found[3].reason


def test_nothing_in_nothing_out(translator: Translator, lexicon: Lexicon) -> None:
    assert round_trips([], translator, lexicon) == []


# --- in an audit ----------------------------------------------------------------------------------------------------


def reports(*articles: Article, rules: Sequence[Rule] = (RULE,), **settings: object) -> list[Report]:
    audit = prepare(RuleSet(tuple(rules), "hash"), rules, **settings)  # type: ignore[arg-type]
    try:
        return list(audit.run(articles))
    finally:
        audit.engines.close()


def test_articles_of_a_batch_are_translated_together_and_each_has_its_own(translator: Translator) -> None:
    engines = Engines(LANGUAGES["fr"], remembers=False)
    engines.start([Need.ROUNDTRIP, Need.LEXICON])
    watched = Watched(translator)
    engines._started[Need.ROUNDTRIP] = watched
    texts = [" ".join(SENTENCES[:2]), SENTENCES[2], "", SENTENCES[0]]
    analyses = [one for one, _ in analyse((Article(str(n), text) for n, text in enumerate(texts)), engines)]
    assert [name for name, _ in watched.calls] == ["fr-en", "en-fr", "score", "score"]
    for analysis in analyses:
        assert len(analysis.round_trips) == len(analysis.sentences)
        for sentence, trip in zip(analysis.sentences, analysis.round_trips, strict=True):
            assert trip is not None
            assert trip.sentence == analysis.view[slice(*sentence.span)]


def test_nothing_is_translated_for_rules_that_do_not_ask() -> None:
    (report,) = reports(Article("a", " ".join(SENTENCES)), rules=[CALQUE])
    assert report.round_trips == ()
    assert "|mt:none|" in report.score.signature


def test_the_signature_names_the_model(translator: Translator) -> None:
    (report,) = reports(Article("a", SENTENCES[0]))
    assert f"|mt:{translator.digest[:12]}|" in report.score.signature


def test_furniture_is_not_translated() -> None:
    text = "La commission a adopté le rapport.\nLisez aussi notre dossier."
    line = Region(RegionKind.BOILERPLATE, Span(text.index("Lisez"), len(text)))
    (report,) = reports(Article("a", text, regions=(line,)))
    assert [trip is None for trip in report.round_trips] == [False, True]


def test_bad_input_is_named_and_the_audit_goes_on() -> None:
    words = "Le conseil a voté le budget de la ville et " * 300
    texts = [f"Un communiqué du maire. {words}", "", "Le 🎉🎉.\n\n12 345 678 !", SENTENCES[0]]
    texts += ["La ville a publié ce texte : أعلن الوزير عن الميزانية الجديدة يوم الخميس"]
    found = reports(*(Article(str(number), text) for number, text in enumerate(texts)))
    told = [{skip.reason for skip in report.skipped if skip.engine == "translator"} for report in found]
    assert told[0] == {f"1 sentence(s) of over {LONGEST} characters, not translated"}
    assert told[1] == told[3] == set()
    assert any("without a word that the model can read, not translated" in reason for reason in told[2])
    assert [len(report.sentences) for report in found][1] == 0


def test_a_model_that_cannot_be_loaded_fills_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise EngineError("translator", "there is no model")

    monkeypatch.setattr("mtaudit.engines.translator.open_translator", gone)
    (report,) = reports(Article("a", SENTENCES[0]))
    assert [(skip.engine, skip.reason, skip.rules) for skip in report.skipped] == [
        ("translator", "there is no model", 1)
    ]


def test_switched_off_it_is_named_too() -> None:
    (report,) = reports(Article("a", SENTENCES[0]), disabled=frozenset({Need.ROUNDTRIP}))
    assert [(skip.engine, skip.reason) for skip in report.skipped] == [("translator", "switched off")]


def test_a_second_run_asks_the_model_nothing(translator: Translator, lexicon: Lexicon, tmp_path: Path) -> None:
    first, second = Watched(translator), Watched(translator)
    path = tmp_path / "translations.sqlite"
    found = round_trips(SENTENCES, Remembering(first, TranslationCache(path)), lexicon)
    assert round_trips(SENTENCES, Remembering(second, TranslationCache(path)), lexicon) == found
    assert first.calls
    assert not second.calls


def test_a_corrected_story_costs_its_changed_sentences(
    translator: Translator, lexicon: Lexicon, tmp_path: Path
) -> None:
    cache = TranslationCache(tmp_path / "translations.sqlite")
    round_trips(SENTENCES, Remembering(translator, cache), lexicon)
    watched = Watched(translator)
    round_trips([SENTENCES[0], "Le maire a signé.", SENTENCES[2]], Remembering(watched, cache), lexicon)
    assert watched.calls[0] == ("fr-en", 1)


def test_a_cache_that_fails_is_told_once_and_the_audit_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be")
    place = tmp_path / "cache" / "translations.sqlite"
    monkeypatch.setattr("mtaudit.engines.translation_cache.own_place", lambda: place)
    found = reports(*(Article(str(number), sentence) for number, sentence in enumerate(SENTENCES)))
    told = [[skip.reason for skip in report.skipped if skip.engine == "translation cache"] for report in found]
    assert [len(reasons) for reasons in told] == [1, 0, 0]
    assert str(place) in told[0][0]
    assert "the run goes on without it" in told[0][0]
    assert all(report.round_trips for report in found)


def test_without_a_cache_no_file_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "translations.sqlite"
    monkeypatch.setattr("mtaudit.engines.translation_cache.own_place", lambda: place)
    reports(Article("a", SENTENCES[0]), remembers=False)
    assert not place.exists()
    reports(Article("a", SENTENCES[0]))
    assert place.exists()


def test_the_loss_of_a_number_is_an_issue_where_the_threshold_lets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way: the embedded model, its calibration aside, and an issue with both translations."""
    from mtaudit.calibration import Calibration, Threshold

    anything = Calibration(1, packaged_folder().digest, "", {}, {"number": Threshold(0.0, 0.5)})
    monkeypatch.setattr("mtaudit.checks.roundtrip.calibration_of", lambda _: anything)
    text = "La trésorerie des 1 947 pépinières s’effilochera."
    (report,) = reports(Article("a", text))
    (issue,) = report.issues
    assert text[slice(*issue.span)] == "1 947"
    assert issue.message == f"« 1 947 » : {issue.evidence['pivot']}"
    assert issue.evidence.keys() == {"pivot", "round_trip", "kept"}


# --- on the command line --------------------------------------------------------------------------------------------


def audited(path: Path, *options: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(app, ["audit", str(path), "-f", "json", "--fail-on", "never", *options])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, json.loads(result.stdout)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("La commission a adopté le rapport.\nLe 🎉🎉.\n", encoding="utf-8")
    return path


def test_drafts_translate_and_the_report_says_what_became_of_each_sentence(copy: Path) -> None:
    code, report = audited(copy, "--select", "fr/roundtrip", "--drafts", "--engine", "translator", "--mt-threads", "1")
    assert code == 0
    first, *_ = report["articles"][0]["sentences"]
    assert first["round_trip"]["pivot"]
    assert set(report["similarity"]) == {"chrf", "bleu", "ter"}
    assert [skip["engine"] for skip in report["skipped"]] == ["translator"], "no model reads the second line"


def test_a_translator_that_is_required_and_switched_off_makes_the_run_incomplete(copy: Path) -> None:
    options = ("--select", "fr/roundtrip", "--drafts", "--engine", "translator", "--no-engine", "translator")
    code, report = audited(copy, *options)
    assert code == 3
    assert report["skipped"][0]["reason"] == "switched off"
    assert "round_trip" not in report["articles"][0]["sentences"][0]


@pytest.mark.parametrize("setting", [True, False], ids=["configured", "asked for"])
def test_no_cache(copy: Path, setting: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    place = copy.parent / "translations.sqlite"
    monkeypatch.setattr("mtaudit.engines.translation_cache.own_place", lambda: place)
    monkeypatch.chdir(copy.parent)
    if setting:
        (copy.parent / "mtaudit.toml").write_text("no-cache = true\n")
    options = ["--select", "fr/roundtrip", "--drafts"]
    audited(copy, *options, *([] if setting else ["--no-cache"]))
    assert not place.exists()
    (copy.parent / "mtaudit.toml").write_text("mt-threads = 1\n")
    audited(copy, *options)
    assert place.exists()


def test_a_default_audit_starts_no_translator(copy: Path) -> None:
    code = (
        "import sys\nfrom mtaudit.cli import app\n"
        f"try:\n    app(['audit', {str(copy)!r}, '--no-engine', 'languagetool', '--no-engine', 'parser'])\n"
        "except SystemExit:\n    pass\n"
        "assert not {'ctranslate2', 'sentencepiece', 'sacrebleu', 'sqlite3', 'torch'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
