# SPDX-License-Identifier: Apache-2.0
"""Every text of the checkout, in whatever language."""

import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
TEXTS = {
    ".md",
    ".py",
    ".toml",
    ".j2",
    ".c",
    ".h",
    ".S",
    ".v",
    ".sv",
    ".rdl",
    ".sh",
    ".tcl",
    ".ipynb",
}
MARKER = re.compile(r"^(<{7}|={7}|>{7}|\|{7})( |$)", re.MULTILINE)


def texts() -> list[Path]:
    rooms = [one for one in REPOSITORY.iterdir() if not one.name.startswith(".")]
    folders = [one for one in rooms if one.is_dir() and one.name not in {"build", "src"}]
    inside = [path for folder in folders for path in folder.rglob("*")]
    return [path for path in [*rooms, *inside] if path.suffix in TEXTS and path.is_file()]


def test_no_file_holds_what_a_merge_left() -> None:
    marker = "<" * 7 + " HEAD\n" + "=" * 7 + "\n" + ">" * 7 + " other\n"
    assert len(MARKER.findall(marker)) == 3
    found = texts()
    assert REPOSITORY / "docs" / "json.md" in found
    marked = [path for path in found if MARKER.search(path.read_text(encoding="utf-8"))]
    assert marked == []
