"""Writes the model card beside the exported model, out of the files that the other steps left.

    python -m training.card training/config/base.toml --packed ../packed --run ../run --export ../export \
        --scores ../export/scores.json

Everything in it is read, nothing is typed in: data and licences from config/licences.tsv and the manifest, the curve
from the log, scores and round trips from `training.evaluate`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from string import Template
from typing import Any

from training.configuration import SizeConfig, load_size_config
from training.export import write_hashes
from training.model import parameter_count

HERE = Path(__file__).parent


def table(header: list[str], rows: list[list[Any]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *([str(cell).replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def data_table(manifest: dict[str, Any]) -> str:
    """A row a corpus: its domain, origin and licence, the pairs used, and the visits of an epoch."""
    licences = {}
    for line in (HERE / "config" / "licences.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, domain, origin, licence = line.split("\t")
        licences[name] = (domain, origin, licence)
    rows = []
    for segment in manifest["segments"]:
        domain, origin, licence = licences.get(segment["name"], ("noisy copies of the above", "", ""))
        visits = f"{segment['fr_en']:g} / {segment['en_fr']:g}"
        rows.append([segment["name"], domain, segment["count"], visits, segment["late"], origin, licence])
    head = ["corpus", "domain", "pairs", "visits fr-en / en-fr", "late factor", "from", "licence as stated"]
    return table(head, rows)


def events(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def curve(log: list[dict[str, Any]]) -> str:
    """Development chrF along the steps."""
    points = [event for event in log if event["event"] == "dev"]
    if not points:
        return "No development score was taken."
    names = [name for name in points[0] if name not in ("event", "step")]
    return table(["step", *names], [[point["step"], *(point.get(name, "") for name in names)] for point in points])


def run_summary(log: list[dict[str, Any]], size: SizeConfig) -> str:
    """Device, steps, minutes and speed of the run, in a sentence."""
    begun = next(event for event in log if event["event"] == "start")
    last = [event for event in log if event["event"] in ("finished", "stopped")][-1]
    steps = [event for event in log if event["event"] == "step"]
    speed = sorted(event["pieces_per_second"] for event in steps)[len(steps) // 2] if steps else 0
    state = "to the end of its schedule" if last["event"] == "finished" else "stopped before the end of its schedule"
    return (
        f"Configuration `{size.name}`, {last['step']} steps of some {size.train.tokens_per_step} pieces in"
        f" {last['minutes']:.1f} minutes of training on {begun['device']} (PyTorch {begun['torch']}),"
        f" {state}; the median speed was {speed} pieces a second, source and target together."
    )


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
        data=data_table(manifest),
        test_sentences=totals.get("test-sentence", 0),
        test_overlap=totals.get("test-overlap", 0),
        run=run_summary(log, size),
        curve=curve(log),
        beam=scores["beam"],
        tests=table(["set", "sentences", "BLEU", "chrF", "BLEU signature", "chrF signature"], tests),
        speed=table(["direction", "target words/s", "target pieces/s", "target words a processor second"], speed),
        trip=f"chrF {scores['round_trip']['chrF']} over {scores['round_trip']['sentences']} sentences,"
        f" quartiles of the sentences {scores['round_trip']['quartiles']}",
        trips="\n".join(shown),
        agreement=f"{exported['float32_identical']} of {exported['sentences']} check sentences the same in float32,"
        f" {exported['int8_identical']} in int8 (mean gap of the scores {exported['int8_mean_score_gap']})",
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
