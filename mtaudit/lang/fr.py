"""French: what the segmenter must know of French news copy."""

from __future__ import annotations

import re
from functools import partial

from mtaudit.model import LanguagePack
from mtaudit.segmentation import Conventions, segment


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NEVER_FINAL = _set("""
    M MM Mr Mrs Ms Mme Mmes Mlle Mlles Me Mes Mgr Dr Drs Pr Prof St Ste Sts Stes Vve Cdt Cne Cdr Gal Gén Lt Sgt Adj Brig
    Amb Hon Rev Rév R.P S.A.R S.E S.M S.S LL.MM N.-D cf Cf CF av Av apr Apr bd Bd boul Boul bld Bld env Env ca vs Vs
    tél Tél tel Tel fax ex Ex dir réf Réf alias fg Fg pl Fbg fbg rte sq ét cit op ibid Ibid adr feu Fr né née resp
""") - _set("feu né née ex pl Mes")
_BEFORE_NUMBER = _set("""
    p pp n no nos No Nos n° N° nº num art Art arts al chap Chap ch fig Fig figs vol Vol t tt liv vv § par sect Sect
    éd ed sc tab tabl ill in-fol fol col cap ann Ann paragr rés lot réf
""")
_BEFORE_SMALL = _set("""
    etc Etc janv Janv jan févr fév fev avr juil juill Juil sept Sept oct Oct nov Nov déc dec Déc lun mar mer jeu ven
    sam dim hab min sec max moy coll éds eds trad ss suiv sq sqq comp dép Dép dépt arr prov circ adm agric chim gouv
    univ Univ inst min mio mia mrd mln J.-C JC ap exc incl resp approx km kg ha
""")
_BEFORE_NAME = _set("""
    Inc Ltd Corp Co Cie Bros Jr Sr S.A S.A.S S.A.R.L SARL LLC Plc plc Int'l Assoc Ass Éd Ed Éds Soc Sté Ets Éts
    Jan Feb Mar Apr Aug Sep Dec Ch Th Ph Cl Fr Chr Jos Alph
""")
_OPENERS = _set("""
    Le La Les L Un Une Des Du De D Il Elle Ils Elles On Nous Vous Je J Tu Ce Cet Cette Ces C Cela Ça Ceci Son Sa Ses
    Leur Leurs Notre Nos Votre Vos Mon Ma Mes Dans En Pour Par Sur Sous Selon Après Avant Avec Sans Depuis Mais Et Ou Or
    Donc
    Ni Si S Quand Lorsque Lorsqu Comme Alors Ainsi Aussi Puis Puisque Plusieurs Certains Certaines Quelques Tous Toutes
    Tout Toute Chaque Aucun Aucune Qui Que Qu Quel Quelle Quels Quelles Où Pourquoi Comment Combien Malgré Face Chez
    Entre Vers Dès Pendant Durant Jusqu À A Au Aux Outre Suite Enfin Cependant Toutefois Pourtant Néanmoins Hier Demain
    Aujourd Désormais Parmi Contre Quant Y N M T Ne Se Lui Eux Celui Celle Ceux Celles Deux Trois Quatre Cinq Six Sept
    Huit Neuf Dix Interrogé Interrogée Lundi Mardi Mercredi Jeudi Vendredi Samedi Dimanche Rien Personne Parce Grâce
    Afin Bien Beaucoup Peu Plus Moins Même Autre Autres Surtout Seul Seule Seuls Concernant Actuellement
    Également Pas Non Oui Voici Voilà Car Quelque Quiconque Tandis Tant Tel Telle Ensuite Début Fin Mi
""")
_UNFINISHED = _set("""
    le la les l' un une des du de d' au aux à et ou ni que qu' qui dont où par pour sur sous dans en avec sans chez vers
    entre contre depuis dès selon ce cet cette ces son sa ses leur leurs notre nos votre vos mon ma mes ne se si comme
    très est sont ont avait m. mm. mme mlle dr
""")
_MIXED_CASE = _set("""
    easyjet airbaltic franceinfo francetv biomérieux opensuse openstreetmap thefork innovafeed deepmind playstation
    mastercard facebook microsoft
""")

_MONTH = (
    r"(?:janv(?:ier|\.)?|f[ée]v(?:r(?:ier|\.)?|\.)?|mars|avr(?:il|\.)?|mai|juin|juil(?:l(?:et|\.)?|\.)?|ao[ûu]t"
    r"|sept(?:embre|\.)?|oct(?:obre|\.)?|nov(?:embre|\.)?|d[ée]c(?:embre|\.)?)"
)
_WEEKDAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
_DAY = rf"(?:(?:le )?(?:{_WEEKDAY},? )?(?:1er|\d{{1,2}}) {_MONTH}(?: \d{{4}})?)"
_FIGURES = r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}(?:[./-]\d{1,2})?)"
_DATE = rf"(?:{_DAY}|{_FIGURES}|{_WEEKDAY} {_FIGURES})"
_CLOCK = r"(?:\d{1,2} ?[h:] ?\d{0,2}(?::\d{2}(?:[.,]\d+)?)?(?: ?min)?)"
_ZONE = r"(?: ?(?:Z|[+-]\d{2}:?\d{2}|UTC|GMT|CET|CEST|heure de Paris))"
_STAMP = rf"(?:\d{{4}}-\d{{2}}-\d{{2}}[T ]\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?{_ZONE}?)"
_WHEN = rf"(?:{_STAMP}|{_DATE}(?:,?(?: à| -| –| \||,)? ?{_CLOCK}{_ZONE}?)?|{_CLOCK}{_ZONE}?)"
_AGENCY = (
    r"(?:AFP|Reuters|REUTERS|Belga|BELGA|ATS|AP|EFE|ANSA|DPA|dpa|Xinhua|TASS|Tass|Keystone|PC|QMI|MAP|APS|TAP|APA"
    r"|Anadolu|AA|Sputnik|RIA Novosti|Interfax|awp|AWP|Bloomberg|PA|UPI|CNS|Fides|Lusa|NTB|TT|Agencia EFE|Agence QMI"
    r"|La Presse Canadienne|Presse Canadienne|Agence France-Presse|Europa Press|ONU Info|Xinhuanet|News Press)"
)
_AGENCIES = rf"(?:{_AGENCY}(?:(?:[/,-]| et | avec ){_AGENCY})*)"
_TOWN = (
    r"[A-ZÀ-Þ][\w'’-]{0,40}+"
    r"(?:[ /](?:[A-ZÀ-Þ(][\w'’)-]{0,40}+|sur|de|la|le|les|du|en|et|lès|sous|d['’]\w{1,40}+)){0,5}"
)
_PERSON = r"[A-ZÀ-Þ][\w'’.-]{0,30}(?: (?:(?:de|du|d['’]|le|la) ?)?[A-ZÀ-Þ][\w'’-]{1,30}){1,3}"
_CAPITALS = r"[A-ZÀ-Þ][A-ZÀ-Þ'’.-]{1,40}(?:[ /,][ ]?[A-ZÀ-Þ][A-ZÀ-Þ'’.-]{1,40}){0,5}"
_DASH = r"[ \u00a0\u202f]?(?:--?|–|—)(?=[ \u00a0\u202f])"

_DATELINE = re.compile(
    rf"(?:date {_FIGURES}[ ]|{_DATE}[ ,]+)?(?:"
    rf"{_CAPITALS}(?: \([\w'’ .-]{{2,30}}\))?(?:,? {_DATE})?(?:,? \((?:{_AGENCIES}|[\w'’ ./-]{{2,30}})\))?\.?{_DASH}"
    rf"|{_TOWN}(?:,? {_DATE})?,? \((?:avec )?{_AGENCIES}\)(?:\.?{_DASH}|[ \u00a0]?:|\.?(?=[ \u00a0][A-ZÀ-Þ«]))"
    rf"|{_TOWN},? {_DATE}{_DASH}"
    rf"|\((?:avec )?{_AGENCIES}\)(?:{_DASH}|(?=[ \u00a0]))"
    rf"|{_AGENCIES}{_DASH}"
    r")\s*"
)
_METADATA = re.compile(
    r"(?i:"
    rf"(?:(?:publié|mis à jour|posté|modifié|actualisé|créé|dernière mise à jour|publication|mise à jour|date)"
    rf"(?: (?:le|à|par|il y a))?[ \u00a0]*:?[ ]*)?(?:le )?{_WHEN}"
    rf"(?:[ ,|/–—-]+(?:(?:publié|mis à jour|modifié|actualisé|mise à jour)(?: (?:le|à))?[ \u00a0]*:?[ ]*)?{_WHEN})?"
    r"(?:[ ]*[,|–—-][ ]*(?-i:[A-ZÀ-Þ][\w'’&.-]{0,30}(?: [\w'’&-]{1,30}){0,3}))?"
    r"|il y a \d{1,3} (?:minutes?|heures?|jours?|mois|ans?)"
    r"|https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+"
    r"|(?:temps de )?lecture(?: estimée?)? ?:? ?\d+ ?(?:min(?:utes?)?|mn)\.?"
    rf"|(?-i:Par {_PERSON}(?:(?:,| et) {_PERSON}){{0,2}})"
    r"|\d+ (?:commentaires?|partages?|vues|réactions?|min(?:utes)? de lecture)"
    r")"
)
_TAGS = re.compile(r"(?i:(?:tags?|mots?[- ]clés?|étiquettes?|sujets?|thèmes?|rubriques?|catégories?)[ \u00a0]?:)")
_BOILERPLATE = re.compile(
    r"(?i:(?:[►▶→>•*-] ?)?(?:"
    r"(?:à )?(?:lire|voir|écouter|relire|découvrir)(?: aussi| également| encore)?[ \u00a0]*[:>|»]"
    r"|(?:à )?(?:lire|voir) (?:aussi|également)\b"
    r"|(?:re)?partager? (?:sur|cet article|l['’]article|via)\b|partagez\b.{0,40}(?:facebook|twitter|réseaux|article)"
    r"|partager[ ]?\Z|(?:abonnez|inscrivez)-vous\b|s['’](?:abonner|inscrire) (?:à|au|sur)\b"
    r"|suivez[- ](?:nous|toute|l['’]actu|notre|nos|[\w ]{2,30} sur )"
    r"|(?:photos?|crédits?(?: photo)?|image|illustration|vidéo|légende)[ \u00a0]*(?::|©)"
    r"|©|\(c\) |copyright\b|tous droits réservés|droits de reproduction"
    r"|cliquez ici|téléchargez (?:notre|l['’]appli)|rejoignez-nous|retrouvez-nous|contactez-nous"
    r"|cet article (?:vous a|est réservé|a été (?:initialement|traduit|publié))|publicité\Z"
    r"|la suite après (?:la|cette) publicité"
    r"|recevez (?:notre|nos|toute|chaque|gratuitement)|article réservé|déjà abonné|contenu sponsorisé"
    r"|newsletter\b|laisser un commentaire|connectez-vous|imprimer\Z|envoyer par (?:e-?mail|courriel)"
    r"))"
)
_CREDIT = re.compile(
    rf"[(\[]?(?:avec |source[ \u00a0]?: ?)?{_AGENCIES}(?: avec {_AGENCIES})?[)\]]\.?"
    rf"|[(\[](?:avec |source[ \u00a0]?: ?)?{_AGENCIES}[)\]]\.?|source[ \u00a0]?: ?{_AGENCIES}|{_AGENCIES}"
)

CONVENTIONS = Conventions(
    never_final=_NEVER_FINAL,
    before_number=_BEFORE_NUMBER,
    before_small=_BEFORE_SMALL,
    before_name=_BEFORE_NAME,
    openers=_OPENERS,
    unfinished=_UNFINISHED,
    mixed_case=_MIXED_CASE,
    dateline=_DATELINE,
    metadata=_METADATA,
    tags=_TAGS,
    boilerplate=_BOILERPLATE,
    credit=_CREDIT,
    date=re.compile(_DATE),
)

FRENCH = LanguagePack(code="fr", parser="fr_core_news_md", segment=partial(segment, conventions=CONVENTIONS))
