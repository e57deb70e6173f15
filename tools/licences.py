# SPDX-License-Identifier: Apache-2.0
"""Writes docs/licences.md, or checks it: every package that an extra brings, and its licence.

`make licences` writes it; `python tools/licences.py --check`, a part of `make lint`, ends with 1 if
the page is not what would be written, or if a package of the default extras is under a copyleft
licence that reaches programs which import it. Licences are those that pip-licenses finds.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PAGE = Path(__file__).parents[1] / "docs" / "licences.md"
PROJECT = "pulsewright"
DEFAULT = ("all",)
TOOLS = ("bench", "dev")
# Of the GNU family; what the Mozilla licence asks for concerns changes to its own files alone.
COPYLEFT = re.compile(r"\bA?L?GPL|GNU |\bEUPL|\bCC-BY-SA|\bSSPL|\bOSL", re.IGNORECASE)
# What the packages' metadata does not say, read from the files that they bring.
KNOWN = {
    "axe-playwright-python": "MIT; axe-core in it MPL-2.0",
    "brevitas": "BSD-3-Clause",
}
# Packages whose metadata names a copyleft licence, and why they may stay.
ACCEPTED = {
    "docutils": "public domain and BSD; under the GPL is an Emacs mode that is not installed",
}
UNKNOWN = "UNKNOWN"
DEVELOPMENT = "Packages for development alone"
# The default build of Torch on Linux, which the page leaves out, since other builds bring none.
ACCELERATOR = re.compile(r"nvidia-.*|cuda-.*|triton")

HEAD = """\
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Written by `make licences`. -->
# Licences

Pulsewright is under the Apache License 2.0, and so is what it generates: Verilog, C, C++ and
documents are yours to use under it.

Nothing that Pulsewright imports is under the GPL, the LGPL or their kin; `make lint` checks every
package that the extras of `pip install` bring. Under such a licence are only programs that are
started as processes of their own, and that you may replace: Icarus Verilog (GPL-2.0), Verilator
(LGPL-3.0 or Artistic-2.0), GCC (GPL-3.0 with the runtime exception), make and perl. The RISC-V
cores are Verilog that is simulated: Ibex and CV32E40X (Apache-2.0, Solderpad-0.51), PicoRV32 (ISC).
The extra `litex`, which `make regression` alone installs, brings LiteX, migen and picolibc (BSD),
compiler-rt (Apache-2.0) and VexRiscv (MIT).
The extra `docs`, for `make docs`, brings MkDocs (BSD-2-Clause), its theme Material (MIT) and
mkdocstrings (ISC).
`make regression` also installs LibreLane (Apache-2.0) in an environment of its own, where KLayout
(GPL-3.0) comes with it; nothing here imports either.

The build of Torch that most package indexes have for Linux also brings NVIDIA's own libraries,
which are proprietary and not used here.
"""


def requirements_of(name: str, extras: Iterable[str]) -> list[Requirement]:
    """What package `name` asks for here, with these extras; empty if it is not installed."""
    try:
        wanted = distribution(name).requires or []
    except PackageNotFoundError:
        return []
    environments = [{"extra": extra} for extra in ("", *extras)]
    found = [Requirement(text) for text in wanted]
    return [
        one
        for one in found
        if one.marker is None or any(one.marker.evaluate(each) for each in environments)
    ]


def brought_by(extras: Iterable[str]) -> set[str]:
    """Canonical names of all installed packages that the project needs with these extras."""
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    waiting = [(PROJECT, extra) for extra in ("", *extras)]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        for one in requirements_of(name, [extra] if extra else []):
            needed = canonicalize_name(one.name)
            waiting += [(needed, each) for each in ("", *one.extras)]
            found.add(needed)
    return {name for name in found - {PROJECT} if not ACCELERATOR.fullmatch(name)}


def licences() -> dict[str, str]:
    """Licence of every installed package, by its canonical name, as pip-licenses tells it."""
    command = [sys.executable, "-m", "piplicenses", "--format=json", "--from=all", "--with-system"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    found = {}
    for one in json.loads(run.stdout):
        name = canonicalize_name(one["Name"])
        expression = one.get("License-Expression", UNKNOWN)
        # Some put the whole text into the field that is for a name.
        field = one["License-Metadata"].strip().partition("\n")[0]
        told = [expression, one["License-Classifier"], field if len(field) < 80 else UNKNOWN]
        named = [text for text in told if text != UNKNOWN]
        suspects = [text for text in named if COPYLEFT.search(text)]
        found[name] = KNOWN.get(name) or next(iter([*suspects, *named]), UNKNOWN)
    return found


def faults(names: Iterable[str], licence: Mapping[str, str]) -> list[str]:
    """A sentence for every package of the default extras that may not be there."""
    found = []
    for name in sorted(set(names) - ACCEPTED.keys()):
        told = licence.get(name)
        if told is None:
            continue
        if told == UNKNOWN:
            found.append(f"{name} names no licence; look into it, and tell tools/licences.py")
        elif COPYLEFT.search(told):
            found.append(f"{name} is under {told}; use another library, or run it as a program")
    return found


def page(licence: Mapping[str, str]) -> str:
    """The text of docs/licences.md."""
    default = brought_by(DEFAULT)
    parts = {
        "Packages that the extras bring": default,
        DEVELOPMENT: brought_by(TOOLS) - default,
    }
    text = HEAD
    for title, names in parts.items():
        text += f"\n## {title}\n\n| package | licence |\n|---|---|\n"
        for name in sorted(names & licence.keys()):
            remark = f" ({ACCEPTED[name]})" if name in ACCEPTED else ""
            text += f"| {name} | {licence[name].replace('|', '/')}{remark} |\n"
    return text


def _checked(text: str) -> str:
    """The part that users get; tools for development differ by machine."""
    return text.partition(f"## {DEVELOPMENT}")[0]


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; 1 if something is amiss"
    )
    check = parser.parse_args().check
    licence = licences()
    found = faults(brought_by(DEFAULT), licence)
    text = page(licence)
    if not check:
        PAGE.write_text(text, encoding="utf-8")
    elif not PAGE.exists() or _checked(PAGE.read_text("utf-8")) != _checked(text):
        found.append("docs/licences.md is not what the installed packages say; call make licences")
    for sentence in found:
        print(f"licences: {sentence}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
