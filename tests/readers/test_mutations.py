"""Over two thousand damaged files of all formats: no traceback, no hang; each is read or named, sound ones are read.

The damage is drawn from a fixed seed, so that a failure comes again.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from mtaudit.errors import InputError
from mtaudit.model import Article
from mtaudit.readers import read_paths
from tests.readers.incoming import INCOMING

#: Damaged files of each format: with sixteen of them, 2,240 in all.
EACH = 140

#: What programs put where it does not belong.
_TOKENS = (
    b"<", b">", b"&", b"&#0;", b"&#xFFFFFFFF;", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?", b"</", b"<!DOCTYPE ",
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc3", b"\x1b[2J", b'"', b"'", b"\\", b"\\ud800", b"{",
    b"}", b"[", b"]", b",", b":", b"\r", b"\n", b"\n\n", b"null", b"1e999", b"-", b"%", b"=?utf-8?q?=ff?=",
    b"--frontiere", b"xmlns:a=''", b"encoding='utf-7'", b"\xe2\x80\xae", b"9" * 400, b"<p>" * 300, b"\xf0\x9f\x98\x80",
)  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """One to six faults: bytes flipped, cut, doubled, moved or put in, and at times the end torn off."""
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) or 1)
        length = chance.choice((1, 1, 2, 8, 40, 200))
        kind = chance.randrange(7)
        if kind == 0:
            data = data[:at] + bytes(byte ^ (1 << chance.randrange(8)) for byte in data[at : at + 1]) + data[at + 1 :]
        elif kind == 1:
            data = data[:at] + data[at + length :]
        elif kind == 2:
            data = data[: at + length] + data[at:]
        elif kind == 3:
            data = data[:at] + chance.choice(_TOKENS) + data[at:]
        elif kind == 4:
            data = data[:at] + chance.randbytes(length) + data[at + length :]
        elif kind == 5:
            other = chance.randrange(len(data) or 1)
            data = data[:at] + data[other : other + length] + data[at:]
        else:
            data = data[:at] if chance.random() < 0.3 else data
    return data


@pytest.mark.parametrize("name", INCOMING)
def test_damaged_files_cost_themselves(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    chance = random.Random(f"mtaudit {name}")
    sound = {f"{number:04}": number % 20 == 0 for number in range(EACH + EACH // 20)}
    for file, whole in sound.items():
        data = INCOMING[name] if whole else mutated(INCOMING[name], chance)
        Path(file).write_bytes(data)
    expected = [one.text for one in read_paths(["0000"]) if isinstance(one, Article)]
    assert expected
    for file, whole in sound.items():
        start = time.monotonic()
        found = list(read_paths([file]))
        assert time.monotonic() - start < 10, file
        assert found, file
        for one in found:
            if isinstance(one, InputError):
                assert one.path.startswith(file)
                assert str(one).isprintable()
            else:
                assert one.text.strip()
                assert one.id
                assert all(0 <= part.span.start < part.span.end <= len(one.text) for part in one.regions)
        if whole:
            assert [one.text for one in found if isinstance(one, Article)] == expected
