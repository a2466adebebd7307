"""Tricky texts: what each check finds in them, as the words found."""

import json
from datetime import date

import pytest

from trustwright.charter.voice import VoiceRule
from trustwright.checks import Evidence, Promise, Report, Source, Subject, run

DAY = date(2026, 1, 15)


def found(report: Report, text: str) -> list[str]:
    return [text[f.start : f.end] for f in report.findings]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9 out of 10 customers agree.", ["9 out of 10 customers"]),
        ("Trusted by over 3,000 companies.", ["over 3,000 companies"]),
        ("It cuts costs by 40 percent.", ["40 percent"]),
        ("Twice as fast, 3x faster.", ["Twice as fast", "3x"]),
        ("We are No. 1 and the market leader.", ["No. 1", "market leader"]),
        ("The world's most secure bank.", ["world's most secure"]),
        ("Unlike other banks we listen.", ["Unlike other banks"]),
        ("A risk-free investment.", ["risk-free"]),
        ("Best regards, and at least try your best.", []),
        ("Most of the guests took the test at the nearest forest.", []),
        ("Get 20 % off, plus 8 % VAT.", []),
        ("No later than Friday, rather than more than 3 days.", []),
        ("A table for 4 people.", []),
        ("The best way to reach us is by phone.", []),
        ("There is no guarantee of success.", []),
    ],
)
def test_claims(text: str, words: list[str]) -> None:
    assert found(run(Subject((("text", text),), today=DAY), only=["unproven-claim"]), text) == words


@pytest.mark.parametrize(
    ("claim", "until", "code"),
    [
        ("97 % of customers renew", None, None),
        ("97 % of customers renew", date(2026, 1, 15), None),
        ("97 % of customers renew", date(2026, 1, 14), "evidence-expired"),
        ("79 % of customers renew", None, "percentage"),
        ("97 % of parcels arrive on time", None, "percentage"),
    ],
)
def test_evidence_proves_what_it_says_until_its_last_day(
    claim: str, until: date | None, code: str | None
) -> None:
    subject = Subject(
        (("text", "Great news: 97% of our customers renew."),),
        today=DAY,
        evidence=(Evidence(claim, "survey", "Ada", until),),
    )
    findings = run(subject, only=["unproven-claim"]).findings
    assert [f.code for f in findings] == ([code] if code else [])


SOURCE = (
    "Stephen William Hawking (born 8 January 1942) was an English physicist. In 2002 he was ranked "
    "number 25 in the BBC's poll of 8,537,673 people in 23 countries in the late 1960s, 5 % of them in "
    "Mexico and the United States. He said: “Remember to look up at the stars.” Café Müller."
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He was born on 8 Jan. 1942, in January 1942, on 1942-01-08.", []),
        ("He was born on January 9, 1942.", ["January 9, 1942"]),
        ("He was born in 1943.", ["1943"]),
        ("Over 8 million voted, about 8.5 million.", []),
        (
            "Over 9 million voted, in twenty-three or twenty-four lands.",
            ["9 million", "twenty-four"],
        ),
        ("He was ranked 25th of the '60s.", []),
        ("In all, 25 % agreed.", ["25 %"]),
        ("The physicist Stephen Hawking, an Englishman.", []),
        ("The famous physicist Steven Hawkins.", ["Steven Hawkins"]),
        ("Many Mexicans in the US and the USA.", []),
        ("They met at Cafe Muller, in the MÜLLER.", []),
        ('He said "look up at the stars".', []),
        ('He said "look down at the stars".', ['"look down at the stars"']),
        ("Yes! Two of them. One day we'll see. I'm sure. On Monday?", []),
        ("Dear Ms Brown,\nhe was ranked 25.\nKind regards,\nPeter Grey", []),
    ],
)
def test_citations(text: str, words: list[str]) -> None:
    subject = Subject((("text", text),), today=DAY, sources=(Source("1", SOURCE),))
    assert found(run(subject, only=["citation"]), text) == words


@pytest.mark.parametrize(
    ("text", "sources", "checkable"),
    [
        ("It was in 2002.", (Source("1", SOURCE),), True),
        ("I love animals!", (Source("1", SOURCE),), False),
        ("It was in 2002.", (), None),
    ],
)
def test_nothing_checkable_is_said(
    text: str, sources: tuple[Source, ...], checkable: bool | None
) -> None:
    assert run(Subject((("text", text),), today=DAY, sources=sources)).checkable is checkable


def test_a_finding_shows_what_the_source_says_instead() -> None:
    subject = Subject(
        (("text", "It was in 24 countries."),), today=DAY, sources=(Source("bbc", SOURCE),)
    )
    (finding,) = run(subject, only=["citation"]).findings
    assert finding.source
    where, start, end = finding.source
    assert (where, SOURCE[start:end]) == ("bbc", "23")


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("We'll refund you. Our support team will call you back.", 2),
        ("We are going to fix it, and you can expect a reply soon.", 2),
        ("Your new card will be sent tomorrow and will arrive on Friday.", 1),
        ("We promise. You have my word.", 2),
        ("We will see. I'll be honest. We refunded it. Will you come?", 0),
        ("We will be happy to help. If you will.", 0),
    ],
)
def test_promises(text: str, n: int) -> None:
    assert len(run(Subject((("text", text),), today=DAY), only=["unowned-promise"]).findings) == n


@pytest.mark.parametrize(
    ("quote", "owner", "due", "code"),
    [
        ("we will  refund you", "Ada", date(2026, 1, 15), None),
        ("we will refund you", "Ada", date(2026, 1, 14), "promise-overdue"),
        ("we will refund you", " ", date(2026, 2, 1), "no-owner"),
        ("a new card", "Ada", date(2026, 2, 1), "no-owner"),
        ("we", "Ada", date(2026, 2, 1), "no-owner"),
    ],
)
def test_a_promise_is_taken_on_with_owner_and_date(
    quote: str, owner: str, due: date, code: str | None
) -> None:
    subject = Subject(
        (("text", "Sorry! We will refund you, and a new card is here."),),
        today=DAY,
        promises=(Promise(quote, owner, due),),
    )
    assert [f.code for f in run(subject, only=["unowned-promise"]).findings] == (
        [code] if code else []
    )


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a\u202eb", ["bidi"]),
        ("a\U000e0041b", ["tags"]),
        ("\U0001f600\ufe0f\U000e0101\U000e0102", ["selector-run"]),
        ("a\ufe0fb", ["selector"]),
        ("a\u200bb\u00ad", ["invisible", "invisible"]),
        ("a\x07b\x9b", ["control", "control"]),
        ("a\u200fb", ["mark"]),
        ("\U0001d405ree", ["styled"]),
        (
            "p\u0430ypal and \u0430\u0440\u0440\u0435 in English text",
            ["mixed-script", "mixed-script"],
        ),
        ("\ufeffHi\r\n\tthere ❤️ 👩\u200d👩\u200d👧 1️⃣ 🏳️\u200d🌈 👩🏽\u200d🔬", []),
        ("می\u200cخواهم क्\u200dष 葛\U000e0100 \u05e9\u05dc\u05d5\u05dd\u200f!", []),
        ("Привет, мир! Ελλάδα 5 μm, ДНК и РНК", []),
    ],
)
def test_hidden_characters(text: str, codes: list[str]) -> None:
    report = run(Subject((("text", text),), today=DAY), only=["hidden-characters"])
    assert [f.code for f in report.findings] == codes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("DE89370400440532013000 GB82 WEST 1234 5698 7654 32 now", ["DE89370400440532013000", "GB82 WEST 1234 5698 7654 32"]),
        ("5555-5555-5555-4444, 378282246310005", ["5555-5555-5555-4444", "378282246310005"]),
        ("AHV 756.9217.0769.85, DNI 12345678Z, NIE X1234567L, CPF 529.982.247-25", ["756.9217.0769.85", "12345678Z", "X1234567L", "529.982.247-25"]),
        ("DNI 12345678A, CPF 529.982.247-26, 4111111111111112, DE89370400440532013001", []),
        ("ada.m+x@mail.example.co.uk, info@example.com, @ada, a@b", ["ada.m+x@mail.example.co.uk"]),
        ("Call (212) 555-0100, 0044 20 7946 0000 or 079 555 01 02", ["(212) 555-0100", "0044 20 7946 0000", "079 555 01 02"]),
        ("Order 20260115-4711 of 15.01.2026, 1,250,000 units, 0.123456789, 10:30", []),
        ("Yours: bo@example.com, 079 555 09 09, CH93 0076 2011 6238 5295 7", []),
    ],
)  # fmt: skip
def test_personal_data(text: str, words: list[str]) -> None:
    own = ("BO@example.com", "+41 79 555 09 09", "CH9300762011623852957")
    assert (
        found(
            run(Subject((("text", text),), today=DAY, recipient=own), only=["personal-data"]), text
        )
        == words
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Dear {{ user.name }}, *|FNAME|* %%last_name%%", ["{{ user.name }}", "*|FNAME|*", "%%last_name%%"]),
        ("[Insert date here] <NAME> ${total}", ["[Insert date here]", "<NAME>", "${total}"]),
        ("Hi {first_name}, {% if vip %}", ["{first_name}", "{% if vip %}"]),
        ("Certainly! Here is a revised version of the email:", ["Here is a revised version"]),
        ("TODO: price. Open: tbd", ["TODO:", "tbd"]),
        ("Save 10% and 20% on [your plan](https://example.com).", []),
        ("Write `[Name]` or `{{name}}`. Todo mi amor. A {set} of [1, 2].", []),
        ("<b>Name</b> and a<b, 5 % VAT % of it, I'm an AI assistant.", []),
    ],
)  # fmt: skip
def test_residue(text: str, words: list[str]) -> None:
    assert (
        found(run(Subject((("text", text),), today=DAY), only=["template-residue"]), text) == words
    )


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("Our heartfelt condolences. Our thoughts are with your family.", 2),
        ("We’re so very sorry about your mother. It breaks my heart.", 2),
        ("I can imagine how hard this must be. We have missed you!", 2),
        ("I truly feel your pain, I'm proud of you.", 2),
        ("Sorry about the delay. We care about your data. I'm happy to help.", 0),
        ("I know how you can miss your mother's call. I love your new shoes.", 0),
        ("He wrote “I love you” on the card. I understand. Thank you for caring.", 0),
    ],
)
def test_caring(text: str, n: int) -> None:
    assert len(run(Subject((("text", text),), today=DAY), only=["simulated-caring"]).findings) == n


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A sustainable choice, better for the planet.", ["sustainable choice", "better for the planet"]),
        ("We are carbon neutral and go green.", ["carbon neutral", "go green"]),
        ("Zero waste, plastic-free, biodegradable.", ["Zero waste", "plastic-free", "biodegradable"]),
        ("It cuts your energy consumption, using renewable energy.", ["cuts your energy consumption", "using renewable energy"]),
        ("A green dress, sustainable growth, the climate in Rome.", []),
        ("The transition to a low-carbon economy matters to nature.", []),
        ("Natural light, organic search, a clean desk, wind and water.", []),
    ],
)  # fmt: skip
def test_environment(text: str, words: list[str]) -> None:
    assert (
        found(run(Subject((("text", text),), today=DAY), only=["environmental-claim"]), text)
        == words
    )


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("I don't want to live anymore.", ["don't want to live anymore"]),
        ("My late mother held the account; her funeral was today.", ["My late mother"]),
        ("I’ve lost my job and cannot pay my bills", ["I’ve lost my job", "cannot pay my bills"]),
        ("My lawyer will hear of it. Worst service!", ["My lawyer", "Worst service"]),
        ("put me through to a human, no bots", ["put me through to a human", "no bots"]),
        ("I want to transfer to someone. My phone died. The heat is killing me.", []),
        ("Where is my parcel? It is the second one.", []),
    ],
)
def test_distress_in_what_the_customer_wrote(written: str, words: list[str]) -> None:
    subject = Subject((("text", "Thank you. I want to end it all."),), today=DAY, written=written)
    findings = run(subject, only=["distress"]).findings
    assert {f.part for f in findings} <= {"written"}
    assert [written[f.start : f.end] for f in findings] == words


@pytest.mark.parametrize(
    ("parts", "channel", "attention", "words"),
    [
        (("one " * 23, ""), "push", None, []),
        (("one " * 20, "two " * 3 + "three four"), "push", None, ["three four"]),
        (("one " * 20, "two " * 3 + "three four"), "push", 7, []),
        (("one " * 20, "two " * 3 + "three four"), "email", None, []),
        (("one " * 5, ""), "email", 1, ["one one "]),
        (("🎉 " * 99, "— " * 99), "social", None, []),
        (("請問您的包裹在哪裡", "を" * 18), "social", None, ["を" * 18]),
    ],
)
def test_six_seconds(
    parts: tuple[str, str], channel: str, attention: int | None, words: list[str]
) -> None:
    named = tuple(zip(("title", "text"), parts, strict=True))
    subject = Subject(named, today=DAY, channel=channel, attention=attention)
    findings = run(subject, only=["reading-time"]).findings
    assert [dict(named)[f.part][f.start : f.end] for f in findings] == words


@pytest.mark.parametrize(
    ("rule", "text", "words"),
    [
        ({"extends": "existence", "tokens": ["very", r"re\w+ly"]}, "Very, really every.", ["really"]),
        ({"extends": "existence", "tokens": ["very"], "ignorecase": True}, "Very!", ["Very"]),
        ({"extends": "existence", "tokens": ["!!"], "nonword": True}, "Now!!", ["!!"]),
        ({"extends": "existence", "tokens": ["b.g"], "exceptions": ["bag"]}, "bag big", ["big"]),
        ({"extends": "substitution", "swap": {"(re)?use": "take", "x|y": "z"}}, "reuse y", ["reuse", "y"]),
        ({"extends": "substitution", "swap": {"E-?mail": "Email"}}, "Email E-mail", ["E-mail"]),
        ({"extends": "occurrence", "token": "a", "max": 1}, "a. a. a.", ["a"]),
        ({"extends": "occurrence", "token": "a", "max": 1, "scope": "sentence"}, "a. a b a.", ["a"]),
        ({"extends": "occurrence", "token": "a", "max": 0}, "a", ["a"]),
        ({"extends": "occurrence", "token": "at risk", "min": 1}, "Buy.", ["Buy."]),
        ({"extends": "occurrence", "token": "at risk", "min": 1}, "You are at risk.", []),
    ],
)  # fmt: skip
def test_voice(rule: dict[str, object], text: str, words: list[str]) -> None:
    voice = (VoiceRule.model_validate_json(json.dumps({"id": "it", **rule})),)
    report = run(Subject((("text", text),), today=DAY, voice=voice), only=["voice"])
    assert found(report, text) == words
    assert {f.code for f in report.findings} <= {"it"}


def test_a_substitution_says_what_to_say() -> None:
    rule = VoiceRule(id="it", extends="substitution", swap=(("utilise|utilize", "use"), ("b", "c")))
    subject = Subject((("text", "We utilize b."),), today=DAY, voice=(rule,))
    messages = [f.message for f in run(subject, only=["voice"]).findings]
    assert messages == ["We say “use”, not “utilize”.", "We say “c”, not “b”."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SAVE 20% today, 30 % off, £5 voucher.", ["SAVE 20%", "30 % off", "£5 voucher"]),
        ("Buy one, get one free. Half price!", ["Buy one, get one", "Half price"]),
        ("From $5/month, only 9,99 € each", ["From $5", "only 9,99 €"]),
        ("Free delivery, and returns are free.", ["Free delivery", "returns are free"]),
        ("We refunded €20. It sold for $8.5 million. Feel free! Sugar-free.", []),
        ("Only 20 people came, 5 % of them by car, at half past three.", []),
    ],
)
def test_offers(text: str, words: list[str]) -> None:
    assert found(run(Subject((("text", text),), today=DAY), only=["unproven-offer"]), text) == words


def test_an_offer_that_has_ended_is_named() -> None:
    evidence = (Evidence("20 % off all shoes", "Price list 7", "Bo", date(2026, 1, 14)),)
    subject = Subject((("text", "20% off all shoes!"),), today=DAY, evidence=evidence)
    (finding,) = run(subject, only=["unproven-offer"]).findings
    assert (finding.code, "2026-01-14" in finding.message) == ("evidence-expired", True)


def test_a_card_is_found_with_another_number_behind_it() -> None:
    for text, card in (
        ("It went to 4048028685631506 1768 times.", "4048028685631506"),
        ("On 4111 1111 1111 1111 12 times", "4111 1111 1111 1111"),
        ("Order 4111 1111 1111 1112 12", ""),
    ):
        report = run(Subject((("text", text),), today=date(2026, 1, 15)), only=["personal-data"])
        assert [text[f.start : f.end] for f in report.findings if f.code == "card"] == [
            card
        ] * bool(card)
