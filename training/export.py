"""Weights -> a CTranslate2 int8 folder and a transformers MarianMTModel folder, and proof that the two agree.

    python -m training.export training/config/base.toml --weights ../run/weights.pt --packed ../packed --out ../export

Writes OUT/marian (float32) and OUT/ct2 (int8, with `spm.model` and SHA256SUMS). CTranslate2 in float32 must translate
the check sentences exactly as transformers does, and score them within `SCORE_TOLERANCE`; int8 is only reported.
"""

from __future__ import annotations

import argparse
import json
import logging
import shutil
import tempfile
from pathlib import Path
from typing import Any

from training import packing, vocabulary
from training.configuration import DIRECTION_TOKENS, DIRECTIONS, ModelConfig, SizeConfig, load_size_config

LOG = logging.getLogger("training.export")
HASHES = "SHA256SUMS"
#: Mean log-probability a piece; float32 sums differ in order, not in more.
SCORE_TOLERANCE = 1e-3
#: Pieces; barely trained models go on for ever.
LIMIT = 120


def marian_config(config: ModelConfig) -> dict[str, Any]:
    """The arguments of transformers' MarianConfig."""
    pad = config.vocabulary - 1
    return {
        "vocab_size": config.vocabulary,
        "d_model": config.d_model,
        "encoder_layers": config.encoder_layers,
        "decoder_layers": config.decoder_layers,
        "encoder_attention_heads": config.heads,
        "decoder_attention_heads": config.heads,
        "encoder_ffn_dim": config.ffn,
        "decoder_ffn_dim": config.ffn,
        "activation_function": "swish" if config.activation == "swish" else "relu",
        "max_position_embeddings": config.max_positions,
        "scale_embedding": True,
        "share_encoder_decoder_embeddings": True,
        "tie_word_embeddings": True,
        "static_position_embeddings": True,
        "normalize_before": False,
        "normalize_embedding": False,
        "dropout": config.dropout,
        "pad_token_id": pad,
        "decoder_start_token_id": pad,
        "eos_token_id": vocabulary.EOS,
        "bos_token_id": vocabulary.EOS,
        "forced_eos_token_id": vocabulary.EOS,
        "bad_words_ids": [[pad]],
        "num_beams": 4,
        "max_length": config.max_positions,
    }


def write_marian(config: ModelConfig, weights: Path, packed: Path, out: Path) -> None:
    """A folder that `MarianMTModel.from_pretrained` and `MarianTokenizer.from_pretrained` read.

    Raises ValueError naming the weights that lack or do not belong.
    """
    import torch
    from transformers import GenerationConfig, MarianConfig, MarianMTModel

    settings = marian_config(config)
    decoding = {key: settings.pop(key) for key in ("forced_eos_token_id", "bad_words_ids", "num_beams", "max_length")}
    model = MarianMTModel(MarianConfig(**settings))
    state = torch.load(weights, map_location="cpu", weights_only=True)
    missing, unexpected = model.load_state_dict(state, strict=False)
    derived = ("embed_tokens.weight", "embed_positions.weight", "lm_head.weight")
    lacking = [name for name in missing if not name.endswith(derived)]
    if lacking or unexpected:
        raise ValueError(f"{weights}: lacks {lacking[:3]}, has unknown {unexpected[:3]}")
    model.tie_weights()
    ids = ("pad_token_id", "decoder_start_token_id", "eos_token_id")
    model.generation_config = GenerationConfig(**decoding, **{name: settings[name] for name in ids})
    model.save_pretrained(out)
    for name in ("source.spm", "target.spm"):
        shutil.copyfile(packed / "spm.model", out / name)
    pieces = json.loads((packed / "pieces.json").read_text(encoding="utf-8"))
    vocabulary.write_json(pieces, out / "vocab.json")
    tokenizer = {
        "tokenizer_class": "MarianTokenizer",
        "model_max_length": config.max_positions,
        "eos_token": "</s>",
        "unk_token": "<unk>",
        "pad_token": vocabulary.PAD_TOKEN,
        "source_lang": "mul",
        "target_lang": "mul",
        "separate_vocabs": False,
    }
    (out / "tokenizer_config.json").write_text(json.dumps(tokenizer, indent=1) + "\n", encoding="utf-8")


def write_ctranslate2(marian: Path, out: Path, quantization: str | None) -> None:
    """Converts the transformers folder, with the SentencePiece model beside it."""
    from ctranslate2.converters import TransformersConverter

    TransformersConverter(str(marian)).convert(str(out), quantization=quantization, force=True)
    shutil.copyfile(marian / "source.spm", out / "spm.model")


def write_manifest(size: SizeConfig, folder: Path) -> None:
    """model.json, which the loader reads: see mtaudit.engines.translator.folder."""
    facts = {"format": 1, "name": size.name, "directions": DIRECTION_TOKENS, "longest": size.train.longest}
    (folder / "model.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def write_hashes(folder: Path) -> Path:
    """SHA256SUMS over every other file of the folder, in `sha256sum`'s format."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != HASHES)
    path = folder / HASHES
    path.write_text("".join(f"{packing.digest(item)}  {item.name}\n" for item in files), encoding="utf-8")
    return path


def transformers_outputs(marian: Path, sources: list[list[str]]) -> list[tuple[list[str], float]]:
    """Greedy translations as pieces, and their mean log-probability a piece (`</s>` counted), from transformers."""
    import torch
    from transformers import MarianMTModel

    model = MarianMTModel.from_pretrained(marian).eval()
    names: dict[str, int] = json.loads((marian / "vocab.json").read_text(encoding="utf-8"))
    pieces = {index: piece for piece, index in names.items()}
    outputs = []
    for source in sources:
        ids = torch.tensor([[names[piece] for piece in source]])
        with torch.no_grad():
            output = model.generate(
                input_ids=ids, num_beams=1, do_sample=False, max_new_tokens=LIMIT, forced_eos_token_id=None
            )
            text = [index for index in output[0, 1:].tolist() if index != vocabulary.EOS]
            inputs = torch.tensor([[model.config.decoder_start_token_id, *text]])
            scores = model(input_ids=ids, decoder_input_ids=inputs).logits[0]
        scores[:, model.config.pad_token_id] = -torch.inf
        target = torch.tensor([*text, vocabulary.EOS])
        score = scores.log_softmax(-1).gather(1, target[:, None]).mean()
        outputs.append(([pieces[index] for index in text], float(score)))
    return outputs


def ctranslate2_outputs(folder: Path, sources: list[list[str]], compute_type: str) -> list[tuple[list[str], float]]:
    """The same from CTranslate2, on one thread. By default it forbids an empty translation; transformers does not."""
    import ctranslate2

    translator = ctranslate2.Translator(str(folder), compute_type=compute_type, inter_threads=1, intra_threads=1)
    results = translator.translate_batch(sources, beam_size=1, min_decoding_length=0, max_decoding_length=LIMIT)
    texts = [result.hypotheses[0] for result in results]
    scored = translator.score_batch(sources, texts)
    return [(text, sum(row.log_probs) / len(row.log_probs)) for text, row in zip(texts, scored, strict=True)]


def piece_scores(folder: Path, compute_type: str, sources: list[list[str]], texts: list[list[str]]) -> list[float]:
    """Forced decoding: the log-probability of every piece of the texts, one after another, `</s>` included."""
    import ctranslate2

    translator = ctranslate2.Translator(str(folder), compute_type=compute_type, inter_threads=1, intra_threads=1)
    return [value for row in translator.score_batch(sources, texts) for value in row.log_probs]


def mean_gap(left: list[float], right: list[float]) -> float:
    return round(sum(abs(ours - theirs) for ours, theirs in zip(left, right, strict=True)) / len(left), 4)


def agreement(marian: Path, int8: Path, sources: list[list[str]]) -> dict[str, float]:
    """How CTranslate2 compares with transformers. Raises ValueError when float32 does not give the same."""
    expected = transformers_outputs(marian, sources)
    with tempfile.TemporaryDirectory() as folder:
        write_ctranslate2(marian, Path(folder), None)
        exact = ctranslate2_outputs(Path(folder), sources, "float32")
        texts = [text for text, _ in expected]
        scores = piece_scores(Path(folder), "float32", sources, texts)
    rounded = ctranslate2_outputs(int8, sources, "int8")
    for source, (text, score), (theirs, their_score) in zip(sources, expected, exact, strict=True):
        if text != theirs or abs(score - their_score) > SCORE_TOLERANCE:
            raise ValueError(f"backends differ on {' '.join(source)}: {text} {score:.4f}, {theirs} {their_score:.4f}")
    same = sum(left[0] == right[0] for left, right in zip(expected, rounded, strict=True))
    return {
        "sentences": len(sources),
        "float32_identical": len(sources),
        "int8_identical": same,
        "int8_piece_gap": mean_gap(scores, piece_scores(int8, "int8", sources, texts)),
        "int8_weights_piece_gap": mean_gap(scores, piece_scores(int8, "float32", sources, texts)),
    }


def check_sources(packed: Path, pieces: list[str], count: int) -> list[list[str]]:
    """Development sentences of both directions as source pieces."""
    lines = (packed / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    sources = []
    for number, line in enumerate(lines[:: max(1, len(lines) // count)]):
        way = DIRECTIONS[number % 2]
        ids = json.loads(line)[way.split("-")[0] + "_ids"]
        sources.append([DIRECTION_TOKENS[way], *(pieces[index] for index in ids), "</s>"])
    return sources


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--packed", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--check", type=int, default=40, help="sentences to compare the backends on")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    marian, int8 = options.out / "marian", options.out / "ct2"
    size = load_size_config(options.config)
    write_marian(size.model, options.weights, options.packed, marian)
    write_ctranslate2(marian, int8, "int8")
    write_manifest(size, int8)
    write_hashes(int8)
    pieces = json.loads((options.packed / "pieces.json").read_text(encoding="utf-8"))
    facts: dict[str, Any] = dict(agreement(marian, int8, check_sources(options.packed, pieces, options.check)))
    facts["int8_bytes"] = sum(path.stat().st_size for path in int8.iterdir())
    (options.out / "export.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    LOG.info("%s", facts)


if __name__ == "__main__":
    main()
