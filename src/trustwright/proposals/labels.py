"""The disclosure that goes with a release: words for people, IPTC's term for machines."""

from trustwright.charter.model import Charter
from trustwright.charter.service import person_behind
from trustwright.kernel.operations import Answer
from trustwright.ledger.work import View
from trustwright.proposals.batch import BatchCountersigned
from trustwright.proposals.model import Case, Label

# https://cv.iptc.org/newscodes/digitalsourcetype/
IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
BY_AI = IPTC + "trainedAlgorithmicMedia"
BY_AI_AND_PEOPLE = IPTC + "compositeWithTrainedAlgorithmicMedia"


class LabelWords(Answer):
    """`words` is what people outside are told; None where the charter says they aren't."""

    code: str
    digital_source_type: str
    words: str | None
    internal: str


def label(code: str, *, edited: bool) -> Label:
    """What the released fact says; the words follow from it and the charter."""
    return Label(code=code, digital_source_type=BY_AI_AND_PEOPLE if edited else BY_AI)


def in_words(view: View, charter: Charter, of: Case) -> LabelWords:
    """The label as the sending system shows it."""
    said = of.released.label if of.released else label("ai", edited=bool(of.editors))
    policy = charter.workflow(of.submitted.workflow).label
    people = [person_behind(view, charter, signer) for signer in sorted(of.signers)]
    names = [person.name for person in people if person]
    words = policy.words(charter.company.name, of.submitted.system, names)
    sample = unopened(of)
    return LabelWords(
        code=said.code,
        digital_source_type=said.digital_source_type,
        # Nobody opened this very text: for those outside it counts as not countersigned.
        words=words if policy.shown(bool(names) and not sample) else None,
        internal=f"{words}; {sample}" if sample else words,
    )


def unopened(of: Case) -> str:
    """`released on a sample of 39 of 100`, where nobody opened this very text; else empty."""
    bodies = [x.body for x in of.signatures if isinstance(x.body, BatchCountersigned)]
    return next(
        (f"released on a sample of {b.read} of {b.size}" for b in bodies if not b.opened), ""
    )
