# SPDX-License-Identifier: Apache-2.0
"""The energy table that a user names: one of the package, or a file."""

from importlib.resources import files
from pathlib import Path

from pulsewright.flow.inputs.toml_file import load_toml
from pulsewright.hls_model.energy.table import EnergyTable, table_names


def named_table(name: str) -> EnergyTable:
    """A table of the package, or the file of that name.

    Raises:
        PulsewrightError: there is neither, or the file is no energy table; the key is named.
    """
    path = Path(name)
    if name in table_names() or not (path.suffix == ".toml" or path.exists()):
        return EnergyTable.load(name)
    examples = f"{files('pulsewright.hls_model.energy') / 'tables'} holds examples"
    return load_toml(path, EnergyTable, "energy table", examples)
