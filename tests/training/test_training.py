"""The loop, the model and the exports, on toys; a few seconds on one thread."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from tests.training.synthetic import PIECES, packed_folder
from training.configuration import DIRECTIONS, ModelConfig, SizeConfig, TrainConfig

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install .[training])")

from training import checkpoint, packing, transport  # noqa: E402
from training.model import Marian, greedy, marian_state, parameter_count  # noqa: E402
from training.schedule import Stop  # noqa: E402
from training.train import Trainer, recover, run, start  # noqa: E402

MODEL = ModelConfig(32, 2, 64, 2, 1, len(PIECES) + 1, dropout=0.0, max_positions=64)
TRAIN = TrainConfig(
    minutes=1, tokens_per_step=800, tokens_per_batch=400, peak_rate=5e-3, warmup_steps=5, log_every=5, dev_every=10**6
)
SIZE = SizeConfig("toy", MODEL, TRAIN)


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    return packed_folder(tmp_path / "packed")


def steps(trainer: Trainer, count: int) -> list[float]:
    losses: list[float] = []
    epoch = 0
    while len(losses) < count:
        for batch in trainer.epochs.iterate(epoch, "main"):
            total, pieces = trainer.update([batch])
            losses.append(float(total) / pieces)
        epoch += 1
    return losses


def test_parameters_are_counted() -> None:
    assert parameter_count(MODEL) == sum(value.numel() for value in Marian(MODEL).parameters())


SAMPLED = replace(
    TRAIN, optimiser="muon", matrix_rate=0.02, workers=2, sample_frequent=8, sample_random=8, tokens_per_batch=200
)


@pytest.mark.parametrize("config", [TRAIN, SAMPLED], ids=["adamw", "muon, sampled, two threads"])
def test_it_learns(packed: Path, tmp_path: Path, config: TrainConfig) -> None:
    size = replace(SIZE, train=config)
    trainer = Trainer(size, packing.read(packed), DIRECTIONS, tmp_path / "run")
    losses = steps(trainer, 100)
    assert sum(losses[-5:]) < 0.88 * sum(losses[:5])
    assert not trainer.model.model.shared.weight[trainer.model.pad].any(), "the decoder starts from zero"
    rows = [json.loads(line) for line in (packed / "dev.jsonl").read_text(encoding="utf-8").splitlines()]
    assert set(trainer.development(rows, 4)) == {f"toy {way}{what}" for way in DIRECTIONS for what in ("", " nats")}


def test_a_stopped_run_goes_on(packed: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    trainer, journal = start(SIZE, packed, out, DIRECTIONS)
    trainer.clock.plan(10, None)
    assert not run(trainer, Stop(0.02), journal, [])
    assert trainer.step > 0
    (out / "checkpoint.pt.partial").write_bytes(b"a stop while saving leaves this")
    resumed, journal = start(SIZE, packed, out, DIRECTIONS)
    assert (resumed.step, resumed.batch, resumed.phase) == (trainer.step, trainer.batch, trainer.phase)
    assert resumed.clock.state() == trainer.clock.state()
    for left, right in zip(resumed.parameters, trainer.parameters, strict=True):
        assert torch.equal(left, right)
    resumed.clock.plan(resumed.clock.elapsed / 60 + 0.01, None)
    assert run(resumed, Stop(None), journal, [])
    events = [json.loads(line) for line in (out / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [event["event"] for event in events if event["event"] in ("start", "resume")] == ["start", "resume"]
    assert any(event["event"] == "step" and event["pieces_per_second"] > 0 for event in events)


def test_a_run_begins_with_the_weights_of_another(packed: Path, tmp_path: Path) -> None:
    first, _ = start(SIZE, packed, tmp_path / "first", DIRECTIONS)
    steps(first, 3)
    torch.save(first.weights(), tmp_path / "weights.pt")
    second, _ = start(SIZE, packed, tmp_path / "second", DIRECTIONS, tmp_path / "weights.pt")
    for left, right in zip(first.average, second.parameters, strict=True):
        assert torch.allclose(left, right)
    wider = replace(SIZE, model=replace(MODEL, ffn=128))
    with pytest.raises(RuntimeError, match="size mismatch"):
        start(wider, packed, tmp_path / "third", DIRECTIONS, tmp_path / "weights.pt")


def test_a_diverged_run_goes_back_at_half_the_rate(packed: Path, tmp_path: Path) -> None:
    trainer, journal = start(SIZE, packed, tmp_path / "run", DIRECTIONS)
    with pytest.raises(RuntimeError, match=r"lower train\.peak_rate"):
        recover(trainer, journal)
    checkpoint.save(trainer.run, trainer.state())
    with torch.no_grad():
        trainer.parameters[0].fill_(float("nan"))
    recover(trainer, journal)
    assert trainer.rate_scale == 0.5
    assert torch.isfinite(trainer.parameters[0]).all()


def test_the_vocabulary_must_be_the_datas(packed: Path, tmp_path: Path) -> None:
    wrong = replace(SIZE, model=replace(MODEL, vocabulary=99))
    with pytest.raises(ValueError, match="vocabulary is 99, the data's 32"):
        Trainer(wrong, packing.read(packed), DIRECTIONS, tmp_path / "run")


def test_padding_does_not_change_a_translation() -> None:
    torch.manual_seed(3)
    model = Marian(MODEL).eval()
    short, long = [2, 9, 8, 0], [2, 9, 8, 7, 11, 12, 13, 14, 0]
    assert greedy(model, [short, long], limit=8)[0] == greedy(model, [short], limit=8)[0]


def test_small_weights_come_back_and_int8_is_stable() -> None:
    state = marian_state(Marian(MODEL))
    half = transport.expand(transport.compact(state, "float16"))
    once = transport.expand(transport.compact(state, "int8"))
    twice = transport.expand(transport.compact(once, "int8"))
    for name, value in state.items():
        assert torch.allclose(value, half[name], atol=1e-3)
        assert torch.allclose(once[name], twice[name], atol=1e-6)
    matrix = "model.encoder.layers.0.fc1.weight"
    assert (state[matrix] - once[matrix]).abs().max() <= state[matrix].abs().max() / 254 + 1e-6


def sentences(count: int) -> list[tuple[str, str]]:
    """Toy pairs out of a small grammar."""
    chance = random.Random(5)
    subjects = [("Le maire", "The mayor"), ("Le tribunal", "The court"), ("L’équipe", "The team")]
    verbs = [("a refusé", "has refused"), ("a accepté", "has accepted"), ("attend", "awaits")]
    objects = [("le budget", "the budget"), ("l’offre", "the offer"), ("une réponse", "a reply")]
    days = [("lundi", "on Monday"), ("mardi", "on Tuesday"), ("ce soir", "tonight")]
    rows = []
    for number in range(count):
        parts = [chance.choice(items) for items in (subjects, verbs, objects, days)]
        french, english = (" ".join(part[side] for part in parts) for side in (0, 1))
        rows.append((f"{french} à {number} heures\u00a0!", f"{english} at {number} o’clock!"))
    return rows


def test_from_text_to_both_backends(tmp_path: Path) -> None:
    """prepare -> random weights -> export: transformers and CTranslate2 must agree, and typography be normalised."""
    for name in ("sentencepiece", "zstandard", "py3langid", "transformers", "ctranslate2"):
        pytest.importorskip(name, reason=f"{name} is not installed (pip install .[training])")
    import gzip

    import zstandard

    from training import export, prepare, vocabulary
    from training.cleaning import Limits
    from training.configuration import DataConfig, Source
    from training.normalisation import normalise

    parallel, chunks, out = tmp_path / "parallel", tmp_path / "chunks", tmp_path / "packed"
    (parallel / "test").mkdir(parents=True)
    chunks.mkdir()
    pairs = sentences(400)
    with gzip.open(parallel / "test" / "flores-dev.tsv.gz", "wt", encoding="utf-8") as stream:
        stream.writelines(f"{french}\t{english}\n" for french, english in pairs[:20])
    text = "".join(f"{french}\t{english}\n" for french, english in pairs)
    (parallel / "desk.tsv.zst").write_bytes(zstandard.compress(text.encode()))
    noise = {"lost-accents": 0.5, "capitals": 0.5}
    source = Source("desk", "A", 1.0, 1.0, 1.0)
    config = DataConfig(1, 600, 1000, 80, 100, 20, 100, noise, Limits(), (source,))
    manifest = prepare.prepare(config, parallel, chunks, out, limit=0)
    assert manifest["counts"]["desk"]["test-sentence"] == 20
    assert {segment["name"] for segment in manifest["segments"]} >= {"desk", "noise/lost-accents"}
    packing.read(out)

    processor = vocabulary.load(out / "spm.model")
    for raw in ("«\u202fNon\u202f», dit-il\u00a0; 5\u00a0%…", "L’« offre » : refusée !", "naïf–œuvre 日本"):
        assert processor.decode(processor.encode(raw)) == normalise(raw)

    model = ModelConfig(32, 2, 64, 2, 1, manifest["vocabulary"], max_positions=128)
    torch.manual_seed(2)
    torch.save(marian_state(Marian(model)), tmp_path / "weights.pt")
    export.write_marian(model, tmp_path / "weights.pt", out, tmp_path / "marian")
    export.write_ctranslate2(tmp_path / "marian", tmp_path / "ct2", "int8")
    pieces = json.loads((out / "pieces.json").read_text(encoding="utf-8"))
    facts = export.agreement(tmp_path / "marian", tmp_path / "ct2", export.check_sources(out, pieces, 4))
    assert facts["float32_identical"] == facts["sentences"] >= 4
    sums = export.write_hashes(tmp_path / "ct2").read_text(encoding="utf-8")
    assert f"{packing.digest(tmp_path / 'ct2' / 'model.bin')}  model.bin\n" in sums


def test_a_run_goes_on_with_another_vocabulary(packed: Path, tmp_path: Path) -> None:
    first = Trainer(SIZE, packing.read(packed), DIRECTIONS, tmp_path / "first")
    steps(first, 3)
    pieces = first.pieces
    swapped = (*pieces[:4], *reversed(pieces[4:]))
    second = Trainer(SIZE, replace(packing.read(packed), pieces=swapped), DIRECTIONS, tmp_path / "second")
    second.begin_with(first.weights(), pieces)
    old, new = first.weights()["model.shared.weight"], second.weights()["model.shared.weight"]
    for place, piece in enumerate(swapped):
        assert torch.equal(new[place], old[pieces.index(piece)])
    same = "model.encoder.layers.0.fc1.weight"
    assert torch.equal(second.weights()[same], first.weights()[same])
