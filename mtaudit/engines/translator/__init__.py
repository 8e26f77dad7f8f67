"""A translation model as a witness: what a sentence becomes in the other language, and how likely a text is to it."""

from __future__ import annotations

from mtaudit.engines.translator.folder import ModelFolder, open_folder, packaged_folder
from mtaudit.engines.translator.translator import Threads, Translator

__all__ = ["ModelFolder", "Threads", "Translator", "open_folder", "packaged_folder"]
