"""The verbs, each loaded only when it is called, so that ``garasu --help`` stays quick."""

from importlib import import_module

import click

from garasu import __version__
from garasu.cli.options import Word
from garasu.cli.worded import Worded
from garasu.messages import LANGUAGES, nearest, text

VERBS = ("train", "evaluate", "report", "predict", "data", "summary", "check", "runs", "doctor")


class LazyGroup(Worded, click.Group):
    """A group whose commands are modules ``garasu.cli.VERB`` with a ``command``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All verbs, in the order a newcomer needs them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one verb."""
        if cmd_name not in VERBS:
            return None
        return import_module(f"garasu.cli.{cmd_name}").command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, offering the nearest one."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            raise nearest("command", args[0], VERBS)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, then the verbs."""
        super().format_options(ctx, formatter)
        verbs = [(name, self.get_command(ctx, name)) for name in VERBS]
        with formatter.section(text("cli.commands")):
            formatter.write_dl([(name, verb.get_short_help_str(100)) for name, verb in verbs if verb is not None])


@click.pass_context
def _without_a_verb(ctx: click.Context) -> None:
    """``garasu`` alone shows the help."""
    if ctx.invoked_subcommand is None:
        raise click.exceptions.NoArgsIsHelpError(ctx)


group = LazyGroup(
    name="garasu",
    help=text("cli.about"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    invoke_without_command=True,
    callback=_without_a_verb,
)
click.version_option(__version__, "--version", message=f"garasu {__version__}", help=text("cli.version"))(group)
click.option("--lang", type=Word(*LANGUAGES), help=text("cli.lang"), expose_value=False)(group)
