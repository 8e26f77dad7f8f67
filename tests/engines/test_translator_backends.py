"""transformers and CTranslate2 say the same of the same weights, and of the untouched text."""

from __future__ import annotations

import importlib
import math
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

for _name in ("torch", "transformers"):
    pytest.importorskip(_name, reason=f"{_name} is not installed (pip install .[transformers])")

from mtaudit.engines.translator import Translator  # noqa: E402
from mtaudit.engines.translator.backends import END, Search, guarded, load  # noqa: E402
from mtaudit.engines.translator.checkpoint import Checkpoint, open_checkpoint  # noqa: E402
from mtaudit.engines.translator.choice import Origin, Place  # noqa: E402
from mtaudit.engines.translator.conversion import Quantization, convert  # noqa: E402
from mtaudit.engines.translator.folder import Kind, ModelFolder  # noqa: E402
from mtaudit.engines.translator.pieces import Vocabulary  # noqa: E402
from mtaudit.engines.translator.with_transformers import quiet  # noqa: E402
from mtaudit.errors import EngineError  # noqa: E402
from mtaudit.translations import ONE_THREAD, Way  # noqa: E402
from tests.engines import toymodels  # noqa: E402

#: ln p of a piece in float32: sums differ in their order, and in nothing else.
TOLERANCE = 1e-3

FRENCH = (
    "La préfète a refusé le budget lundi, à 7 heures.",
    "Le maire\u00a0: «\u202fL’équipe attend une réponse\u00a0» 🎉 et défend l’offre\u2009!",
    "L’équipe\u00a0\u00a0défend le budget…",
    "Oui.",
)
ENGLISH = (
    "The prefect has refused the budget on Monday, at 7 o’clock.",
    "The mayor: “The team\u00a0awaits a reply” 🎉 and defends the offer!",
    "The team\u00a0 defends the budget…",
    "Yes.",
)
TEXTS = {Way.FR_EN: (FRENCH, ENGLISH), Way.EN_FR: (ENGLISH, FRENCH)}
FAMILIES = ("marian", "marian-marked", "m2m_100", "nllb")


@dataclass(frozen=True)
class Pair:
    """One set of weights for both backends, in float32."""

    checkpoint: ModelFolder
    converted: ModelFolder

    @property
    def ways(self) -> list[Way]:
        return [Way(way) for way in self.checkpoint.manifest.directions]

    @property
    def translators(self) -> tuple[Translator, Translator]:
        return Translator(self.checkpoint), Translator(self.converted, compute_type="float32")


def write(family: str, folder: Path) -> Path:
    if family == "marian":
        return toymodels.marian(folder, "fr", "en")
    if family == "marian-marked":
        return toymodels.marian(folder, "mul", "mul", (">>eng<<", ">>deu<<", ">>fra<<"))
    return toymodels.m2m_100(folder) if family == "m2m_100" else toymodels.nllb(folder)


@pytest.fixture(scope="module", params=FAMILIES)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    root = tmp_path_factory.mktemp(request.param)
    path = write(request.param, root / "toy")
    converted = convert(Place("toy", path, Origin.FOLDER), root / "ct2", "toy-float32", Quantization.FLOAT32)
    return Pair(open_checkpoint(path), converted)


def test_the_same_scores_at_the_same_places(pair: Pair) -> None:
    ours, theirs = pair.translators
    for way in pair.ways:
        sources, targets = TEXTS[way]
        for mine, other in zip(ours.score(sources, targets, way), theirs.score(sources, targets, way), strict=True):
            assert not mine.reason
            assert [piece.span for piece in mine.pieces] == [piece.span for piece in other.pieces]
            for left, right in zip(mine.pieces, other.pieces, strict=True):
                assert left.log_probability == pytest.approx(right.log_probability, abs=TOLERANCE)
            assert mine.end == pytest.approx(other.end, abs=TOLERANCE)
            assert mine.log_probability < -5, "random weights know nothing"


def test_scores_stand_where_the_words_are(pair: Pair) -> None:
    translator = Translator(pair.checkpoint)
    for way in pair.ways:
        sources, targets = TEXTS[way]
        for target, row in zip(targets, translator.score(sources, targets, way), strict=True):
            covered = {place for piece in row.pieces for place in range(*piece.span)}
            assert {place for place, char in enumerate(target) if not char.isspace()} == covered
            starts = [piece.span.start for piece in row.pieces]
            assert starts == sorted(starts)
            assert not any(target[piece.span.start : piece.span.start + 1].isspace() for piece in row.pieces)


def test_the_same_translations(pair: Pair) -> None:
    """The likeliest of a search that keeps one; where more are kept, near draws may fall either way."""
    ours, theirs = pair.translators
    for way in pair.ways:
        sources, _ = TEXTS[way]
        mine, others = ours.translate(sources, way), theirs.translate(sources, way)
        assert [row[0].text for row in mine] == [row[0].text for row in others]
        assert [row[0].pieces for row in mine] == [row[0].pieces for row in others]


def test_the_best_come_first_and_score_what_they_said(pair: Pair) -> None:
    for folder in (pair.checkpoint, pair.converted):
        backend, vocabulary = load(folder, ONE_THREAD, "cpu", "float32"), Vocabulary(folder.path / folder.spm[0])
        for way in pair.ways:
            source, target = folder.prompt(way)
            rows = [[*filter(None, [source]), *vocabulary.encode(text).names, END] for text in TEXTS[way][0]]
            for row, found in zip(rows, backend.translate(rows, target, Search(4, 3, 30))(), strict=True):
                means = [said.log_probability / said.pieces for said in found]
                assert len(found) == 3
                assert means == sorted(means, reverse=True)
                assert len({tuple(said.names) for said in found}) == 3
                assert not any(said.names[0] in (target, END, "<pad>") for said in found)
                ((first,),) = backend.score([row], [[]], target)()
                # CTranslate2 takes the end out of what can come first, and its share goes to the others.
                share = math.log1p(-math.exp(first)) if folder.kind is Kind.CTRANSLATE2 else 0.0
                for said in found:
                    (logs,) = backend.score([row], [said.names], target)()
                    assert sum(logs[: said.pieces]) - share == pytest.approx(said.log_probability, abs=TOLERANCE)


def test_batches_change_nothing(pair: Pair) -> None:
    translator, way = Translator(pair.checkpoint), pair.ways[0]
    sources, targets = (side * 30 for side in TEXTS[way])
    together = translator.score(sources, targets, way)
    alone = [translator.score([source], [target], way)[0] for source, target in zip(*TEXTS[way], strict=True)]
    for index, row in enumerate(together):
        assert row.log_probability == pytest.approx(alone[index % len(alone)].log_probability, abs=TOLERANCE)


def test_pieces_have_the_numbers_that_transformers_gives_them(pair: Pair) -> None:
    from transformers import AutoTokenizer

    path = pair.checkpoint.path
    pieces = Checkpoint(path).pieces()
    with quiet():
        tokenizer = AutoTokenizer.from_pretrained(path)
    prompts = [prompt for way in pair.ways for prompt in pair.checkpoint.prompt(way) if prompt]
    for number, name in enumerate(pieces):
        if not name.startswith("madeupword"):
            assert tokenizer.convert_tokens_to_ids(name) == number
    assert all(pieces[tokenizer.convert_tokens_to_ids(prompt)] == prompt for prompt in prompts)
    text = TEXTS[pair.ways[0]][0][0]
    if prompts and prompts[0].startswith(">>"):
        text = prompts[0] + text
    elif prompts:
        tokenizer.src_lang = prompts[0].strip("_")
    names = [pieces[number] for number in tokenizer(text)["input_ids"]]
    if pair.checkpoint.prompt(pair.ways[0]).target != "eng_Latn":  # its toy was made without merges
        own = (
            Translator(pair.checkpoint)
            ._models[0]
            .vocabularies[0]
            .encode(text.removeprefix(prompts[0] if prompts else ""))
        )
        assert names == [*prompts[:1], *own.names, "</s>"]


def test_nllb_without_its_tokenizers_file_counts_the_same(tmp_path: Path) -> None:
    path = toymodels.nllb(tmp_path / "nllb")
    before = Checkpoint(path).pieces()
    (path / "tokenizer.json").unlink()
    assert Checkpoint(path).pieces() == before


def test_a_long_sentence_fits_the_positions(pair: Pair) -> None:
    text = "Le maire a refusé le budget, la préfète défend l'offre ; " * 12
    for translator in pair.translators:
        (found,) = translator.translate([text], pair.ways[0])
        assert found[0].parts > 1
        (scored,) = translator.score([text], ["Oui."], pair.ways[0])
        assert "pieces, the model was trained on" in scored.reason


def test_what_it_cannot_read_comes_back_untouched(pair: Pair) -> None:
    translator = Translator(pair.checkpoint)
    for text in ("", "2024", "🎉🎉", "أعلن الوزير عن الميزانية", "部长公布了新的预算"):
        (found,) = translator.translate([text], pair.ways[0])
        assert (found[0].text, found[0].parts) == (text, 0)


def test_rounded_weights_take_a_quarter(pair: Pair, tmp_path: Path) -> None:
    place = Place("toy", pair.checkpoint.path, Origin.FOLDER)
    int8 = convert(place, tmp_path / "int8", "toy-int8")
    sizes = [(folder.path / "model.bin").stat().st_size for folder in (int8, pair.converted)]
    assert sizes[0] < 0.5 * sizes[1], "biases and positions are not rounded"
    assert int8.manifest.name == "toy-int8"
    (found,) = Translator(int8).translate(TEXTS[pair.ways[0]][0][:1], pair.ways[0])
    assert found[0].pieces > 1


def test_nothing_is_left_of_a_conversion_that_fails(tmp_path: Path) -> None:
    path = toymodels.marian(tmp_path / "opus-mt-fr-en", "fr", "en")
    whole = (path / "model.safetensors").read_bytes()
    (path / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(EngineError, match="transformers failed with the model toy: ") as caught:
        convert(Place("toy", path, Origin.FOLDER), tmp_path / "out", "toy-int8")
    assert "\n" not in str(caught.value)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["opus-mt-fr-en"]


def test_damaged_weights_are_told(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    path = toymodels.marian(tmp_path / "opus-mt-fr-en", "fr", "en")
    file = path / "model.safetensors"
    whole = file.read_bytes()
    for harm in (whole[: len(whole) // 2], b"no weights" * 99, b""):
        file.write_bytes(harm)
        with pytest.raises(EngineError, match="transformers failed with the model opus-mt-fr-en: ") as caught:
            Translator(open_checkpoint(path)).translate(["Le maire attend."], Way.FR_EN)
        assert "\n" not in str(caught.value)
    file.write_bytes(whole)
    tensors = load_file(file)
    del tensors["model.encoder.layers.1.fc1.weight"]
    save_file(tensors, file, {"format": "pt"})
    with pytest.raises(EngineError, match=r"lacks weights \(model\.encoder\.layers\.1\.fc1\.weight\)"):
        Translator(open_checkpoint(path)).translate(["Le maire attend."], Way.FR_EN)


def test_weights_in_parts(tmp_path: Path) -> None:
    from transformers import MarianMTModel

    path = toymodels.marian(tmp_path / "opus-mt-fr-en", "fr", "en")
    whole = Translator(open_checkpoint(path)).score(FRENCH[:1], ENGLISH[:1], Way.FR_EN)
    with quiet():
        model = MarianMTModel.from_pretrained(path)
        (path / "model.safetensors").unlink()
        model.save_pretrained(path, max_shard_size="100KB")
    parts = Checkpoint(path).weights()
    assert len(parts) > 2
    assert Translator(open_checkpoint(path)).score(FRENCH[:1], ENGLISH[:1], Way.FR_EN) == whole
    (path / parts[-1]).unlink()
    with pytest.raises(EngineError, match=f"{parts[-1]} is missing"):
        open_checkpoint(path)


def test_weights_as_pytorch_saves_them(tmp_path: Path) -> None:
    """The only form that many of the hub's older models have, which names again what it shares."""
    import torch
    from safetensors.torch import load_file

    path = toymodels.marian(tmp_path / "opus-mt-fr-en", "fr", "en")
    whole = Translator(open_checkpoint(path)).score(FRENCH[:1], ENGLISH[:1], Way.FR_EN)
    tensors = load_file(path / "model.safetensors")
    for name in ("model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight", "lm_head.weight"):
        tensors[name] = tensors["model.shared.weight"]
    (path / "model.safetensors").unlink()
    torch.save(tensors, path / "pytorch_model.bin")
    assert Translator(open_checkpoint(path)).score(FRENCH[:1], ENGLISH[:1], Way.FR_EN) == whole
    converted = convert(Place("x", path, Origin.FOLDER), tmp_path / "out", "x", Quantization.FLOAT32)
    (found,) = Translator(converted).score(FRENCH[:1], ENGLISH[:1], Way.FR_EN)
    assert found.log_probability == pytest.approx(whole[0].log_probability, abs=0.01)


def test_a_vocabulary_of_other_weights_is_told(tmp_path: Path) -> None:
    path = toymodels.marian(tmp_path / "opus-mt-fr-en", "fr", "en")
    toymodels.edited(path / "vocab.json", lambda names: names.update({"▁trop": 100_000}))
    with pytest.raises(EngineError, match="the vocabulary is not that of the weights"):
        Translator(open_checkpoint(path)).translate(["Le maire attend."], Way.FR_EN)


def test_memory_that_runs_short_is_told(pair: Pair) -> None:
    torch = importlib.import_module("torch")
    for call in (lambda: torch.empty(2**60), lambda: bytearray(2**60)):
        with pytest.raises(EngineError, match="memory ran short for the model toy: ask for fewer threads"):
            guarded(call, pair.checkpoint)


def test_a_gpu_that_is_not_there_is_told(pair: Pair) -> None:
    # What is said where there is none can only be heard there.
    if importlib.import_module("torch").cuda.is_available():
        pytest.skip("there is a GPU")  # so that nothing is missing that could be told
    with pytest.raises(EngineError, match="PyTorch finds no GPU"):
        load(pair.checkpoint, ONE_THREAD, "cuda", "")
    assert load(pair.checkpoint, ONE_THREAD, "auto", "").most_rows(1)


def test_the_digest_is_that_of_the_files(pair: Pair, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(pair.checkpoint.path, tmp_path / "elsewhere"))
    assert open_checkpoint(copy).digest == pair.checkpoint.digest
    (copy / "README.md").write_text("About it.", encoding="utf-8")
    assert open_checkpoint(copy).digest == pair.checkpoint.digest
    toymodels.edited(copy / "config.json", lambda config: config.update(dropout=0.3))
    assert open_checkpoint(copy).digest != pair.checkpoint.digest
    assert pair.converted.digest != pair.checkpoint.digest
