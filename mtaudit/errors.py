"""The errors that a user can cause. Anything else that is raised is a bug and keeps its traceback."""

from __future__ import annotations


def printable(text: str) -> str:
    """One line that is safe to show: line ends, control and format characters as escapes."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


class MtauditError(Exception):
    """Base of the errors that are shown to the user in one line."""


class RuleProblem(Exception):  # noqa: N818 - the error is RuleError, which holds many
    """One fault of a rule file; `line` counts from 1."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


class RuleError(MtauditError):
    """The rules cannot be used; `problems` has every fault found, by file and line."""

    def __init__(self, problems: list[RuleProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class UsageError(MtauditError):
    """The command line or the configuration asks for something that cannot be."""


class InputError(MtauditError):
    """One input cannot be read; the others go on.

    What it says may come from the input: characters that would steer a terminal are shown as escapes.
    """

    def __init__(self, path: str, reason: str) -> None:
        path, reason = printable(path), printable(reason)
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class EngineError(MtauditError):
    """An outside program or model cannot run. `rules` counts those that went without, 0 where all of a kind did."""

    def __init__(self, engine: str, reason: str, rules: int = 0) -> None:
        super().__init__(f"{engine}: {reason}")
        self.engine = engine
        self.reason = reason
        self.rules = rules
