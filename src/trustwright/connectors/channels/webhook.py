"""A signed webhook: Standard Webhooks headers around CloudEvents 1.0.

The receiver verifies `webhook-signature` over id, time stamp and body with the shared secret.
Private addresses are refused unless allowed, so that a setting can't be turned against the inside.
"""

import base64
import hashlib
import hmac
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import httpx2
import orjson

from trustwright.kernel.errors import Invalid, Unavailable

# https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
PREFIX = "whsec_"
TIMEOUT = 10.0


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

    def __init__(self, url: str, secret: str | None, private: bool = False) -> None:
        self.url, self.private = url, private
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
        self._demand_public()
        try:
            answer = httpx2.post(self.url, content=body, headers=headers, timeout=TIMEOUT)
        except httpx2.HTTPError as e:
            raise Unavailable("webhook-failed", f"The webhook didn't answer ({e}).") from e
        if not answer.is_success:
            status = answer.status_code
            raise Unavailable("webhook-failed", f"The webhook answered {status}.", answered=status)

    def _sign(self, id: str, stamp: str, body: bytes) -> str:
        mac = hmac.digest(self._secret, f"{id}.{stamp}.".encode() + body, hashlib.sha256)
        return base64.b64encode(mac).decode()

    def _demand_public(self) -> None:
        if self.private:
            return
        parts = urlsplit(self.url)
        try:
            found = socket.getaddrinfo(parts.hostname, parts.port or 443)
        except OSError as e:
            raise Unavailable("webhook-failed", f"{parts.hostname} can't be found.") from e
        for *_, address in found:
            if not ipaddress.ip_address(address[0]).is_global:
                raise Invalid(
                    "webhook-private",
                    f"{parts.hostname} is a private address.",
                    "Set TRUSTWRIGHT_WEBHOOK_PRIVATE=1 if that is meant.",
                )


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
