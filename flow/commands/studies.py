# SPDX-License-Identifier: Apache-2.0
"""The commands that train many networks: studies, the published figures, and controllers."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pulsewright.flow.build_lock import typed_command
from pulsewright.flow.commands import completion
from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.option_groups import with_option_groups
from pulsewright.flow.commands.options import (
    AsJson,
    BuildOptions,
    Device,
    PdkFolder,
    SchedulerOptions,
    SynthesisOptions,
    finite,
)
from pulsewright.flow.commands.synth import chosen_target
from pulsewright.flow.inputs.curves import CurveInput
from pulsewright.flow.output import command_output
from pulsewright.flow.steps import packages
from pulsewright.flow.steps.packages import GENERATOR, STUDY_FILES, TRAINING
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.python_packages import check_packages
from pulsewright.quant.curve_sources import CurveSource

if TYPE_CHECKING:
    from pulsewright.flow.study.fitted_cells import SampledTarget


@dataclass(frozen=True)
class SamplingOptions:
    """What the area of a study's engines is fitted for."""

    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            help="Fit area to engines mapped to ecp5, ice40, xc7, sg13g2 or osu018; else none.",
            autocompletion=completion.targets,
        ),
    ] = None
    device: Device = None
    pdk: PdkFolder = None
    samples: Annotated[
        int, typer.Option("--samples", min=1, help="Engines that are mapped for --target.")
    ] = 16
    energy: Annotated[
        bool,
        typer.Option("--energy", help="Fit pJ as well, to rows through the gates of the samples."),
    ] = False
    rows: Annotated[
        int, typer.Option("--rows", min=1, help="Whose energy is counted in each sample.")
    ] = 20
    synthesise_front: Annotated[
        bool,
        typer.Option("--synthesise-front", help="Train and synthesise the fronts' recipes too."),
    ] = False


StudyToml = Annotated[
    Path,
    typer.Argument(
        help="Study, a TOML file; pulsewright recipes lists and copies examples.",
        autocompletion=completion.recipe_files,
    ),
]


@guarded
@with_option_groups
def study(
    study_file: StudyToml,
    options: BuildOptions,
    scheduling: SchedulerOptions,
    sampling: SamplingOptions,
    as_json: AsJson = False,
) -> None:
    """Accuracy against bit widths, energy and area: train a grid of configurations."""
    from pulsewright.flow.study.run import study_step
    from pulsewright.flow.study.study_file import load_study

    cluster = scheduling.cluster
    target = _sampled_target(sampling)
    tools = () if target is None else (*GENERATOR, "scipy", *target.chosen.packages)
    check_packages((*TRAINING, *STUDY_FILES, *tools, *packages.of_cluster(cluster)))
    file = load_study(study_file)
    if target is not None:
        target.check(file.study())
    folder = options.build / file.name
    own_path = None if file.data.path is None else study_file.parent / file.data.path
    given = CurveInput(
        file.data.source, own_path, options.data, options.download, folder / "measured"
    )
    with command_output("study", as_json, options.quiet) as output, options.locked(folder):
        study_step(file, given, folder, cluster, output, target, typed_command())


def _sampled_target(sampling: SamplingOptions) -> "SampledTarget | None":
    if sampling.target is None:
        if sampling.energy or sampling.synthesise_front:
            raise PulsewrightError(
                "--energy and --synthesise-front ask for gates, and --target says of which cells; "
                "give --target"
            )
        return None
    check_packages((*GENERATOR, "scipy"))
    from pulsewright.flow.study.fitted_cells import SampledTarget

    # Samples are not placed; engines of the front are, once.
    options = SynthesisOptions(
        sampling.target,
        sampling.device,
        seeds=1 if sampling.synthesise_front else 0,
        pdk=sampling.pdk,
        energy=sampling.energy,
        rows=sampling.rows,
    )
    return SampledTarget(
        chosen_target(options),
        sampling.samples,
        options.counted_rows,
        synthesise_front=sampling.synthesise_front,
    )


@guarded
@with_option_groups
def reproduce(
    source: Annotated[
        CurveSource, typer.Option("--curves", help="The paper's own curves, or others.")
    ] = CurveSource.MEASURED,
    *,
    options: BuildOptions,
    scheduling: SchedulerOptions,
    as_json: AsJson = False,
) -> None:
    """The published figures again: Table II, Fig. 4(b) and Fig. 5, beside the paper's own."""
    from pulsewright.flow.reproduce.everything import reproduce as reproduce_paper

    cluster = scheduling.cluster
    check_packages((*TRAINING, *packages.of_cluster(cluster)))
    folder = options.build / f"reproduce_{source.value}"
    given = CurveInput(source, None, options.data, options.download, folder / "measured")
    given.check()
    with command_output("reproduce", as_json, options.quiet) as output, options.locked(folder):
        curves = given.load(0)
        reproduce_paper(curves, source.value, folder, cluster, output)


@guarded
@with_option_groups
def closed_loop(
    source: Annotated[
        CurveSource, typer.Option("--curves", help="The curves that devices are made of.")
    ] = CurveSource.MEASURED,
    read_voltage: Annotated[
        float,
        typer.Option(
            "--read-voltage",
            min=0.001,
            callback=finite,
            help="V at which the currents were read, which no curve tells; for energies alone.",
        ),
    ] = 0.5,
    *,
    options: BuildOptions,
    scheduling: SchedulerOptions,
    as_json: AsJson = False,
) -> None:
    """Programming in amperes: a network that knows the history beside rules without a model."""
    from pulsewright.flow.closed_loop.everything import closed_loop as compare_controllers
    from pulsewright.flow.closed_loop.settings import ClosedLoopSettings

    cluster = scheduling.cluster
    check_packages((*TRAINING, *packages.of_cluster(cluster)))
    folder = options.build / f"closed_loop_{source.value}"
    given = CurveInput(source, None, options.data, options.download, folder / "measured")
    given.check()
    with command_output("closed-loop", as_json, options.quiet) as output, options.locked(folder):
        curves = given.load(0)
        settings = ClosedLoopSettings(read_voltage=read_voltage)
        compare_controllers(
            curves, source.value, folder, cluster, output, settings, typed_command()
        )
