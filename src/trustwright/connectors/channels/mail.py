"""Mail by SMTP: one plain text to one person, marked as sent by a machine.

`smtps://` speaks TLS from the start, `smtp+starttls://` demands STARTTLS, `smtp://` is in the clear and
takes no password but on this machine.
"""

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from trustwright.duties.notices import Letter
from trustwright.kernel.errors import Invalid, Unavailable

PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
TIMEOUT = 10.0
HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Server:
    """Where mail is handed in."""

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)


class Mail:
    """Hands mail in at one server, as one sender."""

    def __init__(self, url: str, sender: str | None, trust: ssl.SSLContext | None = None) -> None:
        self.server, self.sender = _server(url), _sender(sender)
        self._trust = trust or ssl.create_default_context()

    def send(self, letter: Letter, now: datetime) -> None:
        """`Invalid` if nothing gets to this person; `Unavailable` if no mail goes out at all."""
        message = self._written(letter, now)
        try:
            smtp = self._connected()
            try:
                smtp.send_message(message)
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError) as e:
                raise _unwritable() from e
            finally:
                smtp.close()
        except smtplib.SMTPResponseException as e:
            raise _failed(f"answered {e.smtp_code}") from e
        except (OSError, smtplib.SMTPException) as e:
            raise _failed(f"can't be used ({type(e).__name__})") from e

    def _written(self, letter: Letter, now: datetime) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        try:
            # The policy refuses a line break in any header: a name can't add one of its own.
            message["From"] = self.sender
            message["To"] = Address(letter.name, addr_spec=letter.address)
            message["Subject"] = letter.subject
        except (ValueError, IndexError, MessageError) as e:
            raise _unwritable() from e
        message["Date"] = format_datetime(now)
        message["Message-ID"] = letter.id
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(letter.text)
        return message

    def _connected(self) -> smtplib.SMTP:
        s = self.server
        if s.scheme == "smtps":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                s.host, s.port, timeout=TIMEOUT, context=self._trust
            )
        else:
            smtp = smtplib.SMTP(s.host, s.port, timeout=TIMEOUT)
        try:
            if s.scheme == "smtp+starttls":
                smtp.starttls(context=self._trust)
            if s.user:
                smtp.login(s.user, s.password)
        except BaseException:
            smtp.close()
            raise
        return smtp


def _unwritable() -> Invalid:
    return Invalid(
        "mail-refused",
        "A mail address isn't taken by the mail server.",
        "Correct it in people.yaml; the server's log names the person.",
    )


def _failed(why: str) -> Unavailable:
    return Unavailable("mail-failed", f"The mail server {why}.")


def _server(url: str) -> Server:
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        parts, port = urlsplit(""), 0
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not port or not parts.hostname:
        # The address isn't repeated: it may hold a password.
        raise Invalid(
            "smtp-url",
            "TRUSTWRIGHT_SMTP_URL isn't the address of a mail server.",
            "Write smtps://user:password@mail.example, smtp+starttls://... or smtp://...",
        )
    if parts.scheme == "smtp" and password and parts.hostname not in HERE:
        raise Invalid(
            "smtp-clear",
            "A password would go to the mail server in the clear.",
            "Write smtps:// or smtp+starttls:// in TRUSTWRIGHT_SMTP_URL.",
        )
    return Server(parts.scheme, parts.hostname, port, user, password)


def _sender(text: str | None) -> Address:
    try:
        return Address("Trustwright", addr_spec=text or "")
    except (ValueError, IndexError, MessageError) as e:
        raise Invalid(
            "mail-from",
            "TRUSTWRIGHT_MAIL_FROM isn't a mail address.",
            "Set it to the address notices come from, such as trustwright@company.example.",
        ) from e
