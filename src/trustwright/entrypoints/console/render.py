"""Turns a page into HTML. Always escaped; a name a template misspells is an error, not a blank."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from trustwright.entrypoints.console.marks import runs
from trustwright.entrypoints.console.page import Page

HERE = Path(__file__).parent
ASSETS = HERE / "assets"

# keep_trailing_newline and no trim: a template may not eat a character of what will be hashed.
_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)
_templates.filters["runs"] = runs


def render(page: Page) -> str:
    return _templates.get_template(page.template).render(page=page, frame=page.frame)
