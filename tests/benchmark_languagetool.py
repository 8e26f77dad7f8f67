"""LanguageTool as we ask it against LanguageTool asked directly, and a run in which its server keeps dying.

    python -m tests.benchmark_languagetool [--words N] [--kills N] [--languagetool DIR]

One server, one set of texts (the human side of the development data, else the seed articles over and over). They are
sent directly, over two kept connections with nothing done between two requests; then through our client; then as an
audit by the rules that need LanguageTool alone. The three take turns ROUNDS times, and the sums count, so that what
else the machine does falls on all of them. `--kills` runs 300 articles twice, the second time with the server killed
so many times, and compares. Figures as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from urllib.parse import urlencode

import psutil

from mtaudit.engines.languagetool import LanguageTool, Limits, LocalServer
from mtaudit.engines.languagetool.places import find
from mtaudit.engines.languagetool.protocol import Address
from mtaudit.model import Article
from mtaudit.pipeline import prepare
from mtaudit.rules import load_rules, packaged_rules
from mtaudit.selection import select_rules
from mtaudit.witnesses import Choice
from tests.benchmark import corpus
from tests.conftest import LANGUAGETOOL

ROUNDS = 3
AT_ONCE = 2
KILLED_ARTICLES = 300


def directly(address: Address, articles: Sequence[Article]) -> None:
    """The texts as they are, over kept connections."""
    local = threading.local()

    def send(article: Article) -> None:
        if not hasattr(local, "connection"):
            local.connection = address.connection()
            local.connection.timeout = 300
        body = urlencode({"language": "fr", "text": article.text})
        local.connection.request(
            "POST", f"{address.path}/check", body, {"Content-Type": "application/x-www-form-urlencoded"}
        )
        json.loads(local.connection.getresponse().read())

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(send, articles))


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def throughput(server: LocalServer, articles: Sequence[Article]) -> dict[str, object]:
    """Words a second of each way, and their ratios to the direct one."""
    address = server.home().address
    tool = LanguageTool(server, "fr", Limits(), AT_ONCE)
    ruleset = load_rules([packaged_rules()])
    audit = prepare(ruleset, select_rules(ruleset.rules, ["fr/languagetool"]), languagetool=Choice(f"{address}"))

    def through_our_client() -> None:
        for future in [tool.submit(article.text) for article in articles]:
            assert not future.result().failure

    def as_an_audit() -> None:
        for report in audit.run(articles):
            assert not report.skipped

    ways = {"direct": lambda: directly(address, articles), "client": through_our_client, "audit": as_an_audit}
    ways["direct"]()  # the rules are loaded and compiled
    spent = dict.fromkeys(ways, 0.0)
    for _ in range(ROUNDS):
        for name, work in ways.items():
            spent[name] += timed(work)
    words = ROUNDS * sum(len(article.text.split()) for article in articles)
    return {
        "articles": len(articles),
        "words": words // ROUNDS,
        "words_per_second": {name: round(words / seconds) for name, seconds in spent.items()},
        "client_over_direct": round(spent["direct"] / spent["client"], 2),
        "audit_over_direct": round(spent["direct"] / spent["audit"], 2),
    }


def killings(server: LocalServer, articles: Sequence[Article], kills: int) -> dict[str, object]:
    """A run while the server is killed against an undisturbed one."""
    ruleset = load_rules([packaged_rules()])
    rules = select_rules(ruleset.rules, ["fr/languagetool"])
    whole = prepare(ruleset, rules, languagetool=Choice(str(server.home().address)))
    calm = [(report.article.id, report.issues, report.skipped) for report in whole.run(articles)]
    dying = prepare(ruleset, rules, languagetool=Choice(str(server.place.folder)))
    assert dying.engines.languagetool is not None
    victim = dying.engines.languagetool.server
    assert isinstance(victim, LocalServer)
    pids: list[int] = []
    disturbed = []
    asked = dying.engines.languagetool
    answer = asked.answer

    lock = threading.Lock()
    start = time.perf_counter()
    done = 0

    def answered(*arguments: object) -> object:
        nonlocal done
        with lock:
            done += 1
            if done % (len(articles) // (kills + 1)) == 0 and len(pids) < kills and victim.pid is not None:
                pids.append(victim.pid)
                os.kill(victim.pid, signal.SIGKILL)
                sys.stderr.write(f"killed {len(pids)} of {kills}, {time.perf_counter() - start:.0f} s\n")
        return answer(*arguments)  # type: ignore[arg-type]

    asked.answer = answered  # type: ignore[method-assign, assignment]
    for report in dying.run(articles):
        disturbed.append((report.article.id, report.issues, report.skipped))
    seconds = time.perf_counter() - start
    pids += [victim.pid] if victim.pid else []
    dying.engines.close()
    return {
        "articles": len(articles),
        "kills": kills,
        "servers": len(set(pids)),
        "issues": sum(len(issues) for _, issues, _ in calm),
        "each_article_once": [name for name, _, _ in disturbed] == [article.id for article in articles],
        "same_issues": disturbed == calm,
        "processes_left": sum(psutil.pid_exists(pid) for pid in set(pids)),
        "seconds": round(seconds),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--languagetool", metavar="DIR")
    given = parser.parse_args()
    articles: list[Article] = []
    words = 0
    for article in corpus([]):
        articles.append(article)
        words += len(article.text.split())
        if words >= given.words:
            break
    limits = Limits()
    fetched = str(LANGUAGETOOL) if LANGUAGETOOL.is_dir() else None
    server = LocalServer(find(given.languagetool or fetched), limits.start, limits.request)
    try:
        if given.kills:
            many = [
                Article(str(n), article.text[:600])
                for n, article in enumerate(islice(cycle(articles), KILLED_ARTICLES))
            ]
            figures = killings(server, many, given.kills)
        else:
            figures = throughput(server, articles)
    finally:
        server.close()
    json.dump({"languagetool": server.version, **figures}, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
