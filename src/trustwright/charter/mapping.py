"""Do the charter's people and workflows fit its field maps?"""

from trustwright.charter.document import Draft, meant
from trustwright.charter.fieldmap.asking import every
from trustwright.charter.fieldmap.gaps import gaps


def check(draft: Draft) -> None:
    """Report owners who aren't in people, tables mapped twice, and what reads gaps or nothing."""
    _owners(draft)
    _twice(draft)
    _reads(draft)


def _owners(draft: Draft) -> None:
    people = draft.ids("people")
    for path, told in every(draft.document.get("fields"), ("fields",)):
        waiver = told.get("waiver")
        named = [told.get("owner"), waiver.get("by") if isinstance(waiver, dict) else None]
        for id in filter(None, named):
            if id not in people and ("people",) not in draft.unread:
                sentence = f"The field map names {id!r}, who isn't in people."
                draft.report(path, sentence, meant(str(id), people))


def _twice(draft: Draft) -> None:
    seen: set[str] = set()
    for at, map in enumerate(draft.maps):
        for table in map.tables:
            if table.name in seen:
                sentence = f"The table {table.name} is mapped twice."
                draft.report(("fields", at), sentence, "Keep one of the two.")
            seen.add(table.name)


def _reads(draft: Draft) -> None:
    """What is agreed can be launched: so a workflow that reads a gap can't be agreed on."""
    known = [f"{t.name}.{f.name}" for map in draft.maps for t in map.tables for f in t.fields]
    lacking = {name: words for map in draft.maps for name, words in gaps(map).items()}
    for path, name in draft.at("workflows.*.reads.*"):
        if ("fields",) in draft.unread or not isinstance(name, str):
            continue
        if name not in known:
            sentence = f"{draft.called(path)} names {name!r}, which no field map has."
            draft.report(path, sentence, meant(name, known[:20]) if known else "Add fields/.")
        elif name in lacking:
            sentence = f"{name} is a high-risk field without {_listed(lacking[name])}."
            remedy = "State it in the field map, or set trustwright.risk there."
            draft.report(path, sentence, remedy)


def _listed(words: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
