"""A translation model as a witness: what a sentence becomes in the other language, and how likely a text is to it."""

from __future__ import annotations

from mtaudit.engines.translator.choice import open_translator
from mtaudit.engines.translator.folder import ModelFolder, open_folder, packaged_folder
from mtaudit.engines.translator.translator import Translator
from mtaudit.translations import Threads

__all__ = ["ModelFolder", "Threads", "Translator", "open_folder", "open_translator", "packaged_folder"]
