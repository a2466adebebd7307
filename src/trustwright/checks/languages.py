"""Which language is it, as far as script and small words tell? What they leave open is said so.

The words are the most frequent ones of each language in half of the sentences of lingua's test data
(Leipzig corpora), without names and topics; the other half is what `language` was measured on.
"""

import re
from collections import Counter

from trustwright.checks.english import said

# Scripts by their letters; what is none of them is Latin. A language of the second kind is settled by its
# script alone, as far as the languages go that a company writes in.
_SCRIPTS = {
    "Cyrl": "\u0400-\u052f",
    "Grek": "\u0370-\u03ff\u1f00-\u1fff",
    "Arab": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    "Hebr": "\u0590-\u05ff",
    "Deva": "\u0900-\u097f",
    "Thai": "\u0e00-\u0e7f",
    "Hang": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "Kana": "\u3041-\u30ff",
    "Hani": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
}
ALONE = {"el": "Grek", "he": "Hebr", "th": "Thai", "ko": "Hang", "ja": "Kana", "zh": "Hani"}
_WRITTEN = {
    "ru": "Cyrl",
    "uk": "Cyrl",
    "bg": "Cyrl",
    "sr": "Cyrl",
    "ar": "Arab",
    "fa": "Arab",
    "ur": "Arab",
}
_WRITTEN |= {"hi": "Deva", "mr": "Deva", **ALONE}
SMALL = {
    "en": "the of and to a in is for on be with that as it by are at will you was or not this from i can all an has have "
    "which if one your but our we he more been after out other his what when there they their do just me my so up would",
    "de": "die der und in den von das mit auf für ist sie zu ein im sich des es auch an eine nicht dem werden wir wird sind "
    "nach ich als einer einen oder aus am man bei wie einem uns war über kann nur können so vor ihr ihre ihnen wenn dass haben",
    "fr": "de la l et à le les des d en est du un une dans par pour il que au sont sur qui a pas avec ce s plus ne n se qu mais on "
    "ou ils cette être c peut aux même nous deux leur entre je vous votre vos elle si tout très sans",
    "es": "de la y que en el a los un se las con es para no del una por su al lo como ha este muy si o son ya pero ser esta te todo "
    "entre tiene sus cada hay me tu sobre más está qué sin cuando usted nos también",
    "it": "di e il la in a che per un è del l i della le non da si con ha al dei alla sono anche ma più nel d delle sul dal "
    "dall nella gli alle due ad se ci c lo come questo mi ti suo tuo una quando",
    "pt": "de a o e que do da com para em os um no na se não é por mais as uma dos mas ao das à tem como sua muito nos também ou já "
    "está foi ser pela seu pelo este são há você isso meu quando sem",
    "nl": "de in van het een en is op met zijn voor door hij te die werd uit was als dat aan ook bij er deze ze naar maar om of tot "
    "na dit worden werden niet heeft wordt dan haar je we uw ik wij kan wat nog geen",
    "sv": "och i att en för som av är på med till det har ett de om den kan från inte man vi sig eller du finns så här men efter "
    "detta var alla han ska när jag ut många hur även få skall där mycket mig din dig",
    "da": "i og er at til en det på af med har for der de den som ikke kan jeg et du men om så vi være var hvor fra man skal eller når "
    "ved mange vil også her blev efter han sig meget op nye få vores hvis mig dig din",
    "nb": "i og er til av som det for på en med å at har et ikke om kan den de vi fra dette skal ved eller var vil etter også men blir "
    "andre denne være du han ble kunne når seg mot ut så jeg må sine meg deg hva",
    "pl": "w i na z się nie do to jest że o po od a za są już ma tym ale tylko dla jak które co jednak być przez oraz bo będzie jego "
    "tej tego przed ich też można czy który mają jeśli może pan pani",
    "cs": "a v na se je s o do z že k i to pro ve si po jako od nebo by za byl jsou při ale které jsem tak také aby jak jen co která "
    "bylo být u proto pokud před jsme který může už není jeho",
    "hu": "a az és hogy is nem egy meg de volt csak ez mint már el még azt vagy ha mert így után ki minden majd van két pedig nagyon "
    "ezt én lehet olyan amely akkor úgy egyik be most ott sem ön",
    "ro": "de a la este în cu şi și si care o pentru din pe in mai nu un se ca au sau să sa fost sunt ce va fi că prin i s al acest dar cel "
    "cele noi aceasta am lui le vor ţi dumneavoastră",
    "tr": "ve bir bu ile i da olarak için de daha her olan çok en sonra ilgili tarafından gibi kadar ya ise o göre ilk "
    "ne veya üzere zaman genel yeni önemli olduğu ancak iki siz biz size mi",
    "ru": "и в не на что я с он а но к как по это его у из мы все то они было ее только о за от так если мне здесь или них были еще "
    "ты же их до сам можно даже где меня бы для вы вас ваш",
    "uk": "і на в у з не що до та а за це й його для про від я але як по він є їх її вони якщо був то із чи які може або цього коли "
    "того вона лише щоб тільки який час тому так також ви вас ваш",
    "ar": "في من على أن إلى التي عن و ما أو هذا لا هذه كما بعض ذلك الذي مع هو إن الى بعد هل كل قد الآن لم عليه بين ومن كان هي كانت",
    "hi": "में के की है से को का पर भी और कि तो ने एक ही हैं इस नहीं यह हो कर था करने जो वह तक हुए किया लिए कुछ साथ आप गया अपने",
}  # fmt: skip
_HEARD: dict[str, list[str]] = {}
for _language, _listed in SMALL.items():
    for _small in dict.fromkeys(_listed.split()):
        _HEARD.setdefault(_small, []).append(_language)
_ALL = frozenset(_HEARD)
_SCRIPT = re.compile("|".join(f"(?P<{name}>[{letters}]+)" for name, letters in _SCRIPTS.items()))
_FOREIGN = re.compile(f"[{''.join(_SCRIPTS.values())}]")
# Vowel signs of Devanagari belong to the word.
_TOKEN = re.compile(r"[^\W\d_]+(?:[\u0900-\u0903\u093a-\u094f]+[^\W\d_]*)*")


def primary(tag: str) -> str:
    """The language of a BCP 47 tag: `de` of `de-AT`."""
    code = tag.split("-")[0].lower()
    return {"no": "nb", "iw": "he"}.get(code, code)


def script(text: str) -> str:
    """The script most letters are in; Japanese is Kana, also with many Chinese characters."""
    if text.isascii() or not _FOREIGN.search(text):
        return "Latn"
    counted: Counter[str] = Counter()
    for m in _SCRIPT.finditer(text):
        counted[m.lastgroup or ""] += len(m.group())
    counted["Latn"] = sum(map(str.isalpha, text)) - counted.total()
    if counted["Kana"] * 5 > counted["Hani"]:
        counted["Kana"] += counted.pop("Hani", 0)
    return max(counted, key=lambda name: counted[name])


def agrees(text: str, language: str) -> bool | None:
    """Whether it is in the language (a `primary` one). None: script and small words don't settle it."""
    seen = script(text)
    if language in _WRITTEN or language in SMALL:
        if seen != _WRITTEN.get(language, "Latn"):
            return False
        if language in ALONE:
            return True
    spoken = _words(text) if seen == "Deva" else said(text)
    counted = Counter(of for word in spoken & _ALL for of in _HEARD[word])
    theirs = counted.pop(language, 0)
    others = max(counted.values(), default=0)
    if theirs >= 2 and theirs * 12 >= len(spoken) and theirs > others + others // 4:
        return True
    if language in SMALL and others >= 3 + 3 * theirs and others * 6 >= len(spoken):
        return False
    return None


def _words(text: str) -> frozenset[str]:
    return frozenset(_TOKEN.findall(text))
