# SPDX-License-Identifier: Apache-2.0
"""A folder that says itself whether it is as it was made, in the format of `sha256sum -c`."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

CHECKSUMS = "SHA256SUMS"


def with_checksums(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Files by their paths in order, and `SHA256SUMS` with the digests of all of them."""
    ordered = dict(sorted(contents.items()))
    lines = [f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in ordered.items()]
    return ordered | {CHECKSUMS: "".join(lines).encode()}


def is_intact(folder: Path) -> bool:
    """True if there are checksums and every file is there as they say."""
    try:
        lines = (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines()
        return bool(lines) and all(
            hashlib.sha256((folder / path).read_bytes()).hexdigest() == digest
            for digest, _, path in (line.partition("  ") for line in lines)
        )
    except (OSError, ValueError):
        return False
