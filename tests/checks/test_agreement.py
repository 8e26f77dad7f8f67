"""Pronouns and possessives against their antecedents: passages that are wrong, and the ones that resemble them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from mtaudit.analysis import Engines
from mtaudit.checks import agreement
from mtaudit.model import Rule
from mtaudit.resources import LexiconEntry
from mtaudit.rules import RuleSet
from mtaudit.speakers import Lexis, surnames
from tests.checks.parsed import found, issues_of, rules_below
from tests.checks.surface import FakeLexicon, rule_of
from tests.checks.surface import found as found_without_parse

WRONG_TAGS = (
    (
        "« Nous n’avons pas été consultés », a déploré Nathalie Roussel, présidente de l’association des "
        "riverains. « Le préfet doit nous entendre », a-t-il ajouté."
    ),
    (
        "L’ambassadrice américaine a dénoncé une décision « injuste ». « Nos alliés méritent mieux », a-t-il "
        "souligné lors d’une conférence de presse."
    ),
    (
        "Selon la cheffe économiste de la banque, Isabelle Laurent, l’inflation devrait ralentir. « Les prix de "
        "l’énergie vont se calmer », a-t-il estimé."
    ),
    (
        "La chancelière Paula Winter a appelé mardi à la prudence. « La situation reste fragile », a-t-il insisté "
        "devant les députés."
    ),
    (
        "« Les tests seront gratuits », a annoncé la ministre du Travail Élisabeth Roche. Interrogé sur le "
        "calendrier, a-t-il précisé, tout dépendra du Parlement."
    ),
    "L’avocate de la victime a annoncé un appel. « Ma cliente ira jusqu’au bout », a-t-il assuré.",
    (
        "La porte-parole du gouvernement a indiqué que la réforme serait présentée en mai. « Il n’y aura pas de "
        "report », a-t-il martelé."
    ),
    (
        "« Nous avons perdu deux ans », a regretté la présidente de la Commission, Astrid van Dael. « Il faut "
        "agir », a-t-il poursuivi."
    ),
    (
        "Sarah Cohen a dirigé le laboratoire pendant dix ans. « Les résultats sont là », a déclaré Cohen. « Le "
        "vaccin fonctionne », a-t-il ajouté."
    ),
    (
        "La sénatrice Julie Martin, élue en 2017, a critiqué le budget. « Les communes n’ont plus de marge », "
        "s’est-il indigné."
    ),
    (
        "La ministre de l’Agriculture Tereza Novotna a affirmé que les aides seraient versées en mars. « Les "
        "éleveurs n’ont que trop attendu », a-t-il dit."
    ),
    (
        "La porte-parole de l’armée, Hyejin Kwon, a assuré que le tir avait échoué. « Nos radars l’ont suivi "
        "», a-t-il expliqué."
    ),
    (
        "La maire de Valbourg, qui se représente en mars, a défendu son bilan. « Les impôts n’ont pas "
        "augmenté », a-t-il souligné."
    ),
    "L’entraîneuse a reconnu une erreur de préparation. « On s’est vues trop belles », a-t-il confié.",
    (
        "La première ministre Ingibjörg Hallsdóttir s’est dite inquiète. « Le volcan peut se réveiller », "
        "a-t-il prévenu."
    ),
    (
        "« Les stocks sont suffisants », s’est félicitée la secrétaire d’État Ngozi Adeyemi. « Aucune pénurie "
        "n’est à craindre », a-t-il ajouté."
    ),
    (
        "« La récolte sera tardive », estime Thu Ha Nguyen, productrice de litchis. « Nous avons perdu la "
        "moitié des fleurs », ajoute-t-il."
    ),
    "Elle a rappelé que le stade avait été rénové en 2019. « La pelouse est neuve », a-t-il précisé.",
    ("La procureure de la République a ouvert une information judiciaire. « Les faits sont graves », a-t-il dit."),
    (
        "Mme Okafor a dénoncé un « deux poids, deux mesures ». « Nos athlètes méritent le même traitement », "
        "a-t-il souligné."
    ),
)
WRONG_FEMININE_TAGS = (
    (
        "Le ministre de l’Énergie Abdulaziz Al-Harbi a déclaré que le royaume réduirait sa production. « Nous "
        "allons continuer », a-t-elle ajouté."
    ),
    "Le Kremlin a démenti ces accusations. « Elles ne reposent sur rien », a-t-elle ajouté.",
    ("Le parquet a annoncé l’ouverture d’une enquête. « Quatre personnes ont été entendues », a-t-elle précisé."),
    ("« Je suis très fier de ce titre », a lancé le capitaine de l’équipe. « On ira fêter ça », a-t-elle poursuivi."),
    "Un analyste de la banque a jugé la hausse exagérée. « Le marché va se corriger », a-t-elle ajouté.",
)
RIGHT_TAGS = (
    (
        "« Nous n’avons pas été consultés », a déploré Nathalie Roussel, présidente de l’association des "
        "riverains. Le préfet a promis une réunion. « Nous écouterons tout le monde », a-t-il ajouté."
    ),
    "Le ministre a reçu la présidente du syndicat, Claire Dubois. « Le dialogue est ouvert », a-t-il dit.",
    "La porte-parole du ministère a renvoyé la presse vers le préfet. « Je n’ai rien à cacher », a-t-il répondu.",
    "Selon la police, le conducteur roulait trop vite. « J’ai perdu le contrôle », a-t-il expliqué aux enquêteurs.",
    (
        "« C’est un grand jour », a déclaré Mme Petit à côté de son mari. « Nous attendions cela depuis dix ans », "
        "a-t-il ajouté."
    ),
    (
        "Le club a perdu contre Nantes. « La défense a souffert », a reconnu la capitaine. L’entraîneur, lui, "
        "reste confiant. « On va se relever », a-t-il promis."
    ),
    "La ministre de la Culture a remis le prix à l’écrivain. « Je le dédie à ma mère », a-t-il confié.",
    (
        "D’après Anne Lefort, le groupe va supprimer 200 postes. Le groupe a confirmé. « Nous n’avons pas le "
        "choix », a-t-il indiqué."
    ),
    "Marie Dupont a interrogé Paul Girard. « Je suis innocent », a-t-il répété.",
    "La présidente du tribunal a demandé au prévenu de se lever. « Je regrette », a-t-il dit.",
    (
        "Pour la directrice, Sylvie Blanc, c’est un succès. Son collègue de Lyon partage cet avis. « Les élèves "
        "sont ravis », a-t-il noté."
    ),
    "La mère de la victime a pleuré en entendant l’accusé. « Je demande pardon », a-t-il soufflé.",
    "La vice-présidente Monica Reyes a parlé après Peter Lang. « Le pays est de retour », a-t-il lancé.",
    "« Il a eu peur », a raconté sa sœur, Émilie. « J’ai cru mourir », a-t-il confirmé depuis son lit d’hôpital.",
    "Amélie Rousseau, 19 ans, a été entendue lundi. « Je n’ai rien vu », a-t-elle déclaré.",
    "Le maire, Anne Girard, a voté contre. « Ce projet est ruineux », a-t-elle dit.",
    "Une source proche du dossier a confirmé la vente. « Tout sera signé jeudi », a-t-il ajouté.",
    "Sa Sainteté a appelé à la paix. « Déposez les armes », a-t-il ajouté.",
    "La star du club a remercié les supporters. « Je n’oublierai jamais », a-t-il ajouté.",
    ("Le ministre et la secrétaire d’État ont présenté le plan. « Il coûtera deux milliards », a-t-elle précisé."),
    "La ministre a confirmé la visite de son homologue. « Je viendrai en mai », a-t-il dit.",
    (
        "« C’est une victoire », a réagi l’avocate de M. Ferrand. Son client, lui, a quitté le tribunal sans "
        "un mot. « Je veux tourner la page », a-t-il seulement dit."
    ),
    "Le docteur Morel a examiné la patiente. « La fracture est nette », a-t-elle expliqué.",
    "La police a arrêté un homme de 34 ans. « Je suis innocent », a-t-il répété.",
    "Le témoin a reconnu l’accusé. « J’en suis certaine », a-t-elle dit.",
    (
        "« Il sera opéré demain », a annoncé la médecin du club. Le défenseur garde le moral. « Je reviendrai "
        "plus fort », a-t-il promis."
    ),
    "Le procureur Claire Vasseur a requis dix ans. « Les faits sont établis », a-t-elle dit.",
    "La juge a interrogé le prévenu pendant une heure. « Je ne me souviens de rien », a-t-il répondu.",
    (
        "Marie Lopez, épouse du maire, a pris la parole. Celui-ci a tenu à la remercier. « Elle a été "
        "formidable », a-t-il dit."
    ),
)


@pytest.mark.parser
def speech_rules(ruleset: RuleSet) -> list[Rule]:
    """The rules of the pack that this check serves; `concord` serves the others."""
    return [rule for rule in rules_below(ruleset, "fr/agreement/") if rule.check == "agreement"]


@pytest.mark.parametrize("text", WRONG_TAGS)
def test_a_man_s_pronoun_for_a_woman_who_spoke(text: str, ruleset: RuleSet, engines: Engines) -> None:
    ((_, suggestion),) = found(text, speech_rules(ruleset), engines)
    assert "-elle " in suggestion or suggestion.endswith("-elle")


@pytest.mark.parser
@pytest.mark.parametrize("text", WRONG_FEMININE_TAGS)
def test_a_woman_s_pronoun_for_a_man_or_an_institution(text: str, ruleset: RuleSet, engines: Engines) -> None:
    ((_, suggestion),) = found(text, speech_rules(ruleset), engines)
    assert "-il " in suggestion


@pytest.mark.parser
@pytest.mark.parametrize("text", RIGHT_TAGS)
def test_silent_when_the_pronoun_may_stand_for_another(text: str, ruleset: RuleSet, engines: Engines) -> None:
    assert found(text, speech_rules(ruleset), engines) == []


@pytest.mark.parser
def test_a_reflexive_participle_takes_the_gender_of_its_new_pronoun(ruleset: RuleSet, engines: Engines) -> None:
    text = "Selon Mme Vidal, la cantine fermera. « Personne ne nous écoute », s’est-il indigné."
    rules = rules_below(ruleset, "fr/agreement/speech-tag")
    assert found(text, rules, engines) == [("s’est-il indigné", "s’est-elle indignée")]


@pytest.mark.parser
def test_the_evidence_names_the_speaker(ruleset: RuleSet, engines: Engines) -> None:
    text = "« Le pont rouvrira », a promis la préfète, Claire Aubert. « Les travaux avancent », a-t-il ajouté."
    (issue,) = issues_of(text, rules_below(ruleset, "fr/agreement/speech-tag"), engines)
    assert issue.evidence["speaker"] == "la préfète, Claire Aubert"
    assert issue.evidence["speaker"] in issue.message


@pytest.mark.parser
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Les discussions ont échoué. Ils reprendront lundi.", [("Ils", "Elles")]),
        ("Les discussions ont échoué. Elles reprendront lundi.", []),
        ("Les discussions des ministres ont échoué. Ils se reverront lundi.", []),
        ("Les discussions entre Paul Rey et Luc Faure ont échoué. Ils se reverront lundi.", []),
        ("Les victimes ont été entendues. Ils seront indemnisés.", []),
        ("Le gouvernement organise des élections. Ils promettent la transparence.", []),
    ],
)
def test_a_plural_pronoun_that_opens_a_sentence(
    text: str, expected: list[tuple[str, ...]], ruleset: RuleSet, engines: Engines
) -> None:
    assert found(text, rules_below(ruleset, "fr/agreement/plural-pronoun"), engines) == expected


@pytest.mark.parser
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("La banque a annoncé que leur bénéfice avait doublé.", [("leur bénéfice", "son bénéfice")]),
        ("Le constructeur a déclaré qu’il vendrait leur filiale en juin.", [("leur filiale", "sa filiale")]),
        ("Les banques ont annoncé que leur bénéfice avait doublé.", []),
        ("La banque a dit aux clients que leur budget était trop faible.", []),
        ("Le groupe et son rival ont annoncé leur stratégie.", []),
        ("Le groupe a payé les ouvriers et leur directeur.", []),
        ("Les éleveurs ont manifesté. La banque a refusé leur dette.", []),
        ("La famille a vendu leur entreprise.", []),
    ],
)
def test_the_possessive_of_one_institution(
    text: str, expected: list[tuple[str, ...]], ruleset: RuleSet, engines: Engines
) -> None:
    assert found(text, rules_below(ruleset, "fr/agreement/plural-possessive"), engines) == expected


GLOSS: dict[str, Any] = {
    "phenomenon": "gloss",
    "entries": [
        {"role": "ending", "form": "ções", "gender": "f", "number": "p"},
        {"role": "ending", "form": "mentos", "gender": "m", "number": "p"},
        {"role": "aside", "form": "rires"},
    ],
}


class Nouns(FakeLexicon):
    """Knows masculine or feminine plurals: `{"prix": "m"}`."""

    def entries(self, form: str) -> tuple[LexiconEntry, ...]:
        gender = self.forms.get(form, "")
        return (LexiconEntry(form, "NOUN", gender, "p"),) if gender else ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("« [Novas eleições] Ils auront lieu », dit le maire.", [("Ils", "Elles")]),
        ("« [Os medicamentos] Elles manquent », dit le maire.", [("Elles", "Ils")]),
        ("« [La taxe] il sera doublé », dit le maire.", [("il", "elle")]),
        ("« [La taxe] il faut la doubler », dit le maire.", []),
        ("« [La taxe] Ils sont furieux », dit le maire.", []),
        ("« [Rires] Elles sont là », dit le maire.", []),
        ("« [Les recettes] Ils montent », dit le maire.", [("Ils", "Elles")]),
        ("« [Les machins] Elles montent », dit le maire.", []),
        ("« [Novas eleições e medicamentos] Ils auront lieu », dit le maire.", []),
    ],
)
def test_a_gloss_in_brackets(text: str, expected: list[tuple[str, ...]]) -> None:
    rule = {**GLOSS, "entries": [*GLOSS["entries"]]}
    assert found_without_parse(agreement, text, Nouns({"recettes": "f", "rires": "m"}), **rule) == expected


PRONOUN_GENDERS = (
    (
        "Les travaux sont finis. La passerelle a rouvert lundi, car il relie les deux quartiers.",
        ("il", "elle"),
    ),
    (
        "Les piétons attendent. Le tunnel restera fermé tant qu’elle n’aura pas été rénové.",
        ("elle", "il"),
    ),
    ("Les mesures ont été adoptées trop tard, alors qu’ils étaient promises pour juin.", ("ils", "elles")),
    ("Les travaux ont commencé hier. Elles dureront tout le mois.", ("Elles", "Ils")),
)


@pytest.mark.parser
@pytest.mark.parametrize(("text", "expected"), PRONOUN_GENDERS)
def test_a_pronoun_of_the_gender_that_nothing_before_it_has(
    text: str, expected: tuple[str, ...], ruleset: RuleSet, engines: Engines
) -> None:
    rules = rules_below(ruleset, "fr/agreement/pronoun-gender")
    assert found(text, rules, engines) == [expected]


@pytest.mark.parser
@pytest.mark.parametrize(
    "text",
    [
        # The right pronoun, and one of two genders that stand before it.
        "La passerelle a rouvert lundi. Les cyclistes l’attendaient depuis un an, car elle relie les deux quartiers.",
        "La passerelle et le tunnel ont rouvert lundi. La mairie assure qu’il est sûr.",
        # Somebody who was named before what is looked at.
        "La cérémonie a réuni deux cents voisins. Il était né dans la rue d’à côté.",
        # Nobody's pronoun.
        "La passerelle a rouvert lundi. Il est possible que la navette reprenne aussi.",
        "La passerelle a rouvert lundi. La rue reste fermée, car il y a une fuite. Il faudra une semaine.",
        # Somebody with a name, people, a body that is spoken of in the plural.
        "La passerelle a rouvert lundi. La visite de Martin a duré une heure ; il est reparti à pied.",
        "Les familles ont fui la vallée. Selon la préfecture, ils étaient deux cents.",
        "La victime a été hospitalisée. La police assure qu’il est hors de danger.",
        # In a quotation, and in the first sentence of an article, others may be meant.
        "La passerelle a rouvert lundi. Une cycliste s’est étonnée : « La rue est fermée, et il le sait. »",
        "La caution a été payée et il est sorti.",
        # A time that nobody takes up.
        "La semaine a été longue. L’année aussi, dit-on, et il le répète.",
    ],
)
def test_silent_where_a_pronoun_may_stand_for_something_else(text: str, ruleset: RuleSet, engines: Engines) -> None:
    assert found(text, rules_below(ruleset, "fr/agreement/pronoun-gender"), engines) == []


def test_surnames_borne_by_a_man_and_a_woman_tell_nothing() -> None:
    names = {"Paul": "m", "Marie": "f", "Anne": "f"}
    nothing: frozenset[str] = frozenset()
    lexis = Lexis(nothing, nothing, names, {"ministre": "e"}, {}, nothing, nothing, nothing)
    view = "Paul Roux et Marie Roux ont vu le ministre Anne Le Gall, M. Blin, Mme Costa et Jean Marie Petit."
    assert surnames(lexis, view) == {"Roux": "", "Gall": "f", "Blin": "m", "Costa": "f"}


def test_a_role_of_another_phenomenon_is_an_error() -> None:
    with pytest.raises((ValueError, msgspec.ValidationError), match="unknown role"):
        agreement.compile([rule_of("agreement", phenomenon="gloss", entries=[{"role": "speech", "form": "dit"}])])
