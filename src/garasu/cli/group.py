"""The verbs, each loaded only when it is called, so that ``garasu --help`` stays quick."""

from importlib import import_module

import click

from garasu import __version__
from garasu.messages import nearest, text

VERBS = ("train", "evaluate", "summary", "runs", "doctor")


class LazyGroup(click.Group):
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


group = LazyGroup(
    name="garasu",
    help=text("cli.about"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    no_args_is_help=True,
)
click.version_option(__version__, "--version", prog_name="garasu", help=text("cli.version"))(group)
click.option("--lang", help=text("cli.lang"), expose_value=False)(group)
