"""New keys for an old workspace: for whoever runs it, on the machine itself."""

from trustwright.entrypoints.cli import terminal
from trustwright.entrypoints.cli.cases import Dir, at
from trustwright.entrypoints.cli.workspace import opened


def rotate_log(dir: Dir = None) -> None:
    """Let a new key sign the log from now on.

    The old one names it, so that whoever knows the old key can follow. Stop `serve` before.
    """
    from trustwright.ledger import rotating

    with opened(dir) as app:
        new = rotating.rotate_log(app.ledger)
    terminal.data(new)
    terminal.note("This key signs from now on. Publish it where you published the old one.")
    terminal.then(f"trustwright verify{at(dir)}", "follows the keys from the first one on.")


def rotate_vault(dir: Dir = None) -> None:
    """Put the vault under a new master key.

    Copies made before still open with the old one. Stop `serve` before.
    """
    from trustwright.ledger import rotating

    with opened(dir) as app:
        count = rotating.rotate_vault(app.ledger)
    terminal.note(f"{count} keys lie under a new master key.")
    terminal.note("Back up `keys` anew: it has `names.key` now, which must not be lost either.")
    terminal.then(f"trustwright verify{at(dir)}", "opens every sealed value.")
