"""`mtaudit models`: what is there is listed, what is asked for is fetched and converted, and nothing else is."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from mtaudit.cli import app
from mtaudit.engines.translator import open_translator
from mtaudit.engines.translator.choice import models_folder
from mtaudit.engines.translator.folder import PACKAGED, SUMS
from mtaudit.exits import Exit
from mtaudit.translations import ModelChoice, Way
from tests.engines import hub as hubs
from tests.engines.test_translator_choice import one_way
from tests.engines.test_translator_languages import FRENCH, M2M, MARIAN, checkpoint


class Done(NamedTuple):
    code: int
    out: str
    err: str


def models(*arguments: str) -> Done:
    done = CliRunner().invoke(app, ["models", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return Done(done.exit_code, done.stdout, done.stderr)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of models, which is not there yet."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("MTAUDIT_MT_MODEL", raising=False)
    return models_folder()


def test_what_there_is(folder: Path) -> None:
    done = models("list")
    assert (done.code, done.err) == (Exit.CLEAN, "")
    (row,) = [line.split("\t") for line in done.out.splitlines()]
    assert [row[0], *row[2:]] == ["packaged", "en-fr,fr-en", "ctranslate2", "packaged", str(PACKAGED)]
    assert float(row[1]) > 5
    assert not folder.exists(), "looking makes nothing"
    checkpoint_of("Owner/opus-mt-fr-en", folder)
    one_way(folder / "mine", Way.EN_FR, "mine")
    (folder / "broken").mkdir()
    (folder / "broken" / "config.json").write_text("{", encoding="utf-8")
    rows = [line.split("\t") for line in models("list").out.splitlines()]
    fault = f"{folder / 'broken' / 'config.json'} is damaged: copy or pull the model again"
    assert [(row[0], row[2], row[3], row[4]) for row in rows[1:]] == [
        ("Owner/opus-mt-fr-en", "fr-en", "transformers", "pulled"),
        ("broken", fault, "transformers", "pulled"),
        ("mine", "en-fr", "ctranslate2", "converted"),
    ]


def checkpoint_of(name: str, folder: Path) -> Path:
    (folder / name).parent.mkdir(parents=True)
    return checkpoint(folder / name, MARIAN, FRENCH)


def test_where_it_would_be_looked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert models("where") == (Exit.CLEAN, f"{PACKAGED}\n", "")
    path = checkpoint_of("Owner/opus-mt-fr-en", folder)
    assert models("where", "Owner/opus-mt-fr-en").out == f"{path}\n"
    assert models("where", "Owner/opus-mt-fr-en,packaged").out == f"{path}\n{PACKAGED}\n"
    monkeypatch.setenv("MTAUDIT_MT_MODEL", "Owner/opus-mt-fr-en")
    assert models("where").out == f"{path}\n"
    done = models("where", "Owner/other")
    assert (done.code, done.out) == (Exit.INCOMPLETE, "")
    assert "Owner/other is not on this machine: `mtaudit models pull Owner/other` gets it from the hub\n" in done.err


@pytest.mark.parametrize("command", [("pull", "Owner/opus-mt-fr-en"), ("convert", "Owner/opus-mt-fr-en")])
def test_without_the_extra(folder: Path, command: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint_of("Owner/opus-mt-fr-en", folder)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    done = models(*command)
    assert done.code == Exit.USAGE
    assert "is not installed: `pip install 'mtaudit[transformers]'`" in done.err


def test_what_cannot_be_converted(folder: Path) -> None:
    for arguments, told in (
        (("packaged",), "packaged is in CTranslate2's form already"),
        (("packaged,packaged",), "one model is converted at a time"),
        (("nowhere",), "no model is called nowhere"),
        (("packaged", "--name", "../x"), "'../x' is no name for a model"),
        (("packaged", "--quantization", "int4"), "'int4' is not one of int8, int16, float16, float32"),
    ):
        done = models("convert", *arguments)
        assert done.code == Exit.USAGE
        # A terminal's box may break the line.
        assert told in " ".join(done.err.replace("│", " ").split())
    assert not folder.exists()


# What follows needs the extra.


@pytest.fixture(scope="module")
def opus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for name in ("torch", "transformers", "huggingface_hub"):
        pytest.importorskip(name, reason=f"{name} is not installed (pip install .[transformers])")
    from tests.engines import toymodels

    path = toymodels.marian(tmp_path_factory.mktemp("hub") / "opus-mt-fr-en", "fr", "en")
    (path / "pytorch_model.bin").write_bytes(b"the same in another form")
    (path / "tf_model.h5").write_bytes(b"the same in yet another form")
    (path / "README.md").write_text("About it.", encoding="utf-8")
    return path


@pytest.fixture
def hub(opus: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[hubs.Hub]:
    import huggingface_hub

    with hubs.running({"Owner/opus-mt-fr-en": opus}) as server:
        monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", server.url)
        monkeypatch.setattr(huggingface_hub.constants, "HUGGINGFACE_CO_URL_TEMPLATE", TEMPLATE.format(server.url))
        monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
        yield server


TEMPLATE = "{}/{{repo_id}}/resolve/{{revision}}/{{filename}}"


def test_a_model_is_pulled_and_translates(hub: hubs.Hub, folder: Path, opus: Path) -> None:
    done = models("pull", "Owner/opus-mt-fr-en")
    assert done.code == Exit.CLEAN, done.err
    path = folder / "Owner" / "opus-mt-fr-en"
    assert done.out == f"Owner/opus-mt-fr-en is in {path}; use it with --mt-model Owner/opus-mt-fr-en\n"
    wanted = ["config.json", "model.safetensors", "source.spm", "target.spm", "tokenizer_config.json", "vocab.json"]
    size = sum((opus / name).stat().st_size for name in wanted)
    assert done.err == f"Owner/opus-mt-fr-en: {size / 1e6:.1f} MB into {path} (license:cc-by-4.0)\n"
    assert sorted(hub.fetched) == wanted, "no other form of the weights, nothing twice"
    assert sorted(file.name for file in path.iterdir()) == sorted([*wanted, SUMS])
    assert [file.name for file in path.parent.iterdir()] == ["opus-mt-fr-en"]
    assert (path / "model.safetensors").read_bytes() == (opus / "model.safetensors").read_bytes()
    assert "Owner/opus-mt-fr-en\t" in models("list").out

    translator = open_translator(ModelChoice("Owner/opus-mt-fr-en,packaged"))
    assert translator.translate(["Le maire attend."], Way.FR_EN)[0][0].parts == 1
    assert models("pull", "Owner/opus-mt-fr-en").code == Exit.CLEAN, "again, which replaces it"
    assert open_translator(ModelChoice("Owner/opus-mt-fr-en,packaged")).digest == translator.digest
    (path / "model.safetensors").write_bytes(b"damage")
    done = models("convert", "Owner/opus-mt-fr-en")
    assert done.code == Exit.USAGE
    assert "model.safetensors is damaged (its SHA-256 is not the listed one)" in done.err


def test_a_pulled_model_is_converted(hub: hubs.Hub, folder: Path) -> None:
    assert models("pull", "Owner/opus-mt-fr-en").code == Exit.CLEAN
    fetched = len(hub.fetched)
    done = models("convert", "Owner/opus-mt-fr-en")
    assert (done.code, done.err) == (Exit.CLEAN, "")
    path = folder / "opus-mt-fr-en-int8"
    assert done.out == f"Owner/opus-mt-fr-en is converted into {path}; use it with --mt-model opus-mt-fr-en-int8\n"
    manifest = json.loads((path / "model.json").read_text(encoding="utf-8"))
    assert (manifest["name"], manifest["directions"]) == ("opus-mt-fr-en-int8", {"fr-en": ""})
    assert (path / "target.spm").exists(), "sources and targets are not cut the same"
    done = models("convert", "Owner/opus-mt-fr-en")
    assert done.code == Exit.USAGE
    assert "there is a model opus-mt-fr-en-int8 already" in done.err
    assert models("convert", "Owner/opus-mt-fr-en", "--quantization", "float32", "--name", "desk/exact").code == 0
    assert models("where", "desk/exact").out == f"{folder / 'desk' / 'exact'}\n"
    assert len(hub.fetched) == fetched, "nothing is fetched to convert"
    translator = open_translator(ModelChoice("desk/exact,packaged"))
    assert translator.name == "desk/exact,tiny"
    assert translator.score(["Le maire attend."], ["The mayor awaits."], Way.FR_EN)[0].pieces


def test_what_the_hub_does_not_give(hub: hubs.Hub, folder: Path, tmp_path: Path) -> None:
    hub.gated.add("Owner/gated")
    hub.models["Owner/bert"] = checkpoint(tmp_path / "bert", {"model_type": "bert"}, {})
    hub.models["Owner/de-en"] = checkpoint(tmp_path / "de-en", MARIAN, {"source_lang": "de", "target_lang": "en"})
    hub.models["Owner/bare"] = checkpoint(tmp_path / "bare", M2M, {"tokenizer_class": "M2M100Tokenizer"})
    (tmp_path / "bare" / "model.safetensors").unlink()
    for name, told in (
        ("Owner/nothing", "Owner/nothing cannot be pulled: the hub has no such model, or a private one"),
        ("Owner/gated", "the hub gives it only to those who asked on its page: do, and set HF_TOKEN"),
        ("Owner/bert", "Owner/bert holds a model of type 'bert', not Marian, M2M-100 or NLLB: choose another model"),
        ("Owner/de-en", "Owner/de-en translates neither fr-en nor en-fr"),
        ("Owner/bare", "Owner/bare has no weights (model.safetensors or pytorch_model.bin)"),
        ("nothing", "'nothing' is no id of the hub, which has the form OWNER/NAME"),
        ("../x", "'../x' is no name for a model"),
    ):
        done = models("pull", name)
        assert (done.code, done.out) == (Exit.USAGE, "")
        assert told in done.err
        assert len(done.err.splitlines()) == 1
    assert not [file for file in folder.rglob("*") if file.is_file()]
    assert "model.safetensors" not in hub.fetched, "what cannot be used is not fetched whole"


def test_what_comes_damaged_is_fetched_again(hub: hubs.Hub, folder: Path) -> None:
    hub.damaged = "model.safetensors"
    done = models("pull", "Owner/opus-mt-fr-en")
    assert done.code == Exit.USAGE
    assert "Owner/opus-mt-fr-en: model.safetensors did not come through whole: pull it again" in done.err
    assert len(list(folder.rglob(SUMS))) == 0
    assert len(models("list").out.splitlines()) == 1, "half a model is none"
    hub.damaged = ""
    hub.fetched.clear()
    (folder / "Owner" / "opus-mt-fr-en.part" / "model.safetensors.index.json").write_text("{}", encoding="utf-8")
    assert models("pull", "Owner/opus-mt-fr-en").code == Exit.CLEAN
    assert hub.fetched == ["model.safetensors"], "what was whole is kept"
    assert not list(folder.rglob("*.index.json")), "what belongs to nothing is not"


def test_without_a_network(hub: hubs.Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", "http://127.0.0.1:9")
    done = models("pull", "Owner/opus-mt-fr-en")
    assert done.code == Exit.USAGE
    assert done.err.startswith("mtaudit: translator: Owner/opus-mt-fr-en cannot be pulled (")
    assert done.err.endswith("): is there a network?\n")
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    assert "HF_HUB_OFFLINE forbids it" in models("pull", "Owner/opus-mt-fr-en").err
    assert not hub.fetched


def test_a_disk_without_room(hub: hubs.Hub, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("huggingface_hub.snapshot_download", full)
    done = models("pull", "Owner/opus-mt-fr-en")
    assert done.code == Exit.USAGE
    assert f"{folder / 'Owner' / 'opus-mt-fr-en'} cannot be written (No space left on device)" in done.err
    monkeypatch.undo()
    monkeypatch.setattr(shutil, "copyfile", full)
    checkpoint = hub.models["Owner/opus-mt-fr-en"]
    done = models("convert", str(checkpoint), "--name", "x")
    assert done.code == Exit.USAGE
    assert "cannot be written (No space left on device)" in done.err
