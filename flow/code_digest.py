# SPDX-License-Identifier: Apache-2.0
"""What code an artefact was made with: a digest of the modules that compute it and of no others."""

import ast
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

HOUSE = Path(__file__).resolve().parent.parent
IMPORT_NAME = "pulsewright"
# Python 3.11 adds up the depths of trees that threads build at the same time, and refuses them.
_PARSER = Lock()


def code_digest(modules: Iterable[str], without: Iterable[str] = (), house: Path = HOUSE) -> str:
    """SHA-256 of modules, of all that they import from the house, and of the data they name.

    modules: dotted names, `pulsewright.room.module`. without: modules that do not count, nor what
    is imported by them alone. house: folder of the rooms. Imports count wherever they stand, inside
    functions as well; so does text that names a module, or begins the names of all modules of a
    package. Of code all counts but comments,
    docstrings and layout. The data of a package, its templates and tables, count where its name
    stands as text, as in `files("pulsewright.room")`.

    Raises:
        FileNotFoundError: a module of `modules` does not exist.
    """
    digest = hashlib.sha256()
    for name in sorted(import_closure(modules, without, house)):
        path = _file_of(name, house)
        assert path is not None
        module = _read(path, house)
        digest.update(f"{name}\0{module.code}\0".encode())
        for package in sorted(module.named_packages):
            digest.update(_data_digest(package, house))
    return digest.hexdigest()


def import_closure(
    modules: Iterable[str], without: Iterable[str] = (), house: Path = HOUSE
) -> set[str]:
    """Dotted names of modules, of what they import from the house, and so on.

    Raises:
        FileNotFoundError: a module of `modules` does not exist.
    """
    waiting, left_out, found = list(modules), set(without), set[str]()
    for name in waiting:
        if _file_of(name, house) is None:
            raise FileNotFoundError(f"no module {name} in {house}")
    while waiting:
        name = waiting.pop()
        path = _file_of(name, house)
        # A name that is imported from a module is no module itself.
        if name in found or name in left_out or path is None:
            continue
        found.add(name)
        waiting += _read(path, house).imports
        # Python runs the packages that a module stands in before the module.
        waiting.append(name.rpartition(".")[0])
    return found


class _Module(NamedTuple):
    """code: its digest. imports: names that may be modules. named_packages: in text."""

    code: str
    imports: tuple[str, ...]
    named_packages: tuple[str, ...]


def _read(path: Path, house: Path) -> _Module:
    with _PARSER:
        return _parsed(path.read_text(encoding="utf-8"), house)


@cache
def _parsed(text: str, house: Path) -> _Module:
    code, imports, texts = _walked(ast.parse(text))
    named = {one.partition(":")[0] for one in texts if one.startswith(f"{IMPORT_NAME}.")}
    # The beginning of a name that is completed later, f"pulsewright.room.{name}", names them all.
    for beginning in [one for one in named if one.endswith(".")]:
        named |= _modules_in(beginning.removesuffix("."), house)
    ours = {one for one in imports if one.startswith(f"{IMPORT_NAME}.")} | named
    packages = {one for one in named if (_folder_of(one, house) / "__init__.py").is_file()}
    digest = hashlib.sha256(code.encode()).hexdigest()
    return _Module(digest, tuple(sorted(ours)), tuple(sorted(packages)))


def _walked(tree: ast.Module) -> tuple[str, set[str], set[str]]:
    """The code as one text, names that it imports, and its texts.

    One walk for all three: `ast.walk` and `ast.dump` take five times as long, and every command
    waits for this.
    """
    parts, imports, texts = list[str](), set[str](), set[str]()
    waiting: list[object] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.AST):
            parts.append(type(node).__name__)
            waiting.extend([getattr(node, field, None) for field in node._fields])
            if isinstance(node, ast.Import):
                imports.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                imports.add(node.module)
                imports.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, list):
            # Text that stands for itself is a docstring, of a module, a class or a value.
            kept = [one for one in node if not _is_text(one)]
            parts.append(f"[{len(kept)}")
            waiting.extend(kept)
        else:
            parts.append(repr(node))
            if isinstance(node, str):
                texts.add(node)
    return "\0".join(parts), imports, texts


def _is_text(statement: object) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _folder_of(module: str, house: Path) -> Path:
    return house.joinpath(*module.split(".")[1:])


def _modules_in(package: str, house: Path) -> set[str]:
    files = _folder_of(package, house).glob("*.py")
    return {f"{package}.{path.stem}" for path in files if path.name != "__init__.py"}


def _file_of(module: str, house: Path) -> Path | None:
    """The file of a module or package of a room; None of any other name, the house's included."""
    house_name, *parts = module.split(".")
    if house_name != IMPORT_NAME or not parts or not all(map(str.isidentifier, parts)):
        return None
    folder = _folder_of(module, house)
    for path in (folder.with_name(f"{folder.name}.py"), folder / "__init__.py"):
        if path.is_file():
            return path
    return None


def _data_digest(package: str, house: Path) -> bytes:
    """SHA-256 of the files of a package that are no Python; subpackages have their own."""
    digest = hashlib.sha256()
    folder = _folder_of(package, house)
    for path in sorted(_data_files(folder)):
        digest.update(f"{path.relative_to(folder)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.digest()


def _data_files(folder: Path) -> Iterable[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            if path.name != "__pycache__" and not (path / "__init__.py").is_file():
                yield from _data_files(path)
        elif path.suffix not in {".py", ".pyc"}:
            yield path
