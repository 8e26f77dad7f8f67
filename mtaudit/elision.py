"""How French words meet: elision (*l'homme* but *le hasard*) and contraction (*de le* is *du*)."""

from __future__ import annotations

_VOWELS = frozenset("aeiouyàâéèêëîïôöùûüœæ")

#: Beginnings of words in h- that elide; the h of every other word is taken for aspirated, the safer guess in print.
_MUTE_H = tuple(
    """habil habit hallucin harmoni hebdo héberg hébét hectare hégémon hélic hélio hémi hémo hépat herb hérédit hérit
    hermé héroïn héroïq héroïsm hésit hétéro heur hexa hibern hier hilar hindou hippi hippo hirond hispan histoi histor
    hiver holocaust homéo homici homm homo honnê honneur honor hôpital hôpitaux horaire horizon horlog hormon horosc
    horreur horrib hospi hosti hôte huil huissier huître humain human humbl humeur humid humili humour hydra
    hydro hygièn hymne hyper hypo hystér""".split()  # noqa: SIM905 - a list of beginnings reads better so
)
_NO_ELISION = ("onz", "oui", "ouistiti", "yacht", "yaourt", "yen", "yeti", "yog", "yémen", "yougo", "uhlan", "ululem")


def elides(word: str) -> bool:
    """True when *le*, *de*, *ma* … change before the word: it begins with a vowel or a mute h."""
    lower = word.lower()
    if lower.startswith("h"):
        return lower.startswith(_MUTE_H)
    return lower[:1] in _VOWELS and not lower.startswith(_NO_ELISION)


_CONTRACTIONS = ((" de le", " du"), (" de les", " des"), (" à le", " au"), (" à les", " aux"))


def contracted(phrase: str) -> str:
    """The phrase with a preposition and an article at its end made one: *discuter de le* is *discuter du*."""
    for apart, joined in _CONTRACTIONS:
        if phrase.endswith(apart):
            return phrase.removesuffix(apart) + joined
    return phrase
