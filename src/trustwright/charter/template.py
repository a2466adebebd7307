"""What does a charter look like to begin with? The files `trustwright init` writes, every line explained."""

import json
from importlib.resources import files

from trustwright.charter.document import FILES
from trustwright.charter.reading import read

COMPANY = '"Example Company"'


def write(company: str) -> dict[str, str]:
    """A minimal charter for the company: file name to text. Raises `Invalid` for a bad name."""
    starter = files("trustwright.charter") / "starter"
    texts = {name: (starter / name).read_text("utf-8") for name in [*FILES, "calendars.yaml"]}
    # JSON's quotes are YAML's: no name can break out of its line.
    quoted = json.dumps(company, ensure_ascii=False)
    written = {name: text.replace(COMPANY, quoted) for name, text in texts.items()}
    read(written)
    return written
