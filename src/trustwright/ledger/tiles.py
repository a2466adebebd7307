"""The log as static files any web server can hand out: C2SP tlog-tiles, height 8.

A tile is up to 256 hashes of one *tile level*: level 0 are leaf hashes, level n + 1 the roots of
complete tiles of level n. A hash at (tile level L, index i) is node (8 * L, i) of the tree.
"""

import struct
from collections.abc import Callable, Iterator, Sequence

from trustwright.kernel.errors import Invalid
from trustwright.ledger.tree import Frontier, parents, root_of

WIDTH = 256
Read = Callable[[int, int], list[bytes]]
Fetch = Callable[[int, int, int], list[bytes]]


def tile_path(level: int | str, number: int, width: int = WIDTH) -> str:
    """`tile/0/x001/x234/067` or, for 112 hashes of it, `tile/0/x001/x234/067.p/112`.

    `level` is the tile level, or "entries" for bundles of entries.
    """
    parts = [f"{number % 1000:03d}"]
    while number := number // 1000:
        parts.insert(0, f"x{number % 1000:03d}")
    suffix = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(parts)}{suffix}"


def encode_entries(entries: Sequence[bytes]) -> bytes:
    """An entry bundle: each entry (at most 65,535 bytes) behind its length in two bytes."""
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def decode_entries(bundle: bytes) -> list[bytes]:
    """The inverse of `encode_entries`; a bundle that stops in the middle is `Invalid`."""
    entries, at = [], 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if end > len(bundle) or at + 2 > len(bundle):
            raise Invalid("tile-malformed", "A bundle of entries stops in the middle.")
        entries.append(bundle[at + 2 : end])
        at = end
    return entries


def export(size: int, leaf_hashes: Read, entries: Read) -> Iterator[tuple[str, bytes]]:
    """Every tile and entry bundle of a tree of `size` leaves, as (path, bytes).

    Both readers take (start, count). The checkpoint, written last, is the caller's.
    """
    for start in range(0, size, WIDTH):
        bundle = entries(start, min(WIDTH, size - start))
        yield tile_path("entries", start // WIDTH, len(bundle)), encode_entries(bundle)
    level, read = 0, leaf_hashes
    while size:
        parents: list[bytes] = []
        for start in range(0, size, WIDTH):
            tile = read(start, min(WIDTH, size - start))
            yield tile_path(level, start // WIDTH, len(tile)), b"".join(tile)
            if len(tile) == WIDTH:
                parents.append(root_of(tile))
        level, size, read = level + 1, len(parents), _reader(parents)


def _reader(hashes: list[bytes]) -> Read:
    return lambda start, count: hashes[start : start + count]


class Tiled:
    """A growing tree that keeps the root of every tile that became complete, by level and number."""

    def __init__(self) -> None:
        self.roots: dict[tuple[int, int], bytes] = {}
        self._tiles: list[Frontier] = []
        self._complete: list[int] = []

    def extend(self, hashes: Sequence[bytes], level: int = 0) -> None:
        """Add leaves by their hashes."""
        if level == len(self._tiles):
            self._tiles.append(Frontier())
            self._complete.append(0)
        while hashes:
            tile = self._tiles[level]
            room = WIDTH - tile.size
            tile.extend(hashes[:room])
            hashes = hashes[room:]
            if tile.size == WIDTH:
                self._tiles[level] = Frontier()
                self.roots[level + 1, self._complete[level]] = root = tile.root()
                self._complete[level] += 1
                self.extend([root], level + 1)

    @property
    def frontier(self) -> Frontier:
        """The right edge of the whole tree."""
        size = sum(tile.size * WIDTH**level for level, tile in enumerate(self._tiles))
        return Frontier(size, [h for tile in reversed(self._tiles) for h in tile.edge])


class NodeReader:
    """Any node of the tree from stored tile hashes, for `inclusion_proof` and `consistency_proof`.

    `fetch(tile level, start, count)` returns the hashes that exist, at most `count`. Keeps the
    last tiles it worked out, so it must only ever see committed hashes. One for each thread.
    """

    def __init__(self, fetch: Fetch, keep: int = 64) -> None:
        self._fetch, self._keep = fetch, keep
        self._tiles: dict[tuple[int, int], list[list[bytes]]] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """Hash of a complete subtree; one that isn't there (yet) is `Invalid`."""
        tile_level, height = divmod(level, 8)
        tile, position = divmod(index, WIDTH >> height)
        rows = self._tiles.pop((tile_level, tile), None)
        if rows is None or position >= len(rows[height]):
            rows = self._load(tile_level, tile)
        self._tiles[tile_level, tile] = rows  # last used, last out: the upper tiles stay
        if len(self._tiles) > self._keep:
            del self._tiles[next(iter(self._tiles))]
        if position >= len(rows[height]):
            raise Invalid("no-such-node", f"The tree has no node {index} at level {level}.")
        return rows[height][position]

    def _load(self, tile_level: int, tile: int) -> list[list[bytes]]:
        rows = [self._fetch(tile_level, tile * WIDTH, WIDTH)]
        for _ in range(7):
            rows.append(parents(rows[-1]))
        return rows
