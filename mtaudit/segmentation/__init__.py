"""Text -> paragraphs, sentences, regions and words, without any model and in linear time.

The algorithm knows no language: a language pack hands it its `Conventions`.
"""

from mtaudit.segmentation.conventions import Conventions
from mtaudit.segmentation.sentences import segment
from mtaudit.segmentation.view import fold_view, lower_view, words

__all__ = ["Conventions", "fold_view", "lower_view", "segment", "words"]
