# SPDX-License-Identifier: Apache-2.0
"""Links in a build folder, which may come from another person and point at anything of ours."""

import os
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError


def refuse_outward_links(folder: Path) -> None:
    """See that nothing which is written or removed in `folder` is elsewhere.

    Raises:
        PulsewrightError: `folder` is a link, or a link in it leads out of it.
    """
    if folder.is_symlink():
        raise PulsewrightError(
            f"the build folder {folder} is a link to {os.readlink(folder)}; "
            "remove it, or choose another folder with --build"
        )
    root = os.path.realpath(folder)
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = os.path.join(parent, name)
            # Strict resolution would refuse a link to nothing, which leads out all the same.
            if os.path.islink(path) and not _is_inside(os.path.realpath(path), root):
                raise PulsewrightError(
                    f"the build folder holds the link {path} to {os.readlink(path)}, where files "
                    "of yours may be; remove it, or choose another folder with --build"
                )


def _is_inside(path: str, root: str) -> bool:
    return Path(path).is_relative_to(root)
