"""`completion`: the script that teaches a shell our commands and options."""

import click
from click.shell_completion import get_completion_class

from dedupe_news.cli.exits import Exit, exit_code
from dedupe_news.cli.output import written
from dedupe_news.cli.parameters import COMPLETE, PROGRAM, Choice, Command

__all__ = ["completion"]

_SHELLS = {
    name: kind
    for name in ("bash", "zsh", "fish", "powershell")  # the last since click 8.5
    if (kind := get_completion_class(name))
}


@click.command(cls=Command)
@click.argument("shell", type=Choice(tuple(_SHELLS)), metavar="SHELL")
@click.pass_context
def completion(context: click.Context, shell: str) -> Exit:
    """Print the completion script for bash, zsh, fish or powershell.

    \b
    bash:  eval "$(dedupe-news completion bash)"        in ~/.bashrc
    zsh:   eval "$(dedupe-news completion zsh)"         in ~/.zshrc
    fish:  dedupe-news completion fish | source         in ~/.config/fish/config.fish
    """  # noqa: D301 - click's mark for lines that keep their breaks
    made = _SHELLS[shell](context.find_root().command, {}, PROGRAM, COMPLETE)
    script = made.source_template % made.source_vars()
    return exit_code(found=False, complete=written(lambda out: print(script, file=out)))
