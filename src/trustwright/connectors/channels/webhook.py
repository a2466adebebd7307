"""A signed webhook: Standard Webhooks headers around CloudEvents 1.0.

The receiver verifies `webhook-signature` over id, time stamp and body with the shared secret.
Private addresses are refused unless allowed, so that a setting can't be turned against the inside.
"""

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import httpx2
import orjson

from trustwright.kernel.errors import Invalid, Unavailable

# https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
PREFIX = "whsec_"
TIMEOUT = 10.0  # seconds for everything: connecting, sending, the answer's first line
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052


@dataclass(frozen=True)
class Event:
    """What happened: the id is the fact's place in the log, so a receiver can drop repetitions."""

    id: str
    type: str
    source: str
    subject: str
    at: datetime
    data: Mapping[str, object]

    def body(self) -> bytes:
        return orjson.dumps(
            {
                "specversion": "1.0",
                "id": self.id,
                "type": self.type,
                "source": self.source,
                "subject": self.subject,
                "time": self.at.isoformat(),
                "datacontenttype": "application/json",
                "data": dict(self.data),
            }
        )


class Webhook:
    """Posts events to one address, at least once each."""

    def __init__(
        self,
        url: str,
        secret: str | None,
        private: bool = False,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self.url, self.private = url, private
        self._trust = trust or ssl.create_default_context()
        self._secret = _secret(secret)
        try:
            parts = urlsplit(url)
            good = parts.scheme in ("http", "https") and parts.hostname
        except ValueError:
            good = False
        if not good:  # Not quoted: the address of a webhook often is its secret.
            raise Invalid(
                "webhook-url",
                "The webhook's address isn't one of the web.",
                "Set TRUSTWRIGHT_WEBHOOK_URL.",
            )

    def send(self, event: Event, now: datetime) -> None:
        """Post it; anything but a 2xx answer is `Unavailable`, to be tried again later."""
        body, stamp = event.body(), str(int(now.timestamp()))
        headers = {
            "content-type": "application/cloudevents+json",
            "webhook-id": event.id,
            "webhook-timestamp": stamp,
            "webhook-signature": "v1," + self._sign(event.id, stamp, body),
        }
        try:
            status = self._apart(self._addresses(), headers, body)
        except (httpx2.HTTPError, TimeoutError) as e:
            said = type(e).__name__  # Not its words: they may quote the address.
            raise Unavailable("webhook-failed", f"The webhook didn't answer ({said}).") from e
        if not 200 <= status < 300:  # A redirection too: nobody agreed to where it leads.
            raise Unavailable("webhook-failed", f"The webhook answered {status}.", answered=status)

    def _apart(self, addresses: list[str], headers: dict[str, str], body: bytes) -> int:
        """In a thread of its own: whoever calls may have a loop that runs already."""
        with ThreadPoolExecutor(1) as thread:
            post = self._post(addresses, headers, body)
            return thread.submit(asyncio.run, post).result()

    async def _post(self, addresses: list[str], headers: dict[str, str], body: bytes) -> int:
        """The status. What is answered beside it isn't read; however slowly it comes, time ends."""
        url = httpx2.URL(self.url)
        headers = {**headers, "host": url.netloc.decode()}
        known = {"sni_hostname": url.host}  # Whose certificate is demanded.
        async with asyncio.timeout(TIMEOUT), httpx2.AsyncClient(verify=self._trust) as client:
            for left, address in enumerate(addresses, 1 - len(addresses)):
                there = url.copy_with(host=address)
                asked = client.stream(
                    "POST", there, content=body, headers=headers, extensions=known, timeout=TIMEOUT
                )
                try:
                    async with asked as answer:
                        return answer.status_code
                except httpx2.ConnectError:
                    if left == 0:
                        raise
        raise AssertionError("unreachable")

    def _sign(self, id: str, stamp: str, body: bytes) -> str:
        mac = hmac.digest(self._secret, f"{id}.{stamp}.".encode() + body, hashlib.sha256)
        return base64.b64encode(mac).decode()

    def _addresses(self) -> list[str]:
        """Where to connect. Looked up once: a name may lead inside the next time it is asked."""
        parts = urlsplit(self.url)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        try:
            found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        except OSError as e:
            raise Unavailable("webhook-failed", f"{parts.hostname} can't be found.") from e
        addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
        if not self.private and not all(_is_public(address) for address in addresses):
            raise Invalid(
                "webhook-private",
                f"{parts.hostname} is a private address.",
                "Set TRUSTWRIGHT_WEBHOOK_PRIVATE=1 if that is meant.",
            )
        return addresses


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inside is not None:  # Some networks carry these to an IPv4 address.
            return _is_public(str(inside))
    return address.is_global and not address.is_multicast


def _secret(text: str | None) -> bytes:
    try:
        secret = base64.b64decode((text or "").removeprefix(PREFIX), validate=True)
    except ValueError:
        secret = b""
    if not 24 <= len(secret) <= 64:
        raise Invalid(
            "webhook-secret",
            "The webhook's secret isn't 24 to 64 bytes in base64.",
            "Set TRUSTWRIGHT_WEBHOOK_SECRET to whsec_ and the output of `openssl rand -base64 32`.",
        )
    return secret
