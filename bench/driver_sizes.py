# SPDX-License-Identifier: Apache-2.0
"""Bytes of the driver on RISC-V, by instruction set and by what a program calls."""

import tempfile
from pathlib import Path

from rich.console import Console

from pulsewright.flow.report.result_table import Column, JsonValue, ResultTable, words
from pulsewright.flow.report.table_layout import print_table
from pulsewright.sim.soc.driver_sizes import ARCHITECTURES, GROUPS, driver_size


def size_table(folder: Path) -> ResultTable:
    """Bytes of each group of functions, and what it calls in libgcc where products are missing."""
    rows: list[list[JsonValue]] = []
    for group, functions in GROUPS.items():
        sizes = [driver_size(functions, architecture, folder) for architecture in ARCHITECTURES]
        libgcc = sizes[0]
        called = f"{', '.join(libgcc.libgcc)}: {libgcc.libgcc_bytes}" if libgcc.libgcc else ""
        rows.append([group, *(size.code for size in sizes), called])
    return ResultTable(
        name="driver_sizes",
        title="Bytes of the driver, -Os, linked with --gc-sections",
        columns=(
            words("functions", "functions"),
            *(Column(f"{one}_bytes", one.upper()) for one in ARCHITECTURES),
            words("libgcc", "of libgcc without M"),
        ),
        rows=rows,
    )


def main() -> None:
    """Print the table of docs/firmware.md."""
    with tempfile.TemporaryDirectory() as folder:
        print_table(Console(), size_table(Path(folder)))


if __name__ == "__main__":
    main()
