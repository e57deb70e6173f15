# SPDX-License-Identifier: Apache-2.0
"""`tests/` mirrors the rooms: folder by folder, and module by module where it is tested alone."""

import ast
from pathlib import Path

from pulsewright.rtl.buses.registry import BUSES

REPOSITORY = Path(__file__).parents[1]
ROOMS = ("flow", "sim", "synth", "rtl", "quant", "hls_model")
MODULES = sorted(
    path.relative_to(REPOSITORY)
    for room in ROOMS
    for path in (REPOSITORY / room).rglob("*.py")
    if path.name != "__init__.py"
)


def imported_modules(path: Path) -> set[str]:
    """Dotted names that a file imports, with the names it takes from them."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            # Run as a program, or imported by a simulator's Python.
            names.add(node.value)
            names |= {f"pulsewright.sim.benches.{node.value}{end}" for end in ("", "_bench")}
    return names


def dotted(module: Path) -> str:
    return ".".join(("pulsewright", *module.with_suffix("").parts))


def test_file(module: Path) -> Path:
    return REPOSITORY / "tests" / module.parent / f"test_{module.name}"


test_file.__test__ = False  # type: ignore[attr-defined]


def test_every_folder_of_tests_is_a_folder_of_a_room() -> None:
    folders = {
        path.parent.relative_to(REPOSITORY / "tests")
        for room in ROOMS
        for path in (REPOSITORY / "tests" / room).rglob("test_*.py")
    }
    assert [str(one) for one in sorted(folders) if not (REPOSITORY / one).is_dir()] == []


def test_every_module_has_a_test_file_or_is_used_by_what_is_tested() -> None:
    """A file of its own; or a test imports it, or names it to a simulator; or a tested module."""
    tested = {module for module in MODULES if test_file(module).exists()}
    by_tests: set[str] = set()
    for path in (REPOSITORY / "tests").rglob("*.py"):
        by_tests |= imported_modules(path)
    # Every bus is driven by `tests/sim/benches/test_bus_bench.py`; drivers are found by its name.
    by_tests |= {f"pulsewright.sim.buses.drivers.{bus}" for bus in BUSES}
    tested |= {module for module in MODULES if dotted(module) in by_tests}
    uses = {module: imported_modules(REPOSITORY / module) for module in MODULES}
    while reached := {
        module
        for module in set(MODULES) - tested
        if any(dotted(module) in uses[user] for user in tested)
    }:
        tested |= reached
    assert [str(module) for module in MODULES if module not in tested] == []


def test_every_folder_says_what_lives_there_and_what_never_does() -> None:
    for room in ROOMS:
        for folder in {path.parent for path in (REPOSITORY / room).rglob("*.py")}:
            docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8")))
            paragraphs = (docstring or "").split("\n\n")
            assert len(paragraphs) >= 2, folder
            assert all(paragraph.endswith(".") for paragraph in paragraphs), folder
