"""A sign of life to a monitor outside, which raises the alarm when none comes (a dead man's switch)."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx2

from trustwright.kernel.errors import Invalid

log = logging.getLogger("trustwright.pulse")
TIMEOUT = 5.0


class Pulse:
    """Asks for one address. What it answers doesn't matter: whether it asks is what the monitor sees."""

    def __init__(self, url: str) -> None:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise Invalid(
                "alive-url",
                "TRUSTWRIGHT_ALIVE_URL isn't a web address.",
                "Set it to the address your monitor wants to be asked for, or leave it out.",
            )
        self.url = url

    def __call__(self) -> None:
        try:
            # In a thread of its own: whoever calls may have a loop that runs already.
            with ThreadPoolExecutor(1) as thread:
                thread.submit(lambda: asyncio.run(self._ask())).result()
        except (httpx2.HTTPError, TimeoutError) as e:
            # Not the address: whoever knows it can feign life.
            log.warning("The monitor outside wasn't reached (%s).", type(e).__name__)

    async def _ask(self) -> None:
        client = httpx2.AsyncClient()
        async with asyncio.timeout(TIMEOUT), client, client.stream("GET", self.url):
            return
