"""click's own words (headings, help, complaints) from our catalogue, so that they too come in both languages."""

import click

from garasu.messages import SettingError, text

FLAGS = ("--json", "--full", "--no-report", "--replacement", "--no-replacement", "--version", "--help")
"""The options that take no value; click's complaint does not say which of the two mistakes was made."""


class Worded(click.Command):
    """A command whose help has our headings, and that names words it has no use for."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The line that says how the command is written."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), f"{text('cli.usage')} ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, below a heading."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = [option.get_help_record(ctx) for option in options]
        with formatter.section(text("cli.options")):
            formatter.write_dl([record for record in records if record is not None])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """--help, described in our words."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = text("cli.help")
        return option


class Verb(Worded):
    """A verb: it takes no words beyond its arguments."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, but the complaint about words too many is ours."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if rest:
            raise SettingError("cli.too_many", command=ctx.command_path, words=" ".join(rest))
        return rest


def sentence(error: click.ClickException) -> str:
    """What click complains of, in our words."""
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return text("cli.missing", word=error.param.human_readable_name, command=_path(error))
    if isinstance(error, click.BadOptionUsage):
        key = "cli.takes_no_value" if error.option_name in FLAGS else "cli.takes_value"
        return text(key, option=error.option_name)
    return error.format_message()


def _path(error: click.UsageError) -> str:
    return "garasu" if error.ctx is None else error.ctx.command_path
