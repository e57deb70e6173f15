# SPDX-License-Identifier: Apache-2.0
"""Writes the software bill of materials of an installation with the extra `all`, as CycloneDX JSON.

`make sbom` writes build/sbom.cdx.json: sbom.py FILE. cyclonedx-bom lists what is installed here;
packages for development alone are left out of it.
"""

import json
import subprocess
import sys
from collections.abc import Collection
from importlib.metadata import version
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).parents[1]
sys.path.insert(0, str(REPOSITORY))

from tools.licences import DEFAULT, PROJECT, brought_by  # noqa: E402

Document = dict[str, Any]


def of_environment() -> Document:
    """Everything that is installed beside this Python."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible"]
    options = ["--pyproject", str(REPOSITORY / "pyproject.toml"), "--output-format", "JSON"]
    run = subprocess.run(
        [*command, *options, "-o", "-", sys.executable], capture_output=True, text=True, check=True
    )
    document: Document = json.loads(run.stdout)
    return document


def limited_to(document: Document, names: Collection[str]) -> Document:
    """The document with the components of these canonical names, and what they depend on."""
    components = [one for one in document["components"] if canonicalize_name(one["name"]) in names]
    root = document["metadata"]["component"]["bom-ref"]
    kept = {root, *(one["bom-ref"] for one in components)}
    dependencies = [
        {**one, "dependsOn": [ref for ref in one.get("dependsOn", []) if ref in kept]}
        for one in document.get("dependencies", [])
        if one["ref"] in kept
    ]
    return {**document, "components": components, "dependencies": dependencies}


def main() -> None:
    """Write the file that the command line names."""
    document = limited_to(of_environment(), brought_by(DEFAULT))
    document["metadata"]["component"]["version"] = version(PROJECT)
    path = Path(sys.argv[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(f"{path}: {len(document['components'])} packages")


if __name__ == "__main__":
    main()
