"""LanguageTool as a witness: found, started, asked, and stopped.

`language_tool_python` finds and downloads LanguageTool, checks Java and writes the server's configuration. The rest is
ours: its own client opens a connection for each request, waits up to 300 s for any answer, kills its server only at an
orderly exit, and does not find jars outside its download folder.
"""

from __future__ import annotations

from mtaudit.engines.languagetool.client import LanguageTool, Limits
from mtaudit.engines.languagetool.places import find
from mtaudit.engines.languagetool.protocol import Address
from mtaudit.engines.languagetool.server import LocalServer, RunningServer
from mtaudit.witnesses import Choice

__all__ = ["LanguageTool", "Limits", "LocalServer", "load_languagetool"]


def load_languagetool(choice: Choice, limits: Limits | None = None) -> LanguageTool:
    """LanguageTool, on its way: a server of our own is started and not yet waited for (`LanguageTool.wait`).

    Raises:
        EngineError: when there is none, or none that can run.
    """
    limits = limits or Limits()
    if choice.where is not None and "://" in choice.where:
        return LanguageTool(RunningServer(Address.of(choice.where)), choice.variety, limits)
    return LanguageTool(LocalServer(find(choice.where), limits.start, limits.request), choice.variety, limits)
