"""How much of a sentence a round trip gives back, as a whole: chrF, BLEU and TER.

They are sacreBLEU's, whose signatures say how they were computed (Post 2018, arXiv 1804.08771). Both texts are put in
plain typography first: what a model makes of quotation marks and blanks tells nothing of what it makes of words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF
    from sacrebleu.metrics.ter import TER

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u202f\u2009\t\n\r", " "),
        **dict.fromkeys("’‘´ʼ", "'"),
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("–—‑", "-"),
        "…": "...",
        "œ": "oe",
        "Œ": "Oe",
    }
)
#: What French puts a blank before, and the blanks inside guillemets, which are straight marks by now.
_BEFORE_MARK = re.compile(r" +(?=[;:!?%])")
_INSIDE_MARKS = re.compile(r'" +([^"]*?) +"')
_BLANKS = re.compile(r" {2,}")


class Similarity(NamedTuple):
    """chrF and BLEU from 0 (nothing shared) to 100 (the same), TER in edits per 100 words from 0 (the same) up."""

    chrf: float
    bleu: float
    ter: float


def plain_typography(text: str) -> str:
    """The text with straight marks, hyphens for dashes, single blanks, and none before ; : ! ? %."""
    text = _INSIDE_MARKS.sub(r'"\1"', text.translate(_PLAIN))
    return _BLANKS.sub(" ", _BEFORE_MARK.sub("", text)).strip()


def similarity(hypothesis: str, reference: str) -> Similarity:
    """Of two sentences. TER takes up to 30 ms for two that share little: ask only where it is wanted."""
    chrf, bleu, ter = _metrics()
    one, other = plain_typography(hypothesis), [plain_typography(reference)]
    scores = (metric.sentence_score(one, other).score for metric in (chrf, bleu, ter))
    return Similarity(*(round(score, 2) for score in scores))


def signatures() -> Mapping[str, str]:
    """How sacreBLEU says that each was computed, by name."""
    similarity("Oui.", "Oui.")
    return {name: str(metric.get_signature()) for name, metric in zip(Similarity._fields, _metrics(), strict=True)}


@lru_cache(maxsize=1)
def _metrics() -> tuple[CHRF, BLEU, TER]:
    # Loaded here: it takes 0.2 s, and only who writes the figures wants them.
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF
    from sacrebleu.metrics.ter import TER

    # A short sentence without a common 4-gram has no BLEU but with the effective order.
    return CHRF(), BLEU(effective_order=True), TER()
