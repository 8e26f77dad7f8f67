"""What is kept of earlier runs: by whom, how much, and what becomes of a run when the file fails."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from mtaudit.engines.translation_cache import LARGEST, TOUCH_AFTER, Remembering, TranslationCache
from mtaudit.engines.translator import Translator, packaged_folder
from mtaudit.translations import Hypothesis, Scored, Way

pytestmark = pytest.mark.translator

SENTENCES = ["La commission a adopté le rapport.", "Les citoyens ont le droit de voter.", "Le maire a signé l’accord."]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "translations.sqlite"


@pytest.fixture(scope="module")
def model() -> Translator:
    return Translator(packaged_folder())


class Counting:
    """The embedded model, and what it was asked."""

    def __init__(self, model: Translator, digest: str = "") -> None:
        self.model = model
        self.digest = digest or model.digest
        self.asked: list[str] = []

    def translate(self, sentences: Sequence[str], way: Way, beam: int = 1, best: int = 1) -> list[list[Hypothesis]]:
        self.asked += sentences
        return self.model.translate(sentences, way, beam, best)

    def score(self, sources: Sequence[str], targets: Sequence[str], way: Way) -> list[Scored]:
        self.asked += targets
        return self.model.score(sources, targets, way)


def keys(*numbers: int) -> list[bytes]:
    return [number.to_bytes(16, "big") for number in numbers]


def test_what_is_kept_is_there_for_the_next_run_and_for_its_owner_alone(path: Path) -> None:
    first = TranslationCache(path)
    first.put(dict(zip(keys(1, 2), (b"un", b""), strict=True)))
    first.close()
    assert TranslationCache(path).get(keys(1, 2, 3)) == dict(zip(keys(1, 2), (b"un", b""), strict=True))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_more_keys_than_a_query_takes(path: Path) -> None:
    cache = TranslationCache(path)
    cache.put({key: key for key in keys(*range(3000))})
    assert cache.get(keys(*range(1000, 5000))) == {key: key for key in keys(*range(1000, 3000))}


def test_the_same_answers_come_from_the_cache_and_the_model_is_not_asked(model: Translator, path: Path) -> None:
    asking, again = Counting(model), Counting(model)
    first, second = (Remembering(one, TranslationCache(path)) for one in (asking, again))
    english = first.translate(SENTENCES, Way.FR_EN)
    pivots = [found[0].text for found in english]
    scored = first.score([*pivots, pivots[0]], [*SENTENCES, "部长公布了新的预算"], Way.EN_FR)
    assert asking.asked == [*SENTENCES, *SENTENCES, "部长公布了新的预算"]
    assert scored[-1].reason
    assert second.translate(SENTENCES, Way.FR_EN) == english
    assert second.score([*pivots, pivots[0]], [*SENTENCES, "部长公布了新的预算"], Way.EN_FR) == scored
    assert again.asked == []


def test_only_what_is_new_is_asked_and_that_once(model: Translator, path: Path) -> None:
    counting = Counting(model)
    remembering = Remembering(counting, TranslationCache(path))
    remembering.translate(SENTENCES[:1], Way.FR_EN)
    found = remembering.translate([SENTENCES[1], *SENTENCES, SENTENCES[1]], Way.FR_EN)
    assert counting.asked == [SENTENCES[0], SENTENCES[1], SENTENCES[2]]
    assert found[0] == found[2] == found[4] != found[1]


def test_direction_beam_and_model_part_the_answers(model: Translator, path: Path) -> None:
    counting = Counting(model)
    remembering = Remembering(counting, TranslationCache(path))
    text = SENTENCES[:1]
    remembering.translate(text, Way.FR_EN)
    assert len(remembering.translate(text, Way.FR_EN, beam=2, best=2)[0]) == 2
    remembering.translate(text, Way.EN_FR)
    Remembering(Counting(model, "another"), TranslationCache(path)).translate(text, Way.FR_EN)
    assert counting.asked == text * 3


def test_it_stays_within_its_size_and_forgets_what_was_not_used_for_longest(path: Path) -> None:
    now = 1_000_000.0
    largest = 2**20
    cache = TranslationCache(path, largest, now=lambda: now)
    value = os.urandom(1000)
    cache.put(dict.fromkeys(keys(*range(100)), value))
    for start in range(100, 5000, 100):
        now += TOUCH_AFTER + 1
        assert len(cache.get(keys(*range(50)))) == 50, "what is used stays"
        cache.put(dict.fromkeys(keys(*range(start, start + 100)), value))
    assert len(cache.get(keys(*range(4900, 5000)))) == 100, "what is new stays"
    assert not cache.get(keys(*range(50, 2000)))
    cache.close()
    assert path.stat().st_size < 1.5 * largest < LARGEST
    assert not cache.take_failure()


WRITER = """
import sys
from pathlib import Path
from mtaudit.engines.translation_cache import TranslationCache
cache = TranslationCache(Path(sys.argv[1]))
sys.stdin.readline()
for number in range(int(sys.argv[2]), int(sys.argv[2]) + 100):
    keys = [n.to_bytes(16, "big") for n in range(number * 10, number * 10 + 10)]
    cache.put({key: key * 20 for key in keys})
    assert cache.get(keys) == {key: key * 20 for key in keys}
print(repr(cache.take_failure()))
"""


def test_two_processes_write_at_once(path: Path) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(first)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for first in (0, 100)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in started:
        told, _ = process.communicate(timeout=120)
        assert (process.returncode, told.strip()) == (0, "''")
    every = keys(*range(2000))
    assert TranslationCache(path).get(every) == {key: key * 20 for key in every}


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_begun_anew(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    cache = TranslationCache(path)
    cache.put(dict(zip(keys(1), (b"x",), strict=True)))
    assert cache.get(keys(1)) == dict(zip(keys(1), (b"x",), strict=True))
    assert cache.take_failure() == f"{path} was damaged and is begun anew"
    assert cache.take_failure() == "", "told once"


def test_pages_damaged_while_it_is_used(path: Path) -> None:
    cache = TranslationCache(path)
    cache.put({key: key * 100 for key in keys(*range(2000))})
    cache.close()
    with path.open("r+b") as file:
        for page in range(1, path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(b"\xff" * 64)
    again = TranslationCache(path)
    assert again.get(keys(*range(2000))) == {}
    assert "damaged" in again.take_failure()
    again.put({key: key for key in keys(1)})
    assert again.get(keys(1)) == {key: key for key in keys(1)}


def test_a_row_that_was_changed_is_not_believed(model: Translator, path: Path) -> None:
    remembering = Remembering(model, TranslationCache(path))
    found = remembering.translate(SENTENCES[:1], Way.FR_EN)
    other = sqlite3.connect(path)
    (value,) = other.execute("SELECT value FROM kept").fetchone()
    other.execute("UPDATE kept SET value=?", [value[:-3] + b"abc"])
    other.commit()
    other.close()
    counting = Counting(model)
    assert Remembering(counting, TranslationCache(path)).translate(SENTENCES[:1], Way.FR_EN) == found
    assert counting.asked == SENTENCES[:1]


def test_a_locked_file_is_read_and_not_written(path: Path) -> None:
    cache = TranslationCache(path, patience=0.05)
    cache.put(dict.fromkeys(keys(1), b"old"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    cache.put(dict.fromkeys(keys(2), b"new"))
    assert cache.get(keys(1, 2)) == dict.fromkeys(keys(1), b"old")
    assert cache.take_failure() == f"{path} is locked by another program: the run goes on without it"
    late = TranslationCache(path.with_name("other.sqlite"), patience=0.05)
    other.rollback()
    other.close()
    assert not late.take_failure()


def test_a_file_that_is_locked_from_the_beginning(path: Path) -> None:
    path.parent.mkdir(parents=True)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("CREATE TABLE t (x)")
    other.execute("BEGIN EXCLUSIVE")
    cache = TranslationCache(path, patience=0.05)
    assert "is locked by another program" in cache.take_failure()
    cache.put(dict.fromkeys(keys(1), b"x"))
    assert cache.get(keys(1)) == {}
    other.close()


FULL = """
import resource, signal, sys
from pathlib import Path
from mtaudit.engines.translation_cache import TranslationCache
cache = TranslationCache(Path(sys.argv[1]))
keys = [n.to_bytes(16, "big") for n in range(4000)]
cache.put({keys[0]: b"kept"})
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2**17, 2**17))
cache.put({key: key * 50 for key in keys[1:]})
assert cache.get(keys) == {keys[0]: b"kept"}
failure = cache.take_failure()
assert "the run goes on without it" in failure, failure
cache.put({key: key * 50 for key in keys[1:]})
assert not cache.take_failure()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file sizes to stand for a full disk")
def test_a_disk_without_room(path: Path) -> None:
    subprocess.run([sys.executable, "-c", FULL, str(path)], check=True, timeout=60)


def test_what_does_not_fit_at_all_is_left(path: Path) -> None:
    """SQLite says the same when the disk is full."""
    cache = TranslationCache(path, largest=2**16)
    cache.put(dict.fromkeys(keys(1), b"kept"))
    cache.put(dict.fromkeys(keys(*range(2, 100)), b"x" * 10_000))
    assert cache.take_failure() == f"{path} cannot grow, the disk is full: the run goes on without it"
    assert cache.get(keys(1, 2)) == dict.fromkeys(keys(1), b"kept")


@pytest.mark.parametrize("blocked", ["a file in its place", "a folder in its place"])
def test_a_place_that_cannot_be_written(tmp_path: Path, blocked: str) -> None:
    if blocked == "a file in its place":
        (tmp_path / "cache").write_text("")
        path = tmp_path / "cache" / "translations.sqlite"
    else:
        path = tmp_path / "translations.sqlite"
        path.mkdir()
    cache = TranslationCache(path)
    assert cache.get(keys(1)) == {}
    cache.put(dict.fromkeys(keys(1), b"x"))
    assert "the run goes on without it" in cache.take_failure()


READ_ONLY = """
import os, tempfile
from pathlib import Path
from mtaudit.engines.translation_cache import TranslationCache
with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    TranslationCache(folder / "kept.sqlite").close()
    folder.chmod(0o555)
    if os.geteuid() == 0:
        os.seteuid(65534)  # root may write anywhere
    for file in ("kept.sqlite", "new.sqlite"):
        cache = TranslationCache(folder / file)
        cache.put({b"key": b"value"})
        assert cache.get([b"key"]) == {}
        failure = cache.take_failure()
        assert failure.startswith(f"{folder / file} cannot be ") and "the run goes on without it" in failure, failure
    if os.getuid() == 0:
        os.seteuid(0)
    folder.chmod(0o755)
"""


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="no rights of files to take away")
def test_a_folder_that_may_only_be_read() -> None:
    subprocess.run([sys.executable, "-c", READ_ONLY], check=True, timeout=60)
