"""Writes the model card beside the exported model, out of the files that the other steps left.

    python -m training.card training/config/base.toml --packed ../packed --run ../run --export ../export \
        --scores ../export/scores.json

Everything in it is read, nothing is typed in: data and licences from config/licences.tsv and the manifest, the curve
from the log, scores and round trips from `training.evaluate`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from string import Template
from typing import Any

from training.configuration import SizeConfig, load_size_config
from training.export import write_hashes
from training.model import parameter_count

HERE = Path(__file__).parent
#: What a model is to reach before round trips are believed.
ASKED = {
    "newstest2013 fr-en": ("BLEU", 22.0),
    "newstest2013 en-fr": ("BLEU", 20.0),
    "flores-devtest fr-en": ("chrF", 56.0),
    "flores-devtest en-fr": ("chrF", 55.0),
}
UNFIT = (
    "**It is not good enough for what it is meant for.** What a round trip changes or loses is mostly this model's own"
    " mistake: it shows that the machinery works, and no evidence about copy should rest on it until a model that"
    " reaches the bars takes its place."
)


def table(header: list[str], rows: list[list[Any]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *([str(cell).replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def data_table(manifest: dict[str, Any], weights: Mapping[str, tuple[float, float, float]]) -> str:
    """A row a corpus: its domain, origin and licence, the pairs used, and the visits of an epoch.

    `weights` are the configuration's own, which replace the manifest's: see `configuration.TrainConfig`.
    """
    licences = {}
    for line in (HERE / "config" / "licences.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, domain, origin, licence = line.split("\t")
        licences[name] = (domain, origin, licence)
    rows = []
    for segment in manifest["segments"]:
        domain, origin, licence = licences.get(segment["name"], ("noisy copies of the above", "", ""))
        packed = (segment["fr_en"], segment["en_fr"], segment["late"])
        fr_en, en_fr, late = weights.get(segment["name"], weights.get("*", packed))
        visits = f"{fr_en:g} / {en_fr:g}"
        rows.append([segment["name"], domain, segment["count"], visits, late, origin, licence])
    head = ["corpus", "domain", "pairs", "visits fr-en / en-fr", "late factor", "from", "licence as stated"]
    return table(head, rows)


def events(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def curve(log: list[dict[str, Any]]) -> str:
    """Development scores along the steps, with the minutes and the loss of the log line of that step."""
    points = [event for event in log if event["event"] == "dev"]
    if not points:
        return "No development score was taken."
    steps = {event["step"]: event for event in log if event["event"] == "step"}
    names = [name for name in points[0] if name not in ("event", "step", "progress")]
    rows = []
    for point in points:
        near = steps[max((step for step in steps if step <= point["step"]), default=min(steps))]
        rows.append([point["step"], near["minutes"], near["loss"], *(point.get(name, "") for name in names)])
    return table(["step", "minutes", "training loss", *names], rows)


def verdict(tests: dict[str, Any]) -> str:
    """What was asked of the model and what it reached."""
    rows = []
    for name, (metric, bar) in ASKED.items():
        if name in tests:
            reached = tests[name][metric]
            rows.append([name, metric, bar, reached, "yes" if reached >= bar else "**no**"])
    told = table(["set", "measure", "asked", "reached", ""], rows)
    if any(tests[name][metric] < bar for name, (metric, bar) in ASKED.items() if name in tests):
        told += "\n\n" + UNFIT
    return told


def run_summary(log: list[dict[str, Any]], size: SizeConfig) -> str:
    """Device, steps, minutes and speed of the run, in a sentence."""
    begun = next(event for event in log if event["event"] == "start")
    last = [event for event in log if event["event"] in ("finished", "stopped")][-1]
    steps = [event for event in log if event["event"] == "step"]
    speed = sorted(event["pieces_per_second"] for event in steps)[len(steps) // 2] if steps else 0
    seen = sum(event["pieces_per_second"] * gap for event, gap in zip(steps, _gaps(steps), strict=True))
    state = "to the end of its schedule" if last["event"] == "finished" else "stopped before the end of its schedule"
    return (
        f"Configuration `{size.name}`, {last['step']} steps of some {size.train.tokens_per_step} pieces in"
        f" {last['minutes']:.1f} minutes of training on {begun['device']} (PyTorch {begun['torch']}),"
        f" {state}; some {seen / 1e6:.1f} M pieces were read and written, the median speed was {speed} a second."
    )


def _gaps(steps: list[dict[str, Any]]) -> list[float]:
    """Seconds of training between log lines."""
    minutes = [0.0, *(event["minutes"] for event in steps)]
    return [60 * (after - before) for before, after in pairwise(minutes)]


def card(size: SizeConfig, manifest: dict[str, Any], log: list[dict[str, Any]], facts: dict[str, Any]) -> str:
    """The card as Markdown. `facts` holds "scores" (`training.evaluate`) and "export" (`training.export`)."""
    scores, exported, model = facts["scores"], facts["export"], size.model
    tests = [
        [name, row["sentences"], row["BLEU"], row["chrF"], f"`{row['BLEU signature']}`", f"`{row['chrF signature']}`"]
        for name, row in scores["tests"].items()
    ]
    columns = ("words_per_second", "pieces_per_second", "words_per_processor_second")
    speed = [[way, *(row[column] for column in columns)] for way, row in scores["speed"].items()]
    trips = sorted(scores["showcase"], key=lambda trip: -trip["chrF"])
    shown = [f"- **{trip['chrF']}** {trip['fr']}\n  - {trip['en']}\n  - {trip['back']}" for trip in trips]
    totals = manifest["totals"]
    return Template((HERE / "MODEL_CARD.template.md").read_text(encoding="utf-8")).substitute(
        layers=f"{model.encoder_layers} + {model.decoder_layers}",
        width=model.d_model,
        ffn=model.ffn,
        heads=model.heads,
        activation=model.activation,
        parameters=f"{parameter_count(model) / 1e6:.1f}",
        megabytes=f"{exported['int8_bytes'] / 1e6:.1f}",
        vocabulary=model.vocabulary,
        pairs=manifest["pairs"],
        data=data_table(manifest, size.train.weights),
        test_sentences=totals.get("test-sentence", 0),
        test_overlap=totals.get("test-overlap", 0),
        run=run_summary(log, size),
        curve=curve(log),
        verdict=verdict(scores["tests"]),
        optimiser="Muon for the matrices of the layers, AdamW for the rest"
        if size.train.optimiser == "muon"
        else "AdamW",
        beam=scores["beam"],
        tests=table(["set", "sentences", "BLEU", "chrF", "BLEU signature", "chrF signature"], tests),
        speed=table(["direction", "target words/s", "target pieces/s", "target words a processor second"], speed),
        trip=f"chrF {scores['round_trip']['chrF']} over {scores['round_trip']['sentences']} sentences,"
        f" quartiles of the sentences {scores['round_trip']['quartiles']}",
        trips="\n".join(shown),
        agreement=f"{exported['float32_identical']} of {exported['sentences']} check sentences the same in float32,"
        f" {exported['int8_identical']} in int8. Forced decoding of the same texts moves a piece's log-probability by"
        f" {exported['int8_piece_gap']} on average when computed in int8, by {exported['int8_weights_piece_gap']} when"
        " the same int8 weights are computed with in float32",
    )


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    for name in ("packed", "run", "export", "scores"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args(arguments)
    manifest = json.loads((options.packed / "manifest.json").read_text(encoding="utf-8"))
    facts = {
        "scores": json.loads(options.scores.read_text(encoding="utf-8")),
        "export": json.loads((options.export / "export.json").read_text(encoding="utf-8")),
    }
    text = card(load_size_config(options.config), manifest, events(options.run / "log.jsonl"), facts)
    (options.export / "ct2" / "MODEL_CARD.md").write_text(text, encoding="utf-8")
    write_hashes(options.export / "ct2")


if __name__ == "__main__":
    main()
