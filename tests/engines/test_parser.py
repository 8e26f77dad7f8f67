"""The pipeline as mtaudit loads it parses as spaCy's own does."""

from __future__ import annotations

import re

import pytest

from mtaudit.engines.parser import _factored, load_parser, parse
from mtaudit.errors import EngineError

pytestmark = pytest.mark.parser

NAME = "fr_core_news_md"
SENTENCES = (
    "Le porte-parole de l’exécutif s’est rendu à Saint-Étienne-du-Rouvray, près de Rouen, mardi 4 mars.",
    "L’anti-américanisme des non-alignés n’a pas disparu ; les ex-otages, eux, se taisent.",
    "« Nous verrons », a-t-elle lancé aux journalistes venus l’attendre devant l’Élysée.",
    "La sous-préfète de Bayeux, Mme Odile Lescure, a interdit le défilé des demi-finalistes.",
    "Entr’acte raté : les pêcheurs de Port-en-Bessin ont déchargé 37,2 tonnes de saint-jacques.",
    "Les grévistes finirent par rentrer ; certains avaient déjà repris, d’autres s’y refusaient encore.",
    "Chypre, l’Irlande et Malte ont voté contre ; M. Martin, abstentionniste, a quitté la salle à 9 h 30.",
)


def test_the_parse_is_that_of_spacy() -> None:
    import spacy

    theirs = spacy.load(NAME)
    ours = load_parser(NAME)
    for doc, expected in zip(parse(ours, SENTENCES), theirs.pipe(SENTENCES), strict=True):
        for token, other in zip(doc, expected, strict=True):
            for name in ("text", "lemma_", "pos_", "dep_", "ent_type_", "norm_", "shape_", "has_vector"):
                assert getattr(token, name) == getattr(other, name)
            assert str(token.morph) == str(other.morph)
            assert token.head.i == other.head.i


def test_factored_alternatives_match_the_same_words() -> None:
    letters = "[a-zà-ÿ" + "".join(map(chr, range(0x3B1, 0x3D1))) + "".join(map(chr, range(0x430, 0x4A0))) + "]"
    heads = ("anti", "a[ée]ro", "ex", "non", "saint?e?")
    joints = ("l[èe]s?", "sur", "en(?:l['’])?")
    alternatives = [
        *(f"^{head}[-‑]{letters}*$" for head in heads),
        *(f"^{letters}+[-]{joint}[-]{letters}+$" for joint in joints),
        f"^yo[-]yo{letters}+$",
        "^ah$",
    ]
    pattern = "(?iu)" + "|".join(f"(?:{alternative})" for alternative in alternatives)
    shorter = _factored(pattern)
    assert len(shorter) < len(pattern) / 2
    for word in (
        "Anti-héros",
        "aéro-club",
        "aero‑club",
        "ex-",
        "EX-OTAGE",
        "yo-yos",
        "yo-yo",
        "ah",
        "anti",
        "sain-s",
        "Bar-lès-x",
        "bar-sur-aube",
        "sur-sur",
        "-sur-aube",
        "bar-en-l",
        "bar-enl'-y",
        "bar-en",
        "a-sur-b-sur-c",
    ):
        assert bool(re.match(shorter, word)) == bool(re.match(pattern, word)), word


def test_regexes_compile_as_ever_afterwards() -> None:
    before = re.compile
    load_parser(NAME)
    assert re.compile is before


@pytest.mark.parametrize("name", ["fr_core_news_zz", "msgspec"])
def test_what_is_no_pipeline_is_told_with_its_remedy(name: str) -> None:
    with pytest.raises(EngineError, match="pip install"):
        load_parser(name)
