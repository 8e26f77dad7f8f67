"""Foreign spans put into French sentences: how many `fr/fragments` finds, and its alarms on human press.

    python notebooks/fragments_recall.py [../shared/data/mt_vs_human]

The spans are cut at random out of sentences of our own; the sentences that take them up are the human press of the
development data, which is also what the alarms are counted on. Prints the recall by length and language (0 stands for
a whole sentence), then the alarms per 1,000 words for a range of `min_odds`, which chose SEED and the rules' values.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from mtaudit.analysis import Engines, analyse
from mtaudit.checks import fragments
from mtaudit.lang import LANGUAGES
from mtaudit.model import Analysis, Article, Need, Rule
from mtaudit.rules import load_rules, packaged_rules

DATA = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data/mt_vs_human")
HUMAN = ("sequoia_estrepublicain_native_chunks", "wmt19-20_defr_human_chunks")
LENGTHS = (1, 2, 3, 5, 0)

SENTENCES = {
    "en": [
        "The government said it would publish the figures next week.",
        "Police arrested three people after a shooting in the city centre.",
        "He told reporters that the talks had been very constructive.",
        "Workers at the plant have been on strike since last month.",
        "The company will close two factories and cut hundreds of jobs.",
        "Residents were told to leave their homes because of the flooding.",
        "She won the race by more than two minutes despite the rain.",
        "The court ruled that the law was unfair to small businesses.",
        "Prices rose again this year as demand for housing grew.",
        "Several witnesses described what they saw outside the school.",
        "The minister refused to answer questions about the leaked report.",
        "Doctors warn that the virus could spread quickly among children.",
    ],
    "pt": [
        "O governo anunciou ontem novas medidas para reduzir o desemprego.",
        "A polícia deteve três pessoas depois de um tiroteio no centro da cidade.",
        "O presidente disse que as negociações foram muito produtivas.",
        "Os trabalhadores da fábrica estão em greve desde o mês passado.",
        "A empresa vai fechar duas lojas e despedir centenas de funcionários.",
        "Os moradores tiveram de deixar as suas casas por causa das cheias.",
        "A equipa venceu o jogo com dois golos na segunda parte.",
        "O tribunal decidiu que a lei é injusta para as pequenas empresas.",
        "Os preços subiram outra vez este ano porque a procura aumentou.",
        "Várias testemunhas contaram o que viram à porta da escola.",
        "O ministro recusou responder às perguntas dos jornalistas.",
        "Os médicos avisam que o vírus pode espalhar-se rapidamente entre crianças.",
    ],
    "es": [
        "El gobierno anunció ayer nuevas medidas para reducir el desempleo.",
        "La policía detuvo a tres personas después de un tiroteo en el centro.",
        "El presidente dijo que las conversaciones habían sido muy útiles.",
        "Los trabajadores de la fábrica están en huelga desde el mes pasado.",
        "La empresa cerrará dos tiendas y despedirá a cientos de empleados.",
        "Los vecinos tuvieron que abandonar sus casas por las inundaciones.",
        "El equipo ganó el partido con dos goles en la segunda parte.",
        "El tribunal decidió que la ley es injusta para las pequeñas empresas.",
        "Los precios subieron otra vez este año porque creció la demanda.",
        "Varios testigos contaron lo que vieron en la puerta de la escuela.",
        "El ministro no quiso contestar a las preguntas de los periodistas.",
        "Los médicos advierten que el virus puede propagarse rápidamente entre niños.",
    ],
    "de": [
        "Die Regierung hat gestern neue Maßnahmen gegen die Arbeitslosigkeit angekündigt.",
        "Die Polizei nahm nach einer Schießerei in der Innenstadt drei Menschen fest.",
        "Der Präsident sagte, die Gespräche seien sehr nützlich gewesen.",
        "Die Arbeiter der Fabrik streiken seit dem vergangenen Monat.",
        "Das Unternehmen will zwei Werke schließen und hunderte Stellen streichen.",
        "Die Bewohner mussten wegen des Hochwassers ihre Häuser verlassen.",
        "Die Mannschaft gewann das Spiel mit zwei Toren in der zweiten Hälfte.",
        "Das Gericht entschied, dass das Gesetz kleine Betriebe benachteiligt.",
        "Die Preise sind in diesem Jahr wieder gestiegen, weil die Nachfrage wächst.",
        "Mehrere Zeugen berichteten, was sie vor der Schule gesehen hatten.",
        "Der Minister wollte die Fragen der Journalisten nicht beantworten.",
        "Ärzte warnen, dass sich das Virus unter Kindern schnell verbreiten kann.",
    ],
    "it": [
        "Il governo ha annunciato ieri nuove misure contro la disoccupazione.",
        "La polizia ha fermato tre persone dopo una sparatoria in centro.",
        "Il presidente ha detto che i colloqui sono stati molto utili.",
        "I lavoratori della fabbrica scioperano dal mese scorso.",
        "La società chiuderà due negozi e licenzierà centinaia di dipendenti.",
        "Gli abitanti hanno dovuto lasciare le loro case a causa degli allagamenti.",
        "La squadra ha vinto la partita con due gol nella ripresa.",
        "Il tribunale ha deciso che la legge danneggia le piccole aziende.",
        "I prezzi sono saliti ancora quest'anno perché la domanda cresce.",
        "Diversi testimoni hanno raccontato quello che hanno visto davanti alla scuola.",
        "Il ministro non ha voluto rispondere alle domande dei giornalisti.",
        "I medici avvertono che il virus può diffondersi rapidamente tra i bambini.",
    ],
}


def texts() -> Iterator[str]:
    for name in HUMAN:
        with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
            for row in map(json.loads, stream):
                yield " ".join(row["sentences"])


def spliced(sentence: str, length: int, carrier: list[str], dice: random.Random) -> tuple[str, int, int]:
    """The carrier with the span in it, and where the span lies."""
    words = sentence.rstrip(".").split()
    if not length:
        text = " ".join(carrier)
        return f"{text} {sentence}", len(text) + 1, len(text) + 1 + len(sentence)
    at = dice.randrange(len(words) - length + 1)
    span = " ".join(words[at : at + length]).strip(",")
    place = dice.randrange(1, len(carrier) - 1)
    before = " ".join(carrier[:place])
    return f"{before} {span} {' '.join(carrier[place:])}", len(before) + 1, len(before) + 1 + len(span)


def main() -> None:
    engines = Engines(LANGUAGES["fr"])
    engines.start([Need.LEXICON, Need.LANGID])
    rules = [rule for rule in load_rules([packaged_rules()]).rules if rule.id.startswith("fr/fragments/")]
    compiled = fragments.compile(rules)

    def one(text: str) -> Analysis:
        return next(analyse([Article("x", text)], engines))[0]

    dice = random.Random(7)
    human = list(texts())
    carriers = [words for text in human[:80] for part in text.split(". ") if 10 <= len(words := part.split()) <= 30]
    tried: Counter[tuple[int, str]] = Counter()
    hit: Counter[tuple[int, str]] = Counter()
    for language, sentences in SENTENCES.items():
        for capitalised in sentences:
            for length in LENGTHS:
                # A capital in the middle of a sentence would make a title of the span; German keeps its own.
                keep = language == "de" or not length
                sentence = capitalised if keep else capitalised[0].lower() + capitalised[1:]
                for _ in range(3 if length else 1):
                    text, start, end = spliced(sentence, length, dice.choice(carriers), dice)
                    issues = fragments.run(one(text), compiled)
                    tried[length, language] += 1
                    hit[length, language] += any(i.span.start < end and i.span.end > start for i in issues)
    print("words  " + "  ".join(f"{language:>5}" for language in SENTENCES))
    for length in LENGTHS:
        print(f"{length:5}  " + "  ".join(f"{hit[length, lg] / tried[length, lg]:5.2f}" for lg in SENTENCES))

    analyses = [one(text) for text in human]
    words = sum(len(analysis.words) for analysis in analyses)
    for rule in rules:
        if rule.options["find"] not in ("words", "word", "letters"):
            continue
        for odds in (2.0, 3.0, 4.0, 5.5, 6.5, 8.0):
            changed: Rule = replace(rule, options={**rule.options, "min_odds": odds})
            compiled = fragments.compile([changed])
            alarms = sum(len(list(fragments.run(analysis, compiled))) for analysis in analyses)
            print(f"{rule.id} min_odds {odds}: {alarms} alarms, {1000 * alarms / words:.3f} per 1,000 words")


if __name__ == "__main__":
    main()
