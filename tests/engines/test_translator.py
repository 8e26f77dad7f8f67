"""The embedded model translates, scores and says where; held to what is true of any model that is any good."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from mtaudit.engines.translator import Threads, Translator, open_folder, packaged_folder
from mtaudit.engines.translator.folder import PACKAGED
from mtaudit.engines.translator.pieces import Vocabulary, cut, is_byte, text_of
from mtaudit.errors import EngineError
from mtaudit.translations import Way

pytestmark = pytest.mark.translator

SENTENCES = (
    "Le ministre a présenté mardi le budget de la région.",
    "« Nous n’avons rien reçu », a dit la directrice\u00a0: l’hôpital attend toujours.",
    "La commission a adopté ce rapport.",
    "Les élus ont voté la fermeture de la piscine, malgré la pétition des habitants du quartier.",
)


@pytest.fixture(scope="module")
def translator() -> Translator:
    return Translator(packaged_folder())


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(PACKAGED / "spm.model")


def test_it_translates_both_ways(translator: Translator) -> None:
    english = [found[0].text for found in translator.translate(SENTENCES, Way.FR_EN)]
    back = [found[0].text for found in translator.translate(english, Way.EN_FR)]
    assert all({"the", "has", "have", "of"} & set(text.lower().split()) for text in english)
    assert all({"le", "la", "les", "l'"} & set(text.lower().replace("'", "' ").split()) for text in back)
    assert {"adopted", "report"} <= set(english[2].lower().strip(".").split()), english[2]
    assert {"commission", "comité"} & set(back[2].lower().strip(".").split()), back[2]


def test_batches_change_nothing(translator: Translator) -> None:
    """int8 rounds by row, so what stands beside a sentence may move the last digits only."""
    together = translator.translate(SENTENCES * 40, Way.FR_EN)
    alone = [translator.translate([sentence], Way.FR_EN)[0] for sentence in SENTENCES]
    for index, found in enumerate(together):
        assert found[0].text == alone[index % len(SENTENCES)][0].text
        assert found[0].log_probability == pytest.approx(alone[index % len(SENTENCES)][0].log_probability, abs=1e-2)


def test_threads_change_nothing(translator: Translator) -> None:
    several = Translator(packaged_folder(), Threads(each=1, at_once=2))
    texts = [found[0].text for found in several.translate(SENTENCES * 40, Way.FR_EN)]
    assert texts == [found[0].text for found in translator.translate(SENTENCES, Way.FR_EN)] * 40


def test_the_best_come_first(translator: Translator) -> None:
    (found,) = translator.translate(SENTENCES[:1], Way.FR_EN, beam=4, best=3)
    assert len(found) == 3
    means = [each.log_probability / each.pieces for each in found]
    assert means == sorted(means, reverse=True)
    with pytest.raises(ValueError, match="best=3 of a beam of 2"):
        translator.translate(SENTENCES[:1], Way.FR_EN, beam=2, best=3)


@pytest.mark.parametrize("beam", [1, 4])
def test_a_translation_scores_what_it_said(translator: Translator, beam: int) -> None:
    (found,) = translator.translate(["La commission a adopté le rapport."], Way.FR_EN, beam)
    (scored,) = translator.score(["La commission a adopté le rapport."], [found[0].text], Way.FR_EN)
    assert len(scored.pieces) + 1 == found[0].pieces
    assert scored.log_probability == pytest.approx(found[0].log_probability, abs=0.1)


def test_scores_stand_where_the_words_are(translator: Translator) -> None:
    target = "Le\u202fmaire a\u00a0\u00a0dit : «\u00a0Non\u00a0» à 15 élus…"
    (scored,) = translator.score(['The mayor said: "No" to 15 elected officials...'], [target], Way.EN_FR)
    assert not scored.reason
    covered = set()
    for piece in scored.pieces:
        assert 0 <= piece.span.start <= piece.span.end <= len(target)
        assert piece.log_probability <= 0
        assert not target[piece.span.start : piece.span.start + 1].isspace()
        covered |= set(range(*piece.span))
    assert {index for index, char in enumerate(target) if char.isalnum()} <= covered
    starts = [piece.span.start for piece in scored.pieces]
    assert starts == sorted(starts)
    assert scored.of(scored.pieces[0].span) == scored.pieces[0].log_probability


def test_the_wrong_target_is_less_likely(translator: Translator) -> None:
    pairs = [
        ("La commission a adopté le rapport.", "The Commission has adopted the report."),
        ("Les citoyens ont le droit de voter.", "Citizens have the right to vote."),
        ("Nous avons besoin de temps.", "We need time."),
    ]
    sources = [source for source, _ in pairs for _ in pairs]
    targets = [target for _ in pairs for _, target in pairs]
    scores = [row.log_probability for row in translator.score(sources, targets, Way.FR_EN)]
    for index in range(3):
        for other in range(3):
            # Lengths differ, so each target is compared with itself under another source.
            if other != index:
                assert scores[index * 3 + index] > scores[other * 3 + index]


@pytest.mark.parametrize(
    "text", ["", "   ", "2024-03-16", "🎉🎉", "أعلن الوزير عن الميزانية الجديدة", "部长公布了新的预算"]
)
def test_what_it_cannot_read_comes_back_untouched(translator: Translator, text: str) -> None:
    (found,) = translator.translate([text], Way.FR_EN)
    assert (found[0].text, found[0].parts) == (text, 0)
    (scored,) = translator.score([text], ["Nothing."], Way.FR_EN)
    assert not scored.pieces
    assert scored.reason == "the source holds no word that the model can read"


def test_a_very_long_sentence_is_cut_and_not_scored(translator: Translator) -> None:
    text = "Le conseil a voté le budget, puis la commission a adopté le rapport ; " * 220
    (found,) = translator.translate([text], Way.FR_EN)
    assert found[0].parts > 20
    assert len(found[0].text) > 1000
    (scored,) = translator.score([text], ["The council."], Way.FR_EN)
    assert "pieces, the model was trained on" in scored.reason


def test_nothing_in_nothing_out(translator: Translator) -> None:
    assert translator.translate([], Way.FR_EN) == []
    assert translator.score([], [], Way.FR_EN) == []
    with pytest.raises(ValueError, match="1 sources and 0 targets"):
        translator.score(["Oui."], [], Way.FR_EN)


def test_bytes_of_a_character_stand_where_it_stands(vocabulary: Vocabulary) -> None:
    text = "Le 部 et\u00a0🎉"
    pieces = vocabulary.encode(text)
    assert "".join(text[slice(*span)] for span in dict.fromkeys(pieces.spans)) == "Le部et🎉"
    for name, span in zip(pieces.names, pieces.spans, strict=True):
        if is_byte(name):
            assert text[slice(*span)] in ("部", "🎉")
    assert text_of(pieces.names) == "Le 部 et 🎉"


def test_cuts_cover_everything_and_prefer_punctuation() -> None:
    names = ["▁un", "▁deux", ",", "▁trois", "▁qua", "tre", "▁cinq", ";", "▁six", "▁sept"]
    parts = [names[part.start : part.stop] for part in cut(names, 6)]
    assert [name for part in parts for name in part] == names
    assert all(0 < len(part) <= 6 for part in parts)
    assert parts[1][0].startswith("▁"), "no word is cut in two"
    assert [names[part.start : part.stop][-1] for part in cut(names, 9)] == [";", "▁sept"]
    assert [len(part) for part in cut(["x"] * 20, 6)] == [6, 6, 6, 2], "no blank anywhere"


def test_a_model_of_one_direction_is_told() -> None:
    folder = packaged_folder()
    one_way = replace(folder, manifest=msgspec.structs.replace(folder.manifest, directions={"en-fr": ">>fra<<"}))
    with pytest.raises(EngineError, match="translates en-fr, not fr-en"):
        Translator(one_way).translate(["Oui."], Way.FR_EN)


def test_a_file_that_ctranslate2_cannot_read_is_told_in_one_line(tmp_path: Path) -> None:
    from tests.engines.test_model_folder import sign

    for file in PACKAGED.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "model.bin").write_bytes(b"no model" * 100)
    sign(tmp_path)
    with pytest.raises(EngineError, match="CTranslate2 failed with the model tiny: ") as caught:
        Translator(open_folder(tmp_path)).translate(["Oui, bien sûr."], Way.FR_EN)
    assert "\n" not in str(caught.value)


def test_nothing_is_loaded_before_it_is_asked() -> None:
    code = (
        "import sys; from mtaudit.engines.translator import Translator, packaged_folder;"
        "Translator(packaged_folder());"
        "assert not {'ctranslate2', 'sentencepiece', 'torch'} & set(sys.modules), sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
