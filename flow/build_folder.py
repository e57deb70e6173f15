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
from pulsewright.hls_model.files.checksums import CHECKSUMS, is_intact
from pulsewright.hls_model.files.plain_file import read_plain_text

ABSENT = "absent"
MOST_ARTEFACT_BYTES = 1 << 30
MOST_STAMP_BYTES = 1 << 20
STAMPS = ".stamps"


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, or of a folder's checksums if they agree; else "absent".

    What is neither, or larger than any artefact of ours, is "absent" too.
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return file_digest(path / CHECKSUMS) if is_intact(path) else ABSENT
        if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_ARTEFACT_BYTES:
            return ABSENT
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ABSENT


class BuildFolder:
    """`<root>/<recipe name>/` and the stamps of its steps.

    A step's stamp holds a digest of all its inputs and of each of its outputs. The step is done
    if the inputs are the same and the outputs are as it left them. An output is a file, or a folder
    that holds its own checksums.

    Raises:
        PulsewrightError: the folder cannot be made, or a link in it leads out of it.
    """

    def __init__(self, root: Path, name: str) -> None:
        self.path = root / name
        refuse_outward_links(self.path)
        try:
            (self.path / STAMPS).mkdir(parents=True, exist_ok=True)
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
        that an interrupted step is repeated. What the step made before and makes no longer, such as
        the Verilog of another bus, is removed after the work.
        """
        outputs = list(outputs)
        if self.is_done(step, inputs, outputs):
            return False
        before = self._made_before(step)
        self.forget(step)
        work()
        for path in before - {path.resolve() for path in outputs}:
            path.unlink(missing_ok=True)
        content = {"made_from": _key(inputs), "outputs": self._digests(outputs)}
        write_text(self._stamp(step), json.dumps(content, indent=1))
        return True

    def is_done(self, step: str, inputs: Mapping[str, object], outputs: Iterable[Path]) -> bool:
        """True if the step was done from these inputs, and its outputs are as it left them."""
        stamped = self._stamped(step)
        # Before the outputs, which may be large.
        if stamped.get("made_from") != _key(inputs):
            return False
        expected = self._digests(outputs)
        return stamped.get("outputs") == expected and ABSENT not in expected.values()

    def forget(self, step: str) -> None:
        """Let the step be done again, whatever its outputs are."""
        self._stamp(step).unlink(missing_ok=True)

    def _stamp(self, step: str) -> Path:
        return self.path / STAMPS / f"{step}.json"

    def _stamped(self, step: str) -> dict[str, object]:
        try:
            content = json.loads(read_plain_text(self._stamp(step), MOST_STAMP_BYTES))
        except (OSError, ValueError, RecursionError):
            return {}
        return content if isinstance(content, dict) else {}

    def _made_before(self, step: str) -> set[Path]:
        """Files of this folder that the stamp names; it may be another's, and name any path."""
        names = self._stamped(step).get("outputs")
        root = self.path.resolve()
        found = {_file_in(root, name) for name in names} if isinstance(names, dict) else set()
        return {path for path in found if path is not None}

    def _digests(self, outputs: Iterable[Path]) -> dict[str, str]:
        return {str(path.relative_to(self.path)): file_digest(path) for path in outputs}


def _file_in(folder: Path, name: str) -> Path | None:
    """The file of that name, if it is in the folder; whatever the name is."""
    try:
        path = (folder / name).resolve()
        return path if path.is_relative_to(folder) and path.is_file() else None
    except (OSError, ValueError, RuntimeError):
        # No system has such a name, it is too long, or links lead round.
        return None


def _key(inputs: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(inputs, sort_keys=True, default=str).encode()).hexdigest()
