# SPDX-License-Identifier: Apache-2.0
"""What a shell offers for a word that is begun; see `pulsewright --install-completion`.

What takes time is imported when it is asked for.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

Completion = Callable[[str], list[str]]


def _beginning(names: Iterable[str], begun: str) -> list[str]:
    return [name for name in dict.fromkeys(names) if name.startswith(begun)]


def _listed(names: Iterable[str], begun: str) -> list[str]:
    """Lists such as "a,b" that go on with each name that is not in them yet."""
    *before, last = begun.split(",")
    left = (name for name in names if name not in before)
    return [",".join((*before, name)) for name in _beginning(left, last)]


def files(*endings: str) -> Completion:
    """Paths of folders, and of files with one of the endings."""

    def complete(incomplete: str) -> list[str]:
        folder, begun = os.path.split(incomplete)
        try:
            entries = sorted(Path(folder or ".").iterdir())
        except OSError:
            return []
        found = [
            f"{entry.name}/" if entry.is_dir() else entry.name
            for entry in entries
            if entry.is_dir() or entry.suffix in endings
        ]
        shown = [name for name in found if begun or not name.startswith(".")]
        return [os.path.join(folder, name) for name in _beginning(shown, begun)]

    return complete


recipe_files = files(".toml")
curves_and_models = files(".csv", ".onnx", ".tflite", ".json")
models = files(".onnx", ".tflite")


def shipped_names(incomplete: str) -> list[str]:
    """Of the shipped recipes and studies."""
    from pulsewright.flow.inputs.shipped_recipes import shipped_recipes

    return _beginning((one.name for one in shipped_recipes()), incomplete)


def targets(incomplete: str) -> list[str]:
    """Families of FPGAs and libraries of cells."""
    from pulsewright.synth.cells.technology import TECHNOLOGIES
    from pulsewright.synth.fpga.targets import FPGA_TARGETS

    return _beginning((*FPGA_TARGETS, *TECHNOLOGIES), incomplete)


def netlists(incomplete: str) -> list[str]:
    """What netlists can be proven for."""
    from pulsewright.flow.steps.netlist_proofs import TARGETS

    return _beginning(TARGETS, incomplete)


def devices(incomplete: str) -> list[str]:
    """Of all FPGA families."""
    from pulsewright.synth.fpga.targets import FPGA_TARGETS

    every = (device.name for target in FPGA_TARGETS.values() for device in target.devices)
    return _beginning(every, incomplete)


def cells(incomplete: str) -> list[str]:
    """Libraries of cells that layouts are made in."""
    from pulsewright.synth.cells.technology import TECHNOLOGIES

    return _beginning(TECHNOLOGIES, incomplete)


def cores(incomplete: str) -> list[str]:
    """RISC-V cores of the simulated systems."""
    from pulsewright.sim.soc.cores import CORES

    return _beginning(CORES, incomplete)


def core_attachments(incomplete: str) -> list[str]:
    """What a coprocessor is attached to some core by."""
    from pulsewright.sim.soc.cores import CORES

    every = (attachment for core in CORES.values() for attachment in core.attachments)
    return _beginning(every, incomplete)


def pipelines(incomplete: str) -> list[str]:
    """Of engines, one or several."""
    from pulsewright.flow.foldings import PIPELINES

    return _listed(PIPELINES, incomplete)


def weights(incomplete: str) -> list[str]:
    """What engines keep them in, one or several."""
    from pulsewright.flow.exploration.engine_choice import WEIGHTS

    return _listed(WEIGHTS, incomplete)


def curves(incomplete: str) -> list[str]:
    """How engines compute them, one or several."""
    from pulsewright.flow.exploration.engine_choice import CURVES

    return _listed(CURVES, incomplete)


def boards(incomplete: str) -> list[str]:
    """FPGA boards."""
    from pulsewright.synth.boards.board import BOARDS

    return _beginning(BOARDS, incomplete)


def energy_tables(incomplete: str) -> list[str]:
    """Names of the tables that are brought, and paths of others."""
    from pulsewright.hls_model.energy.table import table_names

    return [*_beginning(table_names(), incomplete), *recipe_files(incomplete)]


def explained_names(incomplete: str) -> list[str]:
    """Keys, registers as far as they can be read, and fields of the report."""
    from pulsewright.flow.explain.search import KINDS, of_kind
    from pulsewright.hls_model.python_packages import MissingPackageError

    names = [*KINDS]
    for kind in KINDS:
        try:
            names += (one.name for one in of_kind(kind))
        except MissingPackageError:
            continue
    return _beginning(names, incomplete)
