"""The languages that mtaudit can audit, by their ISO 639-1 code."""

from mtaudit.lang.fr import FRENCH
from mtaudit.model import LanguagePack

LANGUAGES: dict[str, LanguagePack] = {"fr": FRENCH}
