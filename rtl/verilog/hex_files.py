# SPDX-License-Identifier: Apache-2.0
"""The files that tables of constants are read from, beside the Verilog that reads them."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from pulsewright.hls_model.files.atomic_write import write_folder
from pulsewright.hls_model.files.checksums import with_checksums
from pulsewright.rtl.table_text import DEFAULT_HEX_FOLDER


def write_hex_folder(folder: Path, hex_files: Mapping[str, str]) -> None:
    """Make `folder` hold these files and their checksums; without files there is none.

    Raises:
        PulsewrightError: the folder cannot be written.
    """
    if hex_files:
        contents = {name: text.encode() for name, text in hex_files.items()}
        write_folder(folder, with_checksums(contents))
    elif folder.is_dir():
        shutil.rmtree(folder)


def hex_texts(verilog: Path) -> dict[str, str]:
    """The files, by name, that were written beside the file `verilog`."""
    found = sorted((verilog.parent / DEFAULT_HEX_FOLDER).glob("*.hex"))
    return {path.name: path.read_text(encoding="utf-8") for path in found}


def copy_hex_files(verilog: Path, folder: Path) -> None:
    """Put the files beside `verilog` where a program finds them that runs in `folder`."""
    texts = hex_texts(verilog)
    if texts:
        write_hex_folder(folder / DEFAULT_HEX_FOLDER, texts)
