"""Tiny models with random weights, in the folders that transformers makes: Marian, M2M-100 and NLLB."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: Positions that each has room for.
POSITIONS = 128
_SIZES = {
    **{"d_model": 32, "encoder_layers": 2, "decoder_layers": 2, "max_position_embeddings": POSITIONS},
    **{"encoder_attention_heads": 4, "decoder_attention_heads": 4, "encoder_ffn_dim": 64, "decoder_ffn_dim": 64},
    # Wide enough apart that no two pieces are a draw.
    **{"scale_embedding": True, "init_std": 0.5},
}


def sentences() -> list[tuple[str, str]]:
    """French and English of much the same grammar, its typography plain, as the hub's models were trained on."""
    chance = random.Random(7)
    subjects = [("Le maire", "The mayor"), ("La préfète", "The prefect"), ("L'équipe", "The team")]
    verbs = [("a refusé", "has refused"), ("a accepté", "has accepted"), ("attend", "awaits"), ("défend", "defends")]
    objects = [("le budget", "the budget"), ("l'offre", "the offer"), ("une réponse", "a reply")]
    days = [("lundi", "on Monday"), ("mardi", "on Tuesday"), ("ce soir", "tonight"), ('"demain"', '"tomorrow"')]
    rows = []
    for number in range(300):
        parts = [chance.choice(items) for items in (subjects, verbs, objects, days)]
        french, english = (" ".join(part[side] for part in parts) for side in (0, 1))
        rows.append((f"{french}, à {number} heures.", f"{english}, at {number} o'clock - or so."))
    return rows


def write_spm(path: Path, kind: str = "unigram", rows: int = 300) -> list[str]:
    """A SentencePiece model of both languages, and its pieces but the first three, which are not text."""
    import sentencepiece

    trained = path.with_name("trained")
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([side for pair in sentences()[:rows] for side in pair]),
        model_prefix=str(trained),
        model_type=kind,
        vocab_size=160,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    trained.with_suffix(".vocab").unlink()
    trained.with_suffix(".model").rename(path)
    processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return [processor.id_to_piece(number) for number in range(3, processor.get_piece_size())]


def write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def marian(folder: Path, source: str, target: str, marks: tuple[str, ...] = ()) -> Path:
    """A model of one pair, whose sources and targets are cut by two SentencePiece models; or of several, by marks."""
    import torch
    from transformers import MarianConfig, MarianMTModel, MarianTokenizer

    folder.mkdir(parents=True)
    pieces = [*marks, *write_spm(folder / "source.spm")]
    pieces += [piece for piece in write_spm(folder / "target.spm", rows=200) if piece not in pieces]
    names = ["</s>", "<unk>", *pieces, "<pad>"]
    write_json(folder / "vocab.json", {name: number for number, name in enumerate(names)})
    last = len(names) - 1
    config = MarianConfig(
        vocab_size=len(names), pad_token_id=last, decoder_start_token_id=last, eos_token_id=0, forced_eos_token_id=0,
        activation_function="swish", **_SIZES,
    )  # fmt: skip
    torch.manual_seed(1)
    with _silence():
        MarianMTModel(config).save_pretrained(folder)
        files = (str(folder / name) for name in ("source.spm", "target.spm", "vocab.json"))
        MarianTokenizer(*files, source_lang=source, target_lang=target).save_pretrained(folder)
    return folder


def m2m_100(folder: Path) -> Path:
    """A model that begins its sources with their language, and its targets with theirs."""
    from transformers import M2M100Tokenizer

    folder.mkdir(parents=True)
    names = ["<s>", "<pad>", "</s>", "<unk>", *write_spm(folder / "sentencepiece.bpe.model")]
    write_json(folder / "vocab.json", {name: number for number, name in enumerate(names)})
    with _silence():
        M2M100Tokenizer(str(folder / "vocab.json"), str(folder / "sentencepiece.bpe.model")).save_pretrained(folder)
    # A hundred languages, and eight rows that were left over.
    return _write_m2m_100(folder, len(names) + 108)


def nllb(folder: Path) -> Path:
    """The same with other names for languages."""
    from transformers import NllbTokenizer
    from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES

    folder.mkdir(parents=True)
    pieces = write_spm(folder / "sentencepiece.bpe.model", "bpe")
    names = ["<s>", "<pad>", "</s>", "<unk>", *pieces, *FAIRSEQ_LANGUAGE_CODES, "<mask>"]
    with _silence():
        tokenizer = NllbTokenizer(vocab={name: number for number, name in enumerate(names)}, merges=[])
        tokenizer.save_pretrained(folder)
    return _write_m2m_100(folder, len(names) + 2)


def _write_m2m_100(folder: Path, size: int) -> Path:
    import torch
    from transformers import M2M100Config, M2M100ForConditionalGeneration

    torch.manual_seed(2)
    with _silence():
        M2M100ForConditionalGeneration(M2M100Config(vocab_size=size, **_SIZES)).save_pretrained(folder)
    return folder


@contextmanager
def _silence() -> Iterator[None]:
    from mtaudit.engines.translator.with_transformers import quiet

    with quiet():
        yield


def edited(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Changes a file of JSON in place."""
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    write_json(path, content)
