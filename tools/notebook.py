# SPDX-License-Identifier: Apache-2.0
"""Runs docs/first_hour.ipynb and keeps what its cells print and draw: `make notebook`."""

from pathlib import Path
from typing import Any

import nbclient
import nbformat

REPOSITORY = Path(__file__).parents[1]
NOTEBOOK = REPOSITORY / "docs" / "first_hour.ipynb"
SECONDS = 3600


def executed(folder: Path) -> Any:
    """The notebook after it ran in `folder`; nothing in it tells when or where."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    client = nbclient.NotebookClient(
        notebook,
        timeout=SECONDS,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            # Progress and warnings of libraries are of the machine.
            cell.outputs = [one for one in cell.outputs if one.get("name") != "stderr"]
    notebook.metadata.pop("language_info", None)
    return notebook


if __name__ == "__main__":
    nbformat.write(executed(REPOSITORY), NOTEBOOK)
