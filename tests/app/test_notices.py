"""People hear of their duties by mail: a notice and a link, a digest instead of a flood, nothing lost."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.app.certificates import certified
from trustwright.app.notices import Notices
from trustwright.app.worker import Worker
from trustwright.connectors.channels.mail import Mail
from trustwright.duties.notices import Letter
from trustwright.kernel.errors import Invalid, Unavailable
from trustwright.testing.company import Company, files

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CALENDARS = """
calendars:
  - {id: office, time_zone: Europe/Berlin, hours: [Mo-Fr 09:00-17:00]}
"""


class Postbox:
    """A mail server that keeps what it is given. `refuses`: addresses it doesn't take."""

    def __init__(self, **more: Any) -> None:
        self.mails: list[EmailMessage] = []
        self.refuses: set[str] = set()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._more = more
        self.start()

    def start(self) -> None:
        self._server = Controller(self, "127.0.0.1", self.port, **self._more)
        self._server.start()

    def stop(self) -> None:
        self._server.stop()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return "550 Nobody here by that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.original_content or b""
        self.mails.append(message_from_bytes(raw, policy=policy.default))
        return "250 OK"

    def to(self, person: str) -> list[EmailMessage]:
        return [m for m in self.mails if f"{person}@birch.example" in str(m["To"])]


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    made = Postbox()
    yield made
    made.stop()


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    """Times are 23 November 2026, 10:00 in Berlin, where everybody works from 9 to 5."""
    made = Company(
        tmp_path / "workspace",
        calendars=CALENDARS,
        company=files()["company.yaml"] + "calendar: office\ntime_zone: Europe/Berlin\n",
    )
    yield made
    made.close()


def mail(postbox: Postbox) -> Mail:
    return Mail(f"smtp://127.0.0.1:{postbox.port}", "trustwright@birch.example")


def worker(company: Company, postbox: Postbox) -> Worker:
    at_work = Worker(company.app, notices=Notices(company.app, mail(postbox)))
    rounds(at_work)
    return at_work


def rounds(at_work: Worker, n: int = 2) -> None:
    """One round looks, the next one sends."""
    for _ in range(n):
        at_work.tick()


def proposes(company: Company, workflow: str = "replies", text: str = "In 1891.") -> str:
    return str(company.system().proposes(text, workflow).case)


def body(message: EmailMessage) -> str:
    return str(message.get_content()).replace("\r\n", "\n")


def test_a_notice_names_the_duty_and_the_link_and_nothing_of_the_case(
    company: Company, postbox: Postbox
) -> None:
    at_work = worker(company, postbox)
    case = proposes(company, text="Dear Ms Quill, in 1891.")
    rounds(at_work)
    (told,) = postbox.mails
    assert told["To"] == "Ada Birch <ada@birch.example>"
    assert told["From"] == "Trustwright <trustwright@birch.example>"
    assert told["Subject"] == "Replies: a case to decide, due Tue 1 Dec 2026, 10:00"
    assert told["Auto-Submitted"] == "auto-generated"
    assert told.get_content_type() == "text/plain"
    assert "It is yours." in body(told)
    assert f"http://localhost:8787/console/cases/{case}\n" in body(told)
    assert "Europe/Berlin" in body(told)
    assert "Quill" not in str(told)
    assert "1891" not in str(told)


def test_one_mail_an_hour_and_the_next_one_has_the_rest(company: Company, postbox: Postbox) -> None:
    at_work = worker(company, postbox)
    proposes(company)
    rounds(at_work)
    cases = [proposes(company) for _ in range(3)]
    rounds(at_work, 5)
    assert len(postbox.mails) == 1
    company.wait(minutes=61)
    rounds(at_work, 5)
    _, digest = postbox.mails
    assert digest["Subject"].startswith("3 duties wait for you")
    assert all(case in body(digest) for case in cases)


def test_high_risk_is_told_at_once_and_at_night(company: Company, postbox: Postbox) -> None:
    at_work = worker(company, postbox)
    company.wait(hours=10)
    reply = proposes(company)
    rounds(at_work, 3)
    assert postbox.mails == []
    letter = proposes(company, "letters")
    rounds(at_work)
    (told,) = postbox.mails
    assert letter in body(told)
    assert "High risk" in body(told)
    assert reply in body(told)
    proposes(company, "letters")
    rounds(at_work)
    assert len(postbox.mails) == 2


def test_what_is_decided_before_the_mail_goes_is_not_told(
    company: Company, postbox: Postbox
) -> None:
    ada, at_work = company.person("ada"), worker(company, postbox)
    company.wait(hours=10)
    case = proposes(company)
    rounds(at_work)
    ada.countersigns(case)
    company.wait(hours=14)
    rounds(at_work, 3)
    assert postbox.mails == []


def test_reminded_and_escalated(company: Company, postbox: Postbox) -> None:
    at_work = worker(company, postbox)
    proposes(company)
    rounds(at_work)
    company.wait(days=7)
    rounds(at_work)
    assert "A reminder: little time is left." in body(postbox.to("ada")[1])
    company.wait(days=1, hours=2)
    rounds(at_work, 3)
    assert "because nobody answered in time" in body(postbox.to("bo")[0])


def test_handed_on_and_in_place_of_somebody_away(company: Company, postbox: Postbox) -> None:
    ada, at_work = company.person("ada"), worker(company, postbox)
    case = proposes(company)
    ada.asks("hand_on", case, to="bo", question="Yours?")
    rounds(at_work)
    assert "A colleague handed it on to you." in body(postbox.to("bo")[0])
    assert postbox.to("ada") == []
    company.wait(hours=2)
    company.asks(
        "absences.state",
        company.person("bo").actor,
        person="bo",
        first="2026-11-23",
        last="2026-11-24",
    )
    rounds(at_work, 3)
    assert "because its owner is away" in body(postbox.to("ada")[0])


def test_a_mail_server_that_is_down_for_an_hour_gets_one_digest(
    company: Company, postbox: Postbox
) -> None:
    at_work = worker(company, postbox)
    postbox.stop()
    cases = []
    for _ in range(6):
        cases.append(proposes(company))
        rounds(at_work, 3)
        company.wait(minutes=10)
    with company.view() as view:
        assert view.remembered("failing", "mail")
    postbox.start()
    rounds(at_work, 40)
    (digest,) = postbox.mails
    assert all(case in body(digest) for case in cases)
    with company.view() as view:
        assert view.remembered("failing", "mail") is None


def test_after_a_kill_the_same_mail_goes_under_the_same_id(
    company: Company, postbox: Postbox
) -> None:
    class Killed(BaseException):
        """As if the power went."""

    class Dies(Mail):
        def send(self, letter: Letter, now: datetime) -> None:
            super().send(letter, now)
            raise Killed

    worker(company, postbox)
    proposes(company)
    dies = Notices(company.app, Dies(f"smtp://127.0.0.1:{postbox.port}", "t@birch.example"))
    dies.round()
    with pytest.raises(Killed):
        dies.round()
    proposes(company)
    company.wait(seconds=30)
    worker(company, postbox)
    first, second = postbox.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert body(first) == body(second)
    company.wait(minutes=61)
    rounds(worker(company, postbox))
    assert len({m["Message-ID"] for m in postbox.mails}) == 2
    assert len(postbox.mails) == 3


def test_an_address_nobody_takes_keeps_no_mail_from_others(
    company: Company, postbox: Postbox
) -> None:
    at_work = worker(company, postbox)
    postbox.refuses.add("ada@birch.example")
    first = proposes(company)
    proposes(company, "notices")
    rounds(at_work, 3)
    assert [m["To"].addresses[0].username for m in postbox.mails] == ["bo"]
    postbox.refuses.clear()
    company.wait(minutes=11)
    rounds(at_work)
    assert first in body(postbox.to("ada")[0])


def test_switched_on_late_everybody_hears_once_of_all_they_owe(
    company: Company, postbox: Postbox
) -> None:
    for _ in range(23):
        proposes(company)
    worker(company, postbox)
    (digest,) = postbox.mails
    assert digest["Subject"].startswith("23 duties wait for you")
    assert body(digest).count("/console/cases/") == 20
    assert "And 3 more." in body(digest)


def written(**changed: str) -> Letter:
    known = {
        "name": "Ada",
        "address": "ada@birch.example",
        "subject": "S",
        "text": "T\n",
        "id": "<1@x>",
    }
    return Letter(**{**known, **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Ada\r\nBcc: eve@evil.example"},
        {"subject": "S\nBcc: eve@evil.example"},
        {"address": "ada@birch.example, eve@evil.example"},
        {"address": "ada@birch.example\r\nDATA"},
    ],
)
def test_nothing_smuggles_a_header_or_a_receiver_in(
    postbox: Postbox, changed: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as e:
        mail(postbox).send(written(**changed), NOW)
    assert e.value.code == "mail-refused"
    assert postbox.mails == []


def test_a_name_of_any_letters_arrives(postbox: Postbox) -> None:
    mail(postbox).send(written(name='Zoë "Z" O’Hára, <x@y>', subject="Přípravy: 承認"), NOW)
    (told,) = postbox.mails
    assert told["To"].addresses[0].display_name == 'Zoë "Z" O’Hára, <x@y>'
    assert told["To"].addresses[0].addr_spec == "ada@birch.example"
    assert told["Subject"] == "Přípravy: 承認"


def let_in(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
    return AuthResult(success=(given.login, given.password) == (b"me", b"p:@/s"), handled=False)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_with_tls_and_a_password(tmp_path: Path, scheme: str) -> None:
    shows, trusts = certified(tmp_path)
    tls = {"ssl_context": shows} if scheme == "smtps" else {"tls_context": shows}
    inside = {"auth_require_tls": False} if scheme == "smtps" else {"require_starttls": True}
    box = Postbox(**tls, **inside, authenticator=let_in, auth_required=True)
    try:
        url = f"{scheme}://me:{{}}@127.0.0.1:{box.port}"
        Mail(url.format("p%3A%40%2Fs"), "t@birch.example", trusts).send(written(), NOW)
        assert len(box.mails) == 1
        for password, trust in (("wrong", trusts), ("p%3A%40%2Fs", None)):
            with pytest.raises(Unavailable) as e:
                Mail(url.format(password), "t@birch.example", trust).send(written(), NOW)
            assert "wrong" not in str(e.value)
        assert len(box.mails) == 1
    finally:
        box.stop()


def test_starttls_is_demanded_not_hoped_for(postbox: Postbox) -> None:
    with pytest.raises(Unavailable):
        Mail(f"smtp+starttls://127.0.0.1:{postbox.port}", "t@birch.example").send(written(), NOW)
    assert postbox.mails == []


@pytest.mark.parametrize(
    ("url", "sender", "code"),
    [
        ("http://mail.example", "t@x.example", "smtp-url"),
        ("smtp://", "t@x.example", "smtp-url"),
        ("smtp://mail.example:x", "t@x.example", "smtp-url"),
        ("smtp://me:secret@mail.example", "t@x.example", "smtp-clear"),
        ("smtps://me:secret@mail.example", None, "mail-from"),
        ("smtps://me:secret@mail.example", "t@x\r\nBcc: y@z", "mail-from"),
    ],
)
def test_settings_that_cannot_be_meant_are_said(url: str, sender: str | None, code: str) -> None:
    with pytest.raises(Invalid) as e:
        Mail(url, sender)
    assert e.value.code == code
    assert "secret" not in str(e.value)
