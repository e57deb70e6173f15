# SPDX-License-Identifier: Apache-2.0
"""The build folder: one artefact per step, and what each was made from."""

import hashlib
import json
import stat
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from pulsewright.flow.build_links import refuse_outward_links
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.files.plain_file import read_plain_text

HOUSE = Path(__file__).resolve().parent.parent
MOST_ARTEFACT_BYTES = 1 << 30
MOST_STAMP_BYTES = 1 << 20
SOURCES = {".py", ".rdl", ".toml", ".j2", ".c", ".h"}


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, or "absent"; what is no file, or larger than any of ours, too."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_ARTEFACT_BYTES:
            return "absent"
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "absent"


def source_digest(rooms: Iterable[str]) -> str:
    """SHA-256 of all source files of these rooms: other code makes another artefact."""
    digest = hashlib.sha256()
    for room in rooms:
        for path in sorted((HOUSE / room).rglob("*")):
            if path.suffix in SOURCES:
                digest.update(path.read_bytes())
    return digest.hexdigest()


class BuildFolder:
    """`<root>/<recipe name>/` and the stamps of its steps.

    A step's stamp holds a digest of all its inputs and of each of its outputs. The step is done
    if the inputs are the same and the outputs are as it left them.

    Raises:
        PulsewrightError: the folder cannot be made, or a link in it leads out of it.
    """

    def __init__(self, root: Path, name: str) -> None:
        self.path = root / name
        refuse_outward_links(self.path)
        try:
            (self.path / ".stamps").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PulsewrightError(
                f"cannot make the build folder {self.path}: {error.strerror}; "
                "choose another with --build"
            ) from error

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    def run_step(
        self,
        step: str,
        inputs: Mapping[str, object],
        outputs: Iterable[Path],
        work: Callable[[], None],
    ) -> bool:
        """Do `work` unless the step is done already; True if it was done now.

        inputs: anything with a stable JSON text. The stamp is removed first and written last, so
        that an interrupted step is repeated.
        """
        key = hashlib.sha256(json.dumps(inputs, sort_keys=True, default=str).encode()).hexdigest()
        stamp = self.path / ".stamps" / f"{step}.json"
        outputs = list(outputs)
        if self._is_done(stamp, key, outputs):
            return False
        stamp.unlink(missing_ok=True)
        work()
        content = {
            "made_from": key,
            "outputs": {str(path.relative_to(self.path)): file_digest(path) for path in outputs},
        }
        write_text(stamp, json.dumps(content, indent=1))
        return True

    def _is_done(self, stamp: Path, key: str, outputs: list[Path]) -> bool:
        try:
            content = json.loads(read_plain_text(stamp, MOST_STAMP_BYTES))
        except (OSError, ValueError, RecursionError):
            return False
        expected = {str(path.relative_to(self.path)): file_digest(path) for path in outputs}
        return content == {"made_from": key, "outputs": expected} and (
            "absent" not in expected.values()
        )
