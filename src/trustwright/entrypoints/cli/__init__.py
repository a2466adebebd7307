"""The command line. Exit: 0 yes, 1 the answer is no, 2 asked wrongly, 3 could not decide, 4 a bug.

Heavy parts are imported by the command that needs them, so that --help answers at once.
"""

import sys
import tempfile
from collections.abc import Callable
from typing import Annotated, Literal

import typer

from trustwright import __version__
from trustwright.entrypoints.cli import (
    cases,
    checking,
    doctor,
    duties,
    keys,
    resend,
    serving,
    signals_check,
    signals_map,
    signals_watch,
    terminal,
    workspace,
)
from trustwright.kernel.errors import Problem, Refused, Unavailable, trace

FIRST_STEPS = """\
Trustwright: AI proposes, checks verify, decision rights route, a named person countersigns, and a
transparency log proves it.

  trustwright demo                  see the main job done on real AI output
  trustwright check PATH            check a text now: no server, no charter
  trustwright init                  make a workspace with a charter to fill in
  trustwright serve                 open the console for people and the API for systems
  trustwright propose --help        put AI output forward
  trustwright verify BUNDLE         verify what somebody says was released

`trustwright --help` lists every command, `trustwright COMMAND --help` explains one.
"""
STYLE: Literal["rich"] | None = "rich" if terminal.pretty(sys.stdout) else None
cli = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=STYLE, name="trustwright"
)


def _version() -> None:
    """Say which version this is."""
    terminal.data(f"trustwright {__version__}")


Commands = dict[str, Callable[..., object]]
COMMANDS: Commands = {
    "check": checking.check,
    "checks": checking.checks,
    "explain": checking.explain,
    "demo": serving.demo,
    "init": workspace.init,
    "serve": serving.serve,
    "recover": serving.recover,
    "doctor": doctor.doctor,
    "duties": duties.duties,
    "resend": resend.resend,
    "propose": cases.propose,
    "status": cases.status,
    "list": cases.listing,
    "take": cases.take,
    "delivered": cases.delivered,
    "withdraw": cases.withdraw,
    "evidence": cases.evidence,
    "call": cases.call,
    "console": cases.console,
    "verify": workspace.verify,
    "rebuild": workspace.rebuild,
    "move": workspace.move,
    "version": _version,
}
GROUPS: dict[str, tuple[str, Commands]] = {
    "charter": (
        "What was agreed: check, put forward, show and replay the charter.",
        {
            "check": workspace.charter_check,
            "adopt": workspace.charter_adopt,
            "show": workspace.charter_show,
            "replay": workspace.charter_replay,
        },
    ),
    "signals": (
        "Has the ground moved? Tables against what was agreed about their fields.",
        {
            "check": signals_check.check,
            "infer": signals_map.infer,
            "map": signals_map.map,
            "rules": signals_check.rules,
            "record": signals_watch.record,
            "backfill": signals_watch.backfill,
            "watch": signals_watch.watch,
            "simulate": signals_watch.simulate,
        },
    ),
    "log": (
        "The transparency log: its key, and a copy for others.",
        {"key": workspace.log_key, "export": workspace.log_export},
    ),
    "keys": (
        "New keys for an old workspace: the log's, and the vault's.",
        {"rotate-log": keys.rotate_log, "rotate-vault": keys.rotate_vault},
    ),
}


@cli.callback(invoke_without_command=True)
def _trustwright(
    context: typer.Context,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="No notes, data and errors alone.")
    ] = False,
) -> None:
    """Trust but verify, made routine."""
    terminal.hush(quiet)
    if context.invoked_subcommand is None:
        terminal.data(FIRST_STEPS)


def _offer(group: typer.Typer, commands: Commands) -> None:
    for name, command in commands.items():
        group.command(name)(command)


_offer(cli, COMMANDS)
for name, (words, commands) in GROUPS.items():
    group = typer.Typer(help=words, no_args_is_help=True)
    _offer(group, commands)
    cli.add_typer(group, name=name)


def run(args: list[str]) -> int:
    """Do what the arguments say; every error is a sentence, and its kind an exit code."""
    # --quiet may stand anywhere, and belongs to the whole.
    quiet = ["--quiet"] * ("--quiet" in args)
    rest = [word for word in args if word != "--quiet"]
    try:
        if rest and not rest[0].startswith("-") and rest[0] not in {*COMMANDS, *GROUPS}:
            rest = ["console", *rest]
        answer = cli(quiet + rest, prog_name="trustwright", standalone_mode=False)
    except Problem as e:
        terminal.fail(str(e))
        return {Refused: 1, Unavailable: 3, Problem: 4 if e.status >= 500 else 2}.get(type(e), 2)
    except typer.TyperException as e:
        terminal.fail(_usage(e))
        return 2
    except Exception as e:
        return _bug(e)
    return int(answer or 0)


def _usage(e: typer.TyperException) -> str:
    words, context = e.format_message(), getattr(e, "ctx", None)
    if "\n" in words:  # The help itself, for a group without a command.
        return words
    asked = context.command_path if context else "trustwright"
    return f"{words.rstrip('.')}. `{asked} --help` shows how."


def _bug(e: Exception) -> int:
    with tempfile.NamedTemporaryFile(
        "w", prefix="trustwright-", suffix=".txt", delete=False
    ) as file:
        file.write(trace(e))
    terminal.fail(f"Something went wrong inside Trustwright. Please report what is in {file.name}")
    return 4


def main() -> None:
    """The entry point of `trustwright`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))
