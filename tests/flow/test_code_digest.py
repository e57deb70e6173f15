# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pulsewright.flow import code_digest as code_digest_module
from pulsewright.flow.code_digest import HOUSE, code_digest, import_closure

ROOM = {
    "__init__.py": "",
    "work.py": '"""Work."""\nfrom pulsewright.room.part import add\n\nTHREE = add(1, 2)\n',
    "part.py": 'def add(a, b):\n    """Add."""\n    return a + b  # at once\n',
    "lazy.py": "def later():\n    import pulsewright.room.part\n",
    "named.py": 'PLACES = {"part": "pulsewright.room.part:add"}\n',
    "begun.py": 'def module(name):\n    return __import__(f"pulsewright.room.{name}")\n',
    "data.py": 'from importlib.resources import files\n\nPLACE = files("pulsewright.room")\n',
    "other.py": "FOUR = 4\n",
    "tables/one.toml": "price = 1\n",
    "inner/__init__.py": "",
    "inner/two.toml": "price = 2\n",
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for name, text in ROOM.items():
        path = tmp_path / "room" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def changes(house: Path, module: str, file: str, edit: Callable[[str], str]) -> bool:
    """Whether an edit of a file of the room changes the digest of a module's code."""
    before = code_digest([f"pulsewright.room.{module}"], house=house)
    path = house / "room" / file
    text = edit(path.read_text(encoding="utf-8"))
    assert text != path.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    return code_digest([f"pulsewright.room.{module}"], house=house) != before


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace('"""Add."""', '"""Add two numbers, at length."""'),
        lambda text: text.replace('    """Add."""\n', ""),
        lambda text: text.replace("# at once", "# soon"),
        lambda text: f'"""A part."""\n\n\n{text}',
        lambda text: text.replace("return a + b", "return (a\n        + b)"),
    ],
)
@pytest.mark.parametrize("module", ["part", "work", "lazy", "named", "begun"])
def test_comments_docstrings_and_layout_do_not_count(
    house: Path, module: str, edit: Callable[[str], str]
) -> None:
    assert not changes(house, module, "part.py", edit)


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("a + b", "a - b"),
        lambda text: text.replace("return a + b", "return a + b + 0"),
        lambda text: text.replace("(a, b)", "(a, b=1)"),
        lambda text: text.replace("a + b", '"""Add."""'),
        lambda text: text + "\nassert add(1, 1) == 2\n",
    ],
)
@pytest.mark.parametrize("module", ["part", "work", "lazy", "named", "begun"])
def test_code_counts_wherever_it_is_imported_or_named(
    house: Path, module: str, edit: Callable[[str], str]
) -> None:
    assert changes(house, module, "part.py", edit)


def test_only_what_is_imported_counts(house: Path) -> None:
    assert not changes(house, "work", "other.py", lambda text: text.replace("4", "5"))
    assert not changes(house, "work", "tables/one.toml", lambda text: text.replace("1", "2"))


def test_data_count_where_their_package_is_named(house: Path) -> None:
    assert changes(house, "data", "tables/one.toml", lambda text: text.replace("1", "2"))
    assert not changes(house, "data", "inner/two.toml", lambda text: text.replace("2", "3"))
    digest = code_digest(["pulsewright.room.data"], house=house)
    (house / "room" / "tables" / "new.toml").write_text("price = 9\n")
    assert code_digest(["pulsewright.room.data"], house=house) != digest


def test_packages_around_a_module_count(house: Path) -> None:
    assert changes(house, "work", "__init__.py", lambda text: "import os\n")


def test_what_is_left_out_takes_its_imports_with_it(house: Path) -> None:
    modules = ["pulsewright.room.work"]
    assert import_closure(modules, ["pulsewright.room.part"], house) == {
        "pulsewright.room",
        "pulsewright.room.work",
    }


def test_a_module_that_is_not_there_is_an_error(house: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"pulsewright\.room\.none"):
        code_digest(["pulsewright.room.none"], house=house)


def test_a_circle_ends(house: Path) -> None:
    (house / "room" / "part.py").write_text("import pulsewright.room.work\n")
    assert len(import_closure(["pulsewright.room.work"], house=house)) == 3


@pytest.mark.quick_cases(2)
@pytest.mark.parametrize(
    "module",
    [
        # Torch takes seconds to import.
        pytest.param("pulsewright.quant.pipeline", marks=pytest.mark.regression),
        "pulsewright.rtl.tops",
        "pulsewright.rtl.package.assemble",
        "pulsewright.hls_model.hls_cpp.emulator",
        "pulsewright.hls_model.qonnx.importer",
    ],
)
def test_all_that_an_import_loads_is_in_the_closure(module: str) -> None:
    """Against Python's own record; the closure may know more, for what is imported later."""
    program = f"import sys, {module}\nprint(*(n for n in sys.modules if n[:12] == 'pulsewright.'))"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(run.stdout.split())
    assert module in loaded
    assert loaded <= import_closure([module])


def test_threads_get_the_digest_that_one_gets() -> None:
    modules = ["pulsewright.rtl.tops"]
    expected, interval = code_digest(modules), sys.getswitchinterval()
    try:
        # Threads that change often met in the parser of Python 3.11 nearly always.
        sys.setswitchinterval(1e-5)
        code_digest_module._parsed.cache_clear()
        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(lambda _: code_digest(modules), range(4))) == {expected}
    finally:
        sys.setswitchinterval(interval)


def test_no_module_of_the_house_is_imported_relatively() -> None:
    for room in ("hls_model", "quant", "rtl", "sim", "flow"):
        for path in (HOUSE / room).rglob("*.py"):
            lines = path.read_text(encoding="utf-8").splitlines()
            assert not [line for line in lines if line.strip().startswith("from .")], path
