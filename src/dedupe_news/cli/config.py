# ruff: noqa: PTH109, PTH113, PTH118, PTH119, PTH120, PTH123
"""Configuration: `dedupe-news.toml`, or `[tool.dedupe-news]` in a `pyproject.toml`.

The nearest file above the working folder that has something to say is read, and no other.
Its keys are the long options; it gives their defaults, so what is typed and what the
environment says win.

Paths are plain texts here: every command looks for a configuration, and `pathlib` is slow to
load.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import wraps
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.core import ParameterSource

from dedupe_news.cli.exits import exit_code
from dedupe_news.cli.options import option
from dedupe_news.cli.output import written
from dedupe_news.cli.parameters import Option, spelling
from dedupe_news.errors import ConfigError, PathError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["BASELINE", "INDEX", "Project", "configured", "project"]

INDEX = ".dedupe-news/index.sqlite"
BASELINE = ".dedupe-news-baseline.json"

_NAMES = ("dedupe-news.toml", "pyproject.toml")
_TABLE = "dedupe-news"
_OWN = {"paths": ["."]}
_NOT_HERE = {"config", "isolated", "show-config", "show-files", "verbose", "quiet", "version"}
_PLACES = {
    ParameterSource.COMMANDLINE: "the command line",
    ParameterSource.ENVIRONMENT: "the environment",
    ParameterSource.DEFAULT: "default",
}
_META = "dedupe_news.project"
_ISOLATION = "dedupe_news.isolated"


class Project(NamedTuple):
    """Where the corpus is, and what was configured about it.

    Attributes:
        folder: What all paths are relative to: the folder of the configuration, else the root
            of the git repository, else the working folder.
        file: The configuration file; None if there is none.
        values: What it says, by key.
    """

    folder: str
    file: str | None = None
    values: Mapping[str, Any] = MappingProxyType({})

    @property
    def root(self) -> "Path":
        """The folder that all paths are relative to."""
        from pathlib import Path  # noqa: PLC0415 - not for a scan

        return Path(self.folder)

    @property
    def paths(self) -> tuple[str, ...]:
        """The files and folders of the corpus, relative to the root."""
        return tuple(self.values.get("paths", _OWN["paths"]))

    def paths_from_here(self) -> tuple[str, ...]:
        """Return the same, relative to the working folder; that folder if none are configured."""
        if "paths" not in self.values:
            return (os.curdir,)
        return tuple(os.path.relpath(os.path.join(self.folder, path)) for path in self.paths)


def configured(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--config`, `--isolated` and `--show-config` to a command."""

    @wraps(command)
    def run(*args: Any, show_config: bool, **typed: Any) -> Any:  # noqa: ANN401 - as the command
        if show_config:
            context = click.get_current_context()
            return exit_code(
                found=False, complete=written(lambda out: out.writelines(_lines(context)))
            )
        return command(*args, **typed)

    for decorate in (_SHOW, _CONFIG, _ISOLATED):  # the last is looked at first
        run = decorate(run)
    return run


def project(context: click.Context) -> Project:
    """Return the project that a command runs in."""
    found: Project = context.meta[_META]
    return found


def _load(context: click.Context, param: click.Parameter, value: str | None) -> None:
    """Read the configuration before any other option is looked at."""
    del param
    isolated = context.meta.get(_ISOLATION, False)
    found = Project(_root()) if isolated else _project(value)
    own = {spelling(each).lstrip("-"): each for each in context.command.params}
    near = _keys([context.command])
    for key in found.values:
        if key not in near and key not in (known := _keys(_commands(context))):
            raise _unknown(key, found, sorted(known))
    if not _is_texts(found.values.get("paths", [])):
        raise _wrong_kind("paths", found, 'as a list: paths = ["news"]')
    context.meta[_META] = found
    defaults = {
        own[key].name: _default(own[key], key, value, found)
        for key, value in found.values.items()
        if key in own and _is_meant(context.command.name, own[key], key)
    }
    context.default_map = {**(context.default_map or {}), **defaults}


def _keys(commands: Iterable[click.Command]) -> set[str]:
    """Return the keys that commands know: their options, and what is about the project."""
    options = {
        spelling(each).lstrip("-")
        for command in commands
        for each in command.params
        if isinstance(each, Option)
    }
    return (options | _OWN.keys()) - _NOT_HERE


def _is_meant(command: str | None, param: click.Parameter, key: str) -> bool:
    """Whether a key is meant for a command that has an option of its name.

    A folder to write to must be typed, and a scan is a question: only the gate fails by habit.
    """
    return not param.required and (key != "fail-on" or command == "check")


def _isolate(context: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's own
    del param
    context.meta[_ISOLATION] = value


def _commands(context: click.Context) -> Iterator[click.Command]:
    """Yield all commands, each of which is loaded for that."""
    waiting = [context.find_root().command]
    while waiting:
        command = waiting.pop()
        yield command
        if isinstance(command, click.Group):
            waiting += command.commands.values()


def _project(given: str | None) -> Project:
    """Return the project of a configuration file, or of the nearest there is."""
    if given is not None:
        if not os.path.isfile(given):
            msg = f"there is no configuration file {given}"
            raise PathError(msg, hint="check the spelling; without --config the nearest is read")
        values = _values(given)
        return Project(os.path.dirname(os.path.realpath(given)), given, values or {})
    for folder in _above():
        for name in _NAMES:
            path = os.path.join(folder, name)
            values = _values(path) if os.path.isfile(path) else None
            if values is not None:
                return Project(folder, path, values)
    return Project(_root())


def _values(path: str) -> dict[str, Any] | None:
    """Return what a file says about us; None if it is about others."""
    with open(path, "rb") as file:
        data = file.read()
    shared = os.path.basename(path) == "pyproject.toml"
    if shared and _TABLE.encode() not in data:
        return None
    import tomllib  # noqa: PLC0415 - many folders have no configuration

    try:
        values = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{path} is no TOML: {error}"
        raise ConfigError(msg, hint="mend it, or leave it out with --isolated") from error
    if not shared:
        return values
    table = values.get("tool", {}).get(_TABLE)
    return table if isinstance(table, dict) else None


def _unknown(key: str, found: Project, known: Sequence[str]) -> ConfigError:
    from difflib import get_close_matches  # noqa: PLC0415 - most keys are known

    near = get_close_matches(key.replace("_", "-"), known, n=1)
    msg = f"unknown key {key!r} in {_place(found)}"
    if key == "tool":
        hint = f"the keys stand alone in a file of their own, without [tool.{_TABLE}]"
    else:
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
    return ConfigError(msg, hint=hint)


def _place(found: Project) -> str:
    name = os.path.relpath(found.file) if found.file else ""
    return f"{name} [tool.{_TABLE}]" if name.endswith("pyproject.toml") else name


def _default(param: click.Parameter, key: str, value: Any, found: Project) -> Any:  # noqa: ANN401 - as TOML has it
    """Return a value as the option would have been typed."""
    several = getattr(param, "multiple", False)
    if isinstance(value, dict) and several:
        return [f"{name}={part}" for name, part in value.items()]
    if _is_texts(value):
        return value if several else ",".join(value)
    if isinstance(value, str) and several:
        return [value]
    is_switch, is_truth = getattr(param, "is_flag", False), isinstance(value, bool)
    if several or isinstance(value, list | dict) or is_switch != is_truth:
        raise _wrong_kind(key, found, f"as for {spelling(param)}; true or false for a switch")
    return value if is_truth else str(value)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _wrong_kind(key: str, found: Project, how: str) -> ConfigError:
    msg = f"the value of {key!r} in {_place(found)} is of the wrong kind"
    return ConfigError(msg, hint=f"write it {how}")


def _lines(context: click.Context) -> Iterator[str]:
    """Yield what is in force as TOML, each with the place that it is from."""
    found = project(context)
    yield f"# configuration: {_place(found) or 'none'}\n"
    paths = ", ".join(_quoted(path) for path in found.paths)
    yield f"paths = [{paths}]  # {'default' if 'paths' not in found.values else _place(found)}\n"
    for param in context.command.params:
        key = spelling(param).lstrip("-")
        if not isinstance(param, Option) or key in _NOT_HERE or not param.name:
            continue
        value = context.params.get(param.name)
        source = context.get_parameter_source(param.name)
        place = _PLACES.get(source, _place(found)) if source else "default"
        yield f"{_written(key, value)}  # {place}\n"


def _written(key: str, value: Any) -> str:  # noqa: ANN401 - whatever an option is worth
    if value is None:
        return f"# {key} is not set"
    if isinstance(value, bool):
        return f"{key} = {str(value).lower()}"
    if isinstance(value, int | float):
        return f"{key} = {value}"
    if isinstance(value, tuple | list) and value and isinstance(value[0], tuple):
        return f"{key} = {{ {', '.join(f'{name} = {_quoted(part)}' for name, part in value)} }}"
    if isinstance(value, tuple | list):
        return f"{key} = [{', '.join(map(_quoted, value))}]"
    return f"{key} = {_quoted(value)}"


def _quoted(text: object) -> str:
    escaped = str(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _above() -> Iterator[str]:
    """Yield the working folder, the one that it is in, and so on."""
    folder, below = os.getcwd(), ""
    while folder != below:
        yield folder
        folder, below = os.path.dirname(folder), folder


def _root() -> str:
    """Return the root of the git repository that we are in, or the working folder."""
    roots = (each for each in _above() if os.path.lexists(os.path.join(each, ".git")))
    return next(roots, os.getcwd())


_SHOW = option("--show-config", is_flag=True, help="Show what is in force, and where it is from.")
_CONFIG = option(
    "--config",
    metavar="FILE",
    is_eager=True,
    expose_value=False,
    callback=_load,
    show_default="the nearest",
    help="The configuration file.",
)
_ISOLATED = option(
    "--isolated",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_isolate,
    help="Read no configuration file.",
)
