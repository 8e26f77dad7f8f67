"""The joint SentencePiece vocabulary, with Marian's numbering.

Ids: 0 `</s>`, 1 `<unk>`, 2 and 3 the direction tokens, then the pieces; `<pad>`, which Marian adds, comes last and is
not in the SentencePiece model. Unseen characters fall back to bytes. Typography is normalised inside the model.

Byte pairs with the boundaries below give 1.60 pieces a word of newstest2013 in French and 1.53 in English at 16,000
entries; without the boundaries 1.68 and 1.55, unigram pieces 1.72 and 1.60 (all trained on one sample of 50,000
sentences). Fewer pieces are speed.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from training.configuration import DIRECTION_TOKENS
from training.normalisation import spm_rules

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

EOS, UNKNOWN = 0, 1
PAD_TOKEN = "<pad>"
#: Letters that French needs and that a small sample may lack, capitals above all.
REQUIRED = "ÀÂÆÇÈÉÊËÎÏÑÔÖŒÙÛÜŸàâæçèéêëîïñôöœùûüÿÁÍÓÚáíóúãõßøåšžč€£$°²³§½"
_BLANK = "▁"
#: Where no piece may run on, marked in the training text alone: between letters, digits and punctuation, between
#: digits, and after an elision (l'|industrie) but not in "don't". Pieces such as "▁l'" and "▁qu'" may then be
#: learnt, which SentencePiece's own splitting by script forbids.
_BOUNDARY = re.compile(
    r"(?<=\d)(?=[^\s])|(?<=[^\s])(?=\d)"
    r"|(?<=[^\W\d_'])(?=[^\w\s'])|(?<=[^\w\s'])(?=[^\W\d_])"
    r"|(?<=[^\W\d_]')(?=(?!(?:ll|re|ve)\b)[^\W\d_]{2})"
)
_DELIMITER = "\u241f"


def train(sentences: Iterable[str], pieces: int, folder: Path, seed: int) -> Path:
    """Trains a byte-pair model of `pieces` pieces on one thread; returns folder/spm.model."""
    import sentencepiece as spm

    folder.mkdir(parents=True, exist_ok=True)
    rules = folder / "normalisation.tsv"
    rules.write_text(spm_rules(), encoding="utf-8")
    model = io.BytesIO()
    spm.set_random_generator_seed(seed)
    spm.SentencePieceTrainer.train(
        sentence_iterator=(delimited(sentence) for sentence in sentences),
        model_writer=model,
        vocab_size=pieces,
        model_type="bpe",
        character_coverage=0.9999,
        required_chars=REQUIRED,
        byte_fallback=True,
        normalization_rule_tsv=str(rules),
        remove_extra_whitespaces=True,
        split_by_unicode_script=False,
        split_by_number=False,
        pretokenization_delimiter=_DELIMITER,
        eos_id=EOS,
        unk_id=UNKNOWN,
        bos_id=-1,
        pad_id=-1,
        control_symbols=sorted(DIRECTION_TOKENS.values()),
        max_sentence_length=3000,
        num_threads=1,
        minloglevel=1,
        hard_vocab_limit=False,
    )
    rules.unlink()
    path = folder / "spm.model"
    path.write_bytes(model.getvalue())
    return path


def delimited(sentence: str) -> str:
    """A normalised sentence with a mark at every place that no piece may cross."""
    return _BOUNDARY.sub(_DELIMITER, sentence)


def load(path: Path) -> SentencePieceProcessor:
    import sentencepiece as spm

    return spm.SentencePieceProcessor(model_file=str(path))


def pieces_of(processor: SentencePieceProcessor) -> list[str]:
    """All pieces in the order of their ids, without `<pad>`."""
    return [str(processor.id_to_piece(index)) for index in range(processor.get_piece_size())]


def write_json(pieces: list[str], path: Path) -> None:
    """The vocabulary as transformers' Marian tokenizer reads it: piece -> id, `<pad>` last."""
    numbered = {piece: index for index, piece in enumerate([*pieces, PAD_TOKEN])}
    path.write_text(json.dumps(numbered, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def text_of(pieces: Iterable[str]) -> str:
    """Pieces as text, so that development scores need no SentencePiece where training runs. Control pieces vanish."""
    data = bytearray()
    for piece in pieces:
        if len(piece) == 6 and piece.startswith("<0x") and piece.endswith(">"):
            data.append(int(piece[3:5], 16))
        elif piece not in ("</s>", "<unk>", PAD_TOKEN, *DIRECTION_TOKENS.values()):
            data += piece.replace(_BLANK, " ").encode()
    return data.decode("utf-8", errors="replace").strip()


def origins(old: Sequence[str], new: Sequence[str]) -> list[list[int]]:
    """For every piece of a new vocabulary, the places in the old one whose embeddings, averaged, it may begin with.

    Its own place when it was there; else those of the longest old pieces that make it up, from the left; else that of
    the unknown piece.
    """
    places = {piece: place for place, piece in enumerate(old)}
    longest = max(map(len, old))
    made: list[list[int]] = []
    for piece in new:
        rows, rest = [], piece
        while rest:
            ends = (end for end in range(min(longest, len(rest)), 0, -1) if rest[:end] in places)
            end = next(ends, 0)
            if end:
                rows.append(places[rest[:end]])
            rest = rest[end or 1 :]
        made.append(rows or [UNKNOWN])
    return made
