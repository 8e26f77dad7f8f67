"""mtaudit finds, sentence by sentence, what betrays machine translation in French news copy."""

__version__ = "0.1.0"
