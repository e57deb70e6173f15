# SPDX-License-Identifier: Apache-2.0
"""The registers as a page for browsers, made by peakrdl-html."""

import re
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from peakrdl_html import HTMLExporter
from systemrdl.node import AddrmapNode

from pulsewright.hls_model.escape.terminal import visible

# Every browser of the last ten years reads woff2; the page names the old formats as alternatives.
_OLD_FONTS = {".eot", ".ttf", ".woff", ".svg"}


def html_page(node: AddrmapNode, title: str) -> dict[str, bytes]:
    """The files of the page by their paths, `index.html` the first to open."""
    with tempfile.TemporaryDirectory() as folder:
        # Links to sources would name paths of this machine.
        HTMLExporter(generate_source_links=False).export(node, folder, title=visible(title))
        pages = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(Path(folder).rglob("*"))
            if path.is_file() and path.suffix not in _OLD_FONTS
        }
    pages["index.html"] = _without_time(pages)
    return pages


def _without_time(pages: Mapping[str, bytes]) -> bytes:
    """The index with a digest of what it points to instead of the time, for the same purpose.

    Browsers are to load the page's data anew when they changed.
    """
    index = pages["index.html"]
    time = re.search(rb"BUILD_TS = (\d+)", index)
    if time is None:
        return index
    data = b"".join(page for path, page in pages.items() if path != "index.html")
    return index.replace(time[1], str(zlib.crc32(data)).encode())
