"""The high-water mark: the last checkpoint, outside the database, so that going back is seen.

From inside, a database restored from an older backup looks perfect. The mark beside it catches the
accident; `--anchor` (a folder on another disk) also catches somebody who restores both.
"""

import os
from collections.abc import Callable
from pathlib import Path

from trustwright.kernel.errors import Problem, Unavailable
from trustwright.ledger.note import Checkpoint

SLOT = 1024  # bytes; a checkpoint has about 220


class HighWater:
    """Files that hold the newest checkpoint. A missing one is written at the next checkpoint.

    Each file has two slots, written in turn and in place: whatever moment the machine stops at,
    the other slot is whole, and one `fdatasync` is all a checkpoint costs.
    """

    def __init__(self, files: list[Path], read: Callable[[bytes], Checkpoint]) -> None:
        self._files, self._read = files, read
        self._open: dict[Path, int] = {}
        self._turn = self._seen = 0

    def write(self, checkpoint: bytes, size: int) -> None:
        """Durable before anybody is told."""
        self._seen = size
        self._turn = 1 - self._turn
        for path in self._files:
            file = self._opened(path)
            os.pwrite(file, checkpoint.ljust(SLOT), self._turn * SLOT)
            os.fdatasync(file)

    def close(self) -> None:
        """Let go of the files."""
        for file in self._open.values():
            os.close(file)
        self._open.clear()

    def _opened(self, path: Path) -> int:
        if path not in self._open:
            file = self._open[path] = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            if os.fstat(file).st_size < 2 * SLOT:
                os.pwrite(file, b" " * 2 * SLOT, 0)
                os.fsync(file)
        return self._open[path]

    def demand(self, head: Checkpoint, root_at: Callable[[int], bytes]) -> None:
        """Refuse to go on from a head that lies behind, or beside, what was published.

        `root_at(size)`: the root this log had, by its own account, when it had that size.
        """
        if head.size < self._seen:
            raise _rolled_back(head.size, self._seen)
        if self._seen:
            self._seen = head.size
            return
        for path in self._files:
            if path.exists():
                _compare(head, self._published(path), root_at)
        self._seen = head.size

    def _published(self, path: Path) -> Checkpoint:
        data = path.read_bytes()
        found = [x for x in map(self._slot, (data[:SLOT], data[SLOT:])) if x]
        if not found:
            raise Unavailable(
                "anchor-unreadable",
                f"{path} holds no checkpoint of this log.",
                "Find out who changed it; docs/operations.md says how to go on.",
            )
        return max(found, key=lambda checkpoint: checkpoint.size)

    def _slot(self, data: bytes) -> Checkpoint | None:
        try:
            return self._read(data.rstrip(b" "))
        except Problem:
            return None


def _compare(head: Checkpoint, published: Checkpoint, root_at: Callable[[int], bytes]) -> None:
    if head.size < published.size:
        raise _rolled_back(head.size, published.size)
    if root_at(published.size) != published.root:
        raise Unavailable(
            "ledger-forked",
            f"The database holds another history than the {published.size} entries published.",
            "Run `trustwright verify`; docs/operations.md says how to go on.",
        )


def _rolled_back(size: int, published: int) -> Unavailable:
    return Unavailable(
        "ledger-rolled-back",
        f"The database ends at entry {size}, but {published} entries were published already.",
        "It was restored from an older backup; docs/operations.md says how to go on.",
    )
