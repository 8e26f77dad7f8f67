"""Predicates against the events around them: news that contradicts itself, and news that does not."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from mtaudit.analysis import Engines
from mtaudit.checks import coherence
from mtaudit.rules import RuleSet
from tests.checks.parsed import found, issues_of, rules_below
from tests.checks.surface import matches, rule_of

CONTRADICTORY = (
    (
        "Les relations entre Berlin et Ankara s’améliorent, après que la Turquie a convoqué l’ambassadeur "
        "allemand. Elle menace d’expulser dix diplomates."
    ),
    (
        "Les liens entre les deux capitales se sont réchauffés depuis que le Sénat a voté de nouvelles sanctions. "
        "L’ambassadeur a été rappelé mercredi."
    ),
    (
        "Les tensions entre les deux Corées se sont apaisées, après que Pyongyang a tiré trois missiles au-dessus "
        "de la mer. Séoul dénonce une provocation."
    ),
    "Les prix de l’essence baissent à cause d’une pénurie qui touche tout le Sud.",
    "Le prix du blé a chuté en raison de la sécheresse.",
    "L’inflation recule sous l’effet de la flambée des matières premières.",
    "Les actions du groupe ont bondi à la suite de pertes record.",
    "L’euro grimpe à cause de la récession qui menace l’Allemagne.",
    (
        "Les négociations progressent. La délégation syndicale a quitté la table lundi. Elle refuse le texte et "
        "pose un ultimatum."
    ),
    "La croissance s’accélère en raison de la chute de la consommation.",
    "Le chômage a diminué en raison de la fermeture de trois usines dans le département.",
    "Les combats ont cessé depuis que l’armée bombarde le port. Huit civils ont été tués.",
    (
        "Les hospitalisations diminuent. Les services sont saturés et les opérations déprogrammées. Le plan blanc "
        "a été déclenché."
    ),
    "La cote du président grimpe en raison du scandale des écoutes.",
    "Le bénéfice du distributeur progresse à cause d’une chute des ventes.",
    "Les températures chutent du fait de la canicule.",
    "Le nombre d’adhérents a augmenté, passant de 1 200 000 à 950 000 en un an.",
    "Le taux de chômage a reculé, passant de 7,1 % à 8,4 %.",
    "Le titre a grimpé, passant de 34,50 à 31,20 euros.",
    "Le chiffre d’affaires progresse de 4 %, à 310 millions d’euros, contre 345 millions l’année précédente.",
    "La dette a diminué, passant ainsi de 900 millions à 1,3 milliard d’euros.",
    "L’ambassadeur à Madrid a été renvoyé pour consultations, a annoncé la présidence.",
    "Le gouvernement a congédié son ambassadeur en Suède pour consultations.",
)
COHERENT = (
    (
        "Les relations entre Berlin et Ankara se tendent, après que la Turquie a convoqué l’ambassadeur allemand. "
        "Elle menace d’expulser dix diplomates."
    ),
    "Les relations entre les deux pays s’améliorent après des années de sanctions et de menaces.",
    "Les relations se sont réchauffées depuis la levée des sanctions, en mars.",
    (
        "Les relations entre Londres et Pékin ne s’améliorent pas, après l’expulsion de deux diplomates accusés "
        "d’espionnage."
    ),
    "Pékin veut que les relations s’améliorent, en raison des sanctions qui frappent ses exportations.",
    "Les tensions s’apaisent, mais la Corée du Nord a tiré un missile et menace encore ses voisins.",
    "La tension retombe. Trois policiers avaient été blessés dans les heurts, une voiture avait été incendiée.",
    "Les prix baissent à cause de la surproduction.",
    "Le prix du blé a chuté, en dépit de la sécheresse.",
    "La hausse des prix ralentit en raison de la baisse de la demande.",
    "Le titre recule malgré des bénéfices record.",
    "L’action chute, le marché craignant une récession et un abaissement de la note.",
    "Les négociations n’avancent plus, après que les syndicats ont quitté la table.",
    "La croissance ralentit en raison de la chute de la consommation.",
    "Le chômage a augmenté en raison de la fermeture de trois usines dans le département.",
    "Les combats ont repris depuis que l’armée bombarde le port. Huit civils ont été tués.",
    "L’épidémie recule. Les services, saturés en janvier, se vident. Le couvre-feu sera levé.",
    "La cote du président grimpe, alors que le scandale des écoutes occupe les journaux.",
    "Le bénéfice progresse grâce à la baisse des coûts, malgré une chute des ventes.",
    "Les températures chutent. La canicule s’achève.",
    "Le nombre d’adhérents a augmenté, passant de 950 000 à 1 200 000 en un an.",
    "Le taux de chômage a reculé, passant de 8,4 % à 7,1 %.",
    "Le club a reculé de la 3e à la 5e place.",
    "La baisse s’est accélérée, passant de 1 à 2 %.",
    "Le chiffre d’affaires recule de 4 %, à 310 millions d’euros, contre 345 millions l’année précédente.",
    "La dette a diminué, passant de 1,3 milliard à 900 millions d’euros.",
    "Les délais ont été réduits, passant de six semaines à dix jours.",
    "La loi a été adoptée en progression, à 310 voix contre 200.",
    "Le gouvernement a renvoyé dix réfugiés pour l’exemple, et rappelé son ambassadeur en consultation.",
    "Le groupe a bondi de 12 % à 45 euros, contre une hausse de 2 % pour l’indice.",
    "Les températures baissent, passant de 3 à -2 degrés.",
    "Le déficit se réduit en raison de recettes record.",
)


@pytest.mark.parser
@pytest.mark.parametrize("text", CONTRADICTORY)
def test_news_that_contradicts_itself(text: str, ruleset: RuleSet, engines: Engines) -> None:
    assert len(found(text, rules_below(ruleset, "fr/coherence/"), engines)) == 1


@pytest.mark.parser
@pytest.mark.parametrize("text", COHERENT)
def test_news_that_does_not(text: str, ruleset: RuleSet, engines: Engines) -> None:
    assert found(text, rules_below(ruleset, "fr/coherence/"), engines) == []


@pytest.mark.parser
def test_the_message_says_which_events_contradict(ruleset: RuleSet, engines: Engines) -> None:
    text = (
        "Les rapports entre les deux voisins se sont améliorés, après que la junte a expulsé quatre diplomates. "
        "Elle menace de fermer la frontière."
    )
    (issue,) = issues_of(text, rules_below(ruleset, "fr/coherence/relations"), engines)
    assert issue.suggestions == ("se sont dégradés",)
    assert "expulsé quatre diplomates" in issue.message
    assert "menace" in issue.message


FIGURES: dict[str, Any] = {
    "phenomenon": "figures",
    "entries": [
        {"role": "verb", "pattern": "baiss*", "direction": "-"},
        {"role": "verb", "pattern": "grimp*", "direction": "+"},
    ],
}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Le loyer a baissé, passant de 610 à 640 euros.", True),
        ("Le loyer a baissé, passant de 640 à 610 euros.", False),
        ("La part a grimpé en un an, passant de 12,5 % à 11 %.", True),
        ("Le budget a baissé, passant de 950 000 à 1,2 million d’euros.", True),
        ("Le budget a baissé, passant de 1,2 million d’euros à 950 000 euros.", False),
        ("Le prix a grimpé, passant de 12 euros à 9 dollars.", False),
        ("Le prix a baissé, passant de 1.250 à 1.300 euros.", False),
        ("Le délai a baissé, passant de 2h à 3h.", False),
        ("Le prix n’a pas baissé, passant de 12 à 13 euros.", False),
        ("Le mercure a grimpé, passant de -8 à -3 degrés.", False),
        ("Le résultat a baissé de 4 %, à 31 millions d’euros, contre 28 millions en 2022.", True),
        ("Le texte a baissé le plafond, à 31 voix contre 28.", False),
    ],
)
def test_a_verb_against_its_figures(text: str, wrong: bool) -> None:
    assert bool(matches(coherence, text, **FIGURES)) is wrong


COLLOCATION: dict[str, Any] = {
    "phenomenon": "collocation",
    "entries": [
        {
            "role": "collocation",
            "pattern": "renvoy*|renvoi*",
            "noun": "ambassad*",
            "complement": "pour … consultation*",
            "instead": "rappel",
        },
    ],
}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("L’ambassadrice à Rome a été renvoyée pour de « longues consultations ».", ["renvoyée"]),
        ("Lima a renvoyé son ambassadeur à Quito pour consultations.", ["renvoyé"]),
        ("Lima a renvoyé son ambassadeur. Des élus ont été reçus pour consultations.", []),
        ("Lima a renvoyé le dossier à une commission pour consultations.", []),
    ],
)
def test_a_wrong_verb_in_a_fixed_expression(text: str, wrong: list[str]) -> None:
    assert matches(coherence, text, **COLLOCATION) == wrong


def test_an_entry_without_direction_is_an_error() -> None:
    entries = [{"role": "verb", "pattern": "baiss*"}]
    with pytest.raises((ValueError, msgspec.ValidationError), match="needs a direction"):
        coherence.compile([rule_of("coherence", phenomenon="figures", entries=entries)])
