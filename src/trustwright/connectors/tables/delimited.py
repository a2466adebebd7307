"""How is this CSV written? Encoding, separator and quotes are found out, said, and never silently wrong."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from trustwright.kernel.errors import Invalid

BLOCK = 1 << 20
LOOKED = 1 << 18
LINES = 200
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
LIKELY = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "shift_jis", "euc_kr", "gb18030"]


@dataclass(frozen=True)
class Written:
    """How a file is written; `note` says what was taken for granted."""

    encoding: str
    separator: str
    note: str


def found_out(path: Path) -> Written:
    """How the file is written. Raises `Invalid` where its quotes never end, with the line."""
    encoding, odd = _encoding(path), _odd_quotes(path)
    if odd:
        line = _unclosed(path, encoding)
        raise Invalid(
            "csv-quotes",
            f"{path}:{line}: a quotation mark is opened here and never closed.",
            'Close it, or double it ("") where it belongs to the text.',
        )
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        separator = _separator(file.read(LOOKED))
    note = (
        f"Read as {encoding.removesuffix('-sig')} with {SEPARATORS[separator]} between the fields."
    )
    return Written(encoding, separator, note)


def _encoding(path: Path) -> str:
    """UTF-8 if all of it is; else what its bytes look most like."""
    suspect = b""
    for block in _blocks(path):
        if mark := next((name for bytes, name in MARKS.items() if block.startswith(bytes)), ""):
            return mark
        if not block.isascii():
            suspect = block
            break
    if not suspect or _is_utf8(path):
        return "utf-8"
    best = from_bytes(suspect[:LOOKED], cp_isolation=LIKELY).best()
    return best.encoding if best else "cp1252"


def _is_utf8(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            while file.read(BLOCK):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def _odd_quotes(path: Path) -> bool:
    return sum(block.count(b'"') for block in _blocks(path)) % 2 == 1


def _unclosed(path: Path, encoding: str) -> int:
    """The line on which the record begins that never ends, or that has an odd number of quotes."""
    line = begun = 1
    quotes = 0
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        for line, text in enumerate(file, 1):
            if quotes % 2 == 0:
                begun = line
            quotes += text.count('"')
    return begun if quotes % 2 else line


def _separator(text: str) -> str:
    """The one that most lines have equally often."""
    lines = text.split("\n")[: LINES + 1]
    lines = lines[:-1] if len(lines) > 1 else lines
    best, how_good = ",", (0.0, 0)
    for separator in SEPARATORS:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=separator) if row)
        if counts:
            fields, n = counts.most_common(1)[0]
            good = (n / counts.total(), fields)
            if fields > 1 and good > how_good:
                best, how_good = separator, good
    return best


def in_utf8(path: Path, encoding: str, folder: Path) -> Path:
    """The file, or a copy of it in UTF-8."""
    if encoding.startswith("utf-8"):
        return path
    copy = folder / path.name
    with path.open(encoding=encoding, newline="") as old, copy.open("w", encoding="utf-8") as new:
        while block := old.read(BLOCK):
            new.write(block)
    return copy


def ragged(path: Path, written: Written) -> str:
    """The first line with more fields than the first one, as the beginning of a sentence."""
    with path.open(encoding=written.encoding, errors="replace", newline="") as file:
        rows = csv.reader(file, delimiter=written.separator)
        fields = len(next(rows, []))
        for row in rows:
            if len(row) > fields:
                return f"line {rows.line_num} has {len(row)} fields where the first has {fields}"
    return ""
