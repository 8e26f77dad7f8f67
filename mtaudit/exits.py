"""The exit codes, in one place."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What `mtaudit` ends with."""

    CLEAN = 0
    """Nothing at or above `--fail-on`."""
    ISSUES = 1
    """Issues at or above `--fail-on`, or examples that fail."""
    USAGE = 2
    """The command line, the configuration or a rule is wrong; nothing was audited."""
    INCOMPLETE = 3
    """An input could not be read, or an engine required by name could not run; the rest was audited."""
