# SPDX-License-Identifier: Apache-2.0
"""The steps of a build in their order: what each needs, what it is made from, makes, and shows.

This is the one place where the order can be read; commands ask `make` for what they want.
"""

from collections.abc import Callable
from functools import partial

from pulsewright.flow.report.energy_step import price_energy
from pulsewright.flow.report.step import write_report
from pulsewright.flow.steps import dataset, packages, settings
from pulsewright.flow.steps.float_networks import train_float_networks
from pulsewright.flow.steps.history import train_history
from pulsewright.flow.steps.hls_bench import no_bench, run_bench_of_kernel
from pulsewright.flow.steps.hls_comparison import check_compiler, compare_kernel, no_compiler
from pulsewright.flow.steps.hls_kernel import write_kernel
from pulsewright.flow.steps.model import check_no_curves, model_files, read_model
from pulsewright.flow.steps.model_file import model_path
from pulsewright.flow.steps.package import write_package
from pulsewright.flow.steps.qonnx_execution import execute_model, not_executable
from pulsewright.flow.steps.qonnx_export import export_model
from pulsewright.flow.steps.quantise import quantise
from pulsewright.flow.steps.results import ShownResults
from pulsewright.flow.steps.rtl import generate_rtl, rtl_files
from pulsewright.flow.steps.shown import results_of
from pulsewright.flow.steps.simulation import (
    bench_modules,
    check_simulator,
    simulate,
    simulation_files,
)
from pulsewright.flow.steps.step import Step
from pulsewright.flow.versions import installed_version
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.hls_cpp.compiler import find_compiler
from pulsewright.hls_model.python_packages import check_packages, is_installed
from pulsewright.sim.simulators import Simulator

Work = Callable[..., None]


def _is_trained(workspace: Workspace) -> bool:
    return workspace.recipe.model is None


def _module_of(work: Work) -> Callable[[Workspace], tuple[str]]:
    return lambda workspace: (work.__module__,)


DATASET = Step(
    "dataset",
    shows="the curves",
    outputs=lambda w: [w.dataset],
    work=dataset.make_dataset,
    code=_module_of(dataset.make_dataset),
    settings=dataset.origin,
    packages=packages.of_curves,
    applies=_is_trained,
    check=lambda w: w.curve_input.check(),
)
FLOAT = Step(
    "float",
    shows="a float network for each split",
    outputs=lambda w: [w.float_checkpoint],
    work=train_float_networks,
    code=_module_of(train_float_networks),
    needs=(DATASET,),
    inputs=lambda w: [w.dataset],
    settings=settings.float_training,
    packages=lambda w: packages.TRAINING,
    applies=lambda w: w.predicts_currents,
)
QUANTISE = Step(
    "quantise",
    shows="the integer model, its accuracy, and 0 mismatches with Brevitas",
    outputs=lambda w: [w.quantised_checkpoint, w.model_file, w.accuracy_file],
    work=quantise,
    code=_module_of(quantise),
    needs=(FLOAT,),
    inputs=lambda w: [w.dataset, w.float_checkpoint],
    settings=settings.quantised_training,
    packages=lambda w: packages.TRAINING,
    applies=lambda w: w.predicts_currents,
)
HISTORY = Step(
    "history",
    shows="the integer model of a history network, its coverage, and 0 mismatches with Brevitas",
    outputs=lambda w: [w.model_file, w.history_file],
    work=train_history,
    code=_module_of(train_history),
    needs=(DATASET,),
    inputs=lambda w: [w.dataset],
    settings=settings.history_training,
    packages=lambda w: packages.TRAINING,
    applies=lambda w: w.predicts_pulses,
)
MODEL = Step(
    "model",
    shows="the integer model, read from a file",
    outputs=model_files,
    work=read_model,
    code=_module_of(read_model),
    inputs=lambda w: [model_path(w)],
    settings=settings.finished_model,
    packages=packages.of_finished_model,
    applies=lambda w: not _is_trained(w),
    check=check_no_curves,
)
NETWORKS = (QUANTISE, HISTORY, MODEL)
"""Steps that end with the integer model; one of them applies."""

RTL = Step(
    "rtl",
    shows="Verilog of the coprocessor and of the bare engine, and a C header",
    outputs=rtl_files,
    work=generate_rtl,
    code=_module_of(generate_rtl),
    needs=NETWORKS,
    inputs=lambda w: [w.model_file],
    settings=settings.coprocessor,
    packages=lambda w: packages.GENERATOR,
)
PACKAGE = Step(
    "package",
    shows="a folder for a SoC team",
    outputs=lambda w: [w.package],
    work=write_package,
    code=_module_of(write_package),
    needs=(RTL,),
    inputs=lambda w: [w.model_file, *rtl_files(w)],
    settings=settings.packaged,
    packages=lambda w: (*packages.GENERATOR, *packages.DATA_SHEET),
)
SIMULATIONS = {
    simulator: Step(
        f"sim_{simulator.value}",
        shows=f"0 mismatches, II and latency on {simulator.value}",
        outputs=partial(simulation_files, simulator=simulator),
        work=partial(simulate, simulator=simulator),
        code=lambda w: [simulate.__module__, *bench_modules(w)],
        needs=(RTL,),
        inputs=lambda w: [w.model_file, *rtl_files(w), *settings.data_files(w)],
        settings=partial(settings.simulation, simulator=simulator),
        packages=lambda w: (*packages.GENERATOR, *packages.TEST_BENCHES),
        applies=partial(settings.is_simulated, simulator=simulator),
        check=partial(check_simulator, simulator=simulator),
    )
    for simulator in Simulator
}
HLS = Step(
    "hls",
    shows="C++ for high-level synthesis",
    outputs=lambda w: [w.hls],
    work=write_kernel,
    code=_module_of(write_kernel),
    needs=NETWORKS,
    inputs=lambda w: [w.model_file, *settings.data_files(w)],
    settings=settings.kernel,
)
HLS_COMPARISON = Step(
    "hls_emulator",
    shows="0 mismatches of the C++ kernel on all rows",
    outputs=lambda w: [w.hls_summary],
    work=compare_kernel,
    code=_module_of(compare_kernel),
    needs=(HLS,),
    inputs=HLS.inputs,
    settings=lambda w: {**settings.kernel(w), "compiler": find_compiler()},
    check=check_compiler,
    obstacle=no_compiler,
)
HLS_BENCH = Step(
    "hls_bench",
    shows="0 mismatches in the test bench that is delivered with it, run by its own Makefile",
    outputs=lambda w: [w.hls_bench_summary],
    work=run_bench_of_kernel,
    code=_module_of(run_bench_of_kernel),
    needs=(HLS,),
    inputs=lambda w: [w.hls, *HLS.inputs(w)],
    settings=HLS_COMPARISON.settings,
    obstacle=no_bench,
)
QONNX = Step(
    "qonnx",
    shows="the integer model as a QONNX file",
    outputs=lambda w: [w.qonnx_file],
    work=export_model,
    code=_module_of(export_model),
    needs=NETWORKS,
    inputs=lambda w: [w.model_file],
    packages=lambda w: packages.QONNX,
)
QONNX_EXECUTION = Step(
    "qonnx_executed",
    shows="0 mismatches when the qonnx package executes it",
    outputs=lambda w: [w.qonnx_result_file],
    work=execute_model,
    code=_module_of(execute_model),
    needs=(QONNX,),
    inputs=lambda w: [w.model_file, *settings.data_files(w)],
    settings=lambda w: {**settings.stimulus(w), "package": installed_version("qonnx")},
    obstacle=not_executable,
)
ENERGY = Step(
    "energy",
    shows="what an inference costs, by every table",
    outputs=lambda w: [w.energy_file, w.energy_picture],
    work=price_energy,
    code=_module_of(price_energy),
    needs=NETWORKS,
    inputs=lambda w: [w.model_file],
    settings=settings.engine,
)


def shown_results(workspace: Workspace) -> ShownResults:
    """What the steps show of this recipe, these files and this code."""
    return results_of(
        workspace, QUANTISE, HISTORY, SIMULATIONS, HLS_COMPARISON, HLS_BENCH, QONNX_EXECUTION
    )


def _report_settings(workspace: Workspace) -> dict[str, object]:
    return {
        "recipe": workspace.recipe.model_dump(mode="json"),
        "shown": shown_results(workspace).model_dump(mode="json"),
    }


REPORT = Step(
    "report",
    shows="report.json, report.html and a picture of the curves",
    outputs=lambda w: [
        w.report_file,
        w.report_page,
        *([w.curve_picture] if w.predicts_currents else []),
    ],
    work=lambda w: write_report(w, shown_results(w)),
    code=_module_of(write_report),
    needs=(*SIMULATIONS.values(), PACKAGE, HLS_COMPARISON, HLS_BENCH, ENERGY),
    inputs=lambda w: [w.model_file, w.energy_file, *settings.data_files(w)],
    settings=_report_settings,
)

ORDER = (
    *(DATASET, FLOAT, QUANTISE, HISTORY, MODEL),
    *(RTL, PACKAGE, *SIMULATIONS.values()),
    *(HLS, HLS_COMPARISON, HLS_BENCH, QONNX, QONNX_EXECUTION, ENERGY),
    REPORT,
)


def everything_for(*goals: Step) -> list[Step]:
    """The goals and all that they need, in the order of the build."""
    wanted: list[Step] = []
    waiting = list(goals)
    while waiting:
        step = waiting.pop()
        if step not in wanted:
            wanted.append(step)
            waiting += step.needs
    return [one for one in ORDER if one in wanted]


def coming_steps(workspace: Workspace, *goals: Step) -> list[Step]:
    """Those of the steps up to the goals that are not done, and all that need one of them."""
    coming: list[Step] = []
    for step in everything_for(*goals):
        follows = any(needed in coming for needed in step.needs)
        if step.applies(workspace) and (follows or not step.is_current(workspace)):
            coming.append(step)
    return coming


def _check_packages(workspace: Workspace, steps: list[Step], later: tuple[str, ...]) -> None:
    """Refuse a missing package, unless what needs it is done."""
    wanted = [package for step in steps for package in step.packages(workspace)]
    if not all(map(is_installed, wanted)):
        coming = coming_steps(workspace, *steps)
        wanted = [package for step in coming for package in step.packages(workspace)]
    check_packages([*wanted, *later])


def make(workspace: Workspace, *goals: Step, later: tuple[str, ...] = ()) -> None:
    """Take every step up to the goals, each unless it is done.

    later: import names of the packages that the caller needs for what it does after them.

    Raises:
        PulsewrightError: a package is missing, or a step refuses what it is given; those before it
            stay done.
    """
    steps = [step for step in everything_for(*goals) if step.applies(workspace)]
    # Better told now than after the training.
    _check_packages(workspace, steps, later)
    for step in steps:
        step.check(workspace)
    for step in steps:
        step.take(workspace)
