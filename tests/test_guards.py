"""What no rule is to judge: verse, items of lists, headlines without a verb."""

from __future__ import annotations

import pytest

from mtaudit.analysis import Engines
from mtaudit.lang import LANGUAGES
from mtaudit.model import Article, RegionKind
from mtaudit.pipeline import Audit, prepare
from mtaudit.rules import RuleSet
from mtaudit.selection import select_rules

STANZA = (
    "Le soir descend sur les quais de Nantes,\n"
    "Les grues prennent action dans le vent,\n"
    "Et l'eau, qui fait sens à qui l'entend,\n"
    "Emporte nos lettres, nos lampes.\n"
)
SAME_IN_PROSE = "Les grues prennent action dans le vent, et l'eau fait sens à qui l'entend."


@pytest.fixture(scope="module")
def audit(ruleset: RuleSet, engines: Engines) -> Audit:
    return prepare(ruleset, select_rules(ruleset.rules), engines=engines)


def found(audit: Audit, text: str) -> list[str]:
    (report,) = audit.run([Article("a", text)])
    return [text[slice(*issue.span)] for issue in report.issues]


def regions(text: str) -> list[tuple[RegionKind, str]]:
    sentences, _ = LANGUAGES["fr"].segment(text)
    return [(sentence.region, text[slice(*sentence.span)]) for sentence in sentences]


def test_a_stanza_is_nobodys_calque(audit: Audit) -> None:
    assert found(audit, f"Le poète a lu ce texte à l'hôtel de ville.\n\n{STANZA}\nLe public a applaudi.") == []
    assert found(audit, f"Le poète a lu ses vers à l'hôtel de ville. {SAME_IN_PROSE}") != []


def test_each_stanza_is_judged_for_itself() -> None:
    two = f"{STANZA}\n{STANZA}"
    assert {kind for kind, _ in regions(two)} == {RegionKind.VERSE}
    # Three lines may be anything.
    assert RegionKind.VERSE not in {kind for kind, _ in regions(STANZA.partition("\n")[2])}


@pytest.mark.parametrize(
    "lines",
    [
        # Headlines one under the other.
        "Le maire de Brest démissionne\nLes pompiers manifestent à Lyon\nUne avalanche fait deux morts\nLe Mans gagne.",
        # Paragraphs of one sentence.
        "Le maire a démissionné.\nSon adjoint le remplace.\nLe conseil votera lundi.\nLa préfète, elle, se tait.",
        # A text wrapped at a narrow column.
        "Le maire de Brest, qui avait été\nélu en mars, a remis sa lettre,\nune page à peine, au préfet, qui\nl'a lue.",
        # An address.
        "Mme Odile Lescure,\nMairie de Bayeux,\nPlace du Marché,\n14400 Bayeux",
    ],
)
def test_short_lines_are_not_verse_yet(lines: str) -> None:
    assert RegionKind.VERSE not in {kind for kind, _ in regions(f"Voici la suite.\n\n{lines}\n\nLa séance est levée.")}


def test_items_make_a_list() -> None:
    text = (
        "Trois mesures :\n\n- gel des loyers\n- hausse du salaire minimum\n- prime de rentrée\n\nLe ministre se tait."
    )
    assert [kind for kind, _ in regions(text)] == [RegionKind.BODY, *[RegionKind.LIST] * 3, RegionKind.BODY]
    numbered = "Le podium :\n\n1. Brest\n2. Lorient\n3. Vannes\n\nLa finale a lieu samedi."
    assert [kind for kind, _ in regions(numbered)] == [RegionKind.BODY, *[RegionKind.LIST] * 3, RegionKind.BODY]


def test_speech_with_dashes_is_no_list() -> None:
    text = "Ils se sont parlé.\n\n– Vous viendrez ? a demandé le maire.\n– Non, a dit le préfet.\n\nPuis plus rien."
    assert {kind for kind, _ in regions(text)} == {RegionKind.BODY}


def test_an_item_may_begin_as_it_likes(audit: Audit) -> None:
    lines = "- bus de nuit. trois lignes de plus\n- vélos en location. deux cents places\n- parkings relais"
    assert found(audit, f"La ville promet :\n\n{lines}\n\nLe vote aura lieu lundi.") == []
    assert found(audit, "La ville promet un bus de nuit. trois lignes de plus. Le vote aura lieu lundi.") != []
