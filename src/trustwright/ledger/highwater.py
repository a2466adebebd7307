"""The high-water mark: the last checkpoint, outside the database, so that going back is seen.

From inside, a database restored from an older backup looks perfect. The mark beside it catches the
accident; `--anchor` (a folder on another disk) also catches somebody who restores both.
"""

import os
from collections.abc import Callable
from pathlib import Path

from trustwright.kernel.errors import Problem, Unavailable
from trustwright.ledger.note import Checkpoint


class HighWater:
    """Files that hold the newest checkpoint. A missing one is written at the next checkpoint."""

    def __init__(self, files: list[Path], read: Callable[[bytes], Checkpoint]) -> None:
        self._files, self._read = files, read
        self._seen = 0

    def write(self, checkpoint: bytes, size: int) -> None:
        """Durable before anybody is told."""
        self._seen = size
        for path in self._files:
            fresh = path.with_name(path.name + ".new")
            with open(fresh, "wb") as file:
                file.write(checkpoint)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)

    def demand(self, head: Checkpoint) -> None:
        """Refuse to go on from a head that lies behind, or beside, what was published."""
        if head.size < self._seen:
            raise _rolled_back(head.size, self._seen)
        if self._seen:
            self._seen = head.size
            return
        for path in self._files:
            if path.exists():
                self._compare(head, self._published(path))
        self._seen = head.size

    def _published(self, path: Path) -> Checkpoint:
        try:
            return self._read(path.read_bytes())
        except Problem as e:
            raise Unavailable(
                "anchor-unreadable",
                f"{path} isn't a checkpoint of this log.",
                "Find out who changed it; docs/operations.md says how to go on.",
            ) from e

    def _compare(self, head: Checkpoint, published: Checkpoint) -> None:
        if head.size < published.size:
            raise _rolled_back(head.size, published.size)
        if head.size == published.size and head.root != published.root:
            raise Unavailable(
                "ledger-forked",
                f"The database holds another history of the same {head.size} entries.",
                "Run `trustwright verify`; docs/operations.md says how to go on.",
            )


def _rolled_back(size: int, published: int) -> Unavailable:
    return Unavailable(
        "ledger-rolled-back",
        f"The database ends at entry {size}, but {published} entries were published already.",
        "It was restored from an older backup; docs/operations.md says how to go on.",
    )
