# SPDX-License-Identifier: Apache-2.0
"""Whether a program failed for want of room, which its own messages often hide."""

import shutil
import tempfile
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError

# Tools give up long before the last byte is taken.
LEAST_FREE_BYTES = 1 << 20


def check_room(*folders: Path) -> None:
    """Look at the disks of `folders` and of temporary files, after something failed there.

    Raises:
        PulsewrightError: one of them is full; it is named.
    """
    for folder in (*folders, Path(tempfile.gettempdir())):
        try:
            free = shutil.disk_usage(folder).free
        except OSError:
            continue
        if free < LEAST_FREE_BYTES:
            raise PulsewrightError(
                f"the disk of {folder} is full ({free} bytes are free); make room there, or choose "
                "another place with --build, or with TMPDIR for temporary files"
            )
