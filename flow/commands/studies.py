# SPDX-License-Identifier: Apache-2.0
"""The commands that train many networks: studies, the published figures, and controllers."""

from pathlib import Path
from typing import Annotated

import typer

from pulsewright.flow.build_lock import locked
from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.options import (
    AsJson,
    BuildPath,
    DataPath,
    Download,
    Wait,
    say_aside,
)
from pulsewright.flow.inputs.curves import CurveInput
from pulsewright.flow.output import command_output
from pulsewright.flow.steps import packages
from pulsewright.flow.steps.packages import STUDY_FILES, TRAINING
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.python_packages import check_packages
from pulsewright.quant.curve_sources import CurveSource
from pulsewright.quant.studies.cluster import ClusterOptions

StudyToml = Annotated[
    Path, typer.Argument(help="Study, a TOML file; pulsewright recipes lists and copies examples.")
]
Scheduler = Annotated[
    str | None,
    typer.Option("--scheduler", help="Address of a running Dask scheduler, tcp://host:port."),
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=0, help="Processes here; one a core, 0 for none but this one."),
]


def _cluster(scheduler: str | None, workers: int | None) -> ClusterOptions:
    if scheduler is not None and workers is not None:
        raise PulsewrightError(
            f"--workers {workers} starts processes here, and --scheduler {scheduler} has its own; "
            "give one of the two"
        )
    return ClusterOptions(scheduler, workers)


@guarded
def study(
    study_file: StudyToml,
    data: DataPath = None,
    download: Download = False,
    build: BuildPath = Path("build"),
    wait: Wait = True,
    scheduler: Scheduler = None,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Accuracy against bit widths, energy and area: train a grid of configurations."""
    from pulsewright.flow.study.run import study_step
    from pulsewright.flow.study.study_file import load_study

    cluster = _cluster(scheduler, workers)
    check_packages((*TRAINING, *STUDY_FILES, *packages.of_cluster(cluster)))
    file = load_study(study_file)
    folder = build / file.name
    own_path = None if file.data.path is None else study_file.parent / file.data.path
    given = CurveInput(file.data.source, own_path, data, download, folder / "measured")
    with command_output("study", as_json) as output, locked(folder, wait, say_aside):
        study_step(file, given, folder, cluster, output)


@guarded
def reproduce(
    source: Annotated[
        CurveSource, typer.Option("--curves", help="The paper's own curves, or others.")
    ] = CurveSource.MEASURED,
    data: DataPath = None,
    download: Download = False,
    build: BuildPath = Path("build"),
    wait: Wait = True,
    scheduler: Scheduler = None,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """The published figures again: Table II, Fig. 4(b) and Fig. 5, beside the paper's own."""
    from pulsewright.flow.reproduce.everything import reproduce as reproduce_paper

    cluster = _cluster(scheduler, workers)
    check_packages((*TRAINING, *packages.of_cluster(cluster)))
    folder = build / f"reproduce_{source.value}"
    given = CurveInput(source, None, data, download, folder / "measured")
    given.check()
    with command_output("reproduce", as_json) as output, locked(folder, wait, say_aside):
        curves = given.load(0)
        reproduce_paper(curves, source.value, folder, cluster, output)


@guarded
def closed_loop(
    source: Annotated[
        CurveSource, typer.Option("--curves", help="The curves that devices are made of.")
    ] = CurveSource.MEASURED,
    data: DataPath = None,
    download: Download = False,
    build: BuildPath = Path("build"),
    wait: Wait = True,
    scheduler: Scheduler = None,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Programming in amperes: a network that knows the history beside rules without a model."""
    from pulsewright.flow.closed_loop.everything import closed_loop as compare_controllers

    cluster = _cluster(scheduler, workers)
    check_packages((*TRAINING, *packages.of_cluster(cluster)))
    folder = build / f"closed_loop_{source.value}"
    given = CurveInput(source, None, data, download, folder / "measured")
    given.check()
    with command_output("closed-loop", as_json) as output, locked(folder, wait, say_aside):
        curves = given.load(0)
        compare_controllers(curves, source.value, folder, cluster, output)
