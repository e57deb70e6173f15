# SPDX-License-Identifier: Apache-2.0
"""Options that the commands share, and the workspace that they describe."""

import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pulsewright.flow.build_lock import locked, typed_command
from pulsewright.flow.commands import completion
from pulsewright.flow.console import PlainConsole
from pulsewright.flow.recipe import Recipe, load_recipe
from pulsewright.flow.workspace import Options, Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.studies.cluster import ClusterOptions

# What cells are sized for unless another period is asked for, in ns.
SIZED_FOR = 4.0


def finite(value: float | None) -> float | None:
    """Refuse infinity, which the least value of an option lets through.

    Raises:
        BadParameter: it is infinite.
    """
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter(f"{value} is no finite number.")
    return value


RecipeFile = Annotated[
    Path,
    typer.Argument(
        help="Recipe, a TOML file; pulsewright recipes lists and copies examples.",
        autocompletion=completion.recipe_files,
    ),
]
OptionalRecipeFile = Annotated[
    Path | None,
    typer.Argument(
        help="Recipe, a TOML file; pulsewright recipes lists and copies examples.",
        autocompletion=completion.recipe_files,
    ),
]
AsJson = Annotated[
    bool,
    typer.Option("--json", help="Print one JSON document and nothing else (docs/json.md)."),
]
Waves = Annotated[bool, typer.Option("--waves", help="Record waveforms in the sim folder.")]
Core = Annotated[
    str, typer.Option(help="ibex, picorv32 or cv32e40x.", autocompletion=completion.cores)
]
Seeds = Annotated[
    int, typer.Option("--seeds", min=0, help="Placements that MHz is the median of; 0 for none.")
]
Multipliers = Annotated[
    str | None,
    typer.Option("--multipliers", help="Numbers such as 2,7,56: foldings beside each other."),
]
Device = Annotated[
    str | None,
    typer.Option(
        "--device",
        help="Of an FPGA family; ecp5 85k, ice40 hx8k.",
        autocompletion=completion.devices,
    ),
]
PdkFolder = Annotated[
    Path | None, typer.Option("--pdk", help="Folder of the process design kit; else PDK_ROOT.")
]


@dataclass(frozen=True)
class BuildOptions:
    """Where curves come from, and where what is made of them goes."""

    data: Annotated[
        Path | None,
        typer.Option(
            "--data", help="Folder of x.pck and y.pck, or a CSV table; else PULSEWRIGHT_DATA."
        ),
    ] = None
    download: Annotated[
        bool, typer.Option("--download", help="Fetch the measured curves from their authors.")
    ] = False
    build: Annotated[Path, typer.Option("--build", help="Folder that keeps what is made.")] = Path(
        "build"
    )
    wait: Annotated[
        bool,
        typer.Option(
            "--wait/--no-wait", help="Wait for another command that writes the folder, or refuse."
        ),
    ] = True
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress: results and errors alone.")
    ] = False

    def locked(self, folder: Path) -> AbstractContextManager[None]:
        """The folder alone, until the block ends; see `build_lock.locked`."""
        return locked(folder, self.wait, _say_aside)


@dataclass(frozen=True)
class SchedulerOptions:
    """Which processes train the networks of a study."""

    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", help="Address of a running Dask scheduler, tcp://host:port."),
    ] = None
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", min=0, help="Processes here; one a core, 0 for none but this one."
        ),
    ] = None

    @property
    def cluster(self) -> ClusterOptions:
        """The same for `quant`.

        Raises:
            PulsewrightError: both are given.
        """
        if self.scheduler is not None and self.workers is not None:
            raise PulsewrightError(
                f"--workers {self.workers} starts processes here, and --scheduler "
                f"{self.scheduler} has its own; give one of the two"
            )
        return ClusterOptions(self.scheduler, self.workers)


@dataclass(frozen=True)
class SynthesisOptions:
    """What Verilog is mapped to, and what is measured of it."""

    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            help="ecp5 (default), ice40, xc7, sg13g2 or osu018.",
            autocompletion=completion.targets,
        ),
    ] = None
    device: Device = None
    seeds: Seeds = 3
    liberty: Annotated[
        Path | None,
        typer.Option("--liberty", help="Standard cells of your own, in place of a target."),
    ] = None
    pdk: PdkFolder = None
    period: Annotated[
        float,
        typer.Option(
            "--period",
            min=0.1,
            callback=finite,
            help="Of the clock in ns, that cells are sized for.",
        ),
    ] = SIZED_FOR
    clock_gates: Annotated[
        bool, typer.Option("--clock-gates/--no-clock-gates", help="Gate the clock of registers.")
    ] = True
    energy: Annotated[
        bool, typer.Option("--energy", help="Run rows through the cells, and tell what they cost.")
    ] = False
    rows: Annotated[
        int, typer.Option("--rows", min=1, help="Whose energy is counted, of each run.")
    ] = 50

    @property
    def counted_rows(self) -> int:
        """Rows whose energy is counted, 0 if that was not asked for."""
        return self.rows if self.energy else 0


@contextmanager
def open_workspace(
    recipe: Path,
    options: BuildOptions,
    console: Console,
    *,
    waves: bool = False,
    changed: Callable[[Recipe], Recipe] | None = None,
) -> Iterator[Workspace]:
    """The recipe in its build folder, which no other command writes meanwhile.

    What steps tell goes to `console`. changed: what options make of the recipe.
    """
    loaded = load_recipe(recipe)
    if changed is not None:
        loaded = changed(loaded)
    steps = Options(recipe.parent, options.data, options.download, waves, typed_command())
    with options.locked(options.build / loaded.name):
        yield Workspace(loaded, options.build, steps, console)


def _say_aside(sentence: str) -> None:
    """Tell the user what is no result of the command, beside its output."""
    PlainConsole(stderr=True).print(sentence, soft_wrap=True)
