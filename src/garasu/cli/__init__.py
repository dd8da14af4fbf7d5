"""The command line: thin. It parses, calls, prints."""

from garasu.cli.main import main

__all__ = ["main"]
