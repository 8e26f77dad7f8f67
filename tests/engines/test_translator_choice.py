"""The model that is meant: by folder, name, hub id, two for two ways; and what is said when it is not there."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from mtaudit.engines.translator import open_translator, packaged_folder
from mtaudit.engines.translator.backends import guarded, load
from mtaudit.engines.translator.choice import Origin, find, models_folder, place_of, places
from mtaudit.engines.translator.folder import PACKAGED, Kind
from mtaudit.engines.translator.translator import Translator
from mtaudit.errors import EngineError
from mtaudit.settings import find_configuration, option_defaults
from mtaudit.translations import ONE_THREAD, ModelChoice, Way
from tests.engines.test_model_folder import sign
from tests.engines.test_translator_languages import FRENCH, M2M, MARIAN, checkpoint

SENTENCE = "La commission a adopté ce rapport."


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of models, empty."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = models_folder()
    folder.mkdir(parents=True)
    assert tmp_path in folder.parents
    return folder


def one_way(folder: Path, way: Way, name: str) -> Path:
    """The packaged model as one that translates one way only."""
    shutil.copytree(PACKAGED, folder)
    manifest = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    manifest |= {"name": name, "directions": {way.value: manifest["directions"][way.value]}}
    (folder / "model.json").write_text(json.dumps(manifest), encoding="utf-8")
    sign(folder)
    return folder


@pytest.mark.translator
@pytest.mark.parametrize("where", [None, "", "packaged"])
def test_the_packaged_model_is_the_default(where: str | None) -> None:
    translator = open_translator(ModelChoice(where))
    assert translator.digest == packaged_folder().digest
    assert translator.name == packaged_folder().manifest.name


@pytest.mark.translator
def test_two_models_for_two_directions(models: Path) -> None:
    one_way(models / "there", Way.FR_EN, "there")
    one_way(models / "desk" / "back", Way.EN_FR, "back")
    packaged = Translator(packaged_folder())
    english = packaged.translate([SENTENCE], Way.FR_EN)
    french = packaged.translate([english[0][0].text], Way.EN_FR)
    for where in ("there,desk/back", "desk/back, there"):
        pair = open_translator(ModelChoice(where))
        assert pair.name == "there,back"
        assert pair.translate([SENTENCE], Way.FR_EN) == english
        assert pair.translate([english[0][0].text], Way.EN_FR) == french
        assert pair.score([SENTENCE], [english[0][0].text], Way.FR_EN)[0].pieces
    digests = {open_translator(ModelChoice(where)).digest for where in ("there,desk/back", "desk/back,there")}
    assert len(digests) == 1
    assert digests.isdisjoint(folder.digest for folder in pair.folders)


def test_of_two_models_for_both_directions_the_first_does_the_first(models: Path, tmp_path: Path) -> None:
    first = checkpoint(tmp_path / "m2m", M2M, {"tokenizer_class": "M2M100Tokenizer"})
    second = checkpoint(models / "nllb", M2M, {"tokenizer_class": "NllbTokenizer"})
    pair = open_translator(ModelChoice(f"{first},nllb"))
    assert [(folder.path, *folder.manifest.directions) for folder in pair.folders] == [
        (first, "fr-en"),
        (second, "en-fr"),
    ]
    other = open_translator(ModelChoice(f"nllb,{first}"))
    assert other.digest != pair.digest
    assert other.name == "nllb,m2m"


@pytest.mark.translator
def test_half_a_round_trip_is_refused(models: Path) -> None:
    one_way(models / "there", Way.FR_EN, "there")
    with pytest.raises(EngineError, match="there translates fr-en only: name a model for en-fr too, the one for fr-en"):
        open_translator(ModelChoice("there"))
    with pytest.raises(EngineError, match="translates fr-en, not en-fr: choose another model"):
        open_translator(ModelChoice("there,there"))


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("nowhere", "no model is called nowhere: `mtaudit models list` shows the models that are there"),
        ("Owner/model", "Owner/model is not on this machine: `mtaudit models pull Owner/model` gets it from the hub"),
        ("./nowhere", "there is no model in ./nowhere: `mtaudit models list`"),
        ("/no/such/folder", "there is no model in /no/such/folder"),
        ("~/../../x", "there is no model in ~/../../x"),
        ("../../etc", "there is no model in ../../etc"),
        ("packaged,", "'packaged,' names no model, nor two with a comma between them"),
        ("a,b,c", "'a,b,c' names no model, nor two"),
    ],
)
def test_what_is_not_there_is_told(where: str, told: str) -> None:
    with pytest.raises(EngineError) as caught:
        open_translator(ModelChoice(where))
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_folders_that_hold_something_else(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(EngineError, match=r"there is no model in .*empty"):
        find(str(tmp_path / "empty"))
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in ("model.bin", "config.json", "shared_vocabulary.json"):
        (bare / name).write_text("{}", encoding="utf-8")
    with pytest.raises(EngineError, match=r"has no model\.json to say what it translates: make it with `mtaudit mod"):
        find(str(bare))
    with pytest.raises(EngineError, match="holds a model of type 'bert'"):
        open_translator(ModelChoice(str(checkpoint(tmp_path / "bert", {"model_type": "bert"}, {}))))


@pytest.mark.translator
def test_a_damaged_model_is_told(models: Path) -> None:
    folder = one_way(models / "there", Way.FR_EN, "there")
    (folder / "spm.model").write_bytes(b"damaged")
    with pytest.raises(EngineError, match=r"spm\.model is damaged .*: copy or convert the model again"):
        open_translator(ModelChoice("there,packaged"))


def test_a_folder_goes_before_a_name(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint(models / "mine", MARIAN, FRENCH)
    monkeypatch.chdir(tmp_path)
    (place,) = find("mine")
    assert (place.path, place.origin, place.kind) == (models / "mine", Origin.PULLED, Kind.TRANSFORMERS)
    checkpoint(tmp_path / "mine", MARIAN, FRENCH)
    (place,) = find("mine")
    assert (place.path.resolve(), place.origin) == (tmp_path / "mine", Origin.FOLDER)
    checkpoint(tmp_path / "with,comma", MARIAN, FRENCH)
    assert [place.name for place in find("with,comma")] == ["with,comma"]


def test_the_models_that_are_there(models: Path) -> None:
    checkpoint(models / "nllb", M2M, {"tokenizer_class": "NllbTokenizer"})
    (models / "Owner").mkdir()
    checkpoint(models / "Owner" / "opus-mt-fr-en", MARIAN, FRENCH)
    checkpoint(models / "Owner" / "opus-mt-en-fr.part", MARIAN, FRENCH)
    (models / "empty").mkdir()
    (models / "notes.txt").write_text("Not a model.", encoding="utf-8")
    found = list(places())
    assert [(place.name, place.origin) for place in found] == [
        ("packaged", Origin.PACKAGED),
        ("Owner/opus-mt-fr-en", Origin.PULLED),
        ("nllb", Origin.PULLED),
    ]
    assert [sorted(place.manifest().directions) for place in found] == [
        ["en-fr", "fr-en"],
        ["fr-en"],
        ["en-fr", "fr-en"],
    ]
    assert all(place.size() > 0 for place in found)


@pytest.mark.parametrize("name", ["", "packaged", "../x", "a/b/c", "/etc", "x.part", "a b", "é", "a//b"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(EngineError, match="is no name for a model"):
        place_of(name)


def test_a_hub_id_is_found_in_the_cache_of_transformers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = pytest.importorskip(
        "huggingface_hub", reason="huggingface_hub is not installed (pip install .[transformers])"
    )
    commit = "0123456789012345678901234567890123456789"
    cache = tmp_path / "cache" / "models--Owner--opus-mt-fr-en"
    (cache / "refs").mkdir(parents=True)
    (cache / "refs" / "main").write_text(commit, encoding="utf-8")
    (cache / "snapshots").mkdir()
    snapshot = checkpoint(cache / "snapshots" / commit, MARIAN, FRENCH)
    monkeypatch.setattr(hub.constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("nothing is asked of the network"))
    (place,) = find("Owner/opus-mt-fr-en")
    assert (place.path, place.origin) == (snapshot, Origin.CACHE)
    assert place.open().manifest.name == "Owner/opus-mt-fr-en"
    with pytest.raises(EngineError, match="`mtaudit models pull Owner/other` gets it"):
        find("Owner/other")


def test_without_the_extra_it_is_told_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = open_translator(ModelChoice(str(checkpoint(tmp_path / "m2m", M2M, {"tokenizer_class": "M2M100Tokenizer"}))))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "torch" else name)
    with pytest.raises(EngineError, match=r"torch is not installed: `pip install 'mtaudit\[transformers\]'`"):
        load(found.folders[0], ONE_THREAD, "cpu", "default")


@pytest.mark.translator
def test_a_device_that_is_not_there_is_told() -> None:
    with pytest.raises(EngineError, match=r"CTranslate2 failed with the model tiny: .*device"):
        open_translator(ModelChoice(device="gpu")).translate([SENTENCE], Way.FR_EN)
    assert open_translator(ModelChoice(device="auto")).translate([SENTENCE], Way.FR_EN)[0][0].text


@pytest.mark.translator
def test_a_gpu_without_its_libraries_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """CTranslate2 finds the GPU when it opens the model, and that CUDA's libraries lack when it first computes."""
    import ctranslate2

    class OnGPU:
        device = "cuda"

        def translate_batch(self, *_: object, **__: object) -> None:
            raise RuntimeError("Library libcublas.so.12 is not found or cannot be loaded")

    real = ctranslate2.Translator
    monkeypatch.setattr(
        "ctranslate2.Translator", lambda path, device, **rest: real(path, "cpu", **rest) if device == "cpu" else OnGPU()
    )
    assert open_translator(ModelChoice(device="auto")).translate([SENTENCE], Way.FR_EN)[0][0].text
    with pytest.raises(EngineError, match="CTranslate2 failed with the model tiny: Library libcublas"):
        open_translator(ModelChoice(device="cuda")).translate([SENTENCE], Way.FR_EN)


@pytest.mark.translator
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its share of memory")
def test_memory_that_runs_short_is_told() -> None:
    code = (
        "import resource; from pathlib import Path\n"
        "import ctranslate2, sentencepiece\n"
        "from mtaudit.engines.translator import Translator, packaged_folder\n"
        "from mtaudit.errors import EngineError; from mtaudit.translations import Way\n"
        "used = int(Path('/proc/self/statm').read_text().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (used + 2**24, used + 2**24))\n"
        "try: Translator(packaged_folder()).translate(['Le maire attend.'] * 500, Way.FR_EN)\n"
        "except EngineError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "memory ran short for the model tiny: ask for fewer threads, or choose a smaller model" in done.stdout


def test_memory_that_a_library_lacks_is_told_in_our_words() -> None:
    def short(*_: object) -> None:
        raise RuntimeError("CUDA failed with error out of memory")

    with pytest.raises(EngineError, match="memory ran short for the model tiny"):
        guarded(short, packaged_folder())


def test_the_setting_is_relative_to_its_file(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    (desk / "deep").mkdir(parents=True)
    checkpoint(desk / "mine", MARIAN, FRENCH)
    for written, meant in (
        ("mine", str(desk / "mine")),
        ("mine, Owner/opus-mt-en-fr", f"{desk / 'mine'},Owner/opus-mt-en-fr"),
        ("nllb-int8", "nllb-int8"),
    ):
        (desk / "mtaudit.toml").write_text(f'mt-model = "{written}"\n', encoding="utf-8")
        assert option_defaults(find_configuration(desk / "deep"))["mt_model"] == meant
