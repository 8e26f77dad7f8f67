"""Whether rules were validated before, so that their options need not be again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_VALIDATED = ContextVar("validated", default=False)


@contextmanager
def validated_rules() -> Iterator[None]:
    """Inside, the options of rules are taken at their word: `load_rules` has tried them, now or in an earlier run."""
    token = _VALIDATED.set(True)
    try:
        yield
    finally:
        _VALIDATED.reset(token)


def are_validated() -> bool:
    """Whether the rules at hand were validated before."""
    return _VALIDATED.get()
